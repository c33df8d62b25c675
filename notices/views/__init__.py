"""Pages of telling people, one aggregate a file."""

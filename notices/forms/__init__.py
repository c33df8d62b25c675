"""Forms of telling people, one aggregate a file."""

"""Pages of the workrooms, one aggregate a file."""

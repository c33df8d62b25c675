"""Forms of the workrooms, one aggregate a file."""

"""Forms of the activities, one aggregate a file."""

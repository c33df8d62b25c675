"""Forms around activities, one aggregate a file."""

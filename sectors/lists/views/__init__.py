"""Pages of the lists and of the statistics."""

"""Reading pages of the roster."""

"""Reading pages of the activities."""

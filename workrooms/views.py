"""Reading pages of the workrooms."""

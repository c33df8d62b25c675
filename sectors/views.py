"""Reading pages of the sectors."""

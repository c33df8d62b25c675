"""The demo committee: invented people and twelve months of their work."""

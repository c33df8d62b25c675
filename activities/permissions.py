"""Who may plan activities."""

"""Pages of visits and of contacts."""

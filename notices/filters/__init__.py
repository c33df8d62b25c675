"""What lists of telling people are narrowed by."""

"""Verbs on workrooms and the people in them."""

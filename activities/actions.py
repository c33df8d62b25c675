"""Verbs on activities."""

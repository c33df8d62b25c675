"""Whom the workrooms tell, one aggregate a file."""

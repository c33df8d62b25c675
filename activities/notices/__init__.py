"""Whom the deeds around activities are told to, one aggregate a file."""

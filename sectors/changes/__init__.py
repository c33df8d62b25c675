"""The daily changes of members and sectors by hand: each by date and meeting, with undo."""

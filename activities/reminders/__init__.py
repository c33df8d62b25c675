"""The reminders about activities: what is to come, and what they left to be done."""

from activities.reminders import afterwards, coming

__all__ = ["afterwards", "coming"]

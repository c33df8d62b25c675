"""What people are told, how it reaches them, and what they say back."""

from notices.models.delivery import Channel, Delivery, Preference, Topic, Way, WhenTold
from notices.models.notices import CLAIM_HOLDS, MAX_ATTEMPTS, Feedback, Notice

__all__ = [
    "CLAIM_HOLDS",
    "MAX_ATTEMPTS",
    "Channel",
    "Delivery",
    "Feedback",
    "Notice",
    "Preference",
    "Topic",
    "Way",
    "WhenTold",
]

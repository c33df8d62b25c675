"""What people are told, how it reaches them, and what they say back."""

from notices.models.announcements import (
    Acknowledgement,
    Announcement,
    AnnouncementFile,
    Answer,
    Answering,
    Correction,
)
from notices.models.delivery import (
    Channel,
    Delivery,
    Preference,
    Topic,
    Way,
    WhenTold,
)
from notices.models.documents import (
    PackItem,
    PolicyPack,
    Rule,
    RuleCategory,
    RuleVersion,
)
from notices.models.notices import (
    CLAIM_HOLDS,
    MAX_ATTEMPTS,
    Feedback,
    FeedbackQuerySet,
    Notice,
    NoticeQuerySet,
)
from notices.models.reminders import ReminderRun, ReminderSetting

__all__ = [
    "CLAIM_HOLDS",
    "MAX_ATTEMPTS",
    "Acknowledgement",
    "Announcement",
    "AnnouncementFile",
    "Answer",
    "Answering",
    "Channel",
    "Correction",
    "Delivery",
    "Feedback",
    "FeedbackQuerySet",
    "Notice",
    "NoticeQuerySet",
    "PackItem",
    "PolicyPack",
    "Preference",
    "ReminderRun",
    "ReminderSetting",
    "Rule",
    "RuleCategory",
    "RuleVersion",
    "Topic",
    "Way",
    "WhenTold",
]

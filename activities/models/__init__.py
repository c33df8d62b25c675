"""Activities: planned, enrolled for, attended, written up."""

from activities.models.activities import LONGEST, Activity, Enrolling
from activities.models.aftermath import ActivityFile, ActivityPhoto, ActivityText, FollowUp
from activities.models.consultations import AgendaItem, Participant, Resolution
from activities.models.enrolments import CAME, Attendance, Enrolment, HeadCount
from activities.models.hosts import CoHost
from activities.models.outcomes import Outcome, OutcomeAuthor, OutcomeFile
from activities.models.series import Series

__all__ = [
    "CAME",
    "LONGEST",
    "Activity",
    "ActivityFile",
    "ActivityPhoto",
    "ActivityText",
    "AgendaItem",
    "Attendance",
    "CoHost",
    "Enrolling",
    "Enrolment",
    "FollowUp",
    "HeadCount",
    "Outcome",
    "OutcomeAuthor",
    "OutcomeFile",
    "Participant",
    "Resolution",
    "Series",
]

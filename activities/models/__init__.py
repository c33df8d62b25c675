"""Activities: planned, enrolled for, attended, written up."""

from activities.models.activities import LONGEST, OF_STATE, Activity, Enrolling
from activities.models.aftermath import ActivityFile, ActivityPhoto, ActivityText, FollowUp
from activities.models.consultations import AgendaItem, Participant, Resolution
from activities.models.enrolments import (
    CAME,
    Attendance,
    Enrolment,
    HeadCount,
    State,
    state_of,
)
from activities.models.hosts import CoHost
from activities.models.outcomes import Outcome, OutcomeAuthor, OutcomeFile
from activities.models.series import Series
from activities.models.yearly import Hearing, YearPaper

__all__ = [
    "CAME",
    "LONGEST",
    "OF_STATE",
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
    "Hearing",
    "Outcome",
    "OutcomeAuthor",
    "OutcomeFile",
    "Participant",
    "Resolution",
    "Series",
    "State",
    "YearPaper",
    "state_of",
]

"""Activities: planned, enrolled for, attended, written up."""

from activities.models.activities import LONGEST, OF_STATE, Activity, Enrolling
from activities.models.enrolments import (
    CAME,
    Attendance,
    Enrolment,
    HeadCount,
    State,
    state_of,
)
from activities.models.hosts import CoHost
from activities.models.series import Series
from activities.models.yearly import Hearing, YearPaper

__all__ = [
    "CAME",
    "LONGEST",
    "OF_STATE",
    "Activity",
    "Attendance",
    "CoHost",
    "Enrolling",
    "Enrolment",
    "HeadCount",
    "Hearing",
    "Series",
    "State",
    "YearPaper",
    "state_of",
]

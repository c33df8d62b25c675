"""Activities: planned, enrolled for, attended, written up."""

from activities.models.activities import LONGEST, Activity, Enrolling
from activities.models.enrolments import CAME, Attendance, Enrolment, HeadCount
from activities.models.hosts import CoHost
from activities.models.series import Series
from activities.models.yearly import Hearing, YearPaper

__all__ = [
    "CAME",
    "LONGEST",
    "Activity",
    "Attendance",
    "CoHost",
    "Enrolling",
    "Enrolment",
    "HeadCount",
    "Hearing",
    "Series",
    "YearPaper",
]

"""Who exists and may act; what all other apps stand on."""

from committees.models.accounts import Appointment, Role, SignInSlip, User
from committees.models.audit import AuditEntry
from committees.models.calendar import Workday
from committees.models.codes import SignInCode
from committees.models.organisation import Committee, Level, Session, Term
from committees.models.papers import Attachment, Category, Counter, Draft, Theme, Unit

__all__ = [
    "Appointment",
    "Attachment",
    "AuditEntry",
    "Category",
    "Committee",
    "Counter",
    "Draft",
    "Level",
    "Role",
    "Session",
    "SignInCode",
    "SignInSlip",
    "Term",
    "Theme",
    "Unit",
    "User",
    "Workday",
]

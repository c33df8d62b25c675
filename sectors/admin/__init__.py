"""Admin for sectors, commissions, groups and the people who sit in them."""

from sectors.admin.groups import GroupAdmin, SectorAdmin
from sectors.admin.members import MemberAdmin
from sectors.admin.offices import AppointmentAdmin

__all__ = ["AppointmentAdmin", "GroupAdmin", "MemberAdmin", "SectorAdmin"]

"""Admin for sectors, commissions, groups and the people who sit in them."""

from sectors.admin.groups import GroupAdmin, SectorAdmin
from sectors.admin.members import MemberAdmin

__all__ = ["GroupAdmin", "MemberAdmin", "SectorAdmin"]

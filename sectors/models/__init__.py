"""The sectors, commissions and groups; who sits in them, convenes them, keeps in touch."""

from sectors.models.absences import ConvenorLeave
from sectors.models.groups import Commission, LiaisonGroup, Sector, SectorAlias, StreetGroup
from sectors.models.imports import RosterImport, RosterTrace, RosterUpload
from sectors.models.postings import Posting, Supervision, SupervisionGroup
from sectors.models.seats import CommissionSeat, Convenorship, Seat, StreetSeat
from sectors.models.ties import LeaderContact, Measure, Responsibility, Talk

__all__ = [
    "Commission",
    "CommissionSeat",
    "ConvenorLeave",
    "Convenorship",
    "LeaderContact",
    "LiaisonGroup",
    "Measure",
    "Posting",
    "Responsibility",
    "RosterImport",
    "RosterTrace",
    "RosterUpload",
    "Seat",
    "Sector",
    "SectorAlias",
    "StreetGroup",
    "StreetSeat",
    "Supervision",
    "SupervisionGroup",
    "Talk",
]

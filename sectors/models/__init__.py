"""The sectors, commissions and groups; who sits in them, convenes them, keeps in touch."""

from sectors.models.absences import ConvenorLeave
from sectors.models.groups import Commission, LiaisonGroup, Sector, SectorAlias, StreetGroup
from sectors.models.handover import Handover, Transfer
from sectors.models.imports import PreviewedFile, RosterImport, RosterTrace, RosterUpload
from sectors.models.lists import ListColumns
from sectors.models.postings import Posting, Supervision, SupervisionGroup
from sectors.models.seats import CommissionSeat, Convenorship, Seat, StreetSeat
from sectors.models.ties import LeaderContact, Measure, Responsibility, Talk

__all__ = [
    "Commission",
    "CommissionSeat",
    "ConvenorLeave",
    "Convenorship",
    "Handover",
    "LeaderContact",
    "LiaisonGroup",
    "ListColumns",
    "Measure",
    "Posting",
    "PreviewedFile",
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
    "Transfer",
]

"""Pages of the sectors: rosters, democratic supervision, leaders' contacts, liaison groups."""

from sectors.views.leaders import leader_contacts, talk_record, talk_withdraw
from sectors.views.leaves import leave_end, leaves
from sectors.views.liaison import liaison_groups
from sectors.views.postings import (
    letters,
    number_letters,
    posting,
    postings,
    public_list,
    supervision,
    supervision_move,
    supervisions,
)
from sectors.views.sectors import sector, sectors

__all__ = [
    "leader_contacts",
    "leave_end",
    "leaves",
    "letters",
    "liaison_groups",
    "number_letters",
    "posting",
    "postings",
    "public_list",
    "sector",
    "sectors",
    "supervision",
    "supervision_move",
    "supervisions",
    "talk_record",
    "talk_withdraw",
]

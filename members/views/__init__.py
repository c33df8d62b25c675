"""Pages of the roster, and of the corrections that members propose."""

from members.views.proposals import (
    proposal,
    proposal_confirm,
    proposal_reveal,
    proposal_send_back,
    proposal_withdraw,
    proposals,
    propose,
    tell,
)
from members.views.roster import member, members, sector_titles

__all__ = [
    "member",
    "members",
    "proposal",
    "proposal_confirm",
    "proposal_reveal",
    "proposal_send_back",
    "proposal_withdraw",
    "proposals",
    "propose",
    "sector_titles",
    "tell",
]

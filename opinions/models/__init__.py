"""Opinion reports (社情民意信息): internal paper, from draft to what was promised being done."""

from opinions.models.manuscripts import Manuscript
from opinions.models.opinion import Authorship, Opinion, Status, Step
from opinions.models.outcome import Adoption, Issue
from opinions.models.proposals import Proposal, ProposalStatus
from opinions.models.referral_steps import ReferralExtension, ReferralStep, Urging
from opinions.models.referrals import Matter, Referral, ReferralRule, State
from opinions.models.replies import (
    Evaluation,
    Precision,
    Promise,
    PromiseReport,
    Reply,
    ReplyClass,
    ReplyFile,
)
from opinions.models.saved_filters import SavedFilter
from opinions.models.unit_links import UnitLink

__all__ = [
    "Adoption",
    "Authorship",
    "Evaluation",
    "Issue",
    "Manuscript",
    "Matter",
    "Opinion",
    "Precision",
    "Promise",
    "PromiseReport",
    "Proposal",
    "ProposalStatus",
    "Referral",
    "ReferralExtension",
    "ReferralRule",
    "ReferralStep",
    "Reply",
    "ReplyClass",
    "ReplyFile",
    "SavedFilter",
    "State",
    "Status",
    "Step",
    "UnitLink",
    "Urging",
]

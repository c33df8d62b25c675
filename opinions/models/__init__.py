"""Opinion reports (社情民意信息): internal paper, from draft to what was promised being done."""

from opinions.models.evaluations import Evaluation
from opinions.models.manuscripts import Manuscript
from opinions.models.opinion import Authorship, Opinion, Status, Step
from opinions.models.outcome import Adoption, Issue
from opinions.models.promises import Promise, PromiseAsking, PromiseReport
from opinions.models.proposals import Proposal, ProposalStatus
from opinions.models.referral_steps import ReferralExtension, ReferralStep, Urging
from opinions.models.referrals import Matter, Referral, ReferralRule, State
from opinions.models.replies import Precision, Reply, ReplyClass, ReplyFile
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
    "PromiseAsking",
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
    "State",
    "Status",
    "Step",
    "UnitLink",
    "Urging",
]

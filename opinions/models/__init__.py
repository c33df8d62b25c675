"""Opinion reports (社情民意信息): internal paper, from draft to what was promised being done."""

from opinions.models.manuscripts import Manuscript
from opinions.models.opinion import Authorship, Opinion, Status, Step
from opinions.models.outcome import Adoption, Issue
from opinions.models.proposal_handling import (
    ProposalMeeting,
    ProposalSetting,
    ProposalSupervision,
    ReplyDisclosure,
)
from opinions.models.proposal_parts import (
    ProposalFile,
    ProposalSigner,
    ProposalStep,
    ProposalText,
)
from opinions.models.proposal_words import SHOWN, Disclosure, ProposalKind, ProposalStatus
from opinions.models.proposals import Proposal
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
from opinions.models.unit_links import UnitLink

__all__ = [
    "SHOWN",
    "Adoption",
    "Authorship",
    "Disclosure",
    "Evaluation",
    "Issue",
    "Manuscript",
    "Matter",
    "Opinion",
    "Precision",
    "Promise",
    "PromiseReport",
    "Proposal",
    "ProposalFile",
    "ProposalKind",
    "ProposalMeeting",
    "ProposalSetting",
    "ProposalSigner",
    "ProposalStatus",
    "ProposalStep",
    "ProposalSupervision",
    "ProposalText",
    "Referral",
    "ReferralExtension",
    "ReferralRule",
    "ReferralStep",
    "Reply",
    "ReplyClass",
    "ReplyDisclosure",
    "ReplyFile",
    "State",
    "Status",
    "Step",
    "UnitLink",
    "Urging",
]

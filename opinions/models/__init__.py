"""Opinion reports (社情民意信息): internal paper, from draft to what was promised being done."""

from opinions.models.authorships import Authorship, BodyKind
from opinions.models.briefing_settings import BriefingSetting
from opinions.models.duties import DeskDuty
from opinions.models.evaluations import Evaluation
from opinions.models.files import OpinionFile, file_rows_of, with_files
from opinions.models.instructions import Instruction
from opinions.models.manuscripts import Manuscript
from opinions.models.opinion import Opinion
from opinions.models.outcome import Adoption, Issue
from opinions.models.promises import Promise, PromiseAsking, PromiseReport
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
from opinions.models.replies import Precision, Reply, ReplyClass, ReplyFile
from opinions.models.saved_filters import SavedFilter
from opinions.models.similar import CategoryModel, Fingerprint, ReadRequest, Seconding
from opinions.models.statuses import OUT, Status
from opinions.models.steps import Step
from opinions.models.unit_links import UnitLink

__all__ = [
    "OUT",
    "SHOWN",
    "Adoption",
    "Authorship",
    "BodyKind",
    "BriefingSetting",
    "CategoryModel",
    "DeskDuty",
    "Disclosure",
    "Evaluation",
    "Fingerprint",
    "Instruction",
    "Issue",
    "Manuscript",
    "Matter",
    "Opinion",
    "OpinionFile",
    "Precision",
    "Promise",
    "PromiseAsking",
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
    "ReadRequest",
    "Referral",
    "ReferralExtension",
    "ReferralRule",
    "ReferralStep",
    "Reply",
    "ReplyClass",
    "ReplyDisclosure",
    "ReplyFile",
    "SavedFilter",
    "Seconding",
    "State",
    "Status",
    "Step",
    "UnitLink",
    "Urging",
    "file_rows_of",
    "with_files",
]

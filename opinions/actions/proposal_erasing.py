"""Of a report taken offline: what proposals keep of its words and never was filed goes as well."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from committees.actors import Actor
from committees.files import discard
from committees.models import Attachment, Draft
from opinions.actions.proposals import PROPOSAL_DRAFT
from opinions.models import (
    Opinion,
    Proposal,
    ProposalFile,
    ProposalStatus,
    ProposalStep,
    ProposalText,
)

ERASED = (ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN, ProposalStatus.NOT_FILED)


def erase_proposals(opinion: Opinion, *, by: Actor) -> dict[str, Any]:
    """Texts, files, notes and drafts of a proposal made of the report, and of one not filed that
    became it (转意见建议).

    What was submitted or filed is a proposal of its own and stays; the receipt counts it.
    """
    forms = [PROPOSAL_DRAFT.format(pk=f"opinion-{opinion.pk}")]
    own = list(Proposal.objects.filter(Q(opinion=opinion) | Q(became=opinion)))
    gone = [row for row in own if row.status in ERASED]
    forms += [PROPOSAL_DRAFT.format(pk=row.pk) for row in gone]
    Draft.objects.filter(committee=opinion.committee, form__in=forms).delete()
    if not own:
        return {}
    ProposalText.objects.filter(proposal__in=gone).delete()
    files = ProposalFile.objects.filter(proposal__in=gone)
    stored = list(Attachment.objects.filter(pk__in=files.values("attachment")))
    files.delete()
    discard(opinion.committee, stored)
    ProposalStep.objects.filter(proposal__in=gone).exclude(note="").update(note="")
    Proposal.objects.filter(pk__in=[row.pk for row in gone]).update(title="")
    counts = {"proposals_erased": len(gone), "proposals_kept": len(own) - len(gone)}
    return counts | ({"proposal_files": len(stored)} if stored else {})

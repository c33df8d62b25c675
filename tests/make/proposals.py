"""Proposals for tests, as `tests.make` makes the rest: `from tests.make import proposals`."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from committees.actions import take_number
from committees.models import Session
from opinions.models import (
    Proposal,
    ProposalFile,
    ProposalKind,
    ProposalSigner,
    ProposalStatus,
    ProposalStep,
    ProposalText,
)
from sectors.models import Seat
from tests import make

S = ProposalStatus
NUMBERED = (S.FILED, S.JOINED, S.CONCLUDED)


def session(committee: Any) -> Session:
    """The committee's plenary of today, made once."""
    found = Session.objects.filter(term__committee=committee, kind=Session.Kind.PLENARY).first()
    return found or make.session(term=committee.terms.get())


def proposal(**over: Any) -> Proposal:
    """A draft of `author=` (a Member) or `authors=[…]`; in another status with what it implies.

    Those on record have a number. `authors=[]` is a body's; `situation=` and `suggestion=` texts.
    """
    texts = {k: over.pop(k) for k in ("situation", "suggestion") if k in over}
    authors = over.pop("authors", None)
    if authors is None:
        authors = [over.pop("author", None) or make.member(sector=make.sector())]
    belongs = over.pop("committee", None) or authors[0].committee
    status = over.setdefault("status", S.DRAFT)
    now, today = timezone.now(), timezone.localdate()
    values: dict[str, Any] = {
        "committee": belongs,
        "session": over.pop("session", None) or session(belongs),
        "title": "关于优化学校周边交通的提案",
        "waiting_since": now,
        "created_by": authors[0].user if authors else over.pop("created_by"),
    }
    if authors and "sector" not in over:
        seat = Seat.objects.today().filter(membership__member=authors[0]).first()
        values["sector"] = seat.sector if seat else None
    if over.get("kind") in (ProposalKind.SECTOR, ProposalKind.GROUP):
        values |= {"discussed_on": today, "asked_at": now}
    if status != S.DRAFT:
        values["submitted_on"] = today
    if status in NUMBERED and not {"number", "is_elsewhere"} & set(over):
        values["filed_on"] = today
        with transaction.atomic():
            values["number"] = take_number(belongs, f"proposal-{values['session'].pk}", 0)
    row = Proposal.objects.create(**values | over)
    for place, person in enumerate(authors, start=1):
        ProposalSigner.objects.create(proposal=row, member=person, place=place, confirmed_at=now)
    text(proposal=row, written_by=row.created_by, **texts)
    return row


def text(**over: Any) -> ProposalText:
    row = over.pop("proposal")
    values = {
        "version": row.texts.count() + 1,
        "title": row.title,
        "situation": "学校门口早晚拥堵。",
        "suggestion": "错峰放学，增设接送区。",
        "written_at": timezone.now(),
    }
    return ProposalText.objects.create(proposal=row, **values | over)


def step(**over: Any) -> ProposalStep:
    values = {
        "move": "submit",
        "source": S.DRAFT,
        "target": S.SUBMITTED,
        "at": timezone.now(),
        "by_user": over.pop("by_user", None) or make.user(),
    }
    return ProposalStep.objects.create(**values | over)


def scan(row: Proposal) -> ProposalFile:
    kept = make.attachment(committee=row.committee)
    return ProposalFile.objects.create(proposal=row, attachment=kept)


def seen(row: Proposal) -> Proposal:
    """As the pages fetch it."""
    return Proposal.objects.for_moves().get(pk=row.pk)

"""A report goes offline: proposals that never were filed, and what was sent on, lose its words."""

import pytest

from committees.models import Attachment, AuditEntry
from notices.models import Notice
from opinions import actions
from opinions.actions import sending_on
from opinions.models import (
    Fingerprint,
    Manuscript,
    Opinion,
    ProposalFile,
    ProposalStatus,
    ProposalStep,
    ProposalText,
    Status,
)
from tests import make
from tests.make import proposals

S, P = Status, ProposalStatus


def view_of(row):
    return Opinion.objects.for_moves().get(pk=row.pk)


def receipt():
    entry = AuditEntry.objects.filter(action="opinion.go_offline").order_by("-sequence").first()
    return entry.detail


@pytest.mark.parametrize("status", list(P))
@pytest.mark.parametrize("way", ["opinion", "became"])
def test_a_proposal_that_was_never_filed(cast, client_of, way, status):
    author = cast.member_of("member")
    report = make.opinion(author=author, status=S.RECEIVED)
    row = proposals.proposal(author=author, status=status, **{way: report})
    proposals.scan(row)
    proposals.step(proposal=row, note="不外传")
    actions.move(view_of(report), "go_offline", by=cast.clerk)
    row.refresh_from_db()
    is_gone = status in (P.DRAFT, P.WITHDRAWN, P.NOT_FILED)
    assert (row.title == "") == is_gone
    left = [model.objects.filter(proposal=row).count() for model in (ProposalText, ProposalFile)]
    assert [*left, Attachment.objects.count()] == ([0] * 3 if is_gone else [1] * 3)
    assert ProposalStep.objects.exclude(note="").exists() != is_gone
    found = receipt()
    assert (found["proposals_erased"], found["proposals_kept"]) == (is_gone, not is_gone)
    assert found.get("proposal_files") == (1 if is_gone else None)
    assert client_of("member").get(f"/city/proposals/{row.pk}/").status_code == 200


@pytest.fixture
def issued(cast):
    row = make.opinion(author=cast.member_of("countymember"), status=S.ISSUED)
    return view_of(row)


@pytest.mark.parametrize("state", ["waiting", "recalled"])
def test_what_nobody_above_took_up_loses_its_words(cast, client_of, issued, state):
    sent = sending_on.send_on(issued, by=cast.countyclerk)
    if state == "recalled":
        sending_on.recall(view_of(issued), by=cast.countyclerk)
    actions.move(view_of(issued), "go_offline", by=cast.countyclerk)
    sent = view_of(sent)
    assert (sent.title, sent.number) == ("", 1)
    assert not Manuscript.objects.exists() and not Fingerprint.objects.exists()
    assert receipt()["sent_erased"] == 1 and "sent_kept" not in receipt()
    trail = AuditEntry.objects.get(action="opinion.source_offline")
    assert (trail.committee, trail.about) == (cast.city, f"opinions.opinion:{sent.pk}")
    told = Notice.objects.filter(kind="opinion_source_offline").count()
    assert told == (2 if state == "waiting" else 0)
    assert client_of("editor").get(f"/city/opinions/{sent.pk}/").status_code == 200


def test_what_is_in_hand_above_has_its_own_life(cast, issued):
    sent = sending_on.send_on(issued, by=cast.countyclerk)
    actions.move(view_of(sent), "take_up", by=cast.editor)
    actions.move(view_of(issued), "go_offline", by=cast.countyclerk)
    sent = view_of(sent)
    assert (sent.status, bool(sent.title)) == (S.EDITING, True)
    assert Manuscript.objects.filter(opinion=sent).exists()
    assert receipt()["sent_kept"] == 1
    assert "仍留在上级政协" in issued.steps.get(move="go_offline").note
    told = Notice.objects.filter(kind="opinion_source_offline")
    assert {notice.recipient for notice in told} == {cast.clerk, cast.editor}
    assert all(notice.path == f"/city/opinions/{sent.pk}/" for notice in told)

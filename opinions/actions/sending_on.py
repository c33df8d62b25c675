"""Sending an issued report on to the committee above (报送), and calling it back."""

from __future__ import annotations

import datetime
from dataclasses import asdict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.broken_rules import rules_told
from committees.models import Category, User
from opinions.actions.moving import move
from opinions.actions.writing import lock, record_deed
from opinions.milestones import mark
from opinions.models import Manuscript, Opinion, OpinionFile, Status
from opinions.permissions.outcomes import can_send_on
from opinions.permissions.reports import OUT
from opinions.texts import Texts

LONGEST_NAMES = 300


def send_on(opinion: Opinion, *, by: User) -> Opinion:
    """A new report of the parent committee, received there today, linked to its source.

    It takes the issued text as its original, the report's files, and the authors' names as words;
    later edits, steps and the row itself stay below. ValidationError `not_issued`, `no_parent`,
    `opinion_sent_once`.
    """
    with rules_told(), transaction.atomic():
        lock(opinion)
        if opinion.status not in OUT:
            raise ValidationError(_("只有已签发的信息可以向上级政协报送。"), code="not_issued")
        parent = opinion.committee.parent
        if parent is None:
            raise ValidationError(_("没有登记上级政协，不能报送。"), code="no_parent")
        if not can_send_on(by, opinion):
            raise PermissionDenied
        now = timezone.now()
        today = timezone.localdate(now)
        sent = Opinion(
            committee=parent,
            source=opinion,
            sent_by=opinion.committee.name,
            sent_names=names_of(opinion)[:LONGEST_NAMES],
            title=opinion.title,
            status=Status.RECEIVED,
            waiting_since=now,
            is_urgent=opinion.is_urgent,
            category=_same_category(opinion),
            created_by=by,
            submitted_on=today,
            received_on=today,
            year=today.year,
        )
        sent.number = take_number(parent, "opinion", today.year)
        sent.save(force_insert=True)
        _pass_text(opinion, sent, by, now)
        files = _pass_files(opinion, sent, by)
        mark(opinion, "sent_on", by=by)
        mark(sent, "arrived", by=by)
        # The trail of the committee below first: so do adoptions that flow back.
        record_deed("opinion.send_on", opinion, by=by, to=parent.pk, sent=sent.pk, files=files)
        record_deed("opinion.arrive", sent, by=by, source=opinion.pk, files=files)
    return sent


def _pass_text(opinion: Opinion, sent: Opinion, by: User, now: datetime.datetime) -> None:
    text = Manuscript(opinion=sent, kind=Manuscript.Kind.ORIGINAL, written_by=by)
    for part, words in asdict(issued_text(opinion)).items():
        setattr(text, part, words)
    text.written_at = now
    text.save(force_insert=True)


def _pass_files(opinion: Opinion, sent: Opinion, by: User) -> int:
    """The same stored files under links of the new row's own, each read at that row's address: the
    bytes lie once, and stay as long as one of the two has them."""
    made = [
        OpinionFile(opinion=sent, attachment=row.attachment, position=place, added_by=by)
        for place, row in enumerate(opinion.files.for_list(), start=1)
    ]
    return len(OpinionFile.objects.bulk_create(made))


def recall(opinion: Opinion, *, by: User) -> Opinion:
    """撤回报送 while nobody above has taken it up; it may be sent anew.

    ValidationError `not_sent`, or `taken_up` where it is too late.
    """
    with rules_told(), transaction.atomic():
        lock(opinion)
        if not can_send_on(by, opinion):
            raise PermissionDenied
        rows = Opinion.objects.for_moves().filter(source=opinion)
        sent = rows.exclude(status=Status.WITHDRAWN).first()
        if sent is None:
            raise ValidationError(_("此件没有向上级政协报送。"), code="not_sent")
        if sent.status != Status.RECEIVED:
            raise _too_late()
        mark(opinion, "recalled", by=by)
        record_deed("opinion.recall", opinion, by=by, sent=sent.pk)
        try:
            move(sent, "withdraw", by=by)
        except (ValidationError, PermissionDenied) as error:
            raise _too_late() from error
    return opinion


def _too_late() -> ValidationError:
    return ValidationError(_("上级政协已着手办理，不能撤回报送。"), code="taken_up")


def issued_text(opinion: Opinion) -> Texts:
    """The words as issued: the edited text, else the original."""
    texts = {text.kind: text for text in opinion.manuscripts.current()}
    return Texts.of(texts.get(Manuscript.Kind.EDITED) or texts.get(Manuscript.Kind.ORIGINAL))


def names_of(opinion: Opinion) -> str:
    """All authors; of one that came from below itself, the names it came with."""
    return "、".join(opinion.author_names) or opinion.submitter_label


def _same_category(opinion: Opinion) -> Category | None:
    """The parent's own category of the same name: dictionaries are each committee's."""
    if opinion.category is None or opinion.committee.parent is None:
        return None
    rows = Category.objects.filter(committee=opinion.committee.parent, is_active=True)
    return rows.filter(name=opinion.category.name).first()

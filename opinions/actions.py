"""Verbs on opinion reports: writing them, editing them, moving them along."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import astuple
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from committees.actors import CLOCK, Actor
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Category, Draft, Theme, User
from contacts.actions import blank_visit
from contacts.models import Visit
from members.models import Member
from opinions import notices, workflow
from opinions.models import Adoption, Authorship, Manuscript, Opinion, Status
from opinions.permissions import can_write_for, is_author, is_editor, written_for
from opinions.texts import Texts
from workrooms.actions import dispose
from workrooms.models import Reception
from workrooms.permissions import can_report

Kind = Manuscript.Kind
WRITABLE = (Status.DRAFT, Status.RETURNED)
DRAFT_FORM = "opinions.{form}:{pk}"


def start(
    author: Member,
    texts: Texts,
    *,
    by: User,
    visit: Visit | None = None,
    reception: Reception | None = None,
    category: Category | None = None,
    theme: Theme | None = None,
    is_urgent: bool = False,
) -> Opinion:
    """Begin a report as a draft of `author`; a secretary's is marked 由×××代为填报.

    From a `reception` it is 转社情民意 at once, where nobody has disposed of the entry yet; nothing
    of the resident travels. Raises PermissionDenied for somebody else's name and for an entry that
    is not the writer's to handle, ValidationError `classified` or `too_long`.
    """
    if not can_write_for(by, author):
        raise PermissionDenied
    if reception is not None and not can_report(by, reception):
        raise PermissionDenied
    texts = _clean(texts)
    opinion = Opinion(
        committee=author.committee,
        title=texts.title,
        waiting_since=timezone.now(),
        category=category,
        theme=theme,
        is_urgent=is_urgent,
        visit=visit,
        reception=reception,
        created_by=by,
        on_behalf_of=None if author.user_id == by.pk else author,
    )
    opinion.author_ids = [author.pk]
    with rules_told(), transaction.atomic():
        opinion.save(force_insert=True)
        Authorship.objects.create(
            opinion=opinion, member=author, place=1, confirmed_at=opinion.waiting_since
        )
        _add(opinion, Kind.ORIGINAL, texts, version=1, by=by)
        _record("opinion.start", opinion, by=by)
        if reception is not None and not reception.disposal:
            dispose(reception, Reception.Disposal.OPINION, by=by)
    return opinion


def start_from_visit(visit: Visit, *, by: User) -> Opinion:
    """Begin a report from a visit: its situation is what was said there, nothing is retyped.

    The author is the member who writes, or the one served, among those who were there.
    """
    parts = visit.members.filter(pk__in=by.standing.scopes("member", "delegate"))
    own = parts.filter(user=by).first() or parts.order_by("pk").first()
    if own is None:
        raise PermissionDenied
    return start(own, Texts(situation=visit.said), by=by, visit=visit, theme=visit.theme)


def write(
    opinion: Opinion,
    texts: Texts,
    *,
    by: User,
    version: int,
    category: Category | None = None,
    theme: Theme | None = None,
    is_urgent: bool = False,
) -> Opinion:
    """Save the author's text as a new version of the original, if it differs from the last one.

    `version` is the one the writer began from. ValidationError `stale` where somebody saved another
    one meanwhile, `moved` where the report is no longer the author's, `classified`, `too_long`.
    """
    texts = _clean(texts)
    with rules_told(), transaction.atomic():
        _lock(opinion)
        if not is_author(by, opinion):
            raise PermissionDenied
        if opinion.status not in WRITABLE:
            raise workflow.moved(opinion)
        _keep(opinion, Kind.ORIGINAL, texts, version=version, by=by)
        opinion.category, opinion.theme, opinion.is_urgent = category, theme, is_urgent
        opinion.title, opinion.situation = texts.title, texts.situation
        opinion.save(update_fields=["title", "category", "theme", "is_urgent"])
        _record("opinion.write", opinion, by=by, characters=texts.length)
    return opinion


def edit(opinion: Opinion, texts: Texts, *, by: User, version: int) -> Opinion:
    """Save the office's text beside the original, which stays as it was written.

    `version` as in `write`; 0 while there is no edited text.
    """
    texts = _clean(texts)
    if not (texts.title and texts.situation):
        raise ValidationError(str(workflow.WRITTEN.otherwise), code=workflow.WRITTEN.code)
    with rules_told(), transaction.atomic():
        _lock(opinion)
        if not is_editor(by, opinion):
            raise PermissionDenied
        if opinion.status != Status.EDITING:
            raise workflow.moved(opinion)
        _keep(opinion, Kind.EDITED, texts, version=version, by=by)
        opinion.title, opinion.last_editor_id = texts.title, by.pk
        opinion.save(update_fields=["title"])
        _record("opinion.edit", opinion, by=by, characters=texts.length)
    return opinion


def move(
    opinion: Opinion,
    name: str,
    *,
    by: Actor,
    note: str = "",
    seen: datetime.datetime | None = None,
    visit: str = "",
) -> Opinion:
    """Make a move of the table with all that belongs to it, in one transaction.

    `visit` says what becomes of the words of the visit that a report taken offline started from:
    "blank" or "keep". Raises what `workflow.advance` raises, and `visit_kept` where such words are
    left and nothing was said about them.
    """
    with rules_told(), transaction.atomic():
        workflow.advance(opinion, name, by=by, note=note, seen=seen)
        detail = BESIDE[name](opinion, by) if name in BESIDE else {}
        if name == "go_offline":
            detail |= _of_the_visit(opinion, visit, by=by)
        _record(f"opinion.{name}", opinion, by=by, **detail)
        notices.moved(opinion, name)
    return opinion


def _adopt_here(opinion: Opinion, by: Any) -> dict[str, Any]:
    """Issuing is adoption at the committee's own level."""
    committee, issue = opinion.committee, opinion.issue
    assert issue is not None
    Adoption.objects.create(
        committee=committee,
        opinion=opinion,
        level=committee.level,
        body=committee.name,
        publication=issue.as_printed,
        adopted_on=issue.issued_on,
        recorded_by=by,
    )
    return {"issue": issue.pk} | _own_text(opinion, by)


def _own_text(opinion: Opinion, by: Any) -> dict[str, Any]:
    """Recorded, not refused: in a small office one person edits and checks."""
    return {"own_text": True} if opinion.last_editor_id == by.pk else {}


def has_words_elsewhere(opinion: Opinion) -> bool:
    """The visit that the report started from still holds what was said, or promised, there."""
    return bool(opinion.visit and (opinion.visit.said or opinion.visit.promised))


def _of_the_visit(opinion: Opinion, choice: str, *, by: Any) -> dict[str, Any]:
    """Blank the visit's words too if that was chosen; where there are any, it must be said."""
    if not has_words_elsewhere(opinion):
        return {}
    assert opinion.visit is not None
    if choice not in ("blank", "keep"):
        raise ValidationError(
            _("此件由走访联系记录起草，请选择走访联系记录中的内容是否一并删除。"), code="visit_kept"
        )
    if choice == "keep":
        _add_to_receipt(opinion, gettext_noop("走访联系记录中的内容保留"))
        return {"visit": "kept"}
    own = DRAFT_FORM.format(form="write", pk=f"visit-{opinion.visit_id}")
    Draft.objects.filter(committee=opinion.committee, form=own).delete()
    gone = blank_visit(opinion.visit, by=by)
    _add_to_receipt(opinion, gettext_noop("走访联系记录中的内容一并删除"))
    return {"visit": "blanked", "visit_characters": gone["characters"]}


def _delete_content(opinion: Opinion, by: Any) -> dict[str, Any]:
    """Nothing of the content stays: texts, title, notes and what was being typed.

    What stays is a receipt: how much there was, and a SHA-256 by which a paper copy can be proved
    to be the deleted one. It stands in the step and in the audit trail.
    """
    texts = list(opinion.manuscripts.order_by("kind", "version"))
    digest = hashlib.sha256()
    for row in texts:
        digest.update("\n".join(astuple(Texts.of(row))).encode())
    receipt = {
        "manuscripts": len(texts),
        "characters": sum(row.length for row in texts),
        "sha256": digest.hexdigest(),
    }
    opinion.manuscripts.all().delete()
    opinion.steps.exclude(note="").update(note="")
    forms = [DRAFT_FORM.format(form=form, pk=opinion.pk) for form in ("write", "edit")]
    Draft.objects.filter(committee=opinion.committee, form__in=forms).delete()
    opinion.title = ""
    opinion.save(update_fields=["title"])
    with translation.override(settings.LANGUAGE_CODE):  # a file note, whoever made it
        said = _("已删除文稿 %(manuscripts)s 份、%(characters)s 字，校验值 %(sha256)s") % receipt
    _add_to_receipt(opinion, said)
    return receipt


def _add_to_receipt(opinion: Opinion, words: str) -> None:
    """A file note on the step just made, in Chinese whoever made it."""
    step = opinion.steps.last()
    assert step is not None
    step.note = f"{step.note}；{words}" if step.note else words
    step.save(update_fields=["note"])


BESIDE = {
    "sign": _adopt_here,
    "checked": _own_text,
    "go_offline": _delete_content,
}


def pass_on_overdue(opinion: Opinion) -> bool:
    """The clock's move on a report whose convenors said nothing; False where somebody was first."""
    return _by_the_clock(opinion, "pass_on")


def close_finished(opinion: Opinion) -> bool:
    """The clock's move on a report issued long ago; False where somebody was first."""
    return _by_the_clock(opinion, "expire")


def _by_the_clock(opinion: Opinion, name: str) -> bool:
    try:
        move(opinion, name, by=CLOCK)
    except ValidationError as error:
        if error.code != "moved":
            raise
        return False
    return True


def _clean(texts: Texts) -> Texts:
    texts = texts.trimmed()
    texts.check()
    refuse_marked(*astuple(texts))
    return texts


def _lock(opinion: Opinion) -> None:
    locked = Opinion.objects.select_for_update(no_key=True)
    opinion.refresh_from_db(fields=workflow.LOCKED, from_queryset=locked)


def _keep(opinion: Opinion, kind: str, texts: Texts, *, version: int, by: User) -> None:
    """A new version after `version`, unless the words are the same."""
    last = opinion.manuscripts.filter(kind=kind).order_by("-version").first()
    if (last.version if last else 0) != version:
        raise ValidationError(
            _("您编辑期间，%(who)s已保存新的一版。您写的内容仍在页面上，请比照后再保存。"),
            code="stale",
            params={"who": last.written_by.name if last else ""},
        )
    if last and Texts.of(last) == texts:
        return
    _add(opinion, kind, texts, version=version + 1, by=by)


def _add(opinion: Opinion, kind: str, texts: Texts, *, version: int, by: User) -> None:
    Manuscript.objects.create(
        opinion=opinion,
        kind=kind,
        version=version,
        written_by=by,
        written_at=timezone.now(),
        title=texts.title,
        situation=texts.situation,
        analysis=texts.analysis,
        suggestion=texts.suggestion,
    )


def _record(action: str, opinion: Opinion, *, by: Actor, **detail: Any) -> None:
    served = written_for(opinion, by)
    record(
        action,
        by=by,
        committee=opinion.committee,
        about=opinion,
        on_behalf_of=User.objects.get(members=served) if served else None,
        **detail,
    )

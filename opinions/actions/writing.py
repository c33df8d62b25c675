"""Writing a report and editing it in the office. Nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Category, Theme, User
from contacts.models import Visit
from members.models import Member
from opinions import workflow
from opinions.actions.fingerprints import keep_fingerprint
from opinions.bodies import Body, bodies_of
from opinions.models import Authorship, Manuscript, Opinion, Status
from opinions.permissions import can_write_for, is_author, is_editor, written_for
from opinions.texts import Texts
from workrooms.actions import dispose
from workrooms.models import Reception
from workrooms.permissions import can_report

Kind = Manuscript.Kind
WRITABLE = (Status.DRAFT, Status.RETURNED)
DRAFT_FORM = "opinions.{form}:{pk}"


def start(
    author: Member | None,
    texts: Texts,
    *,
    by: User,
    body: Body | None = None,
    visit: Visit | None = None,
    reception: Reception | None = None,
    category: Category | None = None,
    theme: Theme | None = None,
    is_urgent: bool = False,
) -> Opinion:
    """Begin a report as a draft of `author`; a secretary's is marked 由×××代为填报.

    From a `reception` it is 转社情民意 at once, where nobody has disposed of the entry yet; nothing
    of the resident travels. For a `body` the author is its drafter, and may be None where a
    commission's office files. Raises PermissionDenied for somebody else's name or body and for an
    entry that is not the writer's to handle, ValidationError `classified` or `too_long`.
    """
    _check_submitter(author, body, by)
    if reception is not None and not can_report(by, reception):
        raise PermissionDenied
    opinion = Opinion(
        committee=author.committee if author else body.row.committee,  # type: ignore[union-attr]
        category=category,
        theme=theme,
        is_urgent=is_urgent,
        visit=visit,
        reception=reception,
        created_by=by,
        **(body.columns if body else {}),
    )
    with rules_told(), transaction.atomic():
        begin(opinion, texts, by=by, author=author)
        record_deed("opinion.start", opinion, by=by)
        if reception is not None and (not reception.disposal or reception.returned_at):
            seen = reception.disposal
            dispose(reception, Reception.Disposal.OPINION, by=by, seen=seen)
    return opinion


def _check_submitter(author: Member | None, body: Body | None, by: User) -> None:
    """A member in whose name this person writes, a body for which this person files."""
    if author is not None and not can_write_for(by, author):
        raise PermissionDenied
    if body is None and author is None:
        raise PermissionDenied
    if body is not None and body not in bodies_of(by, body.row.committee):
        raise PermissionDenied


def begin(opinion: Opinion, texts: Texts, *, by: User, author: Member | None = None) -> None:
    """Lay the row of a report with its first author or drafter and its first text, inside the
    deed's transaction."""
    texts = _clean(texts)
    opinion.author_ids, opinion.asked_ids = [author.pk] if author else [], []
    opinion.on_behalf_of = author if author and author.user_id != by.pk else None
    opinion.title, opinion.situation = texts.title, texts.situation
    opinion.waiting_since = timezone.now()
    opinion.save(force_insert=True)
    if author is not None:
        role = Authorship.Role.DRAFTER if opinion.body_kind else Authorship.Role.AUTHOR
        own = {"place": 1, "role": role, "confirmed_at": opinion.waiting_since}
        Authorship.objects.create(opinion=opinion, member=author, **own)
    add_text(opinion, Kind.ORIGINAL, texts, version=1, by=by)


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
        lock(opinion)
        if not is_author(by, opinion):
            raise PermissionDenied
        if opinion.status not in WRITABLE:
            raise workflow.moved(opinion)
        _keep(opinion, Kind.ORIGINAL, texts, version=version, by=by)
        opinion.category, opinion.theme, opinion.is_urgent = category, theme, is_urgent
        opinion.title, opinion.situation = texts.title, texts.situation
        opinion.save(update_fields=["title", "category", "theme", "is_urgent"])
        record_deed("opinion.write", opinion, by=by, characters=texts.length)
    return opinion


def edit(opinion: Opinion, texts: Texts, *, by: User, version: int) -> Opinion:
    """Save the office's text beside the original, which stays as it was written.

    `version` as in `write`; 0 while there is no edited text.
    """
    texts = _clean(texts)
    if not (texts.title and texts.situation):
        raise ValidationError(str(workflow.WRITTEN.otherwise), code=workflow.WRITTEN.code)
    with rules_told(), transaction.atomic():
        lock(opinion)
        if not is_editor(by, opinion):
            raise PermissionDenied
        if opinion.status != Status.EDITING:
            raise workflow.moved(opinion)
        _keep(opinion, Kind.EDITED, texts, version=version, by=by)
        opinion.title, opinion.last_editor_id = texts.title, by.pk
        opinion.save(update_fields=["title"])
        record_deed("opinion.edit", opinion, by=by, characters=texts.length)
    return opinion


def _clean(texts: Texts) -> Texts:
    texts = texts.trimmed()
    texts.check()
    refuse_marked(*astuple(texts))
    return texts


def lock(opinion: Opinion) -> None:
    """Take the row for this transaction and read what may have changed meanwhile."""
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
    add_text(opinion, kind, texts, version=version + 1, by=by)


def add_text(opinion: Opinion, kind: str, texts: Texts, *, version: int, by: User) -> None:
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
    if kind == Kind.ORIGINAL:
        keep_fingerprint(opinion, texts)


def record_deed(action: str, opinion: Opinion, *, by: Actor, **detail: Any) -> None:
    """The audit row of a deed on a report, with the author for whom a secretary acted."""
    served = written_for(opinion, by)
    record(
        action,
        by=by,
        committee=opinion.committee,
        about=opinion,
        on_behalf_of=User.objects.get(members=served) if served else None,
        **detail,
    )

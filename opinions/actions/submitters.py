"""Who submits a report: co-authors with shares who confirm, and what came on paper from a body."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Category, Committee, Theme, User
from members.models import Member
from opinions import notices, workflow
from opinions.actions.files import add_files
from opinions.actions.writing import WRITABLE, begin, lock, record_deed
from opinions.bodies import Body
from opinions.models import Authorship, Opinion, Status
from opinions.permissions import can_change_authors, can_register
from opinions.texts import Texts

MOST_AUTHORS = 20
ENDED = (Status.ISSUED, Status.CLOSED, Status.WITHDRAWN, Status.MERGED, Status.OFFLINE)
"""Where an answer changes nothing any more: what was printed names its authors as they were."""


def change_authors(
    opinion: Opinion,
    *,
    by: User,
    add: Sequence[Member] = (),
    remove: Collection[int] = (),
    shares: Mapping[int, int | None] | None = None,
) -> list[Authorship]:
    """Ask more co-authors (for a body: drafters), let some go, share the credit anew; those asked.

    `remove` and `shares` name authorships by id; shares are percents that sum to 100, or all None.
    Where somebody comes or goes the shares are dropped, and all are equal until stated anew.
    Raises PermissionDenied, ValidationError `moved` where the report is no longer the author's,
    `shares`, `declined`, `too_many_authors`.
    """
    with rules_told(), transaction.atomic():
        lock(opinion)
        forget_authors(opinion)
        if not can_change_authors(by, opinion):
            raise PermissionDenied
        if opinion.status not in WRITABLE:
            raise workflow.moved(opinion)
        gone = opinion.authorships.filter(pk__in=remove)
        if not opinion.body_kind:
            gone = gone.exclude(place=1)
        removed = gone.delete()[0]
        asked = _asked(opinion, add)
        _share(opinion, shares or {}, has_changed=bool(asked or removed))
        forget_authors(opinion)
        if asked or removed or shares:
            deed = {"asked": [part.member_id for part in asked], "removed": removed}
            record_deed("opinion.authors", opinion, by=by, **deed)
            notices.asked(opinion, [part.member_id for part in asked])
    return asked


def answer(opinion: Opinion, member: Member, *, confirm: bool, by: User) -> Authorship:
    """A co-author confirms or declines, once; a delegate may for the member, and it is marked.

    What a declining author's share was falls to the first author. Raises PermissionDenied for
    anybody else, ValidationError `moved` where it is too late, or the question was taken back,
    `answered` where it was answered the other way.
    """
    if member.pk not in by.standing.scopes("member", "delegate"):
        raise PermissionDenied
    with transaction.atomic():
        lock(opinion)
        part = opinion.authorships.filter(member=member).first()
        if part is None or opinion.status in ENDED:
            raise workflow.moved(opinion)
        part.member = member
        if not part.is_waiting:
            if confirm == bool(part.confirmed_at):
                return part
            words = _("此件已经答复过，如需更改请与第一反映人或机关联系。")
            raise ValidationError(words, code="answered")
        part.answered_by = by
        if confirm:
            part.confirmed_at = timezone.now()
        else:
            part.declined_at = timezone.now()
            _give_back(opinion, part)
        part.save(update_fields=["answered_by", "confirmed_at", "declined_at", "share"])
        forget_authors(opinion)
        served = None if member.user_id == by.pk else member.user
        deed = "opinion.confirm" if confirm else "opinion.decline"
        record(deed, by=by, committee=opinion.committee, about=opinion, on_behalf_of=served)
        if not confirm:
            notices.declined(opinion, part)
    return part


def register(
    committee: Committee,
    body: Body,
    texts: Texts,
    *,
    by: User,
    drafters: Sequence[Member] = (),
    drafter_names: str = "",
    category: Category | None = None,
    theme: Theme | None = None,
    is_urgent: bool = False,
    uploads: Sequence[UploadedFile] = (),
) -> Opinion:
    """来稿登记: what came on paper from a body stands before the office at once.

    The paper names its `drafters` (members), so they need not confirm; it is marked who said so.
    """
    if not can_register(by, committee):
        raise PermissionDenied
    refuse_marked(body.name, drafter_names)
    given = {"category": category, "theme": theme, "is_urgent": is_urgent}
    opinion = Opinion(committee=committee, created_by=by, is_registered=True, **given)
    opinion.drafter_names = " ".join(drafter_names.split())
    for column, value in body.columns.items():
        setattr(opinion, column, value)
    opinion.clean_fields(exclude=["title", "waiting_since", *given])
    with rules_told(), transaction.atomic():
        begin(opinion, texts, by=by)
        forget_authors(opinion)
        said = {"confirmed_at": opinion.waiting_since, "answered_by": by}
        role = Authorship.Role.DRAFTER
        Authorship.objects.bulk_create(
            Authorship(opinion=opinion, member=member, place=place, role=role, **said)
            for place, member in enumerate(dict.fromkeys(drafters), start=1)
        )
        if uploads:  # the files go into the trail, and whoever numbers takes the counter before
            take_number(committee, "opinion", timezone.localdate().year, how_many=0)
        add_files(opinion, uploads, by=by)
        workflow.advance(opinion, "submit", by=by)
        record_deed("opinion.register", opinion, by=by, characters=texts.length)
    return opinion


def forget_authors(opinion: Opinion) -> None:
    """What was read of the authors before the lock, or before they changed, is asked anew."""
    for name in ("author_ids", "author_names", "asked_ids", "asked_names"):
        opinion.__dict__.pop(name, None)


def _asked(opinion: Opinion, members: Sequence[Member]) -> list[Authorship]:
    """New rows for those who are not on the report yet."""
    known = {part.member_id: part for part in opinion.authorships.all()}
    new = [member for member in dict.fromkeys(members) if member.pk not in known]
    declined = [m.name for m in members if m.pk in known and known[m.pk].declined_at]
    if declined:
        words = _("%(names)s已婉辞联名，不再询问。") % {"names": "、".join(declined)}
        raise ValidationError({"names": ValidationError(words, code="declined")})
    if len(known) + len(new) > MOST_AUTHORS:
        words = _("一件信息的反映人不超过 %(most)s 人。") % {"most": MOST_AUTHORS}
        raise ValidationError({"names": ValidationError(words, code="too_many_authors")})
    role = Authorship.Role.DRAFTER if opinion.body_kind else Authorship.Role.AUTHOR
    last = max((part.place for part in known.values()), default=0)
    parts = [
        Authorship(opinion=opinion, member=member, place=place, role=role)
        for place, member in enumerate(new, start=last + 1)
    ]
    return Authorship.objects.bulk_create(parts)


def _share(opinion: Opinion, given: Mapping[int, int | None], *, has_changed: bool) -> None:
    parts = list(opinion.authorships.standing())
    if has_changed:  # shares were stated of other people than these
        given = {}
    for part in parts:
        part.share = given.get(part.pk) if given or has_changed else part.share
    stated = [part.share for part in parts if part.share is not None]
    if stated and (len(stated) != len(parts) or sum(stated) != 100):
        words = _("各反映人的份额合计应为 100，或者全部留空（平均计算）。")
        raise ValidationError({"shares": ValidationError(words, code="shares")})
    if given or has_changed:
        Authorship.objects.bulk_update(parts, ["share"])


def _give_back(opinion: Opinion, part: Authorship) -> None:
    """The sum of the shares stays 100: the first author takes what another declined."""
    first = opinion.authorships.confirmed().exclude(pk=part.pk).first()
    if part.share and first is not None and first.share is not None:
        first.share += part.share
        first.save(update_fields=["share"])
    part.share = None

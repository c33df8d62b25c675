"""The rows of a member's home: one union of short sets, and each shaped for a line of a list."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Left, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Activity
from committees.models import Committee, User
from committees.templatetags.portal import day, moment
from contacts.models import Contact, Visit
from liaison_portal.pages import home_activities
from liaison_portal.pages.home_line import Row
from notices.models import Announcement, Answering
from notices.models.announcements import of_people
from opinions.models import (
    Authorship,
    Evaluation,
    Opinion,
    Proposal,
    ProposalSigner,
    ProposalStatus,
    Status,
)
from opinions.timeline import REACHED, WAY
from sectors.models import Seat
from workrooms.models import DutyShift, DutySwap, Reception, RoomMember

AHEAD = datetime.timedelta(days=3)  # a follow-up shows this long before its day
COLUMNS = ("of", "pk", "text", "state", "at", "note")


def _text(value: str) -> Cast:
    return Cast(Value(value), CharField())


def _chars(column: str) -> Cast:
    return Cast(column, CharField())


def _first(column: str, otherwise: str) -> Coalesce:
    """The column, or the other one where it is empty."""
    return Coalesce(NullIf(_chars(column), Value("")), _chars(otherwise))


def _rows(of: str, rows: QuerySet, at: str | Func, most: int, **columns: Any) -> QuerySet:
    named = {"of": _text(of), "at": Cast(at, DateTimeField()), **columns}
    return rows.annotate(**named).values(*COLUMNS)[:most]


def _reports(of: str, rows: QuerySet, most: int) -> QuerySet:
    named = {"text": _chars("title"), "state": _chars("status"), "note": _text("")}
    return _rows(of, rows.order_by("-waiting_since", "-id"), "waiting_since", most, **named)


def _visits(of: str, rows: QuerySet, at: str, most: int, text: Coalesce) -> QuerySet:
    named = {"text": text, "state": _chars("channel__name"), "note": _chars("place")}
    return _rows(of, rows, at, most, **named)


def union(
    user: User, committee: Committee, members: Iterable[int], today: datetime.date
) -> QuerySet:
    """One statement for everything listed: dicts of COLUMNS, `of` naming the list.

    `of` is returned, review, contact, follow_up, opinion, visit, reception, activity, invitation,
    enrolment, duty, swap, announcement (one to answer, `state` what is asked), or one of ASKED;
    `state` is an opinion's status, a shift's state, a visit's channel or a reception's way, `note`
    a place, why a contact came back, or what is to be evaluated.
    """
    reports = Opinion.objects.visible_to(user).in_committee(committee)
    own = reports.of_members(members)
    made = Visit.members.through.objects.filter(visit=OuterRef("pk"), member__in=members)
    visits = Visit.objects.visible_to(user).in_committee(committee).filter(Exists(made))
    due = visits.filter(followed_up_at=None, follow_up_on__lte=today + AHEAD)
    coming = _coming(user, committee, members, today)
    held = {"text": _chars("title"), "state": _text(""), "note": _chars("place")}
    return _reports("returned", own.filter(status=Status.RETURNED), 5).union(
        _reports("review", reports.awaiting_review().reviewed_by(user), 8),
        *_asked(user, committee, members),
        _sent_back(user, committee, members),
        _reports("opinion", reports.concerning(members), 5),
        _visits(
            "follow_up",
            due.order_by("follow_up_on", "id"),
            "follow_up_on",
            5,
            _first("promised", "place"),
        ),
        _visits(
            "visit",
            visits.order_by("-happened_on", "-id"),
            "happened_on",
            4,
            _first("place", "channel__name"),
        ),
        _receptions(user, committee, members),
        _rows("activity", coming, "starts_at", 3, **held),
        home_activities.invitations(user, committee, members),
        home_activities.enrolments(user, committee, members),
        _duties(user, committee, members),
        _swaps(user, committee, members),
        _announcements(user, committee, members),
        all=True,
    )


def _asked(user: User, committee: Committee, members: Iterable[int]) -> list[QuerySet]:
    """What these members are asked for: their evaluation, to be a co-author, to confirm a proposal
    as its signer, to sign one for the sector or the group."""
    awaited = Evaluation.objects.in_committee(committee).awaited().filter(member__in=members)
    awaited = awaited.exclude(referral__opinion__status=Status.OFFLINE).order_by("due_on", "id")
    of_opinion = Concat(Value("opinion:"), _chars("referral__opinion_id"))
    of_proposal = Concat(Value("proposal:"), _chars("referral__proposal_id"))
    what = Case(When(referral__proposal=None, then=of_opinion), default=of_proposal)
    named = {"text": _chars("referral__title"), "state": _text("")}
    waiting = Authorship.objects.waiting().filter(opinion=OuterRef("pk"), member__in=members)
    over = [Status.ISSUED, Status.CLOSED, Status.WITHDRAWN, Status.MERGED, Status.OFFLINE]
    reports = Opinion.objects.visible_to(user).in_committee(committee).exclude(status__in=over)
    proposals = Proposal.objects.visible_to(user).in_committee(committee)
    drafts = proposals.filter(status=ProposalStatus.DRAFT, is_elsewhere=False)
    unsure = ProposalSigner.objects.filter(proposal=OuterRef("pk"), confirmed_at=None)
    unsure = unsure.filter(member__in=members, place__gt=1)
    return [
        _rows("evaluate", awaited, "due_on", 5, **named, note=Cast(what, CharField())),
        _reports("coauthor", reports.filter(Exists(waiting)), 5),
        _reports("confirm", drafts.filter(Exists(unsure)), 5),
        _reports("sign", proposals.to_sign(user), 5),
    ]


def _sent_back(user: User, committee: Committee, members: Iterable[int]) -> QuerySet:
    """Proposed contacts that came back; `note` says why."""
    contacts = Contact.objects.visible_to(user).in_committee(committee).sent_back()
    contacts = contacts.filter(member__in=members).order_by("sent_back_at", "id")
    why = {"text": _chars("name"), "state": _text(""), "note": _chars("sent_back_reason")}
    return _rows("contact", contacts, "sent_back_at", 5, **why)


def _receptions(user: User, committee: Committee, members: Iterable[int]) -> QuerySet:
    """Entries these members received that nobody has disposed of yet."""
    heard = Reception.objects.visible_to(user).in_committee(committee).received_by(members)
    heard = heard.awaiting_disposal().order_by("created_at", "id")
    said = {"text": Left("said", 60), "state": _chars("way"), "note": _chars("workroom__name")}
    return _rows("reception", heard, "created_at", 5, **said)


def _duties(user: User, committee: Committee, members: Iterable[int]) -> QuerySet:
    """The next duties people may count on; `state` and `note` are the shift's own."""
    shifts = DutyShift.objects.visible_to(user).in_committee(committee).of_members(members)
    begins = Func("during", function="lower", output_field=DateTimeField())
    rows = shifts.published().from_today()
    return _rows("duty", rows, begins, 3, text=_chars("workroom__name"))


def _swaps(user: User, committee: Committee, members: Iterable[int]) -> QuerySet:
    """Requests of colleagues that one of these members may answer; `note` is `<kind>:<shift>`."""
    asked = DutySwap.objects.visible_to(user).in_committee(committee).waiting()
    asked = asked.for_members(members).order_by("shift__day", "id")
    begins = Func("shift__during", function="lower", output_field=DateTimeField())
    of_what = Concat("kind", Value(":"), _chars("shift_id"), output_field=CharField())
    return _rows("swap", asked, begins, 3, text=_chars("shift__member__name"), note=of_what)


def _announcements(user: User, committee: Committee, members: Iterable[int]) -> QuerySet:
    """Announcements one of these members has not answered yet, the first deadline first."""
    asked = Announcement.objects.visible_to(user).in_committee(committee)
    asked = asked.unanswered_by(of_people(members, committee)).order_by("answer_until", "id")
    named = {"text": _chars("title"), "state": _chars("answering"), "note": _text("")}
    return _rows("announcement", asked, "answer_until", 5, **named)


def _coming(
    user: User, committee: Committee, members: Iterable[int], today: datetime.date
) -> QuerySet:
    """Next activities of the whole committee, of the own sector and of the own workrooms."""
    seats = Seat.objects.on(today).filter(membership__member__in=members)
    rooms = RoomMember.objects.on(today).filter(member__in=members)
    everybodys = Q(sector=None, commission=None, workroom=None)
    return (
        Activity.objects.visible_to(user)
        .in_committee(committee)
        .filter(
            everybodys
            | Q(sector__in=seats.values("sector"), workroom=None)
            | Q(workroom__in=rooms.values("workroom"))
        )
        .taking_place()
        .upcoming()
    )


def todo(found: dict[str, list[dict[str, Any]]], slug: str, today: datetime.date) -> list[Row]:
    """今日待办: what is late first, then what came back, then what waits for a first view."""
    follow = [follow_up(row, slug, today) for row in found["follow_up"]]
    returned = [
        Row(
            url=_opinion(row, slug),
            title=row["text"],
            meta=_("请修改后再次提交，或仍按原文报送 · %(day)s退回") % {"day": day(row["at"])},
            dot="late",
            pill=str(Status.RETURNED.label),
            pill_tone="late",
        )
        for row in found["returned"]
    ]
    review = [
        Row(
            url=_opinion(row, slug),
            title=row["text"],
            meta=_("%(day)s送到 · 请提出界别初核意见") % {"day": day(row["at"])},
            dot="due",
            pill=str(Status.WITH_CONVENOR.label),
            pill_tone="due",
        )
        for row in found["review"]
    ]
    contacts = [_contact(row, slug) for row in found["contact"]]
    late = [row for row in follow if row.dot == "late"]
    later = [row for row in follow if row.dot != "late"]
    heard = [_reception(row, slug) for row in found["reception"]]
    asked = [swap(row, slug) for row in found["swap"]]
    waits = [_ask(row, slug) for name in ASKED for row in found[name]]
    asked += _told(found, slug)
    return late + returned + contacts + review + waits + asked + heard + later


ASKED: dict[str, tuple[str, Any, Any]] = {
    "coauthor": ("opinions:detail", gettext_lazy("请确认是否联名"), gettext_lazy("待联名确认")),
    "confirm": ("proposals:detail", gettext_lazy("请确认是否联名"), gettext_lazy("待联名确认")),
    "sign": ("proposals:detail", gettext_lazy("请代表界别（小组）签署"), gettext_lazy("待签署")),
    "evaluate": ("", "", gettext_lazy("待评价")),
}
"""What a member is asked for: the page, what is asked, and the pill."""


def _ask(row: dict[str, Any], slug: str) -> Row:
    view, meta, pill = ASKED[row["of"]]
    pk, title = row["pk"], row["text"]
    if not view:
        kind, _colon, pk = row["note"].partition(":")
        view = f"{kind}s:evaluate"
        meta = _("请在%(due)s前作出办理评价") % {"due": day(row["at"])}
    url = reverse(view, kwargs={"slug": slug, "pk": pk})
    return Row(url=url, title=title, meta=str(meta), dot="due", pill=str(pill), pill_tone="due")


def _contact(row: dict[str, Any], slug: str) -> Row:
    return Row(
        url=reverse("contacts:contact_edit", kwargs={"slug": slug, "pk": row["pk"]}),
        title=_("联系人：%(who)s") % {"who": row["text"]},
        meta=row["note"],
        dot="late",
        pill=str(Contact.State.SENT_BACK.label),
        pill_tone="late",
    )


def _reception(row: dict[str, Any], slug: str) -> Row:
    return Row(
        url=reverse("workrooms:reception", kwargs={"slug": slug, "pk": row["pk"]}),
        title=row["text"].split("\n", 1)[0],
        meta=f"{day(row['at'])} · {row['note'] or ''}",
        dot="due",
        pill=_("接待待办理"),
        pill_tone="due",
    )


def _told(found: dict[str, list[dict[str, Any]]], slug: str) -> list[Row]:
    return [announcement(row, slug) for row in found["announcement"]]


def announcement(row: dict[str, Any], slug: str) -> Row:
    way = _("请点“已阅”") if row["state"] == Answering.READ else _("请回执参加或请假")
    return Row(
        url=reverse("announcements:detail", kwargs={"slug": slug, "pk": row["pk"]}),
        title=row["text"],
        meta=_("%(way)s · %(at)s前") % {"way": way, "at": moment(row["at"])},
        dot="due",
        pill=_("待回执"),
        pill_tone="due",
    )


def _opinion(row: dict[str, Any], slug: str) -> str:
    return reverse("opinions:detail", kwargs={"slug": slug, "pk": row["pk"]})


def _visit(row: dict[str, Any], slug: str) -> str:
    return reverse("contacts:visit", kwargs={"slug": slug, "pk": row["pk"]})


def follow_up(row: dict[str, Any], slug: str, today: datetime.date) -> Row:
    days = (timezone.localdate(row["at"]) - today).days
    late = days < 0
    if late:
        meta, pill, tone = _("已超期 %(days)s 天") % {"days": -days}, _("超期"), "late"
    elif days == 0:
        meta, pill, tone = _("今天跟进"), _("今天"), "due"
    else:
        meta, pill, tone = _("请在%(day)s前跟进") % {"day": day(row["at"])}, _("待跟进"), "info"
    return Row(
        url=_visit(row, slug),
        title=_("走访跟进：%(what)s") % {"what": row["text"] or row["state"]},
        meta=meta,
        dot=tone,
        pill=pill,
        pill_tone=tone,
    )


def own_report(row: dict[str, Any], slug: str) -> Row:
    status = Status(row["state"])
    return Row(
        url=_opinion(row, slug),
        title=row["text"],
        meta=day(row["at"]),
        pill=str(status.label),
        pill_tone=status.value,
        steps_done=REACHED.get(status, 0),
        steps_labels=str(WAY) if status in REACHED else "",
    )


def visit(row: dict[str, Any], slug: str) -> Row:
    place = row["note"]
    return Row(
        url=_visit(row, slug),
        title=row["text"],
        meta=f"{day(row['at'])} · {row['state']}" if place else day(row["at"]),
    )


def _shift(slug: str, pk: Any) -> str:
    return reverse("workrooms:shift", kwargs={"slug": slug, "pk": pk})


def swap(row: dict[str, Any], slug: str) -> Row:
    kind, _colon, shift = row["note"].partition(":")
    said = {"who": row["text"], "kind": DutySwap.Kind(kind).label}
    return Row(
        url=_shift(slug, shift),
        title=_("%(who)s委员申请%(kind)s") % said,
        meta=moment(row["at"]),
        dot="due",
        pill=str(DutySwap.State.OPEN.label),
        pill_tone="due",
    )


def duty(row: dict[str, Any], slug: str) -> dict[str, Any]:
    """A duty with what its one tap needs; see workrooms/_home_duty.html."""
    return {
        "url": _shift(slug, row["pk"]),
        "pk": row["pk"],
        "at": timezone.localtime(row["at"]),
        "room": row["text"],
        "awaits": row["state"] == DutyShift.State.PUBLISHED,
    }


def activity(row: dict[str, Any], slug: str) -> Row:
    meta = " · ".join(part for part in (moment(row["at"]), row["note"]) if part)
    url = reverse("activities:detail", kwargs={"slug": slug, "pk": row["pk"]})
    return Row(url=url, title=row["text"], meta=meta)

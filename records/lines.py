"""How a row behind a figure is shown in its list: a line of words that leads to the row's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity, Enrolment
from committees.actors import Actor
from committees.models import Committee
from committees.templatetags.portal import day, name
from contacts.models import Contact, Occasion, Visit
from opinions.models import Adoption, Opinion, Promise, Referral
from records.addresses import address_of
from records.periods import Subject
from sectors.models import Sector
from workrooms.models import DutyShift, Reception


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    url: str
    meta: str = ""
    pill: str = ""
    pill_tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the lines stand: whose list it is, and of which period."""

    committee: Committee
    subject: Subject
    period: Any
    is_office: bool = False

    def url(self, view: str, *args: Any) -> str:
        return reverse(view, args=[self.committee.slug, *args])

    def handled(self, referral: Referral) -> str:
        """The office's page of a referral; for others that of what it is about."""
        if self.is_office:
            return self.url("referrals:detail", referral.pk)
        if referral.opinion_id:
            return self.url("opinions:handling", referral.opinion_id)
        if referral.proposal_id:
            return self.url("proposals:handling", referral.proposal_id)
        return self.url("workrooms:reception", referral.reception_id)

    def visits(self, **query: Any) -> str:
        """The period's visits, narrowed."""
        narrowed = "&".join(f"{key}={value}" for key, value in query.items())
        top = address_of(self.committee, self.subject, self.period, "rows", "visits")
        return f"{top}?{narrowed}"


def prepared(rows: Any, actor: Actor) -> Any:
    """The rows with what their lines show, in the one statement that reads them."""
    if rows.model is Visit:
        return rows.select_related("channel", "occasion").with_people(actor)
    return rows.select_related(*RELATED.get(rows.model, ()))


RELATED: dict[Any, tuple[str, ...]] = {
    Activity: ("sector", "commission", "workroom", "committee"),
    Contact: ("sector", "member"),
    Opinion: ("sector", "issue"),
    Adoption: ("opinion",),
    Reception: ("workroom", "liaison_group"),
    Enrolment: ("activity", "member"),
    DutyShift: ("workroom", "member"),
    Referral: ("unit", "via"),
    Promise: ("referral__unit", "referral__via"),
}


def line(row: Any, place: Place) -> Line:
    return LINES[type(row)](row, place)


def _meta(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


def _activity(row: Activity, place: Place) -> Line:
    when = f"{day(row.starts_at)} {timezone.localtime(row.starts_at):%H:%M}"
    meta = _meta(when, row.organiser, row.place, row.get_kind_display())
    return Line(row.title, place.url("activities:detail", row.pk), meta)


def _visit(row: Any, place: Place) -> Line:
    people = "、".join(name(person["name"]) for person in row.people)
    people_count = row.people_count
    count = ngettext("%(count)s 人次", "%(count)s 人次", people_count) % {"count": people_count}
    meta = _meta(day(row.happened_on), row.channel, row.occasion, row.place, count)
    return Line(people or str(row.channel), place.url("contacts:visit", row.pk), meta)


def _contact(row: Contact, place: Place) -> Line:
    """A person's name stays masked here; the contact's own page shows it to who may read it."""
    keeper = _("联系委员：%(name)s") % {"name": name(row.member.name)}
    meta = _meta(row.get_kind_display(), row.sector.title, keeper)
    return Line(row.masked_name, place.url("contacts:contact", row.pk), meta)


def _occasion(row: Occasion, place: Place) -> Line:
    return Line(row.name, place.visits(occasion=row.pk))


def _sector(row: Sector, place: Place) -> Line:
    return Line(row.title, place.url("sectors:detail", row.pk))


def _opinion(row: Opinion, place: Place) -> Line:
    meta = _meta(row.label, row.sector and row.sector.title, row.issue)
    url = place.url("opinions:detail", row.pk)
    return Line(row.title, url, meta, str(row.get_status_display()), row.status)


def _adoption(row: Adoption, place: Place) -> Line:
    how = _meta(row.get_form_display(), row.body, row.publication)
    meta = _meta(day(row.adopted_on), row.get_level_display(), how)
    return Line(row.opinion.title, place.url("opinions:detail", row.opinion_id), meta)


def _reception(row: Reception, place: Place) -> Line:
    meta = _meta(row.label, day(row.received_on), row.place_name, row.get_way_display())
    pill, tone = row.progress
    url = place.url("workrooms:reception", row.pk)
    return Line(row.title, url, meta, str(pill), tone)


def _enrolment(row: Enrolment, place: Place) -> Line:
    meta = _meta(day(row.activity.starts_at), row.activity.title, row.get_attendance_display())
    return Line(name(row.member.name), place.url("activities:detail", row.activity_id), meta)


def _shift(row: DutyShift, place: Place) -> Line:
    who = name(row.member.name) if row.member else ""
    url = place.url("workrooms:detail", row.workroom_id)
    return Line(str(row.workroom), url, _meta(day(row.day), who))


def _referral(row: Referral, place: Place) -> Line:
    due = _("办理期限 %(day)s") % {"day": day(row.due_on)}
    meta = _meta(row.label, row.answering_unit, day(row.referred_on), due)
    return Line(row.title, place.handled(row), meta)


def _promise(row: Promise, place: Place) -> Line:
    kept = _("%(day)s落实") % {"day": day(row.settled_on)} if row.settled_on else ""
    meta = _meta(row.referral.answering_unit, row.when, kept)
    return Line(str(row), place.handled(row.referral), meta)


LINES: dict[Any, Callable[[Any, Place], Line]] = {
    Activity: _activity,
    Visit: _visit,
    Contact: _contact,
    Occasion: _occasion,
    Sector: _sector,
    Opinion: _opinion,
    Adoption: _adoption,
    Reception: _reception,
    Enrolment: _enrolment,
    DutyShift: _shift,
    Referral: _referral,
    Promise: _promise,
}

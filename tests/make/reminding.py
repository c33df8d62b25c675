"""A committee in which every reminder has somebody to tell on a given working day."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from activities.models import Enrolling, Enrolment
from contacts.models import Measure
from notices.models import ReminderRun, ReminderSetting
from opinions.models import Status
from sectors.models import Responsibility
from tests import make
from tests.make import aftermath, handling

DAY = datetime.timedelta(days=1)


def at(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def enrolment(**over: Any) -> Enrolment:
    """Of a member who has a place; `enrolled_at=None, invited_at=…` for one who was invited."""
    activity, person = over.pop("activity"), over.pop("member")
    values = {"committee": activity.committee, "entered_by": person.user}
    values["enrolled_at"] = timezone.now()
    return Enrolment.objects.create(activity=activity, member=person, **values | over)


def run(**over: Any) -> ReminderRun:
    """Of duty-tomorrow, done today for three people."""
    now = timezone.now()
    values = {"name": "duty-tomorrow", "on": timezone.localdate(), "count": 3}
    values |= {"started_at": now, "finished_at": now}
    if "committee" not in over:
        over["committee"] = make.committee()
    return ReminderRun.objects.create(**values | over)


def setting(**over: Any) -> ReminderSetting:
    """duty-tomorrow is switched off."""
    belongs = over.setdefault("committee", None) or make.committee()
    values = {"name": "duty-tomorrow", "is_off": True, "committee": belongs}
    if "changed_by" not in over:
        values["changed_by"] = make.officer("clerk", belongs)
    return ReminderSetting.objects.create(**values | {k: v for k, v in over.items() if v})


def busy(cast: Any, on: datetime.date, *, times: int = 1) -> None:
    """From the 21st of a month on, in the last quarter, with an unpublished year ahead.

    `times` makes that many of everything of which there may be several.
    """
    member, other = cast.member_of("member"), cast.member_of("member2")
    cast.city.convenor_workdays = 3
    cast.city.save()
    for measure in (Measure.VISITS, Measure.CONTACTS):
        make.target(committee=cast.city, measure=measure, number=3, every="quarter")
    make.visit(member=member, happened_on=on - 30 * DAY)
    for place, title in enumerate(("反映诉求", "为民办实事")):
        Responsibility.objects.create(
            committee=cast.city, year=on.year, title=title, position=place
        )
    month = (on.replace(day=1) - DAY).replace(day=1)
    make.summary(committee=cast.city, month=month)
    for n in range(times):
        _opinions(cast, on, member, other)
        _book(cast, on, member)
        hours = (datetime.time(9 + n), datetime.time(9 + n, 50))
        make.duty_shift(workroom=cast.room, member=member, day=on + DAY, hours=hours)
        make.duty_shift(workroom=cast.room, member=other, day=on + DAY, hours=hours)
        _activities(cast, on, member, other)
        make.keeper(workroom=make.workroom(committee=cast.city), member=other)


def _activities(cast: Any, on: datetime.date, member: Any, other: Any) -> None:
    ahead = {"committee": cast.city, "published_at": at(on - 9 * DAY), "created_by": cast.clerk}
    tomorrow = make.activity(starts_at=at(on + DAY), **ahead)
    enrolment(activity=tomorrow, member=member)
    enrolment(activity=tomorrow, member=other, given_up_at=timezone.now())
    closing = make.activity(
        starts_at=at(on + 20 * DAY), enrolment=Enrolling.INVITED, enrol_until=at(on + DAY), **ahead
    )
    enrolment(activity=closing, member=other, enrolled_at=None, invited_at=timezone.now())
    enrolment(activity=closing, member=member)
    met = aftermath.consultation(**ahead | {"starts_at": at(on - 20 * DAY)})
    for days, over in ((1, {"unit": cast.unit}), (-3, {"workroom": cast.room})):
        aftermath.resolution(activity=met, due_on=on + days * DAY, **over)
    aftermath.resolution(activity=met, due_on=on + 3 * DAY, member=member)
    aftermath.follow_up(activity=met, due_on=on, created_by=cast.clerk)


def _opinions(cast: Any, on: datetime.date, member: Any, other: Any) -> None:
    waiting = {"sector": cast.education, "status": Status.WITH_CONVENOR}
    make.opinion(author=member, waiting_since=at(on - 4 * DAY), **waiting)
    make.opinion(authors=[member, other], waiting_since=at(on - 4 * DAY), **waiting)

    def issued(**over: Any) -> Any:
        return make.opinion(sector=cast.education, status=Status.ISSUED, **over)

    relayed = make.unit(committee=cast.city, is_relaying=True)
    make.officer("handler", cast.city, relayed.pk)
    for days in (-2, 1, 4):
        handling.referral(
            opinion=issued(author=member), unit=cast.unit, via=relayed, due_on=on + days * DAY
        )
    said = handling.reply(
        referral=handling.referral(opinion=issued(authors=[member, other]), unit=cast.unit),
        reply_class=handling.reply_class(committee=cast.city, letter="B"),
    )
    handling.promise(reply=said, planned_on=on)
    handling.promise(reply=said, planned_on=on - 30 * DAY)
    handling.promise(reply=said, planned_on=on + 200 * DAY)
    handling.evaluation(reply=said, asked_at=at(on - 9 * DAY), due_on=on + 2 * DAY)


def _book(cast: Any, on: datetime.date, member: Any) -> None:
    entries: list[dict[str, Any]] = [
        {},
        {"disposal": "unit", "due_on": on - 2 * DAY},
        {"nature": "petition", "disposal": "not_ours"},
        {"nature": "person"},
    ]
    for over in entries:
        day = on - 12 * DAY
        row = make.reception(workroom=cast.room, received_on=day, created_at=at(day), **over)
        row.members.add(member)

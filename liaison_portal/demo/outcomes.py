"""What became of issued reports: instructions, lists of the issue, a county's report sent on."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from committees.actions import take_number
from committees.models import Appointment, Role, User
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from opinions.actions.adoptions import SHARED
from opinions.actions.sending_on import issued_text, names_of
from opinions.models import (
    Adoption,
    BriefingSetting,
    Instruction,
    Issue,
    Manuscript,
    Opinion,
    Status,
    Step,
)

INSTRUCTED = 8  # of the city's latest issued reports
S = Status
# What the first county sent, and how far each has come in the city.
WALK = [
    ("arrived", S.RECEIVED, S.RECEIVED, None),
    ("take_up", S.RECEIVED, S.EDITING, Role.EDITOR),
    ("send_to_check", S.EDITING, S.CHECKING, Role.EDITOR),
    ("checked", S.CHECKING, S.SIGNING, Role.CHECKER),
    ("sign", S.SIGNING, S.ISSUED, Role.SIGNER),
]


def outcomes(place: Place, plan: Plan) -> None:
    rng = random.Random(f"outcomes:{place.committee.slug}")
    if place.is_city:
        _lists(place)
        _instructions(place, plan, rng)
    elif place.committee.slug.endswith("-01"):
        _sent_on(place, plan)


def _lists(place: Place) -> None:
    BriefingSetting.objects.create(
        committee=place.committee,
        editor=place.committee.office_name,
        report_to="省政协办公厅，市委、市人大常委会、市政府领导同志",
        send_to="市直有关部门，各县（市、区）政协",
        copy_to="市政协主席、副主席、秘书长，各专门委员会，各界别召集人",
        copies=60,
    )
    latest = Issue.objects.in_committee(place.committee).order_by("-total_number").values("pk")[:2]
    rows = Issue.objects.in_committee(place.committee)
    older = list(rows.exclude(pk__in=[row["pk"] for row in latest]))
    given = BriefingSetting.objects.get(committee=place.committee)
    foot = {name: getattr(given, name) for name in ("report_to", "send_to", "copy_to", "copies")}
    for issue in older:
        day = datetime.datetime.combine(issue.issued_on, datetime.time(17))
        issue.printed_at, issue.has_own_foot = timezone.make_aware(day), True
        for name, value in foot.items():
            setattr(issue, name, value)
    Issue.objects.bulk_update(older, ["printed_at", "has_own_foot", *foot])


def _instructions(place: Place, plan: Plan, rng: random.Random) -> None:
    out = Opinion.objects.in_committee(place.committee).filter(status__in=[S.ISSUED, S.CLOSED])
    rows = []
    for report in out.select_related("issue__signed_by").order_by("-waiting_since")[:INSTRUCTED]:
        assert report.issue is not None
        day = report.issue.issued_on + ONE_DAY * rng.randint(3, 12)
        if day > plan.today:
            continue
        rows.append(
            Instruction(
                committee=place.committee,
                opinion=report,
                level="city",
                body=rng.choice(["party", "government", "government"]),
                rank=rng.choice(Instruction.Rank.values),
                instructed_on=day,
                is_acted_on=rng.random() < 0.6,
                recorded_by=report.issue.signed_by,
            )
        )
    Instruction.objects.bulk_create(rows)


@dataclass
class Journey:
    """One report on its way from the county to the city."""

    source: Opinion
    sent: Opinion
    clerk: User
    crew: dict[str, User]
    on: datetime.date

    def step(self, place: int) -> Step:
        move, source, target, role = WALK[place]
        by = self.crew[role] if role else self.clerk
        step = Step(opinion=self.sent, move=move, source=source, target=target, by_user=by)
        day = self.on if place < 2 else self.on + ONE_DAY * (2 * place - 2)
        step.at = _at(day, 9 + place)
        return step


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, 20)))


def _sent_on(place: Place, plan: Plan) -> None:
    """Three of the county's: one adopted by city and province, one just arrived, one shelved."""
    out = Opinion.objects.in_committee(place.committee).filter(status__in=[S.ISSUED, S.CLOSED])
    chosen = out.with_authors().select_related("issue").order_by("-waiting_since")[:3]
    for place_, source in enumerate(chosen):
        how_far = (len(WALK), 1, 2)[place_]
        journey = _journey(place, plan, source, on=plan.today - ONE_DAY * (9, 1, 6)[place_])
        steps = [journey.step(number) for number in range(how_far)]
        if place_ == 2:
            shelved = Step(opinion=journey.sent, move="shelve", source=S.EDITING, target=S.SHELVED)
            shelved.at, shelved.by_user = _at(journey.on + ONE_DAY, 15), journey.crew[Role.EDITOR]
            steps.append(shelved)
        told = {"opinion": source, "source": source.status, "target": source.status}
        at = _at(journey.on, 9)
        steps.append(Step(**told, move="sent_on", at=at, by_user=journey.clerk))
        Step.objects.bulk_create(steps)
        _arrive(journey, plan, is_issued=place_ == 0)


def _journey(place: Place, plan: Plan, source: Opinion, *, on: datetime.date) -> Journey:
    city = place.committee.parent
    assert city is not None
    assert source.issue is not None
    held = Appointment.objects.filter(committee=city).select_related("user").order_by("-pk")
    crew = {office.role: office.user for office in held}
    sent = Opinion.objects.create(
        committee=city,
        source=source,
        sent_by=place.committee.name,
        sent_names=names_of(source),
        title=source.title,
        waiting_since=_at(on, 9),
        status=S.RECEIVED,
        created_by=source.issue.signed_by,
        submitted_on=on,
        received_on=on,
        year=on.year,
        number=take_number(city, "opinion", on.year),
    )
    words = issued_text(source)
    for kind in (Manuscript.Kind.ORIGINAL, Manuscript.Kind.EDITED):
        Manuscript.objects.create(
            opinion=sent,
            kind=kind,
            title=words.title,
            situation=words.situation,
            analysis=words.analysis,
            suggestion=words.suggestion,
            written_by=crew[Role.EDITOR] if kind == Manuscript.Kind.EDITED else sent.created_by,
            written_at=_at(on, 10),
        )
    Opinion.objects.filter(pk=sent.pk).update(created_at=_at(on, 9))
    return Journey(source, sent, sent.created_by, crew, on)


def _arrive(journey: Journey, plan: Plan, *, is_issued: bool) -> None:
    last = journey.sent.steps.order_by("at").last()
    assert last is not None
    values: dict[str, Any] = {"status": last.target, "waiting_since": last.at}
    if is_issued:
        values["issue"] = _issue(journey, timezone.localdate(last.at))
        _adopted(journey, values["issue"], plan)
    if last.target in (S.RECEIVED, S.SHELVED):
        journey.sent.manuscripts.filter(kind=Manuscript.Kind.EDITED).delete()
    Opinion.objects.filter(pk=journey.sent.pk).update(**values)


def _issue(journey: Journey, day: datetime.date) -> Issue:
    city = journey.sent.committee
    return Issue.objects.create(
        committee=city,
        year=day.year,
        number=take_number(city, "issue", day.year),
        total_number=take_number(city, "issue_total", 0),
        issued_on=day,
        signed_by=journey.crew[Role.SIGNER],
    )


def _adopted(journey: Journey, issue: Issue, plan: Plan) -> None:
    """At the city by signing, then at the province; each flows back to the county."""
    city = journey.sent.committee
    above = [
        ("city", city.name, str(issue), issue.issued_on),
        ("province", "省政协办公厅", "", plan.today - ONE_DAY),
    ]
    for level, body, publication, day in above:
        adoption = Adoption(committee=city, opinion=journey.sent, level=level, body=body)
        adoption.publication, adoption.adopted_on = publication, day
        adoption.recorded_by = journey.crew[Role.SIGNER]
        adoption.save()
        echo = Adoption(committee=journey.source.committee, opinion=journey.source)
        echo.origin, echo.recorded_by = adoption, adoption.recorded_by
        for name in SHARED:
            setattr(echo, name, getattr(adoption, name))
        echo.save()
        told = {"opinion": journey.source, "move": "adopted_above", "by_user": adoption.recorded_by}
        status = journey.source.status
        Step.objects.create(**told, source=status, target=status, at=_at(day, 17))

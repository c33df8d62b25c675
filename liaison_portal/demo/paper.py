"""Writing drawn reports as rows: numbers, issues, texts, steps and adoptions, all set-based."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter as Tally
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from committees.actors import actor_columns
from committees.models import Counter, User
from liaison_portal.demo.plan import ONE_DAY, Place, Plan
from liaison_portal.demo.reports import Report
from liaison_portal.demo.walks import Stride
from opinions.models import Adoption, Authorship, Issue, Manuscript, Opinion, Status, Step
from opinions.workflow import MOVES

Kind = Manuscript.Kind
TOGETHER = 3


def write(place: Place, plan: Plan, reports: list[Report]) -> None:
    _number(place, reports)
    issues = _issues(place, reports)
    rows = Opinion.objects.bulk_create(_opinion(place, plan, report) for report in reports)
    pairs = list(zip(rows, reports, strict=True))
    Authorship.objects.bulk_create(part for row, report in pairs for part in _parts(row, report))
    Manuscript.objects.bulk_create(text for row, report in pairs for text in _texts(row, report))
    Step.objects.bulk_create(step for row, report in pairs for step in _steps(plan, row, report))
    Adoption.objects.bulk_create(
        adoption for row, report in pairs for adoption in _adoptions(place, plan, row, report)
    )
    _age(place)
    _keep_counters(place, reports, issues)


def _on(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localdate(moment) if moment else None


def _number(place: Place, reports: list[Report]) -> None:
    """Numbers run through each year in the order of receipt."""
    received = sorted(
        ((at, report) for report in reports if (at := report.at(Status.RECEIVED))),
        key=lambda pair: pair[0],
    )
    last: Tally[int] = Tally()
    for at, report in received:
        year = timezone.localdate(at).year
        last[year] += 1
        report.number = last[year]


def _issues(place: Place, reports: list[Report]) -> list[Issue]:
    """Numbered by year and in all; what was signed on one day, up to three, shares one issue."""
    signed = sorted(
        ((at, report) for report in reports if (at := report.at(Status.ISSUED))),
        key=lambda pair: pair[0],
    )
    last: Tally[int] = Tally()
    rows: list[Issue] = []
    taken: list[tuple[Report, Issue]] = []
    for at, report in signed:
        day = timezone.localdate(at)
        same = [other for other, row in taken if row is rows[-1]] if rows else []
        if rows and rows[-1].issued_on == day and len(same) < TOGETHER:
            taken.append((report, rows[-1]))
            continue
        last[day.year] += 1
        rows.append(
            Issue(
                committee=place.committee,
                year=day.year,
                number=last[day.year],
                total_number=len(rows) + 1,
                issued_on=day,
                signed_by=report.crew.signer,
            )
        )
        taken.append((report, rows[-1]))
    Issue.objects.bulk_create(rows)
    for report, issue in taken:
        report.issue = issue
    return rows


def _opinion(place: Place, plan: Plan, report: Report) -> Opinion:
    walk, last = report.walk, report.walk.strides[-1:]
    received_on = _on(report.at(Status.RECEIVED))
    writer = plan.accounts["delegate"] if report.is_by_delegate else report.author.user
    return Opinion(
        committee=place.committee,
        year=received_on.year if received_on else None,
        number=report.number,
        title="" if report.is_offline else report.title,
        status=walk.stands_in,
        waiting_since=last[0].at if last else report.began_at,
        returned_from=walk.returned_from,
        is_direct=walk.is_direct or any(s.move == "submit_straight" for s in walk.strides),
        is_urgent=report.is_urgent,
        category=place.categories[report.topic.category],
        sector=place.sector_of[report.author.pk] if walk.strides else None,
        visit_id=report.visit_id,
        issue=report.issue,
        created_by=writer,
        on_behalf_of=report.author if report.is_by_delegate else None,
        submitted_on=_on(walk.strides[0].at) if walk.strides else None,
        received_on=received_on,
    )


def _parts(row: Opinion, report: Report) -> list[Authorship]:
    authors = [report.author, *([report.with_author] if report.with_author else [])]
    return [
        Authorship(opinion=row, member=member, place=place, confirmed_at=report.began_at)
        for place, member in enumerate(authors, start=1)
    ]


def _texts(row: Opinion, report: Report) -> list[Manuscript]:
    """The original, its second version after a return, and the office's text beside them.

    A report that went offline keeps none of its content.
    """
    if report.is_offline:
        return []
    parts = report.parts()
    texts = [_text(row, Kind.ORIGINAL, 1, report, row.created_by, report.began_at, parts)]
    for stride in report.walk.strides:
        if stride.move == "resubmit":
            more = {**parts, "situation": parts["situation"] + "以上情况由走访和座谈中了解。"}
            version = sum(text.kind == Kind.ORIGINAL for text in texts) + 1
            if version == 2:
                texts.append(_text(row, Kind.ORIGINAL, 2, report, row.created_by, stride.at, more))
        elif stride.move == "send_to_check" and not any(t.kind == Kind.EDITED for t in texts):
            said = f"据市政协委员反映，{parts['situation']}"
            edited = {**parts, "situation": said}
            texts.append(_text(row, Kind.EDITED, 1, report, report.crew.editor, stride.at, edited))
    return texts


def _text(
    row: Opinion,
    kind: Kind,
    version: int,
    report: Report,
    by: User,
    at: datetime.datetime,
    parts: dict[str, str],
) -> Manuscript:
    return Manuscript(
        opinion=row,
        kind=kind,
        version=version,
        title=report.title,
        written_by=by,
        written_at=at,
        **parts,
    )


def _steps(plan: Plan, row: Opinion, report: Report) -> list[Step]:
    steps = []
    for stride in report.walk.strides:
        is_authors = stride.by == report.author.user and report.is_by_delegate
        by = plan.accounts["delegate"] if is_authors else stride.by
        steps.append(
            Step(
                opinion=row,
                move=stride.move,
                source=stride.source,
                target=stride.target,
                note=_note(stride, report),
                at=stride.at,
                on_behalf_of=report.author if is_authors else None,
                **actor_columns(by),
            )
        )
    return steps


def _note(stride: Stride, report: Report) -> str:
    """What was said; of a report that went offline only the receipt of the deletion stays."""
    if not report.is_offline:
        return stride.note
    if stride.target != Status.OFFLINE:
        return ""
    parts = report.parts().values()
    digest = hashlib.sha256("\n".join([report.title, *parts]).encode()).hexdigest()
    characters = sum(map(len, parts))
    return f"已删除文稿 1 份、{characters} 字，校验值 {digest}"


def _adoptions(place: Place, plan: Plan, row: Opinion, report: Report) -> list[Adoption]:
    """At the own level by signing, now and then at the province, seldom by the nation."""
    signed_at = report.at(Status.ISSUED)
    if signed_at is None:
        return []
    committee, day = place.committee, timezone.localdate(signed_at)
    common: dict[str, Any] = {"committee": committee, "opinion": row}
    rows = [
        Adoption(
            **common,
            level=committee.level,
            body=committee.name,
            publication=str(report.issue),
            adopted_on=day,
            recorded_by=report.crew.signer,
        )
    ]
    higher = [("province", "省政协办公厅", 0.12), ("nation", "全国政协办公厅", 0.03)]
    for level, body, chance in higher:
        day += ONE_DAY * plan.rng.randint(12, 40)
        if plan.rng.random() < chance and day < plan.today:
            rows.append(
                Adoption(
                    **common,
                    level=level,
                    form=plan.rng.choice(Adoption.Form.values),
                    body=body,
                    adopted_on=day,
                    recorded_by=report.crew.editor,
                )
            )
    return rows


def _age(place: Place) -> None:
    """`created_at` is written by the clock of the machine; a report was begun with its text."""
    written = Manuscript.objects.filter(opinion=OuterRef("pk")).order_by("written_at")
    moved = Step.objects.filter(opinion=OuterRef("pk")).order_by("at")
    began_at = Coalesce(
        Subquery(written.values("written_at")[:1]), Subquery(moved.values("at")[:1])
    )
    Opinion.objects.filter(committee=place.committee).update(created_at=began_at)


def _keep_counters(place: Place, reports: list[Report], issues: list[Issue]) -> None:
    """The next number given out follows the last one written here."""
    last: dict[tuple[str, int], int] = {("issue_total", 0): len(issues)}
    for report in reports:
        if report.number and (on := _on(report.at(Status.RECEIVED))):
            key = ("opinion", on.year)
            last[key] = max(last.get(key, 0), report.number)
    for issue in issues:
        key = ("issue", issue.year)
        last[key] = max(last.get(key, 0), issue.number)
    Counter.objects.bulk_create(
        Counter(committee=place.committee, kind=kind, year=year, value=value)
        for (kind, year), value in last.items()
    )


def check(reports: list[Report]) -> None:
    """Every step is one the workflow offers; a changed table fails here and not on a screen."""
    for report in reports:
        status = Status.DRAFT
        for stride in report.walk.strides:
            rule = MOVES[stride.move]
            ways = {rule.target} | ({rule.detour.target} if rule.detour else set())
            if stride.source != status or status not in rule.sources or stride.target not in ways:
                raise AssertionError(f"{stride.move} does not lead {status} → {stride.target}")
            status = stride.target

"""What the clock does on the first: the figures of all rooms, and their papers in Word."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from django.db import connection
from django.utils import timezone

from committees.models import Committee
from contacts.periods import Every, Period
from liaison_portal.bench.measuring import Figure, in_turns
from records.actions import draft_all
from records.counting import numbers, tally_days
from records.exporting import word
from records.models import MonthlySummary, Of
from records.periods import Subject, year_before

ROOMS, PAPERS = "room-figures", "room-papers"
ROOMS_LIMIT, PAPERS_LIMIT = 1.5, 3  # times the grouped SQL; seconds of CPU for all of them

GROUPED = """
SELECT room, measure, sum(value) FILTER (WHERE {now}), sum(value) FILTER (WHERE {before}),
       sum(value) FILTER (WHERE {ago})
FROM (
  SELECT a.workroom_id AS room, 'activities' AS measure, 1 AS value,
         (a.starts_at AT TIME ZONE 'Asia/Shanghai')::date AS day
    FROM activities_activity a
   WHERE a.committee_id = %(committee)s AND a.workroom_id IS NOT NULL
     AND a.published_at IS NOT NULL AND a.called_off_at IS NULL
  UNION ALL
  SELECT a.workroom_id, 'served', a.people_served,
         (a.starts_at AT TIME ZONE 'Asia/Shanghai')::date
    FROM activities_activity a
   WHERE a.committee_id = %(committee)s AND a.workroom_id IS NOT NULL
     AND a.published_at IS NOT NULL AND a.called_off_at IS NULL
  UNION ALL
  SELECT a.workroom_id, 'attendance', 1, (a.starts_at AT TIME ZONE 'Asia/Shanghai')::date
    FROM activities_enrolment e JOIN activities_activity a ON a.id = e.activity_id
   WHERE e.committee_id = %(committee)s AND a.workroom_id IS NOT NULL
     AND e.attendance IN ('present', 'late', 'early')
     AND a.published_at IS NOT NULL AND a.called_off_at IS NULL
  UNION ALL
  SELECT d.workroom_id, 'duties', 1, d.day FROM workrooms_dutyshift d
   WHERE d.committee_id = %(committee)s AND d.state = 'done'
  UNION ALL
  SELECT r.workroom_id, 'receptions', 1, r.received_on FROM workrooms_reception r
   WHERE r.committee_id = %(committee)s AND r.workroom_id IS NOT NULL
  UNION ALL
  SELECT r.workroom_id, 'answered', 1, r.received_on FROM workrooms_reception r
   WHERE r.committee_id = %(committee)s AND r.workroom_id IS NOT NULL
     AND r.disposal = 'on_the_spot'
  UNION ALL
  SELECT r.workroom_id, 'resolved', 1, r.resulted_on FROM workrooms_reception r
   WHERE r.committee_id = %(committee)s AND r.workroom_id IS NOT NULL
  UNION ALL
  SELECT r.workroom_id, 'received', 1, o.received_on
    FROM opinions_opinion o JOIN workrooms_reception r ON r.id = o.reception_id
   WHERE o.committee_id = %(committee)s AND NOT o.is_composed
  UNION ALL
  SELECT r.workroom_id, 'issued', 1, i.issued_on
    FROM opinions_opinion o JOIN workrooms_reception r ON r.id = o.reception_id
    JOIN opinions_issue i ON i.id = o.issue_id
   WHERE o.committee_id = %(committee)s
  UNION ALL
  SELECT r.workroom_id, 'adopted', 1, d.adopted_on
    FROM opinions_adoption d JOIN opinions_opinion o ON o.id = d.opinion_id
    JOIN workrooms_reception r ON r.id = o.reception_id
   WHERE d.committee_id = %(committee)s
  UNION ALL
  SELECT coalesce(r.workroom_id, q.workroom_id), 'referred', 1, f.referred_on
    FROM opinions_referral f LEFT JOIN workrooms_reception r ON r.id = f.reception_id
    LEFT JOIN opinions_opinion o ON o.id = f.opinion_id
    LEFT JOIN workrooms_reception q ON q.id = o.reception_id
   WHERE f.committee_id = %(committee)s
  UNION ALL
  SELECT coalesce(r.workroom_id, q.workroom_id), 'replied', 1,
         (f.answered_at AT TIME ZONE 'Asia/Shanghai')::date
    FROM opinions_referral f LEFT JOIN workrooms_reception r ON r.id = f.reception_id
    LEFT JOIN opinions_opinion o ON o.id = f.opinion_id
    LEFT JOIN workrooms_reception q ON q.id = o.reception_id
   WHERE f.committee_id = %(committee)s
  UNION ALL
  SELECT r.workroom_id, 'above', 1, d.adopted_on
    FROM opinions_adoption d JOIN opinions_opinion o ON o.id = d.opinion_id
    JOIN workrooms_reception r ON r.id = o.reception_id
   WHERE d.committee_id = %(committee)s AND d.level IN ('province', 'nation')
  UNION ALL
  SELECT coalesce(r.workroom_id, q.workroom_id), 'solved', 1,
         (f.answered_at AT TIME ZONE 'Asia/Shanghai')::date
    FROM opinions_referral f LEFT JOIN workrooms_reception r ON r.id = f.reception_id
    LEFT JOIN opinions_opinion o ON o.id = f.opinion_id
    LEFT JOIN workrooms_reception q ON q.id = o.reception_id
   WHERE f.committee_id = %(committee)s AND EXISTS (
     SELECT 1 FROM opinions_reply y JOIN opinions_replyclass k ON k.id = y.reply_class_id
      WHERE y.referral_id = f.id AND y.answered_at IS NOT NULL AND k.is_solved)
  UNION ALL
  SELECT coalesce(r.workroom_id, q.workroom_id), 'planned', 1, x.planned_on
    FROM opinions_promise x JOIN opinions_referral f ON f.id = x.referral_id
    LEFT JOIN workrooms_reception r ON r.id = f.reception_id
    LEFT JOIN opinions_opinion o ON o.id = f.opinion_id
    LEFT JOIN workrooms_reception q ON q.id = o.reception_id
   WHERE f.committee_id = %(committee)s
  UNION ALL
  SELECT coalesce(r.workroom_id, q.workroom_id), 'kept', 1, x.settled_on
    FROM opinions_promise x JOIN opinions_referral f ON f.id = x.referral_id
    LEFT JOIN workrooms_reception r ON r.id = f.reception_id
    LEFT JOIN opinions_opinion o ON o.id = f.opinion_id
    LEFT JOIN workrooms_reception q ON q.id = o.reception_id
   WHERE f.committee_id = %(committee)s
  UNION ALL
  SELECT DISTINCT r.workroom_id, 'reviewed', 1, (s.at AT TIME ZONE 'Asia/Shanghai')::date
    FROM opinions_step s JOIN opinions_opinion o ON o.id = s.opinion_id
    JOIN workrooms_reception r ON r.id = o.reception_id
   WHERE o.committee_id = %(committee)s AND s.move IN ('recommend', 'suggest')
  UNION ALL
  SELECT DISTINCT r.workroom_id, 'closed', 1, (s.at AT TIME ZONE 'Asia/Shanghai')::date
    FROM opinions_step s JOIN opinions_opinion o ON o.id = s.opinion_id
    JOIN workrooms_reception r ON r.id = o.reception_id
   WHERE o.committee_id = %(committee)s AND s.target = 'closed'
) facts
WHERE {now} OR {before} OR {ago}
GROUP BY room, measure
"""


def measure_rooms(committee: Committee, *, rounds: int) -> Figure:
    """The figures of every room for three periods, from the figures of days, beside one grouped
    statement over the rows themselves, which leaves out co-organisers, parts of composed reports
    and what was open or is to come."""
    period = Period.of(Every.MONTH, timezone.localdate()).previous
    draft_all(committee, period)
    periods = (period, period.previous, year_before(period))
    rooms = list(committee.workrooms.values_list("pk", flat=True))

    def grouped() -> None:
        spans = dict(zip(("now", "before", "ago"), periods, strict=True))
        given: dict[str, Any] = {"committee": committee.pk}
        tests = {}
        for name, one in spans.items():
            tests[name] = f"day >= %({name}_first)s AND day < %({name}_end)s"
            given |= {f"{name}_first": one.starts_on, f"{name}_end": one.ends_on}
        with connection.cursor() as cursor:
            cursor.execute(GROUPED.format(**tests), given)
            cursor.fetchall()

    def ours() -> None:
        tallied = tally_days(committee, periods, [Of.WORKROOM])
        for one in periods:
            for room in rooms:
                numbers(tallied[one], Subject(Of.WORKROOM, room))

    return Figure(ROOMS, *in_turns(grouped, ours, rounds=rounds), ROOMS_LIMIT)


def measure_papers(committee: Committee, *, rounds: int) -> Figure:
    """Seconds of CPU for the Word file of every room (the floor is one second)."""
    period = Period.of(Every.MONTH, timezone.localdate()).previous
    draft_all(committee, period)
    rows = list(MonthlySummary.objects.of(Of.WORKROOM).during(period).with_subject())
    for row in rows:
        row.committee = committee
    taken = []
    for _ in range(max(3, rounds // 10)):
        started = time.process_time()
        for row in rows:
            word(row, [])
        taken.append(time.process_time() - started)
    return Figure(PAPERS, 1.0, median(taken), PAPERS_LIMIT)


BULK = {ROOMS: measure_rooms, PAPERS: measure_papers}

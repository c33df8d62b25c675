"""Runs inside the portal under test (`manage.py shell`) and does what it is told, a line at a time.

Each line is a JSON list `[verb, *arguments]`; each answer one JSON line.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from typing import Any

from celery import current_app
from django.db.models import Count
from django.utils import timezone

from committees.actions import add_committee
from committees.actors import CLOCK
from committees.models import Appointment, Committee, Level, Role, User
from committees.spans import span_from
from notices.actions import post_many
from notices.models import Delivery, Notice

TOLD = "feedback_given"  # sent at once
GATHERED = "feedback_answered"  # waits for the digest


def seed(people: int) -> int:
    city = add_committee(slug="city", name="政协测试市委员会", level=Level.CITY, by=CLOCK)
    clerk = User(name="周文静", sign_in_name="clerk", phone="13700000000")
    clerk.set_password("a-long-password")
    clerk.save()
    began = span_from(datetime.date(2026, 1, 1))
    Appointment.objects.create(user=clerk, committee=city, role=Role.CLERK, span=began)
    for n in range(people):
        User.objects.create(name=f"测{n}", sign_in_name=f"u{n}", phone=f"138{n:08d}", password="!")
    return people


def _tell(key: str, kind: str) -> int:
    people = User.objects.filter(sign_in_name__startswith="u").order_by("pk")
    city = Committee.objects.get(slug="city")
    return len(post_many(kind, to=people, key=key, about=None, committee=city))


def tell(key: str) -> int:
    return _tell(key, TOLD)


def gather(key: str) -> int:
    return _tell(key, GATHERED)


def age(minutes: int) -> int:
    """As if it had all happened so long ago."""
    before = timezone.now() - datetime.timedelta(minutes=minutes)
    return Notice.objects.filter(sent_at=None).update(created_at=before)


def run(task: str, *args: Any) -> int:
    current_app.send_task(task, args=args, ignore_result=True)
    return 0


def state() -> dict[str, Any]:
    counted = Delivery.objects.values_list("state").annotate(Count("pk")).order_by()
    unsent = Notice.objects.unsent()
    return {
        "unsent": unsent.filter(waits_for="").count(),
        "waiting": unsent.exclude(waits_for="").count(),
        "digests": Notice.objects.filter(kind="digest").count(),
        "deliveries": dict(counted),
    }


def second_beat() -> int:
    """A beat beside the portal's own, as a slip of the hand would start one."""
    command = [sys.executable, "-m", "celery", "-A", "liaison_portal.celery", "beat"]
    command += ["--schedule", "/tmp/" + f"second-beat-{os.getpid()}", "--pidfile", ""]
    return subprocess.Popen(command, stdout=sys.stderr).pid


VERBS: dict[str, Any] = {
    one.__name__: one for one in (seed, tell, gather, age, run, state, second_beat)
}


def main() -> None:
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        print(json.dumps(VERBS[verb](*arguments)), flush=True)

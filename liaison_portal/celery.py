"""The Celery application and the clock's schedule (Asia/Shanghai)."""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery
from celery.result import AsyncResult
from celery.schedules import crontab
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")
log = logging.getLogger(__name__)


class Portal(Celery):
    def send_task(self, name: str, *args: Any, **kwargs: Any) -> AsyncResult:
        """Wake a worker if the broker is there; if not, the sweeper finds the row later.

        What must happen is a row in the database, so a page never fails because of the broker.
        """
        try:
            return super().send_task(name, *args, **kwargs)
        except (OperationalError, OSError) as error:
            log.warning("No broker to wake %s: %s", name, error)
            return self.AsyncResult(kwargs.get("task_id") or "")


app = Portal("liaison_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# One try to publish: a page must not wait for a broker that is away.
app.conf.task_publish_retry = False
app.conf.beat_schedule = {
    "draft-monthly-summaries": {
        "task": "records.tasks.draft_monthly_summaries",
        # Again on the next two days: safe to run twice, and a wake-up may be lost.
        "schedule": crontab(day_of_month="1-3", hour=6, minute=0),
    },
    "count-days": {
        "task": "records.tasks.count_days",
        "schedule": crontab(hour=2, minute=30),
    },
    "frozen-summaries": {
        "task": "records.tasks.check_frozen_summaries",
        "schedule": crontab(hour=2, minute=50),
    },
    "daily-opinions": {
        "task": "opinions.tasks.reports.run_daily",
        "schedule": crontab(hour=7, minute=30),
    },
    "daily-following": {
        "task": "opinions.tasks.following.run_daily",
        "schedule": crontab(hour=7, minute=35),
    },
    "recent-fingerprints": {
        "task": "opinions.tasks.similar.run_fingerprints",
        "schedule": crontab(minute="5-59/10"),
    },
    "all-fingerprints": {
        "task": "opinions.tasks.similar.run_fingerprints",
        "schedule": crontab(hour=4, minute=20),
        "kwargs": {"whole": True},
    },
    "train-categories": {
        "task": "opinions.tasks.similar.run_category_training",
        "schedule": crontab(day_of_week="sun", hour=4, minute=40),
    },
    "clear-sessions": {
        "task": "committees.tasks.clear_sessions",
        "schedule": crontab(hour=3, minute=30),
    },
    "forget-public-counts": {
        "task": "workrooms.tasks.forget_public_counts",
        "schedule": crontab(hour=3, minute=35),
    },
    "forget-roster-imports": {
        "task": "sectors.tasks.forget_roster_imports",
        "schedule": crontab(hour=3, minute=45),
    },
    "forget-contact-imports": {
        "task": "contacts.tasks.forget_contact_imports",
        "schedule": crontab(hour=3, minute=50),
    },
    "sweep-files": {
        "task": "committees.tasks.sweep_files",
        "schedule": crontab(hour=3, minute=40),
    },
    "notice-digests": {
        "task": "notices.tasks.start_digests",
        # Every ten minutes, so that a morning without power is made up for; once a person and day.
        "schedule": crontab(hour="7-18", minute="*/10"),
    },
    "sms-receipts": {
        "task": "notices.tasks.read_receipts",
        "schedule": crontab(minute="3-59/15"),
    },
    "run-reminders": {
        "task": "notices.tasks.run_reminders",
        # Again and again: what was run is a row, and what a night or an outage delayed is found.
        "schedule": crontab(hour="7-20", minute="*/10"),
    },
    "sweep-roster-readings": {
        "task": "sectors.tasks.sweep_roster_readings",
        "schedule": crontab(minute="1-59/2"),
    },
    "carry-out-transfers": {
        "task": "sectors.tasks.carry_out_transfers",
        # From the first minutes of the day on, and again: a night without power is made up for.
        "schedule": crontab(minute="2-59/15"),
    },
    "sweep-unsent-notices": {
        "task": "notices.tasks.sweep_unsent",
        "schedule": crontab(minute="*/2"),
    },
}

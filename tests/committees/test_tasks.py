from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from committees.tasks import clear_sessions
from liaison_portal.celery import app


def test_sessions_that_have_run_out_are_forgotten_once(db):
    now = timezone.now()
    Session.objects.create(session_key="over", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="open", expire_date=now + timedelta(hours=1))
    assert [clear_sessions(), clear_sessions()] == [1, 0]
    assert [row.session_key for row in Session.objects.all()] == ["open"]


def test_the_clock_names_tasks_that_exist():
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named == {
        "records.tasks.draft_monthly_summaries",
        "records.tasks.count_days",
        "opinions.tasks.reports.run_daily",
        "opinions.tasks.following.run_daily",
        "opinions.tasks.similar.run_category_training",
        "opinions.tasks.similar.run_fingerprints",
        "committees.tasks.clear_sessions",
        "committees.tasks.sweep_files",
        "notices.tasks.run_reminders",
        "notices.tasks.sweep_unsent",
        "notices.tasks.start_digests",
        "notices.tasks.read_receipts",
        "workrooms.tasks.forget_public_counts",
        "sectors.tasks.sweep_roster_readings",
        "sectors.tasks.carry_out_transfers",
        "sectors.tasks.forget_roster_imports",
        "contacts.tasks.forget_contact_imports",
        "records.tasks.check_frozen_summaries",
    }
    assert named <= app.tasks.keys()

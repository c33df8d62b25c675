"""Delivery: every notice becomes one file, whoever tries how often."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from notices import channels, tasks
from notices.models import MAX_ATTEMPTS, Notice
from tests import make


@pytest.fixture(autouse=True)
def outbox(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "outbox"


@pytest.fixture
def sent(monkeypatch):
    """The notices given to the channel, in order."""
    ids, send = [], channels.send
    monkeypatch.setattr(channels, "send", lambda notice: (ids.append(notice.pk), send(notice))[1])
    return ids


def waiting(minutes=5, **over):
    notice = make.notice(sms="短信", mail="邮件", **over)
    Notice.objects.filter(pk=notice.pk).update(
        created_at=timezone.now() - datetime.timedelta(minutes=minutes)
    )
    return notice


def ago(minutes):
    return timezone.now() - datetime.timedelta(minutes=minutes)


def test_deliver_writes_one_file_and_marks_the_row(db, outbox, sent):
    notice = make.notice(sms="短信一行", mail="邮件全文", path="/city/")
    assert tasks.deliver(notice.pk) == 1
    assert [file.name for file in outbox.iterdir()] == [f"{notice.pk}.txt"]
    text = (outbox / f"{notice.pk}.txt").read_text("utf-8")
    assert text.split("\n") == [
        f"To: user {notice.recipient_id}",
        "Kind: test",
        f"Key: {notice.key}",
        "Path: /city/",
        "",
        "[SMS]",
        "短信一行",
        "",
        "[MAIL]",
        notice.title,
        "",
        "邮件全文",
        "",
    ]
    assert notice.recipient.phone not in text
    assert (
        outbox.stat().st_mode & 0o777,
        (outbox / f"{notice.pk}.txt").stat().st_mode & 0o777,
    ) == (
        0o700,
        0o600,
    )
    notice.refresh_from_db()
    assert notice.sent_at and notice.attempts == 1


def test_deliver_twice_sends_once(db, sent):
    notice = make.notice()
    assert [tasks.deliver(notice.pk), tasks.deliver(notice.pk)] == [1, 0]
    assert sent == [notice.pk]


def test_a_fresh_claim_is_left_alone_and_an_old_one_taken_over(db, outbox, sent):
    notice = make.notice(claimed_at=ago(9))
    assert tasks.deliver(notice.pk) == 0
    Notice.objects.update(claimed_at=ago(11))
    assert tasks.deliver(notice.pk) == 1
    assert sent == [notice.pk]


def test_killed_between_file_and_mark_leaves_the_same_file(db, outbox, sent):
    notice = make.notice(sms="短信", mail="邮件")
    tasks.deliver(notice.pk)
    before = (outbox / f"{notice.pk}.txt").read_bytes()
    Notice.objects.update(sent_at=None, claimed_at=ago(11))  # as if killed before the mark
    assert tasks.deliver(notice.pk) == 1
    assert {file.name: file.read_bytes() for file in outbox.iterdir()} == {
        f"{notice.pk}.txt": before
    }


def test_unknown_notice_is_nothing_to_do(db, sent):
    assert tasks.deliver(0) == 0
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_once(sent):
    notice = make.notice()
    start, results = threading.Barrier(2), []

    def worker():
        try:
            start.wait(5)
            results.append(tasks.deliver(notice.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(10) for thread in threads]
    assert sorted(results) == [0, 1]
    assert sent == [notice.pk]


def test_a_full_disk_leaves_the_row_to_the_sweeper(db, outbox, monkeypatch):
    notice, other = waiting(), waiting()
    monkeypatch.setattr(channels, "_letter", lambda row: _raise(OSError("disk full")))
    assert tasks.deliver_all([notice.pk, other.pk]) == 0
    assert list(outbox.iterdir()) == []
    assert list(Notice.objects.order_by("pk").values_list("attempts", "sent_at")) == [(1, None)] * 2
    monkeypatch.undo()


def _raise(error):
    raise error


def test_sweeper_finds_what_is_old_unsent_and_unclaimed(db, sent):
    lost = waiting()
    died = waiting(claimed_at=ago(11))
    waiting(minutes=0)
    waiting(claimed_at=ago(2))
    waiting(sent_at=ago(3))
    waiting(attempts=MAX_ATTEMPTS)
    assert tasks.sweep_unsent() == 2
    assert sent == [lost.pk, died.pk]
    assert tasks.sweep_unsent() == 0


def test_sweeper_goes_on_in_chunks_and_past_failures(db, monkeypatch):
    ids = [waiting().pk for _ in range(7)]
    send = channels.send
    monkeypatch.setattr(tasks, "CHUNK", 2)
    monkeypatch.setattr(
        channels, "send", lambda row: _raise(OSError()) if row.pk == ids[1] else send(row)
    )
    assert tasks.sweep_unsent() == 6
    assert list(Notice.objects.unsent().values_list("pk", flat=True)) == [ids[1]]


def test_sweeper_stops_at_its_limit(db, monkeypatch):
    for _ in range(5):
        waiting()
    monkeypatch.setattr(tasks, "CHUNK", 2)
    monkeypatch.setattr(tasks, "AT_MOST", 4)
    assert [tasks.sweep_unsent(), tasks.sweep_unsent()] == [4, 1]

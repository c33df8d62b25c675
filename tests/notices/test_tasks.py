"""Delivery: every notice becomes one file, whoever tries how often."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from notices import channels, tasks
from notices.channels import files
from notices.models import MAX_ATTEMPTS, Delivery, Notice
from tests import make


@pytest.fixture(autouse=True)
def files_only(settings, outbox):
    settings.NOTICE_QUIET = ""
    return outbox


@pytest.fixture
def sent(monkeypatch):
    """The numbers of what was given to the channel, in order."""
    numbers, send = [], files.Files.send
    monkeypatch.setattr(
        files.Files,
        "send",
        lambda self, message: (numbers.append(message.number), send(self, message))[1],
    )
    return numbers


def number_of(notice, turn=1):
    return f"n{notice.pk}-file-{turn}"


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
    name = f"{number_of(notice)}.txt"
    assert [file.name for file in outbox.iterdir()] == [name]
    text = (outbox / name).read_text("utf-8")
    assert text.split("\n") == [
        f"To: user {notice.recipient_id}",
        f"Number: {number_of(notice)}",
        f"Link: /{notice.committee.slug}/notices/{notice.pk}/",
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
    modes = outbox.stat().st_mode & 0o777, (outbox / name).stat().st_mode & 0o777
    assert modes == (0o700, 0o600)
    notice.refresh_from_db()
    assert notice.sent_at and notice.attempts == 1
    row = Delivery.objects.get()
    assert (row.notice, row.channel, row.state) == (notice, "file", "sent")
    assert (row.committee, row.recipient) == (notice.committee, notice.recipient)
    assert row.provider_id == name and row.sent_at


def test_deliver_twice_sends_once(db, sent):
    notice = make.notice()
    assert [tasks.deliver(notice.pk), tasks.deliver(notice.pk)] == [1, 0]
    assert sent == [number_of(notice)]


def test_a_fresh_claim_is_left_alone_and_an_old_one_taken_over(db, outbox, sent):
    notice = make.notice(claimed_at=ago(9))
    assert tasks.deliver(notice.pk) == 0
    Notice.objects.update(claimed_at=ago(11))
    assert tasks.deliver(notice.pk) == 1
    assert sent == [number_of(notice)]


def test_killed_between_file_and_mark_leaves_the_same_file(db, outbox, sent):
    notice = make.notice(sms="短信", mail="邮件")
    tasks.deliver(notice.pk)
    name = f"{number_of(notice)}.txt"
    before = (outbox / name).read_bytes()
    Notice.objects.update(sent_at=None, claimed_at=ago(11))  # as if killed before the mark
    Delivery.objects.update(state="sending", sent_at=None)
    assert tasks.deliver(notice.pk) == 1
    assert {file.name: file.read_bytes() for file in outbox.iterdir()} == {name: before}


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
    assert sent == [number_of(notice)]


def test_a_full_disk_leaves_the_row_to_the_sweeper(db, outbox, monkeypatch):
    notice, other = waiting(), waiting()
    monkeypatch.setattr(files.Path, "replace", lambda *_args: _raise(OSError(28, "disk full")))
    assert tasks.deliver_all([notice.pk, other.pk]) == 0
    assert list(outbox.iterdir()) == []
    assert list(Notice.objects.order_by("pk").values_list("attempts", "sent_at")) == [(1, None)] * 2
    assert set(Delivery.objects.values_list("state", "error")) == {("sending", "OSError 28")}
    assert tasks.sweep_unsent() == 0  # not before its time
    monkeypatch.undo()


def _raise(error):
    raise error


def test_sweeper_finds_what_is_old_unsent_and_unclaimed(db, sent):
    lost = waiting()
    died = waiting(claimed_at=ago(11))
    held = waiting(hold_until=ago(1))
    waiting(minutes=0)
    waiting(claimed_at=ago(2))
    waiting(sent_at=ago(3))
    waiting(attempts=MAX_ATTEMPTS)
    waiting(hold_until=timezone.now() + datetime.timedelta(minutes=1))
    waiting(waits_for="daily")
    assert tasks.sweep_unsent() == 3
    assert sent == [number_of(one) for one in (lost, died, held)]
    assert tasks.sweep_unsent() == 0


def test_sweeper_goes_on_in_chunks_and_past_failures(db, monkeypatch):
    ids = [waiting().pk for _ in range(7)]
    send = files.Files.send
    monkeypatch.setattr(tasks, "CHUNK", 2)
    monkeypatch.setattr(
        files.Files,
        "send",
        lambda self, row: (
            _raise(RuntimeError()) if row.number == f"n{ids[1]}-file-1" else send(self, row)
        ),
    )
    assert tasks.sweep_unsent() == 6
    assert list(Notice.objects.unsent().values_list("pk", flat=True)) == [ids[1]]


def test_sweeper_stops_at_its_limit(db, monkeypatch):
    for _ in range(5):
        waiting()
    monkeypatch.setattr(tasks, "CHUNK", 2)
    monkeypatch.setattr(tasks, "AT_MOST", 4)
    assert [tasks.sweep_unsent(), tasks.sweep_unsent()] == [4, 1]


def test_receipts_of_an_sms_that_did_not_arrive_go_on_elsewhere(db, gateways):
    stub = gateways("sms", "mail")
    rows = [make.notice(kind="referral_new") for _ in range(3)]
    for row in rows:
        make.way(user=row.recipient, channel="sms", address="", place=1)
        make.way(user=row.recipient, channel="mail", address="a@example.org", place=2)
    assert tasks.deliver_all([row.pk for row in rows]) == 3
    assert tasks.read_receipts() == 0  # too early to ask
    Delivery.objects.update(created_at=ago(5))
    stub.lost = {rows[1].recipient.phone}
    assert tasks.read_receipts() == 1
    states = Delivery.objects.order_by("notice").values_list("state", "confirmed_at")
    assert [(state, bool(at)) for state, at in states] == [
        ("sent", True),
        ("failed", True),
        ("sent", True),
    ]
    Notice.objects.update(created_at=ago(5))
    assert tasks.sweep_unsent() == 1
    assert list(rows[1].deliveries.order_by("pk").values_list("channel", "state")) == [
        ("sms", "failed"),
        ("mail", "sent"),
    ]
    assert tasks.read_receipts() == 0


def test_receipts_wait_for_a_provider_that_is_away(db, gateways):
    stub = gateways("sms")
    tasks.deliver(make.notice().pk)
    Delivery.objects.update(created_at=ago(5))
    stub.broken = [500]
    assert tasks.read_receipts() == 0
    assert Delivery.objects.get().confirmed_at is None
    assert channels.enabled() == ("sms",)

"""A big preview is written by a worker: exactly once, whoever is killed, late or pressed twice."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from committees.models import AuditEntry, Role
from members.models import Member
from sectors import tasks
from sectors.models import RosterImport, RosterTrace
from sectors.roster_import import actions, background, confirming
from sectors.roster_import.actions import drop_import, preview_import
from sectors.roster_import.confirming import confirm_or_queue, sweep_writings, write_waiting
from sectors.roster_import.undoing import undo_import
from tests import make
from tests.budgets import costs
from tests.opinions.test_races import at_once, split
from tests.sectors.roster_tables import roster_tables
from tests.sectors.rosters import person, table

pytestmark = pytest.mark.django_db
LATE = datetime.timedelta(minutes=6)


def people(count):
    return [
        person(f"王{chr(0x4E00 + n)}", 手机号码=f"1390000{n:04d}", 是否常委="")
        for n in range(count)
    ]


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """What is called big here: more than three rows."""
    calls = []
    monkeypatch.setattr(confirming, "AT_ONCE", 3)
    monkeypatch.setattr(confirming, "wake", lambda *call: calls.append(call))
    return calls


def preview(committee, clerk, count=4):
    return preview_import(
        table(*people(count)), name="名册.csv", committee=committee, on=timezone.localdate(),
        meeting="六届五次会议", is_partial=False, by=clerk,
    )  # fmt: skip


def seen(made):
    """(state, why it was given back, members there are)."""
    made.refresh_from_db()
    return made.state, made.report.get("halted"), Member.objects.count()


def test_a_small_one_is_written_at_once(committee, clerk, woken):
    made = preview(committee, clerk, 3)
    confirm_or_queue(made, by=clerk)
    assert (seen(made), woken) == (("confirmed", None, 3), [])


def test_a_big_one_is_a_row_then_a_wake_up_then_written(
    committee, clerk, woken, django_capture_on_commit_callbacks
):
    made = preview(committee, clerk)
    with django_capture_on_commit_callbacks(execute=True):
        confirm_or_queue(made, by=clerk)
    assert woken == [("sectors.tasks.write_roster", made.pk)]
    assert seen(made) == ("writing", None, 0)
    assert tasks.write_roster(made.pk) is True
    assert seen(made) == ("confirmed", None, 4)
    assert (made.rows, made.confirmed_by) == ({}, clerk)
    assert tasks.write_roster(made.pk) is False  # a wake-up that came twice
    assert seen(made) == ("confirmed", None, 4)
    entry = AuditEntry.objects.get(action="roster_import.confirm")
    assert (entry.by_user, entry.detail["new"]) == (clerk, 4)
    undo_import(made, by=clerk)
    assert seen(made)[::2] == ("undone", 0)


def test_pressing_twice_is_one_import(committee, clerk):
    made = preview(committee, clerk)
    confirm_or_queue(made, by=clerk)
    with pytest.raises(ValidationError) as why:
        confirm_or_queue(made, by=clerk)
    assert why.value.code == "writing"
    write_waiting(made.pk, timezone.now())
    with pytest.raises(ValidationError) as why:
        confirm_or_queue(made, by=clerk)
    assert why.value.code == "not_open"
    assert seen(made) == ("confirmed", None, 4)


def test_many_leavers_are_asked_for_before_it_is_queued(committee, clerk):
    first = preview(committee, clerk, 9)
    confirm_or_queue(first, by=clerk)
    write_waiting(first.pk, timezone.now())
    made = preview(committee, clerk, 5)
    for typed in (None, 3):
        with pytest.raises(ValidationError) as why:
            confirm_or_queue(made, by=clerk, leaves=typed)
        assert why.value.code == "many_leave"
    confirm_or_queue(made, by=clerk, leaves=4)
    assert write_waiting(made.pk, timezone.now()) is True
    assert made.__class__.objects.get(pk=made.pk).report["leaves"] == 4


def test_a_lost_wake_up_is_found_after_a_minute(committee, clerk):
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    pressed = made.confirmed_at
    assert sweep_writings(pressed + datetime.timedelta(seconds=59)) == 0
    assert sweep_writings(pressed + datetime.timedelta(seconds=61)) == 1
    assert seen(made) == ("confirmed", None, 4)
    assert tasks.sweep_roster_readings() == 0


def test_what_fails_half_way_has_written_nothing_and_is_tried_again(committee, clerk, monkeypatch):
    before = roster_tables(committee)
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    real = actions.apply_plan

    def killed(*args, **named):
        real(*args, **named)
        raise MemoryError

    monkeypatch.setattr(actions, "apply_plan", killed)
    now = made.confirmed_at
    for turn in range(1, 4):
        now += LATE
        assert sweep_writings(now) == 0
        assert seen(made) == ("writing", None, 0)
        assert made.tries == turn
    assert roster_tables(committee) == before
    assert not RosterTrace.objects.exists()
    assert sweep_writings(now + LATE) == 0
    assert seen(made) == ("previewed", "导入多次中断，未写入任何内容，请重试。", 0)
    monkeypatch.setattr(actions, "apply_plan", real)
    confirm_or_queue(made, by=clerk)
    assert seen(made) == ("writing", None, 0)
    assert write_waiting(made.pk, now) is True
    assert seen(made) == ("confirmed", None, 4)


def test_a_roster_that_changed_meanwhile_gives_the_preview_back(committee, clerk):
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    make.member(committee=committee)
    assert write_waiting(made.pk, timezone.now()) is False
    assert seen(made)[:2] == ("previewed", "预览之后名册已有变动，请重新上传并预览。")
    assert (made.confirmed_by, made.confirmed_at) == (None, None)


def test_a_clerk_who_is_clerk_no_longer(committee, clerk):
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    clerk.appointments.all().delete()
    assert write_waiting(made.pk, timezone.now()) is False
    sentence = "确认导入的人员已没有导入名册的权限，未写入任何内容。"
    assert seen(made) == ("previewed", sentence, 0)
    with pytest.raises(PermissionDenied):
        confirm_or_queue(made, by=type(clerk).objects.get(pk=clerk.pk))


def test_given_up_while_it_waits_but_not_while_it_is_written(committee, clerk, monkeypatch):
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    drop_import(made, by=clerk)
    assert write_waiting(made.pk, timezone.now()) is False
    assert seen(made) == ("dropped", None, 0)
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    RosterImport.objects.filter(pk=made.pk).update(claimed_at=timezone.now())
    with pytest.raises(ValidationError) as why:
        drop_import(made, by=clerk)
    assert why.value.code == "writing"


def test_dropped_between_the_claim_and_the_lock(committee, clerk, monkeypatch):
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    real = confirming.confirm_import

    def late(mine, **named):
        RosterImport.objects.filter(pk=mine.pk).update(state="dropped")
        return real(mine, **named)

    monkeypatch.setattr(confirming, "confirm_import", late)
    assert write_waiting(made.pk, timezone.now()) is False
    assert seen(made) == ("dropped", None, 0)


# At once, and killed -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_writes():
    committee = make.committee()
    clerk = make.officer(Role.CLERK, committee)
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    now = timezone.now()
    won, lost = split(at_once(*[lambda: write_waiting(made.pk, now) for _ in range(2)]))
    assert (sorted(won), lost) == ([False, True], [])
    assert seen(made) == ("confirmed", None, 4)


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_queues():
    committee = make.committee()
    clerk = make.officer(Role.CLERK, committee)
    made = preview(committee, clerk)
    won, lost = split(at_once(*[lambda: confirm_or_queue(made, by=clerk) for _ in range(2)]))
    assert (len(won), [one.code for one in lost]) == (1, ["writing"])


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_as_it_writes_leaves_nothing_and_another_writes_all(monkeypatch):
    """Its connection is cut after the last row, before the commit, as the kernel would."""
    committee = make.committee()
    clerk = make.officer(Role.CLERK, committee)
    before = roster_tables(committee)
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    written, cut, outcome = threading.Event(), threading.Event(), []
    real, backend = actions.apply_plan, []

    def slow(*args, **named):
        real(*args, **named)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend.append(cursor.fetchone()[0])
        written.set()
        cut.wait(20)

    def work():
        try:
            write_waiting(made.pk, timezone.now())
        except Exception as error:
            outcome.append(type(error))
        finally:
            connection.close()

    monkeypatch.setattr(actions, "apply_plan", slow)
    worker = threading.Thread(target=work)
    worker.start()
    assert written.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", backend)
    cut.set()
    worker.join(20)
    assert len(outcome) == 1
    assert issubclass(outcome[0], (OperationalError, InterfaceError))
    monkeypatch.setattr(actions, "apply_plan", real)
    assert seen(made) == ("writing", None, 0)
    assert roster_tables(committee) == before
    now = timezone.now()
    assert sweep_writings(now + datetime.timedelta(minutes=4)) == 0
    assert sweep_writings(now + LATE) == 1
    assert seen(made) == ("confirmed", None, 4)


# The page ----------------------------------------------------------------------------------------


def address(name, committee, made):
    return reverse(f"sectors:{name}", kwargs={"slug": committee.slug, "pk": made.pk})


def text(response):
    return response.content.decode()


def test_the_page_while_it_is_written_and_after(client, committee, clerk):
    client.force_login(clerk)
    made = preview(committee, clerk)
    here = address("import_preview", committee, made)
    response = client.post(address("import_confirm", committee, made), follow=True)
    page = text(response)
    assert all(one in page for one in ("正在导入名册", "等待写入", "放弃", "刷新", "every 2s"))
    assert "名册已导入。" not in page
    again = text(client.post(address("import_confirm", committee, made), follow=True))
    assert "名册正在导入，请勿重复确认。" in again
    RosterImport.objects.filter(pk=made.pk).update(claimed_at=timezone.now())
    with costs(5):
        part = client.get(here, headers={"HX-Request": "true"})
    assert ("正在写入 4 行" in text(part), "<html" in text(part)) == (True, False)
    assert "立即处理" not in text(part)
    refused = text(client.post(address("import_drop", committee, made), follow=True))
    assert "名册正在写入，不能放弃；写完后可以撤销导入。" in refused
    RosterImport.objects.filter(pk=made.pk).update(claimed_at=None)
    write_waiting(made.pk, timezone.now())
    assert client.get(here, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "撤销导入" in text(client.get(here))


@pytest.mark.parametrize("what", ["writing", "reading"])
def test_without_workers_the_page_offers_to_do_it(client, committee, clerk, monkeypatch, what):
    client.force_login(clerk)
    if what == "writing":
        made = preview(committee, clerk)
        client.post(address("import_confirm", committee, made))
    else:
        monkeypatch.setattr(background, "wake", lambda *call: None)
        content = table(*people(4)) + b"\n" * background.AT_ONCE
        values = {"on_date": timezone.localdate().isoformat(), "meeting": "六届五次会议"}
        upload = reverse("sectors:import_roster", kwargs={"slug": committee.slug})
        client.post(upload, {"file": SimpleUploadedFile("名册.csv", content), **values})
        made = RosterImport.objects.get()
    here, run = (address(one, committee, made) for one in ("import_preview", "import_run"))
    assert "立即处理" not in text(client.get(here))
    client.post(run)
    assert seen(made) == (what, None, 0)
    past = timezone.now() - datetime.timedelta(seconds=31)
    RosterImport.objects.filter(pk=made.pk).update(uploaded_at=past, confirmed_at=past)
    page = text(client.get(here))
    assert all(one in page for one in ("后台处理没有响应", "立即处理", run))
    page = text(client.post(run, follow=True))
    assert seen(made)[0] == {"writing": "confirmed", "reading": "previewed"}[what]
    assert ("名册已导入。" in page, "确认导入" in page) == (what == "writing", what == "reading")
    client.post(run)  # pressed again: nothing waits
    assert seen(made)[2] == (4 if what == "writing" else 0)


def test_why_it_was_not_written_stands_on_the_preview(client, committee, clerk):
    client.force_login(clerk)
    made = confirm_or_queue(preview(committee, clerk), by=clerk)
    make.member(committee=committee)
    write_waiting(made.pk, timezone.now())
    page = text(client.get(address("import_preview", committee, made)))
    assert "预览之后名册已有变动，请重新上传并预览。" in page

"""A big roster is read by a worker: claimed once, cancelled, found again, given up."""

import datetime
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from committees.models import AuditEntry, Role
from committees.sealed import SealBroken, seal_bytes, unseal_bytes
from members.models import Member
from sectors import tasks
from sectors.models import RosterImport, RosterUpload
from sectors.roster_import import background
from sectors.roster_import import workbook as workbook_parent
from sectors.roster_import.actions import confirm_import, drop_import
from sectors.roster_import.background import read_waiting, start_import, sweep_readings
from sectors.roster_import.workbook import CHILD
from tests import make
from tests.sectors.rosters import clean, person, sheet_xml, table, workbook

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TWO = table(person("王伟", 手机号码="13900000001"), person("李强", 性别="女"))


@pytest.fixture
def woken(monkeypatch):
    calls = []
    monkeypatch.setattr(background, "wake", lambda *call: calls.append(call))
    return calls


@pytest.fixture
def clerk():
    return make.officer(Role.CLERK, make.committee())


def begin(clerk, content=TWO, meeting="六届五次会议"):
    committee = clerk.appointments.get().committee
    return start_import(
        content, name="名册.csv", committee=committee, on=timezone.localdate(), meeting=meeting,
        is_partial=False, by=clerk,
    )  # fmt: skip


def state(begun):
    begun.refresh_from_db()
    return begun.state, begun.stage, RosterUpload.objects.count()


def test_the_row_first_then_the_worker_then_the_preview(
    clerk, woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        begun = begin(clerk)
    assert woken == [("sectors.tasks.read_roster", begun.pk)]
    assert state(begun) == ("reading", 0, 1)
    kept = bytes(RosterUpload.objects.get().sealed)
    assert b"13900000001" not in kept
    assert unseal_bytes(kept) == TWO
    assert tasks.read_roster(begun.pk) is True
    assert state(begun) == ("previewed", 4, 0)
    assert [begun.report[one] for one in ("rows", "new", "errors")] == [2, 2, []]
    assert not Member.objects.exists()
    assert tasks.read_roster(begun.pk) is False  # a wake-up that came twice
    confirm_import(begun, by=clerk)
    assert Member.objects.count() == 2
    assert list(AuditEntry.objects.filter(about=f"sectors.rosterimport:{begun.pk}").values_list(
        "action", flat=True).order_by("sequence")
    ) == ["roster_import.upload", "roster_import.preview", "roster_import.confirm"]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "该文件不是表格"),
        (clean("xlsx")[:9000], "文件已损坏或不完整"),
        (table(person("王伟", 所属专委会="绝密")), "未保存"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_its_sentence(clerk, woken, content, sentence):
    begun = begin(clerk, content)
    assert read_waiting(begun.pk, NOW) is False
    assert state(begun)[::2] == ("failed", 0)
    assert sentence in begun.report["refused"]
    with pytest.raises(ValidationError):
        drop_import(begun, by=clerk)


def test_cancelled_before_it_began(clerk, woken):
    begun = begin(clerk)
    drop_import(begun, by=clerk)
    assert read_waiting(begun.pk, NOW) is False
    assert state(begun) == ("dropped", 0, 0)


@pytest.mark.parametrize("stage", RosterImport.Stage.values[1:])
def test_cancelled_at_every_stage(clerk, woken, monkeypatch, stage):
    begun = begin(clerk)
    real = background._tell

    def tell(one, reached):
        if reached == stage:
            drop_import(begun, by=clerk)
        real(one, reached)

    monkeypatch.setattr(background, "_tell", tell)
    assert read_waiting(begun.pk, NOW) is False
    assert state(begun)[::2] == ("dropped", 0)
    assert begun.rows == {}


def test_cancelled_as_the_preview_is_kept(clerk, woken, monkeypatch):
    begun = begin(clerk)
    real = background.previewed_columns

    def columns(plan):
        drop_import(begun, by=clerk)
        return real(plan)

    monkeypatch.setattr(background, "previewed_columns", columns)
    assert read_waiting(begun.pk, NOW) is False
    assert (state(begun)[0], begun.rows) == ("dropped", {})


CHILD_THAT_NEVER_ENDS = """
import pathlib, subprocess, sys, time
more = subprocess.Popen(["sleep", "60"])
pathlib.Path(sys.argv[0]).with_name("pids").write_text(f"{__import__('os').getpid()} {more.pid}")
time.sleep(60)
"""


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_cancelling_ends_the_child_and_what_it_started_within_a_second(
    clerk, woken, monkeypatch, tmp_path
):
    child, pids = tmp_path / "child.py", tmp_path / "pids"
    child.write_text(CHILD_THAT_NEVER_ENDS)
    monkeypatch.setattr(workbook_parent, "CHILD", child)
    begun = begin(clerk, clean("xlsx"))
    look, cancelled = background._look, []

    def look_and_cancel(mine):
        if pids.exists() and pids.read_text() and not cancelled:
            drop_import(begun, by=clerk)
            cancelled.append(time.monotonic())
        look(mine)

    monkeypatch.setattr(background, "_look", look_and_cancel)
    assert read_waiting(begun.pk, NOW) is False
    assert time.monotonic() - cancelled[0] < 1
    deadline = time.monotonic() + 1
    left = [int(pid) for pid in pids.read_text().split()]
    assert len(left) == 2
    while any(map(is_alive, left)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [is_alive(pid) for pid in left] == [False, False]
    assert state(begun)[::2] == ("dropped", 0)


CHILD_THAT_STARTS_LATE = """
import json, sys, time
time.sleep(0.5)
rows = [[str(len(sys.stdin.buffer.read()))]]
json.dump({"sheets": [{"name": "n", "rows": rows, "formulas": [], "merges": []}]}, sys.stdout)
"""


def test_a_child_that_starts_late_is_sent_the_whole_file(monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    child.write_text(CHILD_THAT_STARTS_LATE)
    monkeypatch.setattr(workbook_parent, "CHILD", child)
    monkeypatch.setattr(workbook_parent, "LOOKS", 0.05)
    monkeypatch.setattr(workbook_parent, "TIMEOUT", 20)
    (sheet,) = workbook_parent.read_workbook(bytes(2_000_000), kind="xlsx")
    assert sheet["rows"] == [["2000000"]]


def test_a_file_that_is_gone_stops_the_reading(clerk, woken):
    begun = begin(clerk)
    RosterUpload.objects.all().delete()
    assert read_waiting(begun.pk, NOW) is False
    assert state(begun)[0] == "reading"


def test_not_confirmed_while_it_is_read(clerk, woken):
    begun = begin(clerk)
    with pytest.raises(ValidationError) as why:
        confirm_import(begun, by=clerk)
    assert why.value.code == "reading"


def test_a_lost_wake_up_is_found_after_a_minute(clerk, woken):
    begun = begin(clerk)
    uploaded = begun.uploaded_at
    assert sweep_readings(uploaded + datetime.timedelta(seconds=59)) == 0
    assert sweep_readings(uploaded + datetime.timedelta(seconds=61)) == 1
    assert state(begun)[0] == "previewed"
    assert tasks.sweep_roster_readings() == 0


def test_a_killed_worker_leaves_a_row_that_is_taken_up_and_at_last_given_up(
    clerk, woken, monkeypatch
):
    begun = begin(clerk)

    def killed(*args, **named):
        raise MemoryError

    monkeypatch.setattr(background, "plan_file", killed)
    now = begun.uploaded_at
    for _turn in range(3):
        now += datetime.timedelta(minutes=6)
        assert sweep_readings(now) == 0
        assert state(begun) == ("reading", 0, 1)
        assert sweep_readings(now + datetime.timedelta(minutes=4)) == 0
    assert begun.tries == 3
    assert sweep_readings(now + datetime.timedelta(minutes=6)) == 0
    assert state(begun) == ("failed", 0, 0)
    assert begun.report == {"refused": "读取多次中断，已停止。请只保留名册工作表，或分批导入。"}


def test_a_worker_that_wakes_after_another_took_over_writes_nothing(clerk, woken, monkeypatch):
    begun = begin(clerk)
    real = background.plan_file

    def slow(*args, **named):
        monkeypatch.setattr(background, "plan_file", real)
        assert read_waiting(begun.pk, NOW + datetime.timedelta(minutes=6)) is True
        return real(*args, **named)

    monkeypatch.setattr(background, "plan_file", slow)
    assert read_waiting(begun.pk, NOW) is False
    assert state(begun)[0] == "previewed"
    assert AuditEntry.objects.filter(action="roster_import.preview").count() == 1


def test_a_later_roster_names_its_meeting(clerk, woken):
    make.member(committee=clerk.appointments.get().committee)
    with pytest.raises(ValidationError) as why:
        begin(clerk, meeting=" ")
    assert list(why.value.error_dict) == ["meeting"]
    assert not RosterImport.objects.exists()


def test_files_are_sealed_under_a_known_key_only():
    sealed = seal_bytes(b"\x00\xff")
    assert unseal_bytes(sealed) == b"\x00\xff"
    for broken in (b"nokey." + sealed, sealed[:-1], b"", b"\xff.x"):
        with pytest.raises(SealBroken):
            unseal_bytes(broken)


def test_the_reading_child_stays_below_300_mb(tmp_path):
    """10,000 rows of 20 columns; measured by the kernel: the child's greatest resident size."""
    rows = [[f"列{at}" for at in range(20)]]
    rows += [[f"第{line}行第{at}格的内容" for at in range(20)] for line in range(10_000)]
    file = tmp_path / "big.xlsx"
    file.write_bytes(workbook({"名册": sheet_xml(rows)}))
    # A small process between: the kernel counts what stood before `exec` too.
    script = (
        "import os, subprocess, sys;"
        "child = subprocess.Popen([sys.executable, '-I', sys.argv[1], 'xlsx'],"
        " stdin=open(sys.argv[2], 'rb'), stdout=open(sys.argv[3], 'wb'));"
        "_pid, status, usage = os.wait4(child.pid, 0); print(status, usage.ru_maxrss)"
    )
    told = tmp_path / "told.json"
    done = subprocess.run(
        [sys.executable, "-c", script, str(CHILD), str(file), str(told)],
        capture_output=True, check=True,
    )  # fmt: skip
    status, kilobytes = map(int, done.stdout.split())
    assert status == 0
    assert len(json.loads(told.read_bytes())["sheets"][0]["rows"]) == 10_001
    assert kilobytes < 300 * 1024, kilobytes

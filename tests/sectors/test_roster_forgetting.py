"""What imports keep goes when it is of no use: traces, files, previews."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from committees.models import AuditEntry, Role, User
from sectors import tasks
from sectors.models import RosterImport, RosterTrace, RosterUpload
from sectors.roster_import import background
from sectors.roster_import.actions import confirm_import, preview_import
from sectors.roster_import.background import start_import
from sectors.roster_import.forgetting import FILE_FOR, UNDO_FOR, forget_imports
from sectors.roster_import.previewed import PREVIEW_FOR
from sectors.roster_import.undoing import undo_import
from tests import make
from tests.sectors.rosters import person, table

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)
WANG = person("王伟", 手机号码="13900000001")
LI = person("李强", 手机号码="13900000002")


def file_of(committee, clerk, people):
    return {
        "content": table(*people), "name": "名册.csv", "committee": committee,
        "on": timezone.localdate(), "meeting": "六届五次会议", "is_partial": False, "by": clerk,
    }  # fmt: skip


def preview(committee, clerk, *people):
    return preview_import(**file_of(committee, clerk, people))


def bring(committee, clerk, *people):
    return confirm_import(preview(committee, clerk, *people), by=clerk)


def settled(*imports):
    """Of each whether it is past undoing; its traces must be there just if it is not."""
    found = []
    for one in imports:
        one.refresh_from_db()
        assert one.traces.exists() is (one.settled_at is None)
        found.append(one.settled_at is not None)
    return found


def test_traces_go_after_their_days(client, committee, clerk):
    first, second = bring(committee, clerk, WANG), bring(committee, clerk, WANG, LI)
    assert forget_imports(first.confirmed_at + UNDO_FOR) == 0
    assert settled(first, second) == [False, False]
    assert forget_imports(first.confirmed_at + UNDO_FOR + SECOND / 1000) == 1
    assert settled(first, second) == [True, False]
    assert forget_imports(second.confirmed_at + UNDO_FOR + SECOND) == 1
    assert settled(first, second) == [True, True]
    assert forget_imports(second.confirmed_at + UNDO_FOR + SECOND) == 0
    assert not RosterTrace.objects.exists()
    with pytest.raises(ValidationError) as why:
        undo_import(second, by=clerk)
    assert why.value.code == "settled"
    client.force_login(clerk)
    here = reverse("sectors:import_preview", kwargs={"slug": committee.slug, "pk": second.pk})
    page = client.get(here).content.decode()
    assert "本次导入已过撤销期限，或者其中有委员已经登录，不能再撤销。" in page
    assert reverse("sectors:import_undo", args=[committee.slug, second.pk]) not in page


def test_traces_go_when_somebody_has_signed_in_and_those_before_them(client, committee, clerk):
    other = make.committee()
    theirs = bring(other, make.officer(Role.CLERK, other), person("周平", 手机号码="13900000007"))
    first = bring(committee, clerk, WANG)
    second = bring(committee, clerk, WANG, LI)
    third = bring(committee, clerk, {**WANG, "界别": "科技"}, LI)
    client.force_login(User.objects.get(name="李强"))
    assert tasks.forget_roster_imports() == 2
    assert settled(theirs, first, second, third) == [False, True, True, False]
    undo_import(third, by=clerk)
    with pytest.raises(ValidationError) as why:
        undo_import(second, by=clerk)
    assert why.value.code == "settled"


def test_files_nobody_read(committee, clerk, monkeypatch):
    monkeypatch.setattr(background, "wake", lambda *call: None)
    old, new = (start_import(**file_of(committee, clerk, [WANG])) for _ in range(2))
    RosterImport.objects.filter(pk=new.pk).update(uploaded_at=old.uploaded_at + 2 * SECOND)
    assert forget_imports(old.uploaded_at + FILE_FOR) == 0
    assert forget_imports(old.uploaded_at + FILE_FOR + SECOND) == 1
    assert [one.roster_import for one in RosterUpload.objects.all()] == [new]
    old.refresh_from_db()
    told = {"refused": "文件超过 7 天没有读取，已删除。请重新上传。"}
    assert (old.state, old.report) == ("failed", told)


def test_a_file_whose_import_is_over_is_not_kept(committee, clerk, monkeypatch):
    monkeypatch.setattr(background, "wake", lambda *call: None)
    begun = start_import(**file_of(committee, clerk, [WANG]))
    RosterImport.objects.filter(pk=begun.pk).update(state="dropped")
    assert forget_imports(timezone.now()) == 0
    assert not RosterUpload.objects.exists()


def test_previews_nobody_confirmed(committee, clerk):
    old, new = preview(committee, clerk, WANG), preview(committee, clerk, WANG, LI)
    written = bring(committee, clerk, WANG)
    RosterImport.objects.filter(pk=new.pk).update(uploaded_at=old.uploaded_at + 2 * SECOND)
    assert forget_imports(old.uploaded_at + PREVIEW_FOR) == 0
    assert forget_imports(old.uploaded_at + PREVIEW_FOR + SECOND) == 1
    old.refresh_from_db()
    new.refresh_from_db()
    written.refresh_from_db()
    assert [one.state for one in (old, new, written)] == ["dropped", "previewed", "confirmed"]
    assert (old.rows, sorted(old.report)) == ({}, ["changed", "leaves", "new", "rows"])
    assert new.rows != {}
    entry = AuditEntry.objects.get(action="roster_import.drop")
    assert (entry.by_guest, entry.about) == ("clock", f"sectors.rosterimport:{old.pk}")


def test_the_page_tells_the_days(client, committee, clerk):
    client.force_login(clerk)
    page = client.get(reverse("sectors:import_roster", args=[committee.slug])).content.decode()
    assert f"在 {UNDO_FOR.days} 天内可以撤销" in page
    assert f"预览 {PREVIEW_FOR.days} 天不确认的" in page

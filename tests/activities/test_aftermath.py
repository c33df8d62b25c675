"""What stays of an activity: materials, minutes, photos, follow-ups, the write-up."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from activities.actions import aftermath as actions
from activities.models import (
    Activity,
    ActivityFile,
    ActivityPhoto,
    ActivityText,
    CoHost,
    Enrolment,
    FollowUp,
    HeadCount,
)
from activities.permissions.organising import organises
from activities.write_up_words import known_sentences, with_facts
from committees.actions import save_draft
from committees.models import Attachment, AuditEntry, Draft
from tests import make
from tests.budgets import costs
from tests.make import aftermath, submitters

Kind = ActivityText.Kind


def held(cast, **over):
    over.setdefault("starts_at", timezone.now() - datetime.timedelta(days=2))
    return make.activity(committee=cast.city, created_by=cast.clerk, **over)


def page(row, tab):
    return f"/city/activities/{row.pk}/{tab}/"


TABS = ("materials", "minutes", "photos", "follow-ups", "write-up")


@pytest.mark.parametrize(
    ("host", "who"),
    [
        ("committee", {"clerk"}),
        ("sector", {"clerk", "convenor"}),
        ("commission", {"clerk", "commission"}),
        ("workroom", {"clerk", "keeper"}),
    ],
)
def test_who_organises(cast, host, who):
    hosts = {"sector": cast.education, "commission": cast.learning, "workroom": cast.room}
    row = held(cast, **({host: hosts[host]} if host in hosts else {}))
    assert {name for name in cast.people if organises(cast[name], row)} == who


def test_a_member_reads_and_does_nothing(cast, client_of):
    row = held(cast)
    aftermath.text(activity=row, text="大家来了")
    aftermath.follow_up(activity=row, what="发通知")
    client = client_of("member")
    for tab in TABS:
        answer = client.get(page(row, tab))
        assert answer.status_code == 200
        if tab != "materials":
            assert client.post(page(row, tab)).status_code == 403
    assert "大家来了" in client.get(page(row, "write-up")).content.decode()
    assert "发通知" in client.get(page(row, "follow-ups")).content.decode()
    assert client.post(page(row, "files/add/material")).status_code == 403
    assert client_of("clerk").post(page(row, "files/add/nothing")).status_code == 404


def test_unseen_is_not_found(cast, client_of):
    row = make.activity(committee=cast.stranger)
    plan = held(cast, published_at=None)
    for tab in TABS:
        assert client_of("clerk").get(page(row, tab)).status_code == 404
        assert client_of("member").get(page(plan, tab)).status_code == 404


def test_materials_are_added_opened_and_removed(cast, client_of):
    row, client = held(cast), client_of("clerk")
    given = {"files": [submitters.pdf(name="议程.pdf"), submitters.pdf(b"2", name="名单.pdf")]}
    assert client.post(page(row, "files/add/material"), given).status_code == 302
    names = set(ActivityFile.objects.values_list("attachment__name", flat=True))
    assert names == {"议程.pdf", "名单.pdf"}
    first = ActivityFile.objects.order_by("position").first()
    member = client_of("member")
    assert "议程.pdf" in member.get(page(row, "materials")).content.decode()
    assert member.get(page(row, f"files/{first.pk}")).status_code == 200
    assert client_of("stranger_member").get(page(row, f"files/{first.pk}")).status_code == 404
    assert member.post(page(row, f"files/{first.pk}/remove")).status_code == 403
    assert client.post(page(row, f"files/{first.pk}/remove")).status_code == 302
    assert Attachment.objects.count() == 1
    assert client.post(page(row, f"files/{first.pk}/remove")).status_code == 404


def test_the_same_file_twice_is_one_and_a_bad_one_is_named(cast, client_of):
    row, client = held(cast), client_of("clerk")
    for _ in range(2):
        client.post(page(row, "files/add/minutes"), {"files": [submitters.pdf(name="纪要.pdf")]})
    assert row.files.count() == Attachment.objects.count() == 1
    bad = make.picture()
    bad.name = "绝密.png"
    answer = client.post(page(row, "files/add/minutes"), {"files": [bad]}, follow=True)
    assert "绝密" in answer.content.decode() and row.files.count() == 1
    answer = client.post(page(row, "files/add/minutes"), follow=True)
    assert "请先选择附件。" in answer.content.decode()


def test_too_many_files(cast):
    row = held(cast)
    for _ in range(actions.MOST_FILES):
        aftermath.file(activity=row)
    with pytest.raises(ValidationError) as caught:
        actions.add_files(row, [submitters.pdf()], kind="material", by=cast.clerk)
    assert caught.value.error_dict["files"][0].code == "too_many_files"


def test_photos_need_consent(cast, client_of):
    row, client = held(cast), client_of("clerk")
    answer = client.post(page(row, "photos"), {"photo": make.picture(), "caption": "会场"})
    assert answer.status_code == 422 and "请先征得照片中人员同意。" in answer.content.decode()
    assert not ActivityPhoto.objects.exists()
    given = {"photo": make.picture(), "caption": "会场", "has_consent": "on"}
    assert client.post(page(row, "photos"), given).status_code == 302
    again = {"photo": make.picture(), "caption": "会场", "has_consent": "on"}
    assert client.post(page(row, "photos"), again).status_code == 302
    photo = ActivityPhoto.objects.get()
    assert (photo.caption, photo.has_consent) == ("会场", True)
    assert client_of("member").get(page(row, f"photos/{photo.pk}")).status_code == 200
    assert client_of("member").post(page(row, f"photos/{photo.pk}/remove")).status_code == 403
    assert client.post(page(row, f"photos/{photo.pk}/remove")).status_code == 302
    assert not Attachment.objects.exists()
    with pytest.raises(ValidationError) as caught:
        actions.add_photo(row, make.picture(), caption="", has_consent=False, by=cast.clerk)
    assert caught.value.error_dict["has_consent"][0].code == "consent"


def test_at_most_nine_photos(cast, client_of):
    row = held(cast)
    for _ in range(actions.MOST_PHOTOS):
        aftermath.photo(activity=row)
    given = {"photo": make.picture(), "has_consent": "on"}
    answer = client_of("clerk").post(page(row, "photos"), given)
    assert answer.status_code == 422 and "最多 9 张" in answer.content.decode()


def test_a_text_that_somebody_changed_meanwhile_is_kept_in_the_form(cast, client_of):
    row, client = held(cast), client_of("clerk")
    assert client.post(page(row, "minutes"), {"seen": 0, "text": "第一稿"}).status_code == 302
    # sent twice: the same words are no quarrel
    assert client.post(page(row, "minutes"), {"seen": 0, "text": "第一稿"}).status_code == 302
    answer = client.post(page(row, "minutes"), {"seen": 0, "text": "另一稿"})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "另一稿" in shown and "刚有他人修改了这份文稿" in shown
    assert client.post(page(row, "minutes"), {"seen": 1, "text": "另一稿"}).status_code == 302
    text = ActivityText.objects.get()
    assert (text.text, text.version, text.written_by) == ("另一稿", 2, cast.clerk)
    entries = AuditEntry.objects.filter(action="activity.write")
    assert [entry.detail["kind"] for entry in entries] == ["minutes", "minutes"]


@pytest.mark.parametrize(
    ("text", "code"), [(" ", "empty"), ("长" * 20_001, "too_long"), ("绝密", "classified")]
)
def test_texts_that_are_not_taken(cast, text, code):
    with pytest.raises(ValidationError) as caught:
        actions.save_text(held(cast), Kind.MINUTES, text=text, seen=0, by=cast.clerk)
    error = caught.value
    found = error.error_dict["text"][0].code if hasattr(error, "error_dict") else error.code
    assert found == code
    assert not ActivityText.objects.exists()


@pytest.mark.parametrize("data", [{"seen": "9" * 40, "text": "好"}, {"seen": 0, "text": "\x00"}])
def test_odd_input_is_a_sentence(cast, client_of, data):
    answer = client_of("clerk").post(page(held(cast), "write-up"), data)
    assert answer.status_code == 422


def test_a_write_up_counts_as_written_up(cast):
    written, silent = held(cast), held(cast)
    aftermath.text(activity=written)
    aftermath.text(activity=silent, kind=Kind.MINUTES)
    found = ActivityText.objects.visible_to(cast.member).write_ups()
    assert [row.activity for row in found] == [written]


def test_the_write_up_begins_with_what_is_known(cast, client_of):
    row = held(
        cast, title="书香政协读书会", place="市图书馆", sector=cast.education,
        theme=make.theme(committee=cast.city, name="书香政协"), sessions_held=2,
        people_served=120, starts_at=datetime.datetime.fromisoformat("2026-03-05T09:00+08:00"),
    )  # fmt: skip
    CoHost.objects.create(activity=row, sector=cast.business)
    CoHost.objects.create(activity=row, name="市图书馆")
    HeadCount.objects.create(activity=row, kind="界别群众", count=30)
    for attendance in ("present", "late", "absent"):
        Enrolment.objects.create(
            committee=cast.city, activity=row, member=make.member(committee=cast.city),
            attendance=attendance, entered_by=cast.clerk,
        )  # fmt: skip
    known = (
        "3月5日，云川市政协教育界在市图书馆举办“书香政协读书会”活动，主题为“书香政协”，"
        "工商联界、市图书馆协办。\n"
        "共举办 2 场，政协委员 2 人、界别群众 30 人参加，服务群众 120 人次。"
    )
    found = with_facts(Activity.objects.for_list()).get(pk=row.pk)
    said = known_sentences(found).replace(found.committee.short_name, "云川市政协")
    assert said == known
    form = client_of("convenor").get(page(row, "write-up")).context["form"]
    assert form.initial["text"] == known_sentences(found)


def test_what_nobody_entered_is_not_said(cast):
    row = held(cast, title="座谈", place="")
    found = with_facts(Activity.objects.for_list()).get(pk=row.pk)
    assert "参加" not in known_sentences(found) and "0" not in known_sentences(found)[5:]
    several = held(cast, ends_at=timezone.now())
    found = with_facts(Activity.objects.for_list()).get(pk=several.pk)
    assert "日至" in known_sentences(found)


def test_follow_ups_are_noted_done_and_reopened(cast, client_of):
    row, client = held(cast), client_of("clerk")
    today = timezone.localdate()
    given = {"what": "印发纪要", "who": "办公室", "due_on": today - datetime.timedelta(days=1)}
    assert client.post(page(row, "follow-ups"), given).status_code == 302
    answer = client.post(page(row, "follow-ups"), given)
    assert answer.status_code == 422 and "该后续事项已登记。" in answer.content.decode()
    todo = FollowUp.objects.get()
    assert todo.is_overdue
    assert list(FollowUp.objects.in_committee(cast.city).overdue(today)) == [todo]
    deed = f"follow-ups/{todo.pk}/"
    assert client_of("member").post(page(row, deed + "done")).status_code == 403
    assert client.post(page(row, deed + "nothing")).status_code == 404
    for _ in range(2):
        client.post(page(row, deed + "done"))
    todo.refresh_from_db()
    assert (todo.done_on, todo.done_by, todo.is_overdue) == (today, cast.clerk, False)
    client.post(page(row, deed + "reopen"))
    assert list(FollowUp.objects.open()) == [todo]
    client.post(page(row, deed + "remove"))
    assert not FollowUp.objects.exists()


def test_follow_up_days_that_are_not_taken(cast, client_of):
    row, client = held(cast), client_of("clerk")
    long_ago = timezone.localdate() - datetime.timedelta(days=9)
    answer = client.post(page(row, "follow-ups"), {"what": "补录", "due_on": long_ago})
    assert "完成时限早于活动日期。" in answer.content.decode()
    todo = aftermath.follow_up(activity=row)
    ahead = timezone.localdate() + datetime.timedelta(days=1)
    for day in ("没有", "2026-13-01", ahead, long_ago):
        client.post(page(row, f"follow-ups/{todo.pk}/done"), {"done_on": day})
    todo.refresh_from_db()
    assert todo.done_on is None


def test_verbs_ask_who_organises(cast):
    row = held(cast)
    todo = aftermath.follow_up(activity=row)
    for deed in (
        lambda: actions.save_text(row, Kind.MINUTES, text="好", seen=0, by=cast.member),
        lambda: actions.add_follow_up(row, what="好", by=cast.convenor),
        lambda: actions.finish_follow_up(todo, by=cast.editor),
        lambda: actions.add_files(row, [], kind="material", by=cast.keeper),
    ):
        with pytest.raises(PermissionDenied):
            deed()


@pytest.mark.parametrize("number", [3, 9])
def test_budgets(cast, client_of, number):
    row = held(cast, sector=cast.education, theme=make.theme(committee=cast.city))
    for _ in range(number):
        aftermath.file(activity=row)
        aftermath.photo(activity=row)
        aftermath.follow_up(activity=row)
    client = client_of("clerk")
    client.get(page(row, "materials"))
    for tab, statements in zip(TABS, (6, 8, 7, 7, 8), strict=True):
        with costs(statements):
            client.get(page(row, tab))


def test_what_was_being_typed_comes_back(cast, client_of):
    row, client = held(cast), client_of("clerk")
    key = f"activities.minutes:{row.pk}"
    save_draft(key, {"seen": "0", "text": "写到一半"}, by=cast.clerk, committee=cast.city)
    aftermath.text(activity=row, kind=Kind.MINUTES, text="别人先写了", written_by=cast.keeper)
    answer = client.get(page(row, "minutes"))
    assert answer.context["form"].initial["text"] == "写到一半" and answer.context["version"] == 0
    answer = client.post(page(row, "minutes"), {"seen": 0, "text": "写到一半"})
    assert answer.status_code == 422 and Draft.objects.count() == 1
    client.post(page(row, "minutes"), {"seen": 1, "text": "写完了"})
    assert not Draft.objects.exists()
    save_draft(key, {"seen": [], "odd": 1}, by=cast.clerk, committee=cast.city)
    assert client.get(page(row, "minutes")).context["form"].initial["text"] == "写完了"

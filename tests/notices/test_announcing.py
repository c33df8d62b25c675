"""Announcements: drafted, published once, corrected, withdrawn, reminded of."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from committees.models import Attachment, AuditEntry, Role
from notices.actions import announcing
from notices.audiences import AUDIENCES, entries_for, entries_named, people_of, words_of
from notices.models import Acknowledgement, Announcement, AnnouncementFile, Notice
from notices.models.announcements import entered_for
from tests import make
from tests.make import announcing as made

DAY = datetime.timedelta(days=1)
OF_CITY = {"member", "member2", "convenor", "convenor2", "shielded", "shielded_convenor"}


def words(**over):
    return {
        "title": "座谈会",
        "body": "请参加。",
        "audience": ["everyone"],
        "answering": "attend",
        "answer_until": timezone.now() + DAY,
        "signature": "市政协办公室",
        "dated_on": timezone.localdate(),
    } | over


def names_of(cast, users):
    known = {person.pk: name for name, person in cast.people.items()}
    return {known[pk] for pk in users}


def told(cast, kind):
    return names_of(cast, Notice.objects.filter(kind=kind).values_list("recipient", flat=True))


def reached(cast, *entries):
    return names_of(cast, [one.user.pk for one in people_of(entries, cast.city)])


def code_of(deed, *args, **kwargs):
    with pytest.raises(ValidationError) as raised:
        deed(*args, **kwargs)
    return getattr(raised.value, "code", None) or sorted(raised.value.message_dict)


# Audiences ---------------------------------------------------------------------------------------


def test_kinds_of_audience_come_from_the_apps_above():
    assert list(AUDIENCES) == ["everyone", "sector", "commission", "street_group", "workroom"]


def test_who_is_reached(cast):
    member, other = cast.member_of("member"), cast.member_of("member2")
    make.commission_seat(member=member, commission=cast.learning)
    make.street_seat(member=other, street_group=cast.street)
    make.room_member(workroom=cast.room, member=cast.member_of("convenor2"))
    assert reached(cast, "everyone") == OF_CITY
    assert reached(cast, f"sector:{cast.education.pk}") == {"member", "convenor"}
    assert reached(cast, f"commission:{cast.learning.pk}") == {"member"}
    assert reached(cast, f"street_group:{cast.street.pk}") == {"member2"}
    assert reached(cast, f"workroom:{cast.room.pk}") == {"convenor2"}
    both = (f"sector:{cast.education.pk}", f"commission:{cast.learning.pk}")
    assert len(people_of(both, cast.city)) == 2, "each once"
    assert people_of(["gone:3"], cast.city) == []
    assert words_of([*both, "gone:3", "sector:0"], cast.city) == ["教育界", "教科卫体委员会"]


def test_of_another_committee_nobody_is_reached(cast):
    assert reached(cast, f"sector:{cast.stranger_sector.pk}") == set()


def test_people_stand_by_sector_and_strokes(cast):
    people = people_of(["everyone"], cast.city)
    assert people == sorted(people, key=lambda one: (one.heading_place, one.heading, one.name_key))
    assert {one.heading for one in people} == {"教育界", "工商联界", "民族宗教界"}


def test_whom_a_person_may_address(cast):
    def entries(name):
        found = entries_for(cast[name], cast.city)
        return {entry for rows in found.values() for entry, _label in rows}

    assert entries("convenor") == {f"sector:{cast.education.pk}"}
    assert entries("commission") == {f"commission:{cast.learning.pk}"}
    assert entries("member") == set()
    assert {"everyone", f"street_group:{cast.street.pk}"} < entries("clerk")


def test_rooms_are_named_a_line_each(cast):
    rooms = AUDIENCES["workroom"]
    text = f" {cast.room.name} \n\n{cast.room.name}"
    assert entries_named(rooms, cast.city, text) == [f"workroom:{cast.room.pk}"]
    assert code_of(entries_named, rooms, cast.city, "没有这个工作室") == "unknown"


# Drafts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk", "convenor", "commission"])
def test_who_announces_writes_to_whom_they_may(cast, who):
    own = {"clerk": "everyone", "convenor": f"sector:{cast.education.pk}"}
    own["commission"] = f"commission:{cast.learning.pk}"
    issuer = "" if who == "clerk" else own[who]
    row = announcing.draft_announcement(
        cast.city, by=cast[who], **words(audience=[own[who]], issuer=issuer)
    )
    assert (row.issuer, row.audience, row.published_at) == (issuer, [own[who]], None)
    if who != "clerk":
        for over in ({"audience": ["everyone"]}, {"is_public": True}):
            given = words(audience=[own[who]], issuer=issuer) | over
            assert code_of(announcing.draft_announcement, cast.city, by=cast[who], **given)
        with pytest.raises(PermissionDenied):
            announcing.draft_announcement(cast.city, by=cast[who], **words(audience=[own[who]]))


@pytest.mark.parametrize("who", ["member", "editor", "leader", "keeper", "handler", "auditor"])
def test_others_do_not_announce(cast, who):
    with pytest.raises(PermissionDenied):
        announcing.draft_announcement(cast.city, by=cast[who], **words())


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"title": ""}, ["title"]),
        ({"audience": []}, ["audience"]),
        ({"audience": ["sector:0"]}, ["audience"]),
        ({"answer_until": None}, ["answer_until"]),
        ({"answer_until": timezone.now() - DAY}, ["answer_until"]),
        ({"body": "机密★"}, "classified"),
    ],
)
def test_what_a_draft_needs(cast, over, said):
    deed = announcing.draft_announcement
    assert code_of(deed, cast.city, by=cast.clerk, **words(**over)) == said
    assert not Announcement.objects.exists()


def test_an_unknown_column_is_a_programming_error(cast):
    with pytest.raises(TypeError):
        announcing.draft_announcement(cast.city, by=cast.clerk, told=3, **words())
    row = made.published(committee=cast.city, created_by=cast.clerk)
    with pytest.raises(TypeError):
        announcing.correct_announcement(row, by=cast.clerk, version=1, note="x", audience=[])


def test_without_an_answer_there_is_no_deadline(cast):
    row = announcing.draft_announcement(cast.city, by=cast.clerk, **words(answering="none"))
    assert row.answer_until is None


def a_file(name="议程.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")


def test_a_draft_with_files_is_amended_and_dropped(cast):
    row = announcing.draft_announcement(cast.city, by=cast.clerk, files=[a_file()], **words())
    given = {"by": cast.clerk, "version": 1, "files": [a_file("名单.pdf")]}
    row = announcing.amend_draft(row, **given, **words(title="改了"))
    assert (row.title, row.version, row.files.count()) == ("改了", 2, 2)
    stale = {"by": cast.clerk, "version": 1}
    assert code_of(announcing.amend_draft, row, **stale, **words()) == "conflict"
    announcing.remove_file(row, row.files.first(), by=cast.clerk)
    assert row.files.count() == 1
    many = [a_file(f"{n}.pdf") for n in range(announcing.MOST_FILES)]
    deed = announcing.amend_draft
    assert code_of(deed, row, by=cast.clerk, version=2, files=many, **words()) == ["files"]
    bad = [SimpleUploadedFile("x.exe", b"MZ")]
    assert code_of(deed, row, by=cast.clerk, version=2, files=bad, **words()) == ["files"]
    with pytest.raises(PermissionDenied):
        announcing.drop_draft(row, by=cast.convenor)
    announcing.drop_draft(row, by=cast.clerk)
    assert not AnnouncementFile.objects.exists()
    assert Attachment.objects.count() == 1, "the removed one waits for the night's sweep"
    assert code_of(announcing.drop_draft, row, by=cast.clerk) == "moved"


# Published ---------------------------------------------------------------------------------------


def test_publishing_tells_everybody_once(cast):
    row = made.announcement(committee=cast.city, created_by=cast.clerk)
    sent = announcing.publish_announcement(row, by=cast.clerk, counted=6)
    assert (sent.told, sent.audience_words) == (6, "全体委员")
    assert told(cast, "announcement_published") == OF_CITY
    rows = Acknowledgement.objects.filter(announcement=row)
    assert names_of(cast, rows.values_list("recipient", flat=True)) == OF_CITY
    assert set(Notice.objects.values_list("path", flat=True)) == {f"/city/announcements/{row.pk}/"}
    assert code_of(announcing.publish_announcement, row, by=cast.clerk) == "moved"
    assert code_of(announcing.amend_draft, row, by=cast.clerk, version=1, **words()) == "moved"
    assert code_of(announcing.drop_draft, row, by=cast.clerk) == "moved"
    assert AuditEntry.objects.filter(action="announcement.publish").get().detail == {"told": 6}


def test_a_file_of_a_published_one_stays(cast):
    row = announcing.draft_announcement(cast.city, by=cast.clerk, files=[a_file()], **words())
    announcing.publish_announcement(row, by=cast.clerk)
    assert code_of(announcing.remove_file, row, row.files.get(), by=cast.clerk) == "moved"


def test_the_number_is_counted_again(cast):
    row = made.announcement(committee=cast.city, created_by=cast.clerk)
    assert code_of(announcing.publish_announcement, row, by=cast.clerk, counted=5) == "recounted"
    assert not Notice.objects.exists()
    assert not Acknowledgement.objects.exists()


def test_nobody_and_too_late(cast):
    empty = [f"sector:{make.sector(committee=cast.city, name='空').pk}"]
    row = made.announcement(committee=cast.city, created_by=cast.clerk, audience=empty)
    assert code_of(announcing.publish_announcement, row, by=cast.clerk) == "nobody"
    late = {"answer_until": timezone.now() - DAY}
    row = made.announcement(committee=cast.city, created_by=cast.clerk, **late)
    assert code_of(announcing.publish_announcement, row, by=cast.clerk) == ["answer_until"]


def test_many_groups_are_named_within_the_column(cast):
    own = [make.sector(committee=cast.city, name="很长的界别名称" * 4 + str(n)) for n in range(15)]
    audience = [f"sector:{row.pk}" for row in own] + [f"sector:{cast.education.pk}"]
    row = announcing.draft_announcement(cast.city, by=cast.clerk, **words(audience=audience))
    assert len(row.audience_words) == 400 and row.audience_words.endswith("…")


@pytest.mark.parametrize("who", ["convenor2", "member", "editor", "stranger_clerk", "convenor"])
def test_only_its_issuer_and_clerks_move_it(cast, who):
    row = made.published(committee=cast.city, created_by=cast.clerk)
    draft = made.announcement(committee=cast.city, created_by=cast.clerk)
    deeds = [
        (announcing.publish_announcement, draft, {}),
        (announcing.withdraw_announcement, row, {"why": "改期"}),
        (announcing.correct_announcement, row, {"version": 1, "note": "x", "title": "改"}),
        (announcing.remind_silent, row, {}),
    ]
    for deed, of, given in deeds:
        with pytest.raises(PermissionDenied):
            deed(of, by=cast[who], **given)


def test_a_convenor_moves_that_of_the_own_sector(cast):
    own = f"sector:{cast.education.pk}"
    row = made.announcement(
        committee=cast.city, audience=[own], issuer=own, created_by=cast.convenor
    )
    assert announcing.publish_announcement(row, by=cast.convenor).told == 2
    assert announcing.remind_silent(row, by=cast.convenor) == 2
    announcing.withdraw_announcement(row, by=cast.clerk, why="改期")


def test_correcting_keeps_what_stood_there(cast):
    row = made.published(committee=cast.city, created_by=cast.clerk, event_place="三楼")
    later = row.answer_until + DAY
    given = {"by": cast.clerk, "version": 1, "note": "会议室改为五楼"}
    change = {"event_place": "五楼", "answer_until": later, "title": row.title}
    made_one = announcing.correct_announcement(row, **given, **change)
    assert (made_one.number, made_one.before["event_place"]) == (1, "三楼")
    assert set(made_one.before) == {"event_place", "answer_until"}
    row.refresh_from_db()
    assert (row.event_place, row.answer_until, row.version) == ("五楼", later, 2)
    assert told(cast, "announcement_corrected") == OF_CITY
    assert code_of(announcing.correct_announcement, row, **given, title="x") == "conflict"
    given["version"] = 2
    assert code_of(announcing.correct_announcement, row, **given, title=row.title) == "unchanged"
    again = given | {"note": ""}
    assert code_of(announcing.correct_announcement, row, **again, title="又改") == ["note"]
    announcing.correct_announcement(row, **given, title="又改")
    assert Notice.objects.filter(kind="announcement_corrected").count() == 12


def test_a_draft_is_neither_corrected_nor_withdrawn(cast):
    row = made.announcement(committee=cast.city, created_by=cast.clerk)
    given = {"by": cast.clerk, "version": 1, "note": "x", "title": "改"}
    assert code_of(announcing.correct_announcement, row, **given) == "moved"
    assert code_of(announcing.withdraw_announcement, row, by=cast.clerk, why="x") == "moved"


def test_withdrawing_tells_why_and_ends_it(cast):
    row = made.published(committee=cast.city, created_by=cast.clerk)
    assert code_of(announcing.withdraw_announcement, row, by=cast.clerk, why=" ") == ["why"]
    announcing.withdraw_announcement(row, by=cast.clerk, why="会议改期")
    assert told(cast, "announcement_withdrawn") == OF_CITY
    assert code_of(announcing.withdraw_announcement, row, by=cast.clerk, why="x") == "moved"
    given = {"by": cast.clerk, "version": 1, "note": "x", "title": "改"}
    assert code_of(announcing.correct_announcement, row, **given) == "moved"
    assert code_of(announcing.remind_silent, row, by=cast.clerk) == "moved"


def test_reminding_reaches_the_silent_once_a_day(cast):
    row = made.published(committee=cast.city, created_by=cast.clerk)
    answered = Acknowledgement.objects.filter(announcement=row).exclude(
        recipient__in=[cast.member, cast.convenor]
    )
    answered.update(answer="attend", answered_at=timezone.now())
    now = timezone.now()
    assert announcing.remind_silent(row, by=cast.clerk, now=now) == 2
    assert told(cast, "announcement_reminder") == {"member", "convenor"}
    assert code_of(announcing.remind_silent, row, by=cast.clerk, now=now) == "moved"
    assert announcing.remind_silent(row, by=cast.clerk, now=now + DAY) == 2
    Acknowledgement.objects.update(answer="attend", answered_at=now)
    Announcement.objects.update(reminded_on=None)
    assert code_of(announcing.remind_silent, row, by=cast.clerk, now=now) == "nobody"
    assert code_of(announcing.remind_silent, row, by=cast.clerk, now=now + 3 * DAY) == "moved"


# Sets --------------------------------------------------------------------------------------------


def test_sets_of_announcements(cast):
    def titles(rows):
        return {row.title for row in rows}

    given = {"committee": cast.city, "created_by": cast.clerk}
    made.announcement(title="草稿", **given)
    made.published(title="公开", is_public=True, answering="none", **given)
    made.published(title="待答", **given)
    late = made.published(title="到期", **given)
    gone = made.published(title="撤回", is_public=True, **given)
    announcing.withdraw_announcement(gone, by=cast.clerk, why="x")
    Announcement.objects.filter(pk=late.pk).update(answer_until=timezone.now() - DAY)
    everything = Announcement.objects.all()
    assert titles(everything.drafts()) == {"草稿"}
    assert titles(everything.published()) == {"公开", "待答", "到期", "撤回"}
    assert titles(everything.in_force()) == {"公开", "待答", "到期"}
    assert titles(everything.public()) == {"公开"}
    assert titles(everything.awaiting()) == {"待答"}
    assert titles(everything.lacking_answers()) == {"到期"}
    assert titles(everything.lacking_answers(timezone.now() + 30 * DAY)) == set()
    assert titles(everything.found_by("期 ")) == {"到期"}


def test_a_member_of_later_reads_what_went_to_all(cast):
    row = made.published(committee=cast.city, created_by=cast.clerk)
    user = make.member(sector=cast.business).user
    seen = Announcement.objects.visible_to(user)
    assert list(seen) == [row]
    assert not Announcement.objects.unanswered_by(entered_for(user)).exists()


def test_appointments_of_other_committees_do_not_manage(cast):
    make.appointment(cast.member, Role.CLERK, cast.county)
    row = made.announcement(committee=cast.city, created_by=cast.clerk)
    assert list(Announcement.objects.managed_by(cast.again("member"))) == []
    assert list(Announcement.objects.managed_by(cast.clerk)) == [row]

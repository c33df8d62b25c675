import datetime
import hashlib

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from committees.actions import save_draft
from committees.models import AuditEntry, Draft
from opinions import actions, notices, workflow
from opinions.models import Adoption, Issue, Manuscript, Opinion, Status
from opinions.texts import Texts
from tests import make

TEXTS = Texts("关于护学岗的建议", "路口拥堵。", "信号灯配时不合理。", "增设护学岗。")


def opinion(cast, status=Status.DRAFT, **over):
    row = make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=status, **over
    )
    return Opinion.objects.for_moves().get(pk=row.pk)


def deeds(row):
    about = AuditEntry.objects.filter(about=f"opinions.opinion:{row.pk}").order_by("sequence")
    return list(about.values_list("action", flat=True))


# Writing ---------------------------------------------------------------------


def test_start_makes_a_draft_of_the_member(cast):
    row = actions.start(cast.member_of("member"), TEXTS, by=cast.member, is_urgent=True)
    row.refresh_from_db()
    assert (row.status, row.title, row.is_urgent) == (Status.DRAFT, TEXTS.title, True)
    assert (row.created_by, row.on_behalf_of, row.committee) == (cast.member, None, cast.city)
    text = row.manuscripts.get()
    assert (text.kind, text.version, Texts.of(text)) == ("original", 1, TEXTS)
    part = row.authorships.get()
    assert (part.member, part.place) == (cast.member_of("member"), 1)
    assert part.confirmed_at is not None and deeds(row) == ["opinion.start"]


def test_a_secretary_writes_on_behalf_of_the_member(cast):
    row = actions.start(cast.member_of("member"), TEXTS, by=cast.delegate)
    assert (row.created_by, row.on_behalf_of) == (cast.delegate, cast.member_of("member"))
    entry = AuditEntry.objects.get(action="opinion.start")
    assert (entry.by_user, entry.on_behalf_of) == (cast.delegate, cast.member)


@pytest.mark.parametrize("person", ["member2", "convenor", "clerk", "stranger_member", "nobody"])
def test_nobody_writes_in_another_ones_name(cast, person):
    with pytest.raises(PermissionDenied):
        actions.start(cast.member_of("member"), TEXTS, by=cast[person])
    assert not Opinion.objects.exists()


def test_a_visit_starts_a_report_with_nothing_retyped(cast):
    theme = make.theme(committee=cast.city)
    visit = make.visit(member=cast.member_of("member"), said="夜间消防通道被占。", theme=theme)
    row = actions.start_from_visit(visit, by=cast.member)
    assert (row.visit, row.theme, row.situation) == (visit, theme, "夜间消防通道被占。")
    assert row.author_ids == [cast.member_of("member").pk]
    assert actions.start_from_visit(visit, by=cast.delegate).on_behalf_of == cast.member_of(
        "member"
    )


def test_only_those_who_were_there_start_from_a_visit(cast):
    visit = make.visit(member=cast.member_of("member"))
    with pytest.raises(PermissionDenied):
        actions.start_from_visit(visit, by=cast.convenor)


def test_each_save_is_a_version_and_the_same_words_are_none(cast):
    row = actions.start(cast.member_of("member"), TEXTS, by=cast.member)
    actions.write(row, TEXTS, by=cast.member, version=1)
    assert row.manuscripts.count() == 1
    other = Texts("关于护学岗的几点建议", "早晚拥堵。")
    actions.write(row, other, by=cast.delegate, version=1, is_urgent=True)
    row.refresh_from_db()
    assert (row.title, row.is_urgent) == (other.title, True)
    last = row.manuscripts.latest_first().first()
    assert (last.version, Texts.of(last), last.written_by) == (2, other, cast.delegate)
    assert Texts.of(row.manuscripts.get(version=1)) == TEXTS


def test_white_space_and_line_ends_are_put_in_order(cast):
    texts = Texts("  关于\n护学岗  的建议 ", "一。\r\n二。 ", " ", "")
    row = actions.start(cast.member_of("member"), texts, by=cast.member)
    text = row.manuscripts.get()
    assert Texts.of(text) == Texts("关于 护学岗 的建议", "一。\n二。", "", "")


def test_a_version_written_over_is_a_conflict_and_nothing_is_lost(cast):
    row = actions.start(cast.member_of("member"), TEXTS, by=cast.member)
    actions.write(row, Texts("甲", "代办人写的。"), by=cast.delegate, version=1)
    with pytest.raises(ValidationError) as told:
        actions.write(row, Texts("乙", "委员写的。"), by=cast.member, version=1)
    assert told.value.code == "stale" and cast.delegate.name in told.value.messages[0]
    assert [t.situation for t in row.manuscripts.order_by("version")] == [
        "路口拥堵。",
        "代办人写的。",
    ]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT, Status.RETURNED}))
def test_an_author_writes_only_what_is_the_authors(cast, status):
    row = opinion(cast, status)
    with pytest.raises(ValidationError) as told:
        actions.write(row, TEXTS, by=cast.member, version=1)
    assert told.value.code == "moved"


@pytest.mark.parametrize("person", ["member2", "convenor", "clerk"])
def test_others_do_not_write_it(cast, person):
    with pytest.raises(PermissionDenied):
        actions.write(opinion(cast), TEXTS, by=cast[person], version=1)


@pytest.mark.parametrize("part", ["title", "situation", "analysis", "suggestion"])
def test_marks_stop_every_part_before_anything_is_stored(cast, part):
    texts = Texts(**{part: "秘密★10年"})
    with pytest.raises(ValidationError) as refused:
        actions.start(cast.member_of("member"), texts, by=cast.member)
    assert refused.value.code == "classified" and not Opinion.objects.exists()
    with pytest.raises(ValidationError):
        save_draft("opinions.write:new", {part: "秘密★10年"}, by=cast.member, committee=cast.city)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(("part", "length"), [("title", 101), ("situation", 20_001)])
def test_what_no_report_is_so_long(cast, part, length):
    with pytest.raises(ValidationError) as refused:
        actions.start(cast.member_of("member"), Texts(**{part: "长" * length}), by=cast.member)
    assert list(refused.value.error_dict) == [part]


# Editing ---------------------------------------------------------------------


def test_the_edited_text_stands_beside_the_original(cast):
    row = opinion(cast, Status.RECEIVED)
    actions.move(row, "take_up", by=cast.editor)
    before = Texts.of(row.manuscripts.get())
    actions.edit(row, TEXTS, by=cast.editor, version=0)
    actions.edit(row, Texts("关于护学岗的建议", "拥堵。"), by=cast.clerk, version=1)
    rows = row.manuscripts.order_by("kind", "version")
    assert [(t.kind, t.version) for t in rows] == [("edited", 1), ("edited", 2), ("original", 1)]
    assert Texts.of(rows[2]) == before and (rows[0].written_by, rows[1].written_by) == (
        cast.editor,
        cast.clerk,
    )
    row.refresh_from_db()
    assert (row.title, row.last_editor_id) == (TEXTS.title, cast.clerk.pk)


def test_an_editor_who_was_second_is_told(cast):
    row = opinion(cast, Status.EDITING)
    actions.edit(row, TEXTS, by=cast.editor, version=1)
    with pytest.raises(ValidationError) as told:
        actions.edit(row, Texts("别的", "别的。"), by=cast.clerk, version=1)
    assert told.value.code == "stale" and cast.editor.name in told.value.messages[0]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.EDITING}))
def test_only_what_is_being_edited_is_edited(cast, status):
    with pytest.raises(ValidationError) as told:
        actions.edit(opinion(cast, status), TEXTS, by=cast.editor, version=0)
    assert told.value.code == "moved"


@pytest.mark.parametrize("person", ["member", "convenor", "checker", "signer", "leader"])
def test_only_editors_edit(cast, person):
    with pytest.raises(PermissionDenied):
        actions.edit(opinion(cast, Status.EDITING), TEXTS, by=cast[person], version=1)


def test_an_edited_text_has_title_and_situation(cast):
    with pytest.raises(ValidationError) as refused:
        actions.edit(opinion(cast, Status.EDITING), Texts("题"), by=cast.editor, version=1)
    assert refused.value.code == "not_written"


# Signing ---------------------------------------------------------------------


def test_signing_numbers_the_issue_and_adopts_at_the_own_level(cast):
    rows = [opinion(cast, Status.SIGNING) for _ in "ab"]
    for row in rows:
        actions.move(row, "sign", by=cast.signer)
    issues = [row.issue for row in rows]
    assert [(i.number, i.total_number, i.signed_by) for i in issues] == [
        (1, 1, cast.signer),
        (2, 2, cast.signer),
    ]
    adoption = Adoption.objects.get(opinion=rows[0])
    assert (adoption.level, adoption.body, adoption.form) == ("city", cast.city.name, "single")
    assert (adoption.publication, adoption.adopted_on) == (str(issues[0]), issues[0].issued_on)
    assert deeds(rows[0]) == ["opinion.sign"]


def test_a_signer_who_reads_english_leaves_the_paper_chinese(cast):
    row = opinion(cast, Status.SIGNING)
    with translation.override("en"):
        actions.move(row, "sign", by=cast.signer)
        year = row.issue.year
        assert str(row.issue) == f"Opinion reports {year}, issue 1 (overall 1)"
    publication = Adoption.objects.get(opinion=row).publication
    assert publication == f"《社情民意信息》{year}年第1期（总第1期）"


def test_the_number_begins_anew_each_year_and_the_total_does_not(cast, monkeypatch):
    rows = [opinion(cast, Status.SIGNING) for _ in "abc"]
    for row, year in zip(rows, (2026, 2026, 2027), strict=True):
        moment = datetime.datetime(year, 1, 2, 3, tzinfo=datetime.UTC)
        monkeypatch.setattr(workflow.timezone, "now", lambda moment=moment: moment)
        workflow.advance(row, "sign", by=cast.signer)
    assert [(r.issue.year, r.issue.number, r.issue.total_number) for r in rows] == [
        (2026, 1, 1),
        (2026, 2, 2),
        (2027, 1, 3),
    ]


def test_signing_undone_gives_the_number_back(cast, monkeypatch):
    row = opinion(cast, Status.SIGNING)

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(notices, "moved", fail)
    with pytest.raises(RuntimeError):
        actions.move(row, "sign", by=cast.signer)
    assert not Issue.objects.exists() and not Adoption.objects.exists()
    monkeypatch.undo()
    row = Opinion.objects.for_moves().get(pk=row.pk)
    actions.move(row, "sign", by=cast.signer)
    assert row.issue.number == 1


def test_the_own_text_may_be_checked_and_signed_and_the_trail_says_so(cast):
    for role in ("checker", "signer"):
        make.appointment(cast.editor, role, cast.city)
    row = opinion(cast, Status.EDITING)
    actions.edit(row, TEXTS, by=cast.editor, version=1)
    for move in ("send_to_check", "checked", "sign"):
        actions.move(row, move, by=cast.editor)
    own = AuditEntry.objects.filter(detail__own_text=True).values_list("action", flat=True)
    assert set(own) == {"opinion.checked", "opinion.sign"}
    other = opinion(cast, Status.CHECKING)
    actions.move(other, "checked", by=cast.checker)
    assert AuditEntry.objects.latest("sequence").detail == {}


# Offline ---------------------------------------------------------------------

CANARY = "不可留下的话"


def test_nothing_of_the_content_stays_when_a_report_goes_offline(cast):
    row = opinion(
        cast, Status.EDITING, title=f"关于{CANARY}的建议", situation=CANARY, suggestion=CANARY
    )
    make.step(opinion=row, move="send_back", note=CANARY, by_user=cast.editor)
    for form, person in (("write", cast.member), ("edit", cast.editor)):
        key = f"opinions.{form}:{row.pk}"
        save_draft(key, {"situation": CANARY}, by=person, committee=cast.city)
    whole = list(row.manuscripts.order_by("kind", "version"))
    digest = hashlib.sha256()
    for text in whole:
        digest.update(
            "\n".join([text.title, text.situation, text.analysis, text.suggestion]).encode()
        )
    number = row.label
    actions.move(row, "go_offline", by=cast.clerk)
    row = Opinion.objects.for_moves().get(pk=row.pk)
    assert (row.status, row.title, row.label) == (Status.OFFLINE, "", number)
    assert not Manuscript.objects.filter(opinion=row).exists() and not Draft.objects.exists()
    receipt = row.steps.last().note
    assert digest.hexdigest() in receipt and "2 份" in receipt
    assert AuditEntry.objects.latest("sequence").detail == {
        "manuscripts": 2,
        "characters": sum(text.length for text in whole),
        "sha256": digest.hexdigest(),
    }
    assert CANARY not in everything_stored()
    assert Opinion.objects.visible_to(cast.clerk).filter(pk=row.pk).exists()


def everything_stored():
    """All rows of all tables as one text."""
    models = [m for m in apps.get_models() if m._meta.app_label in ("opinions", "notices")]
    models += [AuditEntry, Draft]
    return "".join(
        serializers.serialize("json", model.objects.all(), ensure_ascii=False) for model in models
    )

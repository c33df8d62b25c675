"""Merging, composed reports, and apart again: nothing is lost, every author keeps the credit."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from committees.models import AuditEntry
from notices.models import Notice
from opinions import actions
from opinions.laying import laid_together, numeral
from opinions.models import Adoption, Manuscript, Opinion, Status, Step
from opinions.texts import Texts
from opinions.workflow import available_moves
from tests import make
from tests.make import composing

S = Status


def seen_by(cast, name):
    return set(Opinion.objects.visible_to(cast.again(name)).values_list("pk", flat=True))


def told(kind):
    rows = Notice.objects.filter(kind=kind).select_related("recipient")
    return sorted(row.recipient.sign_in_name for row in rows)


def code_of(deed):
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        deed()
    error = refused.value
    return error.code if hasattr(error, "code") else error.error_list[0].code


# Composing -------------------------------------------------------------------


def test_a_composed_report_begins_with_the_parts_one_after_another(cast):
    first = composing.report(cast, "member", title="关于甲的建议", situation="甲的情况。")
    second = composing.report(
        cast, "member2", title="关于乙的建议", situation="乙的情况。", status=S.EDITING
    )
    whole = actions.compose([second, first], by=cast.editor, title=" 关于甲乙  的建议 ")
    assert (whole.status, whole.is_composed, whole.part_count) == (S.EDITING, True, 2)
    assert (whole.year, whole.number) == (first.year, second.number + 1)
    assert (whole.editor, whole.sector, whole.received_on) == (cast.editor, None, None)
    text = whole.manuscripts.get()
    assert (text.kind, text.version, text.title) == ("edited", 1, "关于甲乙 的建议")
    assert text.situation == ("（一）关于甲的建议\n甲的情况。\n\n（二）关于乙的建议\n乙的情况。")
    parts = {row.pk: row for row in whole.parts.all()}
    assert set(parts) == {first.pk, second.pk}
    assert {row.status for row in parts.values()} == {S.MERGED}
    assert [step.move for step in whole.steps.all()] == ["composed"]
    assert [step.move for step in first.steps.all()] == ["merge"]
    assert told("opinion_merged") == ["member", "member2"]
    assert AuditEntry.objects.filter(action="opinion.compose").count() == 1


def test_parts_that_share_category_and_theme_give_them_on(cast):
    category, theme = make.category(committee=cast.city), make.theme(committee=cast.city)
    over = {"category": category, "theme": theme}
    whole = actions.compose(
        [
            composing.report(cast, "member", **over),
            composing.report(cast, "member2", category=category, is_urgent=True),
        ],
        by=cast.clerk,
    )
    assert (whole.category, whole.theme, whole.is_urgent) == (category, None, True)
    assert whole.title == whole.parts.order_by("number").first().title


def test_every_author_of_the_parts_is_an_author_once_the_own_ones_first(cast):
    first = composing.report(cast, "member")
    both = make.opinion(
        authors=[cast.member_of("member2"), cast.member_of("member")], status=S.RECEIVED
    )
    parts = [first, composing.again(both)]
    whole = composing.again(actions.compose(parts, by=cast.editor))
    member, member2 = cast.member_of("member"), cast.member_of("member2")
    assert whole.author_ids == [member.pk, member2.pk]
    assert whole.author_names == [member.name, member2.name]
    assert Opinion.objects.get(pk=whole.pk).author_names == whole.author_names
    assert not whole.authorships.exists()


def test_authors_read_the_composed_report_once_it_is_issued(cast):
    whole = composing.composed(cast)
    parts = {row.title: row for row in whole.parts.all()}
    own = {row.authors.get().user.sign_in_name: row.pk for row in parts.values()}
    for name in ("member", "member2"):
        assert seen_by(cast, name) == {own[name]}
    assert whole.pk not in seen_by(cast, "convenor") | seen_by(cast, "leader")
    issued = composing.moved_on(cast, whole, to=S.ISSUED)
    for name in ("member", "member2", "delegate"):
        mine = own["member" if name == "delegate" else name]
        assert seen_by(cast, name) == {mine, whole.pk}
    assert whole.pk not in seen_by(cast, "convenor")
    adoption = Adoption.objects.get()
    assert (adoption.form, adoption.opinion) == ("composed", issued)
    for name in ("member", "member2", "leader", "clerk"):
        assert list(Adoption.objects.visible_to(cast.again(name))) == [adoption]
    assert not Adoption.objects.visible_to(cast.again("countymember")).exists()
    assert set(Opinion.objects.by_member(cast.member_of("member"))) == {
        issued,
        Opinion.objects.get(pk=own["member"]),
    }
    assert told("opinion_issued") == ["member", "member2"]
    for pk in own.values():
        steps = Step.objects.filter(opinion=pk).values_list("move", flat=True)
        assert list(steps) == ["merge", "composed_issued"]


def test_authors_of_the_parts_do_nothing_to_the_whole(cast):
    whole = composing.composed(cast)
    for status in (S.RECEIVED, S.EDITING, S.RETURNED, S.ISSUED):
        Opinion.objects.filter(pk=whole.pk).update(status=status)
        moves = available_moves(composing.again(whole), cast.member)
        assert set(moves) == set()
    Opinion.objects.filter(pk=whole.pk).update(status=S.RECEIVED)
    row = composing.again(whole)
    assert code_of(lambda: actions.move(row, "withdraw", by=cast.member)) == "holds_parts"
    back = {"by": cast.editor, "note": "请补充。"}
    assert code_of(lambda: actions.move(row, "send_back", **back)) == "holds_parts"


@pytest.mark.parametrize(("count", "code"), [(0, None), (1, "too_few"), (21, "too_many")])
def test_so_many_parts(cast, count, code):
    parts = [composing.report(cast) for _ in range(count)]
    if not parts:
        with pytest.raises(ValidationError) as refused:
            actions.compose([], by=cast.editor)
        assert refused.value.code == "too_few"
    else:
        assert code_of(lambda: actions.compose(parts, by=cast.editor)) == code
    assert not Opinion.objects.filter(is_composed=True).exists()


def test_only_those_who_edit_compose(cast):
    parts = [composing.report(cast), composing.report(cast, "member2")]
    for name in ("checker", "signer", "member", "convenor", "countyclerk"):
        with pytest.raises(PermissionDenied):
            actions.compose(parts, by=cast[name])
        with pytest.raises(PermissionDenied):
            actions.merge_into(parts[0], parts, by=cast[name])


def test_one_part_that_cannot_go_stops_all(cast):
    parts = [composing.report(cast), composing.report(cast, "member2")]
    actions.move(composing.again(parts[1]), "shelve", by=cast.clerk)
    before = parts[0].number
    with pytest.raises(ValidationError) as refused:
        actions.compose(parts, by=cast.editor)
    assert refused.value.code == "moved" and parts[1].label in refused.value.messages[0]
    assert Opinion.objects.get(pk=parts[0].pk).status == S.RECEIVED
    assert not Notice.objects.filter(kind="opinion_merged").exists()
    later = actions.compose([parts[0], composing.report(cast)], by=cast.editor)
    assert later.number == before + 3  # no number was used up


def test_a_text_that_is_too_long_is_told(cast):
    parts = [composing.report(cast, situation="字" * 12_000) for _ in range(2)]
    with pytest.raises(ValidationError) as refused:
        actions.compose(parts, by=cast.editor)
    assert set(refused.value.message_dict) == {"situation"}


def test_parts_of_another_committee_are_not_there(cast):
    other = make.opinion(author=cast.member_of("countymember"), status=S.RECEIVED)
    parts = [composing.report(cast), composing.report(cast), composing.again(other)]
    whole = actions.compose(parts, by=cast.editor)
    assert whole.part_count == 2 and other.pk not in whole.parts.values_list("pk", flat=True)


def test_laying_together():
    assert [numeral(n) for n in (1, 10, 11, 20, 21, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]
    assert laid_together([]) == Texts()
    found = laid_together([Texts("甲", "一", "", "二"), Texts("乙", "三", "四", " ")])
    assert found == Texts("甲", "（一）甲\n一\n\n（二）乙\n三", "（二）乙\n四", "（一）甲\n二")


# Merging into one that is there ----------------------------------------------------


def test_one_report_goes_into_another(cast):
    whole, part = composing.report(cast, "member2"), composing.report(cast)
    actions.move(part, "merge", by=cast.editor, into=whole, note="同一件事")
    whole = composing.again(whole)
    assert (part.status, part.merged_into, whole.part_count) == (S.MERGED, whole, 1)
    assert (whole.status, whole.is_composed) == (S.RECEIVED, False)
    assert whole.author_names == [cast.member2.name, cast.member.name]
    assert whole.steps.get().note == part.label
    assert "withdraw" not in available_moves(whole, cast.member2)
    issued = composing.moved_on(cast, actions.move(whole, "take_up", by=cast.editor), to=S.ISSUED)
    assert Adoption.objects.get().form == "composed"
    assert seen_by(cast, "member") == {part.pk, issued.pk}


def test_several_go_into_the_fullest(cast):
    rows = [composing.report(cast) for _ in range(3)]
    actions.merge_into(rows[1], rows, by=cast.clerk)
    whole = composing.again(rows[1])
    assert whole.part_count == 2 and whole.status == S.RECEIVED
    assert set(whole.parts.all()) == {rows[0], rows[2]}
    assert code_of(lambda: actions.merge_into(rows[1], [rows[1]], by=cast.clerk)) == "too_few"


@pytest.mark.parametrize("into", ["none", "itself", "county"])
def test_a_target_is_needed(cast, into):
    part = composing.report(cast)
    county = make.opinion(author=cast.member_of("countymember"), status=S.RECEIVED)
    target = {"none": None, "itself": part, "county": county}[into]
    with pytest.raises(ValidationError) as refused:
        actions.move(part, "merge", by=cast.editor, into=target)
    assert refused.value.error_dict["into"][0].code == "into_needed"
    assert Opinion.objects.get(pk=part.pk).status == S.RECEIVED


@pytest.mark.parametrize("status", sorted(set(S) - {S.RECEIVED, S.EDITING, S.DRAFT}))
def test_only_what_the_office_has_in_hand_takes_others_in(cast, status):
    part, into = composing.report(cast), composing.report(cast, "member2", status)
    with pytest.raises(ValidationError) as refused:
        actions.move(part, "merge", by=cast.editor, into=into)
    assert refused.value.error_dict["into"][0].code == "into_closed"
    with pytest.raises(ValidationError) as refused:
        actions.merge_into(into, [part], by=cast.editor)
    assert refused.value.code == "moved"


def test_one_level_only(cast):
    whole = composing.composed(cast)
    other = composing.report(cast)
    assert code_of(lambda: actions.move(whole, "merge", by=cast.editor, into=other)) == (
        "composed_already"
    )
    parts = [whole, other]
    assert code_of(lambda: actions.compose(parts, by=cast.editor)) == "composed_already"
    actions.move(composing.again(other), "merge", by=cast.editor, into=composing.again(whole))
    assert Opinion.objects.get(pk=whole.pk).part_count == 3


def test_the_database_keeps_what_is_merged(cast):
    whole = composing.composed(cast)
    part = whole.parts.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=part.pk).update(status=S.RECEIVED)


def test_a_confided_report_is_not_merged(cast):
    reception = make.reception(workroom=cast.room, nature="person")
    row = make.opinion(author=cast.member_of("member"), status=S.RECEIVED, reception=reception)
    part, into = composing.again(row), composing.report(cast)
    assert code_of(lambda: actions.move(part, "merge", by=cast.editor, into=into)) == "confided"
    with pytest.raises(ValidationError) as refused:
        actions.move(into, "merge", by=cast.editor, into=part)
    assert refused.value.error_dict["into"][0].code == "into_closed"


# Apart again -------------------------------------------------------------------


def test_one_part_comes_back(cast):
    whole = composing.composed(cast, ("member", "member2", "convenor"))
    part = composing.again(whole.parts.get(authors__user=cast.member))
    actions.move(part, "unmerge", by=cast.clerk)
    whole = composing.again(whole)
    assert (part.status, part.merged_into, part.number) == (S.RECEIVED, None, part.number)
    assert (whole.part_count, whole.status) == (2, S.EDITING)
    assert cast.member.name not in whole.author_names
    assert told("opinion_unmerged") == ["member"]
    assert [step.move for step in whole.steps.all()] == ["composed", "parted"]
    actions.move(composing.again(part), "merge", by=cast.clerk, into=whole)
    assert told("opinion_merged") == ["convenor", "member", "member", "member2"]


def test_a_composed_report_without_parts_ends(cast):
    whole = composing.composed(cast)
    for part in list(whole.parts.all()):
        actions.move(composing.again(part), "unmerge", by=cast.editor)
    whole = composing.again(whole)
    assert (whole.status, whole.part_count, whole.author_ids) == (S.WITHDRAWN, 0, [])
    assert [step.move for step in whole.steps.all()] == ["composed", "parted", "parted", "dissolve"]


def test_a_report_that_took_one_in_goes_on_alone(cast):
    whole, part = composing.report(cast, "member2"), composing.report(cast)
    actions.move(part, "merge", by=cast.editor, into=whole)
    actions.move(composing.again(part), "unmerge", by=cast.editor)
    whole = composing.again(whole)
    assert (whole.status, whole.part_count) == (S.RECEIVED, 0)
    assert "withdraw" in available_moves(whole, cast.member2)


@pytest.mark.parametrize("status", [S.RECEIVED, S.EDITING, S.CHECKING, S.SIGNING, S.SHELVED])
def test_all_parts_come_back_at_once(cast, status):
    whole = composing.composed(cast)
    parts = list(whole.parts.order_by("pk"))
    Opinion.objects.filter(pk=whole.pk).update(status=status)
    whole = actions.move(composing.again(whole), "dissolve", by=cast.clerk, note="分别办理")
    assert (whole.status, Opinion.objects.get(pk=whole.pk).part_count) == (S.WITHDRAWN, 0)
    for part in parts:
        part.refresh_from_db()
        assert (part.status, part.merged_into) == (S.RECEIVED, None)
    assert told("opinion_unmerged") == ["member", "member2"]
    assert seen_by(cast, "member") == {parts[0].pk}


def test_what_is_issued_stays_together(cast):
    whole = composing.moved_on(cast, composing.composed(cast), to=S.ISSUED)
    part = composing.again(whole.parts.first())
    assert available_moves(part, cast.clerk) == []
    assert code_of(lambda: actions.move(part, "unmerge", by=cast.clerk)) == "issued_already"
    assert code_of(lambda: actions.move(whole, "dissolve", by=cast.clerk)) == "moved"


def test_words_that_went_into_a_whole_go_offline_with_it_first(cast):
    whole = composing.composed(cast)
    part = composing.again(whole.parts.first())
    assert "go_offline" not in available_moves(part, cast.clerk)
    assert code_of(lambda: actions.move(part, "go_offline", by=cast.clerk)) == "merged_in"
    actions.move(composing.again(whole), "go_offline", by=cast.clerk)
    assert not Manuscript.objects.filter(opinion=whole).exists()
    actions.move(composing.again(part), "go_offline", by=cast.clerk)
    assert not Manuscript.objects.filter(opinion=part).exists()
    other = composing.again(whole.parts.exclude(pk=part.pk).get())
    actions.move(other, "unmerge", by=cast.clerk)
    assert Opinion.objects.get(pk=whole.pk).status == S.OFFLINE


@pytest.mark.parametrize("way", ["unmerge", "dissolve"])
def test_words_left_in_a_whole_go_offline_with_it_first(cast, way):
    whole = composing.composed(cast)
    part = whole.parts.first()
    if way == "unmerge":
        actions.move(composing.again(part), "unmerge", by=cast.clerk)
    else:
        actions.move(composing.again(whole), "dissolve", by=cast.clerk, note="分别办理")
    with pytest.raises(ValidationError) as refused:
        actions.move(composing.again(part), "go_offline", by=cast.clerk)
    assert refused.value.code == "once_merged_in" and whole.label in refused.value.messages[0]
    assert Manuscript.objects.filter(opinion=part).exists()
    actions.move(composing.again(whole), "go_offline", by=cast.clerk)
    actions.move(composing.again(part), "go_offline", by=cast.clerk)
    assert not Manuscript.objects.filter(opinion__in=[part, whole]).exists()


def test_what_was_in_another_report_is_held_by_what_was_edited_there_since(cast):
    one, other = composing.report(cast), composing.report(cast, "member2", status=S.EDITING)
    actions.move(one, "merge", by=cast.editor, into=other)
    actions.move(composing.again(one), "unmerge", by=cast.editor)
    texts = Texts("关于两件事的建议", "两件事。")
    stays = composing.report(cast)
    actions.move(stays, "merge", by=cast.editor, into=composing.again(other))
    actions.move(composing.again(stays), "unmerge", by=cast.editor)
    actions.move(composing.again(stays), "go_offline", by=cast.clerk)
    actions.edit(composing.again(other), texts, by=cast.editor, version=1)
    move = lambda: actions.move(composing.again(one), "go_offline", by=cast.clerk)  # noqa: E731
    assert code_of(move) == "once_merged_in"


# Pages -------------------------------------------------------------------


def page(client, path, status=200):
    answer = client.get(f"/city/opinions/{path}")
    assert answer.status_code == status, path
    return answer.content.decode()


def test_composing_on_the_desk(cast, client_of):
    rows = [composing.report(cast), composing.report(cast, "member2", situation="长" * 300)]
    client, picked = client_of("editor"), [row.pk for row in rows]
    query = "&".join(f"picked={pk}" for pk in picked)
    asked = page(client, f"review/compose/?{query}")
    assert asked.index(rows[1].title) < asked.index(rows[0].title)  # the fullest first
    seen = {f"seen-{row.pk}": row.waiting_since.isoformat() for row in rows}
    sent = {"picked": picked, "into": "", "title": "综合", **seen}
    answer = client.post("/city/opinions/review/compose/", sent)
    whole = Opinion.objects.get(is_composed=True)
    assert answer["Location"] == f"/city/opinions/{whole.pk}/edit/"
    assert "（一）" in page(client, f"{whole.pk}/edit/")
    assert "合并情况" in page(client, f"{whole.pk}/")
    again = client.post("/city/opinions/review/compose/", sent)
    assert again.status_code == 422 and "先行处理" in again.content.decode()
    assert Opinion.objects.filter(is_composed=True).count() == 1


def test_merging_on_the_desk(cast, client_of):
    rows = [composing.report(cast), composing.report(cast, "member2")]
    sent = {"picked": [row.pk for row in rows], "into": str(rows[1].pk)}
    answer = client_of("clerk").post("/city/opinions/review/compose/", sent)
    assert answer["Location"] == f"/city/opinions/{rows[1].pk}/"
    assert Opinion.objects.get(pk=rows[0].pk).merged_into_id == rows[1].pk


@pytest.mark.parametrize("sent", [{}, {"picked": ["x", "9" * 30, "-1"]}, {"into": "77"}])
def test_nothing_ticked(cast, client_of, sent):
    answer = client_of("clerk").post("/city/opinions/review/compose/", sent)
    assert answer.status_code == 422
    assert "还没有勾选信息" in answer.content.decode()
    page(client_of("checker"), "review/compose/", 403)


def test_the_page_of_the_merge(cast, client_of):
    part, whole = composing.report(cast), composing.report(cast, "member2")
    client, path = client_of("editor"), f"/city/opinions/{part.pk}/moves/merge/"
    asked = client.get(path).content.decode()
    number = f"{whole.year}-{whole.number:04d}"
    assert f'value="{number}"' in asked and whole.title in asked
    for typed in ("", "不知道", "2020-0001", f"{part.year}-{part.number:04d}", "\x00"):
        answer = client.post(path, {"into": typed})
        assert answer.status_code == 400 and Opinion.objects.get(pk=part.pk).status == S.RECEIVED
    answer = client.post(path, {"into": f"第{number}号"})
    assert answer.status_code == 302
    assert Opinion.objects.get(pk=part.pk).merged_into_id == whole.pk
    assert client.post(path, {"into": number}).status_code == 409


def test_the_tab_tells_each_what_is_theirs(cast, client_of):
    whole = composing.composed(cast)
    mine = whole.parts.get(authors__user=cast.member)
    theirs = whole.parts.get(authors__user=cast.member2)
    inside = page(client_of("clerk"), f"{whole.pk}/parts/")
    assert mine.title in inside and theirs.title in inside and "撤销合并" in inside
    assert whole.title in page(client_of("clerk"), f"{mine.pk}/parts/")
    page(client_of("member"), f"{whole.pk}/parts/", 404)
    assert "综合稿签发后可查看全文" in page(client_of("member"), f"{mine.pk}/parts/")
    assert "综合稿，签发后可查看" in page(client_of("member"), f"{mine.pk}/")
    composing.moved_on(cast, whole, to=S.ISSUED)
    told_now = page(client_of("member"), f"{whole.pk}/parts/")
    assert mine.title in told_now and theirs.title not in told_now and "撤销合并" not in told_now
    assert "综合稿已签发" in page(client_of("member"), f"{mine.pk}/")
    read = page(client_of("member"), f"{whole.pk}/")
    assert cast.editor.name not in read and cast.member2.name in read
    empty = composing.report(cast)
    assert "没有编入的信息" in page(client_of("clerk"), f"{empty.pk}/parts/")


def test_merging_through_the_api(cast, client_of):
    part, whole = composing.report(cast), composing.report(cast, "member2")
    client = client_of("editor")

    def ask(pk, **sent):
        path = f"/api/v1/opinions/{pk}/moves/"
        return client.post(path, sent, content_type="application/json")

    assert ask(part.pk, move="merge").status_code == 400
    assert ask(part.pk, move="merge", into=10**15).status_code == 400
    answer = ask(part.pk, move="merge", into=whole.pk)
    assert answer.status_code == 200 and answer.json()["moves"] == ["unmerge"]
    assert ask(part.pk, move="merge", into=whole.pk).status_code == 409
    assert client.get(f"/api/v1/opinions/{whole.pk}/").json()["authors"] == [
        cast.member2.name,
        cast.member.name,
    ]

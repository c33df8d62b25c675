import datetime
import json

import pytest
from django.utils import timezone

from committees.models import AuditEntry, Draft
from opinions.models import Opinion, Status
from opinions.texts import Texts
from tests import make

S = Status
TEXTS = {
    "title": "关于护学岗的建议",
    "situation": "路口拥堵。",
    "analysis": "信号灯配时不合理。",
    "suggestion": "增设护学岗。",
}
OFFICE = ["clerk", "editor", "checker", "signer"]


def opinion(cast, status=S.DRAFT, **over):
    return make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=status, **over
    )


def page(client, path, status=200):
    answer = client.get(f"/city/opinions/{path}")
    assert answer.status_code == status, path
    return answer.content.decode()


def autosave(client, key, content):
    body = json.dumps({"form": key, "content": content})
    return client.post("/city/drafts/", body, content_type="application/json").status_code


# Writing ---------------------------------------------------------------------


def test_a_member_saves_a_draft_that_may_lack_anything(cast, client_of):
    answer = client_of("member").post("/city/opinions/write/", {"situation": "路口拥堵。"})
    row = Opinion.objects.get()
    assert answer["Location"] == f"/city/opinions/{row.pk}/"
    assert (row.status, row.title, str(row)) == (S.DRAFT, "", "（未写标题）")


def test_a_blank_sheet_is_no_draft(cast, client_of):
    answer = client_of("member").post("/city/opinions/write/", {"situation": " "})
    assert answer.status_code == 400 and "还没有填写内容" in answer.content.decode()
    assert not Opinion.objects.exists()


def test_sending_asks_for_title_and_situation_and_keeps_the_rest(cast, client_of):
    answer = client_of("member").post(
        "/city/opinions/write/", {"suggestion": "增设护学岗。", "next": "1"}
    )
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"title", "situation"}
    assert "增设护学岗。" in answer.content.decode() and not Opinion.objects.exists()


def test_from_the_sheet_to_the_convenor_in_two_taps(cast, client_of):
    client = client_of("member")
    answer = client.post("/city/opinions/write/", {**TEXTS, "next": "1"}, follow=True)
    row = Opinion.objects.get()
    assert answer.redirect_chain == [(f"/city/opinions/{row.pk}/moves/submit/", 302)]
    text = answer.content.decode()
    assert cast.convenor.name in text and "直报机关" in text and TEXTS["situation"] in text
    client.post(f"/city/opinions/{row.pk}/moves/submit/")
    row.refresh_from_db()
    assert (row.status, row.sector) == (S.WITH_CONVENOR, cast.education)


def test_hints_warn_and_do_not_block(cast, client_of):
    long = TEXTS | {"situation": "长" * 1600 + "电话13900000001", "suggestion": "", "next": "1"}
    answer = client_of("member").post("/city/opinions/write/", long, follow=True)
    assert len(answer.context["hints"]) == 3
    assert all(hint in answer.content.decode() for hint in answer.context["hints"])
    row = Opinion.objects.get()
    client_of("member").post(f"/city/opinions/{row.pk}/moves/submit/")
    row.refresh_from_db()
    assert row.status == S.WITH_CONVENOR


@pytest.mark.parametrize("part", list(TEXTS))
def test_marks_stop_the_save_and_leave_the_words_on_screen(cast, client_of, part):
    marked = TEXTS | {part: "秘密★10年 内容"}
    answer = client_of("member").post("/city/opinions/write/", marked)
    text = answer.content.decode()
    assert answer.status_code == 400 and not Opinion.objects.exists()
    assert "纸质渠道" in text and all(words in text for words in marked.values())
    assert autosave(client_of("member"), "opinions.write:new", marked) == 400
    assert not Draft.objects.exists()


def test_a_visit_is_the_beginning_of_a_report(cast, client_of):
    said = "夜间消防通道被占。"
    visit = make.visit(member=cast.member_of("member"), said=said, place="三里社区")
    client = client_of("member")
    text = page(client, f"write/?visit={visit.pk}")
    assert said in text and "三里社区" in text
    client.post(f"/city/opinions/write/?visit={visit.pk}", {"title": "题", "situation": said})
    row = Opinion.objects.get()
    assert row.visit == visit and f"visits/{visit.pk}/" in page(client, f"{row.pk}/")


def test_a_secretary_of_two_writes_for_whoever_was_there(cast, client_of):
    make.delegate(member=cast.member_of("member2"), user=cast.delegate)
    for name in ("member", "member2"):
        visit = make.visit(member=cast.member_of(name))
        form = client_of("delegate").get(f"/city/opinions/write/?visit={visit.pk}").context["form"]
        assert form["author"].value() == cast.member_of(name).pk


@pytest.mark.parametrize("visit", ["0", "x", "9" * 30, "-1", "１２"])  # noqa: RUF001
def test_a_visit_that_is_none(cast, client_of, visit):
    page(client_of("member"), f"write/?visit={visit}", status=404)


def test_another_sectors_visit_is_not_seen(cast, client_of):
    visit = make.visit(member=cast.member_of("member2"))
    page(client_of("member"), f"write/?visit={visit.pk}", status=404)


@pytest.mark.parametrize("who", [*OFFICE, "leader", "keeper", "handler"])
def test_only_members_write(cast, client_of, who):
    page(client_of(who), "write/", status=403)
    assert client_of(who).post("/city/opinions/write/", TEXTS).status_code == 403
    assert AuditEntry.objects.filter(is_refused=True, by_user=cast[who]).count() == 2


def test_a_secretary_of_two_chooses_for_whom(cast, client_of):
    make.delegate(member=cast.member_of("member2"), user=cast.delegate)
    client = client_of("delegate")
    text = page(client, "write/")
    assert cast.member.name in text and cast.member2.name in text
    second = cast.member_of("member2")
    client.post("/city/opinions/write/", {**TEXTS, "author": second.pk})
    row = Opinion.objects.get()
    assert (row.author_ids, row.on_behalf_of, row.created_by) == (
        [second.pk],
        second,
        cast.delegate,
    )
    assert f"由{cast.delegate.name}代为填报" in page(client, f"{row.pk}/")
    stranger = cast.member_of("stranger_member")
    answer = client.post("/city/opinions/write/", {**TEXTS, "author": stranger.pk})
    assert answer.status_code == 400 and Opinion.objects.count() == 1


def test_category_theme_and_urgency_are_kept(cast, client_of):
    category, theme = make.category(committee=cast.city), make.theme(committee=cast.city)
    gone = make.category(committee=cast.city, is_active=False)
    client = client_of("member")
    text = page(client, "write/")
    assert category.name in text and theme.name in text and gone.name not in text
    marks = {"category": category.pk, "theme": theme.pk, "is_urgent": "on"}
    client.post("/city/opinions/write/", TEXTS | marks)
    row = Opinion.objects.get()
    assert (row.category, row.theme, row.is_urgent) == (category, theme, True)
    type(category).objects.filter(pk=category.pk).update(is_active=False)
    form = client.get(f"/city/opinions/{row.pk}/write/").context["form"]
    assert str(category.pk) in dict(form.fields["category"].choices)
    stranger = make.category(committee=cast.stranger)
    answer = client.post("/city/opinions/write/", TEXTS | {"category": stranger.pk})
    assert answer.status_code == 400 and "category" in answer.context["form"].errors


def test_what_was_typed_outlives_the_session(cast, client_of):
    client = client_of("member")
    typed = {"situation": "还没写完的话", "version": "0", "unknown": "x", "is_urgent": ["on"]}
    assert autosave(client, "opinions.write:new", typed) == 204
    client.logout()
    assert "login" in client.get("/city/opinions/write/")["Location"]
    again = client_of("member")
    text = page(again, "write/")
    assert "还没写完的话" in text and "已恢复" in text
    assert "还没写完的话" not in page(client_of("convenor"), "write/")
    again.post("/city/opinions/write/", TEXTS)
    assert not Draft.objects.exists() and "还没写完的话" not in page(again, "write/")


def test_the_draft_of_one_report_is_not_that_of_another(cast, client_of):
    client, row = client_of("member"), opinion(cast)
    autosave(client, f"opinions.write:{row.pk}", {"situation": "改到一半", "version": "1"})
    assert "改到一半" in page(client, f"{row.pk}/write/")
    assert "改到一半" not in page(client, f"{opinion(cast).pk}/write/")


def test_two_writers_of_one_report_lose_nothing(cast, client_of):
    row = opinion(cast)
    mine, theirs = client_of("member"), client_of("delegate")
    theirs.post(
        f"/city/opinions/{row.pk}/write/", TEXTS | {"situation": "代办人写的", "version": 1}
    )
    answer = mine.post(
        f"/city/opinions/{row.pk}/write/", TEXTS | {"situation": "委员写的", "version": 1}
    )
    text = answer.content.decode()
    assert answer.status_code == 409 and cast.delegate.name in text
    assert "代办人写的" in text and "委员写的" in text
    version = answer.context["form"].based_on
    answer = mine.post(
        f"/city/opinions/{row.pk}/write/", TEXTS | {"situation": "合在一起", "version": version}
    )
    assert answer.status_code == 302
    texts = row.manuscripts.order_by("version").values_list("situation", flat=True)
    assert list(texts)[1:] == ["代办人写的", "合在一起"]


def test_an_old_draft_meets_a_newer_version(cast, client_of):
    row, client = opinion(cast), client_of("member")
    autosave(client, f"opinions.write:{row.pk}", {"situation": "旧稿上写的", "version": "1"})
    client_of("delegate").post(
        f"/city/opinions/{row.pk}/write/", TEXTS | {"situation": "代办人写的", "version": 1}
    )
    answer = client.get(f"/city/opinions/{row.pk}/write/")
    text = answer.content.decode()
    assert "旧稿上写的" in text and "代办人写的" in text
    assert answer.context["form"].based_on == 2


def test_words_that_come_too_late_stay_on_screen(cast, client_of):
    row = opinion(cast, S.RECEIVED)
    answer = client_of("member").post(
        f"/city/opinions/{row.pk}/write/", TEXTS | {"situation": "来迟的话", "version": 1}
    )
    assert answer.status_code == 409
    assert "来迟的话" in answer.content.decode() and "待机关审核" in answer.content.decode()
    assert client_of("member").get(f"/city/opinions/{row.pk}/write/").status_code == 302


def test_a_returned_report_shows_what_was_asked(cast, client_of):
    row = opinion(cast, S.RETURNED)
    make.step(opinion=row, move="send_back", target=S.RETURNED, note="请补充数据。")
    for path in (f"{row.pk}/", f"{row.pk}/write/"):
        assert "请补充数据。" in page(client_of("member"), path)
    answer = client_of("member").post(
        f"/city/opinions/{row.pk}/write/", TEXTS | {"version": 1, "next": "1"}
    )
    assert answer["Location"].endswith("/moves/resubmit/")


# Editing ---------------------------------------------------------------------


def test_original_and_edited_stand_side_by_side_with_what_changed(cast, client_of):
    row = opinion(cast, S.EDITING, situation="路口拥堵。")
    client = client_of("editor")
    answer = client.post(
        f"/city/opinions/{row.pk}/edit/",
        TEXTS | {"situation": "十字路口<拥堵>。", "version": 1},
    )
    assert answer["Location"] == f"/city/opinions/{row.pk}/"
    text = page(client, f"{row.pk}/edit/")
    assert "<ins>十字</ins>路口<ins>&lt;</ins>拥堵" in text and "原稿" in text
    answer = client.post(f"/city/opinions/{row.pk}/edit/", TEXTS | {"version": 2, "next": "1"})
    assert answer["Location"].endswith("/moves/send_to_check/")


def test_two_editors_lose_nothing(cast, client_of):
    row = opinion(cast, S.EDITING)
    mine, theirs = client_of("editor"), client_of("clerk")
    path = f"/city/opinions/{row.pk}/edit/"
    theirs.post(path, TEXTS | {"situation": "先存的", "version": 1})
    answer = mine.post(path, TEXTS | {"situation": "后存的", "version": 1})
    text = answer.content.decode()
    assert answer.status_code == 409 and "先存的" in text and "后存的" in text
    theirs.post(f"/city/opinions/{row.pk}/moves/send_to_check/")
    answer = mine.post(path, TEXTS | {"situation": "后存的", "version": 2})
    assert answer.status_code == 409 and "后存的" in answer.content.decode()
    assert "待核稿" in answer.content.decode()


def test_an_editor_is_told_of_a_newer_original(cast, client_of):
    row = opinion(cast, S.EDITING)
    make.manuscript(opinion=row, situation="补充后的情况", written_at=timezone.now())
    assert "又修改了原稿" in page(client_of("editor"), f"{row.pk}/edit/")


def test_only_editors_open_the_editing_page_and_only_while_it_is_edited(cast, client_of):
    row = opinion(cast, S.EDITING)
    for who in ("member", "delegate", "convenor", "checker", "signer"):
        page(client_of(who), f"{row.pk}/edit/", status=403)
    other = opinion(cast, S.CHECKING)
    page(client_of("editor"), f"{other.pk}/edit/", status=302)


# Moving ----------------------------------------------------------------------


def test_every_button_opens_its_question(cast, client_of):
    for status in S:
        row = opinion(cast, status)
        for who in ("member", "convenor", *OFFICE):
            client = client_of(who)
            answer = client.get(f"/city/opinions/{row.pk}/")
            if answer.status_code == 404:
                continue
            for button in answer.context["buttons"]:
                assert str(button.label) in answer.content.decode()
                question = client.get(button.url)
                assert question.status_code == 200, (status, who, button.name)
                if not button.is_page:
                    assert str(button.question) in question.content.decode()


def test_a_button_is_bound_to_what_was_seen(cast, client_of):
    row = opinion(cast, S.RECEIVED)
    client = client_of("clerk")
    text = page(client, f"{row.pk}/")
    action = f"/city/opinions/{row.pk}/moves/take_up/?seen="
    seen = text.split(action)[1].split('"')[0]
    Opinion.objects.filter(pk=row.pk).update(waiting_since=timezone.now())
    assert client.post(action + seen).status_code == 409
    seen = page(client, f"{row.pk}/").split(action)[1].split('"')[0]
    answer = client.post(action + seen)
    assert answer["Location"] == f"/city/opinions/{row.pk}/edit/"


@pytest.mark.parametrize("seen", ["x", "2026-13-45", "2026-01-01", ""])
def test_a_strange_seen_is_no_error(cast, client_of, seen):
    row = opinion(cast, S.RECEIVED)
    path = f"/city/opinions/{row.pk}/moves/take_up/?seen={seen}"
    assert client_of("clerk").post(path).status_code in (302, 409)


def test_a_missing_note_is_asked_for(cast, client_of):
    row = opinion(cast, S.WITH_CONVENOR)
    answer = client_of("convenor").post(f"/city/opinions/{row.pk}/moves/suggest/", {"note": " "})
    assert answer.status_code == 400 and "请写明意见" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == S.WITH_CONVENOR


@pytest.mark.parametrize("note", ["内部文件\n意见", "长" * 1001])
def test_a_note_that_cannot_be_kept_stays_on_screen(cast, client_of, note):
    row = opinion(cast, S.RECEIVED)
    path = f"/city/opinions/{row.pk}/moves/send_back/"
    answer = client_of("editor").post(path, {"note": note})
    assert answer.status_code == 400
    assert note.replace("\n", "\r\n") in answer.content.decode() or note in answer.content.decode()


def test_who_comes_second_reads_who_was_first_and_keeps_the_note(cast, client_of):
    second = make.convenor(sector=cast.education).seat.membership.member.user
    row = opinion(cast, S.WITH_CONVENOR)
    client_of("convenor").post(f"/city/opinions/{row.pk}/moves/recommend/")
    path = f"/city/opinions/{row.pk}/moves/suggest/"
    answer = client_of(second).post(path, {"note": "我想说的话"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "我想说的话" in text
    assert cast.convenor.name in text and "待机关审核" in text


@pytest.mark.parametrize(
    ("who", "move", "status"),
    [
        ("member", "recommend", 403),
        ("convenor", "take_up", 403),
        ("checker", "take_up", 403),
        ("member2", "withdraw", 404),
        ("leader", "sign", 404),
        ("clerk", "forward", 404),
        ("clerk", "merge", 400),  # into nothing
    ],
)
def test_moves_of_others(cast, client_of, who, move, status):
    row = opinion(cast, S.RECEIVED)
    path = f"/city/opinions/{row.pk}/moves/{move}/"
    assert client_of(who).post(path, {"note": "话"}).status_code == status
    row.refresh_from_db()
    assert row.status == S.RECEIVED


def test_the_whole_way_on_the_pages(cast, client_of):
    client_of("member").post("/city/opinions/write/", TEXTS)
    row = Opinion.objects.get()

    def go(who, move, note=""):
        path = f"/city/opinions/{row.pk}/moves/{move}/"
        answer = client_of(who).post(path, {"note": note})
        assert answer.status_code == 302, answer.content.decode()

    go("member", "submit")
    go("convenor", "suggest", "请补充数据。")
    client_of("member").post(
        f"/city/opinions/{row.pk}/write/", TEXTS | {"analysis": "补充的数据", "version": 1}
    )
    go("member", "resubmit")
    go("convenor", "recommend")
    go("editor", "take_up")
    client_of("editor").post(
        f"/city/opinions/{row.pk}/edit/", TEXTS | {"title": "编辑后的标题", "version": 0}
    )
    go("editor", "send_to_check")
    go("checker", "hand_back", "标题再斟酌。")
    go("editor", "send_to_check")
    go("checker", "checked")
    go("signer", "sign")
    text = page(client_of("member"), f"{row.pk}/")
    assert "编辑后的标题" in text and "第1期" in text and "标题再斟酌" not in text
    register = page(client_of("leader"), "issues/")
    assert "编辑后的标题" in register and cast.signer.name in register
    go("clerk", "close")
    row.refresh_from_db()
    assert (row.status, row.steps.count()) == (S.CLOSED, 11)
    shown = client_of("member").get(f"/city/opinions/{row.pk}/").context["events"]
    moves = [event.title for event in shown]
    assert len(moves) == 11 and str(moves[0]) == "已办结" and str(moves[-1]) == "开始起草"


def test_offline_leaves_a_stub_that_still_counts(cast, client_of):
    row = opinion(cast, S.ISSUED, title="不该写的标题", situation="不该写的话")
    client_of("clerk").post(f"/city/opinions/{row.pk}/moves/go_offline/")
    for who in ("member", "clerk"):
        text = page(client_of(who), f"{row.pk}/")
        assert "不该写的" not in text and row.label in text and "校验值" in text
    assert "转线下办理" in page(client_of("clerk"), "?status=offline")
    assert "不该写的" not in page(client_of("leader"), "issues/")


# Lists -----------------------------------------------------------------------


def rows_of(client, path):
    return [row.pk for row in client.get(f"/city/opinions/{path}").context["page"].rows]


def test_filters_of_the_list(cast, client_of):
    category = make.category(committee=cast.city)
    first = opinion(cast, S.RECEIVED, title="关于路灯的建议", category=category)
    second = opinion(cast, S.ISSUED, title="关于路口的建议", received_on=datetime.date(2026, 3, 1))
    other = make.opinion(author=cast.member_of("member2"), sector=cast.business, status=S.RECEIVED)
    client = client_of("clerk")
    assert set(rows_of(client, "")) == {first.pk, second.pk, other.pk}
    asked = {
        "status=issued": {second.pk},
        "q=路灯": {first.pk},
        f"q={first.label}": {first.pk},
        f"q={first.year}-{first.number}": {first.pk},
        f"category={category.pk}": {first.pk},
        f"sector={cast.business.pk}": {other.pk},
        "received_before=2026-03-31": {second.pk},
        f"received_after={timezone.localdate()}": {first.pk, other.pk},
        "q=没有的": set(),
        "of=nonsense": {first.pk, second.pk, other.pk},
    }
    assert {query: set(rows_of(client, f"?{query}")) for query in asked} == asked


@pytest.mark.parametrize(
    "query", ["status=x", "category=x", "received_after=x", "after=x&before=y"]
)
def test_strange_filters_are_no_error(cast, client_of, query):
    page(client_of("clerk"), f"?{query}")
    page(client_of("clerk"), f"review/?{query}")


def test_a_filter_keeps_the_tab(cast, client_of):
    text = page(client_of("clerk"), "review/?queue=editing&q=甲")
    assert '<input type="hidden" name="queue" value="editing"' in text
    assert '<input type="hidden" name="of" value="sector"' in page(
        client_of("convenor"), "?of=sector"
    )


def test_a_convenors_list_has_the_own_and_the_sectors(cast, client_of):
    own = make.opinion(author=cast.member_of("convenor"), sector=cast.education)
    theirs = opinion(cast, S.RECEIVED)
    client = client_of("convenor")
    assert rows_of(client, "") == [own.pk]
    draft = opinion(cast)
    assert set(rows_of(client, "?of=sector")) == {own.pk, theirs.pk} and draft.pk


def test_the_review_desk_of_a_convenor_leaves_the_own_out(cast, client_of):
    make.opinion(author=cast.member_of("convenor"), sector=cast.education, status=S.WITH_CONVENOR)
    theirs = opinion(cast, S.WITH_CONVENOR)
    opinion(cast, S.RECEIVED)
    make.opinion(author=cast.member_of("member2"), sector=cast.business, status=S.WITH_CONVENOR)
    assert rows_of(client_of("convenor"), "review/") == [theirs.pk]


def test_the_office_finds_its_queues_and_each_the_own_first(cast, client_of):
    rows = {status.value: opinion(cast, status).pk for status in S}
    shown = {who: rows_of(client_of(who), "review/") for who in OFFICE}
    assert shown == {
        "clerk": [rows["received"]],
        "editor": [rows["received"]],
        "checker": [rows["checking"]],
        "signer": [rows["signing"]],
    }
    for queue in ("received", "editing", "checking", "signing", "with_convenor"):
        assert rows_of(client_of("clerk"), f"review/?queue={queue}") == [rows[queue]]
    assert rows_of(client_of("clerk"), "review/?queue=draft") == [rows["received"]]


def test_the_longest_waiting_stands_first_with_its_working_days(cast, client_of):
    now = timezone.now()
    old = opinion(cast, S.RECEIVED, waiting_since=now - datetime.timedelta(days=7))
    new = opinion(cast, S.RECEIVED, waiting_since=now)
    make.workday(committee=cast.city, day=timezone.localdate() - datetime.timedelta(days=1))
    shown = client_of("clerk").get("/city/opinions/review/").context["page"].rows
    assert [row.pk for row in shown] == [old.pk, new.pk]
    assert (shown[0].is_late, shown[1].age, shown[1].is_late) == (True, 0, False)


def test_the_pane_is_the_report_without_its_frame(cast, client_of):
    row = opinion(cast, S.RECEIVED, situation="情况如此")
    answer = client_of("clerk").get(
        f"/city/opinions/{row.pk}/?pane=1", headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert "情况如此" in text and "<html" not in text and "退回修改" in text
    assert "<html" in page(client_of("clerk"), f"{row.pk}/?pane=1")


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("review/", {*OFFICE, "convenor", "convenor2"}),
        ("issues/", {*OFFICE, "leader"}),
        ("", None),
    ],
)
def test_who_opens_which_page(cast, client_of, path, who):
    people = [name for name in cast.people if not name.startswith(("stranger", "county", "nobody"))]
    people = [name for name in people if name not in ("shielded", "shielded_convenor")]
    opened = {
        name for name in people if client_of(name).get(f"/city/opinions/{path}").status_code == 200
    }
    assert opened == (set(people) if who is None else who)


def test_pages_speak_english_too(cast, client_of):
    row = opinion(cast, S.RECEIVED)
    for who in ("member", "clerk"):
        client = client_of(who)
        client.cookies["django_language"] = "en"
        for path in ("", f"{row.pk}/", f"{row.pk}/moves/withdraw/"):
            assert '<html lang="en"' in page(client, path)


def test_empty_lists_say_what_to_do(cast, client_of):
    assert "还没有反映过社情民意" in page(client_of("member"), "")
    assert "没有待办的信息" in page(client_of("clerk"), "review/")
    assert "还没有签发的信息" in page(client_of("signer"), "issues/")
    assert "没有符合条件" in page(client_of("clerk"), "?q=甲")


def test_texts_of_a_report_are_escaped(cast, client_of):
    row = opinion(cast, S.RECEIVED, title="<b>题</b>", situation="<script>alert(1)</script>")
    for path in ("", f"{row.pk}/", f"{row.pk}/moves/shelve/", "review/"):
        text = page(client_of("clerk"), path)
        assert "<b>题" not in text and "<script>alert" not in text


def test_a_report_not_yet_written_has_texts(cast):
    assert Texts.of(None) == Texts()

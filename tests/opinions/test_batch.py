"""Ticked rows: one question for all, each row by itself, told row by row, and taken back."""

import pytest
from django.core.exceptions import PermissionDenied

from opinions import actions
from opinions.actions.batches import BATCHED, INVERSES, move_all, possible_for_all
from opinions.models import Opinion, Status
from opinions.workflow import MOVES
from tests import make
from tests.budgets import cost_of
from tests.make import composing

S = Status
PATH = "/city/opinions/review/batch/"


def fields(rows, **more):
    seen = {f"seen-{row.pk}": row.waiting_since.isoformat() for row in rows}
    return {"picked": [row.pk for row in rows], **seen, **more}


def states(rows):
    return [Opinion.objects.get(pk=row.pk).status for row in rows]


def asked(client, rows):
    return client.get(PATH, {"picked": [row.pk for row in rows]})


def test_what_is_offered_is_possible_for_all(cast):
    received, editing = composing.report(cast), composing.report(cast, status=S.EDITING)
    assert possible_for_all([received], cast.clerk) == ["take_up", "send_back", "shelve"]
    assert possible_for_all([received, editing], cast.clerk) == ["send_back", "shelve"]
    assert possible_for_all([received], cast.checker) == []
    assert possible_for_all([], cast.clerk) == []


def test_no_batch_signs_or_erases():
    assert set(BATCHED) <= set(MOVES)
    assert not set(BATCHED) & {"sign", "go_offline", "merge", "dissolve", "withdraw", "submit"}
    assert set(INVERSES) | set(INVERSES.values()) <= set(BATCHED)


@pytest.mark.parametrize("name", ["sign", "go_offline", "unheard_of"])
def test_other_moves_are_refused(cast, name):
    with pytest.raises(PermissionDenied):
        move_all([composing.report(cast)], name, by=cast.clerk, seen={})


def test_each_row_by_itself(cast, client_of):
    rows = [composing.report(cast) for _ in range(4)]
    actions.move(composing.again(rows[1]), "take_up", by=cast.editor)
    actions.move(composing.again(rows[1]), "send_back", by=cast.editor, note="请补充。")
    actions.move(composing.again(rows[2]), "take_up", by=cast.editor)
    answer = client_of("clerk").post(PATH, fields(rows, move="shelve", note="已有类似信息"))
    assert answer.status_code == 422  # one of them is no longer in the office's hands
    outcomes = move_all(
        rows, "shelve", by=cast.clerk, seen={row.pk: row.waiting_since for row in rows}
    )
    assert [one.state for one in outcomes] == ["done", "first", "first", "done"]
    assert cast.editor.name in outcomes[1].told
    assert states(rows) == [S.SHELVED, S.RETURNED, S.EDITING, S.SHELVED]
    strangers = move_all([rows[2]], "send_to_check", by=cast.signer, seen={})
    assert [one.state for one in strangers] == ["refused"]


def test_a_row_that_cannot_go_says_why(cast):
    whole, free = composing.composed(cast), composing.report(cast, status=S.EDITING)
    rows = [whole, free]
    seen = {row.pk: row.waiting_since for row in rows}
    outcomes = move_all(rows, "send_back", by=cast.editor, note="请补充。", seen=seen)
    assert [one.state for one in outcomes] == ["failed", "done"]
    assert "撤销合并" in outcomes[0].told


def test_shelved_together_and_reopened_together(cast, client_of):
    rows, client = [composing.report(cast) for _ in range(3)], client_of("clerk")
    page = asked(client, rows).content.decode()
    assert all(row.title in page for row in rows) and "合并或编写综合稿" in page
    answer = client.post(PATH, fields(rows, move="shelve"))
    assert answer.status_code == 200 and states(rows) == [S.SHELVED] * 3
    done = answer.context["done"]
    assert {row.pk for row in done} == {row.pk for row in rows}
    client.post(PATH, fields(rows, move="shelve"))  # the same POST twice
    assert states(rows) == [S.SHELVED] * 3
    answer = client.post(PATH, fields(done, back="reopen"))
    assert answer.status_code == 200 and states(rows) == [S.RECEIVED] * 3


def test_convenors_recommend_together(cast, client_of):
    rows = [composing.report(cast, status=S.WITH_CONVENOR) for _ in range(2)]
    client = client_of("convenor")
    page = asked(client, rows).content.decode()
    assert "推荐报送" in page and "综合稿" not in page
    assert client.post(PATH, fields(rows, move="recommend")).status_code == 200
    assert states(rows) == [S.RECEIVED] * 2


def test_a_reason_is_asked_and_kept(cast, client_of):
    rows, client = [composing.report(cast)], client_of("clerk")
    answer = client.post(PATH, fields(rows, move="send_back", note=" "))
    assert answer.status_code == 422 and "请写明意见" in answer.content.decode()
    answer = client.post(PATH, fields(rows, move="", note="写好的话"))
    assert answer.status_code == 422 and "写好的话" in answer.content.decode()
    answer = client.post(PATH, fields(rows, move="nonsense", note="\x00"))
    assert answer.status_code == 422 and states(rows) == [S.RECEIVED]


@pytest.mark.parametrize("seen", ["yesterday", "2026-13-45T00:00", "9999-12-31T23:59:59+00:00"])
def test_a_broken_moment_is_somebody_elses(cast, client_of, seen):
    row = composing.report(cast)
    answer = client_of("clerk").post(
        PATH, {"picked": row.pk, f"seen-{row.pk}": seen, "move": "take_up"}
    )
    assert answer.status_code == 200


def test_nothing_is_ticked_or_seen(cast, client_of):
    foreign = make.opinion(author=cast.member_of("countymember"), status=S.RECEIVED)
    draft = make.opinion(author=cast.member_of("member"))
    for picked in ([], ["x"], ["9" * 40], [foreign.pk], [draft.pk]):
        answer = client_of("clerk").get(PATH, {"picked": picked})
        assert answer.status_code == 200 and "还没有勾选信息" in answer.content.decode()
    assert client_of("member").get(PATH).status_code == 403


def test_rows_of_several_stages_have_nothing_in_common(cast, client_of):
    rows = [composing.report(cast), composing.report(cast, status=S.SHELVED)]
    page = asked(client_of("clerk"), rows).content.decode()
    assert "请只勾选同一环节的信息" in page


def test_at_most_a_hundred(cast, client_of):
    rows = [composing.report(cast) for _ in range(3)]
    rows += [make.opinion(author=rows[0].authors.get(), status=S.RECEIVED) for _ in range(99)]
    assert len(asked(client_of("clerk"), rows).context["rows"]) == 100


@pytest.mark.parametrize("count", [3, 30])
def test_the_question_costs_the_same_for_any_number(cast, client_of, count):
    rows = [composing.report(cast) for _ in range(count)]
    client = client_of("clerk")
    asked(client, rows)
    assert cost_of(asked, client, rows) == 6
    compose = "/city/opinions/review/compose/"
    picked = {"picked": [row.pk for row in rows[:20]]}
    assert cost_of(client.get, compose, picked) == 7


# The desk -------------------------------------------------------------------


def titles(answer):
    return [row.title for row in answer.context["page"].rows]


def test_urgent_ones_come_first_then_the_longest_waiting(cast, client_of):
    rows = [composing.report(cast, is_urgent=place in (3, 25)) for place in range(26)]
    client = client_of("clerk")
    first = client.get("/city/opinions/review/?queue=received")
    order = [rows[3], rows[25], *(row for row in rows if not row.is_urgent)]
    assert titles(first) == [row.title for row in order[:20]]
    after = first.context["page"].next_cursor
    second = client.get(f"/city/opinions/review/?queue=received&after={after}")
    assert titles(second) == [row.title for row in order[20:]]
    before = second.context["page"].previous_cursor
    back = client.get(f"/city/opinions/review/?queue=received&before={before}")
    assert titles(back) == titles(first)


def test_my_own_in_editing(cast, client_of):
    rows = [composing.report(cast) for _ in range(2)]
    for row, who in zip(rows, (cast.editor, cast.clerk), strict=True):
        actions.move(composing.again(row), "take_up", by=who)
    client = client_of("editor")
    every = client.get("/city/opinions/review/?queue=editing")
    assert set(titles(every)) == {row.title for row in rows}
    assert f"{cast.clerk.name}编辑" in every.content.decode()
    mine = client.get("/city/opinions/review/?queue=editing&mine=1")
    assert titles(mine) == [rows[0].title]
    assert 'name="mine" value="1"' in mine.content.decode()

"""Who checks and signs what: appointments narrowed by kind, two checks by two people; editors."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committees.models import AuditEntry, Role
from committees.spans import ended
from notices.models import Notice
from opinions import actions
from opinions.actions.duties import assign_editor, holders, set_duties
from opinions.models import DeskDuty, Status
from opinions.workflow import MOVES, available_moves
from tests import make
from tests.budgets import cost_of
from tests.make import composing

S = Status
Kind, Task = DeskDuty.Kind, DeskDuty.Task


@pytest.fixture
def second(cast):
    return make.officer("checker", cast.city)


def can(person, row):
    return set(available_moves(composing.again(row), person))


def settle(cast, kind, task, *people):
    set_duties(cast.city, {(kind, task): {person.pk for person in people}}, by=cast.clerk)


def test_without_a_row_every_appointed_one_may(cast, second):
    row = composing.report(cast, status=S.CHECKING)
    assert can(cast.checker, row) == can(second, row) == {"checked", "hand_back", "go_offline"}
    row = composing.report(cast, status=S.SIGNING)
    assert can(cast.signer, row) == {"sign", "hand_back", "go_offline"}


@pytest.mark.parametrize(
    ("kind", "over"),
    [
        (Kind.ORDINARY, {}),
        (Kind.URGENT, {"is_urgent": True}),
        (Kind.SUPERIOR, {"is_for_superior": True, "is_urgent": True}),
    ],
)
def test_who_is_named_checks_reports_of_that_kind_alone(cast, second, kind, over):
    settle(cast, kind, Task.CHECK, second)
    for other in Kind:
        marks = {
            Kind.ORDINARY: {},
            Kind.URGENT: {"is_urgent": True},
            Kind.SUPERIOR: {"is_for_superior": True},
        }
        row = composing.report(cast, status=S.CHECKING, **marks[other])
        assert ("checked" in can(second, row)) is True
        assert ("checked" in can(cast.checker, row)) is (other != kind)
    row = composing.report(cast, status=S.CHECKING, **over)
    with pytest.raises(PermissionDenied):
        actions.move(row, "checked", by=cast.checker)
    with pytest.raises(PermissionDenied):
        actions.move(row, "hand_back", by=cast.checker, note="请改。")
    assert actions.move(row, "checked", by=second).status == S.SIGNING


def test_who_is_named_signs_alone(cast):
    other = make.officer("signer", cast.city)
    settle(cast, Kind.URGENT, Task.SIGN, other)
    urgent = composing.report(cast, status=S.SIGNING, is_urgent=True)
    assert "sign" not in can(cast.signer, urgent) and "sign" in can(other, urgent)
    assert "sign" in can(cast.signer, composing.report(cast, status=S.SIGNING))


def test_a_name_that_left_binds_nobody(cast, second):
    settle(cast, Kind.ORDINARY, Task.CHECK, second)
    row = composing.report(cast, status=S.CHECKING)
    assert "checked" not in can(cast.checker, row)
    held = second.appointments.get()
    held.span = ended(held.span, row.submitted_on)
    held.save()
    assert "checked" in can(cast.checker, row)


def test_rows_fetched_otherwise_answer_the_same(cast, second):
    settle(cast, Kind.URGENT, Task.CHECK, second)
    row = composing.report(cast, status=S.CHECKING, is_urgent=True)
    plain = type(row).objects.get(pk=row.pk)
    assert plain.duty_kind == composing.again(row).duty_kind == Kind.URGENT
    assert plain.duties == composing.again(row).duties == [{"task": "check", "user": second.pk}]
    assert plain.first_checker_id is composing.again(row).first_checker_id is None
    plain = type(row).objects.get(pk=composing.report(cast, is_for_superior=True).pk)
    assert plain.duty_kind == Kind.SUPERIOR
    assert composing.report(cast).duty_kind == Kind.ORDINARY


# Two checks -------------------------------------------------------------------


def test_the_second_check_is_another_persons(cast, second):
    settle(cast, Kind.ORDINARY, Task.RECHECK, cast.checker, second)
    row = composing.report(cast, status=S.CHECKING)
    before = row.waiting_since
    actions.move(row, "checked", by=cast.checker)
    assert (row.status, row.waiting_since > before) == (S.CHECKING, True)
    assert str(MOVES["checked"].told(row.status)) == "核稿通过，送复核"
    assert "checked" not in can(cast.checker, row) and "checked" in can(second, row)
    with pytest.raises(PermissionDenied):
        actions.move(composing.again(row), "checked", by=cast.checker)
    actions.move(composing.again(row), "checked", by=second)
    row.refresh_from_db()
    assert row.status == S.SIGNING


def test_a_second_press_does_not_pass_the_second_check(cast, second):
    settle(cast, Kind.ORDINARY, Task.RECHECK, second)
    third = make.officer("checker", cast.city)
    row = composing.report(cast, status=S.CHECKING)
    mine, theirs = composing.again(row), composing.again(row)
    actions.move(mine, "checked", by=cast.checker)
    with pytest.raises(ValidationError) as told:
        actions.move(theirs, "checked", by=third)
    assert told.value.code == "moved" and cast.checker.name in told.value.messages[0]
    assert "checked" not in can(third, row)  # another one is named for it


def test_after_handing_back_both_checks_begin_anew(cast, second):
    settle(cast, Kind.ORDINARY, Task.RECHECK, second)
    row = composing.report(cast, status=S.EDITING)
    actions.move(row, "send_to_check", by=cast.editor)
    actions.move(composing.again(row), "checked", by=cast.checker)
    actions.move(composing.again(row), "hand_back", by=second, note="请改。")
    actions.move(composing.again(row), "send_to_check", by=cast.editor)
    assert "checked" in can(cast.checker, row)
    actions.move(composing.again(row), "checked", by=cast.checker)
    assert type(row).objects.get(pk=row.pk).first_checker_id == cast.checker.pk
    actions.move(composing.again(row), "checked", by=second)
    row.refresh_from_db()
    assert row.status == S.SIGNING


# To the superior committee -----------------------------------------------------------


def test_the_editor_says_that_it_is_for_the_superior_committee(cast, client_of, second):
    settle(cast, Kind.SUPERIOR, Task.CHECK, second)
    row = composing.report(cast, status=S.EDITING)
    client = client_of("editor")
    page = client.get(f"/city/opinions/{row.pk}/moves/send_to_check/").content.decode()
    assert "拟报上级政协" in page
    path = f"/city/opinions/{row.pk}/moves/send_to_check/"
    client.post(path, {"superior_asked": "1", "superior": "1"})
    row.refresh_from_db()
    assert (row.status, row.is_for_superior) == (S.CHECKING, True)
    assert can(cast.checker, row) == {"go_offline"}
    assert "拟报上级政协" in client.get(f"/city/opinions/{row.pk}/").content.decode()
    actions.move(composing.again(row), "hand_back", by=second, note="不报上级。")
    client.post(path, {"superior_asked": "1"})
    row.refresh_from_db()
    assert row.is_for_superior is False
    actions.move(composing.again(row), "hand_back", by=cast.checker, note="再改。")
    client.post(path, {})  # not asked: it stays as it is
    row.refresh_from_db()
    assert (row.status, row.is_for_superior) == (S.CHECKING, False)


def test_said_through_the_api(cast, client_of, second):
    settle(cast, Kind.SUPERIOR, Task.CHECK, second)
    row = composing.report(cast, status=S.EDITING)
    sent = {"move": "send_to_check", "for_superior": True}
    path = f"/api/v1/opinions/{row.pk}/moves/"
    answer = client_of("editor").post(path, sent, content_type="application/json")
    assert answer.status_code == 200 and answer.json()["is_for_superior"] is True


# Settling -------------------------------------------------------------------


def test_only_clerks_settle_and_only_who_holds_the_office(cast, second):
    cell = (Kind.URGENT, Task.CHECK)
    for name in ("editor", "checker", "sysadmin", "member", "countyclerk"):
        with pytest.raises(PermissionDenied):
            set_duties(cast.city, {cell: set()}, by=cast[name])
    for person in (cast.signer, cast.member):
        with pytest.raises(ValidationError) as refused:
            set_duties(cast.city, {cell: {person.pk}}, by=cast.clerk)
        assert refused.value.code == "not_appointed"
    one = {(Kind.URGENT, Task.CHECK): {second.pk}, (Kind.URGENT, Task.RECHECK): {second.pk}}
    with pytest.raises(ValidationError) as refused:
        set_duties(cast.city, one, by=cast.clerk)
    assert refused.value.code == "same_hand"
    assert not DeskDuty.objects.exists()
    assert [person.pk for person in holders(cast.city)[Task.SIGN]] == [cast.signer.pk]
    assert AuditEntry.objects.filter(action="desk_duty.set").count() == 0


def test_the_page(cast, client_of, second):
    path, client = "/city/opinions/review/duties/", client_of("clerk")
    assert "没有在任人员" not in client.get(path).content.decode()
    sent = {"urgent-check": [str(second.pk)], "superior-sign": [str(cast.signer.pk)]}
    assert client.post(path, sent).status_code == 302
    rows = {(row.kind, row.task, row.user_id) for row in DeskDuty.objects.all()}
    assert rows == {("urgent", "check", second.pk), ("superior", "sign", cast.signer.pk)}
    kept = DeskDuty.objects.get(kind="urgent").pk
    assert client.post(path, {"urgent-check": [str(second.pk)]}).status_code == 302
    assert [row.pk for row in DeskDuty.objects.all()] == [kept]
    assert str(DeskDuty.objects.get()) == f"急件 · 核稿 · {second.name}"
    for bad in (["x"], [str(cast.member.pk)], ["\x00"], ["9" * 40]):
        assert client.post(path, {"urgent-check": bad}).status_code == 422
    same = [str(second.pk)]
    answer = client.post(path, {"urgent-check": same, "urgent-recheck": same})
    assert answer.status_code == 422 and "复核须由核稿人以外的人办理" in answer.content.decode()
    assert "disabled" in client_of("checker").get(path).content.decode()
    assert client_of("checker").post(path, {}).status_code == 403
    assert client_of("member").get(path).status_code == 403
    cast.city.has_check_step = False
    cast.city.save()
    assert "本级未设核稿环节" in client.get(path).content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_costs_the_same(cast, client_of, count):
    for _ in range(count):
        composing.desk_duty(committee=cast.city, user=make.officer("checker", cast.city))
    client = client_of("clerk")
    client.get("/city/opinions/review/duties/")
    assert cost_of(client.get, "/city/opinions/review/duties/") == 8
    path = f"/city/opinions/{composing.composed(cast).pk}/"
    assert [cost_of(client.get, path + page) for page in ("", "parts/", "editor/")] == [10, 8, 7]


# Editors -------------------------------------------------------------------


def test_who_takes_a_report_up_edits_it_and_may_hand_it_on(cast, client_of):
    row = composing.report(cast)
    actions.move(row, "take_up", by=cast.editor)
    assert row.editor == cast.editor
    client = client_of("editor")
    assert "交由他人编辑" in client.get(f"/city/opinions/{row.pk}/").content.decode()
    path = f"/city/opinions/{row.pk}/editor/"
    assert cast.clerk.name in client.get(path).content.decode()
    for bad in ("", "x", str(cast.checker.pk)):
        assert client.post(path, {"editor": bad}).status_code == 422
    assert client.post(path, {"editor": str(cast.clerk.pk)}).status_code == 302
    row.refresh_from_db()
    assert row.editor == cast.clerk
    notice = Notice.objects.get(kind="opinion_to_edit")
    assert notice.recipient == cast.clerk
    assert client.post(path, {"editor": str(cast.clerk.pk)}).status_code == 302
    assert Notice.objects.filter(kind="opinion_to_edit").count() == 1
    actions.move(composing.again(row), "send_to_check", by=cast.clerk)
    assert client.post(path, {"editor": str(cast.editor.pk)}).status_code == 409
    assert client_of("checker").get(path).status_code == 403
    assert client_of("member2").get(path).status_code == 404


def test_handing_on_is_for_those_who_edit(cast):
    row = composing.report(cast, status=S.EDITING)
    with pytest.raises(PermissionDenied):
        assign_editor(row, cast.clerk, by=cast.checker)
    with pytest.raises(ValidationError):
        assign_editor(row, make.officer(Role.EDITOR, cast.county), by=cast.clerk)
    assign_editor(row, cast.clerk, by=cast.clerk)
    assert not Notice.objects.exists()

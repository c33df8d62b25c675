"""Corrections that members propose: nothing changes before the office confirms it."""

import datetime
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committees.actors import CLOCK
from committees.models import AuditEntry, User
from members import actions
from members.models import ChangeProposal, Member
from notices.models import Notice
from tests import make
from tests.addresses import prove, text_of
from tests.budgets import costs

NEW = {
    "name": "李　红梅",
    "work": "市第二中学校长",
    "parties": ["cdl", "nonpartisan"],
    "ethnicity": "回族",
    "birth_month": datetime.date(1975, 3, 1),
}


@pytest.fixture
def member(cast):
    row = cast.member_of("member")
    row.user.phone = "13900000001"
    row.user.save()
    return Member.objects.select_related("user", "committee").get(pk=row.pk)


def propose(member, by=None, **over):
    return actions.propose_change(member, by=by or member.user, **over)


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))


def refusal(deed):
    with pytest.raises(ValidationError) as refused:
        deed()
    error = refused.value
    return (
        next(iter(error.error_dict.values()))[0].code
        if hasattr(error, "error_dict")
        else error.code
    )


def test_nothing_changes_before_the_office_confirms(cast, member):
    before = Member.objects.values().get(pk=member.pk)
    row = propose(member, phone="139 0000 0002", **NEW)
    assert Member.objects.values().get(pk=member.pk) == before
    assert (row.state, sorted(row.fields)) == ("waiting", sorted(NEW))
    assert row.fields["birth_month"] == ["", "1975-03-01"]
    actions.confirm_proposal(row, by=cast.clerk)
    kept = Member.objects.select_related("user").get(pk=member.pk)
    assert (kept.name, kept.work, kept.ethnicity) == ("李红梅", NEW["work"], "回族")
    assert (kept.parties, kept.birth_month) == (NEW["parties"], NEW["birth_month"])
    assert (kept.user.name, kept.user.phone) == ("李红梅", "13900000002")
    assert told("member_change_confirmed") == {member.user_id}
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("confirmed", cast.clerk)


def test_phones_are_sealed_and_stay_out_of_the_trail(member):
    from django.db import connection

    row = propose(member, phone="13900000002")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM members_changeproposal WHERE id = %s", [row.pk])
        stored = str(cursor.fetchone())
    assert "13900000002" not in stored and "13900000001" not in stored
    entry = AuditEntry.objects.get(action="change_proposal.propose")
    assert entry.detail == {"fields": ["phone"]}
    assert [(line.old, line.new) for line in row.lines()] == [("139****0001", "139****0002")]


def test_it_is_sent_back_with_a_reason_and_told_once(cast, member):
    row = propose(member, by=cast.delegate, work="别处")
    assert row.is_on_behalf
    assert AuditEntry.objects.get(action="change_proposal.propose").on_behalf_of == member.user
    assert refusal(lambda: actions.send_back_proposal(row, reason=" ", by=cast.clerk)) == "empty"
    actions.send_back_proposal(row, reason="请附任职文件", by=cast.clerk)
    assert told("member_change_sent_back") == {member.user_id, cast.delegate.pk}
    assert refusal(lambda: actions.confirm_proposal(row, by=cast.clerk)) == "decided"
    assert refusal(lambda: actions.withdraw_proposal(row, by=member.user)) == "decided"
    assert Member.objects.get(pk=member.pk).work == member.work
    assert Notice.objects.filter(kind="member_change_sent_back").count() == 2
    assert not any("任职文件" in notice.body for notice in Notice.objects.all())


def test_one_waits_at_a_time_and_may_be_withdrawn(member):
    row = propose(member, work="甲")
    assert refusal(lambda: propose(member, work="乙")) == "change_proposal_one_waiting"
    actions.withdraw_proposal(row, by=member.user)
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert propose(member, work="乙").state == "waiting"


def test_only_what_differs_and_what_a_column_holds(member):
    same = {"name": member.name, "work": member.work, "parties": list(member.parties)}
    assert refusal(lambda: propose(member, phone="13900000001", **same)) == "nothing_differs"
    for wrong in ({"work": "长" * 121}, {"name": ""}, {"parties": ["x"]}, {"phone": "12"}):
        with pytest.raises(ValidationError):
            propose(member, **wrong)
    with pytest.raises(ValidationError):
        propose(member, work="绝密★三年")
    with pytest.raises(TypeError):
        propose(member, number="1")
    assert not ChangeProposal.objects.exists()


def test_an_import_in_between_is_said(cast, member):
    row = propose(member, work="市第二中学", ethnicity="回族")
    actions.amend_member(member, by=CLOCK, work="市教育局")
    assert refusal(lambda: actions.confirm_proposal(row, by=cast.clerk)) == "outdated"
    row = ChangeProposal.objects.for_list().get(pk=row.pk)
    assert [(line.name, line.now) for line in row.outdated()] == [("work", "市教育局")]
    assert row.state == "waiting" and not told("member_change_confirmed")
    actions.amend_member(row.member, by=CLOCK, work="市第二中学")  # as proposed: nothing to lose
    actions.confirm_proposal(row, by=cast.clerk)
    assert Member.objects.get(pk=member.pk).ethnicity == "回族"


def test_a_phone_of_somebody_else_changes_nothing(cast, member):
    make.user(phone="13900000002")
    row = propose(member, phone="13900000002", work="市第二中学")
    assert refusal(lambda: actions.confirm_proposal(row, by=cast.clerk)) == "user_phone_once"
    assert Member.objects.get(pk=member.pk).work == member.work
    assert ChangeProposal.objects.get().state == "waiting"


def test_who_may_propose_and_decide(cast, member):
    for name in ("member2", "convenor", "clerk", "stranger_member"):
        with pytest.raises(PermissionDenied):
            propose(member, by=cast[name], work="别处")
    row = propose(member, work="别处")
    for name in ("member", "delegate", "editor", "countyclerk"):
        with pytest.raises(PermissionDenied):
            actions.confirm_proposal(row, by=cast[name])
        with pytest.raises(PermissionDenied):
            actions.send_back_proposal(row, reason="否", by=cast[name])
    for name in ("member2", "clerk"):
        with pytest.raises(PermissionDenied):
            actions.withdraw_proposal(row, by=cast[name])


# Pages ------------------------------------------------------------------------------------------


def form_of(member, **over):
    values = {"name": member.name, "work": member.work, "ethnicity": member.ethnicity}
    return values | {"parties": member.parties, "birth_month": "", "phone": ""} | over


def test_from_my_page_to_the_desk_and_back(cast, member, client_of):
    own, office = client_of("member"), client_of("clerk")
    address = f"/city/members/{member.pk}/propose/"
    assert address in text_of(own.get("/city/me/"))
    assert address in text_of(client_of("delegate").get("/city/me/"))
    answer = own.post(address, form_of(member, work="市第二中学", phone="13900000002"))
    row = ChangeProposal.objects.get()
    page = f"/city/members/proposals/{row.pk}/"
    assert answer.url == page
    assert "待机关确认" in text_of(own.get(address))
    queue = next(q for q in office.get("/city/desk/").context["queues"] if "资料更正" in q.label)
    assert queue.count == 1 and "市第二中学" not in text_of(office.get(queue.url))
    assert page in text_of(office.get(queue.url))
    assert page in text_of(office.get(f"/city/members/{member.pk}/"))
    shown = text_of(office.get(page))
    assert "市第二中学" in shown and "139****0002" in shown and "13900000002" not in shown
    assert office.post(f"{page}send-back/", {"reason": ""}).status_code == 422
    office.post(f"{page}confirm/")
    assert Member.objects.get(pk=member.pk).work == "市第二中学"
    assert User.objects.get(pk=member.user_id).phone == "13900000002"
    assert "该申请已办理" in text_of(office.post(f"{page}confirm/", follow=True))
    assert office.post(f"{page}send-back/", {"reason": "迟"}).status_code == 422
    done = office.get("/city/members/proposals/?state=done").context["page"].rows
    assert [one.pk for one in done] == [row.pk]
    assert "更正资料" in text_of(office.get(f"/city/members/{member.pk}/changes/"))


def test_the_clerk_reads_a_proposed_phone_in_full_for_a_reason(cast, member, client_of):
    row = propose(member, phone="13900000002")
    page, reveal = (f"/city/members/proposals/{row.pk}/{rest}" for rest in ("", "reveal/"))
    own, client = client_of("member"), client_of("clerk")
    assert reveal in text_of(client.get(page)) and reveal not in text_of(own.get(page))
    for method in (client.get, client.post):
        assert method(reveal).url.startswith("/accounts/reauthenticate/")
    assert prove(own).get(reveal).status_code == 403
    shown = text_of(prove(client).get(reveal))
    assert "查看事由" in shown and "13900000002" not in shown
    for wrong in ("", "x" * 101, "\x00"):
        assert client.post(reveal, {"reason": wrong}).status_code == 422
    assert not AuditEntry.objects.filter(action="change_proposal.reveal").exists()
    answer = client.post(reveal, {"reason": "电话核实号码"}, follow=True)
    assert "13900000002" in text_of(answer) and "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(action="change_proposal.reveal")
    assert (entry.by_user, entry.detail) == (cast.clerk, {"reason": "电话核实号码"})
    other = propose(make.member(sector=cast.education), phone="13900000003")
    assert "13900000003" not in text_of(client.get(f"/city/members/proposals/{other.pk}/"))
    assert "13900000002" not in text_of(own.get(page))
    session = client.session
    session["proposals_opened"] = {str(row.pk): time.time() - 1}
    session.save()
    assert "13900000002" not in text_of(client.get(page))
    with pytest.raises(PermissionDenied):
        actions.reveal_phones(row, by=cast.editor, reason="核实")
    with pytest.raises(ValidationError):
        actions.reveal_phones(row, by=cast.clerk, reason="绝密★")


def test_errors_stand_beside_the_field_with_what_was_typed(member, client_of):
    client, address = client_of("member"), f"/city/members/{member.pk}/propose/"
    for wrong, name in (
        ({"phone": "电话"}, "phone"),
        ({"birth_month": "2999-01"}, "birth_month"),
        ({"birth_month": "\x00"}, "birth_month"),
        ({"work": "x" * 500}, "work"),
        ({"name": "\x00"}, "name"),
        ({"parties": "unknown"}, "parties"),
    ):
        answer = client.post(address, form_of(member, remark="请核对", **wrong))
        assert (answer.status_code, name in answer.context["form"].errors) == (422, True)
        assert "请核对" in text_of(answer)
    answer = client.post(address, form_of(member))
    assert answer.status_code == 422 and "没有需要更正的内容" in text_of(answer)


def test_withdrawing_and_being_sent_back(cast, member, client_of):
    row = propose(member, work="别处")
    page = f"/city/members/proposals/{row.pk}/"
    client_of("member").post(f"{page}withdraw/")
    assert ChangeProposal.objects.get().state == "withdrawn"
    answer = client_of("member").post(f"{page}withdraw/", follow=True)
    assert "该申请已办理" in text_of(answer)
    row = propose(member, work="他处")
    page = f"/city/members/proposals/{row.pk}/"
    client_of("clerk").post(f"{page}send-back/", {"reason": "请附任职文件"})
    assert "请附任职文件" in text_of(client_of("member").get(page))
    assert "请附任职文件" in text_of(client_of("member").get(f"/city/members/{member.pk}/propose/"))


def test_an_outdated_one_says_so_on_its_page(cast, member, client_of):
    row = propose(member, work="别处")
    actions.amend_member(member, by=CLOCK, work="市教育局")
    shown = text_of(client_of("clerk").get(f"/city/members/proposals/{row.pk}/"))
    assert "提出之后名册已有更改" in shown and "市教育局" in shown and "确认更正" not in shown
    answer = client_of("clerk").post(f"/city/members/proposals/{row.pk}/confirm/", follow=True)
    assert "重新提出" in text_of(answer)


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, member, client_of, number):
    for _ in range(number):
        other = make.member(sector=cast.education)
        propose(other, work="别处")
    row = propose(member, work="别处")
    clerk, own = client_of("clerk"), client_of("member")
    own.get("/city/me/"), clerk.get("/city/members/proposals/")
    with costs(6):
        clerk.get("/city/members/proposals/")
    with costs(6):
        clerk.get(f"/city/members/proposals/{row.pk}/")
    with costs(7):
        own.get(f"/city/members/{member.pk}/propose/")

"""Democratic supervision from the letter of appointment to the result, and leaders' talks."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.models import AuditEntry, Role
from committees.spans import span_from
from committees.workdays import calendar_of
from notices.models import Notice
from sectors import actions
from sectors.actions.postings import ANSWER_WORKDAYS
from sectors.models import Posting, Supervision, Talk
from sectors.talks import members_of_leader
from tests import make
from tests.budgets import costs

BASE = "/city/sectors"
TODAY = timezone.localdate
A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def posted(cast):
    return make.posting(member=cast.member_of("member"), unit=cast.unit)


def visit(posting, by, **over):
    asked = {"happened_on": TODAY(), "topic": "校外培训监管", "finding": "收费公示不全"}
    return actions.record_supervision(posting, by=by, **asked | over)


def codes(refused):
    return (
        sorted(error.code for error in refused.value.error_list)
        if not hasattr(refused.value, "error_dict")
        else sorted(e.code for errors in refused.value.error_dict.values() for e in errors)
    )


def told(kind):
    return sorted(
        Notice.objects.filter(kind=kind).values_list("recipient__sign_in_name", flat=True)
    )


def test_from_finding_to_result(cast, posted):
    row = visit(posted, cast.member)
    assert (row.state, told("supervision_passed")) == ("to_pass", [])
    row = actions.pass_supervision(row, by=cast.clerk)
    due = calendar_of(cast.city).after(TODAY(), ANSWER_WORKDAYS)
    assert (row.state, row.due_on, told("supervision_passed")) == ("with_unit", due, ["handler"])
    row = actions.answer_supervision(row, by=cast.handler, answer="已督促补齐公示")
    assert (row.state, told("supervision_answered")) == ("answered", ["member"])
    row = actions.conclude_supervision(row, by=cast.member, result="settled", note="复查属实")
    assert (row.state, row.get_result_display()) == ("concluded", "已落实")
    row = actions.reopen_supervision(row, by=cast.member)
    assert (row.state, row.result) == ("answered", "")
    trail = AuditEntry.objects.filter(action__startswith="supervision.").order_by("sequence")
    deeds = ["record", "pass", "answer", "conclude", "reopen"]
    assert [entry.action for entry in trail] == [f"supervision.{deed}" for deed in deeds]
    assert not any("公示" in str(entry.detail) for entry in trail)


def test_the_unit_reads_nothing_before_the_office_passed_it(cast, posted, client_of):
    row = visit(posted, cast.member)
    path = f"{BASE}/supervisions/{row.pk}/"
    assert client_of("handler").get(path).status_code == 404
    actions.pass_supervision(row, by=cast.clerk)
    assert client_of("handler").get(path).status_code == 200


def test_who_may_do_what(cast, posted):
    with pytest.raises(PermissionDenied):
        visit(posted, cast.member2)
    row = visit(posted, cast["delegate"])
    for person in (cast.member, cast.handler):
        with pytest.raises(PermissionDenied):
            actions.pass_supervision(row, by=person)
    row = actions.pass_supervision(row, by=cast.editor)
    with pytest.raises(PermissionDenied):
        actions.answer_supervision(row, by=cast.member, answer="代答")
    with pytest.raises(PermissionDenied):
        actions.conclude_supervision(row, by=cast.handler, result="settled")
    assert (
        actions.answer_supervision(row, by=cast.clerk, answer="纸质来函").answered_by == cast.clerk
    )


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"happened_on": TODAY() + A_DAY}, "future"),
        ({"happened_on": datetime.date(2020, 1, 1)}, "outside"),
        ({"finding": "绝密★启用前"}, "classified"),
    ],
)
def test_a_finding_that_cannot_stand(cast, posted, over, code):
    with pytest.raises(ValidationError) as refused:
        visit(posted, cast.member, **over)
    assert codes(refused) == [code]
    assert Supervision.objects.count() == 0


def test_a_second_hand_reads_what_happened(cast, posted):
    stale = visit(posted, cast.member)
    actions.pass_supervision(stale, by=cast.clerk)
    with pytest.raises(ValidationError) as refused:
        actions.pass_supervision(stale, by=cast.editor)
    assert codes(refused) == ["passed_already"]
    actions.answer_supervision(stale, by=cast.handler, answer="先到的答复")
    with pytest.raises(ValidationError) as refused:
        actions.answer_supervision(stale, by=cast.clerk, answer="后到的答复")
    assert codes(refused) == ["not_waiting"]
    stale.refresh_from_db()
    assert stale.answer == "先到的答复"


def test_a_refused_answer_keeps_what_was_typed(cast, posted, client_of):
    row = actions.pass_supervision(visit(posted, cast.member), by=cast.clerk)
    late = {"answer": "已整改完毕", "on": (TODAY() + A_DAY).isoformat()}
    answer = client_of("handler").post(f"{BASE}/supervisions/{row.pk}/answer/", late)
    page = answer.content.decode()
    assert "反馈日期应在转送之后、今天之前。" in page and "已整改完毕" in page
    row.refresh_from_db()
    assert row.answered_on is None


def test_a_posting_is_of_one_member_or_one_group_and_once(cast, posted):
    group = make.supervision_group(committee=cast.city)
    wrong = [
        {"member": cast.member_of("member"), "supervision_group": group},
        {"member": None, "supervision_group": None},
        {"member": cast.member_of("member")},
    ]
    for columns in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Posting.objects.create(
                committee=cast.city, unit=cast.unit, span=span_from(TODAY()), **columns
            )
    assert Posting.objects.count() == 1


def test_a_group_supervises_together(cast, client_of):
    people = [cast.member_of("member"), cast.member_of("member2")]
    group = make.supervision_group(committee=cast.city, members=people)
    row = make.posting(supervision_group=group, unit=cast.unit)
    done = visit(row, cast.member2)
    actions.answer_supervision(
        actions.pass_supervision(done, by=cast.clerk), by=cast.handler, answer="已办"
    )
    assert told("supervision_answered") == ["member", "member2"]
    seen = {who for who in ("member", "member2", "convenor", "handler", "editor")
            if list(Posting.objects.visible_to(cast.again(who)))}  # fmt: skip
    assert seen == {"member", "member2", "handler", "editor"}


def test_letters_are_numbered_once(cast, posted, client_of):
    other = make.posting(member=cast.member_of("member2"))
    client = client_of("clerk")
    assert "编聘书号" in client.get(f"{BASE}/postings/letters/").content.decode()
    for _ in range(2):
        client.post(f"{BASE}/postings/letters/number/")
    year = TODAY().year
    numbers = Posting.objects.order_by("id").values_list("letter_number", flat=True)
    assert list(numbers) == [f"{year}-001", f"{year}-002"]
    page = client.get(f"{BASE}/postings/letters/?posting={other.pk}").content.decode()
    name = cast.member_of("member2").name
    assert f"{name}委员" in page and cast.member_of("member").name not in page
    assert f"聘字〔{year}〕2号" in page and "letters/number/" not in page


def test_the_public_list_holds_names_and_units_only(cast, posted, client_of):
    group = make.supervision_group(
        committee=cast.city, name="第一监督小组", members=[cast.member_of("convenor")]
    )
    unit = make.unit(committee=cast.city, name="市民政局")
    make.posting(supervision_group=group, unit=unit)
    make.posting(
        member=cast.member_of("member2"), unit=unit, span=span_from(TODAY() - A_DAY, TODAY())
    )
    context = client_of("clerk").get(f"{BASE}/postings/list/").context
    alone = {unit: [str(m) for m in members] for unit, members in context["alone"].items()}
    assert alone == {"市教育局": [cast.member.name]}
    groups = [
        (str(g["group"]), [str(p) for p in g["people"]], g["units"]) for g in context["groups"]
    ]
    assert groups == [("第一监督小组", [cast.convenor.name], ["市民政局"])]


@pytest.mark.parametrize("number", [3, 30])
def test_what_the_pages_cost(cast, client_of, number):
    for _ in range(number):
        make.supervision(posting=make.posting(member=cast.member_of("member")))
    client = client_of("clerk")
    client.get(f"{BASE}/postings/")
    detail = f"{BASE}/postings/{Posting.objects.first().pk}/"
    with costs(6):
        client.get(f"{BASE}/postings/")
    with costs(6):
        client.get(f"{BASE}/supervisions/")
    with costs(7):
        client.get(detail)
    with costs(6):
        client.get(f"{BASE}/postings/list/")


# Talks ------------------------------------------------------------------------------------------


def test_a_talk_is_who_and_when(cast):
    member = cast.member_of("member")
    talk = actions.record_talk(member, leader=cast.leader, held_on=TODAY(), by=cast.leader)
    text_fields = [f.name for f in Talk._meta.fields if f.get_internal_type() in
                   ("TextField", "CharField")]  # fmt: skip
    assert (talk.member, text_fields) == (member, [])
    for over, code in (({"held_on": TODAY()}, None), ({"held_on": TODAY() + A_DAY}, "future")):
        with pytest.raises(ValidationError) as refused:
            actions.record_talk(member, leader=cast.leader, by=cast.leader, **over)
        assert code is None or codes(refused) == [code]
    assert Talk.objects.count() == 1
    actions.withdraw_talk(talk, by=cast.clerk)
    assert Talk.objects.count() == 0


def test_whose_talks_may_be_entered(cast):
    member = cast.member_of("member")
    other = make.officer(Role.LEADER, cast.city)
    for by, leader in (
        (cast.editor, cast.leader),
        (cast.leader, other),
        (cast.member, cast.leader),
    ):
        with pytest.raises(PermissionDenied):
            actions.record_talk(member, leader=leader, held_on=TODAY(), by=by)
    with pytest.raises(ValidationError):
        actions.record_talk(member, leader=cast.editor, held_on=TODAY(), by=cast.clerk)


def test_a_leader_sees_the_assigned_and_who_was_not_talked_with(cast, client_of):
    make.leader_contact(leader=cast.leader, sector=cast.education)
    make.leader_contact(leader=cast.leader, member=cast.member_of("member2"))
    make.talk(leader=cast.leader, member=cast.member_of("member"))
    make.talk(leader=cast.leader, member=cast.member_of("convenor"),
              held_on=datetime.date(TODAY().year - 1, 12, 31))  # fmt: skip
    make.talk(member=cast.member_of("member2"))
    rows = {row.name: row.talked_on for row in members_of_leader(cast.leader, cast.city)}
    names = {who: cast[who].name for who in ("member", "convenor", "member2")}
    assert rows == {names["member"]: TODAY(), names["convenor"]: None, names["member2"]: None}
    page = client_of("leader").get(f"{BASE}/leaders/?talk=none").context["page"]
    assert {row.name for row in page.rows} == {names["convenor"], names["member2"]}


def test_a_leader_enters_a_talk_on_the_page(cast, client_of):
    make.leader_contact(leader=cast.leader, member=cast.member_of("member"))
    client = client_of("leader")
    asked = {"leader": cast.leader.pk, "member": cast.member_of("member").pk}
    client.post(f"{BASE}/leaders/talks/", asked | {"held_on": TODAY().isoformat()})
    assert list(Talk.objects.values_list("leader", "held_on")) == [(cast.leader.pk, TODAY())]
    wrong = client.post(f"{BASE}/leaders/talks/", asked | {"held_on": "明天"}, follow=True)
    assert "请填写谈话日期。" in wrong.content.decode()


@pytest.mark.parametrize("number", [3, 30])
def test_what_the_leaders_page_costs(cast, client_of, number):
    for _ in range(number):
        make.leader_contact(leader=cast.leader, member=make.member(committee=cast.city))
    client = client_of("leader")
    client.get(f"{BASE}/leaders/")
    with costs(8):
        client.get(f"{BASE}/leaders/")


def test_liaison_groups_name_their_people(cast, client_of):
    make.liaison_group(committee=cast.city, name="东塔街道政协联络组")
    rows = client_of("member").get(f"{BASE}/liaison-groups/").context["groups"]
    assert {row.name: row.people for row in rows} == {
        "望川街道政协联络组": [cast["liaison"].name],
        "东塔街道政协联络组": [],
    }

"""A member proposes a contact, the office confirms it or sends it back; several at once."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from committees.models import AuditEntry
from contacts import actions
from contacts.models import Contact, ContactBatch, Visit
from notices.models import Notice
from tests import make
from tests.budgets import costs

CONTACTS = "/city/contacts/"
PROPOSED, SENT_BACK, CONFIRMED = Contact.State


def text_of(response):
    return response.content.decode()


def propose(cast, who="member", **over):
    values = {"name": "李建国", "consented_on": timezone.localdate(), "by": cast[who]}
    values |= {"member": cast.member_of(who if who == "member2" else "member")}
    return actions.add_contact(committee=cast.city, **values | over)


def test_what_a_member_enters_is_proposed_and_what_the_office_enters_confirmed(cast):
    states = {
        who: propose(cast, who, name=f"李建{who}").state
        for who in ("member", "delegate", "clerk", "editor")
    }
    assert states == {
        "member": PROPOSED,
        "delegate": PROPOSED,
        "clerk": CONFIRMED,
        "editor": CONFIRMED,
    }
    assert Contact.objects.proposed().count() == 2


def test_a_proposal_may_be_named_in_a_visit_at_once(cast, client_of):
    contact, channel = propose(cast), make.channel(committee=cast.city)
    done = client_of("member").post(
        f"{CONTACTS}visits/write/",
        {
            "channel": channel.pk,
            "happened_on": timezone.localdate().isoformat(),
            "contacts": [contact.pk],
        },
    )
    assert done.status_code == 302
    assert list(Visit.objects.get().contacts.all()) == [contact]


def test_the_office_sends_back_with_a_reason_the_member_corrects_the_office_confirms(
    cast, client_of
):
    contact = propose(cast, "delegate")
    page = f"{CONTACTS}{contact.pk}/"
    office, member = client_of("editor"), client_of("member")
    refused = office.post(f"{page}judge/", {"deed": "send_back", "reason": " "})
    assert refused.status_code == 422 and "必填" in text_of(refused)
    office.post(f"{page}judge/", {"deed": "send_back", "reason": "请补充联系电话"})
    assert Contact.objects.get().state == SENT_BACK
    told = Notice.objects.filter(kind="contact_sent_back")
    assert {notice.recipient for notice in told} == {cast.member, cast.delegate}
    assert {notice.path for notice in told} == {f"{page}edit/"}
    assert "李建国" not in "".join(notice.body + notice.title for notice in told)
    assert "请补充联系电话" in text_of(member.get("/city/"))
    assert "请补充联系电话" not in text_of(client_of("member2").get("/city/"))
    for path in (page, f"{page}edit/"):
        assert "请补充联系电话" in text_of(member.get(path))
    day = timezone.localdate().isoformat()
    answers = {"kind": "person", "name": "李建国", "phone": "13912345678", "consented_on": day}
    member.post(f"{page}edit/", answers)
    corrected = Contact.objects.get()
    assert (corrected.state, corrected.sent_back_reason) == (PROPOSED, "")
    office.post(f"{page}judge/", {"deed": "confirm"})
    kept = Contact.objects.get()
    assert (kept.state, kept.confirmed_by, kept.phone) == (CONFIRMED, cast.editor, "13912345678")
    again = office.post(f"{page}judge/", {"deed": "confirm"})
    assert again.status_code == 422 and "已确认" in text_of(again)
    trail = AuditEntry.objects.filter(about=f"contacts.contact:{contact.pk}").order_by("sequence")
    assert [entry.action for entry in trail] == [
        "contact.add", "contact.send_back", "contact.amend", "contact.confirm",
    ]  # fmt: skip


def test_only_the_office_judges(cast, client_of):
    contact = propose(cast)
    for who in ("member", "delegate", "convenor", "leader", "countyclerk", "auditor"):
        with pytest.raises(PermissionDenied):
            actions.confirm_contact(contact, by=cast[who])
        with pytest.raises(PermissionDenied):
            actions.send_back_contact(contact, by=cast[who], reason="不行")
    page = text_of(client_of("convenor").get(f"{CONTACTS}{contact.pk}/"))
    assert "李**" in page and "退回修改</button>" not in page


def test_a_member_who_names_somebody_else_proposes_anew(cast):
    contact = propose(cast, "clerk", member=cast.member_of("member"))
    actions.amend_contact(contact, by=cast.member, place="新华社区", phone="13912345678")
    assert contact.state == CONFIRMED
    actions.amend_contact(contact, by=cast.clerk, name="李国建")
    assert contact.state == CONFIRMED
    actions.amend_contact(contact, by=cast.member, name="王建华")
    assert Contact.objects.get().state == PROPOSED


def test_an_amendment_does_not_undo_a_confirmation_made_meanwhile(cast):
    contact = propose(cast)
    actions.confirm_contact(Contact.objects.get(), by=cast.clerk)
    actions.amend_contact(contact, by=cast.member, place="新华社区")  # read before
    kept = Contact.objects.get()
    assert (kept.state, kept.place) == (CONFIRMED, "新华社区")


def test_the_tabs_part_the_list_and_the_area_of_the_member_is_offered(cast, client_of):
    area = make.area(committee=cast.city)
    make.area_member(area=area, member=cast.member_of("member"))
    propose(cast, name="待定一")
    sent = propose(cast, name="退回二")
    actions.send_back_contact(sent, by=cast.clerk, reason="重复")
    propose(cast, "clerk", name="已定三", member=cast.member_of("member"))
    retired = propose(cast, name="停用四")
    actions.retire_contact(retired, by=cast.member)
    client = client_of("member")
    shown = {
        state: {row.name for row in client.get(f"{CONTACTS}?state={state}").context["page"].rows}
        for state in ("", "proposed", "sent_back", "retired")
    }
    assert shown == {
        "": {"待定一", "退回二", "已定三"},
        "proposed": {"待定一"},
        "sent_back": {"退回二"},
        "retired": {"停用四"},
    }
    form = client.get(f"{CONTACTS}add/").context["form"]
    assert form["area"].initial == area.pk or form.initial["area"] == area.pk
    day = timezone.localdate().isoformat()
    answers = {"kind": "person", "name": "王五", "consented_on": day, "area": area.pk}
    client.post(f"{CONTACTS}add/", answers)
    assert Contact.objects.get(name="王五").area == area


# Several at once --------------------------------------------------------------------------------


def batch_of(response):
    return ContactBatch.objects.get(pk=int(response.url.rstrip("/").rpartition("/")[2]))


def test_ticked_contacts_are_confirmed_and_the_deed_is_undone(cast, client_of):
    rows = [propose(cast, name=name) for name in ("李建国", "王建华", "赵小平")]
    actions.send_back_contact(rows[1], by=cast.clerk, reason="重复")
    client = client_of("clerk")
    picked = {"picked": [row.pk for row in rows]}
    asked = text_of(client.post(f"{CONTACTS}batch/", picked))
    assert "已选 3 名联系人" in asked and "李**" in asked and "李建国" not in asked
    done = client.post(f"{CONTACTS}batch/", picked | {"deed": "confirm"})
    assert Contact.objects.confirmed().count() == 3
    assert "已确认 3 名联系人" in text_of(client.get(done.url))
    client.post(f"{done.url}undo/")
    assert {row.name: row.state for row in Contact.objects.all()} == {
        "李建国": PROPOSED,
        "王建华": SENT_BACK,
        "赵小平": PROPOSED,
    }
    again = client.post(f"{done.url}undo/", follow=True)
    assert "该次批量处理已撤销" in text_of(again)


def test_ticked_contacts_are_retired_by_their_member_and_brought_back(cast, client_of):
    mine = [propose(cast, name=name) for name in ("李建国", "王建华")]
    theirs = propose(cast, "member2", name="别人的")
    client = client_of("member")
    picked = {"picked": [row.pk for row in [*mine, theirs]], "deed": "retire"}
    done = client.post(f"{CONTACTS}batch/", picked)  # what one does not see is not touched
    assert {row.name for row in Contact.objects.active()} == {"别人的"}
    actions.restore_contact(Contact.objects.get(name="李建国"), by=cast.clerk)
    told = client.post(f"{done.url}undo/", follow=True)
    assert "已恢复 1 名联系人" in text_of(told) and "另有 1 名" in text_of(told)
    assert Contact.objects.active().count() == 3
    assert client_of("member2").get(done.url).status_code == 404
    for deed in ("confirm", "hand_over"):
        refused = client.post(f"{CONTACTS}batch/", picked | {"deed": deed, "to": "王晓燕"})
        assert refused.status_code == 403


def test_a_convenor_who_sees_them_may_not_retire_them(cast, client_of):
    contact = propose(cast)
    answer = client_of("convenor").post(
        f"{CONTACTS}batch/", {"picked": [contact.pk], "deed": "retire"}
    )
    assert answer.status_code == 403 and Contact.objects.active().count() == 1


def test_contacts_are_handed_over_and_old_visits_stay(cast, client_of):
    area = make.area(committee=cast.city)
    other = cast.member_of("member2")
    make.area_member(area=area, member=other)
    contact = make.contact(member=cast.member_of("member"), phone="13912345678", name="李建国")
    visit = make.visit(member=cast.member_of("member"), contacts=[contact])
    client = client_of("clerk")
    deed = {"picked": [contact.pk], "deed": "hand_over"}
    refused = client.post(f"{CONTACTS}batch/", deed | {"to": "查无此人"})
    assert refused.status_code == 422
    assert "没有找到委员“查无此人”" in text_of(refused) and 'value="查无此人"' in text_of(refused)
    assert client.post(f"{CONTACTS}batch/", deed | {"to": ""}).status_code == 422
    done = client.post(f"{CONTACTS}batch/", deed | {"to": "李海峰（工商联）"})
    contact.refresh_from_db()
    assert (contact.member, contact.sector, contact.area) == (other, cast.business, area)
    assert list(visit.contacts.all()) == [contact]
    assert list(visit.members.all()) == [cast.member_of("member")]
    kept = text_of(client_of("member").get(f"{CONTACTS}visits/{visit.pk}/"))
    assert "另有 1 名联系人不在您的查看范围" in kept and "李建国" not in kept
    client.post(f"{done.url}undo/")
    contact.refresh_from_db()
    assert (contact.member, contact.sector, contact.area) == (
        cast.member_of("member"), cast.education, None,
    )  # fmt: skip


def test_a_member_does_not_get_the_same_phone_twice(cast):
    other = cast.member_of("member2")
    mine = make.contact(member=cast.member_of("member"), phone="13912345678")
    free = make.contact(member=cast.member_of("member"))
    make.contact(member=other, phone="13912345678")
    with pytest.raises(ValidationError) as told:
        actions.hand_over([mine, free], to=other, committee=cast.city, by=cast.clerk)
    assert told.value.code == "contact_twice"
    free.refresh_from_db()
    assert free.member == cast.member_of("member")  # all or none
    stranger = cast.member_of("stranger_member")
    with pytest.raises(ValidationError):
        actions.hand_over([free], to=stranger, committee=cast.city, by=cast.clerk)
    with pytest.raises(ValidationError):
        actions.retire_contacts([], committee=cast.city, by=cast.clerk)


@pytest.mark.parametrize("count", [3, 30])
def test_a_batch_costs_the_same_for_many(cast, client_of, count):
    rows = [make.contact(member=cast.member_of("member"), confirmed_at=None) for _ in range(count)]
    client = client_of("clerk")
    client.get("/city/me/")
    picked = {"picked": [row.pk for row in rows], "deed": "confirm"}
    with costs(10):
        assert client.post(f"{CONTACTS}batch/", picked).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_hands_register_the_same_phone_once():
    """Both look before either has written: the database keeps one."""
    member = make.member(sector=make.sector())
    clerk = make.officer("clerk", member.committee)
    answers, both = [], threading.Barrier(2)

    def add(name):
        both.wait()
        try:
            actions.add_contact(
                committee=member.committee, member=member, name=name, by=clerk,
                phone="13912345678", consented_on=timezone.localdate(),
            )  # fmt: skip
            answers.append("kept")
        except ValidationError:
            answers.append("refused")
        finally:
            connection.close()

    hands = [threading.Thread(target=add, args=[name]) for name in ("李建国", "王建华")]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(answers) == ["kept", "refused"]
    assert Contact.objects.count() == 1

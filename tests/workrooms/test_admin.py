"""The office's admin of rooms: what a clerk does without help."""

from datetime import date

import pytest
from django.urls import reverse

from committees.models import AuditEntry, Role, User
from tests import make
from workrooms.models import RoomMember, Workroom

INLINE = {"room_members-TOTAL_FORMS": 0, "room_members-INITIAL_FORMS": 0}


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def clerk(committee, client):
    user = make.officer(Role.CLERK, committee)
    client.force_login(user)
    return user


@pytest.fixture
def room(committee):
    return make.workroom(committee=committee)


def page(name, *args):
    return reverse(f"admin:workrooms_workroom_{name}", args=args)


def verb(room, path):
    return page("change", room.pk).removesuffix("change/") + f"{path}/"


def test_a_clerk_opens_and_amends_a_room(clerk, committee, client):
    fields = {"kind": "area", "name": "河滨片区委员工作室", "opened_on": "2026-03-01", **INLINE}
    assert client.post(page("add"), fields).status_code == 302
    room = Workroom.objects.get()
    assert (room.committee, room.opened_on) == (committee, date(2026, 3, 1))
    answer = client.post(page("change", room.pk), fields | {"address": "河滨路2号"})
    assert answer.status_code == 302
    assert Workroom.objects.get().address == "河滨路2号"
    trail = AuditEntry.objects.filter(by_user=clerk).values_list("action", flat=True)
    assert set(trail) == {"workroom.open", "workroom.amend"}


def test_people_are_entered_and_ended_by_verbs(clerk, committee, client, room):
    member = make.member(committee=committee)
    day = {"on": "2026-03-01"}
    for path, fields in (
        ("member", {"member": member.pk}),
        ("keeper", {"name": "赵小芳", "phone": "13911112222"}),
    ):
        assert client.get(verb(room, path)).status_code == 200
        assert client.post(verb(room, path), fields | day).status_code == 302
    rows = RoomMember.objects.on(date(2026, 3, 1)).order_by("is_keeper")
    assert [(r.member, r.user and r.user.name) for r in rows] == [(member, None), (None, "赵小芳")]
    assert "赵小芳（工作室负责人）" in client.get(verb(room, "end")).content.decode()
    answer = client.post(verb(room, "end"), {"row": rows[0].pk, "on": "2026-06-01"})
    assert answer.status_code == 302
    assert RoomMember.objects.on(date(2026, 6, 1)).count() == 1


def test_a_member_may_be_the_keeper(clerk, committee, client, room):
    member = make.member(committee=committee)
    fields = {"member": member.pk, "on": "2026-03-01"}
    assert client.post(verb(room, "keeper"), fields).status_code == 302
    assert member.user.standing >= {("keeper", committee.pk, room.pk)}


@pytest.mark.parametrize("fields", [{}, {"name": "赵小芳", "member": "x"}])
def test_either_a_member_or_a_worker_is_named(clerk, committee, client, room, fields):
    if "member" in fields:
        fields["member"] = make.member(committee=committee).pk
    answer = client.post(verb(room, "keeper"), fields | {"on": "2026-03-01"})
    assert "请选择一名委员，或填写一名工作人员。" in answer.content.decode()
    assert RoomMember.objects.count() == 0


def test_what_is_refused_stands_on_the_form(clerk, committee, client, room):
    make.user(name="李红", phone="13911112222")
    fields = {"name": "赵小芳", "phone": "13911112222", "on": "2026-03-01"}
    shown = client.post(verb(room, "keeper"), fields).content.decode()
    assert "该手机号码已属于另一个人，请核对。" in shown and 'value="赵小芳"' in shown
    assert not User.objects.filter(name="赵小芳").exists()


def test_another_committees_member_cannot_be_chosen(clerk, client, room):
    fields = {"member": make.member().pk, "on": "2026-03-01"}
    assert client.post(verb(room, "member"), fields).status_code == 200
    assert RoomMember.objects.count() == 0


def test_a_room_is_closed_and_opened_again(clerk, client, room):
    offered = client.get(page("change", room.pk)).content.decode()
    assert "撤销工作室" in offered and "恢复工作室" not in offered
    assert client.post(verb(room, "close"), {"on": "2026-06-01"}).status_code == 302
    assert Workroom.objects.get().closed_on == date(2026, 6, 1)
    offered = client.get(page("change", room.pk)).content.decode()
    assert "撤销工作室" not in offered and "恢复工作室" in offered
    assert client.get(verb(room, "reopen")).status_code == 200
    assert client.post(verb(room, "reopen"), {"ok": "1"}).status_code == 302
    assert Workroom.objects.get().closed_on is None


def test_rooms_of_another_committee_and_other_roles(clerk, committee, client):
    room = make.workroom()
    for path in ("member", "keeper", "end", "close", "reopen"):
        assert client.post(verb(room, path), {"on": "2026-06-01"}).status_code == 404
    client.force_login(make.officer(Role.EDITOR, committee))
    assert client.get(page("changelist")).status_code in (302, 403)

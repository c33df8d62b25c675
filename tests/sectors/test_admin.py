"""The office's admin in the browser's terms: what a clerk does without help."""

from datetime import date

import pytest
from django.urls import reverse

from committees.models import Appointment, AuditEntry, Role, User
from members.models import Change, Delegate, Member, Position
from sectors.models import Convenorship, LeaderContact, Posting, Seat
from tests import make
from workrooms.models import Workroom


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def clerk(committee, client):
    user = make.officer(Role.CLERK, committee)
    client.force_login(user)
    return user


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


def test_a_clerk_adds_a_member_with_a_seat(clerk, committee, client):
    sector = make.sector(committee=committee)
    fields = {
        "name": "王　明", "sex": "male", "ethnicity": "汉族", "parties": ["cpc", "cndca"],
        "birth_month": "1975-03-01", "phone": "139 0000 0001", "sector": sector.pk,
        "on": "2026-03-10", "meeting": "六届十次常委会会议", "number": "", "work": "", "note": "",
    }  # fmt: skip
    fields |= {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    answer = client.post(page("members_member_add"), fields)
    member = Member.objects.get()
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert (member.name, member.parties_label) == ("王明", "中共党员、民建会员")
    assert Seat.objects.get().sector == sector
    assert member.user.phone == "13900000001"
    assert AuditEntry.objects.filter(action="member.add", by_user=clerk).count() == 1


def test_what_is_refused_stands_on_the_form_with_what_was_typed(clerk, committee, client):
    sector = make.sector(committee=committee)
    make.user(name="李红", phone="13900000001")
    fields = {
        "name": "王明", "sex": "male", "ethnicity": "汉族", "phone": "13900000001",
        "sector": sector.pk, "on": "2026-03-10", "meeting": "主席会议",
    }  # fmt: skip
    fields |= {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    answer = client.post(page("members_member_add"), fields)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "该手机号码已属于另一个人，请核对。" in text
    assert 'value="主席会议"' in text
    assert (Member.objects.count(), User.objects.filter(name="王明").count()) == (0, 0)


def test_a_clerk_finds_anyone_by_pinyin_initials(clerk, committee, client):
    wanted = make.member(committee=committee, name="曾国强")
    make.member(committee=committee, name="李红")
    make.member(name="曾国强")
    answer = client.get(page("members_member_changelist"), {"q": "ZGQ"})
    assert list(answer.context["cl"].result_list) == [wanted]


def test_moving_convening_and_leaving_by_date(clerk, committee, client):
    old, new = make.sector(committee=committee), make.sector(committee=committee)
    member = make.seat(sector=old).membership.member
    verbs = [
        ("convenor", {"on": "2026-02-01", "meeting": "主席会议"}),
        ("standing", {"on": "2026-02-01", "meeting": "六届五次会议"}),
        ("move-sector", {"on": "2026-03-10", "sector": new.pk}),
        ("standing-end", {"on": "2026-04-01"}),
        ("leave", {"on": "2026-05-01", "how": "resigned"}),
    ]
    change = page("members_member_change", member.pk)
    base = change.removesuffix("change/")
    for path, fields in verbs:
        assert client.get(f"{base}{path}/").status_code == 200
        answer = client.post(f"{base}{path}/", fields)
        assert (path, answer.status_code) == (path, 302)
    assert [s.sector for s in Seat.objects.order_by("span")] == [old, new]
    assert Convenorship.objects.on(date(2026, 3, 9)).count() == 1
    assert Convenorship.objects.on(date(2026, 3, 10)).count() == 0
    assert Position.objects.on(date(2026, 4, 1)).count() == 0
    assert member.memberships.get().leaving == "resigned"
    assert (
        "该委员当日不在任。"
        in client.post(f"{base}leave/", {"on": "2026-06-01", "how": "resigned"}).content.decode()
    )


def test_a_clerk_opens_a_workroom_and_a_taken_name_is_told(clerk, committee, client):
    fields = {"kind": "sector", "name": "教育界委员工作室", "plate_number": "001"}
    fields |= {"room_members-TOTAL_FORMS": 0, "room_members-INITIAL_FORMS": 0}
    assert client.post(page("workrooms_workroom_add"), fields).status_code == 302
    answer = client.post(page("workrooms_workroom_add"), fields)
    assert "该名称已登记。" in answer.content.decode()
    assert Workroom.objects.count() == 1


def test_another_committees_rows_do_not_exist_for_a_clerk(clerk, committee, client):
    stranger = make.member()
    room = make.workroom()
    for name, row in (("members_member_change", stranger), ("workrooms_workroom_change", room)):
        assert client.get(page(name, row.pk)).status_code == 302
    address = page("members_member_change", stranger.pk).removesuffix("change/")
    assert client.post(f"{address}leave/", {"on": "2026-05-01", "how": "died"}).status_code == 404


def test_who_may_open_what(committee, client):
    doors = ["members_member", "committees_appointment", "committees_auditentry", "committees_user"]
    opened = {}
    for role in (Role.CLERK, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, Role.EDITOR):
        client.force_login(make.officer(role, committee))
        codes = [client.get(page(f"{door}_changelist")).status_code for door in doors]
        opened[role.value] = [code == 200 for code in codes]
    assert opened == {
        "clerk": [True, True, False, True],
        "sysadmin": [False, True, False, True],
        "secadmin": [False, True, False, True],
        "auditor": [False, True, True, False],
        "editor": [False, False, False, False],
    }


def test_offices_are_given_with_their_scope_and_ended(committee, client):
    client.force_login(make.officer(Role.SYSADMIN, committee))
    unit, person = make.unit(committee=committee), make.member(committee=committee).user
    fields = {"user": person.pk, "role": "handler", "scope": "", "on": "2026-03-10"}
    add = page("committees_appointment_add")
    assert client.post(add, fields).status_code == 200
    assert client.post(add, fields | {"scope": f"handler:{unit.pk}"}).status_code == 302
    office = Appointment.objects.get(role="handler")
    assert (office.user, office.scope_id) == (person, unit.pk)
    assert client.post(add, fields | {"role": "auditor"}).status_code == 200
    end = page("committees_appointment_change", office.pk).removesuffix("change/") + "end/"
    assert client.post(end, {"on": "2026-04-01"}).status_code == 302
    assert Appointment.objects.filter(role="handler").on(date(2026, 4, 1)).count() == 0


def test_an_account_is_added_with_its_office(committee, client):
    client.force_login(make.officer(Role.SYSADMIN, committee))
    fields = {"name": "赵编辑", "sign_in_name": "zhao", "phone": "13900000009", "role": "editor"}
    assert client.post(page("committees_user_add"), fields).status_code == 302
    made = User.objects.get(sign_in_name="zhao")
    assert made.standing == {("editor", committee.pk, None)}
    assert not made.has_usable_password()
    change = {"name": "赵编辑", "sign_in_name": "zhao", "phone": "", "is_active": "on"}
    assert client.post(page("committees_user_change", made.pk), change).status_code == 302
    assert User.objects.get(pk=made.pk).phone == "13900000009"


def test_a_delegate_begins_and_ends(clerk, committee, client):
    member, helper = make.member(committee=committee), make.user()
    make.appointment(helper, Role.LIAISON, committee)
    fields = {"member": member.pk, "user": helper.pk, "on": "2026-03-10", "meeting": "主席会议"}
    assert client.post(page("members_delegate_add"), fields).status_code == 302
    row = Delegate.objects.get()
    assert row.meeting == "主席会议"
    end = page("members_delegate_change", row.pk).removesuffix("change/") + "end/"
    assert client.post(end, {"on": "2026-03-20"}).status_code == 302
    assert Delegate.objects.on(date(2026, 3, 20)).count() == 0


def test_a_clerk_posts_a_member_for_two_days_and_ends_it(clerk, committee, client):
    member, unit = make.member(committee=committee), make.unit(committee=committee)
    fields = {"member": member.pk, "supervision_group": "", "unit": unit.pk}
    add = page("sectors_posting_add")
    for first, last, field in (
        ("", "", "begins_on"),
        ("2026-03-10", "2026-03-09", "last_day"),
        ("2026-03-10", "9999-12-31", "last_day"),
    ):
        answer = client.post(add, fields | {"begins_on": first, "last_day": last})
        assert set(answer.context["adminform"].form.errors) == {field}
    answer = client.post(add, fields | {"begins_on": "2026-03-10", "last_day": ""})
    row = Posting.objects.get()
    assert (answer.status_code, row.committee, row.span.lower, row.span.upper) == (
        302, committee, date(2026, 3, 10), None,
    )  # fmt: skip
    change = page("sectors_posting_change", row.pk)
    assert 'value="2026/03/10"' in client.get(change).content.decode()
    client.post(change, fields | {"begins_on": "2026-03-10", "last_day": "2026-06-30"})
    row.refresh_from_db()
    assert row.span.upper == date(2026, 7, 1)
    text = client.get(change).content.decode()
    assert 'value="2026/03/10"' in text and 'value="2026/06/30"' in text
    entries = AuditEntry.objects.filter(by_user=clerk, action__startswith="posting.")
    assert list(entries.order_by("pk").values_list("action", flat=True)) == [
        "posting.add",
        "posting.amend",
    ]


def test_only_leaders_of_the_committee_are_given_contacts(clerk, committee, client):
    leader, sector = make.officer(Role.LEADER, committee), make.sector(committee=committee)
    stranger = make.officer(Role.LEADER, make.committee())
    fields = {"commission": "", "sector": sector.pk, "member": ""}
    fields |= {"on": "2026-01-01", "meeting": "六届四十次主席会议"}
    add = page("sectors_leadercontact_add")
    for other in (stranger, clerk):
        answer = client.post(add, fields | {"leader": other.pk})
        assert set(answer.context["adminform"].form.errors) == {"leader"}
    answer = client.post(add, fields | {"leader": leader.pk})
    row = LeaderContact.objects.get()
    assert (answer.status_code, row.leader, row.sector) == (302, leader, sector)
    assert (row.span.lower, row.span.upper) == (date(2026, 1, 1), None)
    assert row.meeting == "六届四十次主席会议" and Change.objects.get().kind == "leader"
    again = client.post(add, fields | {"leader": leader.pk})
    assert "这段时间已安排该领导联系" in again.content.decode()
    change = page("sectors_leadercontact_change", row.pk)
    ending = change.removesuffix("change/") + "end/"
    assert client.get(change).status_code == 200 == client.get(ending).status_code
    client.post(ending, {"on": "2026-06-01", "meeting": "六届四十一次主席会议"})
    row.refresh_from_db()
    assert (row.span.upper, row.ending_meeting) == (date(2026, 6, 1), "六届四十一次主席会议")

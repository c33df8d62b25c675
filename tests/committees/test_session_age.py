"""How long who stays signed in, and the list of the own devices."""

from __future__ import annotations

import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from committees import session_age
from committees.models import AuditEntry, Role
from committees.session_age import device_name
from tests import make
from tests.budgets import costs

MINUTE, HOUR, DAY = 60, 3600, 86400
PATH = "/accounts/password/reset/"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Mobile/15E148 MicroMessenger/8.0.50"


@pytest.fixture
def clock(monkeypatch):
    """`clock(seconds)` moves the middleware's time forward."""
    moved = [0]
    real = session_age.time.time

    def forward(seconds):
        moved[0] += seconds

    monkeypatch.setattr(session_age.time, "time", lambda: real() + moved[0])
    return forward


def is_in(client):
    client.get(PATH)
    return "_auth_user_id" in client.session


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(session_age.SHORT_LIVED))
def test_office_administrators_and_units_leave_after_half_an_hour_idle(client_of, clock, role):
    client = client_of(make.officer(role, make.committee()))
    assert is_in(client)
    clock(29 * MINUTE)
    assert is_in(client)
    clock(29 * MINUTE)
    assert is_in(client)
    clock(31 * MINUTE)
    assert not is_in(client)


def test_these_offices_and_no_others_are_short_lived():
    assert set(Role) - set(session_age.SHORT_LIVED) == {Role.LEADER, Role.LIAISON}


@pytest.mark.django_db
def test_office_leaves_after_twelve_hours_of_work(client_of, clock):
    client = client_of(make.officer("clerk", make.committee()))
    for _step in range(35):
        clock(20 * MINUTE)
        assert is_in(client)
    clock(21 * MINUTE)
    assert not is_in(client)


@pytest.mark.django_db
def test_a_member_stays_for_90_days_without_use(client_of, clock):
    client = client_of(make.member().user)
    clock(89 * DAY)
    assert is_in(client)
    assert client.cookies["sessionid"]["max-age"] == 90 * DAY


@pytest.mark.django_db
def test_who_is_signed_out_reads_why_and_comes_back_to_the_page(client_of, clock):
    committee = make.committee()
    client = client_of(make.officer("clerk", committee))
    clock(31 * MINUTE)
    response = client.get(f"/{committee.slug}/slips/", follow=True)
    assert response.redirect_chain == [(f"/accounts/login/?next=/{committee.slug}/slips/", 302)]
    assert "长时间未操作，为安全已退出登录，请重新登录。" in response.content.decode()


@pytest.mark.django_db
def test_use_is_written_at_most_once_a_minute(client_of, clock):
    client = client_of(make.member().user)
    with costs(2):  # session and user are read
        client.get(PATH)
    clock(61)
    with costs(4):  # and two rows written
        client.get(PATH)
    clock(58)
    with costs(2):
        client.get(PATH)


@pytest.mark.django_db
def test_visitors_cost_nothing():
    with costs(0):
        Client().get(PATH)


# Devices ----------------------------------------------------------------------------------------


def sign_in(user, **headers):
    client = Client(headers=headers)
    client.post("/accounts/login/", {"login": user.sign_in_name, "password": make.PASSWORD})
    return client


@pytest.fixture
def user(db):
    user = make.user(password=make.PASSWORD)
    make.member(user=user)
    return user


def test_the_list_names_each_device_and_marks_this_one(user):
    sign_in(user, user_agent="Mozilla/5.0 (Windows NT 10.0) Chrome/120.0")
    client = sign_in(user, user_agent=WECHAT)
    response = client.get("/accounts/sessions/")
    rows = [(row["name"], row["is_phone"], row["is_this"]) for row in response.context["devices"]]
    assert rows == [("微信 · iPhone", True, True), ("Chrome · Windows", False, False)]
    assert "退出其他全部设备" in response.content.decode()


def test_one_device_is_signed_out_from_another(user):
    phone, desk, third = sign_in(user), sign_in(user), sign_in(user)
    lost = UserSession.objects.get(session_key=phone.session.session_key)
    assert desk.post("/accounts/sessions/", {"session": lost.pk}).status_code == 302
    assert [is_in(one) for one in (phone, desk, third)] == [False, True, True]
    desk.post("/accounts/sessions/", {"session": "others"})
    assert [is_in(one) for one in (phone, desk, third)] == [False, True, False]
    ended = AuditEntry.objects.filter(action="session.end").order_by("sequence")
    assert [entry.detail for entry in ended] == [{"count": 1}, {"count": 1}]


def test_nobody_ends_the_device_of_another_person(user):
    stranger = make.user(password=make.PASSWORD)
    make.member(user=stranger)
    theirs = sign_in(stranger)
    row = UserSession.objects.get(session_key=theirs.session.session_key)
    sign_in(user).post("/accounts/sessions/", {"session": row.pk})
    assert is_in(theirs)


def test_an_offices_idle_device_is_not_listed(user):
    make.appointment(user, "clerk", make.committee())
    client, idle = sign_in(user), sign_in(user)
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    rows = UserSession.objects.filter(session_key=idle.session.session_key)
    rows.update(last_seen_at=hour_ago)
    assert len(client.get("/accounts/sessions/").context["devices"]) == 1
    assert not is_in(idle)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (WECHAT, "微信 · iPhone"),
        ("Mozilla/5.0 (Linux; Android 13) wxwork/4.1 MicroMessenger/7.0", "企业微信 · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge · Windows"),
        ("curl/8.0", "其他设备"),
        ("", "其他设备"),
    ],
)
def test_device_names(user_agent, name):
    assert device_name(user_agent) == name

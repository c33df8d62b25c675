"""Signing in by phone or name: who gets in, what everybody else reads, what is remembered."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from committees.audit import first_break
from committees.models import AuditEntry
from committees.sign_in import PhoneOrName, account_of, home_committee
from tests import make
from tests.budgets import costs

LOGIN = "/accounts/login/"
WRONG = "手机号码（登录名）或密码不正确。"
TOO_MANY = "尝试次数过多，请五分钟后再试，或使用登录凭条。"


def person(**over):
    over.setdefault("password", make.PASSWORD)
    committee = over.pop("committee", None) or make.committee()
    user = make.user(**over)
    make.member(user=user, committee=committee)
    return user


def attempt(login, password=make.PASSWORD, client=None, **more):
    return (client or Client()).post(LOGIN, {"login": login, "password": password, **more})


def errors_of(response):
    return [str(e) for e in response.context["form"].non_field_errors()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    ["13900000001", "139 0000 0001", "+86 139-0000-0001", "8613900000001", " zhang.san "],
)
def test_phone_however_written_and_name_sign_in(typed):
    user = person(phone="13900000001", sign_in_name="zhang.san")
    response = attempt(typed)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert int(response.client.session["_auth_user_id"]) == user.pk


@pytest.mark.django_db
def test_name_in_capitals_signs_in():
    user = person(sign_in_name="zhangsan")
    assert account_of("ZhangSan") == user


@pytest.mark.django_db
def test_eleven_digits_are_a_phone_before_a_name():
    person(sign_in_name="13900000007", phone="13900000008")
    owner = person(phone="13900000007")
    assert account_of("13900000007") == owner


@pytest.mark.django_db
def test_wrong_password_unknown_name_and_closed_account_read_the_same():
    person(sign_in_name="known")
    person(sign_in_name="closed", is_active=False)
    waiting = make.user(sign_in_name="waiting")
    assert not waiting.has_usable_password()
    answers = [
        attempt("known", "falsch"),
        attempt("unknown"),
        attempt("closed"),
        attempt("waiting", "!"),
    ]
    assert [(r.status_code, errors_of(r)) for r in answers] == [(200, [WRONG])] * 4


@pytest.mark.django_db
def test_every_refusal_costs_one_hash(monkeypatch):
    """So that the time does not tell whether a name exists."""
    from django.contrib.auth.hashers import get_hasher

    person(sign_in_name="known")
    make.user(sign_in_name="waiting")
    hasher, hashed = type(get_hasher()), []
    encode = hasher.encode
    monkeypatch.setattr(
        hasher, "encode", lambda self, *a, **k: hashed.append(1) or encode(self, *a, **k)
    )
    counts = {}
    for name in ("known", "unknown", "waiting"):
        hashed.clear()
        assert PhoneOrName().authenticate(None, username=name, password="falsch") is None
        counts[name] = len(hashed)
    assert counts == {"known": 1, "unknown": 1, "waiting": 1}


@pytest.mark.django_db
def test_goes_to_next_but_never_to_another_host():
    person(sign_in_name="a1")
    assert attempt("a1", next="/city/opinions/")["Location"] == "/city/opinions/"
    assert attempt("a1", next="https://evil.example/")["Location"] == "/"
    assert attempt("a1", next="//evil.example/")["Location"] == "/"


@pytest.mark.django_db
def test_closed_pages_lead_to_sign_in_and_back():
    committee = make.committee()
    response = Client().get(f"/{committee.slug}/desk/")
    assert response["Location"] == f"{LOGIN}?next=/{committee.slug}/desk/"
    page = Client().get(response["Location"]).content.decode()
    assert f'name="next" value="/{committee.slug}/desk/"' in page


@pytest.mark.django_db
def test_page_says_what_it_must():
    page = Client().get(LOGIN).content.decode()
    for words in (
        "手机号码或登录名",
        "用登录凭条登录",
        "忘记密码",
        "本系统为非涉密互联网平台，严禁处理、存储、传输国家秘密和工作秘密",
    ):
        assert words in page
    assert "no-store" in Client().get(LOGIN)["Cache-Control"]


@pytest.mark.django_db
def test_account_without_any_office_reads_a_sentence():
    make.user(sign_in_name="nobody", password=make.PASSWORD)
    client = Client()
    assert attempt("nobody", client=client)["Location"] == "/"
    assert "您的账号目前没有任何岗位" in client.get("/").content.decode()


@pytest.mark.django_db
def test_remembered_for_90_days_or_until_the_browser_closes():
    person(sign_in_name="a1")
    kept, brief = Client(), Client()
    attempt("a1", client=kept, remember="on")
    attempt("a1", client=brief)
    assert kept.cookies["sessionid"]["max-age"] == 90 * 24 * 3600
    assert brief.cookies["sessionid"]["max-age"] == ""


# Guessing ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_sixth_failure_for_a_name_waits_even_with_the_right_password():
    person(sign_in_name="known", phone="13900000001")
    answers = [errors_of(attempt("known", "falsch")) for _ in range(5)]
    assert answers == [[WRONG]] * 5
    assert errors_of(attempt("KNOWN ")) == [TOO_MANY]
    assert attempt("13900000001").status_code == 302  # another way of writing counts by itself


@pytest.mark.django_db
def test_failures_of_one_phone_are_counted_however_it_is_written():
    person(phone="13900000001")
    for typed in ("13900000001", "139 00000001", "+8613900000001", "139-0000-0001", "13900000001"):
        assert errors_of(attempt(typed, "falsch")) == [WRONG]
    assert errors_of(attempt("1390000 0001", "falsch")) == [TOO_MANY]


@pytest.mark.django_db
def test_successes_do_not_count_against_an_address():
    for number in range(40):
        person(sign_in_name=f"p{number}")
    assert {attempt(f"p{number}").status_code for number in range(40)} == {302}


@pytest.mark.django_db
def test_thirty_failures_a_minute_from_one_address_are_enough():
    answers = [errors_of(attempt(f"x{number}")) for number in range(31)]
    assert answers == [[WRONG]] * 30 + [[TOO_MANY]]


# The trail --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_attempts_leave_entries():
    user = person(sign_in_name="known", phone="13900000001")
    attempt("known", "falsch")
    attempt("13900000001", "falsch")
    attempt("stranger", "geheim")
    attempt("known")
    failed = AuditEntry.objects.filter(is_refused=True).order_by("pk")
    home, about = home_committee(user), f"committees.user:{user.pk}"
    assert [(e.action, e.committee, e.about, e.by_guest, e.by_ref) for e in failed] == [
        ("sign_in", home, about, "visitor", "127.0.0.1"),
        ("sign_in", home, about, "visitor", "127.0.0.1"),
        ("sign_in", None, "", "visitor", "127.0.0.1"),
    ]
    assert "geheim" not in str([e.detail for e in failed])
    assert "13900000001" not in str([e.detail for e in failed])
    assert first_break(home) is None
    (done,) = AuditEntry.objects.filter(by_user=user)
    assert (done.action, done.committee, done.detail) == (
        "sign_in",
        home_committee(user),
        {"method": "password"},
    )
    assert first_break(None) is None


@pytest.mark.django_db
def test_signing_out_is_a_post_and_is_noted(client_of):
    user = person()
    client = client_of(user)
    assert "退出登录" in client.get("/accounts/logout/").content.decode()
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session
    assert [e.action for e in AuditEntry.objects.filter(by_user=user)] == ["sign_out"]


@pytest.mark.django_db
def test_home_committee_is_the_last_used_while_it_holds():
    first, second = make.committee(), make.committee()
    user = make.user()
    make.member(user=user, committee=first)
    make.member(user=user, committee=second)
    assert home_committee(make.user()) is None
    assert home_committee(user) == first
    user.last_committee = second
    assert home_committee(user) == second
    user.last_committee = make.committee()
    assert home_committee(user) == first


# What is not there ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "inactive/", "login/code/", "social/signup/", ""],
)
def test_no_sign_up_no_email_no_social(path):
    assert Client().get(f"/accounts/{path}").status_code in (302, 404)
    client = Client()
    client.force_login(person())
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_email", "socialaccount_signup"])
def test_their_names_are_not_known(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.django_db
def test_admin_has_no_door_of_its_own(cast, client_of):
    login = "/admin/login/?next=/admin/"
    assert Client().get(login)["Location"] == f"{LOGIN}?next=%2Fadmin%2F"
    assert client_of("clerk").get(login)["Location"] == "/admin/"
    assert client_of("member").get(login).status_code == 403
    assert Client().post("/admin/login/", {"username": "clerk", "password": "x"}).status_code == 302


# The own password -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_changing_the_password_ends_other_devices_and_keeps_this_one(client_of):
    user = person()
    here, there = client_of(user), client_of(user)
    given = {"oldpassword": make.PASSWORD, "password1": "neu-und-lang", "password2": "neu-und-lang"}
    assert here.post("/accounts/password/change/", given)["Location"] == "/"
    assert here.get("/accounts/sessions/").status_code == 200
    assert there.get("/accounts/sessions/").status_code == 302
    user.refresh_from_db()
    assert user.check_password("neu-und-lang")
    assert [e.action for e in AuditEntry.objects.filter(by_user=user)] == ["password.set"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        (("falsch", "neu-und-lang", "neu-und-lang"), "oldpassword", "当前密码不正确。"),
        ((make.PASSWORD, "kurz1", "kurz1"), "password1", "8"),
        ((make.PASSWORD, "8471029365518", "8471029365518"), "password1", "数字"),
        ((make.PASSWORD, "zhangsan1", "zhangsan1"), "password1", "登录名"),
        ((make.PASSWORD, "neu-und-lang", "neu-und-kurz"), "password2", "相同"),
    ],
)
def test_a_bad_password_is_told_in_chinese_beside_its_field(client_of, given, field, sentence):
    client = client_of(person(sign_in_name="zhangsan", phone="13900000001"))
    names = ("oldpassword", "password1", "password2")
    response = client.post("/accounts/password/change/", dict(zip(names, given, strict=True)))
    assert set(response.context["form"].errors) == {field}
    assert sentence in response.context["form"].errors[field][0]


@pytest.mark.django_db
def test_without_password_and_without_slip_none_can_be_set(client_of):
    client = client_of(make.user())
    assert client.get("/accounts/password/change/")["Location"] == "/accounts/password/set/"
    new = {"new_password1": "neu-und-lang", "new_password2": "neu-und-lang"}
    for response in (
        client.get("/accounts/password/set/"),
        client.post("/accounts/password/set/", new),
    ):
        assert "请政协机关工作人员为您打印一张登录凭条" in response.content.decode()


@pytest.mark.django_db
def test_forgotten_password_is_explained_to_anybody():
    assert "请政协机关工作人员" in Client().get("/accounts/password/reset/").content.decode()


@pytest.mark.django_db
def test_a_reveal_asks_for_the_password_again_and_then_shows(client_of, rf):
    from allauth.core.exceptions import ReauthenticationRequired

    from committees.sign_in import proof_required

    user = person()
    client = client_of(user)
    request = rf.get("/")
    request.user, request.session = user, client.session
    shown = proof_required(lambda request: "138")
    with pytest.raises(ReauthenticationRequired):
        shown(request)
    again = {"password": make.PASSWORD, "next": "/accounts/sessions/"}
    assert client.post("/accounts/reauthenticate/", {"password": "falsch"}).status_code == 200
    assert client.post("/accounts/reauthenticate/", again)["Location"] == "/accounts/sessions/"
    request.session = client.session
    assert shown(request) == "138"


@pytest.mark.django_db
def test_reauthentication_of_somebody_known_by_phone_alone(client_of):
    user = person(sign_in_name=None, phone="13900000001")
    client = client_of(user)
    response = client.post("/accounts/reauthenticate/", {"password": make.PASSWORD, "next": "/x/"})
    assert response["Location"] == "/x/"


@pytest.mark.django_db
def test_without_password_the_slip_is_the_proof(client_of):
    page = client_of(make.user()).get("/accounts/reauthenticate/?next=/x/").content.decode()
    assert "请用登录凭条确认" in page
    assert 'href="/q/?next=%2Fx%2F"' in page or 'href="/q/?next=/x/"' in page
    assert 'type="password"' not in page


# Costs ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_costs():
    """Six of a sign-in keep Django's session, allauth's list of devices and `last_login`."""
    person(sign_in_name="a1")
    client = Client()
    with costs(0):
        client.get(LOGIN)
    with costs(6):
        attempt("a1", "falsch")
    with costs(11):
        attempt("a1", client=client)

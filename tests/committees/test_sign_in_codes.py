"""Signing in by SMS: six digits, five minutes, five tries, and nothing said about a number."""

import datetime
import re
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from committees import sign_in_codes, tasks
from committees.actors import Guest
from committees.models import AuditEntry, Role, SignInCode
from committees.sealed import twin
from notices import codes
from notices.models import Delivery, Notice
from tests import make

PAGE = "/accounts/code/"
VISITOR = Guest("visitor", "10.0.0.1")
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def gateway(settings, tmp_path):
    """Codes become files: the only place where one may be read."""
    settings.VAR_DIR = tmp_path
    settings.NOTICE_GATEWAYS = {"sms": {"class": "notices.channels.files.SmsFiles"}}
    settings.SIGN_IN_BY_SMS = True
    return tmp_path / "outbox"


@pytest.fixture
def user(db):
    return make.member().user


def ask(phone):
    return sign_in_codes.ask_code(phone, by=VISITOR)


def sent_code(gateway, row):
    assert codes.send(row.pk, timezone.now()) == 1
    files = sorted(gateway.glob(f"code-c{row.pk}-*.txt"), key=lambda file: file.stat().st_mtime_ns)
    return re.findall(r"\d{6}\b", files[-1].read_text())[-1]


def refused(phone, code):
    with pytest.raises(ValidationError) as caught:
        sign_in_codes.use_code(phone, code, by=VISITOR)
    return caught.value.code


def test_the_code_is_wiped_when_it_has_gone_and_stands_in_no_notice(user, gateway):
    row = ask(user.phone)
    stored = SignInCode.objects.get()
    assert (stored.user, stored.phone_twin) == (user, twin(user.phone))
    code = sent_code(gateway, row)
    stored.refresh_from_db()
    assert (stored.sealed, bool(stored.sent_at)) == ("", True)
    assert code not in stored.code_hash and len(stored.code_hash) == 64
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)
    assert not AuditEntry.objects.filter(detail__icontains=code).exists()
    assert codes.send(row.pk, timezone.now()) == 0


def test_it_signs_in_once(user, gateway):
    code = sent_code(gateway, ask(user.phone))
    assert sign_in_codes.use_code(f"+86 {user.phone}", f"{code[:3]} {code[3:]}", by=VISITOR) == user
    assert refused(user.phone, code) == "code_refused"


def test_five_tries_and_no_more(user, gateway):
    code = sent_code(gateway, ask(user.phone))
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert {refused(user.phone, wrong) for _ in range(5)} == {"code_refused"}
    assert refused(user.phone, code) == "code_refused"
    assert SignInCode.objects.get().tries == 5


def test_five_minutes(user, gateway):
    code = sent_code(gateway, ask(user.phone))
    SignInCode.objects.update(expires_at=timezone.now())
    assert refused(user.phone, code) == "code_refused"


def test_a_new_code_makes_the_former_void(user, gateway):
    first = sent_code(gateway, ask(user.phone))
    SignInCode.objects.update(asked_at=timezone.now() - 2 * MINUTE)
    second = sent_code(gateway, ask(user.phone))
    if first != second:
        assert refused(user.phone, first) == "code_refused"
    assert sign_in_codes.use_code(user.phone, second, by=VISITOR) == user


def test_once_a_minute_and_ten_a_day_for_known_and_unknown(user):
    for phone in (user.phone, "13811112222"):
        ask(phone)
        with pytest.raises(ValidationError) as caught:
            ask(phone)
        assert caught.value.code == "too_soon"
        row = SignInCode.objects.filter(phone_twin=twin(phone))
        row.update(asked_at=timezone.now() - 2 * MINUTE, asks=10)
        with pytest.raises(ValidationError) as caught:
            ask(phone)
        assert caught.value.code == "too_many"
        row.update(first_asked_at=timezone.now() - datetime.timedelta(hours=25))
        assert ask(phone).asks == 1


@pytest.mark.parametrize("typed", ["", "1390000", "23900000001", "一三九", "139000000012"])
def test_only_a_mobile_number(db, typed):
    with pytest.raises(ValidationError):
        ask(typed)


def test_unknown_closed_and_guarded_numbers_get_none(user, gateway, sent_tasks):
    closed = make.user(is_active=False)
    guarded = make.officer(Role.SECADMIN, make.committee())
    rows = [ask(phone) for phone in ("13811112222", closed.phone, guarded.phone)]
    assert [row.user for row in rows] == [None, None, None]
    assert [codes.send(row.pk, timezone.now()) for row in rows] == [0, 0, 0]
    assert not gateway.exists()
    assert refused(closed.phone, "000000") == "code_refused"


def test_who_left_meanwhile_does_not_come_in(user, gateway):
    code = sent_code(gateway, ask(user.phone))
    user.is_active = False
    user.save()
    assert refused(user.phone, code) == "code_refused"


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_woken_by_name_for_known_and_unknown_alike(sent_tasks, settings):
    rows = [ask(phone) for phone in (make.user().phone, "13811112222")]
    name = "notices.tasks.send_sign_in_code"
    assert sent_tasks == [(name, (row.pk,), {}) for row in rows]


@pytest.mark.django_db(transaction=True)
def test_a_frozen_broker_keeps_nobody_waiting(monkeypatch):
    """It takes the connection and never answers; the page goes on, the sweeper sends the code."""
    thawed, began, failed = threading.Event(), threading.Event(), threading.Event()

    def frozen(*args, **kwargs):
        began.set()
        thawed.wait(60)
        failed.set()
        raise OSError("away")

    monkeypatch.setattr(sign_in_codes.current_app._get_current_object(), "send_task", frozen)
    monkeypatch.setattr(sign_in_codes, "LONGEST_WAIT", 0.01)
    row = ask(make.user().phone)
    assert SignInCode.objects.to_send(timezone.now()).get() == row
    assert began.wait(60) and not failed.is_set()
    thawed.set()
    assert failed.wait(60)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_comes_in(gateway):
    user = make.user()
    code = sent_code(gateway, ask(user.phone))
    start, found = threading.Barrier(2), []

    def work():
        try:
            start.wait(5)
            found.append(sign_in_codes.use_code(user.phone, code, by=VISITOR))
        except ValidationError as error:
            found.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(10) for thread in threads]
    assert sorted(map(str, found)) == sorted([str(user), "code_refused"])


def test_a_lost_wake_up_is_made_up_for_and_a_provider_away_tried_again(user, gateway, monkeypatch):
    row = ask(user.phone)
    with monkeypatch.context() as patched:
        patched.setattr("notices.channels.files.Path.replace", lambda *_a: _raise(OSError(28)))
        assert codes.send_waiting(timezone.now()) == 0
    assert SignInCode.objects.get().claimed_at is None
    assert codes.send_waiting(timezone.now()) == 1
    assert codes.send_waiting(timezone.now()) == 0
    assert list(gateway.glob(f"code-c{row.pk}-*"))


def _raise(error):
    raise error


def test_a_number_the_provider_refuses_is_not_tried_again(user, gateways_refuse):
    row = ask(user.phone)
    assert [codes.send(row.pk, timezone.now()) for _ in range(2)] == [0, 0]
    assert SignInCode.objects.get().sealed == ""


@pytest.fixture
def gateways_refuse(settings):
    settings.NOTICE_GATEWAYS = {"sms": {"class": "notices.channels.files.Files"}}


def test_old_rows_are_forgotten(user):
    ask(user.phone)
    tasks.clear_sessions()
    assert SignInCode.objects.exists()
    SignInCode.objects.update(asked_at=timezone.now() - datetime.timedelta(hours=25))
    tasks.clear_sessions()
    assert not SignInCode.objects.exists()


def test_the_page_signs_in(user, gateway):
    client = Client()
    assert "用短信验证码登录" in client.get("/accounts/login/").content.decode()
    assert client.get(PAGE).status_code == 200
    page = client.post(PAGE, {"phone": user.phone, "next": "/city/me/"}).content.decode()
    assert 'name="code"' in page and user.phone in page and "号码如已登记" in page
    code = sent_code(gateway, SignInCode.objects.get())
    wrong = client.post(PAGE, {"phone": user.phone, "code": "1"})
    assert "验证码不正确或已失效" in wrong.content.decode()
    answer = client.post(PAGE, {"phone": user.phone, "code": code, "next": "/city/me/"})
    assert (answer.status_code, answer["Location"]) == (302, "/city/me/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.get_expire_at_browser_close()
    assert AuditEntry.objects.filter(action="sign_in", detail__method="sms").exists()


def test_the_page_says_the_same_of_an_unknown_number(user):
    pages = []
    for phone in (user.phone, "13811112222"):
        client = Client()
        page = client.post(PAGE, {"phone": phone}).content.decode()
        again = client.post(PAGE, {"phone": phone}).content.decode()
        tried = client.post(PAGE, {"phone": phone, "code": "000000"}).content.decode()
        pages.append(
            [
                re.sub(r'value="[^"]{40,}"|X-CSRFToken[^}]*', "", text).replace(phone, "")
                for text in (page, again, tried)
            ]
        )
    assert pages[0] == pages[1]
    assert "一分钟后" in pages[0][1]


@pytest.mark.parametrize(
    "data",
    [
        {"phone": ""},
        {"phone": "\x00"},
        {"phone": "1" * 500},
        {"phone": "13900000001", "code": ""},
        {"phone": "13900000001", "code": "\x00"},
        {"phone": "13900000001", "code": "9" * 500},
        {"phone": "x", "code": "123456"},
    ],
)
def test_bad_input_is_a_sentence(db, data):
    answer = Client().post(PAGE, data)
    assert answer.status_code == 200 and "is-invalid" in answer.content.decode()


def test_addresses_are_limited(db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"sms_ask": "1/m/ip", "sms_code": "1/m/ip"}
    client = Client()
    asked = [client.post(PAGE, {"phone": f"1390000000{n}"}).status_code for n in range(2)]
    tried = [
        client.post(PAGE, {"phone": "13900000001", "code": "123456"}).status_code for _ in range(2)
    ]
    assert (asked, tried) == ([200, 429], [200, 429])


def test_without_a_gateway_there_is_no_such_way(db, settings):
    settings.SIGN_IN_BY_SMS = False
    assert Client().get(PAGE).status_code == 404
    assert Client().post(PAGE, {"phone": "13900000001"}).status_code == 404
    assert "短信验证码" not in Client().get("/accounts/login/").content.decode()

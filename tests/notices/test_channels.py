"""Each provider's own request format, against a server that checks it."""

import datetime
import smtplib

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from notices import channels
from notices.channels import http
from notices.channels.chats import WeChat
from notices.channels.mail import Mail
from notices.channels.message import Mute
from notices.channels.sms import Aliyun, acs3, acs3_query, tc3
from tests.gateways.stub import KEY, SECRET, Told

AT = datetime.datetime(2026, 11, 28, 2, 0, tzinfo=datetime.UTC)


def message(**over):
    given = {
        "number": "n5-sms-1",
        "to": "13900000001",
        "office": "市政协",
        "title": "转办事项催办",
        "text": "【市政协】有一件转办事项已催办，请登录界别联络平台办理。",
        "letter": "某某：\n\n请登录。",
        "url": "https://zx.example.org/city/notices/5/",
        "begun_at": timezone.now(),
    }
    return channels.Message(**{**given, **over})


def test_the_published_example_of_tc3_comes_out():
    """Tencent's own documented request, key and signature."""
    body = (
        '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    )
    signed = tc3(
        "AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******",
        "Gu5t9xGARNpq86cd98joQYCN3*******",
        "cvm.tencentcloudapi.com",
        "cvm",
        body,
        1551113065,
    )
    assert signed == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******"
        "/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, "
        "Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c"
    )


def test_the_published_example_of_acs3_comes_out():
    """Aliyun's own documented request, key and signature."""
    query = acs3_query(
        {
            "RegionId": "cn-shanghai",
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        }
    )
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": empty,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    signed = acs3("YourAccessKeyId", "YourAccessKeySecret", query, headers)
    assert signed.endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


@pytest.mark.parametrize("provider", ["sms", "tencent"])
def test_an_sms_with_our_number_can_be_asked_after(gateways, provider):
    stub = gateways(provider)
    sms, one = channels.gateway("sms"), message()
    assert sms.was_sent(one) is None
    assert sms.send(one) in ("biz-n5-sms-1", "no-n5-sms-1")
    words = "有一件转办事项已催办，请登录界别联络平台办理。"
    assert stub.told == [
        Told("aliyun", one.to, one.number, ("T1", {"office": "市政协", "text": words}, "测试政协"))
        if provider == "sms"
        else Told("tencent", f"+86{one.to}", one.number, ["市政协", words])
    ]
    assert sms.was_sent(one) and sms.was_sent(message(number="n6-sms-1")) is None
    assert [sms.outcome(one), sms.outcome(message(number="n6"))] == [True, None]
    stub.lost = {stub.told[0].to}
    assert sms.outcome(one) is False
    assert stub.wrong == []


@pytest.mark.parametrize("provider", ["sms", "tencent"])
def test_a_code_has_a_template_of_its_own(gateways, provider):
    stub = gateways(provider)
    channels.gateway("sms").send_code(message(text="123456"))
    assert stub.told[0].content in (
        ("T2", {"code": "123456", "minutes": "5"}, "测试政协"),
        ["123456", "5"],
    )


@pytest.mark.parametrize(
    ("provider", "code", "expected"),
    [
        ("sms", "isv.MOBILE_NUMBER_ILLEGAL", channels.Bounced),
        ("sms", "isv.BUSINESS_LIMIT_CONTROL", channels.Unavailable),
        ("tencent", "FailedOperation.PhoneNumberInBlacklist", channels.Bounced),
        ("tencent", "LimitExceeded.DeliveryFrequencyLimit", channels.Unavailable),
    ],
)
def test_a_refused_number_bounces_and_a_limit_waits(gateways, provider, code, expected):
    stub = gateways(provider)
    stub.refuse = {"13900000001": code, "+8613900000001": code}
    with pytest.raises(expected, match=code):
        channels.gateway("sms").send(message())
    assert stub.told == []


@pytest.mark.parametrize("provider", ["sms", "tencent"])
def test_a_wrong_secret_is_the_installations_trouble(gateways, settings, provider):
    stub = gateways(provider)
    settings.NOTICE_GATEWAYS["sms"]["secret"] = "another"
    sms = channels.gateway("sms")
    for call in (sms.send, sms.was_sent):
        with pytest.raises(channels.Unavailable, match="Signature"):
            call(message())
    assert stub.told == []


def test_many_sms_of_a_day_are_turned_page_by_page(gateways):
    stub = gateways("sms")
    for n in range(120):
        stub.take(Told("aliyun", "13900000001", f"n{n}-sms-1", ()))
    sms = channels.gateway("sms")
    assert sms.was_sent(message(number="n119-sms-1")) and not sms.was_sent(message(number="n500"))


CHATS = {
    "wechat": (
        "W1",
        "https://zx.example.org/city/notices/5/",
        {"thing1": {"value": "市政协"}, "thing2": {"value": "转办事项催办"}},
    ),
    "wecom": (
        7,
        {
            "title": "转办事项催办",
            "description": message().text,
            "url": "https://zx.example.org/city/notices/5/",
        },
    ),
    "dingtalk": (
        8,
        {
            "msgtype": "action_card",
            "action_card": {
                "title": "转办事项催办",
                "markdown": message().text,
                "single_title": "查看",
                "single_url": "https://zx.example.org/city/notices/5/",
            },
        },
    ),
}


@pytest.mark.parametrize("name", CHATS)
def test_a_chat_is_sent_with_a_token_that_is_kept(gateways, name):
    stub = gateways(name)
    chat = channels.gateway(name)
    first, again = chat.send(message(to="someone")), chat.send(message(to="someone"))
    assert first and again
    number = "n5-sms-1" if name == "wechat" else ""
    assert stub.told == [Told(name, "someone", number, CHATS[name])]  # a second sending is one
    assert stub.tokens == ["token-1"] and stub.wrong == []


@pytest.mark.parametrize("name", CHATS)
def test_a_token_that_holds_no_longer_is_fetched_anew(gateways, name):
    stub = gateways(name)
    channels.gateway(name).send(message(to="one"))
    stub.tokens.append("token of another")
    channels.gateway(name).send(message(to="two"))
    assert [one.to for one in stub.told] == ["one", "two"]
    assert stub.tokens[-1] == "token-3"


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("wechat", 43004, channels.Bounced),
        ("wechat", 45009, channels.Unavailable),
        ("wecom", 60111, channels.Bounced),
        ("wecom", "invalid", channels.Bounced),
        ("wecom", 45033, channels.Unavailable),
        ("dingtalk", 60121, channels.Bounced),
        ("dingtalk", 88, channels.Unavailable),
    ],
)
def test_a_person_a_chat_does_not_know_bounces(gateways, name, code, expected):
    stub = gateways(name)
    stub.refuse = {"someone": code}
    with pytest.raises(expected):
        channels.gateway(name).send(message(to="someone"))


def test_no_token_is_the_installations_trouble(gateways, settings):
    gateways("wecom")
    settings.NOTICE_GATEWAYS["wecom"]["secret"] = "another"
    with pytest.raises(channels.Unavailable, match="token errcode 40001"):
        channels.gateway("wecom").send(message())


def test_a_server_that_fails_is_unavailable(gateways, monkeypatch):
    stub = gateways("sms")
    stub.broken = [500, 403]
    sms = channels.gateway("sms")
    with pytest.raises(channels.Unavailable, match="HTTP 500"):
        sms.send(message())
    with pytest.raises(channels.Unavailable):  # 403 with an answer that says nothing
        sms.send(message())
    monkeypatch.setattr(http, "SECONDS", 0.2)
    stub.delay = 1
    with pytest.raises(channels.Unavailable, match="TimeoutError"):
        sms.send(message())
    dead = Aliyun(
        url="http://127.0.0.1:9", key=KEY, secret=SECRET, sign="", template="", code_template=""
    )
    with pytest.raises(channels.Unavailable, match="URLError"):
        dead.send(message())


@pytest.mark.parametrize("raw", [b"<html>", b"[1]", b""])
def test_an_answer_that_is_no_object_is_unavailable(monkeypatch, raw):
    class Answer:
        def __enter__(self):
            return self

        def __exit__(self, *_args):
            return None

        def read(self, _most):
            return raw

    monkeypatch.setattr(http.urllib.request, "urlopen", lambda *_a, **_k: Answer())
    with pytest.raises(channels.Unavailable, match="JSON"):
        http.ask("http://127.0.0.1/")


def test_mail_carries_our_number(gateways):
    gateways("mail")
    number = channels.gateway("mail").send(message(to="a@example.org"))
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["a@example.org"], "转办事项催办")
    assert letter.body == "某某：\n\n请登录。\n\nhttps://zx.example.org/city/notices/5/"
    assert letter.extra_headers["Message-ID"] == number and number.startswith("<n5-sms-1@")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"no")}), channels.Bounced),
        (smtplib.SMTPRecipientsRefused({"a@b": (450, b"later")}), channels.Unavailable),
        (smtplib.SMTPServerDisconnected("gone"), channels.Unavailable),
        (ConnectionRefusedError(), channels.Unavailable),
    ],
)
def test_mail_that_is_refused(monkeypatch, error, expected):
    monkeypatch.setattr(
        "notices.channels.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(error)
    )
    with pytest.raises(expected):
        Mail().send(message(to="a@b"))


def test_who_can_be_asked_nothing_says_so():
    mute = Mute()
    assert mute.was_sent(message()) is None and mute.outcome(message()) is None
    with pytest.raises(channels.Bounced):
        mute.send_code(message())


def test_another_account_has_another_token(stub, monkeypatch):
    chats = [WeChat(url=stub.url, key=KEY, secret=SECRET, template=t) for t in "ab"]
    [chat.send(message(to="x", number=f"n{n}")) for n, chat in enumerate(chats)]
    assert stub.tokens == ["token-1"]
    cache.clear()
    chats[0].send(message(to="x", number="n9"))
    assert stub.tokens == ["token-1", "token-2"]

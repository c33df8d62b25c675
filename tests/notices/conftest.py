"""The providers' stub, and an installation that is set up for it."""

import pytest

from tests.gateways.stub import KEY, SECRET, serving

COMMON = {"key": KEY, "secret": SECRET}
SMS = {"sign": "测试政协", "template": "T1", "code_template": "T2", "app": "1400", "region": "x"}


@pytest.fixture
def outbox(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "outbox"


@pytest.fixture
def stub(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving() as running:
        yield running


@pytest.fixture
def gateways(settings, stub):
    """`gateways("sms", "mail")` sets up these channels, in this order of trying."""
    known = {
        "sms": {"class": "notices.channels.sms.Aliyun", **SMS},
        "tencent": {"class": "notices.channels.sms.Tencent", **SMS},
        "wechat": {"class": "notices.channels.chats.WeChat", "template": "W1"},
        "wecom": {"class": "notices.channels.chats.WeCom", "agent": "7"},
        "dingtalk": {"class": "notices.channels.chats.DingTalk", "agent": "8"},
        "mail": {"class": "notices.channels.mail.Mail"},
    }
    settings.PUBLIC_URL = "https://zx.example.org"
    settings.NOTICE_QUIET = ""

    def set_up(*names):
        made = {}
        for name in names:
            channel = "sms" if name == "tencent" else name
            own = {} if name == "mail" else {**COMMON, "url": stub.url}
            made[channel] = {**known[name], **own}
        settings.NOTICE_GATEWAYS = made
        return stub

    return set_up

"""The channels an installation has, as its environment says."""

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from liaison_portal.gateways import from_environment


@pytest.fixture
def found(monkeypatch):
    def read(**variables):
        monkeypatch.setattr(environ.Env, "ENVIRON", variables)
        return from_environment(environ.Env())

    return read


def test_nothing_is_set_up_by_itself(found):
    assert found() == {}


def test_channels_come_in_the_usual_order(found):
    made = found(
        EMAIL_URL="smtp://localhost",
        SMS_PROVIDER="tencent",
        SMS_KEY="k",
        DINGTALK_APP_KEY="d",
        WECOM_CORP_ID="c",
        WECOM_AGENT_ID="7",
        WECHAT_APP_ID="w",
        WECHAT_URL="https://wechat.internal",
    )
    assert list(made) == ["wechat", "wecom", "dingtalk", "sms", "mail"]
    assert made["wechat"]["url"] == "https://wechat.internal"
    assert (made["wecom"]["key"], made["wecom"]["agent"]) == ("c", "7")
    assert made["sms"]["class"] == "notices.channels.sms.Tencent"
    assert made["sms"]["url"] == "https://sms.tencentcloudapi.com"


def test_an_unknown_provider_is_said(found):
    with pytest.raises(ImproperlyConfigured, match="SMS_PROVIDER"):
        found(SMS_PROVIDER="pigeon")

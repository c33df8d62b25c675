"""Which channels outside the inbox this installation has, read from the environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Text = Callable[..., str]

# Channel → class, the provider's address, and the variable that says that it is set up.
CHATS = {
    "wechat": ("notices.channels.chats.WeChat", "https://api.weixin.qq.com", "APP_ID"),
    "wecom": ("notices.channels.chats.WeCom", "https://qyapi.weixin.qq.com", "CORP_ID"),
    "dingtalk": ("notices.channels.chats.DingTalk", "https://oapi.dingtalk.com", "APP_KEY"),
}
SMS_BY = {
    "aliyun": ("notices.channels.sms.Aliyun", "https://dysmsapi.aliyuncs.com"),
    "tencent": ("notices.channels.sms.Tencent", "https://sms.tencentcloudapi.com"),
    "file": ("notices.channels.files.SmsFiles", ""),
}


def from_environment(env: Any) -> dict[str, dict[str, str]]:
    """`{channel: {"class": dotted path, option: value}}`, in the usual order of trying."""

    def text(name: str, default: str = "") -> str:
        return str(env.str(name, default=default))

    found: dict[str, dict[str, str]] = {}
    for name, (path, url, key) in CHATS.items():
        prefix = name.upper()
        if text(f"{prefix}_{key}"):
            found[name] = {
                "class": path,
                "url": text(f"{prefix}_URL", url),
                "key": text(f"{prefix}_{key}"),
                "secret": text(f"{prefix}_SECRET"),
                "agent": text(f"{prefix}_AGENT_ID"),
                "template": text(f"{prefix}_TEMPLATE"),
            }
    if text("SMS_PROVIDER"):
        found["sms"] = _sms(text)
    if text("EMAIL_URL"):
        found["mail"] = {"class": "notices.channels.mail.Mail"}
    return found


def _sms(text: Text) -> dict[str, str]:
    provider = text("SMS_PROVIDER")
    if provider not in SMS_BY:
        raise ImproperlyConfigured(f"SMS_PROVIDER must be one of {', '.join(SMS_BY)}")
    path, url = SMS_BY[provider]
    return {
        "class": path,
        "url": text("SMS_URL", url),
        "key": text("SMS_KEY"),
        "secret": text("SMS_SECRET"),
        "app": text("SMS_APP_ID"),
        "region": text("SMS_REGION", "ap-guangzhou"),
        "sign": text("SMS_SIGN"),
        "template": text("SMS_TEMPLATE"),
        "code_template": text("SMS_CODE_TEMPLATE"),
    }

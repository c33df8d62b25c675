"""Which channels outside the inbox this installation has, read from the environment."""

from __future__ import annotations

from typing import Any

ALIYUN = "https://dysmsapi.aliyuncs.com"
TENCENT = "https://sms.tencentcloudapi.com"
WECHAT = "https://api.weixin.qq.com"
WECOM = "https://qyapi.weixin.qq.com"
DINGTALK = "https://oapi.dingtalk.com"
SMS_BY = {
    "aliyun": ("notices.channels.sms.Aliyun", ALIYUN),
    "tencent": ("notices.channels.sms.Tencent", TENCENT),
    "file": ("notices.channels.files.SmsFiles", ""),
}


def from_environment(env: Any) -> dict[str, dict[str, str]]:
    """`{channel: {"class": dotted path, option: value}}`, in the usual order of trying."""

    def text(name: str, default: str = "") -> str:
        return str(env.str(name, default=default))

    found: dict[str, dict[str, str]] = {}
    if text("WECHAT_APP_ID"):
        found["wechat"] = {
            "class": "notices.channels.chats.WeChat",
            "url": text("WECHAT_URL", WECHAT),
            "key": text("WECHAT_APP_ID"),
            "secret": text("WECHAT_SECRET"),
            "template": text("WECHAT_TEMPLATE"),
        }
    if text("WECOM_CORP_ID"):
        found["wecom"] = {
            "class": "notices.channels.chats.WeCom",
            "url": text("WECOM_URL", WECOM),
            "key": text("WECOM_CORP_ID"),
            "secret": text("WECOM_SECRET"),
            "agent": text("WECOM_AGENT_ID"),
        }
    if text("DINGTALK_APP_KEY"):
        found["dingtalk"] = {
            "class": "notices.channels.chats.DingTalk",
            "url": text("DINGTALK_URL", DINGTALK),
            "key": text("DINGTALK_APP_KEY"),
            "secret": text("DINGTALK_SECRET"),
            "agent": text("DINGTALK_AGENT_ID"),
        }
    provider = text("SMS_PROVIDER")
    if provider:
        path, url = SMS_BY[provider]
        found["sms"] = {
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
    if text("EMAIL_URL"):
        found["mail"] = {"class": "notices.channels.mail.Mail"}
    return found

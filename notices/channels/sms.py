"""SMS through Aliyun (阿里云短信服务) or Tencent Cloud (腾讯云短信), signed by their third schemes.

Sources: Aliyun "V3 版本请求体&签名机制" (ACS3-HMAC-SHA256), Dysmsapi 2017-05-25 SendSms and
QuerySendDetails; Tencent "签名方法 v3" (TC3-HMAC-SHA256), SMS 2021-01-11 SendSms and
PullSmsSendStatusByPhoneNumber. Both send approved templates only: ours has the variables `office`
and `text` (Tencent: {1}, {2}), that of the code `code` and `minutes`.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils import timezone

from notices.channels.http import ask
from notices.channels.message import Bounced, Message, Unavailable

CODE_MINUTES = 5
LONGEST_TEXT = 150  # signs of the one variable; the signature comes on top


def sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def plain(message: Message) -> str:
    """Our one line without its own 【office】: the template and the signature say who speaks."""
    text = message.text
    if text.startswith("【") and "】" in text:
        text = text.partition("】")[2]
    return text[:LONGEST_TEXT]


class Aliyun:
    VERSION = "2017-05-25"
    BOUNCES = frozenset(
        {
            "isv.MOBILE_NUMBER_ILLEGAL",
            "isv.BLACK_KEY_CONTROL_LIMIT",
            "isv.SMS_CONTENT_ILLEGAL",
            "isv.PARAM_LENGTH_LIMIT",
            "isv.INVALID_PARAMETERS",
        }
    )
    FAILED, ARRIVED = 2, 3  # SendStatus

    def __init__(
        self, *, url: str, key: str, secret: str, sign: str, template: str, code_template: str,
        **_others: str,
    ) -> None:  # fmt: skip
        self.url, self.key, self.secret = url.rstrip("/"), key, secret
        self.sign, self.template, self.code_template = sign, template, code_template

    def send(self, message: Message) -> str:
        given = {"office": message.office, "text": plain(message)}
        return self._send(message, self.template, given)

    def send_code(self, message: Message) -> str:
        given = {"code": message.text, "minutes": str(CODE_MINUTES)}
        return self._send(message, self.code_template, given)

    def _send(self, message: Message, template: str, given: dict[str, str]) -> str:
        answer = self.call(
            "SendSms",
            {
                "PhoneNumbers": message.to,
                "SignName": self.sign,
                "TemplateCode": template,
                "TemplateParam": json.dumps(given, ensure_ascii=False),
                "OutId": message.number,
            },
        )
        code = str(answer.get("Code", ""))
        if code == "OK":
            return str(answer.get("BizId", ""))
        raise Bounced(code) if code in self.BOUNCES else Unavailable(code)

    def was_sent(self, message: Message) -> str | None:
        found = self._detail(message)
        return f"OutId {message.number}" if found else None

    def outcome(self, message: Message) -> bool | None:
        status = (self._detail(message) or {}).get("SendStatus")
        return {self.FAILED: False, self.ARRIVED: True}.get(status)  # type: ignore[arg-type]

    def _detail(self, message: Message) -> dict[str, Any] | None:
        """What the provider knows of our number; it keeps messages by phone and day."""
        day = timezone.localdate(message.begun_at)
        for page in range(1, 4):
            answer = self.call(
                "QuerySendDetails",
                {
                    "PhoneNumber": message.to,
                    "SendDate": f"{day:%Y%m%d}",
                    "PageSize": "50",
                    "CurrentPage": str(page),
                },
            )
            if answer.get("Code") != "OK":
                raise Unavailable(str(answer.get("Code", "")))
            rows = (answer.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
            for row in rows:
                if row.get("OutId") == message.number:
                    return row
            if len(rows) < 50:
                break
        return None

    def call(self, action: str, given: dict[str, str]) -> dict[str, Any]:
        now = timezone.now().astimezone(datetime.UTC)
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "host": urlsplit(self.url).netloc,
            "x-acs-action": action,
            "x-acs-version": self.VERSION,
            "x-acs-date": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-content-sha256": sha256(""),
        }
        query = acs3_query(given)
        signed = acs3(self.key, self.secret, query, headers)
        url = f"{self.url}/?{query}"
        return ask(url, body=b"", headers={**headers, "Authorization": signed})


def acs3_query(given: dict[str, str]) -> str:
    pairs = sorted(given.items())
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)


def acs3(key: str, secret: str, query: str, headers: dict[str, str]) -> str:
    """The Authorization header of a POST to `/` without a body."""
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    listed = ";".join(names)
    request = "\n".join(["POST", "/", query, lines, listed, headers["x-acs-content-sha256"]])
    signature = mac(secret.encode(), f"ACS3-HMAC-SHA256\n{sha256(request)}").hex()
    return f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={listed},Signature={signature}"


class Tencent:
    VERSION, SERVICE = "2021-01-11", "sms"
    BOUNCES = (
        "FailedOperation.PhoneNumberInBlacklist",
        "FailedOperation.ContainSensitiveWord",
        "InvalidParameterValue.IncorrectPhoneNumber",
        "InvalidParameterValue.TemplateParameter",
        "UnsupportedOperation.UnsupportedRegion",
    )

    def __init__(
        self, *, url: str, key: str, secret: str, app: str, region: str, sign: str, template: str,
        code_template: str, **_others: str,
    ) -> None:  # fmt: skip
        self.url, self.key, self.secret = url.rstrip("/"), key, secret
        self.app, self.region, self.sign = app, region, sign
        self.template, self.code_template = template, code_template

    def send(self, message: Message) -> str:
        return self._send(message, self.template, [message.office, plain(message)])

    def send_code(self, message: Message) -> str:
        return self._send(message, self.code_template, [message.text, str(CODE_MINUTES)])

    def _send(self, message: Message, template: str, given: list[str]) -> str:
        answer = self.call(
            "SendSms",
            {
                "PhoneNumberSet": [f"+86{message.to}"],
                "SmsSdkAppId": self.app,
                "SignName": self.sign,
                "TemplateId": template,
                "TemplateParamSet": given,
                "SessionContext": message.number,
            },
        )
        status = (answer.get("SendStatusSet") or [{}])[0]
        code = str(status.get("Code", ""))
        if code == "Ok":
            return str(status.get("SerialNo", ""))
        raise Bounced(code) if code.startswith(self.BOUNCES) else Unavailable(code)

    def was_sent(self, message: Message) -> str | None:
        found = self._status(message)
        return str(found.get("SerialNo", "")) if found else None

    def outcome(self, message: Message) -> bool | None:
        said = (self._status(message) or {}).get("ReportStatus")
        return {"FAIL": False, "SUCCESS": True}.get(str(said))

    def _status(self, message: Message) -> dict[str, Any] | None:
        begun = int(message.begun_at.timestamp())
        answer = self.call(
            "PullSmsSendStatusByPhoneNumber",
            {
                "BeginTime": begun - 60,
                "EndTime": int(timezone.now().timestamp()),
                "Offset": 0,
                "Limit": 100,
                "PhoneNumber": f"+86{message.to}",
                "SmsSdkAppId": self.app,
            },
        )
        rows = answer.get("PullSmsSendStatusSet") or []
        return next((row for row in rows if row.get("SessionContext") == message.number), None)

    def call(self, action: str, content: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(content)
        host, at = urlsplit(self.url).netloc, int(timezone.now().timestamp())
        signed = tc3(self.key, self.secret, host, self.SERVICE, body, at)
        headers = {
            "Authorization": signed,
            "Content-Type": TC3_TYPE,
            "Host": host,
            "X-TC-Action": action,
            "X-TC-Timestamp": str(at),
            "X-TC-Version": self.VERSION,
            "X-TC-Region": self.region,
        }
        answer = ask(f"{self.url}/", body=body.encode(), headers=headers).get("Response") or {}
        if "Error" in answer:
            raise Unavailable(str(answer["Error"].get("Code", "")))
        return answer


TC3_TYPE = "application/json; charset=utf-8"


def tc3(key: str, secret: str, host: str, service: str, body: str, at: int) -> str:
    """The Authorization header of a POST of JSON to `/` at a moment (seconds since 1970)."""
    day = datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y-%m-%d")
    signed = "content-type;host"
    lines = f"content-type:{TC3_TYPE}\nhost:{host}\n"
    request = "\n".join(["POST", "/", "", lines, signed, sha256(body)])
    scope = f"{day}/{service}/tc3_request"
    text = "\n".join(["TC3-HMAC-SHA256", str(at), scope, sha256(request)])
    derived = mac(mac(mac(f"TC3{secret}".encode(), day), service), "tc3_request")
    signature = mac(derived, text).hex()
    return (
        f"TC3-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={signed}, Signature={signature}"
    )

"""A local server that stands for the providers: it checks requests as they document them.

What it accepts is kept before it answers, as at a real provider whose answer is lost. `told` are
the accepted messages in order. It knows Aliyun SMS, Tencent SMS, WeChat, WeCom and DingTalk, and
speaks none of the portal's own code.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

KEY, SECRET = "stub-key", "stub-secret"


@dataclass(frozen=True)
class Told:
    """One message that a provider took: `number` is the sender's own, as far as it knows one."""

    provider: str
    to: str
    number: str
    content: Any


@dataclass
class Stub:
    port: int = 0
    delay: float = 0  # seconds between taking a message and saying so
    told: list[Told] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    refuse: dict[str, Any] = field(default_factory=dict)  # recipient → the provider's own code
    lost: set[str] = field(default_factory=set)  # recipients an SMS does not arrive at
    broken: list[int] = field(default_factory=list)  # HTTP statuses of the next answers
    wrong: list[str] = field(default_factory=list)  # what was wrong with a request
    tokens: list[str] = field(default_factory=list)
    open: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def numbers(self) -> list[str]:
        with self.lock:
            return [one.number for one in self.told]

    def take(self, told: Told) -> None:
        with self.lock:
            self.told.append(told)

    def knows(self, provider: str, to: str) -> list[Told]:
        with self.lock:
            return [one for one in self.told if (one.provider, one.to) == (provider, to)]


@contextmanager
def serving(port: int = 0) -> Iterator[Stub]:
    stub = Stub()

    class Handler(_Handler):
        pass

    Handler.stub = stub
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    stub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    stub: Stub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        """Nothing on the console of a test."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        self.query = dict(parse_qsl(address.query, keep_blank_values=True))
        with self.stub.lock:
            self.stub.open += 1
            status = self.stub.broken.pop(0) if self.stub.broken else 200
        try:
            said = self._say(address.path, address.query) if status == 200 else {"sorry": status}
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever asked has died
        finally:
            with self.stub.lock:
                self.stub.open -= 1

    def _say(self, path: str, query: str) -> Any:
        if self.headers.get("x-acs-action"):
            return self._aliyun(query)
        if self.headers.get("X-TC-Action"):
            return self._tencent()
        self.stub.asked[path] += 1
        ways = {
            "/cgi-bin/stable_token": self._token_posted,
            "/cgi-bin/gettoken": lambda: self._token("corpid", "corpsecret"),
            "/gettoken": lambda: self._token("appkey", "appsecret"),
            "/cgi-bin/message/template/send": self._wechat,
            "/cgi-bin/message/send": self._wecom,
            "/topapi/message/corpconversation/asyncsend_v2": self._dingtalk,
        }
        return ways[path]() if path in ways else self._wrong(f"no such path {path}", 404)

    def _wrong(self, what: str, code: Any) -> Any:
        self.stub.wrong.append(what)
        return {"errcode": code, "Code": code}

    # SMS

    def _aliyun(self, query: str) -> Any:
        action = self.headers["x-acs-action"]
        self.stub.asked[action] += 1
        names = self.headers["Authorization"].partition("SignedHeaders=")[2].split(",")[0]
        lines = "".join(f"{name}:{self.headers[name]}\n" for name in names.split(";"))
        pairs = sorted(parse_qsl(query, keep_blank_values=True))
        spelt = "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in pairs)
        body = hashlib.sha256(self.raw).hexdigest()
        canonical = f"{self.command}\n/\n{spelt}\n{lines}\n{names}\n{body}"
        text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        expected = f"ACS3-HMAC-SHA256 Credential={KEY},SignedHeaders={names},Signature={signature}"
        must = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-content-sha256"}
        must |= {"x-acs-signature-nonce"}
        if self.headers["Authorization"] != expected or not must <= set(names.split(";")):
            return self._wrong("Aliyun signature", "SignatureDoesNotMatch")
        return self._aliyun_send() if action == "SendSms" else self._aliyun_details()

    def _aliyun_send(self) -> Any:
        given = self.query
        if refusal := self.stub.refuse.get(given["PhoneNumbers"]):
            return {"Code": refusal, "Message": "refused", "RequestId": "r"}
        content = given["TemplateCode"], json.loads(given["TemplateParam"]), given["SignName"]
        self.stub.take(Told("aliyun", given["PhoneNumbers"], given["OutId"], content))
        time.sleep(self.stub.delay)
        return {"Code": "OK", "Message": "OK", "BizId": f"biz-{given['OutId']}", "RequestId": "r"}

    def _aliyun_details(self) -> Any:
        told = self.stub.knows("aliyun", self.query["PhoneNumber"])
        arrived = 2 if self.query["PhoneNumber"] in self.stub.lost else 3
        size, page = int(self.query["PageSize"]), int(self.query["CurrentPage"])
        rows = [{"OutId": one.number, "SendStatus": arrived} for one in told]
        shown = rows[size * (page - 1) : size * page]
        rows_in = {"SmsSendDetailDTO": shown}
        return {"Code": "OK", "TotalCount": len(rows), "SmsSendDetailDTOs": rows_in}

    def _tencent(self) -> Any:
        action = self.headers["X-TC-Action"]
        self.stub.asked[action] += 1
        at = int(self.headers["X-TC-Timestamp"])
        day = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
        lines = f"content-type:{self.headers['Content-Type']}\nhost:{self.headers['Host']}\n"
        body = hashlib.sha256(self.raw).hexdigest()
        canonical = f"POST\n/\n\n{lines}\ncontent-type;host\n{body}"
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"TC3-HMAC-SHA256\n{at}\n{day}/sms/tc3_request\n{hashed}"
        key = f"TC3{SECRET}".encode()
        for part in (day, "sms", "tc3_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        if not self.headers["Authorization"].endswith(f"Signature={signature}"):
            self.stub.wrong.append("Tencent signature")
            return {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure"}}}
        content = json.loads(self.raw)
        if action == "PullSmsSendStatusByPhoneNumber":
            to = content["PhoneNumber"]
            said = "FAIL" if to in self.stub.lost else "SUCCESS"
            rows = [
                {"SessionContext": one.number, "SerialNo": f"no-{one.number}", "ReportStatus": said}
                for one in self.stub.knows("tencent", to)
            ]
            return {"Response": {"PullSmsSendStatusSet": rows, "RequestId": "r"}}
        to, number = content["PhoneNumberSet"][0], content["SessionContext"]
        if refusal := self.stub.refuse.get(to):
            return {"Response": {"SendStatusSet": [{"Code": refusal, "SerialNo": ""}]}}
        self.stub.take(Told("tencent", to, number, content["TemplateParamSet"]))
        time.sleep(self.stub.delay)
        status = {"Code": "Ok", "SerialNo": f"no-{number}", "PhoneNumber": to}
        return {"Response": {"SendStatusSet": [status], "RequestId": "r"}}

    # Chats

    def _token_posted(self) -> Any:
        given = json.loads(self.raw)
        if given["grant_type"] != "client_credential":
            return self._wrong("grant_type", 40002)
        return self._new_token(given["appid"], given["secret"])

    def _token(self, key: str, secret: str) -> Any:
        return self._new_token(self.query[key], self.query[secret])

    def _new_token(self, key: str, secret: str) -> Any:
        if (key, secret) != (KEY, SECRET):
            return self._wrong("secret", 40001)
        self.stub.tokens.append(f"token-{len(self.stub.tokens) + 1}")
        token = self.stub.tokens[-1]
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200}

    def _is_stale(self) -> bool:
        return self.query.get("access_token") != (self.stub.tokens or [""])[-1]

    def _wechat(self) -> Any:
        given = json.loads(self.raw)
        if self._is_stale():
            return {"errcode": 40001, "errmsg": "invalid credential"}
        if refusal := self.stub.refuse.get(given["touser"]):
            return {"errcode": refusal, "errmsg": "refused"}
        number = given["client_msg_id"]
        known = [one.number for one in self.stub.knows("wechat", given["touser"])]
        if number not in known:
            content = given["template_id"], given["url"], given["data"]
            self.stub.take(Told("wechat", given["touser"], number, content))
        return {"errcode": 0, "errmsg": "ok", "msgid": 200 + len(self.stub.told)}

    def _wecom(self) -> Any:
        given = json.loads(self.raw)
        if self._is_stale():
            return {"errcode": 42001, "errmsg": "access_token expired"}
        if refusal := self.stub.refuse.get(given["touser"]):
            if refusal == "invalid":
                return {"errcode": 0, "errmsg": "ok", "invaliduser": given["touser"]}
            return {"errcode": refusal, "errmsg": "refused"}
        content = given["agentid"], given["textcard"]
        known = [one.content for one in self.stub.knows("wecom", given["touser"])]
        if not (given["enable_duplicate_check"] and content in known):
            self.stub.take(Told("wecom", given["touser"], "", content))
        return {"errcode": 0, "errmsg": "ok", "msgid": f"m{len(self.stub.told)}"}

    def _dingtalk(self) -> Any:
        given = json.loads(self.raw)
        if self._is_stale():
            return {"errcode": 40014, "errmsg": "invalid token"}
        if refusal := self.stub.refuse.get(given["userid_list"]):
            return {"errcode": refusal, "errmsg": "refused"}
        content = given["agent_id"], given["msg"]
        known = [one.content for one in self.stub.knows("dingtalk", given["userid_list"])]
        if content not in known:  # the same words reach one person once a day
            self.stub.take(Told("dingtalk", given["userid_list"], "", content))
        return {"errcode": 0, "errmsg": "ok", "task_id": 256271667526}

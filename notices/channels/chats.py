"""WeChat service account (微信服务号), WeCom (企业微信) and DingTalk (钉钉).

Each wants an access token that lasts two hours; it lies in the cache and is fetched anew when the
provider says that it no longer holds. Sources: WeChat "获取稳定版接口调用凭据" and "发送模板消息"
(`client_msg_id` keeps a second sending of ten minutes apart), WeCom "发送应用消息"
(`enable_duplicate_check`), DingTalk "发送工作通知" (the same words reach one person once a day).
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import cache

from notices.channels.http import ask, post_json
from notices.channels.message import Bounced, Message, Mute, Unavailable

STALE_TOKEN = frozenset({40001, 40014, 42001})
EARLIER = 200  # seconds before it ends a token is no longer used


class WithToken(Mute):
    """`_fetch` asks for a token, `_call` sends with it; a stale token is fetched anew once."""

    name = ""
    bounces: frozenset[int] = frozenset()

    def __init__(self, *, url: str, key: str, secret: str, **others: str) -> None:
        self.url, self.key, self.secret = url.rstrip("/"), key, secret
        self.options = others

    def send(self, message: Message) -> str:
        answer = self._call(message, self._token())
        if answer.get("errcode") in STALE_TOKEN:
            answer = self._call(message, self._token(anew=True))
        code = answer.get("errcode")
        if code != 0:
            reason = f"errcode {code}"
            raise Bounced(reason) if code in self.bounces else Unavailable(reason)
        return self._number(answer)

    def _token(self, *, anew: bool = False) -> str:
        # Another account or another secret is another token.
        mark = hashlib.sha256(f"{self.url}\n{self.key}\n{self.secret}".encode()).hexdigest()
        kept = f"notices:{self.name}:{mark[:32]}"
        token = None if anew else cache.get(kept)
        if token:
            return str(token)
        answer = self._fetch()
        if not answer.get("access_token"):
            raise Unavailable(f"token errcode {answer.get('errcode')}")
        lasts = int(answer.get("expires_in") or 7200)
        cache.set(kept, answer["access_token"], max(lasts - EARLIER, 60))
        return str(answer["access_token"])

    def _fetch(self) -> dict[str, Any]:
        raise NotImplementedError

    def _call(self, message: Message, token: str) -> dict[str, Any]:
        raise NotImplementedError

    def _number(self, answer: dict[str, Any]) -> str:
        return str(answer.get("msgid", ""))


class WeChat(WithToken):
    name = "wechat"
    bounces = frozenset({40003, 43004, 43101, 43116})  # no such person, not following, refused

    def _fetch(self) -> dict[str, Any]:
        given = {"grant_type": "client_credential", "appid": self.key, "secret": self.secret}
        return post_json(f"{self.url}/cgi-bin/stable_token", given)

    def _call(self, message: Message, token: str) -> dict[str, Any]:
        return post_json(
            f"{self.url}/cgi-bin/message/template/send",
            {
                "touser": message.to,
                "template_id": self.options.get("template", ""),
                "url": message.url,
                "client_msg_id": message.number,
                # The fields of a template of the kind 事项通知; a value holds at most 20 signs.
                "data": {
                    "thing1": {"value": message.office[:20]},
                    "thing2": {"value": message.title[:20]},
                },
            },
            query={"access_token": token},
        )


class WeCom(WithToken):
    name = "wecom"
    bounces = frozenset({60111, 81013, 301002})  # unknown person, outside what the app may see

    def _fetch(self) -> dict[str, Any]:
        query = {"corpid": self.key, "corpsecret": self.secret}
        return ask(f"{self.url}/cgi-bin/gettoken", query=query)

    def _call(self, message: Message, token: str) -> dict[str, Any]:
        card = {"title": message.title, "description": message.text, "url": message.url}
        return post_json(
            f"{self.url}/cgi-bin/message/send",
            {
                "touser": message.to,
                "msgtype": "textcard",
                "agentid": int(self.options.get("agent") or 0),
                "textcard": card,
                "enable_duplicate_check": 1,
                "duplicate_check_interval": 3600,
            },
            query={"access_token": token},
        )

    def _number(self, answer: dict[str, Any]) -> str:
        if answer.get("invaliduser"):
            raise Bounced("invaliduser")
        return super()._number(answer)


class DingTalk(WithToken):
    name = "dingtalk"
    bounces = frozenset({33012, 60121, 40031, 400033})  # an unknown person

    def _fetch(self) -> dict[str, Any]:
        query = {"appkey": self.key, "appsecret": self.secret}
        return ask(f"{self.url}/gettoken", query=query)

    def _call(self, message: Message, token: str) -> dict[str, Any]:
        card = {
            "title": message.title,
            "markdown": message.text,
            "single_title": "查看",
            "single_url": message.url,
        }
        return post_json(
            f"{self.url}/topapi/message/corpconversation/asyncsend_v2",
            {
                "agent_id": int(self.options.get("agent") or 0),
                "userid_list": message.to,
                "msg": {"msgtype": "action_card", "action_card": card},
            },
            query={"access_token": token},
        )

    def _number(self, answer: dict[str, Any]) -> str:
        return str(answer.get("task_id", ""))

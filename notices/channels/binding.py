"""Who somebody is to the service account: WeChat's web authorisation (网页授权, snsapi_base).

The person opens our link inside WeChat; WeChat sends the browser back with a code, which is
exchanged for the openid. Source: 微信开放文档“网页授权”.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings

from notices.channels.http import ask
from notices.channels.message import Bounced
from notices.models.delivery import Channel

AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"


def authorize_url(back: str, state: str) -> str:
    query = {
        "appid": settings.NOTICE_GATEWAYS[Channel.WECHAT]["key"],
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
    }
    return f"{AUTHORIZE}?{urlencode(query)}#wechat_redirect"


def openid_of(code: str) -> str:
    """Bounced for a code that WeChat does not know; Unavailable while it is away."""
    options = settings.NOTICE_GATEWAYS[Channel.WECHAT]
    query = {
        "appid": options["key"],
        "secret": options["secret"],
        "code": code,
        "grant_type": "authorization_code",
    }
    answer = ask(f"{options['url'].rstrip('/')}/sns/oauth2/access_token", query=query)
    if not answer.get("openid"):
        raise Bounced(f"errcode {answer.get('errcode')}")
    return str(answer["openid"])

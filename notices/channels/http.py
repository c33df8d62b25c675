"""One JSON answer from a provider, within ten seconds; everything else is Unavailable."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

from notices.channels.message import Unavailable

SECONDS = 10
MOST_BYTES = 1_000_000


def ask(
    url: str,
    *,
    query: dict[str, str] | None = None,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    method: str = "",
) -> dict[str, Any]:
    """The object that was answered, whatever the status; nothing of it or of the address in errors.

    Addresses hold tokens, so an error names the host only.
    """
    address = f"{url}?{urlencode(query)}" if query else url
    verb = method or ("POST" if body is not None else "GET")
    request = urllib.request.Request(address, data=body, headers=headers or {}, method=verb)
    try:
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                raw = answer.read(MOST_BYTES)
        except urllib.error.HTTPError as refusal:  # providers explain themselves in its body
            with refusal:
                raw = refusal.read(MOST_BYTES)
                if refusal.code >= 500:
                    raise Unavailable(f"HTTP {refusal.code}") from refusal
        found = json.loads(raw)
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(type(error).__name__) from error
    except ValueError as error:
        raise Unavailable("no JSON") from error
    if not isinstance(found, dict):
        raise Unavailable("no JSON object")
    return found


def post_json(
    url: str, content: dict[str, Any], *, query: dict[str, str] | None = None
) -> dict[str, Any]:
    return ask(
        url,
        query=query,
        body=json.dumps(content, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )

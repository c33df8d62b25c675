"""What a resident does, for tests: opens a room's form and sends it, with or without JavaScript."""

from __future__ import annotations

import re
import time
from itertools import count
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.test import Client

from workrooms.form_tokens import SALT, FormToken
from workrooms.models import RoomCode
from workrooms.proof_of_work import work

BITS = 8  # what the tests' limit asks for
SAID = "人民路菜场东门外没有路灯。"


def token_of(room: Any, *, ago: float = 60.0) -> str:
    """A form's token as if the form had been opened so many seconds ago."""
    stamp = signing.b62_encode(int(time.time() - ago))
    return signing.Signer(salt=SALT).sign(f"nonce{next(_numbers)}.{room.pk}:{stamp}")


_numbers = count(1)


def nonce_of(token: str) -> str:
    return token.split(".")[0]


def filled(room: Any, *, is_proven: bool = True, ago: float = 60.0, **over: Any) -> dict[str, Any]:
    """What the form sends; `token=`, `said=` … as given."""
    token = over.pop("token", None) or token_of(room, ago=ago)
    given = {"said": SAID, "token": token}
    if is_proven:
        given["proof"] = work(nonce_of(token), bits=BITS)
    return given | over


def answer_of(token: str, room: Any) -> str:
    return str(sum(FormToken(nonce_of(token), room.pk)._addends))


def code_of(room: Any) -> str:
    return RoomCode.objects.live().get(workroom=room).code


def send(client: Client, room: Any, data: dict[str, Any], **extra: Any) -> HttpResponse:
    return client.post(f"/q/{code_of(room)}/tell", data, **extra)


def number_in(answer: HttpResponse) -> str:
    """The receipt number that stands on the page, in fours; "" where there is none."""
    found = re.search(
        r'class="receipt-number num" translate="no">([\d ]+)<', answer.content.decode()
    )
    return found[1] if found else ""

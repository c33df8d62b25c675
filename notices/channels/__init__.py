"""Channels outside the inbox: each takes a message and a person's address there.

A channel is a class made from the options of `settings.NOTICE_GATEWAYS`. `send` returns the
provider's own number; it raises `Bounced` where this person or text is refused for good, and
`Unavailable` where trying again later makes sense. `was_sent` asks the provider, where it can be
asked, whether our number arrived; `outcome` what became of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from notices.channels.message import Bounced, Message, Unavailable
from notices.models.delivery import Channel

__all__ = ["Bounced", "Gateway", "Message", "Unavailable", "enabled", "gateway"]


class Gateway(Protocol):
    def send(self, message: Message) -> str: ...

    def send_code(self, message: Message) -> str: ...

    def was_sent(self, message: Message) -> str | None:
        """The provider's number if it has ours, else None: never sent, or it cannot be asked."""

    def outcome(self, message: Message) -> bool | None:
        """True: arrived; False: it did not; None: not known (yet)."""


def enabled() -> tuple[str, ...]:
    """The channels of this installation, in the usual order of trying; without any, files."""
    return tuple(settings.NOTICE_GATEWAYS) or (Channel.FILE.value,)


def gateway(channel: str) -> Gateway:
    options = settings.NOTICE_GATEWAYS.get(channel, {"class": "notices.channels.files.Files"})
    return _made(channel, tuple(sorted(options.items())))


@lru_cache(maxsize=16)
def _made(channel: str, options: tuple[tuple[str, str], ...]) -> Gateway:
    given: dict[str, Any] = dict(options)
    return import_string(given.pop("class"))(**given)

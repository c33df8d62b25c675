"""What a channel is given, and how it says no."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


class Bounced(Exception):
    """Refused for good: this person is not reached here, or not by this text."""


class Unavailable(Exception):
    """Not now: the provider is away, busy, or refuses the installation as a whole."""


@dataclass(frozen=True, slots=True)
class Message:
    """`number` is ours and the same for every try; `to` the person's address on the channel.

    `text` is one line without anything internal, `letter` plain text of several lines, `url`
    the absolute address of the thing itself.
    """

    number: str
    to: str
    office: str
    title: str
    text: str
    letter: str
    url: str
    begun_at: datetime.datetime


class Mute:
    """A channel whose provider can be asked nothing."""

    def was_sent(self, message: Message) -> str | None:
        return None

    def outcome(self, message: Message) -> bool | None:
        return None

    def send_code(self, message: Message) -> str:
        raise Bounced("no codes on this channel")

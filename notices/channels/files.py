"""Without a gateway: a folder of files. Each message is one file named by our number.

So writing it twice leaves one file. It appears whole or not at all, is readable by the portal's own
account only, and names the recipient by id: phone numbers do not leave the sealed field.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings

from notices.channels.message import Message, Mute, Unavailable


def outbox() -> Path:
    return Path(settings.VAR_DIR) / "outbox"


class Files(Mute):
    def __init__(self, **_options: str) -> None:
        """The options of a gateway mean nothing here."""

    def send(self, message: Message) -> str:
        return write(message.number, letter_of(message))


class SmsFiles(Files):
    """SMS_PROVIDER=file: for trying out, with the codes for signing in."""

    def send_code(self, message: Message) -> str:
        return write(f"code-{message.number}", f"Number: {message.number}\n\n{message.text}\n")


def letter_of(message: Message) -> str:
    """Made from the message alone, so that a second writing gives the same file."""
    head = f"To: {message.to}\nNumber: {message.number}\nLink: {message.url}"
    return f"{head}\n\n[SMS]\n{message.text}\n\n[MAIL]\n{message.title}\n\n{message.letter}\n"


def write(name: str, text: str) -> str:
    """The file's name; Unavailable when the folder cannot take it."""
    folder = outbox()
    draft = ""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(draft).replace(folder / f"{name}.txt")
    except OSError as error:
        if draft:
            Path(draft).unlink(missing_ok=True)
        raise Unavailable(f"{type(error).__name__} {error.errno}") from error
    return f"{name}.txt"

"""Where notices go besides the inbox. In this release: a folder of files, and nothing else.

Each notice becomes one file named by its id, `outbox/<id>.txt`, so that writing it twice leaves one
file. Real senders (SMS, WeChat, mail) take the place of `send` and keep the same promise by
giving the id as their own message id.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings

from notices.models import Notice


def outbox() -> Path:
    return Path(settings.VAR_DIR) / "outbox"


def send(notice: Notice) -> Path:
    """Write the SMS and mail texts; OSError when the folder cannot take them.

    The file appears whole or not at all. It is readable by the portal's own account only, and names
    the recipient by id: phone numbers do not leave the sealed field.
    """
    folder = outbox()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{notice.pk}.txt"
    handle, draft = tempfile.mkstemp(dir=folder, prefix=f".{notice.pk}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_letter(notice))
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return target


def _letter(notice: Notice) -> str:
    """Made from the row alone, so that a second writing gives the same file."""
    head = [f"To: user {notice.recipient_id}", f"Kind: {notice.kind}", f"Key: {notice.key}"]
    head.append(f"Path: {notice.path}")
    parts = ["\n".join(head), f"[SMS]\n{notice.sms}", f"[MAIL]\n{notice.title}\n\n{notice.mail}"]
    return "\n\n".join(parts) + "\n"

"""Secrets: from the environment, else made once and kept beside the data, never in it."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from liaison_portal.local.folders import account, hand_over, prepare_var, var_dir
from liaison_portal.local.refusal import Refusal
from liaison_portal.local.urls import is_testing, private_urls


def _signing_key() -> str:
    return secrets.token_urlsafe(50)


def _sealing_keys() -> str:
    """One AES-256 key in the form `id:base64`; a later key is put in front with a comma."""
    return f"k{secrets.token_hex(3)}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


MAKERS: dict[str, Callable[[], str]] = {"SECRET_KEY": _signing_key, "SEALING_KEYS": _sealing_keys}


def is_production() -> bool:
    """Whether somebody pointed the code at a real server or a public address."""
    if is_testing():
        return False
    given = os.environ.get("DATABASE_URL")
    return bool(os.environ.get("PUBLIC_URL")) or bool(given and given not in private_urls())


def secret(name: str) -> str:
    """The secret of this name (`SECRET_KEY` or `SEALING_KEYS`).

    Raises Refusal in production when the environment does not give it: a key made on the fly
    would differ between two web servers and be lost with the machine.
    """
    if given := os.environ.get(name):
        return given
    if is_production():
        raise Refusal(
            f"正式运行必须设置环境变量 {name}（见 .env.example）。",
            f"{name} is not set. With DATABASE_URL or PUBLIC_URL given it must come from the "
            "environment; .env.example says how to make one.",
        )
    path = var_dir() / "keys" / name.lower().replace("_", "-")
    with contextlib.suppress(FileNotFoundError):
        return _read(path)
    prepare_var()
    _write_once(path, MAKERS[name]())
    return _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except PermissionError as error:
        raise Refusal(
            f"不能读取密钥文件 {path}：它属于其他用户。请用启动平台的同一用户运行。",
            f"Cannot read the key file {path}; run this as the user who started the portal.",
        ) from error


def _write_once(path: Path, text: str) -> None:
    """Write a 0600 file that appears whole or not at all; the first of two writers wins."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        hand_over(draft, account())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()

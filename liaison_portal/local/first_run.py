"""The one-time code that opens the first-run page; only its hash is kept."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets

from liaison_portal.local.folders import account, hand_over, prepare_var, var_dir

# Letters and digits that cannot be mistaken for one another when read from a screen.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP_LENGTH = 3, 4
FILE = "first-run-code"


def make_first_run_code() -> str:
    """A new code like `7KQF-2M9X-RB4T` (60 random bits); it replaces any earlier one."""
    code = "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )
    salt = secrets.token_bytes(16)
    path = prepare_var() / FILE
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{salt.hex()}:{_digest(code, salt).hex()}\n")
    hand_over(draft, account())
    draft.replace(path)
    return code


def check_first_run_code(code: str) -> bool:
    """Whether this is the code last made; case, spaces and hyphens do not matter."""
    try:
        salt, _, stored = (var_dir() / FILE).read_text().strip().partition(":")
    except OSError:
        return False
    return hmac.compare_digest(_digest(code, bytes.fromhex(salt)).hex(), stored)


def forget_first_run_code() -> None:
    """Call once the first committee stands: the code never opens anything again."""
    with contextlib.suppress(FileNotFoundError):
        (var_dir() / FILE).unlink()


def _digest(code: str, salt: bytes) -> bytes:
    plain = "".join(ch for ch in code.upper() if ch.isalnum())
    return hashlib.scrypt(plain.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)

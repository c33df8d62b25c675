"""The portal's own folders: data below LIAISON_VAR, sockets in a short closed folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from pathlib import Path

from liaison_portal.local.account import Account, servers_account
from liaison_portal.local.refusal import Refusal

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT_DATA = Path("/var/lib/liaison-portal")
FREE_BYTES_NEEDED = 300 * 1024 * 1024
MARKER = ".liaison-portal"
SUBFOLDERS = ("keys", "logs", "run", "media")
# Made and owned by the servers themselves; nothing to hand over there.
SERVER_FOLDERS = frozenset({"database", "tests", "broker", "programs"})
STATIC = "static"


def _tag(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def var_dir() -> Path:
    """The absolute folder for data, keys and logs; it need not exist yet.

    `LIAISON_VAR` if given; for root a closed folder below /var/lib, because the unprivileged
    servers could not reach into root's home; else `var/` in the checkout.
    """
    if given := os.environ.get("LIAISON_VAR"):
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return ROOT_DATA / _tag(CHECKOUT)
    return CHECKOUT / "var"


def run_dir() -> Path:
    """The absolute folder for sockets: short, since a socket's path ends at 107 bytes."""
    if given := os.environ.get("LIAISON_RUN"):  # set by the launcher for its own children
        return Path(given)
    var = var_dir()
    if os.geteuid() == 0:
        return Path("/run") / f"liaison-portal-{_tag(var)}"
    return Path("/tmp") / f"liaison-portal-{os.geteuid()}-{_tag(var)}"


def account() -> Account | None:
    """Whom root's servers run as; None when we are an ordinary user already."""
    return servers_account(var_dir())


def prepare_var() -> Path:
    """Make the data folder and its parts, closed to others; refuse what is not ours to use."""
    var, owner = var_dir(), account()
    try:
        if var.is_relative_to(ROOT_DATA):
            ROOT_DATA.mkdir(mode=0o711, parents=True, exist_ok=True)
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        _claim(var, owner)
        for name in SUBFOLDERS:
            folder = var / name
            if not folder.is_dir():
                folder.mkdir(mode=0o700)
                hand_over(folder, owner)
    except PermissionError as error:
        raise Refusal(
            f"不能写入数据目录 {var}。请用环境变量 LIAISON_VAR 指定一个可写的目录。",
            f"Cannot write to the data folder {var} ({error.strerror}); point LIAISON_VAR at a "
            "folder you may write to.",
        ) from error
    if owner and not owner.may(var, os.R_OK | os.W_OK | os.X_OK):
        raise Refusal(
            f"数据目录 {var} 的上级目录不允许用户 {owner.name} 进入。请把 LIAISON_VAR 指到别处。",
            f"The database runs as the unprivileged user {owner.name}, who cannot reach {var}. "
            "Point LIAISON_VAR at a folder whose parents others may enter, or leave it unset.",
        )
    return var


def _claim(var: Path, owner: Account | None) -> None:
    """Mark the folder as the portal's; an unmarked folder with other things in it is left alone."""
    marker = var / MARKER
    if marker.exists():
        return
    ours = {*SUBFOLDERS, *SERVER_FOLDERS, STATIC}
    if any(entry.name not in ours for entry in var.iterdir()):
        raise Refusal(
            f"目录 {var} 里已有其他内容。请把 LIAISON_VAR 指到一个空目录。",
            f"The folder {var} holds other things; point LIAISON_VAR at an empty or new folder.",
        )
    marker.touch(mode=0o600)
    var.chmod(0o700)
    hand_over(var, owner)
    hand_over(marker, owner)


def hand_over(path: Path, owner: Account | None) -> None:
    """Give a file made by root to the unprivileged user; nothing to do for anybody else."""
    if owner:
        os.chown(path, owner.uid, owner.gid, follow_symlinks=False)


def hand_over_all() -> None:
    """Give everything root wrote below the data folder to the unprivileged user."""
    var, owner = var_dir(), account()
    if not owner or not (var / MARKER).exists():
        return
    for folder, subfolders, files in os.walk(var):
        if Path(folder) == var:
            subfolders[:] = [name for name in subfolders if name not in SERVER_FOLDERS]
        for name in (*subfolders, *files):
            path = Path(folder, name)
            with contextlib.suppress(FileNotFoundError):
                if path.lstat().st_uid == 0:
                    hand_over(path, owner)


def prepare_run_dir() -> Path:
    """Make the socket folder 0700; refuse one that another user put in its place."""
    folder, owner = run_dir(), account()
    uid = owner.uid if owner else os.geteuid()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        hand_over(folder, owner)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        if os.geteuid() == 0 and found.st_uid == 0 and stat.S_ISDIR(found.st_mode):
            hand_over(folder, owner)
        else:
            raise Refusal(
                f"目录 {folder} 属于其他用户，请先删除它。",
                f"The socket folder {folder} belongs to somebody else; remove it and start again.",
            )
    folder.chmod(0o700)
    return folder


def check_free_space() -> None:
    """Refuse to start on a full disk: PostgreSQL would stop in the middle of a write."""
    free = shutil.disk_usage(var_dir()).free
    if free < FREE_BYTES_NEEDED:
        raise disk_full(free)


def disk_full(free: int | None = None) -> Refusal:
    if free is None:
        free = shutil.disk_usage(var_dir()).free
    mb = free // (1024 * 1024)
    return Refusal(
        f"磁盘空间不足：{var_dir()} 所在磁盘只剩 {mb} MB。请腾出至少 300 MB 后再启动。",
        f"The disk is full: {mb} MB are left below {var_dir()}. "
        "Free at least 300 MB and start again.",
    )

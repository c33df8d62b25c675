"""Every message of the source: Python calls and template tags → `Message`s, nothing imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
KINDS = {".py", ".html", ".txt"}
KEPT_OUT = {".venv", "var", "tests", "migrations", "static", "locale"}
# What stands at which place of a call: the text, its plural twin, the context.
CALLS = {
    "_": ("text",),
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
    "npgettext_lazy": ("context", "text", "plural"),
}
# A call in what Django makes of a template: everything else there is blanked out.
CALL = re.compile(r"""\b(?:_|n?p?gettext)\((?:[^()'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*\)""")


class Message(NamedTuple):
    """What gettext looks up: the Chinese text, its plural twin if any, and the context."""

    text: str
    plural: str = ""
    context: str = ""


def files(root: Path = ROOT) -> Iterator[Path]:
    """The Python files and templates whose messages people read, in order of their paths."""
    for path in sorted(root.glob("*/**/*")):
        inside = path.relative_to(root).parts
        is_read = path.suffix == ".py" or inside[0] == "templates"
        if is_read and KEPT_OUT.isdisjoint(inside) and path.suffix in KINDS:
            yield path


def messages_of(path: Path) -> Iterator[Message]:
    """The messages of one file; a template is first made into calls, as Django's own tool does."""
    code = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        code = "\n".join(CALL.findall(templatize(code, origin=str(path))))
    for node in ast.walk(ast.parse(code, filename=str(path))):
        if isinstance(node, ast.Call) and (message := _message_of(node)):
            yield message


def _message_of(call: ast.Call) -> Message | None:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    said = {
        place: node.value
        for place, node in zip(CALLS.get(name, ()), call.args, strict=False)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return Message(**said) if said.get("text") else None


def messages(root: Path = ROOT) -> dict[Message, list[str]]:
    """Every message of the source → the files that say it."""
    found: dict[Message, list[str]] = {}
    for path in files(root):
        for message in messages_of(path):
            found.setdefault(message, []).append(path.relative_to(root).as_posix())
    return found

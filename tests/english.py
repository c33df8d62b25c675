"""Reading a page as English: the Chinese on it that is neither data nor meant as Chinese."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import models

from liaison_portal.catalogue.sources import CALLS
from tests.test_ladder import LADDER

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
READ_ALOUD = ("title", "aria-label", "placeholder", "alt", "content")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}


class Words(HTMLParser):
    """The text of a page and of the attributes people see, without what says it is Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[bool] = []  # of each open element: is it, or what it is in, Chinese

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        here = dict(attrs)
        inside = bool(self.open and self.open[-1])
        is_chinese = (here.get("lang") or "").startswith("zh") if "lang" in here else inside
        if not is_chinese:
            self.words += [here[key] or "" for key in READ_ALOUD if key in here]
            self.words += [said or "" for key, said in attrs if key.startswith("data-")]
            if here.get("type") in ("submit", "button"):
                self.words.append(here.get("value") or "")
        if tag not in VOID:
            self.open.append(is_chinese or tag in ("script", "style"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1]):
            self.words.append(data)


def data_words() -> str:
    """Everything the database holds in Chinese, and what its rows are called: one long text."""
    found: set[str] = set()
    for app in LADDER:
        for model in apps.get_app_config(app).get_models():
            kinds = (models.CharField, models.TextField, models.JSONField)
            columns = [f.attname for f in model._meta.concrete_fields if isinstance(f, kinds)]
            for row in model._base_manager.all():
                said: list[Any] = [getattr(row, column) for column in columns]
                found |= {str(it) for it in [*said, row, getattr(row, "title", "")] if it}
    # A name of two characters is set apart in lists; a table joins several names.
    return "\n".join(found)


def left_in_chinese(html: str, data: str) -> list[str]:
    """The runs of Chinese on a page in English that no row of the database has."""
    page = Words()
    page.feed(html)
    runs = {run for words in page.words for run in CHINESE.findall(words)}
    return sorted(run for run in runs if run not in data)


def bare_chinese(tree: ast.Module) -> set[str]:
    """Chinese texts of a module that no gettext call takes; docstrings are for developers."""
    known: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            known.add(id(node.value))
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            known |= {id(said) for said in node.args if name in CALLS}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if CHINESE.search(node.value) and id(node) not in known
    }


NOT_SHOWN = re.compile(
    r"{% comment %}.*?{% endcomment %}|{#.*?#}"
    r"|{% blocktranslate\b.*?{% endblocktranslate %}"
    r"|{% language \"zh-hans\" %}.*?{% endlanguage %}"  # a paper in a page
    r"|{% translate (\"[^\"]*\"|'[^']*')|\b_\((\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)


def bare_text(template: str) -> list[str]:
    """Chinese of a template outside its translated texts and its comments."""
    return CHINESE.findall(NOT_SHOWN.sub("", template))

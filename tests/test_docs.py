"""The documents: links lead somewhere, decisions are listed, every model has its word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.test_ladder import LADDER, ROOT

PAGES = sorted(path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
# Rows between two nouns, and what people never read by a name of its own.
WITHOUT_WORD = {"counter", "visitmember", "receptionphoto"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert [link for link in targets if not (page.parent / link).exists()] == []


def test_every_decision_is_listed():
    folder = ROOT / "docs/decisions"
    listed = set(LINK.findall((folder / "README.md").read_text()))
    assert {path.name for path in folder.glob("[0-9]*.md")} == {Path(link).name for link in listed}


def test_every_model_has_its_word_in_the_glossary():
    models = [model for app in LADDER for model in apps.get_app_config(app).get_models()]
    missing = {
        str(model._meta.verbose_name)
        for model in models
        if model._meta.model_name not in WITHOUT_WORD
        and str(model._meta.verbose_name) not in GLOSSARY
    }
    assert missing == set()


def test_every_move_and_status_has_its_word_in_the_glossary():
    from opinions.models import Status
    from opinions.workflow import MOVES

    words = {str(move.label) for move in MOVES.values()} | {str(s.label) for s in Status}
    assert {word for word in words if word not in GLOSSARY} == set()
    assert {name for name in MOVES if not re.search(rf"\b{name}\b", GLOSSARY)} == set()

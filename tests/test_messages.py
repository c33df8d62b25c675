"""The English catalogue: every message has its English, and a page in English is in English.

Whoever adds a message runs `bin/messages`, which says what is missing (CONTRIBUTING.md).
"""

from __future__ import annotations

import json
from pathlib import Path

import polib
import pytest
from django.db import transaction
from django.urls import reverse

from liaison_portal.catalogue import book, sources
from liaison_portal.catalogue.sources import Message
from tests import test_urls, test_urls_admin
from tests.addresses import ANONYMOUS, Crowd, path_of
from tests.english import CHINESE, data_words, left_in_chinese
from tests.world import build

RUN = "run bin/messages and translate what it prints"


@pytest.fixture(scope="module")
def said() -> set[Message]:
    return set(sources.messages())


def test_the_catalogue_has_the_messages_of_the_source_and_no_others(said):
    assert {book.message_of(entry) for entry in book.read()} == said, RUN


def test_every_message_has_its_english():
    catalogue = book.read()
    assert book.missing(catalogue) == {}, RUN
    assert book.wrong(catalogue) == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []


def test_the_catalogue_is_written_and_compiled_as_the_script_does_it(said):
    catalogue = book.merged(book.read(), said)
    assert book.PO.read_text(encoding="utf-8") == str(catalogue), RUN
    assert book.PO.with_suffix(".mo").read_bytes() == book.compiled(), RUN


# The script itself.


def source(tmp_path: Path, **files: str) -> dict[Message, list[str]]:
    for name, text in files.items():
        folder, _, rest = name.partition("__")
        path = tmp_path / folder / rest.replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return sources.messages(tmp_path)


def test_messages_are_read_from_calls_and_tags(tmp_path):
    python = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy, npgettext
_("甲" "乙"), ngettext("%(n)s 张", "%(n)s 张", 2), pgettext_lazy("move", "编辑")
npgettext("unit", "个", "个", 3), _(f"不读{1}"), other("不是")
"""
    page = """{# {% translate "注" %} #}{% translate "丙" %}{% translate '丁' context "past" as x %}
{% crumbs _("戊") url _("己(一)") %}
{% blocktranslate with a=b.c %}有 {{ a }} 个{% endblocktranslate %}
{% blocktranslate count n=rows|length %}{{ n }} 人{% plural %}{{ n }} 人{% endblocktranslate %}"""
    found = source(tmp_path, app__a_dot_py=python, templates__b_dot_html=page)
    assert found == {
        Message("甲乙"): ["app/a.py"],
        Message("%(n)s 张", "%(n)s 张"): ["app/a.py"],
        Message("编辑", context="move"): ["app/a.py"],
        Message("个", "个", "unit"): ["app/a.py"],
        Message("丙"): ["templates/b.html"],
        Message("丁", context="past"): ["templates/b.html"],
        Message("戊"): ["templates/b.html"],
        Message("己(一)"): ["templates/b.html"],
        Message("有 %(a)s 个"): ["templates/b.html"],
        Message("%(n)s 人", "%(n)s 人"): ["templates/b.html"],
    }


def test_a_change_of_the_source_keeps_the_english(tmp_path):
    po = tmp_path / "en" / "django.po"
    first = book.merged(polib.POFile(), [Message("甲"), Message("乙", "乙", "x"), Message("丙")])
    assert book.missing(first) == {"丙": "", "x :: 乙": ["", ""], "甲": ""}
    unknown = book.fill(first, {"甲": "A", "x :: 乙": ["B", "Bs"], "丁": "D", "丙": ""})
    assert unknown == ["丁"]
    book.write(first, po)
    second = book.merged(book.read(po), [Message("乙", "乙", "x"), Message("甲"), Message("戊")])
    assert {book.name_of(entry): book.english_of(entry) for entry in second} == {
        "x :: 乙": ["B", "Bs"],
        "戊": [""],
        "甲": ["A"],
    }
    assert book.missing(second) == {"戊": ""}


def test_other_placeholders_are_wrong():
    catalogue = book.merged(polib.POFile(), map(Message, ["%(a)s 人", "共 %d 行", "甲|乙", "%s。"]))
    good = {"%(a)s 人": "%(a)s people", "共 %d 行": "%d rows", "甲|乙": "A|B", "%s。": "%s."}
    book.fill(catalogue, good)
    assert book.wrong(catalogue) == []
    book.fill(
        catalogue, {"%(a)s 人": "%(b)s", "共 %d 行": "rows", "甲|乙": "A", "%s。": "%s %(x)s"}
    )
    assert book.wrong(catalogue) == sorted(good)


def test_translations_come_as_json(tmp_path):
    path = tmp_path / "todo.json"
    path.write_text(json.dumps({"甲": "A"}), encoding="utf-8")
    assert book.translations_in(path) == {"甲": "A"}


# Pages in English.

# Who asks for every page; the start pages are asked for by everybody who has another one.
CROWD = ["clerk", "member", "convenor"]
OFFICES = ["leader", "keeper", "handler", "sysadmin", "secadmin", "auditor"]
STARTS = {"pages:desk", "pages:me"}
PAGES = sorted(name for name in test_urls.TABLE | test_urls.ELSEWHERE if not name.startswith("api"))


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for all tests here, its readers' clients, and all it holds in Chinese."""
    with django_db_blocker.unblock(), transaction.atomic():
        crowd = Crowd(build()).join([*CROWD, *OFFICES, ANONYMOUS])
        for client in crowd.clients.values():
            client.cookies["django_language"] = "en"
        crowd.data = data_words() + quoted()
        with django_db_blocker.block():
            yield crowd
        transaction.set_rollback(True)


def quoted() -> str:
    """What the English quotes from the Chinese: columns of a roster, examples of names."""
    return "".join(text for entry in book.read() for text in book.english_of(entry))


def chinese_on(world: Crowd, path: str, people: list[str]) -> dict[str, list[str]]:
    answers = {who: world.ask(who, "get", path) for who in people}
    left = {
        who: left_in_chinese(answer.content.decode(), world.data)
        for who, answer in answers.items()
        if answer["Content-Type"].startswith("text/html")
    }
    return {who: words for who, words in left.items() if words}


def test_english_quotes_only_what_the_chinese_says():
    """A column of a roster, an example of a name; anything else is a word left untranslated."""
    strange = {
        entry.msgid: runs
        for entry in book.read()
        if (runs := [run for run in CHINESE.findall(str(book.english_of(entry)))])
        and not all(run in entry.msgid for run in runs)
    }
    assert strange == {}


def test_chinese_left_on_a_page_is_found():
    page = """<html lang="en"><title>教育界</title><p title="标题">王　伟 <b>由王伟代</b>记</p><br>
        <textarea lang="zh-Hans">本月无</textarea><input placeholder="提示" value="王伟">
        <script>注释</script><article lang="zh-Hans"><p>月报</p></article><a data-text="复制">x</a>"""
    assert left_in_chinese(page, "教育界\n王伟") == ["复制", "提示", "标题", "由王伟代", "记"]


@pytest.mark.parametrize("name", PAGES)
def test_page_is_in_english(world, db, name):
    path = path_of(name, **test_urls.rows_of(world.world).get(name, {}))
    people = CROWD if name in test_urls.TABLE else ["clerk", ANONYMOUS]
    people = [*people, *OFFICES] if name in STARTS else people
    assert chinese_on(world, path, people) == {}


@pytest.mark.parametrize("model", sorted(test_urls_admin.TABLE))
def test_admin_is_in_english(world, db, model):
    readers, adders, _changers = test_urls_admin.TABLE[model]
    row, (reader,) = test_urls_admin.row_of(world, model), sorted(readers)[:1]
    asked = {reverse(f"admin:{model}_changelist"): reader}
    asked |= dict.fromkeys([reverse(f"admin:{model}_add")], *sorted(adders)[:1]) if adders else {}
    if row:
        asked[reverse(f"admin:{model}_change", args=[row.pk])] = reader
        for deed, people in test_urls_admin.DEEDS.get(model, {}).items():
            asked[reverse(f"admin:{model}_{deed}", args=[row.pk])] = min(people)
    left = {path: chinese_on(world, path, [who]) for path, who in asked.items()}
    assert {path: words for path, words in left.items() if words} == {}

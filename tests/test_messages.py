"""The English catalogue: every message has its English, and a page in English is in English.

Whoever adds a message runs `bin/messages`, which says what is missing (CONTRIBUTING.md).
"""

from __future__ import annotations

import json
from pathlib import Path

import polib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views import defaults

from liaison_portal.catalogue import book, sources
from liaison_portal.catalogue.__main__ import main
from liaison_portal.catalogue.sources import Message
from tests import test_ladder, test_urls, test_urls_admin
from tests.addresses import ANONYMOUS, Crowd, path_of
from tests.english import CHINESE, bare_chinese, bare_text, data_words, left_in_chinese
from tests.world import build

pytestmark = pytest.mark.crawl

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


def test_the_script_has_nothing_to_do(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bin/messages", "--check"])
    assert main() == 0
    assert capsys.readouterr().out == ""


def test_the_script_names_what_it_cannot_place(monkeypatch, capsys, tmp_path):
    path = tmp_path / "filled.json"
    path.write_text(json.dumps({"没有这句": "No such text", "保存": "Keep %(what)s"}))
    monkeypatch.setattr("sys.argv", ["bin/messages", "--check", "--fill", str(path)])
    assert main() == 1
    told = capsys.readouterr().err
    assert "not in the source: 没有这句" in told and "placeholders differ: 保存" in told


# Pages in English.

# Who asks for every page, and for those that differ from office to office.
CROWD = ["clerk", "member"]
OFFICES = ["convenor", "leader", "keeper", "handler", "sysadmin", "secadmin", "auditor"]
STARTS = {"pages:home", "pages:desk", "pages:me", "opinions:review", "opinions:detail"}
ERRORS = {400: defaults.bad_request, 404: defaults.page_not_found, 500: defaults.server_error}
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
        entry.msgid
        for entry in book.read()
        for run in CHINESE.findall(str(book.english_of(entry)))
        if run not in entry.msgid
    }
    assert strange == set()


def test_english_has_plain_quotes():
    """Curly ones are as wide as a Chinese character on most screens here; " ends an attribute."""
    quotes = set('‘’“”"')
    wide = [e.msgid for e in book.read() if quotes & set("".join(book.english_of(e)))]
    assert wide == []


# Chinese that is no message: the name made for a committee, a file whose columns are Chinese,
# a number as it is typed, a date, a channel by its name.
NO_MESSAGES = {
    "committees/actions.py": {"委员会", "政协", "中国人民政治协商会议", "办公室"},
    "contacts/contact_import/views.py": {"联系人名册", "联系人名册模板"},
    "opinions/filters.py": {r"第?\s*(\d{4})\s*-\s*(\d{1,6})\s*号?"},
    "opinions/views/issuing.py": {"社情民意信息", "年第", "期"},  # a file's name
    "sectors/admin/members.py": {"%Y年%m月"},
    "sectors/lists/views/cards.py": {"桌签"},  # a file's name
    "workrooms/actions/receptions.py": {"接待"},
}
SPEAKING = {"permissions", "workflow", "actions", "filters", "forms", "serializers"}
SPEAKING |= {"views", "viewsets", "admin", "pages"}


def test_what_code_says_is_a_message():
    bare = {}
    for path in test_ladder.sources():
        parts = set(path.removesuffix(".py").split("/"))
        if SPEAKING & parts and (words := bare_chinese(test_ladder.tree_of(path))):
            bare[path] = words
    assert bare == NO_MESSAGES


def test_what_templates_say_is_a_message():
    """Papers are Chinese by design and say so; the switch names its language in that language."""
    paths = [path for path in test_ladder.tracked() if path.startswith("templates/")]
    bare = {path: bare_text((sources.ROOT / path).read_text(encoding="utf-8")) for path in paths}
    papers = {path for path in bare if path.endswith("_paper.html")}
    assert {path: words for path, words in bare.items() if words and path not in papers} == {
        "templates/components/foot.html": ["中文"],
        "templates/pages/me.html": ["中文"],
    }


def test_chinese_left_on_a_page_is_found():
    page = """<html lang="en"><title>教育界</title><p title="标题">王　伟 <b>由王伟代</b>记</p><br>
        <textarea lang="zh-Hans">本月无</textarea><input placeholder="提示" value="王伟">
        <script>注释</script><article lang="zh-Hans"><p>月报</p></article>
        <a data-text="复制">x</a>"""
    assert left_in_chinese(page, "教育界\n王伟") == ["复制", "提示", "标题", "由王伟代", "记"]


@pytest.mark.parametrize("name", PAGES)
def test_page_is_in_english(world, db, name):
    path = path_of(name, **test_urls.rows_of(world.world).get(name, {}))
    people = CROWD if name in test_urls.TABLE else ["clerk", ANONYMOUS]
    people = [*people, *OFFICES] if name in STARTS else people
    assert chinese_on(world, path, people) == {}


@pytest.mark.parametrize("status", [400, 404, 500])
def test_an_error_is_told_in_english(world, db, status):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with translation.override("en"):
        answer = ERRORS[status](request, *[Exception()] * (status < 500))
    html = answer.content.decode()
    assert answer.status_code == status and '<html lang="en">' in html
    assert left_in_chinese(html, "") == []


def test_the_switch_in_the_foot_leads_to_english_and_back(client, db):
    html = client.get("/").content.decode()
    assert "English</button>" in html and "忘记密码" in html
    client.post("/language/", {"language": "en", "next": "/"})
    html = client.get("/").content.decode()
    assert "中文</button>" in html and "Sign in" in html
    assert left_in_chinese(html, data_words()) == []
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    assert "忘记密码" in client.get("/").content.decode()


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

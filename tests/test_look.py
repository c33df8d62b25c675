"""The look holds: strict policy, nothing inline, light first visit, words that never appear."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client

from committees import csp
from tests.cast import Cast

CHECKOUT = Path(__file__).resolve().parent.parent
STATIC = CHECKOUT / "static"
TEMPLATES = [
    path
    for path in sorted((CHECKOUT / "templates").rglob("*.html"))
    if "admin" not in path.relative_to(CHECKOUT / "templates").parts
]
KILOBYTE = 1024
FIRST_VISIT, HTML = 60 * KILOBYTE, 10 * KILOBYTE  # gzipped
BOOTSTRAP = 14 * KILOBYTE

COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.S)
INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "htmx eval": re.compile(r"\shx-(on|vals=.js:|headers=.js:)", re.I),
    "outside host": re.compile(r"\b(?:src|href|action|srcset)\s*=\s*[\"'](?:https?:)?//", re.I),
}
NEVER_ON_SCREEN = ["积分", "打卡", "排名", "不采用", "拒绝", "用户", "工单", "举报", "上级单位"]


def gzipped(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def words(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def test_nothing_inline_and_no_outside_host_in_any_template() -> None:
    found = [
        f"{path.relative_to(CHECKOUT)}: {what}"
        for path in TEMPLATES
        for what, pattern in INLINE.items()
        if pattern.search(words(path))
    ]
    assert found == []


def test_one_sentence_about_the_whole_needs_no_heading() -> None:
    """A lost race or a wrong password is no list of fields to check."""

    class Sheet(forms.Form):
        title = forms.CharField()

    def shown(*wrong: tuple[str | None, str]) -> str:
        form = Sheet({"title": "x"})
        for field, sentence in wrong:
            form.add_error(field, sentence)
        return render_to_string("components/form_errors.html", {"form": form})

    alone = shown((None, "已先行处理。"))
    assert "已先行处理。" in alone and "请检查以下内容" not in alone and "<ul" not in alone
    for several in (shown(("title", "太长。")), shown((None, "甲。"), (None, "乙。"))):
        assert "请检查以下内容" in several
    both = shown((None, "甲。"), ("title", "太长。"))
    assert "请检查以下内容" in both and "甲。" in both and "太长。" in both


def test_stylesheets_and_modules_ask_no_outside_host() -> None:
    files = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js"), *STATIC.glob("vendor/*.css")]
    outside = re.compile(
        r"(?:url\(|@import\s+|from\s+|import\()[\"']?(?:https?:)?//|url\([\"']?data:"
    )
    assert [path.name for path in files if outside.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("word", NEVER_ON_SCREEN)
def test_words_that_are_never_on_screen(word: str) -> None:
    assert [str(path.relative_to(CHECKOUT)) for path in TEMPLATES if word in words(path)] == []


def test_bootstrap_subset_stays_small() -> None:
    (subset,) = STATIC.glob("vendor/bootstrap-subset-*.min.css")
    assert gzipped(subset.read_bytes()) <= BOOTSTRAP


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    (sprite,) = STATIC.glob("vendor/icons-*.svg")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite.read_text()))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert named - drawn == set()


def test_vendored_files_have_their_licence_beside_them() -> None:
    licences = {path.name for path in STATIC.glob("vendor/*.LICENSE")}
    assert licences == {"bootstrap.LICENSE", "bootstrap-icons.LICENSE", "htmx.LICENSE"}


def first_visit(html: str) -> int:
    """Bytes on the wire of a page and of everything it asks for, gzipped."""
    asked = set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))
    return gzipped(html.encode()) + sum(gzipped((STATIC / path).read_bytes()) for path in asked)


def test_first_visit_of_a_visitor_is_light(client: Client, db: None) -> None:
    html = client.get("/").content.decode()
    assert gzipped(html.encode()) <= HTML
    assert first_visit(html) <= FIRST_VISIT


def test_first_visit_of_a_member_is_light(cast: Cast, client_of: Callable[[str], Client]) -> None:
    html = client_of("convenor").get("/city/").content.decode()
    assert gzipped(html.encode()) <= HTML
    assert first_visit(html) <= FIRST_VISIT


def test_pages_carry_the_strict_policy(client: Client, db: None) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy == csp.header(csp.PAGES)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_page_that_is_missing_carries_it_too(client: Client, db: None) -> None:
    response = client.get("/accounts/no-such-page/")
    assert response.status_code == 404
    assert response.headers["Content-Security-Policy"] == csp.header(csp.PAGES)


def test_admin_alone_is_let_looser(client: Client, db: None) -> None:
    assert "'unsafe-inline'" in client.get("/admin/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_stand_by_themselves(name: str) -> None:
    assert "<h1" in render_to_string(name)


def test_the_notice_on_secrets_stands_in_every_foot(client: Client, db: None) -> None:
    html = client.get("/").content.decode()
    assert "严禁处理、存储、传输国家秘密和工作秘密" in html

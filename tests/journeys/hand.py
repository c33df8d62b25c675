"""A person with a browser that knows no script: opens pages, follows links, sends forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client

# A confirmed sign-out stands on every page; forms are found by the button that is asked for.
VOID = {"input", "img", "br", "meta", "link", "hr", "use", "source", "wbr", "col"}


@dataclass
class Form:
    action: str = ""
    method: str = "get"
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)

    def add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


class Page(HTMLParser):
    """The links, forms and plain text of a page."""

    def __init__(self, answer: HttpResponse, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.answer, self.path = answer, path
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._open: list[Any] = []  # what collects text: link, button, textarea, option
        self._form: Form | None = None
        self._select = ""
        self._quiet = 0
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/"):
            self.feed(answer.content.decode())  # a photo or a workbook has no links

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attributes}
        if tag in {"script", "style", "template"}:
            self._quiet += 1
        elif tag == "form":
            self._form = Form(given.get("action") or self.path, given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a":
            self._open.append(["a", given, ""])
        elif tag in {"button", "textarea", "option"}:
            self._open.append([tag, given, ""])
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "input":
            self._input(given)

    def _input(self, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if self._form is None or not name or kind in {"submit", "file", "button"}:
            return
        if kind not in {"checkbox", "radio"} or "checked" in given:
            self._form.add(name, given.get("value", "on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "template"}:
            self._quiet = max(0, self._quiet - 1)
        elif tag == "form":
            self._form = None
        elif self._open and self._open[-1][0] == tag:
            self._close(*self._open.pop())

    def _close(self, tag: str, given: dict[str, str], inner: str) -> None:
        label = " ".join(inner.split())
        if tag == "a":
            self.links.append((label, given.get("href", "")))
        elif self._form is None:
            return
        elif tag == "button":
            self._form.buttons.append({**given, "label": label})
        elif tag == "textarea" and given.get("name"):
            self._form.add(given["name"], inner.removeprefix("\n").removeprefix("\r\n"))
        elif tag == "option" and self._select and "selected" in given:
            self._form.add(self._select, given.get("value", label))

    def handle_data(self, data: str) -> None:
        if self._quiet:
            return
        self.words.append(data)
        for collecting in self._open:
            collecting[2] += data

    def link(self, label: str) -> str:
        """Where the first link leads whose words hold the label."""
        found = [href for words, href in self.links if label in words]
        assert found, f"no link {label} on {self.path}: {[w for w, _ in self.links]}"
        return found[0]

    def form(self, button: str) -> tuple[Form, dict[str, str]]:
        for form in self.forms:
            for one in form.buttons:
                if button == one["label"]:
                    return form, one
        every = [one["label"] for form in self.forms for one in form.buttons]
        raise AssertionError(f"no button {button} on {self.path}: {every}")


class Hand:
    """Keeps the page it is on. Every page it meets answers 200."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()
        self.page: Page

    def open(self, path: str) -> Page:
        answer = self.client.get(path, follow=True)
        return self._arrive(answer, path)

    def follow(self, label: str) -> Page:
        return self.open(urljoin(self.page.path, self.page.link(label)))

    def press(self, button: str, **filled: Any) -> Page:
        """Send the form with that button as it stands on the page, with what is filled in."""
        form, pressed = self.page.form(button)
        sent: dict[str, Any] = {**form.values, **filled}
        if pressed.get("name"):
            sent[pressed["name"]] = pressed.get("value", "")
        path = urljoin(self.page.path, pressed.get("formaction") or form.action)
        method = self.client.post if form.method == "post" else self.client.get
        return self._arrive(method(path, sent, follow=True), path)

    def _arrive(self, answer: HttpResponse, path: str) -> Page:
        if answer.redirect_chain:
            path = urljoin(path, answer.redirect_chain[-1][0])
        said = Page(answer, path)
        assert answer.status_code == 200, f"{answer.status_code} at {path}: {said.text[:600]}"
        self.page = said
        return said

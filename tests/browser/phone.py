"""One person's browser. Nothing may go wrong quietly: errors, policy, other hosts, width."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, Request, Response

from committees.models import User

WATCH = """
window.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI));
"""
WIDER = """() => {
  const wide = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll("body *")].filter((node) =>
    node.getBoundingClientRect().right > wide + 1 && node.checkVisibility());
  return [document.documentElement.scrollWidth - wide,
    out.slice(0, 3).map((node) => node.tagName + "." + node.className)];
}"""
# Smaller than a thumb: what can be tapped and is not a word in running text.
SMALL = """() => [...document.querySelectorAll("main button, main .btn, nav a, main select")]
  .filter((node) => node.checkVisibility())
  .map((node) => [node.textContent.trim().slice(0, 20), node.getBoundingClientRect()])
  .filter(([, box]) => box.height > 0 && box.height < 43.5)
  .map(([words, box]) => words + " " + Math.round(box.height))"""


class Phone:
    """`complaints` collects what went wrong; `close` and every `look` want it empty."""

    def __init__(
        self, browser: Browser, host: str, name: str, *, width: int, pictures: Path | None
    ) -> None:
        self.host, self.name, self.pictures = host, name, pictures
        self.is_narrow = width < 600
        self.complaints: list[str] = []
        self.is_patient = False  # a patient one goes on, and tells everything when it closes
        self.context = browser.new_context(
            base_url=host,
            viewport={"width": width, "height": 844},
            is_mobile=self.is_narrow,
            has_touch=self.is_narrow,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        self.context.add_init_script(WATCH)
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.asked = 0  # requests without an answer yet
        self.page.on("request", self._request)
        self.page.on("requestfinished", self._answered)
        self.page.on("requestfailed", self._answered)
        self.page.on("response", self._response)

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console: {message.text}")

    def _answered(self, request: Request) -> None:
        self.asked -= 1

    def _request(self, request: Request) -> None:
        self.asked += 1
        if request.url.startswith(("data:", "blob:")):
            return
        if urlsplit(request.url).netloc != urlsplit(self.host).netloc:
            self.complaints.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def sign_in(self, person: User) -> None:
        """Straight to a session; signing in by hand belongs to the journeys."""
        client = Client()
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.host}
        self.context.add_cookies([cookie])

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def follow(self, label: str) -> None:
        """Tap the first visible link whose words hold the label."""
        self._tap(self.page.get_by_role("link", name=label).first)

    def press(self, label: str) -> None:
        """Tap the button of exactly this label; of several the last, which asks no more."""
        self._tap(self.page.get_by_role("button", name=label, exact=True).last)

    def ask(self, label: str, note: str = "") -> None:
        """A deed that asks back: open the question, write the note, confirm."""
        self.page.locator("details.confirm > summary", has_text=label).first.click()
        form = self.page.locator("form:visible", has=self.page.get_by_text(label, exact=True)).last
        if note:
            form.locator("textarea").fill(note)
        self.look(f"{label}-question")
        self._tap(form.get_by_role("button", name=label, exact=True))

    def _tap(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.click()
        self.look()

    def look(self, name: str = "") -> None:
        """No error, no breach of policy, no other host, no sideways scroll, room for thumbs."""
        self.page.wait_for_load_state("load")
        wider, which = self.page.evaluate(WIDER)
        if wider > 0:
            self.complaints.append(f"{wider} px too wide at {self.path}: {which}")
        if self.is_narrow and (small := self.page.evaluate(SMALL)):
            self.complaints.append(f"too small for a thumb at {self.path}: {small}")
        if self.pictures:
            words = re.sub(r"\W+", "-", name or self.path).strip("-") or "front"
            count = len(list(self.pictures.iterdir())) + 1
            path = self.pictures / f"{count:03d}-{self.name}-{words}.png"
            self.page.screenshot(path=path, full_page=True)
        if not self.is_patient:
            self.be_content()

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def put_away(self) -> None:
        """Close it once what it asked for has come (a page's own timers may have asked)."""
        deadline = time.monotonic() + 5
        while self.asked and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        self.context.close()

    def be_content(self) -> None:
        complaints, self.complaints = self.complaints, []
        assert not complaints, "\n".join(dict.fromkeys(complaints))

"""Chromium against a live server. Every page opened is looked at: see `Phone.look`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.handlers.base import BaseHandler
from playwright.sync_api import Browser, sync_playwright

from tests.browser.phone import Phone
from tests.browser.underway import Underway
from tests.conftest import chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    assert path, "CI promised Chromium, and it is not installed"
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def pictures() -> Path | None:
    """Where screenshots go: the folder LIAISON_SCREENSHOTS names, else nowhere."""
    folder = os.environ.get("LIAISON_SCREENSHOTS")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)


@pytest.fixture(scope="session")
def underway() -> Iterator[Underway]:
    """What the live server is answering: a page put away leaves requests that nobody waits for."""
    requests = Underway()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", requests.counting(BaseHandler.get_response))
        yield requests


@pytest.fixture
def phone_of(
    browser: Browser, underway: Underway, live_server: object, pictures: Path | None
) -> Iterator[Callable[..., Phone]]:
    """`phone_of("member")`: a browser of one's own, 390 px wide unless `width=` says otherwise."""
    phones: list[Phone] = []

    def take(name: str, width: int = 390) -> Phone:
        phones.append(Phone(browser, str(live_server), name, width=width, pictures=pictures))
        return phones[-1]

    yield take
    # Emptying the tables under a request still at work would be a deadlock.
    for phone in phones:
        phone.put_away()
    underway.wait_for_silence()
    for phone in phones:
        phone.be_content()

"""Every kind of page with the demo's data, narrow and wide, in Chinese and in English."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from committees.models import User
from liaison_portal.local import folders
from tests.addresses import kind_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SKIPPED = ("/admin/", "/static/", "/accounts/logout/")


def links(phone):
    """Paths of this portal's pages that the page leads to: a photo or a workbook is none."""
    script = """() => [...document.querySelectorAll("a[href]:not([download])")]
      .filter((a) => !a.querySelector("img"))
      .filter((a) => a.origin === location.origin).map((a) => a.pathname + a.search)"""
    return [path for path in phone.page.evaluate(script) if not path.startswith(SKIPPED)]


def arrives(phone, path):
    """False for a file, which the browser saves instead of showing."""
    from playwright.sync_api import Error  # there only where a browser is

    try:
        phone.open(path)
    except Error as ended:
        if "Download is starting" not in str(ended):
            raise
        return False
    return True


@pytest.mark.parametrize(
    ("name", "width", "is_english"),
    [
        ("member", 390, False),
        ("convenor", 390, True),
        ("clerk", 390, False),
        ("clerk", 1280, False),
        ("editor", 1280, True),
        ("leader", 1280, False),
        ("visitor", 390, False),
        ("visitor", 1280, True),
    ],
)
def test_every_kind_of_page(
    transactional_db, phone_of, tmp_path, monkeypatch, name, width, is_english
):
    monkeypatch.setattr(folders, "prepare_var", lambda: tmp_path)
    today = datetime.date(2026, 11, 24)
    call_command("demo", members=60, today=today, stdout=StringIO())
    phone = phone_of(name, width=width)
    phone.is_patient = True
    if name != "visitor":
        phone.sign_in(User.objects.get(sign_in_name=name))
    phone.page.goto("/")
    if is_english:
        phone.page.get_by_role("button", name="English").or_(
            phone.page.get_by_role("link", name="English")
        ).first.click()
        phone.page.wait_for_load_state("load")
    waiting, seen = [phone.path], set()
    while waiting:
        shown = arrives(phone, waiting.pop(0))
        for path in links(phone) if shown else ():
            if kind_of(path) not in seen:
                seen.add(kind_of(path))
                waiting.append(path)
    assert len(seen) > (8 if name == "visitor" else 15)

"""Canary words of two sectors, a shielded one and two committees: nothing leaks one to the other.

Every list, search, lookup, form and export of contacts, areas and visits is asked by everybody.
"""

import io

import pytest
from django.core.cache import cache
from django.db import transaction
from python_calamine import CalamineWorkbook

from tests.addresses import Crowd
from tests.test_visibility import CITY, READERS
from tests.world import CANARY, build

MARKS = {mark: word for mark, word in CANARY.items() if mark in "ebmcs"}


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        crowd = Crowd(build()).join(sorted(CITY))
        with django_db_blocker.block():
            yield crowd
        transaction.set_rollback(True)


def pages(world):
    area = f"/city/contacts/areas/{world['o_area'].pk}/"
    words = "金丝雀"
    return [
        "/city/contacts/",
        f"/city/contacts/?q={words}",
        "/city/contacts/?q=jsq",
        f"/city/contacts/?area={world['o_area'].pk}",
        f"/city/contacts/?area={world['c_area'].pk}",
        "/city/contacts/?state=retired",
        "/city/contacts/visits/?scope=all",
        f"/city/contacts/visits/?area={world['o_area'].pk}&scope=all",
        f"/city/contacts/visits/?theme={world['o_theme'].pk}&scope=all",
        "/city/contacts/visits/write/",
        f"/city/contacts/visits/write/?with={world['b_contact'].pk}",
        f"/city/contacts/people/?q={words}",
        "/city/contacts/people/?q=jsq",
        "/city/contacts/areas/",
        f"/city/contacts/areas/?q={words}",
        area,
        f"/city/contacts/areas/{world['c_area'].pk}/",
        f"/city/themes/{world['o_theme'].pk}/",
        *(f"/city/contacts/{world[f'{mark}_contact'].pk}/" for mark in MARKS),
    ]


def may_read(mark):
    """Who sees the mark's contact or visit; their texts carry the word."""
    return READERS[f"{mark}_contact"] | READERS[f"{mark}_visit"]


def heard(answers, word):
    return {who for who, answer in answers.items() if word in answer.content.decode()}


def test_no_page_of_contacts_areas_or_themes_leaks(crowd, db):
    for path in pages(crowd.world):
        answers = crowd.ask_all("get", path)
        for mark, word in MARKS.items():
            assert heard(answers, word) <= may_read(mark), (path, mark)


def test_a_contact_is_named_in_full_only_to_its_member(crowd, db):
    """The office and the convenor read 金****; the place, which is no secret to them, in full."""
    for mark, owners in {"e": {"member", "delegate"}, "b": {"member2"}, "m": set()}.items():
        name = crowd.world[f"{mark}_contact"].name
        for path in ("/city/contacts/", f"/city/contacts/{crowd.world[f'{mark}_contact'].pk}/"):
            assert heard(crowd.ask_all("get", path), name) == owners


def cells(answer):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    return "\n".join(str(cell) for row in rows.to_python() for cell in row)


def test_an_export_holds_what_the_list_shows_and_no_number(crowd, db):
    phones = {crowd.world[f"{mark}_contact"].phone for mark in MARKS}
    answers = crowd.ask_all("post", "/city/contacts/export/")
    sheets = {who: cells(answer) for who, answer in answers.items()}
    for mark, word in MARKS.items():
        contact = crowd.world[f"{mark}_contact"]
        with_place = {who for who, text in sheets.items() if word in text}
        assert with_place == READERS[f"{mark}_contact"] & CITY
        with_name = {who for who, text in sheets.items() if contact.name in text}
        assert with_name == READERS[f"{mark}_contact"] & {"member", "member2", "delegate"}
    assert [phone for phone in phones if any(phone in text for text in sheets.values())] == []


def test_an_export_follows_the_filter(crowd, db):
    path = f"/city/contacts/export/?sector={crowd.world.cast.business.pk}"
    text = cells(crowd.ask("clerk", "post", path))
    assert CANARY["b"] in text and CANARY["e"] not in text and CANARY["m"] not in text

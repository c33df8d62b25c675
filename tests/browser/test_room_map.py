"""The map of 150 rooms under a thumb: every target is large enough, and each room is reached."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from committees.models import Role
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROWEST = """() => Math.min(...[...document.querySelectorAll("svg.room-map rect.reach")]
  .map((node) => node.getBoundingClientRect()).filter((box) => box.width)
  .flatMap((box) => [box.width, box.height]))"""
SHEET = "svg.room-map:visible"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_room_is_reached_by_tapping_and_by_the_keyboard(transactional_db, phone_of, width):
    committee = make.committee(slug="city")
    dice = random.Random(7)
    for _ in range(150):
        make.workroom(
            committee=committee,
            longitude=Decimal(f"{dice.gauss(112.36, 0.05):.6f}"),
            latitude=Decimal(f"{dice.gauss(29.04, 0.05):.6f}"),
        )
    phone = phone_of("leader", width=width)
    phone.sign_in(make.officer(Role.LEADER, committee))
    phone.open("/city/workrooms/")
    phone.follow("地图")
    assert phone.page.locator(SHEET).count() == 1
    looks = 0
    while numbers := phone.page.locator(f"{SHEET} a:has(circle)").all():
        assert phone.page.evaluate(NARROWEST) >= 44
        looks += 1
        assert looks < 8
        with phone.page.expect_navigation():
            numbers[len(numbers) // 2].click()
        phone.look(f"map-{looks}")
    rooms = phone.page.locator(f"{SHEET} a")
    name = rooms.first.locator("title").text_content()
    rooms.first.focus()
    with phone.page.expect_navigation():
        phone.page.keyboard.press("Enter")
    phone.look("room")
    assert name and name in phone.text

"""A visit on a phone, 390 px: at most six taps, counted; and a draft that outlives the network.

Taps and seconds are printed; only the taps are asserted, since seconds are the machine's.
"""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from committees.models import Draft
from contacts.models import Visit
from liaison_portal.founding import lay_samples
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = "路口红灯太长，学生过街不安全。"
TAP, SIGN = 1.5, 1.0  # seconds of an unhurried hand, a tap and a Chinese sign typed


class Hand:
    """Counts every touch; typing costs the touch that opens the keyboard and no other."""

    def __init__(self, phone, capfd):
        self.capfd, self.phone, self.page = capfd, phone, phone.page
        self.taps = self.signs = 0
        self.began = time.monotonic()

    def tap(self, what, *, leads_on=False):
        self.taps += 1
        if leads_on:
            with self.page.expect_navigation():
                what.tap()
        else:
            what.tap()

    def write(self, words):
        self.signs += len(words)
        self.page.keyboard.type(words)

    def told(self, story):
        machine = time.monotonic() - self.began
        hand = self.taps * TAP + self.signs * SIGN
        with self.capfd.disabled():
            print(
                f"\n{story}: {self.taps} taps, {self.signs} signs; "
                f"{machine:.1f} s on this machine, about {hand:.0f} s by hand"
            )


@pytest.fixture
def city(transactional_db):
    cache.clear()
    committee = make.committee(slug="city", place="云川市")
    lay_samples(committee)
    return committee


@pytest.fixture
def member(city):
    """Twelve contacts, of whom two were met before: more than a row of chips."""
    person = make.member(sector=make.sector(committee=city, name="教育"), name="王晓燕")
    contacts = [make.contact(member=person, name=f"陈{name}") for name in "一二三四五六七八九十"]
    contacts += [make.contact(member=person, name=name) for name in ("李建国", "赵敏")]
    make.visit(member=person, contacts=contacts[-1:], channel=city.channels.first())
    return person


def begin(phone_of, member, capfd):
    phone = phone_of("member")
    phone.sign_in(member.user)
    phone.open("/city/")
    hand = Hand(phone, capfd)
    hand.tap(phone.page.get_by_role("link", name="记走访").first, leads_on=True)
    phone.page.locator(".picker").wait_for()
    return phone, hand


def chip(page, label):
    return page.get_by_role("radio", name=label, exact=True)


def finish(phone, hand, story):
    hand.tap(phone.page.get_by_role("button", name="保存走访记录"), leads_on=True)
    phone.look("saved-visit")
    hand.told(story)
    assert hand.taps <= 6
    assert "走访联系记录已保存" in phone.text


def test_who_which_way_occasion_and_what_was_said_in_six_taps(phone_of, member, capfd):
    phone, hand = begin(phone_of, member, capfd)
    page = phone.page
    hand.tap(chip(page, "走访座谈"))
    hand.tap(page.locator(".picker-recent button", has_text="赵敏"))
    hand.tap(page.get_by_label("群众反映的情况"))
    hand.write(SAID)
    hand.tap(chip(page, "意见征询"))
    finish(phone, hand, "met before")
    visit = Visit.objects.latest("pk")
    assert (visit.said, visit.channel.name, visit.occasion.name, visit.people_count) == (
        SAID, "走访座谈", "意见征询", 1,
    )  # fmt: skip
    assert [contact.name for contact in visit.contacts.all()] == ["赵敏"]
    assert (list(visit.members.all()), visit.happened_on) == ([member], timezone.localdate())
    # From the saved visit one tap leads on: the report, a follow-up with a date, the next visit.
    phone.follow("起草社情民意")
    assert page.get_by_label("情况反映").input_value() == SAID
    page.go_back()
    phone.press("一周后")
    visit.refresh_from_db()
    assert (visit.follow_up_on - timezone.localdate()).days == 7
    phone.follow("再次走访")
    assert page.locator(".picker-chosen button").all_inner_texts() == ["赵敏 ×"]


def test_a_contact_by_initials_in_six_taps(phone_of, member, capfd):
    phone, hand = begin(phone_of, member, capfd)
    page = phone.page
    hand.tap(chip(page, "网络联系"))
    hand.tap(page.locator(".picker input[type=search]").first)
    hand.write("ljg")
    page.keyboard.press("Enter")  # the keyboard's own key, as a letter is
    hand.tap(page.get_by_label("群众反映的情况"))
    hand.write(SAID)
    hand.tap(chip(page, "政策宣讲"))
    finish(phone, hand, "by initials")
    assert [c.name for c in Visit.objects.latest("pk").contacts.all()] == ["李建国"]


def test_a_colleague_of_another_sector_by_initials(phone_of, member, capfd, city):
    other = make.member(sector=make.sector(committee=city, name="工商联"), name="李海峰")
    phone, _hand = begin(phone_of, member, capfd)
    page = phone.page
    chip(page, "走访座谈").tap()
    page.locator("details.more > summary").tap()
    page.get_by_label("一同走访的其他委员").tap()
    page.keyboard.type("lhf")
    page.locator("[data-names] button", has_text="李").tap()
    assert page.get_by_label("一同走访的其他委员").input_value() == "李海峰（工商联）、"
    phone.press("保存走访记录")
    assert set(Visit.objects.latest("pk").members.all()) == {member, other}


def test_what_was_typed_without_network_comes_back(phone_of, member, capfd):
    phone, _hand = begin(phone_of, member, capfd)
    page, said = phone.page, phone.page.get_by_label("群众反映的情况")
    status = page.locator("[data-autosave-status]")
    said.fill("先写一句。")
    expect(status).to_have_attribute("data-tone", "sub")
    assert Draft.objects.get().content["said"] == "先写一句。"
    phone.context.set_offline(True)
    said.fill(SAID)
    chip(page, "走访座谈").tap()
    expect(status).to_have_attribute("data-tone", "due")
    assert Draft.objects.get().content["said"] == "先写一句。"
    phone.context.set_offline(False)
    expect(status).to_have_attribute("data-tone", "sub")
    assert Draft.objects.get().content["said"] == SAID
    # And when the page is closed without network, the browser keeps what the server has not.
    phone.context.set_offline(True)
    said.fill(f"{SAID}还有一句。")
    expect(status).to_have_attribute("data-tone", "due")
    page.close()
    phone.context.set_offline(False)
    phone.complaints.clear()  # the browser complains of the network that was away
    phone.page = page = phone.context.new_page()
    phone.open("/city/contacts/visits/write/")
    expect(page.get_by_label("群众反映的情况")).to_have_value(f"{SAID}还有一句。")
    phone.press("保存走访记录")
    assert Visit.objects.latest("pk").said == f"{SAID}还有一句。"
    assert Draft.objects.count() == 0

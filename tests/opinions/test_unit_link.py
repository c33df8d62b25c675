"""The link of a unit: made once, opened by its code, never mixed with anybody signed in."""

import datetime
import logging
import time

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from committees.actors import Guest
from committees.models import AuditEntry
from notices.models import Notice
from opinions.actions import unit_links
from opinions.models import Referral, UnitLink
from tests import make
from tests.make import desk, handling

TOKEN = "token-of-a-unit"
DOOR = f"/u/{TOKEN}"
SOMEBODY = Guest("visitor", "10.0.0.1")


@pytest.fixture
def item(cast):
    return asked_of(cast.unit, title="关于改善路口的建议")


def asked_of(unit, **over):
    return handling.referral(unit=unit, committee=unit.committee, opinion=None, **over)


def shown(answer):
    return answer.content.decode()


def said(answer):
    return shown(answer).partition("<main")[2].partition("</main>")[0]


def test_making_one(cast):
    link, token, code = unit_links.make_link(cast.unit, by=cast.clerk, days=90)
    assert len(code) == 8 and code.isdigit() and len(token) >= 40
    assert check_password(code, link.code_hash) and token not in link.token_twin
    assert (link.expires_at - link.made_at).days == 90
    assert unit_links.find_link(token) == link and unit_links.find_link(token + "x") is None
    entry = AuditEntry.objects.get(action="unit_link.make")
    assert entry.by_user == cast.clerk and entry.detail == {"days": 90}


def test_who_makes_one(cast):
    for name in ("checker", "signer", "handler", "member", "countyclerk", "leader"):
        with pytest.raises(PermissionDenied):
            unit_links.make_link(cast.unit, by=cast[name])
        link = desk.link(cast.unit, token=name)
        for verb in (unit_links.revoke_link, unit_links.extend_link):
            with pytest.raises(PermissionDenied):
                verb(link, by=cast[name])
    cast.unit.is_active = False
    with pytest.raises(ValidationError):
        unit_links.make_link(cast.unit, by=cast.clerk)


def test_the_code_opens_the_desk(cast, item):
    browser = Client()
    desk.link(cast.unit)
    asked = browser.get(DOOR)
    assert asked.status_code == 200 and cast.unit.name not in shown(asked)
    answer = browser.post(DOOR, {"code": "1234-5678 "})
    assert answer["Location"] == "/u/desk/"
    cookie = answer.cookies["unit"]
    assert cookie["path"] == "/u/" and cookie["httponly"] and cookie["samesite"] == "Lax"
    page = browser.get("/u/desk/")
    assert "关于改善路口的建议" in shown(page) and TOKEN not in shown(page)
    assert "no-cache" in page["Cache-Control"] and "private" in page["Cache-Control"]
    assert UnitLink.objects.get().used_at is not None
    opened = AuditEntry.objects.get(action="unit_link.open")
    assert (opened.by_guest, opened.is_refused) == ("unit_link", False)


def test_a_second_link_works_beside_the_first(cast, item):
    first, second = desk.opened(cast.unit, "one"), desk.opened(cast.unit, "two")
    for browser in (first, second):
        assert item.title in shown(browser.get("/u/desk/"))
    unit_links.revoke_link(UnitLink.objects.earliest("pk"), by=cast.clerk)
    assert first.get("/u/desk/").status_code == 404
    assert second.get("/u/desk/").status_code == 200


def test_five_wrong_codes_lock_it_and_the_office_is_told_once(cast, item):
    link = desk.link(cast.unit)
    browser, inside = Client(), desk.opened(cast.unit)
    for _ in range(4):
        answer = browser.post(DOOR, {"code": "00000000"})
        assert answer.status_code == 200 and "验证码不正确" in shown(answer)
    locked = browser.post(DOOR, {"code": "00000000"})
    right = browser.post(DOOR, {"code": desk.CODE})
    unknown = browser.get("/u/unknown")
    assert {one.status_code for one in (locked, right, unknown)} == {404}
    assert said(locked) == said(right) == said(unknown)
    assert inside.get("/u/desk/").status_code == 404
    link.refresh_from_db()
    assert link.is_locked and not link.is_live()
    told = Notice.objects.filter(kind="unit_link_locked")
    assert {one.recipient for one in told} == {cast.clerk, link.made_by}
    with pytest.raises(ValidationError):
        unit_links.extend_link(link, by=cast.clerk)


def test_a_right_code_forgets_the_wrong_ones(cast):
    link = desk.link(cast.unit)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(ValidationError):
                unit_links.open_link(link, "1", by=SOMEBODY)
        unit_links.open_link(link, desk.CODE, by=SOMEBODY)
    link.refresh_from_db()
    assert link.tries == 0


ENDS = {
    "expired": {"expires_at": timezone.now() - datetime.timedelta(seconds=1)},
    "revoked": {"revoked_at": timezone.now()},
    "locked": {"tries": 5},
}


@pytest.mark.parametrize("end", ENDS)
def test_one_plain_page_for_all_ends(cast, item, end):
    desk.link(cast.unit, **ENDS[end])
    browser = Client()
    pages = [browser.get(DOOR), browser.post(DOOR, {"code": desk.CODE}), browser.get("/u/unknown")]
    pages += [browser.get("/u/desk/"), browser.get(f"/u/desk/{item.pk}/")]
    assert {page.status_code for page in pages} == {404}
    assert len({said(page) for page in pages}) == 1
    assert cast.unit.name not in shown(pages[0])


def test_extending_opens_an_expired_one_again(cast):
    link = desk.link(cast.unit, **ENDS["expired"])
    unit_links.extend_link(link, by=cast.editor, days=30)
    assert UnitLink.objects.live().get() == link
    with pytest.raises(ValidationError):
        unit_links.extend_link(link, by=cast.editor, days=31)
    unit_links.revoke_link(link, by=cast.editor)
    unit_links.revoke_link(link, by=cast.editor)
    assert AuditEntry.objects.filter(action="unit_link.revoke").count() == 1


def test_leaving_ends_the_session_at_the_server(cast, item):
    browser = desk.opened(cast.unit)
    kept = browser.cookies["unit"].value
    assert browser.post("/u/leave/").status_code == 200
    assert browser.get("/u/desk/").status_code == 404
    again = Client()
    again.cookies["unit"] = kept
    assert again.get("/u/desk/").status_code == 404
    assert Client().post("/u/leave/").status_code == 404


def test_opening_takes_a_new_key(cast):
    browser = desk.opened(cast.unit)
    before = browser.cookies["unit"].value
    desk.opened(cast.unit, client=browser)
    assert browser.cookies["unit"].value != before


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 404)])
def test_half_an_hour_without_use(cast, item, monkeypatch, minutes, status):
    browser = desk.opened(cast.unit)
    now = time.time() + minutes * 60
    monkeypatch.setattr("opinions.unit_sessions.time.time", lambda: now)
    assert browser.get("/u/desk/").status_code == status


def test_twelve_hours_at_most(cast, item, monkeypatch):
    browser, began = desk.opened(cast.unit), time.time()
    for minutes in range(20, 12 * 60 + 40, 20):
        moment = began + minutes * 60
        monkeypatch.setattr("opinions.unit_sessions.time.time", lambda moment=moment: moment)
        status = browser.get("/u/desk/").status_code
    assert status == 404


@pytest.mark.parametrize("key", ["", "x", "../../etc", "ü" * 8, "a" * 41, "a" * 32])
def test_other_cookies_open_nothing(cast, item, key):
    browser = Client()
    browser.cookies["unit"] = key
    assert browser.get("/u/desk/").status_code == 404


def test_the_session_of_somebody_signed_in_is_none_here(cast, client_of):
    clerk = client_of("clerk")
    browser = Client()
    browser.cookies["unit"] = clerk.cookies["sessionid"].value
    assert browser.get("/u/desk/").status_code == 404
    assert browser.post("/u/leave/").status_code == 404
    assert clerk.get("/city/opinions/").status_code == 200
    assert Session.objects.count() == 1


def test_a_clerks_browser_is_the_unit_below_u_and_the_clerk_elsewhere(cast, item, client_of):
    other = asked_of(make.unit(committee=cast.city), title="他单位的事项")
    clerk = client_of("clerk")
    session = clerk.cookies["sessionid"].value
    desk.opened(cast.unit, client=clerk)
    assert clerk.cookies["sessionid"].value == session
    page = shown(clerk.get("/u/desk/"))
    assert item.title in page and other.title not in page
    assert cast.clerk.name not in page and "/city/" not in page
    assert clerk.get(f"/u/desk/{other.pk}/").status_code == 404
    answer = clerk.post(f"/u/desk/{item.pk}/sign_for/", {"by_name": "李四"})
    assert answer.status_code == 302
    step = item.steps.get(deed="sign_for")
    assert (step.by_user, step.by_guest, step.by_name) == (None, "unit_link", "李四")
    # And the other way round: the link opens nothing in the portal, for clerk or anybody.
    assert clerk.get("/city/unit/").status_code == 403
    guest = desk.opened(cast.unit)
    assert guest.get("/city/unit/").status_code == 302
    assert guest.get(f"/city/opinions/referrals/{item.pk}/replies/").status_code == 302
    assert guest.get("/api/v1/unit-items/").status_code == 403


def test_the_token_stands_in_no_log(cast, caplog):
    desk.link(cast.unit)
    browser = Client()
    with caplog.at_level(logging.DEBUG):
        browser.get(DOOR)
        for _ in range(6):
            browser.post(DOOR, {"code": "1"})
        browser.get(DOOR)
    assert TOKEN not in caplog.text
    entries = AuditEntry.objects.values_list("detail", "about", "by_ref")
    assert TOKEN not in str(list(entries))


def test_guessing_from_one_place_ends(cast):
    desk.link(cast.unit)
    browser = Client()
    for number in range(20):
        browser.get(f"/u/guess-{number}")
    assert browser.get(DOOR).status_code == 429
    assert Client(REMOTE_ADDR="10.9.9.9").get(DOOR).status_code == 200


def test_the_name_is_typed_once(cast, item):
    browser = desk.opened(cast.unit)
    nameless = browser.post(f"/u/desk/{item.pk}/sign_for/", {"by_name": " "})
    assert nameless.status_code == 400 and Referral.objects.get().signed_for_at is None
    browser.post(f"/u/desk/{item.pk}/sign_for/", {"by_name": "李四"})
    assert 'value="李四"' in shown(browser.get(f"/u/desk/{item.pk}/assign/"))


def test_the_offices_page(cast, client_of):
    clerk = client_of("clerk")
    page = clerk.post(f"/city/opinions/unit-links/units/{cast.unit.pk}/make/", {"days": "90"})
    link = UnitLink.objects.get()
    assert "no-store" in page["Cache-Control"] and "/u/" in shown(page)
    assert shown(page).count("link-paper") == 2
    listed = shown(clerk.get("/city/opinions/unit-links/?q=教育"))
    assert cast.unit.name in listed and "尚未使用" in listed and "/u/" not in listed
    for deed, word in (("extend", "已延长有效期"), ("revoke", "链接已停用")):
        answer = clerk.post(f"/city/opinions/unit-links/{link.pk}/{deed}/", follow=True)
        assert word in shown(answer)
    again = clerk.post(f"/city/opinions/unit-links/{link.pk}/extend/", follow=True)
    assert "请重新生成" in shown(again)
    assert "没有这样的单位" in shown(clerk.get("/city/opinions/unit-links/?q=%00nowhere"))
    elsewhere = handling.unit_link(unit=make.unit())
    assert clerk.post(f"/city/opinions/unit-links/{elsewhere.pk}/revoke/").status_code == 404
    url = f"/city/opinions/unit-links/units/{elsewhere.unit_id}/make/"
    assert clerk.post(url).status_code == 404
    odd = clerk.post(f"/city/opinions/unit-links/units/{cast.unit.pk}/make/", {"days": "7"})
    assert odd.status_code == 302 and UnitLink.objects.filter(unit=cast.unit).count() == 1
    assert client_of("signer").get("/city/opinions/unit-links/").status_code == 200

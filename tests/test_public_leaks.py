"""Who has no account, or only a receipt, reads what is declared public, and nothing else.

Every address of the portal is asked; whatever is not declared public here sends to the door, is not
found, or refuses. What the public pages say is searched for every text that is not theirs.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, converters, reverse

from committees.models import User
from contacts.models import Contact
from opinions.models import Manuscript, Opinion, Proposal, Status
from tests import make
from tests.addresses import names, patterns
from tests.test_urls import rows_of
from tests.world import CANARY, build
from workrooms.actions import issue_receipt
from workrooms.models import Reception

pytestmark = pytest.mark.crawl

PUBLIC = {
    "public:rooms", "public:members", "public:room", "public:door", "public:tell",
    "public:receipt", "pages:entrance", "account_login", "account_reset_password",
    "committees:slip", "committees:slip_code", "healthz", "readyz", "public_proposals:list",
    "public_announcements:list", "public_announcements:detail",
}  # fmt: skip
# Opened by a secret in the address: here it is guessed.
GUESSED = {"pages:calendar_feed": {"token": "guessed"}}
OWN = "楼上漏水一直没有人管"
EXAMPLES = {
    converters.IntConverter: 1,
    converters.SlugConverter: "x",
    converters.StringConverter: "x",
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        built = build()
        mine = make.reception(workroom=built.cast.room, said=OWN, resident_name="漏水某")
        make.opinion(
            authors=[built.cast.member_of("member")], reception=mine, status=Status.ISSUED,
            title=f"关于{CANARY['e']}漏水的建议", situation=f"{CANARY['e']}漏水",
        )  # fmt: skip
        built.number = issue_receipt(mine, by=built.cast.keeper)
        with django_db_blocker.block():
            yield built
        transaction.set_rollback(True)


@pytest.fixture(params=["anonymous", "receipt"])
def visitor(request, world, db):
    """Nobody, and somebody who has just opened their own matter."""
    client = Client(raise_request_exception=False)
    if request.param == "receipt":
        assert OWN in client.post("/r/", {"number": world.number}).content.decode()
    return client


def secrets(world) -> set[str]:
    """Every text that a public page has no business with."""
    found = set(CANARY.values())
    found |= set(Opinion.objects.values_list("title", flat=True))
    found |= set(Manuscript.objects.values_list("situation", flat=True))
    found |= set(Proposal.objects.values_list("title", flat=True))
    for row in Reception.objects.all():
        found |= {row.said, row.resident_name, row.resident_phone, row.result, row.gist}
    found |= {contact.name for contact in Contact.objects.all()}
    found |= {person.phone for person in User.objects.all()}
    found |= {person.masked_phone for person in User.objects.all()}
    return {text for text in found if text}


def addresses(world) -> dict[str, str]:
    """`{name: path}` of every address, with rows that exist where the tests know them."""
    known = rows_of(world) | GUESSED
    found = {}
    for name, pattern in patterns():
        takes = pattern.pattern.converters
        given = {key: EXAMPLES.get(type(how), 1) for key, how in takes.items()}
        given |= known.get(name, {})
        if name in names(is_admin=False) and not name.startswith("api"):
            is_below = ":" in name and name.partition(":")[0] not in {
                "public",
                "committees",
                "public_proposals",
                "public_announcements",
            }
            given |= {"slug": "city"} if "slug" in takes or is_below else {}
        for kwargs in (given, {k: v for k, v in given.items() if k != "slug"}):
            try:
                found[name] = reverse(name, kwargs=kwargs)
                break
            except NoReverseMatch:  # the admin's pages of one row take args
                continue
    return found


def test_every_address_was_found(world, db):
    assert set(names(is_admin=False)) <= set(addresses(world))


def test_nothing_but_the_public_pages_opens(world, visitor):
    opened, odd = set(), {}
    for name, path in addresses(world).items():
        for method in (visitor.get, visitor.post):
            mark = transaction.savepoint()
            answer = method(path)
            transaction.savepoint_rollback(mark)
            if answer.status_code == 200:
                opened.add(name)
            elif answer.status_code not in {302, 400, 403, 404, 405, 410}:
                odd[f"{name} {path}"] = answer.status_code
            elif answer.status_code == 302 and name not in PUBLIC:
                assert answer.url.startswith(("/accounts/", "/r/", "/admin/", "/")), name
    assert opened <= PUBLIC
    assert odd == {}


def test_public_pages_say_nothing_of_anybody_elses(world, visitor):
    texts, found = secrets(world), {}
    for name, path in addresses(world).items():
        for method in (visitor.get, visitor.post):
            mark = transaction.savepoint()
            body = method(path).content.decode()
            transaction.savepoint_rollback(mark)
            if heard := {text for text in texts if text in body}:
                found[name] = heard
    assert found == {}


def test_the_own_receipt_says_nothing_of_the_report_or_of_others(world, db):
    body = Client().post("/r/", {"number": world.number}).content.decode()
    assert {text for text in secrets(world) if text in body} == {OWN}


PARTS = ["opinions/", "opinions/{pk}/", "opinions/{pk}/text/", "issues/", "feed/", "files/{pk}/"]
PARTS += ["receptions/{pk}/", "referrals/{pk}/", "rooms/{pk}/opinions/", "opinions.json", "{pk}/"]


@pytest.mark.parametrize("part", PARTS)
def test_public_and_opinion_and_any_part_is_not_found(world, visitor, part):
    part = part.format(pk=world["e_issued"].pk)
    room = world.cast.room.pk
    paths = [f"/city/public/{part}", f"/city/public/rooms/{room}/{part}", f"/r/picture/{part}"]
    assert {visitor.get(path).status_code for path in paths} == {404}


@pytest.mark.parametrize("name", ["detail", "rewrite", "edit"])
def test_what_is_there_and_what_is_not_look_the_same(world, visitor, name):
    def asked(pk):
        answer = visitor.get(reverse(f"opinions:{name}", kwargs={"slug": "city", "pk": pk}))
        return answer.status_code, answer.headers.get("Location", "").replace(str(pk), "N")

    assert asked(world["e_issued"].pk) == asked(999_999)
    assert asked(999_999)[0] == 302


def test_the_interface_is_closed_to_a_receipt(world, visitor):
    rows = ("opinion", "visit", "contact", "member", "workroom")
    answers = {visitor.get(f"/api/v1/{row}s/").status_code for row in rows}
    assert answers <= {403, 404}


@pytest.mark.parametrize("which", ["e_issued", "e_with_convenor"])
def test_no_number_of_a_row_opens_a_receipt(world, db, which):
    row = world[which]
    for number in (row.pk, row.number, f"{row.pk:016d}", f"{world['e_reception'].pk:016d}"):
        body = Client().post("/r/", {"number": str(number)}).content.decode()
        assert "办理进度" not in body

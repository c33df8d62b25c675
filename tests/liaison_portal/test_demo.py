"""The demo: its sizes, the accounts, every state, and the honesty of its steps."""

from __future__ import annotations

import datetime
import stat
from io import StringIO
from urllib.parse import urljoin

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count

from committees.actors import Guest
from committees.models import Committee, Theme, User
from committees.permissions import is_office
from contacts.coverage import count_gaps
from contacts.models import Area, Contact, HelpOffer, Visit
from contacts.periods import Every, Period
from contacts.scopes import scopes_of
from liaison_portal.demo import places
from liaison_portal.demo.accounts import ACCOUNTS
from liaison_portal.demo.receptions import SHOWN, shown_number
from liaison_portal.local import folders
from members.models import Member, Position
from opinions.milestones import MILESTONES
from opinions.models import Adoption, Opinion, Status, Step
from opinions.workflow import MOVES
from records.actions import digest
from records.models import MonthlySummary
from sectors.models import Convenorship
from tests.addresses import kind_of
from tests.journeys.hand import Hand
from workrooms.actions import find_by_receipt
from workrooms.models import Evidence, Reception, RoomMember, RoomPhoto, Standard, Workroom
from workrooms.steps import receipt_steps

TODAY = "2026-11-24"
PASSWORD = "一个口令 12"


def make_demo(members, seed=7):
    call_command("demo", members=members, seed=seed, today=day(TODAY), stdout=StringIO())
    return Committee.objects.get(slug="demo")


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """One demo for all tests that only look at it; the folder its list of accounts lies in."""
    var = tmp_path_factory.mktemp("var")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(folders, "prepare_var", lambda: var)
        patch.setenv("DEMO_PASSWORD", PASSWORD)
        make_demo(members=120)
        with django_db_blocker.block():
            yield var
        transaction.set_rollback(True)


@pytest.fixture
def city(filled, db):
    return Committee.objects.get(slug="demo")


def day(text):
    return datetime.date.fromisoformat(text)


def test_sizes_of_the_whole_city():
    assert places.sector_sizes(360) == {name: size for name, (size, _) in places.SECTORS.items()}
    assert sum(places.sector_sizes(360).values()) == 360
    assert sum(places.sector_sizes(61).values()) == 61
    assert min(places.sector_sizes(60).values()) == 1


def test_demo_is_whole(city, filled):
    assert (city.is_demo, city.name) == (True, "政协云川市委员会")
    slugs = set(Committee.objects.values_list("slug", flat=True))
    assert slugs == {"demo", *(f"demo-{n:02d}" for n in range(1, 12))}
    assert {c.parent_id for c in Committee.objects.exclude(slug="demo")} == {city.pk}
    assert Member.objects.in_committee(city).serving().count() == 120
    assert Position.objects.filter(committee=city, kind="standing").count() == 120 * 57 // 360
    per_sector = Convenorship.objects.filter(committee=city).values("sector").annotate(n=Count("*"))
    assert {row["n"] for row in per_sector} <= {1, 2, 3}
    assert Workroom.objects.in_committee(city).count() == 50
    assert Contact.objects.in_committee(city).count() == 194
    assert Visit.objects.in_committee(city).count() == 1000
    everyone = User.objects.exclude(sign_in_name=None)
    assert {u.sign_in_name for u in everyone} == {a.sign_in_name for a in ACCOUNTS}
    assert all(u.check_password(PASSWORD) for u in everyone)
    rooms_kept = RoomMember.objects.filter(committee=city, is_keeper=True).values("workroom")
    assert rooms_kept.distinct().count() == 50
    listing = filled / "demo-accounts.txt"
    assert stat.S_IMODE(listing.stat().st_mode) == 0o600
    assert listing.read_text().splitlines()[0] == f"登录密码（各账号相同）：{PASSWORD}"


def test_rooms_show_themselves(city):
    rooms = Workroom.objects.in_committee(city)
    assert rooms.off_map().count() in range(1, 10)
    assert not rooms.filter(street_group=None).exists()
    assert (
        rooms.filter(has_party_group=True).exists() and rooms.exclude(other_addresses="").exists()
    )
    wanted = Standard.objects.in_committee(city).count()
    met = set(rooms.for_list().values_list("standards_met", flat=True))
    assert wanted == 11 and {wanted} < met
    states = {row.state for row in Evidence.objects.filter(committee=city)}
    assert states == {"ok", "waiting", "returned"}
    photos = RoomPhoto.objects.filter(committee=city).select_related("attachment")
    assert len({photo.attachment.sha256 for photo in photos}) == 6
    kept = rooms.get(room_members__user__sign_in_name="keeper")
    assert kept.photos.count() == 3


def test_one_street_pairs_39_grids_39_workers_and_22_members(city):
    areas = Area.objects.in_committee(city).for_list()
    assert len(areas) == 12
    street = areas[0]
    assert (street.grid_count, len(street.people)) == (39, 22)
    assert street.grids.exclude(worker="").count() == 39
    assert sum(len(area.people) for area in areas) == 120
    contacts = Contact.objects.in_committee(city)
    assert contacts.proposed().exists() and contacts.sent_back().exists()
    assert Theme.objects.in_committee(city).filter(visits__isnull=False).distinct().count() == 6


def standing_of(name):
    return {role for role, _, _ in User.objects.get(sign_in_name=name).standing}


def test_accounts_stand_as_the_cast_does(city):
    alone = "clerk editor checker signer leader confidant auditor sysadmin secadmin commission"
    expected = {name: {name} for name in f"{alone} handler liaison delegate keeper".split()}
    expected |= {name: {"member"} for name in ("member", "member2")}
    expected |= {name: {"member", "convenor"} for name in ("convenor", "convenor2")}
    expected["countyclerk"] = {"clerk", "checker", "signer"}
    assert {account.sign_in_name: standing_of(account.sign_in_name) for account in ACCOUNTS} == (
        expected
    )


def test_reports_reach_every_state_the_moves_reach(city):
    reachable = {Status.DRAFT}
    for move in MOVES.values():
        reachable |= {move.target} | ({move.detour.target} if move.detour else set())
    rows = Opinion.objects.in_committee(city)
    assert set(rows.values_list("status", flat=True)) == reachable
    assert not rows.filter(status=Status.OFFLINE).exclude(title="").exists()
    numbers = list(rows.filter(year=2026).exclude(number=None).order_by("received_on", "number"))
    wholes = rows.filter(is_composed=True).order_by("pk")
    assert [(row.status, row.part_count) for row in wholes] == [
        (Status.ISSUED, 2),
        (Status.EDITING, 3),
    ]
    assert sorted(row.number for row in numbers) == list(range(1, len(numbers) + 1))
    issued = rows.filter(status__in=[Status.ISSUED, Status.CLOSED])
    own = Adoption.objects.filter(opinion__in=issued, level="city", form__in=["single", "composed"])
    assert set(issued) == {row.opinion for row in own.select_related("opinion")}
    assert not issued.filter(issue=None).exists()
    at_work = rows.exclude(status__in=[Status.DRAFT, Status.WITH_CONVENOR, Status.WITHDRAWN])
    assert not at_work.filter(number=None).exclude(status=Status.RETURNED).exists()


def test_every_step_was_somebodys_to_make(city):
    people = {}
    steps = Step.objects.filter(opinion__committee=city).select_related("opinion", "by_user")
    assert set(steps.exclude(move__in=MOVES).values_list("move", flat=True)) <= set(MILESTONES)
    steps = steps.filter(move__in=MOVES)
    assert steps.exists()
    for step in steps:
        actor = people.setdefault(step.by_user_id, step.by_user) or Guest(step.by_guest)
        assert MOVES[step.move].allowed(actor, step.opinion), (step.move, actor)


def test_steps_join_up_and_lie_in_the_past(city):
    for opinion in Opinion.objects.in_committee(city).prefetch_related("steps"):
        sent = Status.RECEIVED if opinion.source_id else Status.DRAFT
        begun = Status.EDITING if opinion.is_composed else sent
        status, at = begun, opinion.created_at
        for step in opinion.steps.all():
            assert step.source == status and step.at >= at
            status = step.target
            at = at if step.move in MILESTONES else step.at
        assert (opinion.status, opinion.waiting_since) == (status, at)
        assert at.date() < day(TODAY)


def test_every_board_of_coverage_shows_gaps(city):
    quarter = Period.of(Every.QUARTER, day(TODAY))
    left = {}
    for name in ("member", "member2", "convenor", "commission", "leader", "clerk"):
        for scope in scopes_of(User.objects.get(sign_in_name=name), city):
            found = count_gaps(scope, quarter)
            left[name, scope.key] = found["n_contacts"]
            assert scope.is_own or found["n_contacts"] < found["of_contacts"]
    assert [key for key, number in left.items() if not number] == []
    assert all(found[f"n_{key}"] for key in ("areas", "occasions", "sectors"))  # the office's
    assert HelpOffer.objects.in_committee(city).in_month(day(TODAY)).count() == 2


def test_summaries_are_approved_but_the_last(city):
    own = MonthlySummary.objects.in_committee(city).of("committee")
    rows = list(own.filter(every="month").order_by("month"))
    assert [f"{row.month:%Y-%m}" for row in rows][-1] == "2026-10"
    assert [row.approved_at is not None for row in rows] == [True] * 10 + [False]
    assert all(row.digest == digest(row) for row in rows[:-1])
    assert all(is_office(row.approved_by, city) for row in rows[:-1])
    assert {row.every for row in own} == {"month", "quarter", "year"}
    for kind in ("sector", "commission", "workroom"):
        below = MonthlySummary.objects.in_committee(city).of(kind)
        assert below.drafts().exists()
        assert all(row.digest == digest(row) for row in below.exclude(approved_at=None))


@pytest.mark.crawl
@pytest.mark.parametrize("name", ["clerk", "editor", "leader", "member", "convenor", "keeper"])
def test_no_link_is_dead(city, name):
    """From the front page on, one page of every kind; the admin has links of its own."""
    hand = Hand()
    hand.client.force_login(User.objects.get(sign_in_name=name))
    waiting, seen = ["/"], set()
    while waiting:
        page = hand.open(waiting.pop(0))
        ours = [urljoin(page.path, href).partition("#")[0] for _, href in page.links if href]
        for path in ours:
            is_ours = path.startswith("/") and not path.startswith(("/admin/", "/static/"))
            if is_ours and kind_of(path) not in seen:
                seen.add(kind_of(path))
                waiting.append(path)
    assert len(seen) > 20


def test_the_reception_book_is_in_every_state(city):
    book = Reception.objects.in_committee(city)
    assert set(book.values_list("disposal", flat=True)) == {"", *Reception.Disposal.values}
    assert set(book.values_list("nature", flat=True)) == set(Reception.Nature.values)
    assert set(book.values_list("way", flat=True)) == set(Reception.Way.values)
    for state in (book.overdue(on=day(TODAY)), book.to_be_told(), book.finished()):
        assert state.exists()
    assert book.exclude(liaison_group=None).exists()
    assert book.confided().count() == 1
    numbers = book.filter(year=2026).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))


def test_the_shown_receipts_open_what_they_say(city):
    reached = {
        name: [str(step.label) for step in receipt_steps(find_by_receipt(shown_number(name)))
               if step.day][-1]
        for name in SHOWN
    }  # fmt: skip
    assert reached == SHOWN


def test_the_steps_of_an_entry_are_in_order(city):
    for row in Reception.objects.in_committee(city).with_steps():
        days = [step.day for step in receipt_steps(row) if step.day]
        assert days == sorted(days), row.label

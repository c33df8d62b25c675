"""What fell between two: merged authors, relaying offices, second rounds, sheets, ways there."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from committees.actors import CLOCK
from committees.models import AuditEntry, Role
from committees.workdays import calendar_of
from contacts.periods import Every, Period
from notices.models import Notice
from opinions.actions import evaluations, referrals, unit_desk
from opinions.actions.after_reply import reply_given
from opinions.models import Evaluation, Proposal, ProposalStatus, Referral, Status
from opinions.registers import adoption_table
from records.periods import Subject
from records.summaries import FIGURES, count_all
from sectors.models import Sector
from tests import make
from tests.addresses import prove
from tests.make import handling, outcomes
from tests.make import proposals as made
from workrooms.models import Reception
from workrooms.steps import receipt_steps

S = Status
DAY = dt.timedelta(days=1)
WORDS = {"title": "题", "text": "路口拥堵。"}


def told(kind, **where):
    rows = Notice.objects.filter(kind=kind, **where).order_by("id")
    return [(row.recipient, row.path) for row in rows]


@pytest.fixture
def whole(cast):
    """A composed report, issued, of one part of education and one of business."""
    row = make.opinion(authors=[], committee=cast.city, status=S.ISSUED, created_by=cast.clerk)
    row.authorships.all().delete()
    type(row).objects.filter(pk=row.pk).update(
        is_composed=True, part_count=2, sector=None, received_on=None
    )
    for who in ("member", "member2"):
        author = cast.member_of(who)
        part = make.opinion(author=author, sector=sector_of(author), status=S.RECEIVED)
        type(part).objects.filter(pk=part.pk).update(status=S.MERGED, merged_into=row)
    return type(row).objects.get(pk=row.pk)


def sector_of(member):
    return Sector.objects.get(seats__membership__member=member)


def answered(asked):
    said = handling.reply(referral=asked, text="已办。")
    with transaction.atomic():
        reply_given(said, by=CLOCK)


# Merged authors -------------------------------------------------------------


def test_authors_of_what_was_merged_are_asked_and_may_evaluate(client_of, cast, whole):
    answered(handling.referral(opinion=whole, unit=cast.unit))
    people = {cast.member_of(who).pk for who in ("member", "member2")}
    assert set(Evaluation.objects.values_list("member", flat=True)) == people
    client, page = client_of("member2"), f"/city/opinions/{whole.pk}/evaluate/"
    row = Evaluation.objects.get(member=cast.member_of("member2"))
    given = {"evaluation": row.pk, "handling": "satisfied", "result": "satisfied"}
    assert client.get(page).status_code == 200 and client.post(page, given).status_code == 302
    row.refresh_from_db()
    assert row.given_by == cast.member2


def heard(cast, **over):
    room = make.workroom(committee=cast.city)
    return make.reception(workroom=room, **over)


def test_a_resident_reads_that_the_composed_report_was_issued(cast, whole):
    own, other = heard(cast), heard(cast)
    parts = whole.parts.order_by("pk")
    for part, entry in zip(parts, (own, other), strict=True):
        part.reception = entry
        part.save(update_fields=["reception"])
    for entry in (own, Reception.objects.with_steps().get(pk=other.pk)):
        assert receipt_steps(entry)[3].day == whole.issue.issued_on
    assert receipt_steps(heard(cast))[3].day is None
    asked = handling.referral(opinion=whole, unit=cast.unit)
    answered(asked)
    entries = {f"/city/workrooms/receptions/{entry.pk}/" for entry in (own, other)}
    assert {path for who, path in told("gist_to_write") if who == cast.clerk} == entries


def test_an_entry_against_a_person_is_not_reminded_of(cast, whole):
    part = whole.parts.first()
    part.reception = heard(cast, nature=Reception.Nature.PERSON)
    part.save(update_fields=["reception"])
    answered(handling.referral(opinion=whole, unit=cast.unit))
    assert told("gist_to_write") == []


def test_a_whole_counts_once_and_for_each_of_its_sectors(client_of, cast, whole):
    make.adoption(opinion=whole, level=cast.city.level)
    make.adoption(opinion=whole, level=cast.city.level, body="市委办公室")
    outcomes.instruction(opinion=whole)
    year = timezone.localdate().year
    sectors = list(Sector.objects.in_committee(cast.city).order_by("position", "id"))
    lines, total = adoption_table(cast.city, year, sectors)
    mine = [sector_of(cast.member_of(who)).title for who in ("member", "member2")]
    found = {line.name: line.numbers for line in lines if any(line.numbers)}
    level = cast.city.level
    counted = [1, *(int(one == level) for one in ("county", "city", "province", "nation")), 1]
    assert found == dict.fromkeys(mine, counted)
    assert total.numbers == [2, *counted[1:]]
    month = Period.of(Every.MONTH, timezone.localdate())
    assert count_all(cast.city, month)[0]["issued"] == 1
    assert count_all(cast.city, month)[0]["received"] == 2
    by_sector = [
        count_all(cast.city, month, subject=Subject("sector", sector.pk))[0]["issued"]
        for sector in Sector.objects.in_committee(cast.city)
    ]
    assert sum(by_sector) == 2 and set(by_sector) == {0, 1}
    other = sector_of(cast.member_of("member2")).pk
    listed = FIGURES["issued"].of_subject("sector", other, cast.city, month)
    assert list(listed) == [whole]
    register = client_of("clerk").get("/city/opinions/register/").content.decode()
    assert whole.title not in register or register.count(whole.label) == 0
    page = client_of("clerk").get("/city/opinions/adoptions/table/").content.decode()
    assert "各界别之和可能大于合计" in page


# Relaying offices and rounds ------------------------------------------------


@pytest.fixture
def relayed(cast):
    via = make.unit(committee=cast.city, is_relaying=True)
    relay = make.officer(Role.HANDLER, cast.city, via.pk)
    issued = make.opinion(author=cast.member_of("member"), status=S.ISSUED)
    return handling.referral(opinion=issued, unit=None, via=via), relay


def test_a_relaying_office_without_a_unit_is_answered_by_the_office(client_of, cast, relayed):
    row, relay = relayed
    unit_desk.ask_refusal(row, "不属职责", by=relay)
    page = f"/city/referrals/{row.pk}/"
    assert (cast.clerk, page) in told("unit_asks")
    client = client_of("clerk")
    assert "答复退办申请" in client.get(page).content.decode()
    referrals.decide_refusal(row, by=cast.clerk, is_granted=True, answer="同意。")
    assert Referral.objects.with_state().get(pk=row.pk).state == "returned"


def test_the_unit_assigned_is_told_and_so_of_each_answer(cast, relayed):
    row, relay = relayed
    unit_desk.assign_unit(row, cast.unit, by=relay)
    page = f"/city/unit/{row.pk}/"
    assert told("referral_new", recipient=cast.handler) == [(cast.handler, page)]
    unit_desk.ask_refusal(row, "不属职责", by=cast.handler)
    assert told("unit_asks") == [(relay, page)]
    unit_desk.decide_refusal(row, is_granted=False, answer="请继续。", by=relay)
    assert told("referral_refusal_decided", recipient=cast.handler) == [(cast.handler, page)]


def test_more_time_in_a_second_round(cast):
    issued = make.opinion(author=cast.member_of("member"), status=S.ISSUED)
    row = handling.referral(opinion=issued, unit=cast.unit, signed_for_at=timezone.now())
    extension = unit_desk.ask_extension(row, row.due_on + DAY, "雨季。", by=cast.handler)
    extension.referral = row
    referrals.decide_extension(extension, by=cast.clerk, is_granted=True)
    past = timezone.localdate() - 60 * DAY
    Referral.objects.filter(pk=row.pk).update(referred_on=past)
    row.refresh_from_db()
    answered(row)
    said = Evaluation.objects.get()
    evaluations.evaluate(said, by=cast.member, handling="fairly", result="dissatisfied")
    evaluations.decide(said, by=cast.clerk, choice="again", note="请再办。")
    assert told("referral_again") == [(cast.handler, f"/city/unit/{row.pk}/")]
    row.refresh_from_db()
    latest = unit_desk.latest_extension(row)
    rule, calendar = unit_desk.rule_of(row), calendar_of(cast.city)
    assert latest == calendar.after(row.due_on, rule.extend_workdays)
    second = unit_desk.ask_extension(row, latest, "雨季。", by=cast.handler)
    second.referral = row
    referrals.decide_extension(second, by=cast.clerk, is_granted=True)
    whole = rule.due_workdays + rule.extend_workdays
    assert unit_desk.latest_extension(row) == calendar.after(timezone.localdate(), whole)


# Putting a proposal or an entry to a unit -----------------------------------


def test_a_proposals_text_is_in_the_form_and_it_is_linked(client_of, cast):
    filed = made.proposal(author=cast.member_of("member"), status=ProposalStatus.FILED)
    client = client_of("clerk")
    page = client.get(f"/city/referrals/new/?proposal={filed.pk}").content.decode()
    assert "学校门口早晚拥堵。\n\n错峰放学，增设接送区。" in page
    (row,) = referrals.refer(filed, by=cast.clerk, lead=cast.unit, **WORDS)
    detail = client.get(f"/city/referrals/{row.pk}/").content.decode()
    assert f'href="/city/proposals/{filed.pk}/"' in detail
    Proposal.objects.filter(pk=filed.pk).update(is_elsewhere=True)
    with pytest.raises(ValidationError) as refused:
        referrals.refer(filed, by=cast.clerk, lead=make.unit(committee=cast.city), **WORDS)
    assert refused.value.code == "kept_elsewhere"


@pytest.mark.parametrize("is_passed", [False, True])
def test_an_entry_is_due_when_the_unit_is(cast, is_passed):
    entry = heard(cast)
    if is_passed:
        from workrooms.actions import dispose

        dispose(entry, "unit", by=cast.clerk, passed_to="教育局基教科")
    (row,) = referrals.refer(entry, by=cast.clerk, lead=cast.unit, **WORDS)
    entry.refresh_from_db()
    assert (entry.disposal, entry.due_on, entry.unit) == ("unit", row.due_on, cast.unit)
    assert entry.passed_to == ("教育局基教科" if is_passed else "")


# Sheets ---------------------------------------------------------------------

SHEETS = {
    "promises/export/": ("promise.export", "/city/promises/"),
    "proposals/export/": ("proposal.export", "/city/proposals/"),
    "opinions/register/export/": ("opinion.register_export", "/city/opinions/register/"),
    "opinions/issues/export/": ("issue.export", "/city/opinions/issues/"),
    "opinions/adoptions/export/": ("adoption.export", "/city/opinions/adoptions/"),
    "opinions/adoptions/table/export/": (
        "adoption.table_export",
        "/city/opinions/adoptions/table/",
    ),
}


@pytest.mark.parametrize("path", SHEETS)
def test_a_sheet_asks_for_the_password_and_leaves_its_trail(client_of, cast, path):
    deed, back = SHEETS[path]
    client, sheet = client_of("clerk"), f"/city/{path}?year=2026"
    assert client.get(sheet).url == f"{back}?year=2026"
    asked = client.post(sheet)
    assert asked.status_code == 302 and asked.url.startswith("/accounts/reauthenticate/")
    assert not AuditEntry.objects.filter(action=deed).exists()
    answer = prove(client).post(sheet)
    assert answer.status_code == 200 and answer["Cache-Control"].count("no-store") == 1
    assert "rows" in AuditEntry.objects.get(action=deed).detail
    assert f'action="/city/{path}' in client.get(f"{back}?year=2026").content.decode()


# The ways there -------------------------------------------------------------


def test_categories_are_linked_for_the_clerk(client_of, cast):
    page = "/city/opinions/categories/"
    assert page in client_of("clerk").get("/city/desk/").content.decode()
    assert client_of("clerk").get(page).status_code == 200

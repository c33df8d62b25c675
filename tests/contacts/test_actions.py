import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.actors import CLOCK
from committees.models import AuditEntry
from contacts import actions
from contacts.models import Channel, Contact, Occasion, Visit, VisitMember
from contacts.seed import CHANNELS, OCCASIONS, seed
from sectors.actions import move_to_sector
from tests import make
from tests.budgets import costs


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def channel(cast):
    return make.channel(committee=cast.city)


def log(cast, channel, who="member", **over):
    member = cast.member_of(who)
    values = {"members": [member], "happened_on": timezone.localdate(), "by": cast[who]}
    return actions.log_visit(committee=cast.city, channel=channel, **values | over)


def refused(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    error = refusal.value
    return (
        {key: [e.code for e in rows] for key, rows in error.error_dict.items()}
        if hasattr(error, "error_dict")
        else error.code
    )


def test_a_visit_is_kept_credited_and_on_the_trail(cast, channel, today):
    contact = make.contact(member=cast.member_of("member"))
    occasion = make.occasion(committee=cast.city)
    visit = log(
        cast, channel, contacts=[contact], occasion=occasion, place="新华社区", said="路灯不亮。"
    )
    kept = Visit.objects.get()
    assert (kept, kept.happened_on, kept.place, kept.said) == (
        visit,
        today,
        "新华社区",
        "路灯不亮。",
    )
    assert (kept.people_count, kept.created_by, kept.on_behalf_of) == (1, cast.member, None)
    part = VisitMember.objects.get()
    assert (part.member, part.sector) == (cast.member_of("member"), cast.education)
    assert list(kept.contacts.all()) == [contact]
    entry = AuditEntry.objects.filter(committee=cast.city).first()
    assert (entry.action, entry.about, entry.detail) == (
        "visit.log", f"contacts.visit:{visit.pk}", {},
    )  # fmt: skip


def test_logging_costs_six_statements_with_one_member_and_with_three(cast, channel):
    member, others = cast.member_of("member"), [make.member(sector=cast.education) for _ in "ab"]
    contact = make.contact(member=member)
    assert cast.member.standing
    for present in ([member], [member, *others]):
        with costs(6):  # visit, parts, contacts met, and the trail's two; seats ride along
            log(cast, channel, members=present, contacts=[contact], on_behalf_of=None)


@pytest.mark.parametrize("ahead", [1, 400])
def test_the_future_is_refused(cast, channel, today, ahead):
    day = today + datetime.timedelta(days=ahead)
    assert refused(log, cast, channel, happened_on=day) == {"happened_on": ["future"]}
    assert Visit.objects.count() == 0


def test_a_leap_day_years_back_is_accepted(cast, channel):
    visit = log(cast, channel, happened_on=datetime.date(2024, 2, 29))
    assert Visit.objects.get().happened_on == visit.happened_on == datetime.date(2024, 2, 29)


def test_each_member_is_credited_with_the_sector_of_that_day(cast, channel, today):
    member = cast.member_of("member")
    moved_on = today - datetime.timedelta(days=10)
    move_to_sector(member, cast.business, on=moved_on, by=CLOCK)
    colleague = cast.member_of("convenor")
    eve = moved_on - datetime.timedelta(days=1)
    for day, sector in ((eve, cast.education), (moved_on, cast.business)):
        visit = log(cast, channel, members=[member, colleague], happened_on=day)
        parts = {part.member: part.sector for part in visit.parts.all()}
        assert parts == {member: sector, colleague: cast.education}
    before_all = log(cast, channel, happened_on=datetime.date(2021, 1, 1))
    assert before_all.parts.get().sector is None


def test_who_is_named_twice_is_credited_once(cast, channel):
    member = cast.member_of("member")
    contact = make.contact(member=member)
    visit = log(cast, channel, members=[member, member], contacts=[contact, contact])
    assert (visit.parts.count(), visit.contacts.count(), visit.people_count) == (1, 1, 1)


def test_one_source_is_logged_once(cast, channel):
    log(cast, channel, who="member", by=cast.keeper, from_what="workrooms.reception:12")
    again = {"by": cast.keeper, "from_what": "workrooms.reception:12"}
    assert refused(log, cast, channel, **again) == "visit_once_per_source"
    assert Visit.objects.count() == 1


def test_papers_with_classification_marks_are_refused(cast, channel):
    assert refused(log, cast, channel, said="转发：机密★三年") == "classified"
    assert refused(log, cast, channel, promised="绝密件") == "classified"
    assert Visit.objects.count() == 0


def test_nothing_of_another_committee_gets_in(cast, channel):
    foreign = {
        "channel": make.channel(committee=cast.county),
        "occasion": make.occasion(committee=cast.county),
        "contacts": [make.contact(member=cast.member_of("countymember"))],
        "members": [cast.member_of("member"), cast.member_of("countymember")],
    }
    for key, row in foreign.items():
        assert refused(log, **{"cast": cast, "channel": channel, key: row}) == "other_committee"


def test_a_follow_up_does_not_lie_before_the_visit(cast, channel, today):
    eve = today - datetime.timedelta(days=1)
    assert refused(log, cast, channel, follow_up_on=eve) == {"follow_up_on": ["before_visit"]}


@pytest.mark.parametrize("who", ["delegate", "clerk", "editor"])
def test_a_delegate_and_the_office_enter_on_behalf(cast, channel, who):
    member = cast.member_of("member")
    visit = log(cast, channel, by=cast[who], on_behalf_of=member)
    assert (visit.created_by, visit.on_behalf_of) == (cast[who], member)
    assert AuditEntry.objects.filter(action="visit.log").get().on_behalf_of == member.user


def test_nobody_else_logs_for_a_member(cast, channel):
    member = cast.member_of("member")
    people = [
        "member2",
        "convenor",
        "leader",
        "keeper",
        "handler",
        "auditor",
        "countyclerk",
        "nobody",
    ]
    for who in people:
        for on_behalf_of in (None, member):
            with pytest.raises(PermissionDenied):
                log(cast, channel, by=cast[who], on_behalf_of=on_behalf_of)
    with pytest.raises(PermissionDenied):  # a delegate for a member who was not there
        others = [cast.member_of("member2")]
        log(cast, channel, members=others, by=cast.delegate, on_behalf_of=member)
    assert refused(log, cast, channel, members=[]) == "no_members"
    assert Visit.objects.count() == 0


def test_amending_keeps_what_was_not_named_and_tells_only_which_columns(cast, channel, today):
    contact = make.contact(member=cast.member_of("member"))
    visit = log(cast, channel, contacts=[contact], said="原话", place="甲")
    actions.amend_visit(visit, by=cast.member, place="乙", said="金丝雀")
    kept = Visit.objects.get()
    assert (kept.place, kept.said, list(kept.contacts.all())) == ("乙", "金丝雀", [contact])
    entry = AuditEntry.objects.filter(action="visit.amend").get()
    assert entry.detail == {"fields": ["place", "said"]}
    assert refused(
        actions.amend_visit, visit, by=cast.member, happened_on=today + datetime.timedelta(days=1)
    ) == {"happened_on": ["future"]}
    with pytest.raises(TypeError):
        actions.amend_visit(visit, by=cast.member, created_by=cast.clerk)


def test_another_day_credits_the_sector_of_that_day(cast, channel, today):
    member = cast.member_of("member")
    visit = log(cast, channel)
    move_to_sector(member, cast.business, on=today - datetime.timedelta(days=10), by=CLOCK)
    actions.amend_visit(visit, by=cast.member, happened_on=today - datetime.timedelta(days=3))
    assert visit.parts.get().sector == cast.business


def test_contacts_the_editor_may_not_see_stay(cast, channel):
    mine = make.contact(member=cast.member_of("member"))
    theirs = make.contact(member=cast.member_of("member2"))
    visit = log(cast, channel, by=cast.clerk, contacts=[mine, theirs],
                on_behalf_of=cast.member_of("member"))  # fmt: skip
    actions.amend_visit(visit, by=cast.member, contacts=[])
    assert list(visit.contacts.all()) == [theirs]


def test_author_principal_delegate_and_office_amend_nobody_else(cast, channel):
    both = [cast.member_of("member"), cast.member_of("member2")]
    visit = log(cast, channel, members=both, by=cast.delegate, on_behalf_of=both[0])
    for who in ("member", "delegate", "clerk", "signer"):
        actions.amend_visit(visit, by=cast[who], place=who)
    for who in ("member2", "convenor", "leader", "commission", "countyclerk", "auditor"):
        with pytest.raises(PermissionDenied):
            actions.amend_visit(visit, by=cast[who], place=who)
    assert Visit.objects.get().place == "signer"


def test_a_follow_up_is_planned_finished_once_and_opened_again(cast, channel, today):
    visit = log(cast, channel, members=[cast.member_of("member"), cast.member_of("member2")])
    assert refused(actions.finish_follow_up, visit, by=cast.member) == "nothing_open"
    actions.plan_follow_up(visit, on=today + datetime.timedelta(days=7), by=cast.member)
    assert list(Visit.objects.awaiting_follow_up()) == [visit]
    actions.finish_follow_up(visit, by=cast.member2)  # took part, though another wrote it
    assert visit.followed_up_at and not visit.awaits_follow_up
    assert refused(actions.finish_follow_up, visit, by=cast.member) == "nothing_open"
    actions.plan_follow_up(visit, on=today + datetime.timedelta(days=9), by=cast.member)
    assert visit.awaits_follow_up
    with pytest.raises(PermissionDenied):
        actions.finish_follow_up(visit, by=cast.convenor)


def add(cast, who="member", **over):
    values = {"name": "李建国", "consented_on": timezone.localdate(), "by": cast[who]}
    values |= {"member": cast.member_of(who)} if "member" not in over else {}
    return actions.add_contact(committee=cast.city, **values | over)


def test_a_contact_sits_in_the_members_sector_sealed_and_found_by_initials(cast):
    contact = add(cast, phone="139 1234 5678", place="新华社区")
    kept = Contact.objects.get()
    assert (kept.sector, kept.member) == (cast.education, cast.member_of("member"))
    assert (kept.phone, kept.masked_phone, kept.masked_name) == (
        "13912345678",
        "139****5678",
        "李**",
    )
    assert kept.pinyin.split()[0] == "ljg"
    assert Contact.objects.extra(where=["phone LIKE '%%1391%%'"]).count() == 0
    assert AuditEntry.objects.filter(action="contact.add").get().about.endswith(f":{contact.pk}")


def test_a_person_must_have_consented_and_not_ahead(cast, today):
    tomorrow = today + datetime.timedelta(days=1)
    assert refused(add, cast, consented_on=None) == {"consented_on": ["no_consent"]}
    assert refused(add, cast, consented_on=tomorrow) == {"consented_on": ["future"]}
    assert add(cast, kind=Contact.Kind.ORGANISATION, name="新华社区", consented_on=None).pk


def test_the_same_phone_is_registered_once_with_one_member(cast):
    add(cast, phone="13912345678")
    assert refused(add, cast, phone="139 1234 5678") == {"phone": ["contact_twice"]}
    assert add(cast, "member2", phone="13912345678").pk


def test_a_member_without_a_sector_is_told(cast):
    nobodys = make.member(committee=cast.city)
    assert refused(add, cast, member=nobodys, by=cast.clerk) == "no_sector"


def test_the_contacts_of_a_shielded_sector_are_the_offices(cast):
    with pytest.raises(PermissionDenied):
        add(cast, "shielded")
    contact = add(cast, "clerk", member=cast.member_of("shielded"))
    assert contact.sector == cast.minorities
    for who in ("shielded", "shielded_convenor", "leader", "commission", "countyclerk"):
        assert list(Contact.objects.visible_to(cast[who])) == []
    assert list(Contact.objects.visible_to(cast.clerk)) == [contact]
    with pytest.raises(PermissionDenied):
        actions.amend_contact(contact, by=cast.shielded, name="别名")


def test_a_contact_is_amended_moved_retired_and_restored(cast):
    contact = add(cast, phone="13912345678")
    actions.amend_contact(contact, by=cast.delegate, name="李国建", phone="")
    assert (contact.pinyin.split()[0], contact.phone) == ("lgj", "")
    other = cast.member_of("member2")
    with pytest.raises(PermissionDenied):
        actions.amend_contact(contact, by=cast.member, member=other)
    contact.refresh_from_db()
    actions.amend_contact(contact, by=cast.clerk, member=other)
    assert (contact.member, contact.sector) == (other, cast.business)
    actions.retire_contact(contact, by=cast.member2)
    assert list(Contact.objects.active()) == []
    actions.restore_contact(contact, by=cast.member2)
    assert list(Contact.objects.active()) == [contact]
    trail = AuditEntry.objects.filter(about=f"contacts.contact:{contact.pk}").order_by("sequence")
    assert [(entry.action, entry.detail) for entry in trail] == [
        ("contact.add", {}),
        ("contact.amend", {"fields": ["name", "phone"]}),
        ("contact.amend", {"fields": ["member"]}),
        ("contact.retire", {}),
        ("contact.restore", {}),
    ]


def test_a_reveal_asks_a_reason_and_is_on_the_trail(cast):
    contact = add(cast, phone="13912345678")
    for who in ("member", "delegate", "clerk"):
        shown = actions.reveal_contact(contact, by=cast[who], reason="回访")
        assert (shown.name, shown.phone) == ("李建国", "13912345678")
    for reason in ("", "   ", "长" * 101):
        assert refused(actions.reveal_contact, contact, by=cast.clerk, reason=reason) == "reason"
    for who in ("convenor", "member2", "leader", "countyclerk", "auditor"):
        with pytest.raises(PermissionDenied):
            actions.reveal_contact(contact, by=cast[who], reason="好奇")
    trail = AuditEntry.objects.filter(action="contact.reveal")
    assert {entry.by_user for entry in trail} == {cast.member, cast.delegate, cast.clerk}
    assert all(entry.detail == {"reason": "回访"} for entry in trail)


def test_the_samples_are_laid_once_and_left_alone(db):
    committee = make.committee()
    seed(committee)
    seed(committee)
    for model, names in ((Channel, CHANNELS), (Occasion, OCCASIONS)):
        rows = model.objects.in_committee(committee)
        assert [row.name for row in rows] == names
        assert all(row.is_sample for row in rows)
    assert (len(CHANNELS), len(OCCASIONS)) == (5, 8)
    own = make.committee()
    make.channel(committee=own, name="民情恳谈")
    seed(own)
    assert [row.name for row in Channel.objects.in_committee(own)] == ["民情恳谈"]

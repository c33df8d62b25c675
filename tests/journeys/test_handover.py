"""A committee goes from one term to the next (换届), told from the draft to the last hand-over."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from activities.models import Enrolment
from committees.models import AuditEntry, Term, User
from contacts.models import AreaMember, Contact
from members.models import Delegate, Member, Membership, Position
from notices.models import Notice
from opinions.models import Authorship, Status
from records.actions import approve_many, draft_all, note_late
from records.days import recount_days
from records.models import MonthlySummary
from records.periods import Every, Period
from records.summaries import count_all
from sectors.models import CommissionSeat, Convenorship, Handover, Seat, StreetSeat, Transfer
from sectors.tasks import carry_out_transfers
from tests import make
from tests.make import handling
from workrooms.models import DutyShift, RoomMember

DAY = dt.timedelta(days=1)
MEETING = "六届二十次常委会会议"


@pytest.fixture
def stage(cast):
    """The convenor of education leaves, and holds one of everything."""
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    cast.area = make.area(committee=cast.city)
    make.area_member(area=cast.area, member=leaver)
    for _ in range(3):
        make.contact(member=leaver)
    make.room_member(workroom=cast.room, member=leaver)
    kept = make.workroom(committee=cast.city)
    make.keeper(workroom=kept, member=leaver)
    make.commission_seat(member=leaver, commission=cast.learning, duty="head")
    make.street_seat(member=leaver, street_group=cast.street, is_head=True)
    make.position(member=heir)
    make.delegate(member=leaver)
    make.leader_contact(member=leaver, leader=cast.leader)
    make.posting(member=leaver, unit=cast.unit)
    make.duty_shift(member=leaver, workroom=cast.room, days=9)
    make.reception(workroom=cast.room, members=[leaver])
    cast.report = make.opinion(author=leaver, status=Status.RECEIVED)
    issued = make.opinion(authors=[leaver, heir], status=Status.ISSUED)
    handling.evaluation(reply=handling.reply(referral=handling.referral(opinion=issued)))
    handling.promise(referral=handling.referral(opinion=issued))
    meeting = make.activity(committee=cast.city, starts_at=timezone.now() + 9 * DAY)
    make.enrolment(activity=meeting, member=leaver)
    return cast


def prepare(client, on, **over):
    given = {"ordinal": 7, "on_date": on.isoformat(), "meeting": MEETING, "basis": "present"}
    given |= {"keeps_convenors": "on", "keeps_positions": "on", "keeps_commissions": "on"}
    answer = client.post("/city/sectors/handover/", given | {"keeps_streets": "on"} | over)
    assert answer.status_code == 302, answer.content.decode()
    return Handover.objects.get(committee__slug="city", state="draft")


def serving(committee, day):
    rows = Membership.objects.filter(committee=committee).on(day)
    return set(rows.values_list("member__name", flat=True))


def test_present_members_one_leaves(stage, client_of, day_comes):
    cast, clerk = stage, client_of("clerk")
    on = timezone.localdate() + 3 * DAY
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    before = serving(cast.city, timezone.localdate())
    contacts = set(Contact.objects.values_list("pk", flat=True))
    row = prepare(clerk, on)
    page = f"/city/sectors/handover/{row.pk}/"
    assert row.report["figures"]["stays"] == len(before)
    # Nothing is written by looking.
    assert Term.objects.filter(committee=cast.city).count() == 1
    assert serving(cast.city, on) == before

    listed = clerk.get(f"{page}choose/?sector={cast.education.pk}").content.decode()
    assert leaver.name in listed
    clerk.post(f"{page}choose/?sector={cast.education.pk}", {"leavers": [leaver.pk]})
    row.refresh_from_db()
    assert row.report["leaves"] == [leaver.pk]
    assert clerk.get(page).status_code == 200
    assert "界别群众联系人" in clerk.get(f"{page}leavers/").content.decode()

    clerk.post(f"{page}open/")
    row.refresh_from_db()
    assert row.state == "opened"
    old, new = row.old_term, row.new_term
    assert old.span.upper == new.span.lower == on
    assert serving(cast.city, on - DAY) == before
    assert serving(cast.city, on) == before - {leaver.name}
    ended = Membership.objects.get(member=leaver)
    assert (ended.span.upper, ended.leaving, ended.leaving_meeting) == (on, "term_ended", MEETING)
    stayed = Membership.objects.get(member=heir, term=new)
    assert (stayed.entry, stayed.entry_meeting, stayed.span.lower) == ("nominated", MEETING, on)
    assert stayed.member.user == cast["member"]
    assert Seat.objects.get(membership=stayed).sector == cast.education
    assert Position.objects.get(membership=stayed).kind == "standing"
    assert Delegate.objects.get(member=heir).span.upper is None
    assert Delegate.objects.get(member=leaver).span.upper == on
    assert set(Contact.objects.values_list("pk", flat=True)) == contacts

    assert_handed_over(cast, clerk, page, on, day_comes)


def assert_handed_over(cast, clerk, page, on, day_comes):
    """By the leaver's form: first what makes the heir able to take the rest."""
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    form = f"{page}leavers/{leaver.pk}/"
    shown = clerk.get(form)
    kinds = list(shown.context["form"].kinds)
    assert kinds == [
        "convenorship", "commission", "street", "posting", "contact", "area", "keeper", "room",
        "shift", "reception", "report", "evaluation", "promise", "enrolment",
    ]  # fmt: skip
    assert [one.holding.name for one in shown.context["ending"]] == ["leader_contact", "delegate"]
    assert [one["holding"].name for one in shown.context["staying"]] == ["issued"]
    ids = {
        f"ids_{name}": [one.pk for one in rows]
        for name, (_holding, rows) in shown.context["form"].kinds.items()
    }
    # The heir sits in the room from today on, so that the entry can be handed over today.
    make.room_member(workroom=cast.room, member=heir)
    given = dict(ids)
    for name in kinds:
        given |= {f"to_{name}": "member", f"who_{name}": heir.name}
    given |= {"to_reception": "room", "who_reception": ""}
    answer = clerk.post(form, given)
    assert answer.status_code == 302, answer.context["form"].errors
    again = clerk.post(form, given)
    assert again.status_code == 422
    assert clerk.get(form).context["form"].kinds == {}
    row = Handover.objects.get(state="opened")
    assert Transfer.objects.filter(handover=row).count() == 16
    assert AreaMember.objects.get(member=heir).span.lower == on
    assert RoomMember.objects.get(member=heir, is_keeper=True).span.lower == on
    assert Convenorship.objects.on(on).get(sector=cast.education).seat.membership.member == heir
    assert CommissionSeat.objects.on(on).get(duty="head").membership.member == heir
    assert StreetSeat.objects.on(on).get(is_head=True).membership.member == heir
    states = DutyShift.objects.order_by("pk").values_list("member__name", "state")
    assert list(states) == [(leaver.name, "cancelled"), (heir.name, "published")]
    assert [one.member for one in Enrolment.objects.all()] == [heir]
    assert "没有未交接的事项" in clerk.get(form).content.decode()
    # What knows no day was agreed, and waits for the first day.
    waiting = Transfer.objects.filter(done_at=None).values_list("kind", flat=True)
    assert sorted(waiting) == ["contact"] * 3 + ["evaluation", "reception", "report"]
    assert {one.member for one in Contact.objects.all()} == {leaver}
    assert clerk.get(f"{page}transfers/?state=planned").content.decode().count("待生效</") >= 6
    assert carry_out_transfers() == 0
    day_comes(on)
    assert (carry_out_transfers(), carry_out_transfers()) == (6, 0)
    assert {one.member for one in Contact.objects.all()} == {heir}
    authors = Authorship.objects.filter(opinion=cast.report).order_by("place")
    assert [one.member for one in authors] == [leaver, heir]


def test_told_by_a_file(cast, client_of):
    """A full roster: one stays, one enters, the others leave; the first day has passed."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.sectors.rosters import person, table

    clerk, on = client_of("clerk"), timezone.localdate() - 2 * DAY
    heir = cast.member_of("member")
    heir.birth_month = dt.date(1975, 3, 1)
    heir.save()
    content = table(
        person(heir.name, 性别="男" if heir.sex == "male" else "女", 委员证号=heir.number),
        person("欧阳新", 手机号码="13800009999", 界别="工商联", 界别职务="召集人"),
        header=["委员证号", "姓名", "性别", "出生年月", "界别", "界别职务", "手机号码"],
    )
    file = SimpleUploadedFile("第七届名册.csv", content)
    row = prepare(clerk, on, basis="file", file=file)
    assert row.report["errors"] == []
    figures = row.report["figures"]
    assert (figures["total"], figures["stays"], figures["enters"]) == (2, 1, 1)
    assert not Member.objects.filter(name="欧阳新").exists()
    clerk.post(f"/city/sectors/handover/{row.pk}/open/")
    row.refresh_from_db()
    assert (row.state, row.file) == ("opened", "")
    assert serving(cast.city, timezone.localdate()) == {heir.name, "欧阳新"}
    assert set(Membership.objects.filter(term=row.new_term).values_list("entry", flat=True)) == {
        "nominated"
    }
    new = Member.objects.get(name="欧阳新")
    assert Convenorship.objects.on(on).get().seat.membership.member == new
    # Who entered tells no lie about the old term, and is undone as long as nothing depends on it.
    clerk.post(f"/city/sectors/handover/{row.pk}/undo/")
    row.refresh_from_db()
    assert row.state == "undone"
    assert not Member.objects.filter(name="欧阳新").exists()
    assert not User.objects.filter(name="欧阳新").exists()
    assert Membership.objects.filter(leaving="").count() == Membership.objects.count()
    assert AuditEntry.objects.filter(action="handover.undo").count() == 1
    assert Notice.objects.count() == 0


def papers(client, committee):
    """Every approved summary, as stored and as its page shows it, and the page of an old report."""
    rows = MonthlySummary.objects.filter(committee=committee).order_by("pk")
    stored = list(rows.values())
    paths = [f"/city/summaries/{row.period}/" for row in rows if row.of == "committee"]
    below = [row for row in rows if row.of != "committee"]
    paths += [f"/city/summaries/{row.of}-{row.scope}/{row.period}/" for row in below]
    shown = [client.get(path) for path in paths]
    assert [page.status_code for page in shown] == [200] * len(paths)
    token = r'(name="csrfmiddlewaretoken" value|X-CSRFToken[^,]*)[^,>]*'
    return stored, [re.sub(token, "", page.content.decode()) for page in shown]


def test_old_summaries_read_as_they_did(stage, client_of):
    """Frozen papers of the old term are the same byte for byte; what is counted anew agrees."""
    cast, clerk = stage, client_of("clerk")
    leaver, heir = cast.member_of("convenor"), cast.member_of("member")
    period = Period.of(Every.MONTH, timezone.localdate()).previous
    day = period.starts_on + 5 * DAY
    make.visit(member=leaver, happened_on=day, contacts=[Contact.objects.first()])
    old = make.opinion(author=leaver, status=Status.ISSUED)
    draft_all(cast.city, period, by=cast.clerk)
    rows = MonthlySummary.objects.filter(committee=cast.city)
    assert rows.filter(sector=cast.education).exists()
    approve_many(cast.city, list(rows.values_list("pk", "version")), by=cast.clerk)
    assert not rows.filter(approved_at=None).exists()
    before, counted = papers(clerk, cast.city), count_all(cast.city, period)
    report = f"/city/opinions/{old.pk}/"
    sectors = [cast.education.pk, old.sector_id]

    row = prepare(clerk, timezone.localdate())
    page = f"/city/sectors/handover/{row.pk}/"
    clerk.post(f"{page}choose/?sector={cast.education.pk}", {"leavers": [leaver.pk]})
    clerk.post(f"{page}open/")
    clerk.post(f"{page}leavers/{leaver.pk}/", {
        "ids_contact": [one.pk for one in Contact.objects.filter(member=leaver)],
        "who_contact": heir.name,
    })  # fmt: skip
    assert not Contact.objects.filter(member=leaver).exists()

    assert papers(clerk, cast.city) == before
    assert count_all(cast.city, period) == counted
    recount_days(cast.city, period.starts_on, period.ends_on)
    assert note_late(cast.city, timezone.localdate()) == 0
    old.refresh_from_db()
    assert [cast.education.pk, old.sector_id] == sectors
    assert leaver.name in clerk.get(report).content.decode()

"""Convenors on leave: the others act, else who stands in, else it goes straight to the office."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.actors import Standing
from committees.models import AuditEntry
from committees.spans import end_spans, span_from
from notices.models import Notice
from opinions import actions as opinions
from opinions.models import Opinion, Status
from opinions.workflow import available_moves
from sectors import actions
from sectors.models import ConvenorLeave, Convenorship, Seat
from tests import make
from tests.budgets import cost_of
from tests.make import composing

S = Status
DAY = datetime.timedelta(days=1)


def chair_of(cast, name="convenor"):
    rows = Convenorship.objects.select_related("committee", "seat__membership")
    return rows.get(seat__membership__member__user=cast[name])


@pytest.fixture
def colleague(cast):
    """Another member of education."""
    return make.member(sector=cast.education)


def submitted(cast):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education)
    return opinions.move(row, "submit", by=cast.again("member"))


def reviewers(row):
    return {person.pk for person in composing.again(row).reviewers}


def stands(person):
    fresh = type(person).objects.get(pk=person.pk)
    return fresh.standing.scopes("stand_in")


def test_the_only_convenor_away_without_stand_in_sends_reports_straight(cast):
    assert submitted(cast).status == S.WITH_CONVENOR
    composing.convenor_leave(convenorship=chair_of(cast))
    assert submitted(cast).status == S.RECEIVED


def test_the_stand_in_reviews_and_sees_during_the_leave_only(cast, colleague):
    waiting = submitted(cast)
    straight = make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=S.RECEIVED, is_direct=True
    )
    assert stands(colleague.user) == set()
    leave = composing.convenor_leave(convenorship=chair_of(cast), stand_in=colleague)
    assert stands(colleague.user) == {cast.education.pk}
    row = submitted(cast)
    assert (row.status, reviewers(row)) == (S.WITH_CONVENOR, {colleague.user.pk})
    assert (
        Notice.objects.filter(kind="opinion_awaits_review", recipient=colleague.user).count() == 1
    )
    person = type(colleague.user).objects.get(pk=colleague.user.pk)
    seen = set(Opinion.objects.visible_to(person).values_list("pk", flat=True))
    assert seen == {waiting.pk, row.pk} and straight.pk not in seen
    moves = available_moves(composing.again(row), person)
    assert moves == ["recommend", "suggest", "note"]
    opinions.move(composing.again(waiting), "suggest", by=person, note="请补充。")
    leave.span = leave.span.__class__(leave.span.lower, timezone.localdate(), "[)")
    leave.save()
    assert stands(person) == set()
    person = type(person).objects.get(pk=person.pk)
    assert not Opinion.objects.visible_to(person).exists()
    with pytest.raises(PermissionDenied):
        opinions.move(composing.again(row), "recommend", by=person)
    assert reviewers(row) == {cast.convenor.pk}


def test_while_one_convenor_is_there_the_stand_in_is_not_needed(cast, colleague):
    second = make.convenor(sector=cast.education)
    composing.convenor_leave(convenorship=chair_of(cast), stand_in=colleague)
    assert stands(colleague.user) == set()
    row = submitted(cast)
    assert reviewers(row) == {second.seat.membership.member.user.pk}
    other = make.member(sector=cast.education)
    composing.convenor_leave(convenorship=second, stand_in=other)
    assert stands(colleague.user) == stands(other.user) == {cast.education.pk}
    assert reviewers(row) == {colleague.user.pk, other.user.pk}


def test_a_stand_in_does_not_judge_the_own_report(cast):
    author = cast.member_of("member")
    composing.convenor_leave(convenorship=chair_of(cast), stand_in=author)
    row = submitted(cast)
    assert row.status == S.RECEIVED
    waiting = make.opinion(author=author, sector=cast.education, status=S.WITH_CONVENOR)
    assert available_moves(composing.again(waiting), cast.again("member")) == ["withdraw"]


def test_a_leave_that_has_not_begun_changes_nothing(cast, colleague):
    today = timezone.localdate()
    over = {"first": today + DAY, "last": today + 3 * DAY, "stand_in": colleague}
    composing.convenor_leave(convenorship=chair_of(cast), **over)
    assert stands(colleague.user) == set()
    assert submitted(cast).status == S.WITH_CONVENOR


def test_a_stand_in_who_no_longer_serves_stands_for_nobody(cast, colleague):
    composing.convenor_leave(convenorship=chair_of(cast), stand_in=colleague)
    held = colleague.memberships.get()
    held.span = held.span.__class__(held.span.lower, timezone.localdate(), "[)")
    held.save()
    assert stands(colleague.user) == set() and submitted(cast).status == S.RECEIVED


def test_a_stand_in_who_left_the_sector_stands_for_nobody(cast, colleague):
    composing.convenor_leave(convenorship=chair_of(cast), stand_in=colleague)
    seat = Seat.objects.get(membership__member=colleague)
    today = timezone.localdate()
    end_spans(Seat.objects.filter(pk=seat.pk), today)
    own = {"membership": seat.membership, "committee": cast.city}
    Seat.objects.create(sector=cast.business, span=span_from(today), **own)
    assert stands(colleague.user) == set()
    assert submitted(cast).status == S.RECEIVED


def test_a_stand_in_reads_nothing_that_the_sector_itself_is_drafting(cast, colleague):
    body = {"body_kind": "sector", "body_name": "教育界", "body_sector": cast.education}
    row = make.opinion(committee=cast.city, status=S.DRAFT, **body)
    composing.convenor_leave(convenorship=chair_of(cast), stand_in=colleague)
    person = type(colleague.user).objects.get(pk=colleague.user.pk)
    assert person.standing.scopes("stand_in") == {cast.education.pk}
    assert not Opinion.objects.visible_to(person).exists()
    assert list(Opinion.objects.visible_to(cast.again("convenor"))) == [row]


def test_the_convenor_on_leave_may_act_all_the_same(cast, colleague):
    row = submitted(cast)
    composing.convenor_leave(convenorship=chair_of(cast), stand_in=colleague)
    moves = available_moves(composing.again(row), cast.again("convenor"))
    assert moves == ["recommend", "suggest", "note"]
    assert isinstance(cast.again("convenor").standing, Standing)


# Taking leave -------------------------------------------------------------------


def taken(cast, by="convenor", **over):
    today = timezone.localdate()
    given = {"first": today, "last": today + 4 * DAY, "by": cast.again(by)}
    return actions.take_leave(chair_of(cast), **given | over)


def test_a_convenor_takes_leave_and_is_back(cast, colleague):
    leave = taken(cast, stand_in=colleague)
    assert leave.is_on and leave.span.upper == timezone.localdate() + 5 * DAY
    notice = Notice.objects.get(kind="convenor_stand_in")
    assert notice.recipient == colleague.user
    ended = actions.end_leave(leave, by=cast.again("convenor"))
    assert not ConvenorLeave.objects.get(pk=ended.pk).is_on
    with pytest.raises(ValidationError) as refused:
        actions.end_leave(leave, by=cast.again("convenor"))
    assert refused.value.code == "over"
    found = AuditEntry.objects.filter(action__startswith="convenor_leave.")
    assert [row.action for row in found.order_by("pk")] == [
        "convenor_leave.begin",
        "convenor_leave.end",
    ]


def test_a_clerk_enters_it_nobody_else_does(cast):
    leave = taken(cast, by="clerk")
    for name in ("member", "convenor2", "editor", "leader", "countyclerk"):
        with pytest.raises(PermissionDenied):
            taken(cast, by=name)
        with pytest.raises(PermissionDenied):
            actions.end_leave(leave, by=cast.again(name))


@pytest.mark.parametrize(
    ("over", "field", "code"),
    [
        ({"first": 3, "last": 2}, "last", "order"),
        ({"first": -5, "last": -2}, "last", "past"),
        ({"first": 0, "last": 366}, "last", "too_long"),
        ({"first": -9999, "last": 1}, "last", "too_long"),
    ],
)
def test_days_that_make_no_sense(cast, over, field, code):
    today = timezone.localdate()
    days = {name: today + number * DAY for name, number in over.items()}
    with pytest.raises(ValidationError) as refused:
        taken(cast, **days)
    assert refused.value.error_dict[field][0].code == code


def test_only_while_convening(cast):
    chair = chair_of(cast)
    chair.span = chair.span.__class__(chair.span.lower, timezone.localdate() + 2 * DAY, "[)")
    chair.save()
    first = timezone.localdate() + 3 * DAY
    with pytest.raises(ValidationError) as refused:
        taken(cast, first=first, last=first)
    assert refused.value.error_dict["first"][0].code == "not_convenor"


def test_who_may_stand_in(cast):
    for name, code in (("member2", "not_in_sector"), ("convenor", "convenor")):
        with pytest.raises(ValidationError) as refused:
            taken(cast, stand_in=cast.member_of(name))
        assert refused.value.error_dict["stand_in"][0].code == code


def test_two_leaves_do_not_overlap(cast):
    taken(cast)
    with pytest.raises(ValidationError) as refused:
        taken(cast)
    assert refused.value.code == "convenor_leaves_apart"


# The page -------------------------------------------------------------------


def path_of(cast):
    return f"/city/sectors/{cast.education.pk}/leave/"


def sent(cast, **over):
    today = timezone.localdate()
    days = {"first": today.isoformat(), "last": (today + 3 * DAY).isoformat()}
    return {"convenorship": str(chair_of(cast).pk)} | days | over


def test_the_page(cast, client_of, colleague):
    client, path = client_of("convenor"), path_of(cast)
    assert "没有请假" in client.get(path).content.decode()
    assert path in client.get(f"/city/sectors/{cast.education.pk}/").content.decode()
    answer = client.post(path, sent(cast, stand_in=f" {colleague.name} "))
    assert answer.status_code == 302
    leave = ConvenorLeave.objects.get()
    assert (leave.stand_in, leave.set_by) == (colleague, cast.convenor)
    page = client.get(path).content.decode()
    assert "请假中" in page and colleague.name in page and "销假" in page
    answer = client.post(path, sent(cast, stand_in=colleague.name))
    assert answer.status_code == 422 and "已登记请假" in answer.content.decode()
    end = f"{path}{leave.pk}/end/"
    assert client.get(end).status_code == 405
    assert client.post(end).status_code == 302
    assert "请假已结束" in client.post(end, follow=True).content.decode()
    assert "未开始即销假" in client.get(path).content.decode()


@pytest.mark.parametrize(
    "over",
    [
        {"stand_in": "查无此人"},
        {"stand_in": "\x00"},
        {"stand_in": "长" * 100},
        {"convenorship": ""},
        {"convenorship": "9" * 30},
        {"first": "2026-02-31"},
        {"last": ""},
        {"last": "9999-12-31"},
    ],
)
def test_bad_input_stays_on_the_page(cast, client_of, over):
    answer = client_of("clerk").post(path_of(cast), sent(cast, **over))
    assert answer.status_code == 422 and not ConvenorLeave.objects.exists()


def test_two_of_one_name_are_told_apart_by_nobody(cast, client_of):
    for _ in range(2):
        make.member(sector=cast.education, name="重名人")
    answer = client_of("convenor").post(path_of(cast), sent(cast, stand_in="重名人"))
    assert answer.status_code == 422 and "同名" in answer.content.decode()


def test_who_opens_it(cast, client_of, colleague):
    leave = composing.convenor_leave(convenorship=chair_of(cast), stand_in=colleague)
    path = path_of(cast)
    answers = {
        name: client_of(name).get(path).status_code
        for name in ("clerk", "editor", "convenor", "convenor2", "member", "stranger_clerk")
    }
    assert answers == {
        "clerk": 200,
        "editor": 200,
        "convenor": 200,
        "convenor2": 403,
        "member": 403,
        "stranger_clerk": 404,
    }
    assert "登记请假" not in client_of("editor").get(path).content.decode()
    assert client_of("editor").post(path, sent(cast)).status_code == 403
    assert client_of("editor").post(f"{path}{leave.pk}/end/").status_code == 403
    client_of("convenor2")
    assert list(ConvenorLeave.objects.visible_to(colleague.user)) == [leave]
    assert list(ConvenorLeave.objects.all().not_over(timezone.localdate())) == [leave]


@pytest.mark.parametrize("count", [3, 25])
def test_the_page_costs_the_same(cast, client_of, count):
    chair, today = chair_of(cast), timezone.localdate()
    for number in range(count):
        day = today + number * 3 * DAY
        stand_in = make.member(sector=cast.education)
        over = {"first": day, "last": day + DAY, "stand_in": stand_in}
        composing.convenor_leave(convenorship=chair, **over)
    client = client_of("clerk")
    client.get(path_of(cast))
    assert cost_of(client.get, path_of(cast)) == 8


def test_a_stand_ins_home_and_desk(cast, client_of, colleague):
    row = submitted(cast)
    composing.convenor_leave(convenorship=chair_of(cast), stand_in=colleague)
    client = client_of("member2")
    client.force_login(colleague.user)
    assert row.title in client.get("/city/").content.decode()
    desk = client.get("/city/opinions/review/")
    assert desk.status_code == 200 and row.title in desk.content.decode()
    picked = {"picked": row.pk, "move": "recommend"}
    assert client.post("/city/opinions/review/batch/", picked).status_code == 200
    row.refresh_from_db()
    assert row.status == S.RECEIVED

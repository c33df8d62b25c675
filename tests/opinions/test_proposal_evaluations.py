"""The signers of a proposal are told how it is handled, asked for 办理评价, and heard."""

import datetime as dt
import io

import pytest
from django.db import transaction
from django.utils import timezone
from docx import Document

from committees.actors import CLOCK
from committees.workdays import calendar_of
from notices.models import Notice
from opinions.actions import evaluations, promises, referrals, unit_desk, unit_replies
from opinions.actions import proposals as actions
from opinions.actions.after_reply import reply_given
from opinions.actions.closing import conclude
from opinions.models import Evaluation, ProposalStatus, Referral, ReferralStep
from opinions.proposal_timeline import proposal_events
from opinions.reminders.evaluations import evaluations_due, remind_of_evaluations
from opinions.reminders.promises import ask_about_promises, promises_due
from opinions.tasks import following as tasks
from tests import make
from tests.make import handling
from tests.make import proposals as made

S = ProposalStatus
HOME = "/city/proposals/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def filed(cast):
    signers = [cast.member_of("member"), cast.member_of("member2")]
    return made.proposal(authors=signers, status=S.FILED)


@pytest.fixture
def asked(cast, filed):
    return handling.referral(proposal=filed, committee=cast.city, unit=cast.unit)


def answered(asked, letter="A", **over):
    kind = handling.reply_class(committee=asked.committee, letter=letter)
    said = handling.reply(referral=asked, reply_class=kind, text="已改造接送区。", **over)
    with transaction.atomic():
        reply_given(said, by=CLOCK)
    return said


def planned(asked):
    until = timezone.localdate() + 60 * DAY
    answered(asked, "B", planned_on=until, planned_precision="day")
    return asked.promises.get()


def own(filed, cast, who="member"):
    return Evaluation.objects.get(referral__proposal=filed, member=cast.member_of(who))


def told(cast, who="member", kind="proposal_progress"):
    rows = Notice.objects.filter(recipient=cast.people[who], kind=kind).order_by("id")
    return [(row.title, row.path) for row in rows]


def moves(filed):
    return list(filed.steps.order_by("id").values_list("move", flat=True))


def place(filed, page):
    return f"{HOME}{filed.pk}/{page}/"


def test_signers_are_told_of_each_deed_and_read_it_in_the_timeline(cast, filed):
    words = {"title": "题", "text": "学校门口早晚拥堵。"}
    joint = make.unit(committee=cast.city)
    lead, _second = referrals.refer(filed, by=cast.clerk, lead=cast.unit, joints=[joint], **words)
    asked = dt.timedelta(days=5) + lead.due_on
    more_time = unit_desk
    lead.signed_for_at = timezone.now()
    lead.save()
    extension = more_time.ask_extension(lead, asked, "雨季。", by=cast.handler)
    extension.referral = lead
    referrals.decide_extension(extension, by=cast.clerk, is_granted=True)
    promise = planned(lead)
    promises.extend_promise(
        promise, by=cast.clerk, until=promise.planned_on + DAY, reason="雨季。", precision="day"
    )
    promises.settle(promise, by=cast.clerk, evidence="已完工。")
    handled = place(filed, "handling")
    said = [
        ("您的提案：已商请有关单位办理", handled),
        ("您的提案：承办单位申请延期，机关已同意", handled),
        ("您的提案：承办单位已答复，所提事项列入计划，由机关跟踪办理", place(filed, "evaluate")),
        ("您的提案：计划解决事项的计划时间已调整", handled),
        ("您的提案：计划解决事项已落实", handled),
    ]
    assert told(cast) == told(cast, "member2") == said
    steps = ["refer", "refer", "extended", "answered", "planned", "replanned", "settled"]
    assert moves(filed) == steps
    events = [event.title for event in proposal_events(made.seen(filed), inside=False)]
    assert events[:2] == ["计划解决事项已落实", "计划解决事项的计划时间已调整"]
    assert "承办单位已答复" in events and "已商请有关单位办理" in events


def test_both_signers_are_asked_by_the_lead_and_nobody_by_the_joint(cast, filed, asked):
    answered(handling.referral(proposal=filed, unit=make.unit(committee=cast.city), part="joint"))
    assert Evaluation.objects.count() == 0
    answered(asked)
    rows = Evaluation.objects.order_by("member")
    people = sorted(cast.member_of(who).pk for who in ("member", "member2"))
    assert [row.member_id for row in rows] == people
    due = calendar_of(cast.city).after(timezone.localdate(), 10)
    assert {row.due_on for row in rows} == {due}
    (notice,) = Notice.objects.filter(
        recipient=cast.member, key__contains="opinions.reply:"
    ).filter(path=place(filed, "evaluate"))
    assert "前作出办理评价" in notice.body
    assert Referral.objects.with_state().get(pk=asked.pk).state == "evaluating"


def test_a_body_without_signers_is_asked_on_paper_only(cast):
    body = made.proposal(
        authors=[], committee=cast.city, created_by=cast.clerk, kind="body", body="市工商联",
        status=S.FILED,
    )  # fmt: skip
    asked = handling.referral(proposal=body, committee=cast.city, unit=cast.unit)
    answered(asked)
    assert Evaluation.objects.count() == 0
    assert Referral.objects.get(pk=asked.pk).closed_at is not None


def test_a_signer_evaluates_on_screen_and_the_sheets_print_it(client_of, cast, filed, asked):
    answered(asked)
    client, page = client_of("member"), place(filed, "evaluate")
    for where in (f"{HOME}{filed.pk}/", place(filed, "handling")):
        assert page in client.get(where).content.decode()
    assert page not in client_of("clerk").get(f"{HOME}{filed.pk}/").content.decode()
    row = own(filed, cast)
    wrong = client.post(page, {"evaluation": row.pk, "handling": "satisfied", "said": "谢谢。"})
    assert wrong.status_code == 422 and "谢谢。" in wrong.content.decode()
    given = {"evaluation": row.pk, "handling": "satisfied", "result": "fairly", "said": "谢谢。"}
    assert client.post(page, given).status_code == 302
    assert client.post(page, given).status_code == 409  # given once
    other = own(filed, cast, "member2")
    assert client.post(page, given | {"evaluation": other.pk}).status_code == 302  # not found here
    row.refresh_from_db()
    assert (row.handling, row.result, row.given_by) == ("satisfied", "fairly", cast.member)
    assert page not in client.get(f"{HOME}{filed.pk}/").content.decode()
    assert moves(filed)[-1] == "evaluated"
    outside = proposal_events(made.seen(filed), inside=False)
    assert [event.meta.rpartition(" · ")[2] for event in outside[:2]] == [
        cast.member.name,
        "承办单位",
    ]
    assert outside[0].text == ""  # the grades stand on the page of the handling
    for who, shows in (("clerk", True), ("member", True), ("member2", False), ("leader", False)):
        handled = client_of(who).get(place(filed, "handling")).content.decode()
        assert "办理过程满意、办理结果基本满意" in handled
        assert ("谢谢。" in handled) is shows, who
        sheet = client_of(who).get(place(filed, "survey")).content.decode()
        assert "☑ 满意" in sheet and "☑ 基本满意" in sheet
        assert ("谢谢。" in sheet) is shows, who
    word = client_of("clerk").get(f"{HOME}{filed.pk}/survey.docx").content
    lines = [line.text for line in Document(io.BytesIO(word)).paragraphs]
    assert any("办理过程：☑满意" in line for line in lines)
    assert any(f"提案人签名：{cast.member_of('member').name}" in line for line in lines)


def test_who_may_open_the_page(client_of, cast, filed, asked):
    answered(asked)
    opens = {"member": 200, "delegate": 200, "member2": 200, "clerk": 403, "leader": 403}
    opens |= {"handler": 404, "keeper": 404}
    page = place(filed, "evaluate")
    assert {who: client_of(who).get(page).status_code for who in opens} == opens
    assert client_of("member").get(f"{HOME}{10**17}/evaluate/").status_code == 404


def test_who_sees_an_evaluation_that_is_awaited(cast, filed, asked):
    answered(asked)
    row = own(filed, cast)
    rows = Evaluation.objects.filter(pk=row.pk)
    seen = {
        who
        for who in ("member", "member2", "delegate", "clerk", "leader", "handler", "keeper")
        if rows.visible_to(cast.again(who)).exists()
    }
    assert seen == {"member", "member2", "delegate", "clerk", "leader"}


def test_reminded_twice_then_lapsed(cast, filed, asked):
    answered(asked)
    at = timezone.make_aware(dt.datetime(2026, 12, 1, 9))
    Evaluation.objects.update(asked_at=at, due_on=dt.date(2026, 12, 15))
    row = own(filed, cast)
    for day in ("2026-12-08", "2026-12-14"):
        on = dt.date.fromisoformat(day)
        ahead = evaluations_due(cast.city, on)
        assert {(one.person, one.path) for one in ahead} == {
            (one, place(filed, "evaluate")) for one in (cast.member, cast.member2)
        }
        assert [remind_of_evaluations(cast.city, on) for _twice in range(2)] == [2, 0]
        kinds = {(one.kind, one.key) for one in ahead}
        assert set(Notice.objects.values_list("kind", "key")) >= kinds
    reminders = Notice.objects.filter(recipient=cast.member, kind="evaluation_reminder")
    assert {row.path for row in reminders} == {place(filed, "evaluate")}
    assert [f"您的提案（{filed.label}）已有办理答复" in row.sms for row in reminders] == [True] * 2
    assert tasks.follow(cast.city.pk, "2026-12-16") == 2
    row.refresh_from_db()
    assert row.in_words == "未作评价"
    assert Referral.objects.get(pk=asked.pk).closed_at is not None


def test_dissatisfied_is_decided_and_asked_again(client_of, cast, filed, asked):
    answered(asked)
    row = own(filed, cast)
    said = {"handling": "fairly", "result": "dissatisfied", "said": "仍然拥堵。"}
    evaluations.evaluate(row, by=cast.member, **said)
    client = client_of("clerk")
    listed = client.get("/city/evaluations/?of=waiting").content.decode()
    assert asked.title in listed and f"/city/evaluations/{row.pk}/" in listed
    assert place(filed, "handling") in client.get("/city/evaluations/?of=given").content.decode()
    page = f"/city/evaluations/{row.pk}/"
    assert place(filed, "handling") in client.get(page).content.decode()
    desk = client.get("/city/desk/").content.decode()
    assert "不满意评价待处理" in desk
    assert client.post(page, {"choice": "again", "note": "请再办。"}).status_code == 302
    (notice,) = Notice.objects.filter(recipient=cast.member, kind="evaluation_decided")
    assert notice.path == place(filed, "handling")
    assert (
        notice.body == f"<p>关于您对提案（{filed.label}）的办理评价，机关的处理是：再次商请。</p>"
    )
    assert moves(filed)[-1] == "asked_again"
    (again,) = Notice.objects.filter(kind="referral_again")
    assert again.path == f"/city/unit/{asked.pk}/"


def test_the_office_need_not_wait_for_the_last_evaluation(client_of, cast, filed, asked):
    answered(asked)
    client = client_of("clerk")
    page = client.get(place(filed, "handling")).content.decode()
    url = f"/city/evaluations/referrals/{asked.pk}/conclude/"
    assert url in page
    answer = client.post(url, {"note": "提案人已面告。"})
    assert (answer.status_code, answer.url) == (302, place(filed, "handling"))
    assert moves(filed)[-1] == "concluded"
    assert url not in client.get(place(filed, "handling")).content.decode()
    assert "此件转办已办结" in client.get(f"{HOME}{filed.pk}/").content.decode()
    with pytest.raises(Exception, match="已经了结"):
        conclude(Referral.objects.get(pk=asked.pk), by=cast.clerk, reason="再次")


def test_signers_hear_of_late_plans_and_say_how_far_they_are(client_of, cast, filed, asked):
    promise = planned(asked)
    assert f"/city/promises/{promise.pk}/" in (
        client_of("member").get(place(filed, "handling")).content.decode()
    )
    before = len(told(cast))
    late = calendar_of(cast.city).after(promise.planned_on, 6)
    ahead = [one for one in promises_due(cast.city, late) if one.kind == "proposal_progress"]
    assert {one.person for one in ahead} == {cast.member, cast.member2}
    for _twice in range(2):
        ask_about_promises(cast.city, late)
    assert set(Notice.objects.values_list("key", flat=True)) >= {one.key for one in ahead}
    assert [title for title, _path in told(cast)[before:]] == [
        "您的提案：计划时间已过，尚未落实，机关继续跟踪办理"
    ]
    assert moves(filed).count("late") == 1
    page = f"/city/promises/{promise.pk}/"
    assert place(filed, "handling") in client_of("member").get(page).content.decode()
    said = {"result": "not_yet", "words": "", "seen": 0}
    assert client_of("member").post(f"{page}report/", said).status_code == 302
    assert promise.reports.get().side == "author"
    assert client_of("leader").post(f"{page}report/", said).status_code == 403


def test_a_second_round_asks_anew(cast, filed, asked):
    answered(asked)
    row = own(filed, cast)
    evaluations.evaluate(row, by=cast.member, handling="fairly", result="dissatisfied")
    evaluations.decide(row, by=cast.clerk, choice="again", note="请再办。")
    asked.refresh_from_db()
    second = unit_replies.ReplyWords(
        text="已再次整改。", reply_class=handling.reply_class(committee=cast.city)
    )
    version = unit_replies.draft_reply(asked, second, by=cast.handler).drafted_at
    unit_replies.approve_reply(asked, by=cast.handler, version=version)
    unit_replies.answer(asked, by=cast.handler, version=version)
    mine = Evaluation.objects.filter(member=cast.member_of("member")).order_by("id")
    assert [one.reply.round for one in mine] == [1, 2]
    assert ReferralStep.objects.filter(referral=asked, deed="answer").count() == 1


@pytest.fixture
def joined(cast, filed):
    """Another's proposal joined into the filed one (并案)."""
    row = made.proposal(author=cast.member_of("convenor"), status=S.FILED)
    return actions.move_proposal(row, "join", by=cast.clerk, main=filed)


def test_signers_of_what_was_joined_are_told_once_and_asked(client_of, cast, filed, joined, asked):
    before = set(Notice.objects.filter(recipient=cast.convenor).values_list("pk", flat=True))
    answered(asked)
    rows = Evaluation.objects.order_by("member")
    people = sorted(cast.member_of(who).pk for who in ("member", "member2", "convenor"))
    assert [row.member_id for row in rows] == people
    [notice] = Notice.objects.filter(recipient=cast.convenor).exclude(pk__in=before)
    assert notice.path == place(filed, "evaluate")
    assert "前作出办理评价" in notice.body
    client = client_of("convenor")
    own_page = client.get(f"{HOME}{joined.pk}/").content.decode()
    assert f'href="{HOME}{filed.pk}/"' in own_page
    for page in ("", "handling/", "evaluate/"):
        shown = client.get(f"{HOME}{filed.pk}/{page}")
        assert shown.status_code == 200
    assert client.get(f"{HOME}{filed.pk}/").context["asks_own"]
    given = {"evaluation": own(filed, cast, "convenor").pk, "handling": "satisfied"}
    given |= {"result": "fairly"}
    assert client.post(place(filed, "evaluate"), given).status_code == 302
    assert own(filed, cast, "convenor").result == "fairly"
    assert client_of("shielded").get(f"{HOME}{filed.pk}/").status_code == 404


def test_who_signed_both_is_told_and_asked_once(cast, filed, asked):
    row = made.proposal(author=cast.member_of("member"), status=S.FILED)
    actions.move_proposal(row, "join", by=cast.clerk, main=filed)
    answered(asked)
    assert Evaluation.objects.filter(member=cast.member_of("member")).count() == 1
    assert len([path for _title, path in told(cast) if path == place(filed, "evaluate")]) == 1


def test_who_was_parted_again_is_asked_no_more(client_of, cast, filed, joined, asked):
    answered(asked)
    actions.move_proposal(joined, "unjoin", by=cast.clerk)
    people = {cast.member_of(who).pk for who in ("member", "member2")}
    assert set(Evaluation.objects.values_list("member", flat=True)) == people
    assert client_of("convenor").get(f"{HOME}{filed.pk}/").status_code == 404


def test_a_promise_is_asked_of_those_joined_too(cast, filed, joined, asked):
    promise = planned(asked)
    day = calendar_of(cast.city).after(promise.planned_on, 0)
    found = {one.person for one in promises_due(cast.city, day) if "progress" in one.kind}
    assert found == {cast.member, cast.member2, cast.convenor}

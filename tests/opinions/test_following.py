"""After a reply: what it plans is followed, its authors are asked, and people are told once."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from committees.actors import CLOCK, Guest
from committees.models import Attachment
from notices.models import Notice
from opinions import actions
from opinions.actions import closing, evaluations, promises
from opinions.actions.after_reply import first_sentence, reply_given
from opinions.models import (
    Evaluation,
    Opinion,
    Precision,
    Promise,
    PromiseReport,
    Referral,
    Status,
    Step,
)
from opinions.timeline import events_of
from tests import make
from tests.make import handling

DAY = dt.timedelta(days=1)


@pytest.fixture
def issued(cast):
    author = cast.member_of("member")
    return make.opinion(author=author, sector=cast.education, status=Status.ISSUED)


@pytest.fixture
def asked(cast, issued):
    return handling.referral(opinion=issued, unit=cast.unit)


def answer(asked, letter="B", **over):
    """A reply just given, with what belongs to it."""
    said = handling.reply(
        referral=asked,
        reply_class=handling.reply_class(committee=asked.committee, letter=letter),
        text="年内完成路口改造。其余见附件。",
        **over,
    )
    with transaction.atomic():
        return said, reply_given(said, by=CLOCK)


def planned(asked, **over):
    over = {"planned_on": timezone.localdate() + 60 * DAY, "planned_precision": "quarter"} | over
    return answer(asked, **over)[1]


def again(row):
    return type(row).objects.get(pk=row.pk)


def told(**where):
    return sorted(Notice.objects.filter(**where).values_list("kind", "recipient__sign_in_name"))


def state_of(asked):
    return Referral.objects.with_state().get(pk=asked.pk).state


def test_a_class_that_plans_is_followed(cast, asked):
    said, promise = answer(
        asked, planned_on=timezone.localdate() + 60 * DAY, planned_precision="day"
    )
    assert promise.what == "年内完成路口改造。"
    assert (promise.planned_on, promise.precision) == (said.planned_on, "day")
    assert state_of(asked) == "following"
    row = Evaluation.objects.get()
    assert (row.member, row.given_at, row.lapsed_at) == (cast.member_of("member"), None, None)
    assert told() == [("opinion_answered", "member"), ("reply_received", "clerk")]
    assert list(Step.objects.values_list("move", flat=True)) == ["answered", "planned"]


def test_without_time_a_reason_is_asked_for(asked):
    with pytest.raises(ValidationError) as error:
        answer(asked)
    assert error.value.error_dict["planned_on"][0].code == "unplanned"
    promise = planned(asked, planned_on=None, planned_precision="", no_date_reason="待立项")
    assert (promise.planned_on, promise.no_date_reason, promise.precision) == (None, "待立项", "")


def test_a_class_that_does_not_plan_promises_nothing(asked):
    assert answer(asked, "A")[1] is None
    assert state_of(asked) == "evaluating" and not Promise.objects.exists()


@pytest.mark.parametrize(
    ("text", "first"),
    [("一。二。", "一。"), ("只有一句", "只有一句"), ("\n\n", "（见答复）"), ("行\n行", "行")],
)
def test_the_first_sentence(text, first):
    assert first_sentence(text) == first


def test_authors_who_have_confirmed_are_asked_on_the_leads_reply_only(cast):
    both = [cast.member_of("member"), cast.member_of("member2")]
    row = make.opinion(authors=both, sector=cast.education, status=Status.ISSUED)
    row.authorships.filter(member=both[1]).update(confirmed_at=None)
    lead = handling.referral(opinion=row, unit=cast.unit)
    joint = handling.referral(opinion=row, part="joint", lead=lead)
    answer(joint, "A")
    assert not Evaluation.objects.exists() and state_of(joint) == "closed"
    answer(lead, "A")
    assert [asked.member for asked in Evaluation.objects.all()] == [both[0]]


def test_a_second_round_asks_anew(cast, asked):
    answer(asked, "A")
    first = Evaluation.objects.get()
    evaluations.evaluate(first, by=cast.member, handling="satisfied", result="dissatisfied")
    assert state_of(asked) == "answered"
    evaluations.decide(again(first), by=cast.clerk, choice="again", note="请说明工期。")
    asked = again(asked)
    assert asked.answered_at is None and asked.due_on > timezone.localdate()
    assert state_of(asked) == "handling"
    assert ("referral_again", "handler") in told()
    said, _ = answer(asked, "A")
    assert (said.round, Evaluation.objects.count()) == (2, 2)
    evaluations.evaluate(
        Evaluation.objects.get(reply=said), by=cast.member, handling="fairly", result="satisfied"
    )
    assert state_of(asked) == "closed"


def test_from_a_reception_the_office_is_reminded_of_the_gist(cast):
    entry = make.reception(workroom=cast.room)
    row = make.opinion(author=cast.member_of("member"), reception=entry, status=Status.ISSUED)
    answer(handling.referral(opinion=row, unit=cast.unit), "A")
    assert told(kind="gist_to_write") == [("gist_to_write", "clerk")]
    direct = handling.referral(reception=make.reception(workroom=cast.room), unit=cast.unit)
    answer(direct, "A")
    assert told(kind="gist_to_write") == [("gist_to_write", "clerk")] * 2
    assert not Evaluation.objects.filter(referral=direct).exists()
    person = make.reception(workroom=cast.room, nature="person")
    answer(handling.referral(reception=person, unit=cast.unit), "A")
    assert len(told(kind="gist_to_write")) == 2


# Saying how far it is ---------------------------------------------------------------------------


def test_each_side_speaks_for_itself_only(cast, asked):
    promise = planned(asked)
    link = handling.unit_link(unit=cast.unit)
    guest = Guest("unit_link", str(link.pk))
    may = {
        ("unit", cast.handler), ("unit", guest), ("office", cast.clerk), ("office", cast.editor),
        ("author", cast.member), ("author", cast.delegate),
    }  # fmt: skip
    everybody = [cast.handler, guest, cast.clerk, cast.editor, cast.member, cast.delegate]
    everybody += [cast.convenor, cast.leader, cast.member2, cast.signer, Guest("unit_link", "x")]
    for side in ("unit", "office", "author"):
        for person in everybody:
            if (side, person) in may:
                promises.report_promise(
                    promise, by=person, side=side, result="partly", words_said="已开工"
                )
            else:
                with pytest.raises(PermissionDenied):
                    promises.report_promise(promise, by=person, side=side, result="not_yet")
    assert PromiseReport.objects.count() == len(may)
    assert len(told(kind="promise_reported")) == 4  # the office does not tell itself


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"result": "done"}, "words", "evidence"),
        ({"result": "not_yet"}, "words", "empty"),
        ({"result": "else"}, "result", "result"),
        ({"result": "done", "words_said": "字" * 1001}, "words", "too_long"),
        ({"result": "done", "words_said": "好", "by_name": "名" * 41}, "by_name", "too_long"),
    ],
)
def test_what_a_report_needs(cast, asked, given, field, code):
    promise = planned(asked)
    with pytest.raises(ValidationError) as error:
        promises.report_promise(promise, by=cast.handler, side="unit", **given)
    assert error.value.error_dict[field][0].code == code


def test_a_file_is_evidence(cast, asked):
    promise = planned(asked)
    pdf = SimpleUploadedFile("现场.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    report = promises.report_promise(promise, by=cast.handler, side="unit", result="done", file=pdf)
    assert report.attachment.name == "现场.pdf"
    promises.settle(again(promise), by=cast.clerk)
    assert again(promise).evidence == "现场.pdf"


def test_the_same_report_twice_is_told(cast, asked):
    promise = planned(asked)
    said = {"by": cast.handler, "side": "unit", "result": "partly", "words_said": "已开工"}
    promises.report_promise(promise, seen=0, **said)
    with pytest.raises(ValidationError) as error:
        promises.report_promise(promise, seen=0, **said)
    assert error.value.code == "moved" and PromiseReport.objects.count() == 1


def asked_of(unit):
    """What the unit's desk marks."""
    rows = Promise.objects.followed().of_units([unit.pk]).with_asked()
    return list(rows.filter(is_asked=True))


def test_units_are_asked_until_they_say(cast, asked):
    promise = planned(asked)
    assert asked_of(cast.unit) == []
    yesterday = timezone.localdate() - DAY
    promise.askings.create(stage="before", about=promise.planned_on, asked_on=yesterday)
    assert asked_of(cast.unit) == [promise]
    assert asked_of(make.unit()) == []
    promises.report_promise(
        promise, by=cast.handler, side="unit", result="partly", words_said="已开工"
    )
    assert asked_of(cast.unit) == []


# Settling and extending -------------------------------------------------------------------------


def test_done_needs_evidence_and_closes(cast, asked):
    promise = planned(asked)
    with pytest.raises(PermissionDenied):
        promises.settle(promise, by=cast.leader, evidence="看过")
    with pytest.raises(ValidationError) as error:
        promises.settle(promise, by=cast.clerk)
    assert error.value.error_dict["evidence"][0].code == "evidence"
    for day in (timezone.localdate() + DAY, timezone.localdate() - 9 * DAY):
        with pytest.raises(ValidationError) as error:
            promises.settle(promise, by=cast.clerk, evidence="已到现场看过", on=day)
        assert error.value.error_dict["on"][0].code == "day"
    promises.settle(promise, by=cast.clerk, evidence="已到现场看过")
    row = again(promise)
    assert (row.settled_on, row.settled_by) == (timezone.localdate(), cast.clerk)
    assert told(kind="promise_settled") == [("promise_settled", "member")]
    assert state_of(asked) == "evaluating"
    evaluations.evaluate(
        Evaluation.objects.get(), by=cast.member, handling="satisfied", result="satisfied"
    )
    assert state_of(asked) == "closed"
    with pytest.raises(ValidationError) as error:
        promises.settle(again(promise), by=cast.clerk, evidence="再看")
    assert error.value.code == "settled"
    with pytest.raises(ValidationError) as error:
        promises.report_promise(
            again(promise), by=cast.handler, side="unit", result="partly", words_said="补"
        )
    assert error.value.code == "settled"


def test_one_reasoned_extension(cast, asked):
    promise = planned(asked)
    first = promise.planned_on
    later = dt.date(first.year + 1, 2, 3)
    with pytest.raises(PermissionDenied):
        promises.extend_promise(promise, by=cast.signer, until=later, reason="雨季")
    wrong = [
        ({"until": first, "reason": "雨季"}, "until"),
        ({"until": None, "reason": "雨季"}, "until"),
        ({"until": later, "reason": " "}, "reason"),
        ({"until": later, "reason": "雨季", "precision": "week"}, "precision"),
    ]
    for given, field in wrong:
        with pytest.raises(ValidationError) as error:
            promises.extend_promise(again(promise), by=cast.clerk, **given)
        assert list(error.value.error_dict) == [field]
    promises.extend_promise(
        again(promise), by=cast.clerk, until=later, reason="雨季", precision="quarter"
    )
    row = again(promise)
    assert (row.planned_on, row.extended_from) == (dt.date(later.year, 3, 31), first)
    assert row.when == f"{later.year}年第一季度"
    with pytest.raises(ValidationError) as error:
        promises.extend_promise(row, by=cast.clerk, until=later + 300 * DAY, reason="再延")
    assert error.value.code == "extended_once"
    assert told(kind="promise_extended") == [
        ("promise_extended", "handler"),
        ("promise_extended", "member"),
    ]


def test_what_has_no_time_may_be_given_one_and_still_be_extended(cast, asked):
    promise = planned(asked, planned_on=None, planned_precision="", no_date_reason="待立项")
    until = timezone.localdate() + 100 * DAY
    promises.extend_promise(promise, by=cast.clerk, until=until, reason="已立项")
    assert again(promise).extended_from is None
    promises.extend_promise(again(promise), by=cast.clerk, until=until + 9 * DAY, reason="雨季")
    assert again(promise).extended_from == until


@pytest.mark.parametrize(
    ("precision", "last", "words"),
    [
        ("day", dt.date(2026, 8, 5), "2026年8月5日"),
        ("month", dt.date(2026, 8, 31), "2026年8月"),
        ("quarter", dt.date(2026, 9, 30), "2026年第三季度"),
        ("year", dt.date(2026, 12, 31), "2026年"),
    ],
)
def test_periods(precision, last, words):
    assert Precision(precision).last_day(dt.date(2026, 8, 5)) == last
    assert Promise(planned_on=last, precision=precision).when == words
    assert Promise().when == ""


# Evaluation -------------------------------------------------------------------------------------


def test_an_author_or_the_secretary_evaluates_once(cast, asked):
    answer(asked, "A")
    row = Evaluation.objects.get()
    for person in (cast.member2, cast.clerk, cast.convenor):
        with pytest.raises(PermissionDenied):
            evaluations.evaluate(row, by=person, handling="satisfied", result="satisfied")
    with pytest.raises(ValidationError) as error:
        evaluations.evaluate(row, by=cast.delegate, handling="", result="good")
    assert sorted(error.value.error_dict) == ["handling", "result"]
    evaluations.evaluate(row, by=cast.delegate, handling="satisfied", result="fairly", said="好")
    assert again(row).in_words == "办理过程满意、办理结果基本满意"
    with pytest.raises(ValidationError) as error:
        evaluations.evaluate(again(row), by=cast.member, handling="fairly", result="fairly")
    assert error.value.code == "given"
    assert state_of(asked) == "closed"


def test_silence_is_no_answer_and_never_satisfied(cast, asked):
    answer(asked, "A")
    row = Evaluation.objects.get()
    assert evaluations.lapse(row) is True and evaluations.lapse(again(row)) is False
    assert (again(row).in_words, again(row).handling) == ("未作评价", "")
    with pytest.raises(ValidationError) as error:
        evaluations.evaluate(again(row), by=cast.member, handling="fairly", result="fairly")
    assert error.value.code == "lapsed"
    assert state_of(asked) == "closed"


def dissatisfied(cast, asked):
    answer(asked, "A")
    row = Evaluation.objects.get()
    evaluations.evaluate(row, by=cast.member, handling="fairly", result="dissatisfied", said="没改")
    return again(row)


def test_dissatisfied_reopens_nothing_and_waits_for_the_office(cast, asked):
    row = dissatisfied(cast, asked)
    assert again(asked).answered_at is not None and state_of(asked) == "answered"
    assert told(kind="evaluation_dissatisfied") == [("evaluation_dissatisfied", "clerk")]
    assert list(Evaluation.objects.dissatisfied()) == [row]


@pytest.mark.parametrize(
    ("choice", "given", "milestone"),
    [
        ("meet", {"on": timezone.localdate(), "note": "已说明工期"}, "met"),
        ("consult", {"on": timezone.localdate() + 9 * DAY, "place": "三楼会议室"}, "consulted"),
        ("explain", {"note": "受资金限制，明年安排。"}, "explained"),
    ],
)
def test_the_choices_of_the_office(cast, asked, choice, given, milestone):
    row = dissatisfied(cast, asked)
    with pytest.raises(PermissionDenied):
        evaluations.decide(row, by=cast.signer, choice=choice, **given)
    evaluations.decide(row, by=cast.editor, choice=choice, **given)
    assert (again(row).choice, again(row).decided_by) == (choice, cast.editor)
    assert state_of(asked) == "closed"
    assert told(kind="evaluation_decided") == [("evaluation_decided", "member")]
    assert Step.objects.filter(move=milestone).count() == 1
    with pytest.raises(ValidationError) as error:
        evaluations.decide(again(row), by=cast.clerk, choice=choice, **given)
    assert error.value.code == "decided"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"choice": "other"}, "choice"),
        ({"choice": "again"}, "note"),
        ({"choice": "explain"}, "note"),
        ({"choice": "meet", "note": "谈了"}, "on"),
        ({"choice": "meet", "note": "谈了", "on": timezone.localdate() + DAY}, "on"),
        ({"choice": "meet", "note": "谈了", "on": timezone.localdate() - DAY}, "on"),
        ({"choice": "consult", "on": timezone.localdate() + DAY}, "place"),
        ({"choice": "consult", "on": timezone.localdate(), "place": "字" * 81}, "place"),
    ],
)
def test_what_a_choice_needs(cast, asked, given, field):
    row = dissatisfied(cast, asked)
    with pytest.raises(ValidationError) as error:
        evaluations.decide(row, by=cast.clerk, **given)
    assert list(error.value.error_dict) == [field]
    assert again(row).decided_at is None


def test_the_unit_is_asked_again_once(cast):
    both = [cast.member_of("member"), cast.member_of("member2")]
    row = make.opinion(authors=both, sector=cast.education, status=Status.ISSUED)
    row.authorships.update(confirmed_at=timezone.now())
    asked = handling.referral(opinion=row, unit=cast.unit)
    answer(asked, "A")
    for evaluation in Evaluation.objects.order_by("id"):
        person = evaluation.member.user.sign_in_name
        evaluations.evaluate(evaluation, by=cast[person], handling="fairly", result="dissatisfied")
    first, second = Evaluation.objects.order_by("id")
    evaluations.decide(first, by=cast.clerk, choice="again", note="请再办")
    with pytest.raises(ValidationError) as error:
        evaluations.decide(second, by=cast.clerk, choice="again", note="请再办")
    assert error.value.code == "answered_again"
    assert again(second).decided_at is None


# Concluding -------------------------------------------------------------------------------------


def test_the_office_concludes_with_a_reason(cast, asked):
    def refused(reason="单位已说明", by=cast.clerk):
        with pytest.raises(ValidationError) as error:
            closing.conclude(again(asked), by=by, reason=reason)
        return getattr(error.value, "code", None) or list(error.value.error_dict)

    assert refused() == "unanswered"
    promise = planned(asked)
    assert refused() == "open_promises"
    promises.settle(promise, by=cast.clerk, evidence="看过")
    assert refused("") == ["note"]
    with pytest.raises(PermissionDenied):
        closing.conclude(again(asked), by=cast.signer, reason="理由")
    closing.conclude(again(asked), by=cast.clerk, reason="单位已说明")
    assert state_of(asked) == "closed" and refused() == "ended"
    # The author still has a say.
    row = Evaluation.objects.get()
    evaluations.evaluate(row, by=cast.member, handling="fairly", result="dissatisfied")
    evaluations.decide(again(row), by=cast.clerk, choice="again", note="请再办")
    assert state_of(asked) == "handling"


def test_dissatisfied_stops_the_conclusion(cast, asked):
    dissatisfied(cast, asked)
    with pytest.raises(ValidationError) as error:
        closing.conclude(again(asked), by=cast.clerk, reason="理由")
    assert error.value.code == "dissatisfied"


def moves_of(opinion, person):
    from opinions.workflow import available_moves

    return available_moves(Opinion.objects.for_moves().get(pk=opinion.pk), person)


def test_a_report_closes_only_when_nothing_is_open(cast, issued, asked):
    row = Opinion.objects.for_moves().get(pk=issued.pk)
    assert "close" not in moves_of(issued, cast.clerk)
    with pytest.raises(ValidationError) as error:
        actions.move(row, "close", by=cast.clerk)
    assert error.value.code == "open_matters"
    promise = planned(asked)
    evaluations.evaluate(
        Evaluation.objects.get(), by=cast.member, handling="fairly", result="fairly"
    )
    assert "close" not in moves_of(issued, cast.clerk)
    promises.settle(promise, by=cast.clerk, evidence="看过")
    assert "close" in moves_of(issued, cast.clerk)
    actions.move(Opinion.objects.for_moves().get(pk=issued.pk), "close", by=cast.clerk)
    assert again(issued).status == Status.CLOSED


def test_the_condition_is_asked_anew_under_the_lock(cast, issued):
    row = Opinion.objects.for_moves().get(pk=issued.pk)
    assert row.has_open_matters is False
    handling.referral(opinion=issued)
    with pytest.raises(ValidationError):
        actions.move(row, "close", by=cast.clerk)


def test_the_clock_counts_from_the_end_of_the_last_matter(cast, issued, asked):
    Opinion.objects.filter(pk=issued.pk).update(waiting_since=timezone.now() - 90 * DAY)

    def finished(days_on):
        rows = Opinion.objects.finished(days=30, on=timezone.localdate() + days_on * DAY)
        return list(rows)

    assert finished(90) == []
    answer(asked, "A")
    evaluations.evaluate(
        Evaluation.objects.get(), by=cast.member, handling="fairly", result="fairly"
    )
    assert finished(30) == [] and finished(31) == [issued]


# The timeline -----------------------------------------------------------------------------------


def test_the_author_reads_plain_sentences_newest_first(cast, issued, asked):
    planned(asked)
    told_outside = [str(event.title) for event in events_of(issued, inside=False)]
    assert told_outside == ["列入计划，由机关跟踪办理", "承办单位已答复", "开始起草"]
    texts = [event.text for event in events_of(issued, inside=False)]
    assert texts[1] == "B 办理结果B"


def test_milestones_of_one_kind_on_one_day_are_one(cast, issued):
    from opinions.milestones import mark

    for note in ("甲", "乙"):
        mark(issued, "answered", by=cast.clerk, note=note)
    events = events_of(issued, inside=True)
    assert [str(event.title) for event in events] == ["承办单位已答复（2件）", "开始起草"]
    assert events[0].text == "甲；乙"


def test_a_report_taken_offline_leaves_no_words(cast, issued, asked):
    promise = planned(asked)
    pdf = SimpleUploadedFile("现场.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    promises.report_promise(
        promise, by=cast.handler, side="unit", result="done", words_said="不外传", file=pdf
    )
    row = Evaluation.objects.get()
    evaluations.evaluate(
        row, by=cast.member, handling="fairly", result="dissatisfied", said="不外传"
    )
    evaluations.decide(again(row), by=cast.clerk, choice="explain", note="不外传")
    actions.move(Opinion.objects.for_moves().get(pk=issued.pk), "go_offline", by=cast.clerk)
    left = [again(promise).evidence, again(row).words, again(row).choice_note]
    report = promise.reports.get()
    assert [*left, report.words] == [""] * 4 and report.attachment is None
    assert not Attachment.objects.exists()
    assert (again(row).handling, again(promise).what) == ("fairly", "")
    assert list(Promise.objects.followed()) == []

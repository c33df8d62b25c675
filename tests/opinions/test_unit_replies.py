"""What a unit does, told step by step: refusing, more time, relaying, answering; and the office."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from committees.actors import CLOCK, Guest
from committees.models import AuditEntry, Role, Workday
from committees.workdays import calendar_of
from notices.models import Notice
from opinions.actions import paper_replies, unit_replies
from opinions.actions import unit_desk as verbs
from opinions.actions.reply_erasing import erase_replies
from opinions.actions.unit_replies import ReplyWords
from opinions.models import (
    Matter,
    Referral,
    ReferralExtension,
    ReferralRule,
    Reply,
    ReplyFile,
    Step,
)
from tests import make
from tests.make import desk, handling

DAY = handling.DAY


@pytest.fixture
def link(cast):
    return Guest("unit_link", str(desk.link(cast.unit).pk))


@pytest.fixture
def row(cast):
    author = cast.member_of("member")
    opinion = make.opinion(author=author, status="issued", committee=cast.city)
    return handling.referral(unit=cast.unit, opinion=opinion, signed_for_at=timezone.now())


@pytest.fixture
def plans(cast):
    return handling.reply_class(committee=cast.city, letter="B")


@pytest.fixture
def solved(cast):
    return handling.reply_class(committee=cast.city, letter="A")


def bare(cast, **over):
    return handling.referral(committee=cast.city, opinion=None, **over)


def code_of(error):
    return getattr(error.value, "code", None) or next(iter(error.value.error_dict))


def pdf(name="复函.pdf", words=b""):
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n" + words + b"\n%%EOF\n"
    return SimpleUploadedFile(name, content, "application/pdf")


# Signing for, assigning ---------------------------------------------------------------------------


def test_signing_for_by_link_and_by_account(cast, link):
    first, second = bare(cast, unit=cast.unit), bare(cast, unit=cast.unit)
    verbs.sign_for(first, by=link, by_name=" 李四 ")
    verbs.sign_for(second, by=cast.handler)
    assert [one.signed_for_by for one in Referral.objects.order_by("pk")] == [
        "李四",
        cast.handler.name,
    ]
    with pytest.raises(ValidationError) as error:
        verbs.sign_for(first, by=cast.handler)
    assert error.value.code == "moved" and "办理中" in error.value.messages[0]
    with pytest.raises(ValidationError) as error:
        verbs.sign_for(bare(cast, unit=cast.unit), by=link)
    assert code_of(error) == "by_name"
    assert AuditEntry.objects.filter(action="referral.sign_for").count() == 2


def test_assigning_inside(cast, link, row):
    verbs.assign(row, "基础教育科 王五", by=link, by_name="李四")
    row.refresh_from_db()
    assert row.assigned_to == "基础教育科 王五"
    for wrong in ("", "x" * 61):
        with pytest.raises(ValidationError) as error:
            verbs.assign(row, wrong, by=link, by_name="李四")
        assert code_of(error) == "assigned_to"


# Refusing -----------------------------------------------------------------------------------------


def test_refusing_with_cause_within_the_window(cast, link, row):
    with pytest.raises(ValidationError) as error:
        verbs.ask_refusal(row, " ", by=link, by_name="李四")
    assert code_of(error) == "cause"
    with pytest.raises(ValidationError) as error:
        verbs.ask_refusal(row, "机密★", by=link, by_name="李四")
    assert code_of(error) == "classified"
    verbs.ask_refusal(row, "属水务部门职责", by=link, by_name="李四")
    assert verbs.state_of(row) == "refusing"
    told = Notice.objects.filter(kind="unit_asks")
    assert {one.recipient for one in told} == {cast.clerk}
    assert "水务" not in "".join(one.title + one.body + one.sms + one.mail for one in told)
    verbs.withdraw_refusal(row, by=link, by_name="李四")
    assert (row.refusal_asked_at, row.refusal_cause) == (None, "")
    assert verbs.state_of(row) == "handling"


@pytest.mark.parametrize(("days", "open_"), [(0, True), (-1, False)])
def test_the_last_day_of_the_window_counts(cast, link, row, days, open_):
    Referral.objects.filter(pk=row.pk).update(refuse_until=timezone.localdate() + days * DAY)
    if open_:
        verbs.ask_refusal(row, "理由", by=link, by_name="李四")
        return
    with pytest.raises(ValidationError) as error:
        verbs.ask_refusal(row, "理由", by=link, by_name="李四")
    assert code_of(error) == "too_late" and "已过" in error.value.messages[0]


def test_who_was_asked_to_go_on_asks_no_second_time(cast, link, row):
    given = {"refusal_asked_at": timezone.now(), "refusal_decided_at": timezone.now()}
    Referral.objects.filter(pk=row.pk).update(is_refusal_granted=False, **given)
    with pytest.raises(ValidationError) as error:
        verbs.ask_refusal(row, "理由", by=link, by_name="李四")
    assert "请继续办理" in error.value.messages[0]


# Relaying -----------------------------------------------------------------------------------------


@pytest.fixture
def relayed(cast):
    via = make.unit(committee=cast.city, is_relaying=True)
    relay = make.officer(Role.HANDLER, cast.city, via.pk)
    return bare(cast, unit=None, via=via, refuse_until=timezone.localdate() - 9 * DAY), relay


def test_a_relaying_office_assigns_decides_and_assigns_anew(cast, link, relayed):
    row, relay = relayed
    for wrong in (make.unit(), row.via, make.unit(committee=cast.city, is_active=False)):
        with pytest.raises(ValidationError) as error:
            verbs.assign_unit(row, wrong, by=relay)
        assert code_of(error) == "unit"
    unit_replies_draft = verbs.sign_for(row, by=relay)
    assert unit_replies_draft.signed_for_at
    unit_replies.draft_reply(row, ReplyWords("经转单位自己的草稿"), by=relay)
    verbs.assign_unit(row, cast.unit, by=relay)
    assert row.replies.count() == 0 and row.signed_for_at is None
    rule = verbs.rule_of(row)
    today = timezone.localdate()
    assert row.refuse_until == calendar_of(cast.city).after(today, rule.refuse_workdays)
    verbs.ask_refusal(row, "不属职责", by=link, by_name="李四")
    assert {one.recipient for one in Notice.objects.filter(kind="unit_asks")} == {relay}
    with pytest.raises(ValidationError) as error:
        verbs.decide_refusal(row, is_granted=False, by=relay)
    assert code_of(error) == "answer"
    verbs.decide_refusal(row, is_granted=False, answer="请继续", by=relay)
    assert verbs.state_of(row) == "waiting" and row.unit == cast.unit
    Referral.objects.filter(pk=row.pk).update(refusal_decided_at=None)
    verbs.decide_refusal(row, is_granted=True, by=relay)
    assert row.unit is None and verbs.state_of(row) == "waiting"
    assert not Referral.objects.visible_to(link).exists()
    with pytest.raises(PermissionDenied):
        verbs.sign_for(row, by=link, by_name="李四")


def test_a_draft_is_read_by_the_answering_unit_alone(cast, link, relayed, row):
    other, relay = relayed
    Referral.objects.filter(pk=other.pk).update(unit=cast.unit)
    drafts = [handling.reply(referral=one, answered_at=None) for one in (row, other)]
    given = handling.reply(referral=bare(cast, unit=cast.unit))
    assert set(Reply.objects.visible_to(link)) == {*drafts, given}
    assert set(Reply.objects.visible_to(cast.handler)) == {*drafts, given}
    for person in (cast.clerk, cast.signer, relay, cast.member, cast.leader):
        assert not set(Reply.objects.visible_to(person)) & set(drafts)
    assert set(Reply.objects.visible_to(cast.clerk)) == {given}


# More time ----------------------------------------------------------------------------------------


def test_more_time_within_the_rule_once_at_a_time(cast, link, row):
    ReferralRule.objects.create(committee=cast.city, matter=Matter.OPINION, extend_workdays=3)
    due = row.due_on
    Workday.objects.create(committee=cast.city, day=due + DAY, is_working=False, note="假")
    latest = calendar_of(cast.city).after(due, 3)
    for wrong in (due, latest + DAY):
        with pytest.raises(ValidationError) as error:
            verbs.ask_extension(row, wrong, "理由", by=link, by_name="李四")
        assert code_of(error) == "until"
    with pytest.raises(ValidationError) as error:
        verbs.ask_extension(row, latest, "", by=link, by_name="李四")
    assert code_of(error) == "reason"
    asked = verbs.ask_extension(row, latest, "需会商", by=link, by_name="李四")
    assert (asked.until, asked.asked_by) == (latest, "李四")
    assert Notice.objects.filter(kind="unit_asks").count() == 1
    with pytest.raises(ValidationError) as error:
        verbs.ask_extension(row, latest, "又要", by=link, by_name="李四")
    assert code_of(error) == "moved"


def test_after_one_extension_the_first_due_date_still_counts(cast, link, row):
    now = timezone.now()
    ReferralExtension.objects.create(
        referral=row, until=row.due_on, reason="理由", asked_at=now, decided_at=now, is_granted=True
    )
    rule = ReferralRule(committee=cast.city)
    whole = rule.due_workdays + rule.extend_workdays
    assert verbs.latest_extension(row) == calendar_of(cast.city).after(row.referred_on, whole)


@pytest.mark.parametrize("matter", ["proposal", "reception"])
def test_the_rule_is_the_matters(cast, matter):
    reception = make.reception(workroom=cast.room)
    rows = {
        "reception": handling.referral(unit=cast.unit, reception=reception, opinion=None),
        "proposal": Referral(committee=cast.city, proposal_id=1),
    }
    rule = ReferralRule.objects.create(committee=cast.city, matter=matter, extend_workdays=1)
    assert verbs.rule_of(rows[matter]) == rule


# Answering ----------------------------------------------------------------------------------------


def test_draft_approve_answer(cast, link, row, plans):
    until = datetime.date(timezone.localdate().year + 1, 6, 30)
    words = ReplyWords("分两期改造。", plans, until, "quarter", contact_name="王五")
    drafted = unit_replies.draft_reply(row, words, by=link, by_name="李四")
    assert not Notice.objects.exists()
    with pytest.raises(ValidationError) as error:
        unit_replies.answer(row, by=link, by_name="李四", version=drafted.drafted_at)
    assert code_of(error) == "not_approved"
    unit_replies.approve_reply(row, by=link, by_name="赵局长", version=drafted.drafted_at)
    given = unit_replies.answer(row, by=link, by_name="李四", version=drafted.drafted_at)
    row.refresh_from_db()
    assert row.answered_at == given.answered_at
    assert (given.approved_by, given.drafted_by, given.planned_on) == ("赵局长", "李四", until)
    assert [one.deed for one in row.steps.all()][1:] == ["draft", "approve", "answer", "plan"]
    assert Step.objects.filter(opinion=row.opinion, move="answered").count() == 1
    assert {one.recipient for one in Notice.objects.filter(kind="reply_received")} == {cast.clerk}


def test_a_changed_text_is_not_approved(cast, link, row, solved):
    first = unit_replies.draft_reply(row, ReplyWords("一", solved), by=link, by_name="李四")
    seen = first.drafted_at
    unit_replies.approve_reply(row, by=link, by_name="赵局长", version=seen)
    second = unit_replies.draft_reply(row, ReplyWords("二", solved), by=cast.handler, version=seen)
    assert second.approved_at is None
    for verb in (unit_replies.approve_reply, unit_replies.answer):
        with pytest.raises(ValidationError) as error:
            verb(row, by=link, by_name="赵局长", version=seen)
        assert code_of(error) == "stale" and cast.handler.name in error.value.messages[0]
    with pytest.raises(ValidationError) as error:
        unit_replies.draft_reply(row, ReplyWords("三", solved), by=link, by_name="李四")
    assert code_of(error) == "stale" and Reply.objects.get().text == "二"


MISSING = [
    (ReplyWords("有话"), {"reply_class"}),
    (ReplyWords(), {"reply_class", "text"}),
]


@pytest.mark.parametrize(("words", "fields"), MISSING)
def test_what_an_answer_needs(link, row, words, fields):
    drafted = unit_replies.draft_reply(row, words, by=link, by_name="李四")
    with pytest.raises(ValidationError) as error:
        unit_replies.approve_reply(row, by=link, by_name="赵", version=drafted.drafted_at)
    assert set(error.value.error_dict) == fields


def test_a_class_that_plans_needs_a_time_or_a_reason(link, row, plans, solved):
    drafted = unit_replies.draft_reply(row, ReplyWords("话", plans), by=link, by_name="李四")
    with pytest.raises(ValidationError) as error:
        unit_replies.approve_reply(row, by=link, by_name="赵", version=drafted.drafted_at)
    assert set(error.value.error_dict) == {"planned_year"}
    words = ReplyWords("话", plans, no_date_reason="待规划批复")
    drafted = unit_replies.draft_reply(
        row, words, by=link, by_name="李四", version=drafted.drafted_at
    )
    unit_replies.approve_reply(row, by=link, by_name="赵", version=drafted.drafted_at)
    words = ReplyWords("话", solved, datetime.date(2030, 1, 1), "day", "不相干")
    drafted = unit_replies.draft_reply(
        row, words, by=link, by_name="李四", version=drafted.drafted_at
    )
    assert (drafted.planned_on, drafted.planned_precision, drafted.no_date_reason) == (None, "", "")


def test_the_stamped_letter_is_approval_and_text(link, row, solved):
    drafted = unit_replies.draft_reply(row, ReplyWords("", solved), by=link, by_name="李四")
    given = unit_replies.answer(
        row, by=link, by_name="李四", version=drafted.drafted_at, uploads=[("stamped", pdf())]
    )
    assert given.approved_at is None and given.answered_at
    assert given.files.get().attachment.name == "复函.pdf"
    assert unit_replies.attach(row, pdf("补.pdf"), by=link, by_name="李四").kind == "stamped"


def test_marked_words_and_files_are_refused(link, row, solved):
    for words in (ReplyWords("绝密", solved), ReplyWords("话", no_date_reason="机密★")):
        with pytest.raises(ValidationError) as error:
            unit_replies.draft_reply(row, words, by=link, by_name="李四")
        assert code_of(error) == "classified"
    with pytest.raises(ValidationError) as error:
        unit_replies.draft_reply(
            row,
            ReplyWords("话", solved),
            by=link,
            by_name="李四",
            uploads=[("other", pdf("绝密.pdf"))],
        )
    assert code_of(error) == "classified"
    assert not Reply.objects.exists() and row.steps.count() == 1


def test_wrong_words_have_their_field(cast, link, row):
    elsewhere = handling.reply_class(committee=cast.county)
    wrong = {
        "text": ReplyWords("长" * 10_001),
        "reply_class": ReplyWords("话", elsewhere),
        "contact_phone": ReplyWords("话", contact_phone="1" * 31),
    }
    for field, words in wrong.items():
        with pytest.raises(ValidationError) as error:
            unit_replies.draft_reply(row, words, by=link, by_name="李四")
        assert code_of(error) == field


def test_files_of_a_draft(link, row):
    files = [("other", pdf(f"{number}.pdf")) for number in range(10)]
    drafted = unit_replies.draft_reply(row, ReplyWords(), by=link, by_name="李", uploads=files)
    with pytest.raises(ValidationError) as error:
        unit_replies.draft_reply(
            row, ReplyWords(), by=link, by_name="李", version=drafted.drafted_at, uploads=files[:1]
        )
    assert code_of(error) == "too_many"
    first = drafted.files.earliest("pk")
    for _ in range(2):
        unit_replies.remove_file(row, first.pk, by=link)
    assert drafted.files.count() == 9
    elsewhere = ReplyFile.objects.create(reply=handling.reply(), attachment=first.attachment)
    unit_replies.remove_file(row, elsewhere.pk, by=link)
    assert ReplyFile.objects.filter(pk=elsewhere.pk).exists()


def test_nothing_drafted_is_nothing_to_give(link, row):
    for verb in (unit_replies.approve_reply, unit_replies.answer):
        with pytest.raises(ValidationError) as error:
            verb(row, by=link, by_name="李四")
        assert code_of(error) == "no_reply"
    unit_replies.remove_file(row, 1, by=link)


def test_an_open_extension_ends_with_the_answer(cast, link, row, solved):
    verbs.ask_extension(row, row.due_on + DAY, "理由", by=link, by_name="李四")
    drafted = unit_replies.draft_reply(row, ReplyWords("好", solved), by=link, by_name="李四")
    unit_replies.approve_reply(row, by=link, by_name="赵", version=drafted.drafted_at)
    unit_replies.answer(row, by=link, by_name="李", version=drafted.drafted_at)
    asked = row.extensions.get()
    assert asked.decided_at and asked.is_granted is None
    assert verbs.state_of(row) == "evaluating"


def test_a_second_round(cast, link, row, solved):
    handling.reply(referral=row)
    Referral.objects.filter(pk=row.pk).update(answered_at=None)
    second = unit_replies.draft_reply(row, ReplyWords("再", solved), by=link, by_name="李四")
    assert second.round == 2


# On paper -----------------------------------------------------------------------------------------


def test_the_office_enters_what_came_on_paper(cast, link, row, solved):
    draft = unit_replies.draft_reply(row, ReplyWords("没写完", solved), by=link, by_name="李四")
    today = timezone.localdate()
    with pytest.raises(ValidationError) as error:
        paper_replies.enter_reply(
            row, ReplyWords("x", solved), by=cast.clerk, letter_on=today + DAY
        )
    assert code_of(error) == "letter_on"
    entered = paper_replies.enter_reply(
        row,
        ReplyWords("", solved),
        by=cast.clerk,
        letter_number="云教函〔2026〕8号",
        letter_on=today,
        scan=pdf(),
    )
    assert (entered.round, entered.entered_by, entered.letter_on) == (2, cast.clerk, today)
    assert verbs.state_of(row) == "evaluating"
    draft.refresh_from_db()
    assert draft.text == "没写完" and draft.answered_at is None
    with pytest.raises(ValidationError) as error:
        paper_replies.enter_reply(row, ReplyWords("x", solved), by=cast.editor, letter_on=today)
    assert code_of(error) == "moved"
    # Asked again, the unit goes on with its words, as the third round.
    Referral.objects.filter(pk=row.pk).update(answered_at=None)
    unit_replies.approve_reply(row, by=link, by_name="赵", version=draft.drafted_at)
    given = unit_replies.answer(row, by=link, by_name="李四", version=draft.drafted_at)
    assert (given.pk, given.round) == (draft.pk, 3)


def test_only_clerks_and_editors_enter_paper(cast, row, solved):
    for name in ("signer", "handler", "member", "countyclerk"):
        with pytest.raises(PermissionDenied):
            paper_replies.enter_reply(row, ReplyWords("x", solved), by=cast[name])
        with pytest.raises(PermissionDenied):
            paper_replies.attach_scan(row, pdf(), by=cast[name])


def test_a_scan_finds_the_reply(cast, row):
    with pytest.raises(ValidationError) as error:
        paper_replies.attach_scan(row, pdf(), by=cast.clerk)
    assert code_of(error) == "no_reply"
    said = handling.reply(referral=row)
    made = paper_replies.attach_scan(row, pdf(), by=cast.clerk)
    assert (made.reply, made.kind) == (said, "stamped")
    assert row.steps.filter(deed="attach").count() == 1
    assert paper_replies.normal_printed_code(" t3－26 -4\n") == "T3-26-4"


# Offline -----------------------------------------------------------------------------------------


def test_a_report_taken_offline_leaves_no_words_of_its_replies(
    cast, row, solved, link, django_capture_on_commit_callbacks
):
    words = ReplyWords("金丝雀答复", solved, contact_name="金丝雀", contact_phone="139")
    uploads = [("stamped", pdf("金丝雀.pdf", b"canary"))]
    seen = unit_replies.draft_reply(row, words, by=link, by_name="李四", uploads=uploads)
    unit_replies.answer(row, by=link, by_name="李四", version=seen.drafted_at)
    handling.reply(referral=row, answered_at=None, text="金丝雀草稿")
    sha256 = ReplyFile.objects.get().attachment.sha256
    path = f"{cast.city.slug}/{sha256[:2]}/{sha256}"
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        receipt = erase_replies(row.opinion, by=CLOCK)
    assert receipt == {"replies": 2, "reply_files": 1}
    assert {(one.text, one.contact_name) for one in Reply.objects.all()} == {("", "")}
    assert not ReplyFile.objects.exists()
    assert not default_storage.exists(path)
    assert erase_replies(make.opinion(), by=CLOCK) == {}

"""Consultations: agenda, who is invited, resolutions and what came of them, minutes on paper."""

import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from docx import Document

from activities import actions
from activities.actions import consultations, resolutions
from activities.models import Activity, AgendaItem, Enrolment, Participant, Resolution
from committees.models import Role
from notices.models import Notice
from opinions import actions as reports
from opinions.actions import referrals
from opinions.models import Referral, Status
from opinions.texts import Texts
from tests import make
from tests.budgets import costs
from tests.make import aftermath, handling
from workrooms.actions import handling as handling_of
from workrooms.models import Reception
from workrooms.steps import receipt_steps

DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def consult(cast, **over):
    return aftermath.consultation(committee=cast.city, created_by=cast.clerk, **over)


def entry(cast, **over):
    return make.reception(workroom=cast.room, said="楼道堆物，存在隐患", **over)


def page(row, rest=""):
    return f"/city/activities/{row.pk}/consultation/{rest}"


def one(row, rest=""):
    return f"/city/activities/resolutions/{row.pk}/{rest}"


def code_of(caught):
    error = caught.value
    if hasattr(error, "error_dict"):
        return {field: errors[0].code for field, errors in error.error_dict.items()}
    return error.code


def call_off(row, item, by):
    actions.call_off(row, by=by, why="单位时间冲突")


def drop(row, item, by):
    Activity.objects.filter(pk=row.pk).update(published_at=None)
    actions.drop_plan(row, by=by)


def take_off(row, item, by):
    consultations.remove_item(item, by=by)


@pytest.mark.parametrize("end", [call_off, drop, take_off])
@pytest.mark.parametrize("disposal", ["", "community"])
def test_an_entry_whose_consultation_falls_through_waits_again(cast, client_of, end, disposal):
    """No step of the resident's goes back; the keeper's list and the entry's page say it."""
    begins = timezone.now() + DAY
    row = consult(cast, starts_at=begins, ends_at=begins + DAY)
    told = entry(cast, disposal=disposal, disposed_at=timezone.now() if disposal else None)
    entry(cast, disposal="community", disposed_at=timezone.now())
    item = consultations.add_item(row, words="楼道消防", reception=told, by=cast.clerk)
    steps = [step.is_reached for step in receipt_steps(told)]
    assert steps == [True, True, True, False, False]
    end(row, item, cast.clerk)
    again = Reception.objects.get(pk=told.pk)
    assert [step.is_reached for step in receipt_steps(again)] == steps
    assert again.progress[1] == "due" and str(again.progress[0]) == "待办理"
    waiting = Reception.objects.awaiting_disposal().exclude(nature="person")
    assert set(waiting) == {again}
    assert again not in Reception.objects.open_matters()
    keeper = client_of("keeper")
    shown = keeper.get(f"/city/workrooms/receptions/{told.pk}/").content.decode()
    assert "列入的协商议事未能举行，请重新安排办理。" in shown
    link = f'href="/city/workrooms/receptions/{told.pk}/"'
    assert link in keeper.get("/city/desk/").content.decode()
    handling_of.dispose(again, "unit", by=cast.keeper, seen=disposal, passed_to="住建局")
    again.refresh_from_db()
    assert again.returned_at is None and again not in Reception.objects.awaiting_disposal()


def test_an_entry_still_on_another_agenda_does_not_wait(cast):
    begins = timezone.now() + DAY
    rows = [consult(cast, starts_at=begins, ends_at=begins + DAY) for _ in range(2)]
    told = entry(cast)
    for row in rows:
        consultations.add_item(row, words="楼道消防", reception=told, by=cast.clerk)
    actions.call_off(rows[0], by=cast.clerk, why="改期")
    told.refresh_from_db()
    assert told.returned_at is None
    actions.call_off(rows[1], by=cast.clerk, why="改期")
    told.refresh_from_db()
    assert told.returned_at is not None
    new = consult(cast)
    consultations.add_item(new, words="楼道消防", reception=told, by=cast.clerk)
    told.refresh_from_db()
    assert told.returned_at is None


@pytest.mark.parametrize("disposal", ["", "unit"])
def test_an_entry_passed_on_otherwise_does_not_wait(cast, disposal):
    begins = timezone.now() + DAY
    disposed = {"disposal": disposal, "disposed_at": timezone.now() if disposal else None}
    for pass_on in (refer, report):
        row = consult(cast, starts_at=begins, ends_at=begins + DAY)
        told = entry(cast, **disposed)
        consultations.add_item(row, words="楼道消防", reception=told, by=cast.clerk)
        actions.call_off(row, by=cast.clerk, why="改期")
        pass_on(cast, Reception.objects.get(pk=told.pk))
        assert told not in Reception.objects.awaiting_disposal()


def refer(cast, told):
    referrals.refer(told, by=cast.clerk, lead=cast.unit, title="楼道消防", text="请研究。")


def report(cast, told):
    member = cast.member_of("member")
    told.members.add(member)
    reports.start(member, Texts("楼道消防", "堆物。"), by=cast.member, reception=told)


@pytest.mark.parametrize("since", [refer, report, None])
def test_what_was_dealt_with_otherwise_meanwhile_does_not_wait_again(cast, since):
    begins = timezone.now() + DAY
    row = consult(cast, starts_at=begins, ends_at=begins + DAY)
    told = entry(cast)
    consultations.add_item(row, words="楼道消防", reception=told, by=cast.clerk)
    if since:
        since(cast, told)
    actions.call_off(row, by=cast.clerk, why="改期")
    told.refresh_from_db()
    assert (told.returned_at is None) == bool(since)
    assert (told in Reception.objects.awaiting_disposal()) == (since is None)
    told.due_on = today() - DAY
    told.save()
    assert (told in Reception.objects.overdue()) == bool(since)


@pytest.mark.parametrize("is_done", [True, False])
def test_a_matter_with_a_result_does_not_wait_again(cast, is_done):
    begins = timezone.now() + DAY
    row = consult(cast, starts_at=begins, ends_at=begins + DAY)
    told = entry(cast)
    item = consultations.add_item(row, words="楼道消防", reception=told, by=cast.clerk)
    done = {"result": "已清理", "resulted_on": today()} if is_done else {}
    aftermath.resolution(activity=row, item=item, **done)
    actions.call_off(row, by=cast.clerk, why="改期")
    told.refresh_from_db()
    assert (told.returned_at is None) == is_done


def test_only_a_consultation_has_the_page(cast, client_of):
    other = make.activity(committee=cast.city)
    assert client_of("clerk").get(page(other)).status_code == 404
    assert client_of("member").get(page(consult(cast))).status_code == 200
    with pytest.raises(ValidationError) as caught:
        consultations.add_item(other, words="议题", by=cast.clerk)
    assert code_of(caught) == "not_consultation"


def test_an_entry_on_the_agenda_is_being_coordinated(cast):
    row, reception = consult(cast), entry(cast)
    consultations.add_item(row, words="楼道消防隐患", reception=reception, by=cast.keeper)
    reception.refresh_from_db()
    assert reception.passed_at and reception.read_at and reception.disposal == ""
    reached = [step.is_reached for step in receipt_steps(reception)]
    assert reached == [True, True, True, False, False]
    assert reception.words.get().text == f"已列入协商议事：{row.title}"
    assert row.agenda.get().reception == reception


def test_who_puts_what_on_an_agenda(cast):
    """A keeper the room's entries on anybody's; words and reports who organises."""
    row, reception = consult(cast), entry(cast)
    for by, over in (
        (cast.keeper, {}),
        (cast.member2, {"reception": reception}),
        (cast.member, {"opinion": make.opinion(author=cast.member_of("member"))}),
    ):
        with pytest.raises(PermissionDenied):
            consultations.add_item(row, words="议题", by=by, **over)
    assert not AgendaItem.objects.exists()


@pytest.mark.parametrize(
    ("over", "words", "code"),
    [
        ({"nature": "petition"}, "议题", "nature"),
        ({"resident_name": "赵大山"}, "赵大山家漏水", {"words": "resident"}),
        ({}, "绝密", "classified"),
    ],
)
def test_entries_that_are_not_taken(cast, over, words, code):
    row, reception = consult(cast), entry(cast, **over)
    with pytest.raises(ValidationError) as caught:
        consultations.add_item(row, words=words, reception=reception, by=cast.clerk)
    assert code_of(caught) == code
    reception.refresh_from_db()
    assert reception.passed_at is None


def test_a_report_against_a_person_stays_with_the_confidant(cast, client_of):
    reception = entry(cast, nature="person")
    address = f"/city/activities/consult/?reception={reception.pk}"
    assert client_of("clerk").get(address).status_code == 404


def test_reports_keep_their_title_to_those_who_see_them(cast, client_of):
    row = consult(cast)
    report = make.opinion(
        author=cast.member_of("member"), status=Status.RECEIVED, title="关于甲的建议"
    )
    with pytest.raises(ValidationError) as caught:
        consultations.add_item(row, words="商议关于甲的建议", opinion=report, by=cast.clerk)
    assert code_of(caught) == {"words": "internal"}
    consultations.add_item(row, words="停车难", opinion=report, by=cast.clerk)
    shown = {who: client_of(who).get(page(row)).content.decode() for who in ("clerk", "member2")}
    assert "关于甲的建议" in shown["clerk"]
    assert "关于甲的建议" not in shown["member2"] and "停车难" in shown["member2"]
    paper = client_of("clerk").get(page(row, "paper/")).content.decode()
    assert "关于甲的建议" not in paper and "停车难" in paper
    draft = make.opinion(author=cast.member_of("member"), status=Status.DRAFT)
    with pytest.raises(ValidationError) as caught:
        consultations.add_item(row, words="草稿", opinion=draft, by=cast.clerk)
    assert code_of(caught) == "draft"
    foreign = make.opinion(author=cast.member_of("countymember"), status=Status.RECEIVED)
    with pytest.raises(ValidationError) as caught:
        consultations.add_item(row, words="外地的", opinion=foreign, by=cast.clerk)
    assert code_of(caught) == "other_committee"


def test_agenda_and_parties_on_the_page(cast, client_of):
    row, client = consult(cast), client_of("clerk")
    assert client.post(page(row, "items/"), {"words": "电动车充电"}).status_code == 302
    answer = client.post(page(row, "items/"), {"words": "电动车充电"})
    assert answer.status_code == 422 and "该议题已列入这次协商。" in answer.content.decode()
    for given in (
        {"kind": "unit", "name": cast.unit.name},
        {"kind": "unit", "name": "望川物业"},
        {"kind": "residents", "name": "望川社区居民", "count": 6},
    ):
        assert client.post(page(row, "participants/"), given).status_code == 302
    assert [str(p) for p in Participant.objects.all()] == [
        "市教育局", "望川物业", "群众代表 6 人（望川社区居民）",
    ]  # fmt: skip
    assert Participant.objects.first().unit == cast.unit
    for given, sentence in (
        ({"kind": "unit", "name": cast.unit.name}, "该参加方已在名单中。"),
        ({"kind": "unit", "name": ""}, "请填写单位名称。"),
        ({"kind": "residents", "name": "居民"}, "请填写人数。"),
        ({"kind": "residents", "count": "9" * 30}, "9999"),
        ({"kind": "nobody"}, "nobody"),
    ):
        answer = client.post(page(row, "participants/"), given)
        assert answer.status_code == 422 and sentence in answer.content.decode()
    someone = Participant.objects.last()
    assert (
        client_of("member").post(page(row, f"participants/{someone.pk}/remove/")).status_code == 403
    )
    client.post(page(row, f"participants/{someone.pk}/remove/"))
    assert Participant.objects.count() == 2
    item = row.agenda.get()
    client.post(page(row, f"items/{item.pk}/remove/"))
    assert not AgendaItem.objects.exists()


def test_an_item_with_a_resolution_stays(cast):
    row = consult(cast)
    item = aftermath.item(activity=row)
    aftermath.resolution(activity=row, item=item)
    with pytest.raises(ValidationError) as caught:
        consultations.remove_item(item, by=cast.clerk)
    assert code_of(caught) == "resolved"


@pytest.mark.parametrize(
    ("who", "column"),
    [
        ("市教育局", "unit"),
        ("教育界委员工作室", "workroom"),
        ("member", "member"),
        ("望川物业公司", "other"),
    ],
)
def test_who_is_responsible(cast, client_of, who, column):
    row = consult(cast)
    item = aftermath.item(activity=row)
    name = cast.member_of("member").name if who == "member" else who
    given = {"what": "清理楼道", "who": name, "item": item.pk, "due_on": today() + 9 * DAY}
    client = client_of("clerk")
    assert client.post(page(row, "resolutions/"), given).status_code == 302
    made = Resolution.objects.get()
    filled = {key for key in ("unit", "workroom", "member", "other") if getattr(made, key)}
    assert (filled, made.responsible, made.item) == ({column}, name, item)
    answer = client.post(page(row, "resolutions/"), given)
    assert answer.status_code == 422 and "该议定事项已登记。" in answer.content.decode()


def test_resolutions_that_are_not_taken(cast):
    row, elsewhere = consult(cast), aftermath.item()
    for over, code in (
        ({"other": ""}, {"who": "responsible"}),
        ({"other": "甲", "unit": cast.unit}, {"who": "responsible"}),
        ({"unit": make.unit(committee=cast.county)}, "other_committee"),
        ({"other": "甲", "item": elsewhere}, {"item": "other_item"}),
        ({"other": "甲", "due_on": today() - 9 * DAY}, {"due_on": "before"}),
    ):
        given = {"what": "清理", "due_on": today() + DAY} | over
        with pytest.raises(ValidationError) as caught:
            consultations.resolve(row, by=cast.clerk, **given)
        assert code_of(caught) == code
    with pytest.raises(PermissionDenied):
        consultations.resolve(row, by=cast.member, what="清理", due_on=today(), other="甲")


def test_state_is_read_from_dates(cast):
    row = aftermath.resolution(activity=consult(cast), due_on=today())
    assert str(row.state[0]) == "办理中"
    row.due_on = today() - DAY
    assert str(row.state[0]) == "已超期"
    row.resulted_on = today()
    assert str(row.state[0]) == "待评价"
    row.grade = "fairly"
    assert row.state == ("基本满意", "ok")


def test_a_resolution_from_result_to_evaluation_and_on(cast, client_of):
    row = aftermath.resolution(activity=consult(cast), unit=cast.unit)
    handler, clerk = client_of("handler"), client_of("clerk")
    assert client_of("member").get(one(row, "result/")).status_code == 403
    assert clerk.get(one(row, "nothing/")).status_code == 404
    assert handler.get(one(row, "result/")).status_code == 200
    assert handler.get(one(row, "evaluate/")).status_code == 403
    for result, on, status in (("", "", 422), ("已清理", today() + DAY, 422), ("已清理", "", 302)):
        assert handler.post(one(row, "result/"), {"result": result, "on": on}).status_code == status
    answer = clerk.post(one(row, "result/"), {"result": "又一次"})
    assert answer.status_code == 422 and "已登记落实结果" in answer.content.decode()
    row.refresh_from_db()
    assert (row.result, row.resulted_on, row.resulted_by) == ("已清理", today(), cast.handler)
    given = {"grade": "dissatisfied", "judge": "resident", "note": "又堆上了"}
    assert clerk.post(one(row, "evaluate/"), given).status_code == 302
    assert clerk.post(one(row, "evaluate/"), given).status_code == 422
    assert clerk.post(one(row, "go-on/"), {"due_on": today()}).status_code == 422
    assert clerk.post(one(row, "go-on/"), {"due_on": today() + 9 * DAY}).status_code == 302
    assert clerk.post(one(row, "go-on/"), {"due_on": today() + 9 * DAY}).status_code == 422
    row.refresh_from_db()
    assert (row.result, row.grade, row.resulted_on) == ("", "", None)
    assert row.former == f"{today()}：已清理（群众评价：不满意）"
    assert "已清理" in clerk.get(one(row)).content.decode()


def test_silence_is_no_grade(cast):
    row = aftermath.resolution(activity=consult(cast))
    with pytest.raises(ValidationError) as caught:
        resolutions.evaluate(row, grade="satisfied", judge="organiser", by=cast.clerk)
    assert code_of(caught) == "no_result"
    resolutions.record_result(row, result="好了", by=cast.clerk)
    for over, code in (
        ({"grade": "great"}, {"grade": "grade"}),
        ({"judge": "robot"}, {"judge": "judge"}),
        ({"note": "长" * 301}, {"note": "too_long"}),
    ):
        given = {"grade": "satisfied", "judge": "organiser"} | over
        with pytest.raises(ValidationError) as caught:
            resolutions.evaluate(row, by=cast.clerk, **given)
        assert code_of(caught) == code
    assert list(Resolution.objects.awaiting_evaluation()) == [row]


def test_resolutions_are_corrected_and_removed_while_open(cast, client_of):
    row, client = aftermath.resolution(activity=consult(cast)), client_of("clerk")
    given = {"what": "改写", "who": cast.unit.name, "due_on": today() + 3 * DAY}
    assert client.get(one(row, "edit/")).context["form"].initial["who"] == "物业公司"
    assert client.post(one(row, "edit/"), given).status_code == 302
    row.refresh_from_db()
    assert (row.what, row.unit, row.other) == ("改写", cast.unit, "")
    resolutions.record_result(row, result="好了", by=cast.clerk)
    assert client.post(one(row, "edit/"), given).status_code == 422
    assert client.post(one(row, "remove/")).status_code == 302
    assert Resolution.objects.count() == 1
    gone = aftermath.resolution(activity=row.activity)
    assert client.get(one(gone, "remove/")).status_code == 200
    assert client.post(one(gone, "remove/")).status_code == 302
    assert not Resolution.objects.filter(pk=gone.pk).exists()


def test_the_matter_behind_is_put_to_the_unit(cast, client_of):
    row, reception = consult(cast), entry(cast)
    item = consultations.add_item(row, words="楼道隐患", reception=reception, by=cast.keeper)
    made = aftermath.resolution(activity=row, item=item, unit=cast.unit, what="清理楼道")
    client = client_of("clerk")
    form = client.get(one(made, "refer/")).context["form"]
    assert form.initial == {"unit": "市教育局", "title": "清理楼道", "text": "清理楼道"}
    given = {"unit": "没有的单位", "title": "清理楼道", "text": "请清理"}
    assert client.post(one(made, "refer/"), given).status_code == 422
    assert client.post(one(made, "refer/"), given | {"unit": "市教育局"}).status_code == 302
    made.refresh_from_db()
    referral = Referral.objects.get()
    assert (made.referral, referral.reception, referral.due_on) == (
        referral,
        reception,
        made.due_on,
    )
    assert client.post(one(made, "refer/"), given | {"unit": "市教育局"}).status_code == 422
    reception.refresh_from_db()
    assert reception.disposal == Reception.Disposal.UNIT
    assert referral.label in client.get(one(made)).content.decode()
    assert client_of("keeper").get(one(made, "refer/")).status_code == 403
    with pytest.raises(ValidationError) as caught:
        consultations.remove_resolution(made, by=cast.clerk)
    assert code_of(caught) == "referred"


def test_free_words_have_no_matter_to_refer(cast):
    row = aftermath.resolution(activity=consult(cast))
    with pytest.raises(ValidationError) as caught:
        resolutions.refer_resolution(row, by=cast.clerk, unit=cast.unit, title="题", text="文")
    assert code_of(caught) == "no_matter"


def test_the_committees_list(cast, client_of):
    row = consult(cast)
    soon = aftermath.resolution(activity=row, what="先办", due_on=today() + DAY)
    late = aftermath.resolution(activity=row, what="过期", due_on=today() - DAY, unit=cast.unit)
    done = aftermath.resolution(activity=row, what="办完", resulted_on=today(), result="好")
    judged = aftermath.resolution(
        activity=row, what="评过", resulted_on=today(), grade="satisfied", judge="organiser"
    )
    aftermath.resolution(activity=aftermath.consultation(committee=cast.stranger))
    client = client_of("member")

    def listed(query=""):
        return client.get(f"/city/activities/resolutions/{query}").context["page"].rows

    assert listed() == [late, soon]
    assert listed("?state=open") == [soon]
    assert listed("?state=overdue") == [late]
    assert listed("?state=unjudged") == [done]
    assert listed("?state=judged") == [judged]
    assert set(listed("?state=all")) == {soon, late, done, judged}
    assert listed(f"?unit={cast.unit.pk}") == [late]
    assert listed("?q=先") == [soon]
    empty = client.get("/city/activities/resolutions/?q=查无").content.decode()
    assert "没有符合条件的议定事项" in empty


def test_minutes_on_paper_and_as_word(cast, client_of):
    row = consult(cast, title="电动车充电协商", place="望川社区")
    aftermath.item(activity=row, words="充电桩选址")
    aftermath.participant(activity=row)
    aftermath.text(activity=row, kind="minutes", text="大家同意选址。\n\n尽快施工。")
    aftermath.resolution(activity=row, what="建设充电桩。", unit=cast.unit)
    member = cast.member_of("member")
    Enrolment.objects.create(
        committee=cast.city,
        activity=row,
        member=member,
        attendance="present",
        entered_by=cast.clerk,
    )
    client = client_of("member2")
    shown = client.get(page(row, "paper/")).content.decode()
    answer = client.get(page(row, "word/"))
    words = "\n".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    resolved = "建设充电桩（责任方：市教育局，完成时限："
    for text in ("充电桩选址", "大家同意选址。", "尽快施工。", resolved, member.name,
                 "一、协商议题", "二、协商情况", "三、议定事项"):  # fmt: skip
        assert text in shown and text in words


def test_into_a_consultation_from_an_entry(cast, client_of):
    """A keeper puts the room's entry into one that is to come; the clerk plans a new one."""
    ahead = consult(cast, starts_at=timezone.now() + 3 * DAY, title="月末协商")
    consult(cast, starts_at=timezone.now() - 3 * DAY)
    reception = entry(cast)
    address = f"/city/activities/consult/?reception={reception.pk}"
    client = client_of("keeper")
    form = client.get(address).context["form"]
    assert str(ahead.pk) in [value for value, _label in form.fields["into"].choices]
    assert client.post(address, {"words": "楼道"}).status_code == 422
    given = {"words": "楼道隐患", "into": ahead.pk}
    assert client.post(address, given).status_code == 302
    answer = client.post(address, given)
    assert answer.status_code == 422 and "已列入这次协商" in answer.content.decode()
    assert client_of("member2").get(address).status_code == 404
    assert client_of("clerk").get("/city/activities/consult/").status_code == 404
    other = entry(cast)
    address = f"/city/activities/consult/?reception={other.pk}"
    clerk = client_of("clerk")
    assert clerk.post(address, {"words": "路灯", "into": "new"}).status_code == 422
    given = {
        "words": "路灯",
        "into": "new",
        "title": "路灯协商",
        "day": today() + DAY,
        "place": "室",
    }
    assert clerk.post(address, given).status_code == 302
    made = Activity.objects.get(title="路灯协商")
    assert (made.kind, made.workroom, made.agenda.get().reception) == (
        "consultation", cast.room, other,
    )  # fmt: skip


def test_into_a_consultation_from_a_case_before_the_office(cast, client_of):
    """The office chose 协商议事: its day and place are not typed again."""
    report = make.opinion(author=cast.member_of("member"), status=Status.ISSUED)
    said = handling.reply(referral=handling.referral(opinion=report))
    case = handling.evaluation(
        reply=said, given_at=timezone.now(), result="dissatisfied", handling="fairly",
        choice="consult", choice_on=today() + 5 * DAY, choice_place="望川社区",
        decided_at=timezone.now(),
    )  # fmt: skip
    address = f"/city/activities/consult/?evaluation={case.pk}"
    assert client_of("member").get(address).status_code == 403
    form = client_of("clerk").get(address).context["form"]
    assert (form.initial["day"], form.initial["place"]) == (today() + 5 * DAY, "望川社区")
    given = {"words": "答复未落实", "into": "new", "title": "再议", "day": today() + 5 * DAY}
    assert client_of("clerk").post(address, given).status_code == 302
    assert AgendaItem.objects.get().opinion == report
    assert address in client_of("clerk").get(f"/city/evaluations/{case.pk}/").content.decode()


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, client_of, number):
    row = consult(cast)
    for _ in range(number):
        item = aftermath.item(activity=row, reception=entry(cast))
        made = aftermath.resolution(activity=row, item=item, unit=cast.unit)
        aftermath.participant(activity=row)
    client = client_of("clerk")
    client.get(page(row))
    with costs(10):
        client.get(page(row))
    with costs(6):
        client.get("/city/activities/resolutions/?state=all")
    with costs(7):
        client.get(one(made))
    with costs(9):
        client.get(page(row, "paper/"))


def test_a_commissions_office_organises_its_own(cast):
    row = consult(cast, commission=cast.learning)
    by = make.officer(Role.COMMISSION, cast.city, cast.learning.pk)
    assert consultations.add_item(row, words="课后服务", by=by).place == 1


def test_who_is_responsible_is_told_once(cast):
    row, due_on = consult(cast), today() + 9 * DAY

    def resolve(what, **who):
        made = consultations.resolve(row, what=what, due_on=due_on, by=cast.clerk, **who)
        key = f"activities.resolution:{made.pk}:resolution_assigned:{due_on}"
        return {notice.recipient for notice in Notice.objects.filter(key=key)}

    assert resolve("甲", unit=cast.unit) == {cast.handler}
    assert resolve("乙", workroom=cast.room) == {cast.keeper}
    assert resolve("丙", member=cast.member_of("member")) == {cast.member}
    assert resolve("丁", other="物业") == set()
    made = Resolution.objects.for_list().get(what="甲")
    consultations.amend_resolution(
        made, what="甲", due_on=due_on, unit=None, workroom=cast.room, by=cast.clerk
    )
    assert Notice.objects.filter(kind="resolution_assigned").count() == 4
    resolutions.record_result(made, result="好", by=cast.clerk)
    resolutions.go_on(made, due_on=due_on + DAY, by=cast.clerk)
    assert Notice.objects.filter(kind="resolution_assigned").count() == 5
    plan = consult(cast, published_at=None)
    consultations.resolve(plan, what="戊", due_on=due_on, by=cast.clerk, unit=cast.unit)
    assert Notice.objects.filter(kind="resolution_assigned").count() == 5


def test_what_was_resolved_before_it_was_published_is_told_then(cast):
    row = consult(cast, published_at=None)
    given = {"what": "清理楼道", "due_on": today() + 9 * DAY, "by": cast.clerk}
    consultations.resolve(row, workroom=cast.room, **given)
    done = aftermath.resolution(activity=row, what="已办", member=cast.member_of("member"))
    Resolution.objects.filter(pk=done.pk).update(resulted_on=today(), result="已办")
    assert not Notice.objects.filter(kind="resolution_assigned").exists()
    actions.publish(row, by=cast.clerk)
    told = Notice.objects.filter(kind="resolution_assigned")
    assert list(told.values_list("recipient__name", flat=True)) == [cast.keeper.name]


def test_a_plan_with_resolutions_is_not_dropped(cast, client_of):
    row = consult(cast, published_at=None)
    resolution = aftermath.resolution(activity=row)
    with pytest.raises(ValidationError) as caught:
        actions.drop_plan(row, by=cast.clerk)
    assert code_of(caught) == "used"
    client_of("clerk").post(f"/city/activities/{row.pk}/drop/")
    assert Activity.objects.filter(pk=row.pk).exists()
    consultations.remove_resolution(resolution, by=cast.clerk)
    actions.drop_plan(row, by=cast.clerk)
    assert not Activity.objects.filter(pk=row.pk).exists()


def test_nothing_is_put_on_the_agenda_of_what_was_called_off(cast):
    row, reception = consult(cast), entry(cast)
    actions.call_off(row, by=cast.clerk, why="改期另行通知")
    with pytest.raises(ValidationError) as caught:
        consultations.add_item(row, words="楼道消防隐患", reception=reception, by=cast.keeper)
    assert code_of(caught) == "called_off"
    with pytest.raises(ValidationError) as caught:
        consultations.resolve(row, what="清理楼道", due_on=today() + DAY, by=cast.clerk, other="甲")
    assert code_of(caught) == "called_off"
    reception.refresh_from_db()
    assert reception.passed_at is None

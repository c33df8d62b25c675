"""Outcomes: who writes them, what the office does, who reads what, the list and its file."""

import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from python_calamine import CalamineWorkbook

from activities.actions import outcomes as actions
from activities.models import Outcome, OutcomeAuthor, OutcomeFile
from activities.outcome_authors import parts_of
from committees.actions import save_draft
from committees.models import Attachment, AuditEntry, Draft
from notices.models import Notice
from opinions.bodies import Body
from tests import make
from tests.addresses import prove
from tests.budgets import costs
from tests.make import aftermath, submitters

LIST = "/city/activities/outcomes/"
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def page(row, rest=""):
    return f"{LIST}{row.pk}/{rest}"


def given(**over):
    said = {"kind": "report", "title": "课后服务调研报告", "done_on": today() - DAY, "text": "正文"}
    return said | over


def of(cast, name="member", **over):
    return aftermath.outcome(author=cast.member_of(name), committee=cast.city, **over)


def waiting(cast, **over):
    return of(cast, confirmed_at=None, **over)


def listed(client, query=""):
    return [row.title for row in client.get(LIST + query).context["page"].rows]


def code_of(caught):
    error = caught.value
    if hasattr(error, "error_dict"):
        return {field: errors[0].code for field, errors in error.error_dict.items()}
    return error.code


def test_a_member_writes_the_own_and_the_clerk_confirms(cast, client_of):
    client, member = client_of("member"), cast.member_of("member")
    form = client.get(LIST + "write/").context["form"]
    assert form.initial["names"] == member.name
    answer = client.post(LIST + "write/", given(names=member.name, files=[submitters.pdf()]))
    row = Outcome.objects.get()
    assert answer.url == page(row)
    assert (row.confirmed_at, row.sector, row.created_by) == (None, cast.education, cast.member)
    assert row.parts.get().member == member and row.files.count() == 1
    answer = client.post(LIST + "write/", given(names=member.name))
    assert answer.status_code == 422 and "已登记同名的履职成果" in answer.content.decode()
    assert client_of("member2").get(page(row)).status_code == 404
    assert client.post(page(row, "confirm/")).status_code == 403
    clerk = client_of("clerk")
    for _ in range(2):
        assert clerk.post(page(row, "confirm/")).status_code == 302
    row.refresh_from_db()
    assert row.confirmed_by == cast.clerk and list(Outcome.objects.counted()) == [row]
    told = Notice.objects.filter(kind="outcome_confirmed")
    assert [notice.recipient for notice in told] == [cast.member]


def test_for_whom_one_writes(cast):
    member, other = cast.member_of("member"), cast.member_of("member2")
    own = {
        "member": parts_of([member], None),
        "delegate": parts_of([member], None),
        "convenor": parts_of([], Body.of(cast.education)),
        "commission": parts_of([], Body.of(cast.learning)),
        "editor": parts_of([other], None),
    }
    for number, (who, parts) in enumerate(own.items()):
        said = given(title=f"报告{number}") | {"parts": parts, "by": cast[who]}
        actions.write_outcome(cast.city, **said)
    for who, parts in (
        ("member", parts_of([other], None)),
        ("convenor", parts_of([], Body.of(cast.business))),
        ("handler", parts_of([other], None)),
    ):
        with pytest.raises(PermissionDenied):
            actions.write_outcome(cast.city, by=cast[who], parts=parts, **given())
    assert Outcome.objects.count() == 5
    assert not Outcome.objects.counted().exists()


def test_what_a_clerk_enters_is_confirmed(cast, client_of):
    names = f"{cast.member_of('member').name}、{cast.member_of('member2').name}"
    body = f"sector-{cast.education.pk}"
    data = given(names=names, body=body, shares="50、30、20")
    assert client_of("clerk").post(LIST + "write/", data).status_code == 302
    row = Outcome.objects.for_list().get()
    assert row.confirmed_by == cast.clerk
    assert [(part["name"], part["share"]) for part in row.author_rows] == [
        ("教育界", 50), (cast.member_of("member").name, 30), (cast.member_of("member2").name, 20),
    ]  # fmt: skip
    form = client_of("clerk").get(page(row, "edit/")).context["form"]
    assert (form.initial["body"], form.initial["shares"]) == (body, "50、30、20")
    assert form.initial["names"] == names


def test_a_body_stays_when_a_coauthor_changes_the_text(cast, client_of):
    member = cast.member_of("member")
    for name, body in (("教育界", {"body": f"sector-{cast.education.pk}"}),
                       ("民建云川市委", {"other_body": "民建云川市委"})):  # fmt: skip
        data = given(title=name, names=member.name, **body)
        assert client_of("editor").post(LIST + "write/", data).status_code == 302
        row = Outcome.objects.get(title=name)
        client = client_of("member")
        said = client.get(page(row, "edit/")).context["form"].initial
        data = {key: value for key, value in said.items() if value} | {"text": "改过"}
        assert client.post(page(row, "edit/"), data).status_code == 302
        row = Outcome.objects.for_list().get(pk=row.pk)
        assert (row.author_names, row.text) == (f"{name}、{member.name}", "改过")
    assert "other_body" not in client_of("member2").get(LIST + "write/").context["form"].fields


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"names": ""}, "请填写完成人或完成单位。"),
        ({"names": "查无此人"}, "查无此人"),
        ({"shares": "60"}, "合计 100"),
        ({"shares": "一半"}, "1 到 100 的整数"),
        ({"kind": "speech"}, "请选择书面或口头发言。"),
        ({"title": " "}, "必填项"),
        ({"done_on": "2026-02-30"}, "输入一个有效的日期。"),
        ({"done_on": datetime.date(2099, 1, 1)}, "日期不能晚于今天。"),
        ({"text": "绝密"}, "绝密"),
        ({"title": "\x00"}, "空字符"),
        ({"session": "9" * 30}, "9999"),
    ],
)
def test_bad_input_is_a_sentence_and_keeps_what_was_typed(cast, client_of, over, sentence):
    data = given(names=cast.member_of("member").name, addressee="市教育局") | over
    answer = client_of("member").post(LIST + "write/", data)
    shown = answer.content.decode()
    assert answer.status_code == 422 and sentence in shown and "市教育局" in shown
    assert not Outcome.objects.exists()


def test_a_speech_has_its_session_and_form(cast, client_of):
    session = make.session(term=cast.member_of("member").memberships.get().term)
    data = given(
        kind="speech", form="oral", session=session.pk, names=cast.member_of("member").name
    )
    assert client_of("member").post(LIST + "write/", data).status_code == 302
    row = Outcome.objects.get()
    assert (row.form, row.session) == ("oral", session)
    shown = client_of("member").get(page(row)).content.decode()
    assert "口头发言" in shown and str(session) in shown
    elsewhere = make.session(term=cast.member_of("countymember").memberships.get().term)
    said = given(title="外地", kind="speech", form="oral", session=elsewhere)
    with pytest.raises(ValidationError) as caught:
        parts = parts_of([cast.member_of("member")], None)
        actions.write_outcome(cast.city, by=cast.member, parts=parts, **said)
    assert code_of(caught) == "other_committee"


def test_a_report_has_no_form_of_speech(cast):
    parts = parts_of([cast.member_of("member")], None)
    row = actions.write_outcome(cast.city, by=cast.member, parts=parts, **given(form="oral"))
    assert row.form == ""


def test_returned_with_a_word_and_sent_again(cast, client_of):
    row, clerk, member = waiting(cast), client_of("clerk"), client_of("member")
    assert clerk.post(page(row, "return/"), {"why": " "}).status_code == 422
    assert clerk.post(page(row, "return/"), {"why": "请补充数据"}).status_code == 302
    assert clerk.post(page(row, "return/"), {"why": "再补充"}).status_code == 422
    assert Notice.objects.get(kind="outcome_returned").recipient == cast.member
    assert "请补充数据" in member.get(page(row)).content.decode()
    assert listed(clerk, "?state=returned") == [row.title]
    seen = member.get(page(row, "edit/")).context["form"].initial["seen"]
    data = given(names=cast.member_of("member").name, title="补充后的报告", seen=seen)
    assert member.post(page(row, "edit/"), data).status_code == 302
    answer = member.post(page(row, "edit/"), data | {"title": "过时的"})
    assert answer.status_code == 422 and "刚有他人修改了这项成果" in answer.content.decode()
    row.refresh_from_db()
    assert (row.title, row.returned_at, row.version) == ("补充后的报告", None, 2)
    assert listed(clerk, "?state=waiting") == ["补充后的报告"]


def test_after_confirmation_only_the_clerk_changes(cast, client_of):
    row = of(cast)
    assert client_of("member").get(page(row, "edit/")).status_code == 403
    assert client_of("editor").get(page(row, "edit/")).status_code == 403
    assert client_of("clerk").get(page(row, "edit/")).status_code == 200
    assert client_of("member").get(page(row, "withdraw/")).status_code == 403
    clerk = client_of("clerk")
    assert clerk.post(page(row, "withdraw/"), {"why": "重复登记"}).status_code == 302
    assert clerk.post(page(row, "withdraw/"), {"why": "重复登记"}).status_code == 422
    assert clerk.get(page(row, "edit/")).status_code == 403
    assert client_of("member2").get(page(row)).status_code == 404
    assert "重复登记" in client_of("member").get(page(row)).content.decode()
    assert listed(clerk) == [] and listed(clerk, "?state=withdrawn") == [row.title]
    assert not Outcome.objects.counted().exists()


def test_an_author_withdraws_what_waits(cast, client_of):
    row = waiting(cast)
    assert client_of("member").post(page(row, "withdraw/"), {"why": "写错了"}).status_code == 302
    with pytest.raises(ValidationError) as caught:
        actions.confirm_outcome(row, by=cast.clerk)
    assert code_of(caught) == "moved"
    # the name is free again
    of(cast, title=row.title, kind=row.kind, done_on=row.done_on)


def test_adoption_is_noted_with_body_day_and_evidence(cast, client_of):
    row, clerk = of(cast), client_of("clerk")
    for over, sentence in (
        ({"adopted_by": ""}, "必填项"),
        ({"adopted_on": today() + DAY}, "日期不能晚于今天。"),
        ({"adopted_on": row.done_on - DAY}, "采用日期早于完成日期。"),
    ):
        data = {"adopted_by": "市教育局", "adopted_on": today(), "note": "写入工作方案"} | over
        answer = clerk.post(page(row, "adoption/"), data)
        assert answer.status_code == 422 and sentence in answer.content.decode()
    data = {"adopted_by": "市教育局", "adopted_on": today(), "note": "写入工作方案"}
    assert clerk.post(page(row, "adoption/"), data).status_code == 302
    row.refresh_from_db()
    assert (row.adopted_by, row.adopted_on, row.adoption_note) == (
        "市教育局", today(), "写入工作方案",
    )  # fmt: skip
    assert client_of("member").get(page(row, "adoption/")).status_code == 403
    with pytest.raises(ValidationError) as caught:
        said = {"adopted_by": "局", "adopted_on": today(), "note": ""}
        actions.note_adoption(waiting(cast), by=cast.clerk, **said)
    assert code_of(caught) == "moved"
    assert clerk.get(page(row, "nothing/")).status_code == 404


def test_text_and_files_are_the_authors_and_the_offices(cast, client_of):
    """A colleague sees that there is one; a research report may be internal."""
    row = of(cast, text="金丝雀正文", addressee="金丝雀对象", adoption_note="金丝雀依据",
             adopted_by="市教育局", adopted_on=today())  # fmt: skip
    file = aftermath.outcome_file(outcome=row)
    Attachment.objects.update(name="金丝雀.pdf")
    readers = {"member", "delegate", "clerk", "editor", "checker", "signer"}
    shown = {
        who: client_of(who).get(page(row)).content.decode()
        for who in readers | {"member2", "convenor", "leader", "keeper"}
    }
    assert {who for who, text in shown.items() if "金丝雀" in text} == readers
    assert all(row.title in text for text in shown.values())
    assert client_of("handler").get(page(row)).status_code == 404  # its unit was not invited
    assert client_of("member2").get(page(row, f"files/{file.pk}/")).status_code == 404
    assert client_of("member").get(page(row, f"files/{file.pk}/")).status_code == 404  # no bytes
    assert "金丝雀" not in client_of("member2").get(f"/api/v1/outcomes/{row.pk}/").content.decode()


def test_files_are_removed_with_their_bytes(cast, client_of):
    member = client_of("member")
    data = given(
        names=cast.member_of("member").name, files=[submitters.pdf(), submitters.pdf(b"2")]
    )
    member.post(LIST + "write/", data)
    row = Outcome.objects.get()
    first, second = OutcomeFile.objects.all()
    assert member.get(page(row, f"files/{first.pk}/")).status_code == 200
    assert member.post(page(row, f"files/{first.pk}/remove/")).status_code == 302
    assert list(row.files.all()) == [second] and Attachment.objects.count() == 1
    actions.confirm_outcome(row, by=cast.clerk)
    assert member.post(page(row, f"files/{second.pk}/remove/")).status_code == 403


def test_a_file_that_is_not_taken_keeps_nothing(cast, client_of):
    bad = submitters.pdf(name="绝密.pdf")
    data = given(names=cast.member_of("member").name, files=[bad])
    answer = client_of("member").post(LIST + "write/", data)
    assert answer.status_code == 422 and not Outcome.objects.exists()
    with pytest.raises(ValidationError) as caught:
        parts = parts_of([cast.member_of("member")], None)
        uploads = [submitters.pdf(str(n).encode()) for n in range(10)]
        actions.write_outcome(cast.city, by=cast.member, parts=parts, uploads=uploads, **given())
    assert code_of(caught) == {"files": "too_many_files"}


def test_found_by_kind_year_sector_author_and_state(cast, client_of):
    of(cast, title="甲")
    of(cast, "member2", title="乙", kind="help")
    waiting(cast, title="丙")
    of(cast, title="丁", done_on=today().replace(year=today().year - 1))
    aftermath.outcome(body_name="教育界", body_sector=cast.education, committee=cast.city,
                      title="戊", sector=cast.education)  # fmt: skip
    client, clerk = client_of("member2"), client_of("clerk")
    assert sorted(listed(client)) == sorted("甲乙丁戊")
    assert sorted(listed(clerk)) == sorted("甲乙丙丁戊")
    assert listed(client, "?kind=help") == listed(client, "?of=mine") == ["乙"]
    assert listed(client, f"?year={today().year - 1}") == ["丁"]
    assert listed(client, f"?sector={cast.education.pk}") == ["戊"]
    assert listed(client, f"?author={cast.member_of('member2').name}") == ["乙"]
    assert listed(client, "?author=教育界") == ["戊"]
    assert listed(client, "?q=甲") == ["甲"]
    assert listed(clerk, "?state=waiting") == ["丙"]
    assert sorted(listed(clerk, "?state=confirmed")) == sorted("甲乙丁戊")
    assert sorted(listed(client, f"?person={cast.member_of('member').pk}")) == sorted("甲丁")
    assert "没有符合条件的履职成果" in client.get(LIST + "?q=查无").content.decode()
    assert (
        "还没有履职成果"
        in client_of("countymember").get(LIST.replace("city", "county")).content.decode()
    )
    for odd in ("person=" + "9" * 40, "year=没有", "q=%00"):
        assert client.get(f"{LIST}?{odd}").status_code == 200


def test_exported_by_the_office_with_proof(cast, client_of):
    of(cast, title="=1+1", adopted_by="市教育局", adopted_on=today())
    client = client_of("clerk")
    assert client_of("member").post(LIST + "export/").status_code == 403
    assert client.post(LIST + "export/").status_code == 302  # the password first
    assert not AuditEntry.objects.filter(action="outcome.export").exists()
    answer = prove(client).post(LIST + "export/?kind=report")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[2][:3] == ["调研报告", "=1+1", cast.member_of("member").name]
    assert "成果类型：调研报告" in rows[0][0]
    assert AuditEntry.objects.get(action="outcome.export").detail == {"rows": 1, "asked": ["kind"]}
    assert client.get(LIST + "export/").url == LIST
    assert client.post(LIST + "export/?year=没有").status_code == 302


def test_api_reads_what_the_list_shows(cast, client_of):
    row = of(cast, title="甲")
    waiting(cast, title="乙")
    client = client_of("member2")
    found = client.get("/api/v1/outcomes/?committee=city").json()["results"]
    assert [one["title"] for one in found] == ["甲"]
    one = client.get(f"/api/v1/outcomes/{row.pk}/").json()
    member = cast.member_of("member")
    assert one["authors"] == [{"name": member.name, "member": member.pk, "share": None}]
    assert one["is_confirmed"] is True and "text" not in one


def test_shares_one_a_part_and_a_hundred_together(db):
    people = [make.member(), make.member()]
    parts = parts_of(people, None, [60, 40])
    assert [(part.place, part.member, part.share) for part in parts] == [
        (1, people[0], 60), (2, people[1], 40),
    ]  # fmt: skip
    for shares in ([100], [50, 40], [100, 0]):
        with pytest.raises(ValidationError):
            parts_of(people, None, shares)


def test_links_lead_here(cast, client_of):
    member = cast.member_of("member")
    assert (
        f"{LIST}?person={member.pk}"
        in client_of("member2").get(f"/city/members/{member.pk}/").content.decode()
    )
    assert f"{LIST}?of=mine" in client_of("member").get("/city/me/").content.decode()
    assert LIST in client_of("member").get("/city/activities/").content.decode()


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, client_of, number):
    for _ in range(number):
        row = of(cast, activity=make.activity(committee=cast.city))
        OutcomeAuthor.objects.create(outcome=row, place=2, body_name="教育界")
        aftermath.outcome_file(outcome=row)
    client = client_of("clerk")
    client.get(LIST), client.get(LIST + "write/")
    with costs(6):
        client.get(f"{LIST}?kind=report&sector={cast.education.pk}&author=教")
    with costs(7):
        client.get(page(row))
    with costs(8):
        client.get(LIST + "write/")
    with costs(8):
        client.get(page(row, "edit/"))


def test_what_was_being_typed_comes_back(cast, client_of):
    save_draft("activities.outcome:new", {"title": "写到一半", "odd": "1", "text": []},
               by=cast.member, committee=cast.city)  # fmt: skip
    client = client_of("member")
    initial = client.get(LIST + "write/").context["form"].initial
    assert initial["title"] == "写到一半" and not {"odd", "text"} & initial.keys()
    client.post(LIST + "write/", given(names=cast.member_of("member").name))
    assert not Draft.objects.exists()

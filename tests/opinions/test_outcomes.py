"""采用和批示: recorded, corrected, removed, told once, and read by whom they concern."""

import datetime
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone

from committees.models import Attachment, AuditEntry
from notices.models import Notice
from opinions import actions
from opinions.actions import adoptions, instructions
from opinions.models import Adoption, Instruction, Opinion, Status, Step
from tests import make
from tests.make import outcomes

ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def issued(cast):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED)
    return Opinion.objects.for_moves().get(pk=row.pk)


def given(**over):
    values = {"level": "province", "form": "single", "body": "省政协办公厅"}
    values |= {"publication": "《信息专报》第8期", "adopted_on": timezone.localdate()}
    return values | {"evidence": "采用通报"} | over


def directed(**over):
    values = {"level": "city", "body": "government", "rank": "principal"}
    return values | {"instructed_on": timezone.localdate(), "is_acted_on": False} | over


def test_an_adoption_is_recorded_marked_and_told_once(cast, issued):
    row = adoptions.record_adoption(issued, by=cast.editor, **given())
    assert (row.committee, row.recorded_by) == (cast.city, cast.editor)
    assert Step.objects.get(opinion=issued).move == "adopted"
    told = Notice.objects.filter(kind="opinion_adopted")
    assert [notice.recipient for notice in told] == [cast.member]
    assert all(issued.title not in notice.sms + notice.body + notice.title for notice in told)
    entry = AuditEntry.objects.get(action="opinion.adopt")
    assert entry.detail == {"adoption": row.pk, "level": "province"}


def test_the_same_adoption_is_recorded_once(cast, issued):
    adoptions.record_adoption(issued, by=cast.editor, **given())
    with pytest.raises(ValidationError) as caught:
        adoptions.record_adoption(issued, by=cast.clerk, **given())
    assert caught.value.code == "adoption_once"
    assert Notice.objects.filter(kind="opinion_adopted").count() == 1


@pytest.mark.parametrize("who", ["checker", "signer", "leader", "member", "countyclerk"])
def test_only_clerks_and_editors_record(cast, issued, who):
    with pytest.raises(PermissionDenied):
        adoptions.record_adoption(issued, by=cast[who], **given())
    with pytest.raises(PermissionDenied):
        instructions.record_instruction(issued, by=cast[who], **directed())


def test_only_of_what_was_issued(cast):
    row = make.opinion(author=cast.member_of("member"), status=Status.SIGNING)
    with pytest.raises(ValidationError) as caught:
        adoptions.record_adoption(row, by=cast.editor, **given())
    assert caught.value.code == "not_issued"


@pytest.mark.parametrize("days", [1, -400])
def test_a_day_must_be_possible(cast, issued, days):
    day = timezone.localdate() + days * ONE_DAY
    with pytest.raises(ValidationError) as caught:
        adoptions.record_adoption(issued, by=cast.editor, **given(adopted_on=day))
    assert list(caught.value.message_dict) == ["adopted_on"]
    with pytest.raises(ValidationError) as caught:
        instructions.record_instruction(issued, by=cast.editor, **directed(instructed_on=day))
    assert list(caught.value.message_dict) == ["instructed_on"]


def test_an_adoption_is_corrected_and_removed_with_a_reason(cast, issued):
    row = adoptions.record_adoption(issued, by=cast.editor, **given())
    adoptions.correct_adoption(row, by=cast.clerk, **given(publication="第9期"))
    row.refresh_from_db()
    assert row.publication == "第9期"
    with pytest.raises(ValidationError) as caught:
        adoptions.remove_adoption(row, by=cast.clerk, reason="因为某领导")
    assert caught.value.code == "reason_needed"
    adoptions.remove_adoption(row, by=cast.clerk, reason="wrong")
    assert set(issued.adoptions.values_list("level", flat=True)) == {"city"}
    detail = AuditEntry.objects.get(action="opinion.adoption_remove").detail
    assert detail["reason"] == "wrong"
    row.pk = detail["adoption"]
    for again in (
        lambda: adoptions.correct_adoption(row, by=cast.clerk, **given()),
        lambda: adoptions.remove_adoption(row, by=cast.clerk, reason="wrong"),
    ):
        with pytest.raises(ValidationError) as caught:
            again()
        assert caught.value.code == "gone"


def test_the_adoption_of_signing_stays(cast):
    row = make.opinion(author=cast.member_of("member"), status=Status.SIGNING)
    row = actions.move(Opinion.objects.for_moves().get(pk=row.pk), "sign", by=cast.signer)
    own = row.adoptions.get()
    for deed in (
        lambda: adoptions.remove_adoption(own, by=cast.clerk, reason="wrong"),
        lambda: adoptions.correct_adoption(own, by=cast.clerk, **given()),
    ):
        with pytest.raises(ValidationError) as caught:
            deed()
        assert caught.value.code == "own_adoption"


def test_an_instruction_has_no_field_for_words():
    kinds = {
        field.name: field.get_internal_type()
        for field in Instruction._meta.fields
        if field.get_internal_type() in ("CharField", "TextField", "FileField")
    }
    # The three that are left are choices.
    assert set(kinds) == {"level", "body", "rank"}
    assert all(Instruction._meta.get_field(name).choices for name in kinds)


def test_an_instruction_is_recorded_corrected_and_removed(cast, issued):
    row = instructions.record_instruction(issued, by=cast.editor, **directed())
    assert [n.recipient for n in Notice.objects.filter(kind="opinion_instructed")] == [cast.member]
    with pytest.raises(ValidationError) as caught:
        instructions.record_instruction(issued, by=cast.clerk, **directed())
    assert caught.value.code == "instruction_once"
    instructions.correct_instruction(row, by=cast.clerk, **directed(is_acted_on=True))
    row.refresh_from_db()
    assert row.is_acted_on
    with pytest.raises(ValidationError):
        instructions.remove_instruction(row, by=cast.clerk, reason="")
    instructions.remove_instruction(row, by=cast.clerk, reason="double")
    assert not Instruction.objects.exists()
    with pytest.raises(ValidationError) as caught:
        instructions.correct_instruction(row, by=cast.clerk, **directed())
    assert caught.value.code == "gone"


def test_taken_offline_no_evidence_is_left(cast, issued, django_capture_on_commit_callbacks):
    upload = make.picture()
    row = adoptions.record_adoption(issued, by=cast.editor, **given(upload=upload))
    path = f"{cast.city.slug}/{row.attachment.sha256[:2]}/{row.attachment.sha256}"
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        actions.move(Opinion.objects.for_moves().get(pk=issued.pk), "go_offline", by=cast.clerk)
    row.refresh_from_db()
    assert (row.evidence, row.attachment) == ("", None)
    assert not Attachment.objects.exists() and not default_storage.exists(path)


# Pages ------------------------------------------------------------------------------------------


def place(row, rest=""):
    return f"/city/opinions/{row.pk}/outcomes/{rest}"


@pytest.mark.parametrize(
    ("who", "answer"),
    [("clerk", 200), ("leader", 200), ("member", 200), ("delegate", 200), ("convenor", 200),
     ("commission", 200), ("member2", 404), ("convenor2", 404), ("keeper", 404)],
)  # fmt: skip
def test_who_reads_the_page(client_of, cast, issued, who, answer):
    outcomes.instruction(opinion=issued)
    make.adoption(opinion=issued, body="金丝雀省")
    response = client_of(who).get(place(issued))
    assert response.status_code == answer
    assert ("金丝雀省" in response.content.decode()) == (answer == 200)
    assert ("登记采用情况" in response.content.decode()) == (who == "clerk")


def test_a_report_that_is_not_out_has_no_such_page(client_of, cast):
    row = make.opinion(author=cast.member_of("member"), status=Status.RECEIVED)
    assert client_of("clerk").get(place(row)).status_code == 404


def test_recording_on_the_pages(client_of, cast, issued):
    clerk = client_of("clerk")
    assert clerk.get(place(issued, "adopt/")).status_code == 200
    wrong = clerk.post(place(issued, "adopt/"), {"level": "x", "body": "省\x00政协"})
    assert wrong.status_code == 400 and "省" in wrong.content.decode()
    data = given(upload=make.picture())
    assert clerk.post(place(issued, "adopt/"), data).status_code == 302
    assert clerk.post(place(issued, "adopt/"), given()).status_code == 400
    row = issued.adoptions.get(level="province")
    own = place(issued, f"adoptions/{row.pk}/")
    shown = clerk.get(own)
    assert "《信息专报》第8期" in shown.content.decode()
    assert clerk.post(own, given(form="passed_on")).status_code == 302
    assert client_of("member").get(own + "file/").headers["Content-Type"][:6] == "image/"
    assert client_of("member2").get(own + "file/").status_code == 404
    assert client_of("member").get(own).status_code == 403
    assert clerk.get(own + "remove/").status_code == 200
    assert clerk.post(own + "remove/", {}).status_code == 400
    assert clerk.post(own + "remove/", {"reason": "wrong"}).status_code == 302
    assert clerk.get(own).status_code == 404


def test_no_file_no_address(client_of, cast, issued):
    row = make.adoption(opinion=issued)
    assert client_of("clerk").get(place(issued, f"adoptions/{row.pk}/file/")).status_code == 404


def test_instructions_on_the_pages(client_of, cast, issued):
    clerk = client_of("clerk")
    assert clerk.get(place(issued, "instruct/")).status_code == 200
    data = directed() | {"gist": "某领导要求", "leader": "某某"}
    data.pop("is_acted_on")
    assert clerk.post(place(issued, "instruct/"), data).status_code == 302
    row = issued.instructions.get()
    own = place(issued, f"instructions/{row.pk}/")
    assert clerk.get(own).status_code == 200
    assert clerk.post(own, data | {"is_acted_on": "on"}).status_code == 302
    page = clerk.get(place(issued)).content.decode()
    assert "已落实" in page and "某领导" not in page
    assert "某领导" not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert clerk.get(own + "remove/").status_code == 200
    assert clerk.post(own + "remove/", {"reason": "void"}).status_code == 302
    assert not Instruction.objects.exists()


def test_the_lists_of_a_year(client_of, cast, issued):
    outcomes.instruction(opinion=issued)
    leader = client_of("leader")
    for path in ("adoptions/", "instructions/", "adoptions/table/"):
        assert leader.get(f"/city/opinions/{path}").status_code == 200
        assert leader.get(f"/city/opinions/{path}?year=2001").status_code == 200
        assert leader.get(f"/city/opinions/{path}?year=abc").status_code == 200
        assert client_of("member").get(f"/city/opinions/{path}").status_code == 403
    assert issued.title in leader.get("/city/opinions/adoptions/").content.decode()
    assert issued.title in leader.get("/city/opinions/instructions/").content.decode()


def test_adoptions_of_another_committee_are_not_listed(client_of, cast):
    make.opinion(author=cast.member_of("countymember"), status=Status.ISSUED, title="县里的")
    assert "县里的" not in client_of("clerk").get("/city/opinions/adoptions/").content.decode()
    assert Adoption.objects.visible_to(cast.clerk).count() == 0

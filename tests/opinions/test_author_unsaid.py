"""A unit is not told what the author said of a promise, by whatever door it reads."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from committees.models import AuditEntry
from opinions.actions.promises import report_promise, settle
from opinions.models import Promise, PromiseReport, Status
from tests import make
from tests.make import handling

SAID = "委员说没有做"
PDF = SimpleUploadedFile("证.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


@pytest.fixture
def promise(cast):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=Status.ISSUED)
    return handling.promise(referral=handling.referral(opinion=row, unit=cast.unit))


def say(promise, side, by, result="done", words=SAID, **more):
    return report_promise(promise, by=by, side=side, result=result, words_said=words, **more)


def test_neither_at_the_desk_nor_at_the_page_of_the_promise(cast, client_of, promise):
    own = say(promise, "unit", cast.handler, result="partly", words="单位说做了一半")
    said = say(promise, "author", cast.member, file=PDF)
    entry = AuditEntry.objects.filter(action="referral.report").order_by("-sequence").first()
    assert (entry.detail["side"], entry.detail["promise"]) == ("author", promise.pk)
    assert [step.deed for step in promise.referral.steps.order_by("id")] == ["refer", "report"]
    asked, pk = promise.referral_id, promise.pk
    handler, member = client_of("handler"), client_of("member")
    for path in (f"unit/{asked}/", f"unit/promises/{pk}/", f"promises/{pk}/"):
        text = handler.get(f"/city/{path}").content.decode()
        assert SAID not in text and own.words in text, path
    assert SAID in member.get(f"/city/promises/{pk}/").content.decode()
    file = f"/city/promises/{pk}/files/{said.pk}/"
    assert (handler.get(file).status_code, member.get(file).status_code) == (404, 200)
    for path in ("unit/promises/", "promises/"):
        (row,) = handler.get(f"/city/{path}").context["page"].rows
        assert row.last_result == "partly", path
    (row,) = client_of("clerk").get("/city/promises/").context["page"].rows
    assert row.last_result == "done"


def test_the_author_alone_gives_no_evidence(cast, promise):
    say(promise, "author", cast.member)
    with pytest.raises(ValidationError) as refused:
        settle(promise, by=cast.clerk)
    assert [one.code for one in refused.value.error_dict["evidence"]] == ["evidence"]
    say(promise, "unit", cast.handler, words="已建成")
    say(promise, "author", cast.member, words="确实建成")
    settle(promise, by=cast.clerk)
    assert Promise.objects.get().evidence == "已建成"
    assert PromiseReport.objects.count() == 3

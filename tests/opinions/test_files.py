"""Attachments of a report: who adds, who reads, what is refused, what stays of them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage

from committees.audit import record
from committees.models import Attachment, AuditEntry
from opinions import actions
from opinions.actions import sending_on
from opinions.models import Opinion, OpinionFile, Status
from tests import make
from tests.budgets import cost_of
from tests.make import submitters as given

S = Status
TEXTS = {
    "title": "关于护学岗的建议",
    "situation": "路口拥堵。",
    "analysis": "",
    "suggestion": "增设。",
}
OFFICE = {"clerk", "editor", "checker", "signer"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    given.on_disk(settings, tmp_path)
    return tmp_path


def stored(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def report(cast, status=S.DRAFT, **over):
    over = {"author": cast.member_of("member"), "sector": cast.education} | over
    return view_of(make.opinion(status=status, **over))


def view_of(row):
    return Opinion.objects.for_moves().get(pk=row.pk)


def names(row):
    return [file.attachment.name for file in row.files.order_by("position")]


def test_files_come_with_a_new_report(cast, client_of):
    client = client_of("member")
    uploads = [given.docx("护学岗排班。", name="排班.docx"), given.pdf(name="调查.pdf")]
    answer = client.post("/city/opinions/write/", TEXTS | {"files": uploads})
    row = Opinion.objects.get()
    assert answer["Location"] == f"/city/opinions/{row.pk}/"
    assert names(row) == ["排班.docx", "调查.pdf"]
    text = client.get(answer["Location"]).content.decode()
    assert "排班.docx" in text and "调查.pdf" in text
    one = row.files.first()
    answer = client.get(f"/city/opinions/{row.pk}/files/{one.pk}/")
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"PK")


def test_one_file_refused_keeps_what_was_typed(cast, client_of, media):
    client = client_of("member")
    uploads = [given.pdf(name="调查.pdf"), given.docx("机密★十年", name="附表.docx")]
    answer = client.post("/city/opinions/write/", TEXTS | {"files": uploads})
    text = answer.content.decode()
    assert answer.status_code == 400 and not Opinion.objects.exists()
    assert "路口拥堵。" in text and "附表.docx：内容中有“机密”字样" in text
    assert list(answer.context["form"].errors) == ["files"]
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (given.pdf(name="内部资料机密.pdf"), "“机密”"),
        (given.docx("", name="空.docx").__class__("空.pdf", b""), "文件是空的"),
        (given.pdf().__class__("程序.pdf", b"MZ\x90\x00"), "只能上传"),
        (given.pdf().__class__("图.jpg", b"\xff\xd8\xff\xe0nothing"), ""),
    ],
)
def test_what_is_no_paper_is_refused_with_a_sentence(cast, client_of, upload, words):
    answer = client_of("member").post("/city/opinions/write/", TEXTS | {"files": [upload]})
    assert answer.status_code == 400 and words in answer.content.decode()
    assert "files" in answer.context["form"].errors and not Opinion.objects.exists()


def test_the_author_adds_and_removes_on_the_writing_page(cast, client_of, media):
    row, client = report(cast), client_of("member")
    first, _ = actions.add_files(row, [given.pdf(b"1"), given.pdf(b"2")], by=cast.member)
    place = f"/city/opinions/{row.pk}/write/"
    assert "附件.pdf" in client.get(place).content.decode()
    sent = TEXTS | {"version": 1, "drop": [first.pk], "files": [given.pdf(b"3", name="新.pdf")]}
    assert client.post(place, sent).status_code == 302
    assert names(row) == ["附件.pdf", "新.pdf"]
    answer = client.post(place, TEXTS | {"version": 2, "drop": [first.pk]})
    assert answer.status_code == 400 and row.files.count() == 2  # it went already


def test_the_page_of_a_report_adds_and_removes(cast, client_of):
    row, client = report(cast, S.RETURNED), client_of("delegate")
    place = f"/city/opinions/{row.pk}/files/"
    answer = client.post(place, {"files": [given.pdf(b"1", name="甲.pdf"), given.pdf(b"2")]})
    assert answer["Location"] == f"/city/opinions/{row.pk}/" and row.files.count() == 2
    assert "请先选择附件" in client.post(place, follow=True).content.decode()
    refused = client.post(place, {"files": [given.docx("绝密", name="丙.docx")]}, follow=True)
    assert "丙.docx" in refused.content.decode() and row.files.count() == 2
    one = row.files.get(attachment__name="甲.pdf")
    for _ in range(2):  # twice is no error
        assert client.post(f"{place}{one.pk}/remove/").status_code == 302
    assert names(row) == ["附件.pdf"]
    assert AuditEntry.objects.filter(action="opinion.detach").count() == 1


def test_the_same_file_sent_twice_is_one(cast, media):
    row = report(cast)
    for _ in range(2):
        actions.add_files(row, [given.pdf(b"1"), given.pdf(b"1")], by=cast.member)
    assert row.files.count() == Attachment.objects.count() == 1


def test_nine_at_most(cast):
    row = report(cast)
    actions.add_files(row, [given.pdf(b"%d" % n) for n in range(9)], by=cast.member)
    with pytest.raises(ValidationError) as error:
        actions.add_files(row, [given.pdf(b"x")], by=cast.member)
    assert error.value.error_dict["files"][0].code == "too_many_files"
    assert row.files.count() == 9


@pytest.mark.parametrize("status", S)
def test_who_adds_when(cast, status):
    row = report(cast, status)
    people = ["member", "delegate", "convenor", "member2", *sorted(OFFICE), "leader"]
    added = {who for who in people if adds(row.pk, cast[who])}
    expected = {
        S.DRAFT: {"member", "delegate"},
        S.RETURNED: {"member", "delegate"},
        S.EDITING: {"clerk", "editor"},
    }
    assert added == expected.get(status, set())


def adds(pk, person):
    try:
        row = Opinion.objects.for_moves().get(pk=pk)
        return bool(actions.add_files(row, [given.pdf(person.name.encode())], by=person))
    except PermissionDenied:
        return False


def test_the_offices_own_stays_inside_until_the_issue(cast, client_of):
    row = report(cast, S.EDITING)
    authors = given.file(row, name="原件.jpg")
    actions.add_files(row, [given.pdf(b"1", name="数据.pdf")], by=cast.editor)
    own = row.files.get(is_office=True)

    def seen(who):
        client = client_of(who)
        page = client.get(f"/city/opinions/{row.pk}/").content.decode()
        answer = client.get(f"/city/opinions/{row.pk}/files/{own.pk}/")
        api = client.get(f"/api/v1/opinions/{row.pk}/").json()["files"]
        return "数据.pdf" in page, answer.status_code, [file["name"] for file in api]

    assert seen("signer") == (True, 200, ["数据.pdf", "原件.jpg"][::-1])
    assert seen("member") == (False, 404, ["原件.jpg"])
    Opinion.objects.filter(pk=row.pk).update(status=S.ISSUED)
    assert seen("member") == (True, 200, ["原件.jpg", "数据.pdf"])
    assert client_of("member2").get(f"/city/opinions/{row.pk}/files/{own.pk}/").status_code == 404
    assert OpinionFile.objects.visible_to(cast.member2).count() == 0
    assert authors.pk != own.pk


def test_an_editor_takes_away_only_what_the_office_added(cast):
    row = report(cast, S.EDITING)
    authors, own = given.file(row), given.file(row, is_office=True, sha256="e" * 64)
    with pytest.raises(PermissionDenied):
        actions.remove_files(row, [authors.pk], by=cast.editor)
    assert actions.remove_files(row, [own.pk], by=cast.editor) == 1
    assert list(row.files.all()) == [authors]


def test_a_file_of_another_report_is_not_found(cast, client_of):
    row, other = report(cast), report(cast)
    file = given.file(other)
    client = client_of("member")
    assert client.get(f"/city/opinions/{row.pk}/files/{file.pk}/").status_code == 404
    assert client.get(f"/county/opinions/{other.pk}/files/{file.pk}/").status_code == 404
    client.post(f"/city/opinions/{row.pk}/files/{file.pk}/remove/")
    assert other.files.count() == 1


def test_offline_takes_rows_and_bytes(cast, media, django_capture_on_commit_callbacks):
    row, other = report(cast), report(cast)
    actions.add_files(row, [given.pdf(b"1"), given.pdf(b"2")], by=cast.member)
    actions.add_files(other, [given.pdf(b"2")], by=cast.member)
    assert len(stored(media)) == 2
    Opinion.objects.filter(pk=row.pk).update(status=S.RECEIVED)
    with django_capture_on_commit_callbacks(execute=True):
        actions.move(view_of(row), "go_offline", by=cast.clerk)
    kept = Attachment.objects.get()
    assert stored(media) == [kept.sha256]  # another report has the same bytes
    assert "附件 2 个" in row.steps.last().note
    entry = AuditEntry.objects.latest("sequence").detail
    assert (entry["files"], entry["file_bytes"]) == (2, 20)


def test_removing_takes_the_bytes_at_once(cast, media, django_capture_on_commit_callbacks):
    row = report(cast)
    (file,) = actions.add_files(row, [given.pdf(b"1")], by=cast.member)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_files(row, [file.pk], by=cast.member)
    assert stored(media) == [] and not Attachment.objects.exists()
    assert default_storage.listdir("city")[1] == []


def test_no_name_of_a_file_stands_in_the_trail(cast):
    row = report(cast)
    actions.add_files(row, [given.pdf(b"1", name="金丝雀.pdf")], by=cast.member)
    record("x", by=cast.member, committee=cast.city)
    assert not [e for e in AuditEntry.objects.all() if "金丝雀" in str(e.detail)]


@pytest.mark.parametrize("count", [3, 9])
def test_files_cost_no_statement_more(cast, client_of, count):
    row = report(cast)
    for n in range(count):
        given.file(row, sha256=f"{n:064}")
    client = client_of("member")
    client.get(f"/city/opinions/{row.pk}/write/")  # fills the dictionaries' cache
    assert cost_of(client.get, f"/city/opinions/{row.pk}/") == 10
    assert cost_of(client.get, f"/city/opinions/{row.pk}/write/") == 8
    assert cost_of(client.get, f"/city/opinions/{row.pk}/files/{row.files.first().pk}/") <= 6


def sent_on(cast, count=2):
    """An issued report of the county with files, and the city's row of it."""
    row = report(cast, author=cast.member_of("countymember"), sector=cast.county_sector)
    actions.add_files(row, [given.pdf(b"%d" % n) for n in range(count)], by=cast.countymember)
    Opinion.objects.filter(pk=row.pk).update(status=S.ISSUED)
    return view_of(row), view_of(sending_on.send_on(view_of(row), by=cast.countyclerk))


def test_files_go_along_when_a_report_is_sent_on(cast, client_of, media):
    row, sent = sent_on(cast)
    assert len(stored(media)) == 2 == Attachment.objects.count()
    assert [one.attachment for one in sent.files.for_list()] == [
        one.attachment for one in row.files.for_list()
    ]
    file = sent.files.first()
    answer = client_of("clerk").get(f"/city/opinions/{sent.pk}/files/{file.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    # The link of the one row is no way to the other's.
    assert client_of("clerk").get(f"/city/opinions/{row.pk}/files/{file.pk}/").status_code == 404
    path = f"/county/opinions/{sent.pk}/files/{file.pk}/"
    assert client_of("countyclerk").get(path).status_code == 404
    assert client_of("member").get(path.replace("county", "city")).status_code == 404


def test_a_file_of_both_stays_until_the_last_is_gone(
    cast, media, django_capture_on_commit_callbacks
):
    row, sent = sent_on(cast)
    Opinion.objects.filter(pk=sent.pk).update(status=S.EDITING)  # it has its own life there
    with django_capture_on_commit_callbacks(execute=True):
        actions.move(view_of(row), "go_offline", by=cast.countyclerk)
    assert row.files.count() == 0 and sent.files.count() == 2 == len(stored(media))
    with django_capture_on_commit_callbacks(execute=True):
        actions.move(view_of(sent), "go_offline", by=cast.clerk)
    assert stored(media) == [] and not Attachment.objects.exists()


def test_what_nobody_above_took_up_loses_its_files_with_the_source(
    cast, media, django_capture_on_commit_callbacks
):
    row, sent = sent_on(cast)
    with django_capture_on_commit_callbacks(execute=True):
        actions.move(view_of(row), "go_offline", by=cast.countyclerk)
    assert sent.files.count() == 0 == row.files.count()
    assert stored(media) == [] and not Attachment.objects.exists()

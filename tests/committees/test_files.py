"""Uploads are told apart by content, photos drawn anew, files kept closed and served with care."""

import io
import stat
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image

from committees import pictures
from committees.actors import Guest
from committees.files import serve, store_file, store_image, sweep
from committees.models import Attachment
from committees.tasks import sweep_files, sweep_files_of
from tests import make
from workrooms.models import ReceptionPhoto

GPS, ORIENTATION, DESCRIPTION = 0x8825, 0x0112, 0x010E


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def by(committee):
    return make.user()


def picture(kind="JPEG", size=(60, 40), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, (200, 30, 30, 90)[: len(mode)]).save(out, kind, **options)
    return out.getvalue()


def upload(content, name="照片.jpg", content_type="image/jpeg"):
    return SimpleUploadedFile(name, content, content_type)


def kept(row):
    with default_storage.open(f"{row.committee.slug}/{row.sha256[:2]}/{row.sha256}") as file:
        return file.read()


def paper(*parts, **words):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for part in ("[Content_Types].xml", *parts):
            file.writestr(part, "<x/>")
        for part, text in words.items():
            file.writestr(part, text)
    return out.getvalue()


def code_of(call, *args, **kwargs):
    with pytest.raises(ValidationError) as raised:
        call(*args, **kwargs)
    return raised.value.code


# Photos ------------------------------------------------------------------------------------------


def test_a_photo_loses_everything_but_its_pixels(committee, by):
    exif = Image.Exif()
    exif[DESCRIPTION] = "拍摄于某处"
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 10.0, 5.0), 3: "E", 4: (120.0, 1.0, 2.0)})
    sent = picture(exif=exif, comment=b"who took it", icc_profile=b"profile of a telephone")
    assert b"who took it" in sent and Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    row = store_image(committee, upload(sent, name="C:\\照片\\IMG_1.JPEG"), by=by)
    stored = Image.open(io.BytesIO(kept(row)))
    assert (dict(stored.getexif()), stored.info.keys() & {"comment", "icc_profile", "exif"}) == (
        {},
        set(),
    )
    assert (row.name, row.content_type, row.size) == ("IMG_1.jpg", "image/jpeg", len(kept(row)))
    assert (row.state, row.uploaded_by, row.committee) == (Attachment.State.CLEAN, by, committee)


def test_a_photo_held_sideways_is_set_upright(committee, by):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    row = store_image(committee, upload(picture(size=(60, 40), exif=exif)), by=by)
    assert Image.open(io.BytesIO(kept(row))).size == (40, 60)


def test_a_large_photo_is_made_smaller(committee, by):
    row = store_image(committee, upload(picture(size=(4100, 1000))), by=by)
    assert Image.open(io.BytesIO(kept(row))).size == (2048, 500)


@pytest.mark.parametrize(
    ("kind", "mode", "content_type", "name"),
    [
        ("PNG", "RGB", "image/jpeg", "图.jpg"),
        ("PNG", "RGBA", "image/png", "图.png"),
        ("WEBP", "RGB", "image/jpeg", "图.jpg"),
        ("WEBP", "RGBA", "image/png", "图.png"),
    ],
)
def test_what_is_transparent_stays_so(committee, by, kind, mode, content_type, name):
    row = store_image(committee, upload(picture(kind, mode=mode), name="图.svg"), by=by)
    assert (row.content_type, row.name) == (content_type, name)
    assert Image.open(io.BytesIO(kept(row))).mode == mode


def test_a_photo_that_is_also_something_else_is_only_a_photo(committee, by):
    script = b"<script>alert(1)</script>"
    both = picture(comment=script) + script + paper("word/document.xml")
    row = store_image(committee, upload(both, name="x.html", content_type="text/html"), by=by)
    assert script not in kept(row) and b"PK\x03\x04" not in kept(row)
    assert (row.name, row.content_type) == ("x.jpg", "image/jpeg")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_an_image"),
        (b"GIF89a" + b"0" * 50, "not_an_image"),
        (b"%PDF-1.7", "not_an_image"),
        (b"\xff\xd8\xff" + b"0" * 90, "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 90, "unreadable"),
        (b"RIFF0000WEBP" + b"0" * 90, "unreadable"),
        (picture(size=(400, 300))[:-200], "unreadable"),
        (picture("PNG", size=(400, 300))[:-30], "unreadable"),
        (picture() + b"\xff\xda" * 600, "unreadable"),
    ],
)
def test_what_is_no_whole_photo_is_refused(committee, by, content, code):
    assert code_of(store_image, committee, upload(content), by=by) == code
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("size", [(5100, 5000), (12_000, 12_000), (30_000, 30_000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_of_pixels_is_not_unpacked(committee, by, monkeypatch, size):
    header = bytearray(picture("PNG", size=(1, 1)))
    header[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
    header[29:33] = __import__("zlib").crc32(bytes(header[12:29])).to_bytes(4, "big")
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *_: pytest.fail("it was unpacked"))
    assert code_of(store_image, committee, upload(bytes(header)), by=by) == "too_many_pixels"


def test_too_many_bytes_are_not_read(committee, by, monkeypatch):
    monkeypatch.setattr("committees.files.LARGEST_IMAGE", 100)
    assert code_of(store_image, committee, upload(picture()), by=by) == "too_large"


@pytest.mark.parametrize("name", ["机密-报告.jpg", "绝密.JPG", "秘密★五年.png", "x/【秘密】.jpg"])
def test_a_classification_mark_in_the_name_stops_the_upload(committee, by, name):
    assert code_of(store_image, committee, upload(picture(), name=name), by=by) == "classified"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        (".jpg", "照片.jpg"),
        ("5.1走访", "5.1走访.jpg"),
        ("手机密码.jpg", "手机密码.jpg"),
        ("长" * 90, "长" * 90 + ".jpg"),
    ],
)
def test_names_are_made_plain(committee, by, sent, said):
    assert store_image(committee, upload(picture(), name=sent), by=by).name == said


def test_a_guest_uploads_without_an_account(committee):
    assert store_image(committee, upload(picture()), by=Guest("resident")).uploaded_by is None


# Papers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n%%EOF", "附件.pdf"),
        (paper("word/document.xml"), "附件.docx"),
        (paper("xl/workbook.xml"), "附件.xlsx"),
        (paper("ppt/presentation.xml"), "附件.pptx"),
        (picture(), "附件.jpg"),
    ],
)
def test_papers_are_kept_as_they_are(committee, by, content, name):
    row = store_file(committee, upload(content, name="附件.bin"), by=by)
    assert row.name == name
    assert row.content_type == "image/jpeg" or kept(row) == content


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90 program",
        b"<html></html>",
        b"PK\x03\x04 broken",
        paper("a.txt"),
        paper("word/document.xml", "word/vbaProject.bin"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
    ],
)
def test_other_files_are_refused(committee, by, content):
    assert code_of(store_file, committee, upload(content, name="报告.docx"), by=by) == "not_a_paper"


def test_a_paper_with_a_mark_in_its_words_is_refused(committee, by):
    heading = "<w:p><w:t>机</w:t><w:t>密</w:t></w:p><w:p>正文</w:p>"
    marked = paper("word/document.xml", **{"word/header1.xml": heading})
    sheet = paper("xl/workbook.xml", **{"xl/sharedStrings.xml": "<si><t>内部文件</t></si><si/>"})
    for content in (marked, sheet):
        assert code_of(store_file, committee, upload(content), by=by) == "classified"
    plain = paper("word/document.xml", **{"word/header1.xml": "<w:p>手机密码</w:p>"})
    assert store_file(committee, upload(plain), by=by).pk


def test_too_large_a_paper_is_refused(committee, by, monkeypatch):
    monkeypatch.setattr("committees.files.LARGEST_FILE", 5)
    assert code_of(store_file, committee, upload(b"%PDF-1.7"), by=by) == "too_large"


# Kept and served ---------------------------------------------------------------------------------


def test_files_lie_closed_in_their_committees_folder(committee, by, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    row = store_image(committee, upload(picture()), by=by)
    again = store_image(committee, upload(picture(), name="又一张.jpg"), by=by)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / committee.slug / row.sha256[:2] / row.sha256]
    assert (again.sha256, again.name) == (row.sha256, "又一张.jpg")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (files[0], files[0].parent)}
    assert modes == {0o600, 0o700}
    answer = serve(row)
    assert b"".join(answer.streaming_content) == Path(files[0]).read_bytes()
    answer.close()


def test_a_photo_is_shown_and_a_paper_is_saved(committee, by):
    photo = serve(store_image(committee, upload(picture()), by=by))
    report = serve(store_file(committee, upload(b"%PDF-1.7", name="报告.pdf"), by=by))
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
    }
    for answer in (photo, report):
        assert {key: answer.headers[key] for key in wanted} == wanted
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert photo.headers["Content-Disposition"].startswith("inline")
    assert report.headers["Content-Type"] == "application/pdf"
    assert report.headers["Content-Disposition"].startswith("attachment; filename*=")


def test_a_browser_that_has_the_file_is_told_so(committee, by):
    row = store_image(committee, upload(picture()), by=by)
    request = RequestFactory().get("/x", headers={"If-None-Match": f'"{row.sha256}"'})
    known = serve(row, request)
    assert (known.status_code, serve(row).status_code) == (304, 200)
    # What a 304 says is kept with the file: another policy here would undo the first answer's.
    assert known.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert known.headers["Cache-Control"] == "private, no-cache"
    assert known.headers["ETag"] == f'"{row.sha256}"'
    assert serve(row, RequestFactory().get("/x")).status_code == 200


def test_a_file_that_is_not_clean_or_gone_is_not_there(committee, by):
    row = store_image(committee, upload(picture()), by=by)
    row.state = Attachment.State.QUARANTINED
    with pytest.raises(Http404):
        serve(row)
    row.state, row.sha256 = Attachment.State.CLEAN, "0" * 64
    with pytest.raises(Http404):
        serve(row)


# Swept -------------------------------------------------------------------------------------------


def test_what_nobody_links_to_is_swept_a_day_later(committee, by):
    linked, loose = (
        store_image(committee, upload(picture(size=(size, 9))), by=by) for size in (20, 30)
    )
    twin = store_image(committee, upload(picture(size=(20, 9))), by=by)
    other = store_image(make.committee(), upload(picture(size=(30, 9))), by=by)
    ReceptionPhoto.objects.create(reception=make_reception(committee), attachment=linked)
    assert sweep(committee) == 0
    later = timezone.now() + timedelta(days=1, minutes=1)
    assert [sweep(committee, now=later), sweep(committee, now=later)] == [1, 0]
    assert set(Attachment.objects.all()) == {linked, other}
    assert twin.sha256 == linked.sha256 and kept(linked) and kept(other)
    with pytest.raises(FileNotFoundError):
        kept(loose)


def test_a_file_whose_row_was_never_written_is_swept(committee, by):
    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        store_image(committee, upload(picture()), by=by)
        raise Stop
    assert (Attachment.objects.count(), sweep(committee), sweep(committee)) == (0, 1, 0)


def test_every_committee_is_swept_at_night(committee, by, sent_tasks):
    other = make.committee()
    assert sweep_files() == 2
    assert sent_tasks == [
        ("committees.tasks.sweep_files_of", (row.pk,), {}) for row in (committee, other)
    ]
    assert sweep_files_of(committee.pk) == 0


def test_a_few_pictures_at_a_time(committee, by):
    assert pictures._turn._value == 2
    assert code_of(store_image, committee, upload(b"\xff\xd8\xff0"), by=by) == "unreadable"
    assert pictures._turn._value == 2


def make_reception(committee):
    from workrooms.models import Reception

    day = timezone.localdate()
    return Reception.objects.create(
        committee=committee, workroom=make.workroom(committee=committee),
        year=day.year, number=1, received_on=day, said="路灯不亮",
    )  # fmt: skip

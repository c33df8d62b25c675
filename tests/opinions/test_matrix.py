"""Public, author, co-author, sector, office, unit's link, hidden × report, manuscript, reply, file.

Each is a canary word; every page, the API and every file's address is asked by everybody, and what
each reads is written down here. Search and export: test_search_visibility.py.
"""

import pytest
from django.http import HttpResponse
from django.test import Client

from committees.files import store_file
from opinions import unit_sessions
from opinions.models import Manuscript, ReplyFile, Status
from tests import make
from tests.make import handling, submitters

pytestmark = pytest.mark.crawl

TITLE, ORIGINAL, EDITED = "标题翠鸟", "原稿白鹭", "编辑苍鹰"
REFERRED, REPLY, DRAFT = "转办云雀", "答复黄鹂", "草稿乌鸦"
OWN_FILE, OFFICE_FILE, STAMPED = "附件喜鹊", "机关斑鸠", "复函画眉"
TEXTS = {TITLE, ORIGINAL}
ISSUED = {*TEXTS, EDITED, REFERRED, REPLY, OWN_FILE, OFFICE_FILE, STAMPED}
EVERYTHING = {
    # who: (while it is edited, once it is issued and answered)
    "public": (set(), set()),
    "member": ({*TEXTS, OWN_FILE}, ISSUED),  # the first author
    "member2": ({*TEXTS, OWN_FILE}, ISSUED),  # a co-author of another sector
    "convenor": ({*TEXTS, OWN_FILE}, ISSUED),
    "editor": ({*TEXTS, EDITED, OWN_FILE, OFFICE_FILE}, ISSUED),
    "leader": (set(), ISSUED),
    "handler": (set(), {REFERRED, REPLY, STAMPED}),
    "link": (set(), {REFERRED, REPLY, STAMPED}),
    "other link": (set(), set()),
    "convenor2": (set(), set()),
    "keeper": (set(), set()),
    "auditor": (set(), set()),
    "stranger_clerk": (set(), set()),
}


@pytest.fixture
def reports(cast, settings, tmp_path):
    submitters.on_disk(settings, tmp_path)
    return [_report(cast, Status.EDITING), _report(cast, Status.ISSUED)]


def _report(cast, status):
    authors = [cast.member_of("member"), cast.member_of("member2")]
    row = make.opinion(authors=authors, sector=cast.education, status=status, title=TITLE)
    row.manuscripts.all().delete()
    make.manuscript(opinion=row, title=TITLE, situation=ORIGINAL, analysis="", suggestion="")
    kind = Manuscript.Kind.EDITED
    make.manuscript(opinion=row, kind=kind, title=TITLE, situation=EDITED, analysis="")

    def stored(word):
        upload = submitters.pdf(word.encode(), f"{word}.pdf")
        return store_file(cast.city, upload, by=cast.clerk)

    submitters.file(row, attachment=stored(OWN_FILE))
    submitters.file(row, attachment=stored(OFFICE_FILE), is_office=True)
    if status == Status.ISSUED:
        asked = handling.referral(opinion=row, unit=cast.unit, title="转办题", text=REFERRED)
        said = handling.reply(referral=asked, text=REPLY)
        ReplyFile.objects.create(reply=said, attachment=stored(STAMPED))
        handling.reply(referral=asked, text=DRAFT, answered_at=None)
    return row


def addresses(row):
    base = f"/city/opinions/{row.pk}"
    found = [f"{base}/", f"{base}/handling/", f"{base}/outcomes/", f"{base}/secondings/"]
    found += [f"/api/v1/opinions/{row.pk}/"]
    found += [f"{base}/files/{one.pk}/" for one in row.files.all()]
    for asked in row.referrals.all():
        found += [f"/city/referrals/{asked.pk}/", f"/api/v1/referrals/{asked.pk}/"]
        found += [f"/city/opinions/referrals/{asked.pk}/replies/"]
        found += [f"/{desk}/{asked.pk}/" for desk in ("city/unit", "u/desk")]
        for file in ReplyFile.objects.filter(reply__referral=asked):
            found += [f"/city/opinions/replies/files/{file.pk}/"]
            found += [f"{base}/handling/files/{file.pk}/"]
            found += [f"/{desk}/{asked.pk}/files/{file.pk}/" for desk in ("city/unit", "u/desk")]
    return found


@pytest.fixture
def browser_of(cast, client_of):
    def take(who):
        if who == "public":
            return Client()
        if who not in ("link", "other link"):
            return client_of(who)
        unit = cast.unit if who == "link" else make.unit(committee=cast.city)
        client, answer = Client(), HttpResponse()
        unit_sessions.begin(answer, handling.unit_link(unit=unit))
        client.cookies.load(answer.cookies)
        return client

    return take


def read_by(client, row):
    """The canary words that shine through anywhere, in names and in the bytes of files."""
    read = set()
    for address in addresses(row):
        answer = client.get(address)
        if answer.status_code == 200:
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode(errors="replace")
            read |= {word for word in (*ISSUED, DRAFT) if word in text}
    return read


@pytest.mark.parametrize("who", EVERYTHING)
def test_each_reads_what_is_theirs(who, reports, browser_of):
    client = browser_of(who)
    found = tuple(read_by(client, row) for row in reports)
    mine = {DRAFT} if who in ("handler", "link") else set()  # a unit's draft is its own
    edited, issued = EVERYTHING[who]
    assert found == (edited, issued | mine if issued else issued)


def test_a_report_taken_out_of_sight_is_out_of_every_sight(reports, browser_of, cast):
    issued = reports[1]
    hidden = {who: read_by(browser_of(who), issued) for who in ("convenor2", "keeper")}
    assert hidden == {"convenor2": set(), "keeper": set()}
    direct = _report(cast, Status.EDITING)
    direct.is_direct = True  # straight to the office: not for the convenor
    direct.save()
    assert read_by(browser_of("convenor"), direct) == set()
    assert read_by(browser_of("member"), direct) == {*TEXTS, OWN_FILE}

"""Who finds a report by which of its words, and takes it along in an export: who may read them.

The canary words stand in the title, the original and the edited text of a report in editing, of an
issued one, and of one that another committee has.
"""

import io

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from opinions import actions
from opinions.models import Manuscript, Status
from tests import make
from tests.addresses import prove
from tests.make import handling

pytestmark = pytest.mark.crawl

LIST, EXPORT = "/city/opinions/", "/city/opinions/export/"
TITLE, ORIGINAL, EDITED = "标题翠鸟", "原稿白鹭", "编辑苍鹰"
WORDS = (TITLE, ORIGINAL, EDITED)
OPEN, ALL = {TITLE, ORIGINAL}, set(WORDS)

# Person → what finds the report while it is edited, and once it is issued.
MATRIX = {
    "clerk": (ALL, ALL),
    "editor": (ALL, ALL),
    "checker": (ALL, ALL),
    "signer": (ALL, ALL),
    "leader": (set(), ALL),
    "commission": (OPEN, ALL),
    "member": (OPEN, ALL),  # the first author
    "delegate": (OPEN, ALL),
    "member2": (OPEN, ALL),  # a co-author of another sector
    "convenor": (OPEN, ALL),
    "convenor2": (set(), set()),
    "shielded": (set(), set()),
    "keeper": (set(), set()),
    "handler": (set(), set()),  # of the unit that it was referred to
    "liaison": (set(), set()),
    "confidant": (set(), set()),
    "auditor": (set(), set()),
    "sysadmin": (set(), set()),
}
OUTSIDE = ("countyclerk", "countymember", "stranger_clerk", "nobody")


@pytest.fixture
def reports(cast):
    """(editing, issued): the same words in both."""
    authors = [cast.member_of("member"), cast.member_of("member2")]
    return tuple(_report(cast, authors, cast.education, status) for status in ("editing", "issued"))


def _report(cast, authors, sector, status):
    row = make.opinion(authors=authors, sector=sector, status=status, title=TITLE)
    row.manuscripts.all().delete()
    make.manuscript(opinion=row, title=TITLE, situation=ORIGINAL, analysis="", suggestion="")
    kind = Manuscript.Kind.EDITED
    make.manuscript(opinion=row, kind=kind, title="题", situation=EDITED, analysis="")
    if status == Status.ISSUED:
        handling.referral(opinion=row, unit=cast.unit)
    return row


def found(client, query):
    return {row.pk for row in client.get(LIST, query).context["page"].rows}


def exported(client, query, kind):
    answer = prove(client).post(f"{EXPORT}?{query}", {"format": kind})
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        return content.decode("utf-8-sig").partition("\n")[2].count(TITLE)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return sum(TITLE in row for row in rows[1:])


def tab_of(who):
    return "sector" if who.startswith("convenor") else "all"


def test_in_the_list_and_in_exports(cast, client_of, reports):
    answers = {}
    for who in MATRIX:
        client, tab = client_of(who), tab_of(who)
        seen = [{word for word in WORDS if row.pk in found(client, {"q": word, "of": tab})}
                for row in reports]  # fmt: skip
        answers[who] = tuple(seen)
        for word in WORDS:
            here = sum(word in words for words in seen)
            for kind in ("csv", "xlsx"):
                assert exported(client, f"q={word}&of={tab}", kind) == here, (who, word, kind)
    assert answers == MATRIX


def test_in_the_api(cast, client_of, reports):
    def seen_by(client, row):
        places = (f"/api/v1/opinions/?committee=city&q={word}" for word in WORDS)
        found = (client.get(place).json()["results"] for place in places)
        return {word for word, rows in zip(WORDS, found, strict=True) if row.pk in _ids(rows)}

    answers = {who: tuple(seen_by(client_of(who), row) for row in reports) for who in MATRIX}
    assert answers == MATRIX


def _ids(rows):
    return {row["id"] for row in rows}


def test_nobody_from_outside(cast, client_of, reports):
    for who in OUTSIDE:
        client = client_of(who)
        for word in WORDS:
            assert client.get(LIST, {"q": word}).status_code == 404
            assert prove(client).post(f"{EXPORT}?q={word}").status_code == 404
            rows = client.get(f"/api/v1/opinions/?q={word}").json()["results"]
            assert rows == [], who
    public = Client()
    assert public.get(LIST, {"q": TITLE}).status_code == 302
    assert public.post(EXPORT).status_code == 302


def test_what_was_sent_straight_to_the_office_is_not_found_by_the_sector(cast, client_of):
    authors = [cast.member_of("member")]
    row = _report(cast, authors, cast.education, Status.EDITING)
    row.is_direct = True
    row.save(update_fields=["is_direct"])
    for word in WORDS:
        assert found(client_of("convenor"), {"q": word, "of": "sector"}) == set()
        assert exported(client_of("convenor"), f"q={word}&of=sector", "csv") == 0


def test_after_it_went_offline_nobody_finds_it(cast, client_of, reports):
    actions.move(reports[1], "go_offline", by=cast.clerk, note="转线下")
    actions.move(reports[0], "go_offline", by=cast.clerk, note="转线下")
    for who in MATRIX:
        assert {word for word in WORDS if found(client_of(who), {"q": word})} == set()

"""相近信息: what is found, and how much of it each may know."""

import datetime

import pytest

from opinions.actions import edit, move, start, write
from opinions.actions.fingerprints import sweep_fingerprints
from opinions.duplicates import (
    BANDS,
    PASSAGES,
    bigrams,
    fingerprint,
    jaccard,
    normalised,
    shared_passages,
)
from opinions.finding_similar import similar_to
from opinions.models import Fingerprint, Manuscript, Opinion, Status
from opinions.tasks.similar import run_fingerprints, sweep_fingerprints_of
from opinions.texts import Texts
from tests import make
from tests.budgets import cost_of, costs
from tests.make.alike import SCHOOLS, STREETLAMPS, read_request, report, seconding, swept

S = Status
TWIN = STREETLAMPS.replace("五位老人", "六位老人").replace("居民多次", "群众多次")


def titles(found):
    return [one.row.title if one.is_report else one.row.said for one in found]


# The algorithm ------------------------------------------------------------------------------------


def test_signs_alone_count():
    assert normalised(" Ａ座，１２号！\n楼") == "a座12号楼"
    assert fingerprint("路 灯。坏了" * 9, 1) == fingerprint("路灯坏了" * 9, 1)


def test_a_fingerprint_never_changes():
    """Bands written years apart must meet: these numbers are a promise."""
    bands, count = fingerprint(STREETLAMPS, 1)
    assert (len(bands), count) == (BANDS, 85)
    assert bands[:2] == [4776976885264823136, -5750602808509813259]
    assert all(-(2**63) <= band < 2**63 for band in bands)


def test_each_committee_has_bands_of_its_own():
    assert set(fingerprint(STREETLAMPS, 1)[0]) & set(fingerprint(STREETLAMPS, 2)[0]) == set()


@pytest.mark.parametrize("text", ["", "路灯", "路灯坏了。" * 30, "\0" * 40, "。" * 400])
def test_a_text_with_little_in_it_has_no_bands(text):
    assert fingerprint(text, 1)[0] == []


def test_likeness():
    one = bigrams(normalised(STREETLAMPS))
    assert jaccard(one, one) == 1 and jaccard(set(), set()) == 0
    assert jaccard(one, bigrams(normalised(TWIN))) > 0.8
    assert jaccard(one, bigrams(normalised(SCHOOLS))) < 0.05


def test_passages_are_found_over_punctuation():
    other = "前面的话不同。居民多次向物业反映：因公共维修资金 动用程序复杂！后面也不同。"
    spans = shared_passages(STREETLAMPS, other)
    found = [STREETLAMPS[a:b] for a, b in spans]
    assert found == ["居民多次向物业反映，因公共维修资金动用程序复杂"]
    assert shared_passages("路灯坏了", "路灯坏了") == []
    assert shared_passages(STREETLAMPS, STREETLAMPS) == [(0, len(STREETLAMPS) - 1)]


def test_passages_are_bounded():
    parts = [chr(0x4E00 + n) * 3 + "一二三四五六七八九十" + chr(0x6000 + n) for n in range(40)]
    there = [chr(0x7000 + n) + part[3:-1] + chr(0x7100 + n) for n, part in enumerate(parts)]
    assert len(shared_passages("".join(parts), "".join(there))) == PASSAGES


# What is found ------------------------------------------------------------------------------------


@pytest.fixture
def texts(cast):
    """A twin in every condition, under a name; and the other matter once."""
    author, colleague = cast.member_of("member"), cast.member_of("member2")
    at = {"author": colleague, "sector": cast.business}
    rows = {
        "sent": report(TWIN, **at),
        "own": report(TWIN, author=author, status=S.DRAFT),
        "draft": report(TWIN, status=S.DRAFT, **at),
        "returned": report(TWIN, status=S.RETURNED, **at),
        "withdrawn": report(TWIN, status=S.WITHDRAWN, **at),
        "direct": report(TWIN, status=S.RECEIVED, is_direct=True, **at),
        "open": report(TWIN, status=S.RECEIVED, is_open_to_peers=True, **at),
        "shielded": report(TWIN, author=cast.member_of("shielded"), sector=cast.minorities),
        "issued": report(TWIN, status=S.ISSUED, **at),
        "other": report(SCHOOLS, **at),
        "reception": make.reception(workroom=cast.room, said=TWIN),
        "confided": make.reception(workroom=cast.room, said=TWIN, nature="person"),
        "elsewhere": report(TWIN, author=cast.member_of("countymember")),
    }
    for name, row in rows.items():
        if isinstance(row, Opinion):
            Opinion.objects.filter(pk=row.pk).update(title=name)
    swept(cast.city, cast.county)
    return rows


def found_by(cast, who, texts):
    """Name → whether it may be read, of what a person finds."""
    names = {(type(row), row.pk): name for name, row in texts.items()}
    rows = similar_to(STREETLAMPS, cast.city, cast[who], limit=30)
    return {names[type(one.row), one.row.pk]: one.is_readable for one in rows}


PEER = {"sent": False, "open": True, "issued": False, "reception": False}
ALL_OF_OFFICE = dict.fromkeys(
    ["sent", "returned", "withdrawn", "direct", "open", "shielded", "issued", "reception"], True
)
FOUND = {
    "member": PEER | {"own": True},
    "delegate": PEER | {"own": True},
    "shielded": PEER | {"shielded": True},
    "convenor": PEER,
    "clerk": ALL_OF_OFFICE,
    "leader": {"issued": True},
    "keeper": {"reception": True},
    "confidant": {},
    "auditor": {},
    "countyclerk": {},
}


@pytest.mark.parametrize("who", sorted(FOUND))
def test_each_finds_what_is_theirs_to_know(cast, texts, who):
    assert found_by(cast, who, texts) == FOUND[who]


def test_a_convenor_reads_the_sectors_own(cast, texts):
    seen = {"sent", "returned", "withdrawn", "open", "issued"}
    assert found_by(cast, "convenor2", texts) == PEER | dict.fromkeys(seen, True)


def test_who_was_let_reads(cast, texts):
    asked = read_request(opinion=texts["sent"], member=cast.member_of("member"))
    assert found_by(cast, "member", texts)["sent"] is False
    type(asked).objects.update(is_agreed=True)
    assert found_by(cast, "member", texts)["sent"] is True
    assert found_by(cast, "convenor", texts)["sent"] is False


def test_the_nearest_comes_first_and_no_more_than_asked(cast):
    far, near = report(STREETLAMPS[:60] + SCHOOLS), report(TWIN)
    Opinion.objects.update(committee=cast.city)
    swept(cast.city)
    rows = [one.row.pk for one in similar_to(STREETLAMPS, cast.city, cast.clerk)]
    assert rows[0] == near.pk and set(rows) <= {near.pk, far.pk}
    assert len(similar_to(STREETLAMPS, cast.city, cast.clerk, limit=1)) == 1
    left = similar_to(STREETLAMPS, cast.city, cast.clerk, leave_out=near.pk)
    assert near.pk not in [one.row.pk for one in left]


def test_a_common_band_is_cut_but_a_twin_is_found(cast, monkeypatch):
    """Thousands of reports with one boilerplate band do not hide the one that shares many."""
    bands, _ = fingerprint(STREETLAMPS, cast.city.pk)
    noise = [report(SCHOOLS, author=cast.member_of("member")) for _ in range(30)]
    Fingerprint.objects.bulk_create(
        Fingerprint(committee=cast.city, opinion=row, bands=bands[:1], source="") for row in noise
    )
    twin = report(TWIN, author=cast.member_of("member"))
    monkeypatch.setattr("opinions.models.similar.FingerprintQuerySet.MOST", 5)
    Fingerprint.objects.create(committee=cast.city, opinion=twin, bands=bands, source="")
    assert len(Fingerprint.objects.sharing(bands)) == 5 + BANDS - 1
    assert [one.row for one in similar_to(STREETLAMPS, cast.city, cast.clerk)] == [twin]


@pytest.mark.parametrize("count", [3, 30])
def test_two_statements_whatever_there_is(cast, count):
    for _ in range(count):
        report(TWIN, author=cast.member_of("member2"))
        make.reception(workroom=cast.room, said=TWIN)
    swept(cast.city)
    actor = cast.again("clerk")
    assert actor.standing
    with costs(2):
        assert len(similar_to(STREETLAMPS, cast.city, actor)) == min(2 * count, 10)
    with costs(0):
        assert similar_to("路灯", cast.city, actor) == []


def test_passages_of_what_may_be_read(cast, texts):
    found = {one.row.pk: one for one in similar_to(STREETLAMPS, cast.city, cast.member, limit=30)}
    known = found[texts["sent"].pk]
    assert (known.passages, known.same) == ([], 0)
    read = found[texts["open"].pk]
    assert read.same > 60 and any("公共维修资金" in one.shared for one in read.passages)
    assert all(len(one.before) <= 16 and len(one.after) <= 16 for one in read.passages)
    assert read.degree == "内容大体相同"


def test_a_long_passage_is_shortened(cast):
    long = "".join(chr(0x4E00 + n) for n in range(400))
    report(long, author=cast.member_of("member"))
    swept(cast.city)
    (one,) = similar_to(long, cast.city, cast.clerk)
    assert one.same >= 400 and len(one.passages[0].shared) < 170


# Keeping fingerprints ----------------------------------------------------------------------------


def bands_of(row):
    kept = Fingerprint.objects.filter(opinion=row).first()
    return kept and kept.bands


def test_writing_keeps_the_fingerprint(cast):
    row = start(cast.member_of("member"), Texts("题", STREETLAMPS), by=cast.member)
    assert bands_of(row) == fingerprint(f"题\n{STREETLAMPS}", cast.city.pk)[0]
    write(row, Texts("题", SCHOOLS), by=cast.member, version=1)
    assert bands_of(row) == fingerprint(f"题\n{SCHOOLS}", cast.city.pk)[0]
    write(row, Texts("题", "短"), by=cast.member, version=2)
    assert bands_of(row) == []
    move(row, "submit_straight", by=cast.member)
    move(row, "take_up", by=cast.editor)
    edit(row, Texts("题", STREETLAMPS), by=cast.editor, version=0)
    assert bands_of(row) == []
    assert sweep_fingerprints(cast.city) == {"opinions": 0, "receptions": 0, "dropped": 0}


def test_going_offline_leaves_no_fingerprint_and_no_words(cast):
    row = report(TWIN, status=S.RECEIVED, author=cast.member_of("member"))
    given = seconding(opinion=row, words="金丝雀附议")
    swept(cast.city)
    assert bands_of(row)
    move(row, "go_offline", by=cast.clerk)
    assert bands_of(row) is None
    given.refresh_from_db()
    assert given.words == ""
    assert sweep_fingerprints(cast.city) == {"opinions": 0, "receptions": 0, "dropped": 0}


def test_the_sweep_makes_mends_and_drops(cast):
    lacking = report(TWIN, author=cast.member_of("member"))
    entry = make.reception(workroom=cast.room, said=TWIN)
    confided = make.reception(workroom=cast.room, said=TWIN, nature="person")
    stranger = report(TWIN, author=cast.member_of("countymember"))
    assert sweep_fingerprints(cast.city) == {"opinions": 1, "receptions": 1, "dropped": 0}
    assert sweep_fingerprints(cast.city) == {"opinions": 0, "receptions": 0, "dropped": 0}
    assert bands_of(stranger) is None and not hasattr(confided, "fingerprint")
    make.manuscript(opinion=lacking, situation=SCHOOLS)
    type(entry).objects.filter(pk=entry.pk).update(said=SCHOOLS)
    assert sweep_fingerprints(cast.city) == {"opinions": 1, "receptions": 1, "dropped": 0}
    type(entry).objects.filter(pk=entry.pk).update(nature="person")
    lacking.manuscripts.all().delete()
    assert sweep_fingerprints(cast.city) == {"opinions": 0, "receptions": 0, "dropped": 2}
    assert Fingerprint.objects.count() == 0


def test_a_reception_closed_meanwhile_is_never_found(cast):
    """Even before the sweep takes its fingerprint away."""
    entry = make.reception(workroom=cast.room, said=TWIN)
    swept(cast.city)
    type(entry).objects.filter(pk=entry.pk).update(nature="person")
    found = [similar_to(TWIN, cast.city, cast[who]) for who in ("clerk", "member", "confidant")]
    assert found == [[], [], []]


def test_the_frequent_sweep_looks_at_what_is_new(cast, monkeypatch):
    old, new = report(TWIN), report(SCHOOLS)
    Opinion.objects.update(committee=cast.city)
    written = Manuscript.objects.filter(opinion=new).get().written_at
    Manuscript.objects.filter(opinion=old).update(written_at=written - datetime.timedelta(days=3))
    sent = []
    monkeypatch.setattr(sweep_fingerprints_of, "delay", lambda *args: sent.append(args))
    assert [run_fingerprints(), run_fingerprints(whole=True)] == [1, 1]
    recent, whole = sent
    assert (recent[0], whole) == (cast.city.pk, (cast.city.pk, ""))
    assert sweep_fingerprints_of(*recent) == {"opinions": 1, "receptions": 0, "dropped": 0}
    assert (bands_of(old), bool(bands_of(new))) == (None, True)
    assert sweep_fingerprints_of(*whole) == {"opinions": 1, "receptions": 0, "dropped": 0}
    assert bands_of(old)


# Pages -------------------------------------------------------------------------------------------

SIMILAR = "/city/opinions/similar/"
TYPED = {"title": "关于路灯的建议", "situation": STREETLAMPS}


def test_while_writing(cast, client_of, texts):
    client = client_of("member")
    answer = client.post(SIMILAR, TYPED, headers={"hx-request": "true"})
    page = answer.content.decode()
    assert "<html" not in page and "<mark>" in page
    shown = {name for name in texts if f">{name}</a>" in page}
    assert shown == {"sent", "open", "issued", "own"}
    assert TWIN[:20] in page and "字相同" in page  # of the one that is open
    whole = client.post(SIMILAR, TYPED)
    assert "<html" in whole.content.decode()
    assert client.get(SIMILAR).status_code == 200


def test_while_rewriting_the_own_report_is_left_out(cast, client_of, texts):
    page = client_of("member").post(f"{SIMILAR}?of={texts['own'].pk}", TYPED).content.decode()
    assert ">own</a>" not in page


@pytest.mark.parametrize("of", ["", "x", "²", "9" * 30, "-1"])
def test_bad_input_finds_what_it_can(cast, client_of, of):
    client = client_of("member")
    typed = {"title": "\0", "situation": "\0" * 9 + "字" * 90_000, "analysis": "𠮷" * 40}
    assert client.post(f"{SIMILAR}?of={of}", typed).status_code == 200
    assert client.post(SIMILAR, {"situation": "短"}).status_code == 200


def test_beside_a_report(cast, client_of, texts):
    place = f"/city/opinions/{texts['sent'].pk}/similar/"
    office = client_of("clerk")
    page = office.get(place).content.decode()
    assert ">issued</a>" in page and ">sent</a>" not in page and ">draft</a>" not in page
    part = office.get(place, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part and ">issued</a>" in part


def test_a_members_page_says_nothing_of_a_reception(cast, client_of, texts):
    entry = texts["reception"]
    type(entry).objects.filter(pk=entry.pk).update(said=TWIN + "金丝雀", gist="金丝雀答复")
    member = client_of("member").post(SIMILAR, TYPED).content.decode()
    assert "群众接待登记" in member and entry.label not in member and "金丝雀" not in member
    assert entry.received_on.strftime("%Y-%m") in member
    keeps = client_of("clerk").post(SIMILAR, TYPED).content.decode()
    assert entry.label in keeps and "金丝雀答复" in keeps


@pytest.mark.parametrize("count", [3, 30])
def test_pages_cost_the_same(cast, client_of, count):
    row = report(STREETLAMPS, author=cast.member_of("member"), sector=cast.education)
    for _ in range(count):
        report(TWIN, author=cast.member_of("member2"))
        seconding(opinion=row)
    swept(cast.city)
    member, clerk = client_of("member"), client_of("clerk")
    places = [SIMILAR, f"/city/opinions/{row.pk}/secondings/", f"/city/opinions/{row.pk}/similar/"]
    for client in (member, clerk):
        for place in places:
            client.get(place)
    assert cost_of(member.post, SIMILAR, TYPED) == 8
    assert [cost_of(clerk.get, place) for place in places] == [6, 7, 8]
    assert cost_of(member.get, places[1]) == 8

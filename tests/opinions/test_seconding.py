"""附议 and reading a colleague's report: who may, once, and what it shows."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from committees.models import AuditEntry
from notices.models import Notice
from opinions.actions.fingerprints import sweep_fingerprints
from opinions.actions.proposals import suggest_proposal
from opinions.actions.reading_consent import answer_reader, ask_to_read, let_peers_read
from opinions.actions.seconding import LONGEST, second, unsecond
from opinions.actions.writing import write
from opinions.models import Fingerprint, Opinion, ReadRequest, Seconding, Status
from opinions.permissions.similar import SECONDED
from opinions.texts import Texts
from tests import make
from tests.budgets import cost_of
from tests.cast import assemble
from tests.make.alike import SCHOOLS, STREETLAMPS, read_request, report, seconding
from tests.opinions.test_races import at_once, split, view_of

S = Status


@pytest.fixture
def row(cast):
    """A colleague's report; its canary must stay unread until the author agrees."""
    return report(
        f"{STREETLAMPS}金丝雀", author=cast.member_of("member2"), sector=cast.business, title="路灯"
    )


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def code_of(deed, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        deed(*args, **kwargs)
    return caught.value.code if hasattr(caught.value, "code") else "by field"


def test_seconding_is_credited_once_and_taken_back(cast, row):
    member = cast.member_of("member")
    made = second(row, by=cast.member, member=member, words=" 我们小区也一样。 ")
    assert list(Seconding.objects.of(row)) == [made]
    assert (made.words, made.by) == ("我们小区也一样。", cast.member)
    assert told("opinion_seconded") == [cast.member2.name]
    assert code_of(second, row, by=cast.member, member=member) == "seconding_once"
    unsecond(row, by=cast.member, member=member)
    assert code_of(unsecond, row, by=cast.member, member=member) == "gone"
    second(row, by=cast.member, member=member)
    assert told("opinion_seconded") == [cast.member2.name], "once a member"


def test_a_delegate_seconds_on_behalf(cast, row):
    made = second(row, by=cast.delegate, member=cast.member_of("member"))
    assert (made.member, made.by) == (cast.member_of("member"), cast.delegate)
    entry = AuditEntry.objects.get(action="opinion.second")
    assert (entry.by_user, entry.on_behalf_of) == (cast.delegate, cast.member)


def test_nobody_seconds_the_own_or_in_a_strangers_name(cast, row):
    member = cast.member_of("member")
    for by, whom in ((cast.member2, row.authors.get()), (cast.convenor, member)):
        with pytest.raises(PermissionDenied):
            second(row, by=by, member=whom)
        with pytest.raises(PermissionDenied):
            unsecond(row, by=by, member=whom)
        with pytest.raises(PermissionDenied):
            ask_to_read(row, by=by, member=whom)
    joint = make.opinion(authors=[row.authors.get(), member], status=S.RECEIVED)
    with pytest.raises(PermissionDenied):
        second(joint, by=cast.delegate, member=member)


@pytest.mark.parametrize("status", S)
def test_until_it_is_issued(cast, status):
    row = report(author=cast.member_of("member2"), status=status)
    given = seconding(opinion=row, member=cast.member_of("convenor"))
    member = cast.member_of("member")
    if status in SECONDED:
        second(row, by=cast.member, member=member)
        unsecond(row, by=cast.convenor, member=given.member)
        assert {one.member for one in Seconding.objects.of(row)} == {member}
    else:
        assert code_of(second, row, by=cast.member, member=member) == "moved"
        assert code_of(unsecond, row, by=cast.convenor, member=given.member) == "moved"
        assert list(Seconding.objects.of(row)) == [given]


def test_words_are_short_and_unclassified(cast, row):
    member = cast.member_of("member")
    assert code_of(second, row, by=cast.member, member=member, words="字" * 301) == "by field"
    assert code_of(second, row, by=cast.member, member=member, words="机密★") == "classified"
    assert second(row, by=cast.member, member=member, words="字" * LONGEST)


def test_names_stand_in_stroke_order(cast, client_of, row):
    for name, key in (("钟晓", "09"), ("丁一", "02"), ("王明", "04")):
        member = make.member(committee=cast.city, name=name)
        type(member).objects.filter(pk=member.pk).update(name_key=key)
        seconding(opinion=row, member=member)
    for who in ("member2", "clerk"):
        page = client_of(who).get(f"/city/opinions/{row.pk}/").content.decode()
        assert "丁一、王明、钟晓" in page
    shown = [one.member.name for one in Seconding.objects.of(row)]
    assert shown == ["丁一", "王明", "钟晓"]


# Reading ------------------------------------------------------------------------------------------


def test_the_author_opens_and_closes(cast, row):
    let_peers_read(row, by=cast.member2, is_open=True)
    assert Opinion.objects.get(pk=row.pk).is_open_to_peers
    let_peers_read(row, by=cast.member2, is_open=False)
    assert not Opinion.objects.get(pk=row.pk).is_open_to_peers
    for who in ("member", "clerk", "convenor2"):
        with pytest.raises(PermissionDenied):
            let_peers_read(row, by=cast[who], is_open=True)


def test_asking_is_answered_once(cast, row):
    asked = ask_to_read(row, by=cast.delegate, member=cast.member_of("member"))
    assert told("opinion_read_asked") == [cast.member2.name]
    again = {"by": cast.member, "member": cast.member_of("member")}
    assert code_of(ask_to_read, row, **again) == "read_request_once"
    with pytest.raises(PermissionDenied):
        answer_reader(asked, by=cast.member, agrees=True)
    answer_reader(asked, by=cast.member2, agrees=True)
    assert told("opinion_read_answered") == [cast.member.name]
    assert code_of(answer_reader, asked, by=cast.member2, agrees=False) == "answered"
    assert ReadRequest.objects.get().is_agreed is True


# Pages --------------------------------------------------------------------------------------------


@pytest.fixture
def place(row):
    return f"/city/opinions/{row.pk}/"


def page_of(client, path, expected=200):
    answer = client.get(path)
    assert answer.status_code == expected
    return answer.content.decode()


def test_a_colleague_knows_the_title_and_no_more(client_of, place):
    client = client_of("member")
    page = page_of(client, place + "peer/")
    assert "路灯" in page and "金丝雀" not in page
    assert client.get(place).status_code == 404


def test_a_member_asks_the_author_agrees_the_member_reads(cast, client_of, row, place):
    reader, author = client_of("member"), client_of("member2")
    assert reader.post(place + "peer/ask/", follow=True).redirect_chain
    assert "等候反映人答复" in page_of(reader, place + "peer/")
    reader.post(place + "peer/ask/")
    asked = ReadRequest.objects.get()
    assert cast.member.name in page_of(author, place + "secondings/")
    answer = f"{place}secondings/readers/{asked.pk}/"
    author.post(answer, {"agrees": "1"})
    author.post(answer, {"agrees": "0"})
    assert "金丝雀" in page_of(reader, place + "peer/")
    ReadRequest.objects.update(is_agreed=False)
    page = page_of(reader, place + "peer/")
    assert "金丝雀" not in page and "暂不提供" in page


def test_an_open_report_is_read(client_of, place):
    reader, author = client_of("member"), client_of("member2")
    author.post(place + "secondings/open/", {"is_open": "1"})
    assert "金丝雀" in page_of(reader, place + "peer/")
    author.post(place + "secondings/open/", {"is_open": "0"})
    assert "金丝雀" not in page_of(reader, place + "peer/")


@pytest.mark.parametrize("over", [
    {"status": S.DRAFT}, {"status": S.RETURNED}, {"status": S.WITHDRAWN}, {"status": S.OFFLINE},
    {"is_direct": True},
])  # fmt: skip
def test_what_is_not_for_colleagues_is_not_there(client_of, row, place, over):
    Opinion.objects.filter(pk=row.pk).update(is_open_to_peers=True, **over)
    client = client_of("member")
    assert client.get(place + "peer/").status_code == 404
    for deed in ("second/", "second/withdraw/", "peer/ask/"):
        assert client.post(place + deed).status_code == 404
    assert Seconding.objects.count() == ReadRequest.objects.count() == 0


def test_seconding_by_the_page(cast, client_of, row, place):
    client = client_of("member")
    page = client.post(place + "second/", {"words": "同感。"}, follow=True).content.decode()
    assert "同感。" in page
    again = client.post(place + "second/", {"words": "再说一次"})
    assert again.status_code == 409 and "再说一次" in again.content.decode()
    assert cast.member.name in page_of(client_of("clerk"), place + "secondings/")
    client.post(place + "second/withdraw/")
    client.post(place + "second/withdraw/")
    assert Seconding.objects.count() == 0


@pytest.mark.parametrize("words", ["字" * 301, "\0", "绝密★"])
def test_bad_words_come_back(client_of, place, words):
    answer = client_of("member").post(place + "second/", {"words": words})
    assert answer.status_code == 400 and Seconding.objects.count() == 0


def test_it_was_issued_meanwhile(client_of, row, place):
    Opinion.objects.filter(pk=row.pk).update(status=S.ISSUED)
    answer = client_of("member").post(place + "second/", {"words": "我的话"})
    assert answer.status_code == 409 and "我的话" in answer.content.decode()
    client_of("member").post(place + "second/withdraw/")


def test_a_delegate_of_two_says_for_whom(cast, client_of, row, place):
    other = cast.member_of("convenor")
    make.delegate(user=cast.delegate, member=other)
    client = client_of("delegate")
    assert 'name="member"' in page_of(client, place + "peer/")
    assert client.post(place + "second/", {"member": "99999"}).status_code == 400
    assert client.post(place + "second/", {"member": other.pk}).status_code == 302
    assert Seconding.objects.get().member == other
    assert client.post(place + "peer/ask/", {"member": "x"}).status_code == 403
    assert client.post(place + "second/withdraw/", {"member": other.pk}).status_code == 302
    assert Seconding.objects.count() == 0


def test_authors_and_the_office_read_the_report_itself(client_of, place):
    for who in ("member2", "clerk"):
        answer = client_of(who).get(place + "peer/")
        assert (answer.status_code, answer.url) == (302, place)
        for deed in ("second/", "second/withdraw/", "peer/ask/"):
            assert client_of(who).post(place + deed).status_code == 403


@pytest.mark.parametrize("count", [3, 30])
def test_what_deeds_cost(cast, client_of, row, place, count):
    for _ in range(count):
        seconding(opinion=row)
        read_request(opinion=row)
    mine = read_request(opinion=row)
    reader, author = client_of("member"), client_of("member2")
    reader.get(place + "peer/")
    author.get(place + "secondings/")
    found = [
        cost_of(reader.get, place + "peer/"),
        cost_of(author.get, place + "secondings/"),
        cost_of(reader.post, place + "second/"),
        cost_of(reader.post, place + "second/withdraw/"),
        cost_of(reader.post, place + "peer/ask/"),
        cost_of(author.post, place + "secondings/open/", {"is_open": "1"}),
        cost_of(author.post, f"{place}secondings/readers/{mine.pk}/", {"agrees": "1"}),
    ]
    assert found == [9, 8, 12, 10, 12, 9, 10]


# Races --------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_seconding_twice_at_once():
    cast = assemble()
    row = report(author=cast.member_of("member2"), sector=cast.business)
    member = cast.member_of("member")
    rows = [view_of(row) for _ in range(4)]
    people = [cast.member, cast.delegate, cast.member, cast.delegate]
    won, lost = split(
        at_once(
            *(
                lambda one=one, by=by: second(one, by=by, member=member)
                for one, by in zip(rows, people, strict=True)
            )
        )
    )
    assert len(won) == 1 and {error.code for error in lost} == {"seconding_once"}
    assert Seconding.objects.get().member == member
    assert Notice.objects.filter(kind="opinion_seconded").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_writer_and_two_sweepers_at_once():
    """Whoever comes last, the fingerprint is that of the text that stands."""
    cast = assemble()
    row = report(author=cast.member_of("member"), status=S.DRAFT, sector=cast.education)
    entry = make.reception(workroom=cast.room, said=STREETLAMPS)
    mine = view_of(row)
    results = at_once(
        lambda: write(mine, Texts("题", SCHOOLS), by=cast.member, version=1),
        lambda: sweep_fingerprints(cast.city),
        lambda: sweep_fingerprints(cast.city),
    )
    assert not any(isinstance(result, Exception) for result in results), results
    kept = Fingerprint.objects.get(opinion=row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5(%s)", [f"题\n{SCHOOLS}\n\n"])
        assert kept.source == cursor.fetchone()[0]
    sweep_fingerprints(cast.city)
    assert Fingerprint.objects.filter(reception=entry).count() == 1


def test_of_what_others_were_merged_into_or_sent_here_nothing_is_known(cast, row):
    shown = Opinion.objects.shown_to_peers(cast.member2)
    assert list(shown) == [row]
    make.opinion(committee=cast.city, status=Status.EDITING, is_composed=True)
    make.opinion(committee=cast.city, status=Status.RECEIVED, source=make.opinion())
    assert list(shown.all()) == [row]


def test_what_changed_meanwhile_is_asked_under_the_lock(cast, row):
    """It was sent straight, or withdrawn, after the page was opened."""
    member, stale = cast.member_of("member"), view_of(row)
    for change in ({"is_direct": True}, {"is_direct": False, "status": S.WITHDRAWN}):
        Opinion.objects.filter(pk=row.pk).update(**change)
        assert code_of(ask_to_read, stale, by=cast.member, member=member) == "moved"
        assert code_of(second, stale, by=cast.member, member=member) == "moved"
    shielded = {"status": S.RECEIVED, "sector": cast.minorities}
    Opinion.objects.filter(pk=row.pk).update(**shielded)
    assert code_of(second, stale, by=cast.member, member=member) == "moved"
    assert not Seconding.objects.exists() and not ReadRequest.objects.exists()


def test_it_is_not_suggested_to_propose_what_was_withdrawn_meanwhile(cast, row):
    stale = view_of(row)
    Opinion.objects.filter(pk=row.pk).update(status=S.WITHDRAWN)
    assert code_of(suggest_proposal, stale, by=cast.clerk) == "moved"
    assert not stale.steps.filter(move="suggest_proposal").exists()

"""Who submits: co-authors who confirm, shares, bodies with drafters, 来稿登记."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committees.models import AuditEntry
from notices.models import Notice
from opinions import actions
from opinions.bodies import Body, bodies_of, body_named
from opinions.models import Authorship, BodyKind, Opinion, Status
from opinions.permissions import is_author, is_reviewer
from opinions.texts import Texts
from opinions.workflow import available_moves
from tests import make
from tests.make import submitters as given

S = Status
GOOD = Texts("关于护学岗的建议", "路口拥堵。", "", "增设护学岗。")
TEXTS = {
    "title": "关于护学岗的建议",
    "situation": "路口拥堵。",
    "analysis": "",
    "suggestion": "增设。",
}


def view_of(row):
    return Opinion.objects.for_moves().get(pk=row.pk)


def report(cast, status=S.DRAFT, **over):
    if "authors" not in over:
        over.setdefault("author", cast.member_of("member"))
    over.setdefault("sector", cast.education)
    return view_of(make.opinion(status=status, **over))


def asked(cast, status=S.DRAFT, who="member2", **over):
    """A report whose co-author has not answered."""
    row = report(cast, status, **over)
    given.authorship(row, cast.member_of(who))
    return view_of(row)


def sees(person, row):
    return Opinion.objects.visible_to(person).filter(pk=row.pk).exists()


def errors_of(call, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    error = caught.value
    if hasattr(error, "error_dict"):
        return next(iter(error.error_dict.values()))[0].code
    return error.code


# Co-authors ------------------------------------------------------------------


def test_a_co_author_is_asked_once_and_sees_but_is_no_author(cast):
    row, friend = report(cast), cast.member_of("member2")
    assert not sees(cast.member2, row)
    for _ in range(2):
        actions.change_authors(row, by=cast.member, add=[friend, friend])
    row = view_of(row)
    assert (row.author_names, row.asked_names) == ([cast.member.name], [cast.member2.name])
    assert sees(cast.member2, row) and not is_author(cast.again("member2"), row)
    assert available_moves(row, cast.member2) == [] and row.submitter_label == cast.member.name
    assert not Opinion.objects.by_member(friend).exists()
    assert list(Opinion.objects.concerning([friend.pk])) == [row]
    told = Notice.objects.filter(kind="opinion_coauthor_asked")
    assert [notice.recipient for notice in told] == [cast.member2]


def test_who_confirms_is_printed_and_may_write(cast):
    row, friend = asked(cast), cast.member_of("member2")
    part = actions.answer(row, friend, confirm=True, by=cast.member2)
    assert part.confirmed_at and not part.is_answered_for
    row = view_of(row)
    assert row.submitter_label == f"{cast.member.name}、{cast.member2.name}"
    assert is_author(cast.member2, row) and Opinion.objects.by_member(friend).get() == row
    assert actions.answer(row, friend, confirm=True, by=cast.member2) == part  # twice is once
    assert errors_of(actions.answer, row, friend, confirm=False, by=cast.member2) == "answered"
    assert AuditEntry.objects.filter(action="opinion.confirm").count() == 1


def test_who_declines_sees_it_no_more_and_the_share_goes_back(cast):
    row, friend = asked(cast), cast.member_of("member2")
    first, second = row.authorships.order_by("place")
    shares = {first.pk: 60, second.pk: 40}
    actions.change_authors(row, by=cast.member, shares=shares)
    actions.answer(row, friend, confirm=False, by=cast.member2)
    assert not sees(cast.member2, row) and not Opinion.objects.concerning([friend.pk])
    assert [part.share for part in row.authorships.standing()] == [100]
    told = Notice.objects.get(kind="opinion_coauthor_declined")
    assert told.recipient == cast.member
    assert errors_of(actions.change_authors, row, by=cast.member, add=[friend]) == "declined"


def test_a_delegate_answers_for_the_member_and_it_is_marked(cast):
    row = report(cast, author=cast.member_of("member2"), sector=cast.business)
    given.authorship(row, cast.member_of("member"))
    row = view_of(row)
    part = actions.answer(row, cast.member_of("member"), confirm=True, by=cast.delegate)
    assert part.is_answered_for and part.answered_by == cast.delegate
    entry = AuditEntry.objects.get(action="opinion.confirm")
    assert (entry.by_user, entry.on_behalf_of) == (cast.delegate, cast.member)


@pytest.mark.parametrize("who", ["convenor", "clerk", "delegate", "member"])
def test_nobody_else_answers(cast, who):
    row = asked(cast)
    with pytest.raises(PermissionDenied):
        actions.answer(row, cast.member_of("member2"), confirm=True, by=cast[who])


@pytest.mark.parametrize("status", S)
def test_when_an_answer_still_counts(cast, status):
    row = asked(cast, status)
    friend = cast.member_of("member2")
    if status in actions.ENDED:
        assert errors_of(actions.answer, row, friend, confirm=True, by=cast.member2) == "moved"
        assert view_of(row).asked_ids == [friend.pk]
    else:
        actions.answer(row, friend, confirm=True, by=cast.member2)
        assert view_of(row).author_ids == [cast.member_of("member").pk, friend.pk]


@pytest.mark.parametrize("status", S)
def test_when_authors_may_change(cast, status):
    row, friend = report(cast, status), cast.member_of("member2")
    if status in (S.DRAFT, S.RETURNED):
        assert len(actions.change_authors(row, by=cast.delegate, add=[friend])) == 1
    else:
        assert errors_of(actions.change_authors, row, by=cast.member, add=[friend]) == "moved"


def test_only_the_first_author_changes_them(cast):
    row = report(cast, authors=[cast.member_of("member"), cast.member_of("member2")])
    for who in ("member2", "convenor", "clerk"):
        with pytest.raises(PermissionDenied):
            actions.change_authors(row, by=cast[who], add=[cast.member_of("convenor2")])
    second = row.authorships.get(place=2)
    first = row.authorships.get(place=1)
    actions.change_authors(row, by=cast.member, remove=[first.pk, second.pk])
    assert list(row.authorships.all()) == [first]  # the first author stays
    assert not sees(cast.member2, row)
    friend = cast.member_of("member2")
    assert errors_of(actions.answer, row, friend, confirm=True, by=cast.member2) == "moved"


def test_shares_sum_to_a_hundred_or_are_empty(cast):
    row = asked(cast)
    one, two = row.authorships.order_by("place").values_list("pk", flat=True)
    for shares in ({one: 60, two: 50}, {one: 100, two: None}, {one: 50}, {one: 0, two: 100}):
        assert errors_of(actions.change_authors, row, by=cast.member, shares=shares)
    actions.change_authors(row, by=cast.member, shares={one: 70, two: 30})
    assert [part.share for part in row.authorships.order_by("place")] == [70, 30]
    actions.change_authors(row, by=cast.member, add=[cast.member_of("convenor2")])
    assert {part.share for part in row.authorships.all()} == {None}
    three = row.authorships.get(place=3).pk
    actions.change_authors(row, by=cast.member, shares={one: 50, two: 30, three: 20})
    actions.change_authors(row, by=cast.member, shares={one: None, two: None, three: None})
    assert {part.share for part in row.authorships.all()} == {None}


def test_a_report_has_so_many_authors_and_no_more(cast):
    row = report(cast)
    many = [make.member(sector=cast.education) for _ in range(20)]
    assert errors_of(actions.change_authors, row, by=cast.member, add=many) == "too_many_authors"
    assert len(actions.change_authors(row, by=cast.member, add=many[:19])) == 19


def test_the_database_holds_what_a_row_may_be(cast):
    row = report(cast)
    part = row.authorships.get()
    for over in ({"share": 0}, {"share": 101}, {"declined_at": part.confirmed_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Authorship.objects.filter(pk=part.pk).update(**over)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=row.pk).update(body_kind="sector")


def test_an_asked_convenor_reviews_nothing_of_it(cast):
    row = asked(cast, S.WITH_CONVENOR, who="convenor")
    assert not is_reviewer(cast.convenor, row) and row.reviewers == []
    assert not Opinion.objects.reviewed_by(cast.convenor).exists()
    Authorship.objects.filter(opinion=row, place=2).delete()
    assert is_reviewer(cast.convenor, view_of(row))


# Bodies ----------------------------------------------------------------------


def test_a_convenor_files_for_the_sector(cast):
    body = Body.of(cast.education)
    row = actions.start(cast.member_of("convenor"), GOOD, by=cast.convenor, body=body)
    row = view_of(row)
    assert (row.body_kind, row.body_name) == (BodyKind.SECTOR, "教育界")
    assert row.submitter_label == f"教育界（执笔：{cast.convenor.name}）"
    assert row.authorships.get().role == Authorship.Role.DRAFTER
    actions.move(row, "submit", by=cast.convenor)
    row = view_of(row)  # a body's own report needs no first view
    assert (row.status, row.sector) == (S.RECEIVED, cast.education)
    people = ("convenor", "convenor2", "commission", "member", "clerk", "leader")
    assert {who for who in people if sees(cast[who], row)} == {"convenor", "commission", "clerk"}


def test_a_commissions_office_files_for_it_and_names_the_drafters(cast):
    body = Body.of(cast.learning)
    row = actions.start_with(
        None, GOOD, by=cast.commission, body=body, add=[cast.member_of("member")]
    )
    row = view_of(row)
    assert row.submitter_label == "教科卫体委员会"
    assert sees(cast.commission, row) and not sees(cast.clerk, row) and not sees(cast.convenor, row)
    assert available_moves(row, cast.commission) == ["submit", "submit_straight"]
    actions.answer(row, cast.member_of("member"), confirm=True, by=cast.member)
    row = view_of(row)
    assert row.submitter_label == f"教科卫体委员会（执笔：{cast.member.name}）"
    assert row.authorships.get().role == Authorship.Role.DRAFTER
    actions.move(row, "submit", by=cast.commission)
    assert (row.status, row.sector_id) == (S.RECEIVED, None)


@pytest.mark.parametrize(
    ("who", "bodies"),
    [
        ("convenor", ["教育界"]),
        ("commission", ["教科卫体委员会"]),
        ("member", []),
        ("clerk", []),
        ("countyclerk", []),
    ],
)
def test_who_files_for_what(cast, who, bodies):
    assert [body.name for body in bodies_of(cast[who], cast.city)] == bodies


def test_nobody_files_for_another_body(cast):
    for who, row in (("member", cast.education), ("convenor", cast.business)):
        with pytest.raises(PermissionDenied):
            actions.start(cast.member_of(who), GOOD, by=cast[who], body=Body.of(row))
    with pytest.raises(PermissionDenied):
        actions.start(None, GOOD, by=cast.commission)


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("sector", "教育", "教育界"),
        ("sector", " 教育界别 ", "教育界"),
        ("commission", "教科卫体委", "教科卫体委员会"),
        ("street_group", "望川街道委员组", "望川街道委员组"),
        ("informant", "李  明", "李 明"),
        ("party", "民盟云川市委会", "民盟云川市委会"),
    ],
)
def test_bodies_by_name(cast, kind, name, found):
    body = body_named(cast.city, kind, name)
    assert (body.kind, body.name) == (kind, found)
    assert (body.row is None) == (kind in ("informant", "party"))


def test_a_sector_nobody_knows_is_told(cast):
    assert errors_of(body_named, cast.city, "sector", "渔业") == "no_such_body"


# 来稿登记 ---------------------------------------------------------------------


def sent(**over):
    return TEXTS | {"kind": "party", "body_name": "民盟云川市委会"} | over


def test_the_office_registers_what_came_on_paper(cast, client_of):
    client = client_of("clerk")
    names = {"names": cast.member.name, "drafter_names": "某干部"}
    answer = client.post("/city/opinions/register/paper/", sent(**names, files=[given.pdf()]))
    row = view_of(Opinion.objects.get())
    assert answer["Location"] == f"/city/opinions/{row.pk}/"
    assert (row.status, row.number, row.is_registered, row.sector) == (S.RECEIVED, 1, True, None)
    assert row.submitter_label == f"民盟云川市委会（执笔：{cast.member.name}、某干部）"
    part = row.authorships.get()
    assert part.confirmed_at and part.answered_by == cast.clerk and part.is_answered_for
    assert row.files.count() == 1 and row.files.get().is_office is False
    text = client.get(answer["Location"]).content.decode()
    assert "民盟云川市委会" in text and f"来稿，由{cast.clerk.name}登记" in text
    listed = client.get("/city/opinions/").content.decode()
    assert "民盟云川市委会" in listed and "某干部" in listed


def test_what_the_office_registered_can_be_sent_back_and_again(cast):
    body = Body(BodyKind.INFORMANT, "特邀信息员某某")
    row = view_of(actions.register(cast.city, body, GOOD, by=cast.clerk))
    actions.move(row, "send_back", by=cast.editor, note="请补充。")
    assert "resubmit" in available_moves(view_of(row), cast.editor)
    actions.move(view_of(row), "resubmit", by=cast.clerk)
    assert view_of(row).status == S.RECEIVED
    assert not is_author(cast.signer, view_of(row))


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"kind": "sector", "body_name": "渔业"}, "body_name"),
        ({"kind": "x"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"body_name": ""}, "body_name"),
        ({"body_name": "长" * 61}, "body_name"),
        ({"title": ""}, "title"),
        ({"situation": " "}, "situation"),
        ({"names": "查无此人"}, "names"),
        ({"drafter_names": "长" * 61}, "drafter_names"),
        ({"body_name": "a\x00b"}, "body_name"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(cast, client_of, over, field):
    answer = client_of("editor").post("/city/opinions/register/paper/", sent(**over))
    assert answer.status_code == 400 and not Opinion.objects.exists()
    assert field in answer.context["form"].errors
    assert "增设。" in answer.content.decode()


def test_marked_words_and_strangers_register_nothing(cast, client_of):
    answer = client_of("clerk").post("/city/opinions/register/paper/", sent(situation="机密★十年"))
    assert answer.status_code == 400 and not Opinion.objects.exists()
    for who in ("member", "signer", "commission", "leader"):
        assert client_of(who).get("/city/opinions/register/paper/").status_code == 403


# Pages -----------------------------------------------------------------------


def test_a_report_is_written_with_co_authors(cast, client_of):
    client = client_of("member")
    sheet = TEXTS | {"names": f"{cast.member2.name}、查无此人"}
    answer = client.post("/city/opinions/write/", sheet)
    assert answer.status_code == 400 and "查无此人" in answer.content.decode()
    assert "names" in answer.context["form"].errors and not Opinion.objects.exists()
    client.post("/city/opinions/write/", TEXTS | {"names": cast.member2.name})
    row = view_of(Opinion.objects.get())
    assert row.asked_names == [cast.member2.name]
    friend = client_of("member2")
    page = friend.get(f"/city/opinions/{row.pk}/").content.decode()
    assert "确认联名" in page and f"（待确认：{cast.member2.name}）" in page
    assert "待您确认联名" in friend.get("/city/opinions/").content.decode()
    assert friend.get(f"/city/opinions/{row.pk}/write/").status_code == 403
    place = f"/city/opinions/{row.pk}/authors/answer/"
    assert "请选择" in friend.post(place, follow=True).content.decode()
    answer = friend.post(place, {"answer": "confirm"})
    assert answer["Location"] == f"/city/opinions/{row.pk}/"
    assert friend.get(f"/city/opinions/{row.pk}/write/").status_code == 200


def test_declining_on_the_page_leads_to_the_list(cast, client_of):
    row = asked(cast)
    client, own = client_of("member2"), cast.member_of("member2").pk
    place = f"/city/opinions/{row.pk}/authors/answer/"
    for other in (cast.member_of("member").pk, "x", "9" * 30):
        assert client.post(place, {"answer": "decline", "member": other}).status_code == 403
    answer = client.post(place, {"answer": "decline", "member": own})
    assert answer["Location"] == "/city/opinions/"
    assert client.get(f"/city/opinions/{row.pk}/").status_code == 404
    assert client.post(place, {"answer": "confirm"}).status_code == 404


def test_too_late_an_answer_is_told(cast, client_of):
    row = asked(cast, S.ISSUED)
    place = f"/city/opinions/{row.pk}/authors/answer/"
    answer = client_of("member2").post(place, {"answer": "confirm"}, follow=True)
    assert "已签发" in answer.content.decode()


def test_the_page_of_authors(cast, client_of):
    row, client = asked(cast), client_of("member")
    one, two = row.authorships.order_by("place")
    place = f"/city/opinions/{row.pk}/authors/"
    assert "待确认" in client.get(place).content.decode()
    wrong = {f"share_{one.pk}": "60", f"share_{two.pk}": "60"}
    answer = client.post(place, wrong)
    assert answer.status_code == 400 and "合计应为 100" in answer.content.decode()
    assert 'value="60"' in answer.content.decode()
    answer = client.post(place, {f"share_{one.pk}": "x", "names": "查无此人"})
    assert set(answer.context["form"].errors) == {f"share_{one.pk}", "names"}
    client.post(place, {f"share_{one.pk}": "60", f"share_{two.pk}": "40"})
    assert [part.share for part in row.authorships.order_by("place")] == [60, 40]
    assert "40%" in client_of("member2").get(place).content.decode()
    client.post(place, {f"remove_{two.pk}": "on", "names": cast.convenor2.name})
    assert view_of(row).asked_names == [cast.convenor2.name]
    assert client_of("member2").get(place).status_code == 404
    assert client_of("convenor2").post(place).status_code == 403


def test_the_authors_page_says_when_it_is_too_late(cast, client_of):
    row = report(cast, S.RECEIVED)
    place = f"/city/opinions/{row.pk}/authors/"
    assert client_of("member").get(place).status_code == 200
    answer = client_of("member").post(place, {"names": cast.member2.name})
    assert answer.status_code == 409 and "待机关审核" in answer.content.decode()


def test_a_convenor_chooses_in_whose_name(cast, client_of):
    client = client_of("convenor")
    assert "以个人名义" in client.get("/city/opinions/write/").content.decode()
    assert "以个人名义" not in client_of("member").get("/city/opinions/write/").content.decode()
    client.post("/city/opinions/write/", TEXTS | {"body": f"sector-{cast.education.pk}"})
    assert Opinion.objects.get().body_name == "教育界"
    answer = client.post("/city/opinions/write/", TEXTS | {"body": f"sector-{cast.business.pk}"})
    assert answer.status_code == 400 and "body" in answer.context["form"].errors
    office = client_of("commission")
    assert "以个人名义" not in office.get("/city/opinions/write/").content.decode()
    office.post("/city/opinions/write/", TEXTS | {"body": f"commission-{cast.learning.pk}"})
    row = Opinion.objects.get(body_commission=cast.learning)
    assert row.authorships.count() == 0
    assert office.get(f"/city/opinions/{row.pk}/authors/").status_code == 200
    assert office.get(f"/city/opinions/{row.pk}/write/").status_code == 200


def test_the_api_tells_who_submits(cast, client_of):
    row = asked(cast, S.RECEIVED)
    told = client_of("clerk").get(f"/api/v1/opinions/{row.pk}/").json()
    found = [(p["name"], p["place"], p["role"], p["share"]) for p in told["authorships"]]
    names = (cast.member.name, cast.member2.name)
    assert found == [(names[0], 1, "author", None), (names[1], 2, "author", None)]
    assert [bool(part["confirmed_at"]) for part in told["authorships"]] == [True, False]
    assert (told["body"], told["files"], told["authors"]) == (None, [], [names[0]])
    body = Body(BodyKind.PARTY, "民盟云川市委会")
    made = actions.register(cast.city, body, GOOD, by=cast.clerk, drafter_names="某干部")
    given.file(made)
    told = client_of("clerk").get(f"/api/v1/opinions/{made.pk}/").json()
    shape = {"kind": "party", "kind_label": "民主党派", "name": "民盟云川市委会"}
    assert told["body"] == shape | {"drafters": ["某干部"]}
    file = told["files"][0]
    assert file["url"] == f"/city/opinions/{made.pk}/files/{file['id']}/" and file["size"] == 1234


def test_what_is_typed_of_co_authors_outlives_the_session(cast, client_of):
    client = client_of("convenor")
    typed = {"names": "某某", "body": f"sector-{cast.education.pk}", "situation": "没写完"}
    body = {"form": "opinions.write:new", "content": typed}
    client.post("/city/drafts/", body, content_type="application/json")
    client.logout()
    page = client_of("convenor").get("/city/opinions/write/").content.decode()
    assert 'value="某某"' in page and "没写完" in page
    assert f'<option value="sector-{cast.education.pk}" selected>' in page


def test_hints_are_asked_for_while_it_is_typed(cast, client_of):
    client, place = client_of("member"), "/city/opinions/hints/"
    assert "提示" not in client.post(place).content.decode()
    text = client.post(place, {"situation": "电话13900000001"}).content.decode()
    assert "身份证" in text and "意见建议" in text
    entry = make.reception(
        workroom=cast.room, members=[cast.member_of("member")], resident_name="周大海"
    )
    text = client.post(f"{place}?reception={entry.pk}", {"situation": "周大海说"}).content.decode()
    assert "姓名" in text
    assert client.get(place).status_code == 405


def test_hints_tell_nobody_which_number_is_the_residents(cast, client_of):
    phone = "13900000077"
    own = {"resident_name": "周大海", "resident_phone": phone, "workroom": cast.room}
    entry = make.reception(members=[cast.member_of("member")], **own)
    place = f"/city/opinions/hints/?reception={entry.pk}"

    def named(who, text):
        return "联系电话" in client_of(who).post(place, {"situation": text}).content.decode()

    assert named("member", f"电话{phone}")
    many = [f"1390000{place:04}" for place in range(70, 80)]
    assert phone in many
    assert not named("member", "、".join(many)) and not named("member", "".join(many))
    long = client_of("member").post(place, {"situation": "长" * 30_000 + phone})
    there = make.reception(liaison_group=cast.liaison_group, **own | {"workroom": None})
    place = f"/city/opinions/hints/?reception={there.pk}"
    assert not named("liaison", f"电话{phone}") and named("clerk", f"电话{phone}")
    assert long.status_code == 200 and "联系电话" not in long.content.decode()


def test_a_filter_by_name_finds_none_who_declined_or_was_only_asked(cast, client_of):
    row = make.opinion(author=cast.member_of("member2"), status=Status.RECEIVED)
    other = cast.member_of("member")
    part = Authorship.objects.create(opinion=row, member=other, place=2)
    clerk = client_of("clerk")

    def found(name):
        return [one.pk for one in clerk.get(f"/city/opinions/?author={name}").context["page"].rows]

    assert (found(other.name), found(cast.member2.name)) == ([], [row.pk])
    Authorship.objects.filter(pk=part.pk).update(confirmed_at=timezone.now())
    assert found(other.name) == [row.pk]


def test_numbers_beyond_everything_are_no_server_error(cast, client_of):
    row = make.opinion(author=cast.member_of("member"), status=Status.DRAFT)
    client, place = client_of("member"), f"/city/opinions/{row.pk}/"
    assert client.post(f"{place}files/{10**30}/remove/").status_code == 302
    sent = {"title": "题", "situation": "情况", "version": "9" * 5000}
    assert client.post(f"{place}write/", sent).status_code in (400, 409)


def test_a_paper_with_files_takes_its_number_before_the_trail(cast):
    body = Body(BodyKind.INFORMANT, "特邀信息员某某")
    with CaptureQueriesContext(connection) as made:
        actions.register(cast.city, body, GOOD, by=cast.clerk, uploads=[given.pdf()])
    sql = [query["sql"] for query in made.captured_queries]
    first = {
        name: next(place for place, words in enumerate(sql) if name in words)
        for name in ("committees_counter", "pg_advisory_xact_lock")
    }
    assert first["committees_counter"] < first["pg_advisory_xact_lock"]
    assert Opinion.objects.get().number == 1

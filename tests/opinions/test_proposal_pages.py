"""The pages of proposals: writing, signing together, the lists, the desk, the register."""

import io

import pytest
from python_calamine import CalamineWorkbook

from committees.models import Draft
from notices.models import Notice
from opinions.actions import proposals as actions
from opinions.models import Opinion, Proposal, ProposalKind, ProposalStatus, Status
from tests import make
from tests.addresses import prove
from tests.make import proposals as made

S, K = ProposalStatus, ProposalKind
HOME = "/city/proposals/"


@pytest.fixture
def plenary(cast):
    return made.session(cast.city)


def sheet(plenary, **over):
    texts = {"title": "关于绿道的提案", "situation": "绿道不连贯。", "suggestion": "补齐断点。"}
    return {"session": plenary.pk, "kind": K.INDIVIDUAL, **texts, **over}


def test_a_member_writes_and_sends(client_of, cast, plenary):
    client = client_of("member")
    page = client.get(f"{HOME}write/").content.decode()
    assert "市政协六届五次会议" in page and 'data-draft-key="proposals.write:new"' in page
    answer = client.post(f"{HOME}write/", sheet(plenary, next="1"))
    row = Proposal.objects.get()
    assert answer.url == f"{HOME}{row.pk}/moves/submit/"
    assert (row.status, row.sector) == (S.DRAFT, cast.education)
    assert Proposal.objects.for_moves().get().signer_names == [cast.member.name]
    assert "补齐断点" in client.get(answer.url).content.decode()
    assert client.post(answer.url).url == f"{HOME}{row.pk}/"
    row.refresh_from_db()
    assert row.status == S.SUBMITTED and row.submitted_on is not None


def test_a_draft_may_lack_anything_and_nothing_is_refused_silently(client_of, plenary):
    client = client_of("member")
    assert client.post(f"{HOME}write/", sheet(plenary, title="", suggestion="")).status_code == 302
    for wrong in (
        sheet(plenary, next="1", title=""),
        sheet(plenary, session="999999999999999999999"),
        sheet(plenary, kind="x"),
        sheet(plenary, title="a\0b"),
        sheet(plenary, discussed_on="不是日期"),
        sheet(plenary, situation="绝密★"),
        {"session": plenary.pk, "kind": K.INDIVIDUAL},
    ):
        answer = client.post(f"{HOME}write/", wrong)
        assert answer.status_code == 400, wrong
    assert Proposal.objects.count() == 1


def test_what_was_being_typed_comes_back(client_of, cast, plenary):
    Draft.objects.create(
        user=cast.member,
        committee=cast.city,
        form="proposals.write:new",
        content={"title": "半截的案由", "nothing": "x"},
    )
    client = client_of("member")
    assert "半截的案由" in client.get(f"{HOME}write/").content.decode()
    client.post(f"{HOME}write/", sheet(plenary))
    assert not Draft.objects.exists()


def test_a_rewrite_keeps_versions_and_asks_the_others_again(client_of, cast, plenary):
    both = [cast.member_of("member"), cast.member_of("member2")]
    row = made.proposal(authors=both, kind=K.JOINT)
    client = client_of("member")
    path = f"{HOME}{row.pk}/write/"
    assert "错峰放学" in client.get(path).content.decode()
    given = sheet(plenary, kind=K.JOINT, version=1)
    assert client.post(path, given).status_code == 302
    assert [text.version for text in row.texts.all()] == [2, 1]
    assert row.signers.filter(confirmed_at=None).get().member == both[1]
    assert Notice.objects.get(kind="proposal_to_confirm").recipient == cast.member2
    stale = client.post(path, given | {"title": "另一个案由"})
    page = stale.content.decode()
    assert stale.status_code == 409 and "另一个案由" in page and 'value="2"' in page
    assert client_of("member2").get(path).status_code == 403


def test_kinds_that_need_something(client_of, cast, plenary):
    client = client_of("member")
    for over, words in (
        ({"kind": K.BODY}, "请填写提出单位"),
        ({"kind": K.GROUP}, "没有所在委员小组"),
    ):
        answer = client.post(f"{HOME}write/", sheet(plenary, **over))
        assert answer.status_code == 400 and words in answer.content.decode()
    day = str(plenary.starts_on)
    answer = client.post(f"{HOME}write/", sheet(plenary, kind=K.SECTOR, discussed_on=day, next="1"))
    row = Proposal.objects.get()
    assert answer.url == f"{HOME}{row.pk}/moves/ask_to_sign/"
    client.post(answer.url)
    convenor = client_of("convenor")
    assert row.title in convenor.get(f"{HOME}?of=to_sign").content.decode()
    assert Notice.objects.get(kind="proposal_to_sign").recipient == cast.convenor
    assert convenor.post(f"{HOME}{row.pk}/moves/endorse/").status_code == 302
    assert row.title not in convenor.get(f"{HOME}?of=to_sign").content.decode()
    told = Notice.objects.get(kind="proposal_progress")
    assert told.recipient == cast.member and row.title not in told.title


# From a report ------------------------------------------------------------


def test_a_report_becomes_a_proposal_once(client_of, cast, plenary):
    report = make.opinion(
        author=cast.member_of("member"),
        status=Status.RECEIVED,
        situation="路口拥堵。",
        analysis="车道少。",
        suggestion="增设车道。",
    )
    client, path = client_of("member"), f"{HOME}write/?opinion={report.pk}"
    assert path in client.get(f"/city/opinions/{report.pk}/").content.decode()
    page = client.get(path).content.decode()
    assert "路口拥堵。\n\n车道少。" in page and "增设车道。" in page and report.title in page
    assert client.post(path, sheet(plenary)).status_code == 302
    row = Proposal.objects.get()
    assert row.opinion == report and report.steps.get().move == "proposed"
    again = client.post(path, sheet(plenary))
    assert again.status_code == 409 and "已转为提案" in again.content.decode()
    assert client_of("clerk").get(path).status_code == 403
    assert client_of("member2").get(path).status_code == 404
    for wrong in ("x", "9" * 30):
        assert client.get(f"{HOME}write/?opinion={wrong}").status_code == 404


def test_the_office_suggests_once(client_of, cast):
    report = make.opinion(author=cast.member_of("member"), status=Status.RECEIVED)
    client, path = client_of("clerk"), f"{HOME}suggest/{report.pk}/"
    client.post(path)
    client.post(path)
    assert [step.move for step in report.steps.all()] == ["suggest_proposal"]
    assert Notice.objects.get(kind="proposal_suggested").recipient == cast.member
    assert client_of("member").post(path).status_code == 403


def test_offline_takes_the_words_of_its_draft_too(cast):
    from opinions import actions as reports
    from opinions.texts import Texts

    report = make.opinion(author=cast.member_of("member"), status=Status.RECEIVED)
    kept = {"by": cast.member, "session": made.session(cast.city), "opinion": report}
    texts = Texts("案由", "情况", "", "建议")
    row = actions.start_proposal(cast.member_of("member"), texts, **kept)
    view = Opinion.objects.for_moves().get(pk=report.pk)
    reports.move(view, "go_offline", by=cast.clerk)
    row.refresh_from_db()
    assert row.title == "" and not row.texts.exists()
    assert str(row) == "（未写案由）"


# Signing together ---------------------------------------------------------


def test_naming_confirming_and_not_joining_in(client_of, cast):
    row = made.proposal(author=cast.member_of("member"))
    client, path = client_of("member"), f"{HOME}{row.pk}/signers/"
    other = cast.member_of("member2")
    found = client.get(f"{path}?q={other.name}").content.decode()
    assert f'value="{other.pk}"' in found
    assert client.post(path, {"name": other.pk}).status_code == 302
    assert client.post(path, {"name": other.pk}).status_code == 400
    row.refresh_from_db()
    assert row.kind == K.JOINT
    theirs = client_of("member2")
    assert "确认联名" in theirs.get(f"{HOME}{row.pk}/").content.decode()
    assert theirs.get(path).status_code == 403
    assert theirs.post(f"{HOME}{row.pk}/sign/confirm/").status_code == 302
    assert not row.signers.filter(confirmed_at=None).exists()
    part = row.signers.get(place=2)
    client.post(path, {"remove": part.pk})
    client.post(path, {"remove": row.signers.get().pk})
    assert row.signers.get().place == 1
    client.post(path, {"name": other.pk})
    assert theirs.post(f"{HOME}{row.pk}/sign/decline/").url == HOME
    assert row.signers.count() == 1
    assert theirs.post(f"{HOME}{row.pk}/sign/confirm/").status_code == 404
    assert client.post(f"{HOME}{row.pk}/sign/confirm/").status_code == 302
    assert client.post(f"{HOME}{row.pk}/sign/shrug/").status_code == 404
    for wrong in ({}, {"name": "x"}, {"name": "9" * 18}, {"remove": "\0"}):
        assert client.post(path, wrong).status_code in (400, 404), wrong


def test_a_scan_is_kept_served_and_taken_off(client_of, cast):
    row = made.proposal(authors=[], committee=cast.city, created_by=cast.clerk, kind=K.BODY)
    client, path = client_of("clerk"), f"{HOME}{row.pk}/signers/"
    assert client.post(path, {"scan": make.picture()}).status_code == 302
    file = row.files.get()
    place = f"{HOME}{row.pk}/files/{file.pk}/"
    assert client.get(place).status_code == 200
    assert client_of("editor").get(place).status_code == 404
    bad = io.BytesIO(b"MZ not a paper")
    bad.name = "x.pdf"
    assert client.post(path, {"scan": bad}).status_code == 400
    client.post(path, {"unlink": file.pk})
    assert not row.files.exists()
    Proposal.objects.filter(pk=row.pk).update(status=S.SUBMITTED)
    assert client.get(path).status_code == 302
    assert client.post(path, {"scan": make.picture()}).status_code == 409


# Lists --------------------------------------------------------------------


def test_lists_desk_and_register(client_of, cast):
    author = cast.member_of("member")
    draft = made.proposal(author=author, title="关于草稿的提案")
    waiting = made.proposal(author=author, status=S.SUBMITTED, title="关于待审的提案")
    filed = made.proposal(author=author, status=S.FILED, title="关于立案的提案")

    def shown(who, path):
        page = client_of(who).get(HOME + path).content.decode()
        return {row for row in (draft, waiting, filed) if row.title in page}

    assert shown("member", "") == {draft, waiting, filed}
    assert shown("member2", "") == set()
    assert shown("clerk", "") == {waiting, filed}
    assert shown("leader", "") == {filed}
    assert shown("clerk", "desk/") == {waiting}
    assert shown("clerk", "desk/?queue=filed") == {filed}
    assert shown("clerk", "register/") == shown("leader", "register/") == {filed}
    assert shown("clerk", "?q=1") == shown("clerk", "?q=立案") == {filed}
    assert shown("clerk", "?status=submitted") == {waiting}
    assert shown("clerk", f"?session={filed.session_id}&kind=individual") == {waiting, filed}
    assert shown("clerk", "?key=True") == set()


def test_filter_by_unit_and_export(client_of, cast):
    from tests.make import handling

    filed = made.proposal(author=cast.member_of("member"), status=S.FILED, title="=1+1")
    made.proposal(author=cast.member_of("member2"), status=S.FILED, title="关于别的提案")
    handling.referral(proposal=filed, committee=cast.city, unit=cast.unit, title="转办")
    client = client_of("clerk")
    assert "关于别的提案" not in client.get(f"{HOME}?unit={cast.unit.pk}").content.decode()
    book = prove(client).post(f"{HOME}export/?unit={cast.unit.pk}").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2 and rows[1][:2] == ["六届五次会议第1号", "=1+1"]
    assert cast.unit.name in rows[1]


def test_a_lost_race_keeps_the_note(client_of, cast):
    row = made.proposal(author=cast.member_of("member"), status=S.SUBMITTED)
    path = f"{HOME}{row.pk}/moves/not_file/"
    seen = {"seen": row.waiting_since.isoformat()}
    actions.move_proposal(row, "file", by=cast.editor)
    answer = client_of("clerk").post(f"{path}?seen={seen['seen']}", {"note": "理由在此"})
    assert answer.status_code == 409 and "理由在此" in answer.content.decode()
    assert client_of("clerk").get(f"{HOME}{row.pk}/moves/nothing/").status_code == 404


def test_joining_by_the_number(client_of, cast):
    author = cast.member_of("member")
    main, row = (made.proposal(author=author, status=S.FILED) for _ in range(2))
    client, path = client_of("clerk"), f"{HOME}{row.pk}/moves/join/"
    for wrong in ("", "x", "99", str(row.number)):
        assert client.post(path, {"main": wrong}).status_code == 400
    assert client.post(path, {"main": main.number}).status_code == 302
    row.refresh_from_db()
    assert row.main == main
    assert row.title in client.get(f"{HOME}{main.pk}/").content.decode()
    assert main.label in client.get(f"{HOME}{row.pk}/").content.decode()


def test_api(client_of, cast):
    row = made.proposal(author=cast.member_of("member"), status=S.FILED)
    client = client_of("clerk")
    listed = client.get("/api/v1/proposals/?committee=city").json()["results"]
    assert [one["label"] for one in listed] == ["六届五次会议第1号"]
    one = client.get(f"/api/v1/proposals/{row.pk}/").json()
    assert one["moves"] == ["join", "conclude"] and one["text"]["suggestion"]
    assert client.get("/api/v1/proposals/?committee=stranger").status_code == 404
    assert client_of("member2").get(f"/api/v1/proposals/{row.pk}/").status_code == 404

"""Key proposals, meetings, disclosure and what everybody reads; proposals kept elsewhere."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from opinions.actions import proposal_handling as actions
from opinions.actions.proposal_elsewhere import enter_proposals, keep_elsewhere, read_lines
from opinions.actions.proposals import move_proposal, write_proposal
from opinions.models import (
    Disclosure,
    Proposal,
    ProposalKind,
    ProposalMeeting,
    ProposalStatus,
    ProposalSupervision,
    ReplyDisclosure,
)
from opinions.texts import Texts
from tests import make
from tests.make import handling
from tests.make import proposals as made

S, D = ProposalStatus, Disclosure
HOME = "/city/proposals/"


@pytest.fixture
def filed(cast):
    return made.proposal(author=cast.member_of("member"), status=S.FILED)


@pytest.fixture
def reply(cast, filed):
    asked = handling.referral(proposal=filed, committee=cast.city, unit=cast.unit)
    return handling.reply(referral=asked, text="已改造接送区。")


def code_of(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refused:
        call(*args, **kwargs)
    return getattr(refused.value, "code", None) or sorted(refused.value.message_dict)


# 重点提案 and 督办 -----------------------------------------------------------


def test_a_key_one_has_a_leader_and_is_supervised(client_of, cast, filed):
    client = client_of("clerk")
    assert client.post(f"{HOME}{filed.pk}/key/", {"leader": cast.clerk.pk}).status_code == 400
    assert client.post(f"{HOME}{filed.pk}/key/", {"leader": cast.leader.pk}).status_code == 302
    filed.refresh_from_db()
    assert (filed.is_key, filed.leader) == (True, cast.leader)
    day = str(timezone.localdate())
    given = {"held_on": day, "words": "现场了解进度。"}
    assert client.post(f"{HOME}{filed.pk}/supervisions/", given).status_code == 302
    assert ProposalSupervision.objects.get().leader == cast.leader
    page = client.get(f"{HOME}{filed.pk}/handling/").content.decode()
    assert "现场了解进度。" in page and cast.leader.name in page
    later = str(timezone.localdate() + datetime.timedelta(days=1))
    for wrong in ({"held_on": later}, {"held_on": "x"}, {"words": ""}, {"words": "机密★"}):
        answer = client.post(f"{HOME}{filed.pk}/supervisions/", given | wrong)
        assert answer.status_code == 400, wrong
    client.post(f"{HOME}{filed.pk}/key/", {"leader": ""})
    client.post(f"{HOME}{filed.pk}/key/", {"leader": ""})
    filed.refresh_from_db()
    assert not filed.is_key
    assert [step.move for step in filed.steps.all()] == ["key", "supervise", "unkey"]
    assert client.post(f"{HOME}{filed.pk}/supervisions/", given).status_code == 400


def test_only_the_secretariat_does_and_only_what_is_on_file(cast, filed):
    with pytest.raises(PermissionDenied):
        actions.set_key(filed, cast.leader, by=cast.member)
    with pytest.raises(PermissionDenied):
        actions.disclose(filed, D.OPEN, by=cast.checker)
    waiting = made.proposal(author=cast.member_of("member"), status=S.SUBMITTED)
    assert code_of(actions.disclose, waiting, D.OPEN, by=cast.clerk) == "moved"
    keep_elsewhere(cast.city, by=cast.clerk, is_elsewhere=True)
    assert code_of(actions.disclose, filed, D.OPEN, by=cast.clerk) == "kept_elsewhere"


# 面商 -----------------------------------------------------------------------


def test_a_meeting_is_recorded_by_office_or_signer(client_of, cast, filed):
    member = cast.member_of("member")
    given = {
        "met_on": str(timezone.localdate()),
        "unit": cast.unit.pk,
        "members": [member.pk],
        "gist": "取得一致。",
    }
    for who in ("clerk", "member"):
        answer = client_of(who).post(f"{HOME}{filed.pk}/meetings/", given)
        assert answer.status_code == 302
    assert client_of("leader").post(f"{HOME}{filed.pk}/meetings/", given).status_code == 403
    met = ProposalMeeting.objects.first()
    assert (met.unit, list(met.members.all())) == (cast.unit, [member])
    assert "取得一致。" in client_of("member").get(f"{HOME}{filed.pk}/handling/").content.decode()
    wrong = given | {"members": [cast.member_of("member2").pk]}
    assert client_of("clerk").post(f"{HOME}{filed.pk}/meetings/", wrong).status_code == 400
    draft = made.proposal(author=member)
    facts = {"met_on": timezone.localdate(), "unit": cast.unit, "members": [], "gist": "x"}
    assert code_of(actions.hold_meeting, draft, by=cast.member, **facts) == "moved"


# 公开 -----------------------------------------------------------------------


def public(path=""):
    return Client().get(f"/city/public/proposals/{path}")


def test_nothing_is_public_until_decided_and_it_is_taken_down_at_once(cast, filed):
    assert public().status_code == 200 and filed.title not in public().content.decode()
    assert public(f"{filed.pk}/").status_code == 404
    actions.disclose(filed, D.OPEN, by=cast.clerk)
    page = public(f"{filed.pk}/").content.decode()
    assert "错峰放学" in page and cast.member.name in page
    assert filed.title in public().content.decode()
    assert filed.title in public("?q=学校").content.decode()
    assert filed.title not in public("?q=没有").content.decode()
    actions.disclose(filed, D.SUMMARY, by=cast.clerk, summary="建议改善交通。")
    page = public(f"{filed.pk}/").content.decode()
    assert "建议改善交通。" in page and "错峰放学" not in page
    actions.disclose(filed, D.CLOSED, by=cast.clerk, reason="涉及商业秘密。")
    assert public(f"{filed.pk}/").status_code == 404
    assert filed.title not in public().content.decode()


@pytest.mark.parametrize("status", sorted(set(S) - {S.FILED, S.CONCLUDED}))
def test_only_filed_and_concluded_ones_are_public(cast, status):
    made.proposal(
        author=cast.member_of("member"),
        status=status,
        disclosure=D.OPEN,
        disclosed_at=timezone.now(),
    )
    assert not Proposal.objects.public().exists()
    assert not Proposal.objects.get().is_public


@pytest.mark.parametrize("choice", ["", *D])
@pytest.mark.parametrize("unit", ["", *D])
def test_a_reply_is_read_where_both_let_it_through(cast, filed, reply, unit, choice):
    """Whole where both say 公开; the summary where one says 摘要公开; else nothing."""
    actions.disclose(filed, D.OPEN, by=cast.clerk)
    ReplyDisclosure.objects.create(
        reply=reply, unit_choice=unit, choice=choice, summary="已列入计划。"
    )
    page = public(f"{filed.pk}/").content.decode()
    shown = {D.OPEN, D.SUMMARY}
    passes = unit in shown and choice in shown
    whole = unit == choice == D.OPEN
    assert ("已改造接送区。" in page) is whole
    assert ("已列入计划。" in page) is (passes and not whole)


def test_the_reviews_of_a_reply(client_of, cast, filed, reply):
    client, path = client_of("clerk"), f"{HOME}{filed.pk}/replies/{reply.pk}/"
    assert client.get(path).status_code == 200
    early = client.post(path, {"choice": D.OPEN})
    assert early.status_code == 400 and "请先登记承办单位的公开意见" in early.content.decode()
    assert client.post(path, {"unit_choice": D.CLOSED}).status_code == 400
    assert client.post(path, {"unit_choice": "x"}).status_code == 400
    said = {"unit_choice": D.SUMMARY, "unit_reason": "含内部安排。"}
    assert client.post(path, said).url == path
    assert client.post(path, {"choice": D.OPEN}).status_code == 400  # needs the summary
    assert client.post(path, {"choice": D.CLOSED}).status_code == 400  # needs the reason
    answer = client.post(path, {"choice": D.OPEN, "summary": "已列入计划。"})
    assert answer.url == f"{HOME}{filed.pk}/handling/"
    row = ReplyDisclosure.objects.get()
    assert row.is_shown and row.public_text == "已列入计划。" and row.decided_by == cast.clerk
    # The unit thinks again: what was decided is to be decided anew, and nothing shows meanwhile.
    actions.propose_reply_disclosure(reply, D.OPEN, by=cast.handler)
    assert not ReplyDisclosure.objects.get().is_shown
    with pytest.raises(PermissionDenied):
        actions.propose_reply_disclosure(reply, D.OPEN, by=cast.member)
    with pytest.raises(PermissionDenied):
        actions.decide_reply_disclosure(reply, D.OPEN, by=cast.handler)
    with pytest.raises(PermissionDenied):
        actions.decide_reply_disclosure(handling.reply(), D.OPEN, by=cast.clerk)


def test_the_forms_of_disclosure_ask_for_what_is_missing(client_of, cast, filed):
    client, path = client_of("clerk"), f"{HOME}{filed.pk}/disclosure/"
    for wrong in ({}, {"choice": "x"}, {"choice": D.SUMMARY}, {"choice": D.CLOSED}):
        assert client.post(path, wrong).status_code == 400
    assert code_of(actions.disclose, filed, "x", by=cast.clerk) == ["choice"]
    assert client.post(path, {"choice": D.OPEN}).status_code == 302
    assert "查看公开页面" in client.get(f"{HOME}{filed.pk}/handling/").content.decode()


# 征询意见表 -----------------------------------------------------------------


def test_the_survey_form_in_print_and_word(client_of, cast, filed, reply):
    handling.evaluation(
        reply=reply,
        member=cast.member_of("member"),
        handling="satisfied",
        words="很及时",
        given_at=timezone.now(),
    )
    client = client_of("member")
    page = client.get(f"{HOME}{filed.pk}/survey/").content.decode()
    assert "☑ 满意" in page and "很及时" in page and cast.unit.name in page
    word = client.get(f"{HOME}{filed.pk}/survey.docx")
    assert word.status_code == 200 and word.content[:2] == b"PK"
    draft = made.proposal(author=cast.member_of("member"))
    assert client.get(f"{HOME}{draft.pk}/survey/").status_code == 404
    assert client.get(f"{HOME}{draft.pk}/survey.docx").status_code == 404
    assert client.get(f"{HOME}{draft.pk}/handling/").status_code == 404
    bare = made.proposal(author=cast.member_of("member"), status=S.CONCLUDED)
    assert client.get(f"{HOME}{bare.pk}/survey/").status_code == 200


# Kept elsewhere -----------------------------------------------------------


def test_the_setting_leaves_number_title_and_status(
    client_of, cast, django_capture_on_commit_callbacks
):
    session = made.session(cast.city)
    own = made.proposal(author=cast.member_of("member"), status=S.FILED)
    client, path = client_of("clerk"), f"{HOME}elsewhere/"
    lines = "编号\t案由\t状态\t链接\n7\t关于公园的提案\t已立案\thttps://example.org/7\n8\t关于绿道的提案\t已办结"
    given = {"session": session.pk, "lines": lines}
    assert client.post(path, given).status_code == 400
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"is_elsewhere": "on", "system_name": "提案系统"})
    assert client.post(path, given).status_code == 302
    page = client.get(HOME).content.decode()
    assert "关于公园的提案" in page and "提案系统" in page and "写提案" not in page
    row = Proposal.objects.get(number=7)
    assert (row.status, row.link, row.is_elsewhere) == (S.FILED, "https://example.org/7", True)
    shown = client.get(f"{HOME}{row.pk}/").content.decode()
    assert "https://example.org/7" in shown and "/moves/" not in shown
    assert client.get(f"{HOME}{row.pk}/handling/").status_code == 404
    assert client_of("member").get(f"{HOME}write/").status_code == 403
    again = "7\t关于公园的提案\t已办结"
    client.post(path, given | {"lines": again})
    row.refresh_from_db()
    assert row.status == S.CONCLUDED and Proposal.objects.count() == 3
    wrong = client.post(path, given | {"lines": f"{own.number}\t别的\t已立案"})
    assert wrong.status_code == 400 and "不能改写" in wrong.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"system_name": ""})
    with pytest.raises(ValidationError):
        enter_proposals(cast.city, session, [], by=cast.clerk)
    waiting = made.proposal(author=cast.member_of("member"), status=S.SUBMITTED)
    assert move_proposal(waiting, "file", by=cast.clerk).number == 9  # after those entered
    entered = made.seen(row)
    assert code_of(move_proposal, entered, "conclude", by=cast.clerk) in ("moved", "kept_elsewhere")


@pytest.mark.parametrize(
    "line",
    [
        "x\t案由\t已立案",
        "0\t案由\t已立案",
        "1\t\t已立案",
        "1\t案由\t不知道",
        "1\t案由\t已立案\tnot",
        "1\t案由\t已立案\thttps://e.org/" + "x" * 300,
        "1",
    ],
)
def test_lines_that_cannot_be_read_are_named(line):
    with pytest.raises(ValidationError) as told:
        read_lines(line)
    assert told.value.messages[0].startswith("第 1 行：")


def test_too_many_lines():
    with pytest.raises(ValidationError):
        read_lines("\n".join(["1\t案由\t已立案"] * 1001))


def test_strangers_to_the_setting(cast):
    with pytest.raises(PermissionDenied):
        keep_elsewhere(cast.city, by=cast.checker, is_elsewhere=True)
    with pytest.raises(PermissionDenied):
        enter_proposals(cast.city, made.session(cast.city), [], by=cast.member)


def test_what_is_no_draft_any_more_is_not_written(cast, filed):
    given = {"session": filed.session, "kind": ProposalKind.INDIVIDUAL, "version": 1}
    assert code_of(write_proposal, filed, Texts("甲"), by=cast.member, **given) == "moved"
    with pytest.raises(PermissionDenied):
        write_proposal(filed, Texts("甲"), by=cast.member2, **given)
    with pytest.raises(PermissionDenied):
        actions.attach_scan(filed, make.picture(), by=cast.clerk)
    assert code_of(actions.attach_scan, filed, make.picture(), by=cast.member) == "moved"
    with pytest.raises(PermissionDenied):
        actions.remove_file(filed, 1, by=cast.clerk)
    assert code_of(actions.remove_file, filed, 1, by=cast.member) == "moved"

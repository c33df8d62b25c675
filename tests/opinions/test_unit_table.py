"""Every verb of a unit × every state of a referral × everybody it might be."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.actors import CLOCK, Guest
from committees.models import Role
from opinions.actions import unit_desk as verbs
from opinions.actions import unit_replies
from opinions.actions.unit_replies import ReplyWords
from opinions.models import Referral, ReferralExtension, State
from opinions.permissions.unit_desk import VERBS, open_verbs
from tests import make
from tests.make import desk, handling

S = State
DAY = handling.DAY
# Whose: the answering unit, the relaying office with no unit yet, the relaying office of a unit.
ANSWERING = {
    S.WAITING: {"sign_for", "ask_refusal"},
    S.HANDLING: {"draft", "approve", "answer", "assign", "ask_extension", "ask_refusal"},
    S.EXTENDING: {"draft", "approve", "answer", "assign"},
    S.REFUSING: {"withdraw_refusal"},
    S.ANSWERED: {"attach"},
    S.EVALUATING: {"attach"},
    S.FOLLOWING: {"attach", "assign"},
    S.CLOSED: {"attach"},
    S.RETURNED: set(),
    S.TAKEN_BACK: set(),
}
UNASSIGNED = ANSWERING | {
    S.WAITING: ANSWERING[S.WAITING] | {"assign_unit"},
    S.HANDLING: ANSWERING[S.HANDLING] | {"assign_unit"},
}
RELAYED = {state: set() for state in S} | {S.REFUSING: {"decide_refusal"}}


def in_state(state, **over):
    """A referral in that state, fetched with it."""
    now = timezone.now()
    if state != S.EVALUATING and "opinion" not in over:
        given = over.get("unit") or over["via"]
        over |= {"opinion": None, "committee": given.committee}
    if state == S.FOLLOWING:
        row = handling.referral(**over)
        handling.promise(referral=row)
    elif state == S.EVALUATING:
        row = handling.referral(**over)
        handling.evaluation(reply=handling.reply(referral=row))
    elif state in (S.ANSWERED, S.CLOSED):
        row = handling.referral(**over)
        handling.reply(referral=row)
    else:
        row = handling.referral(**over)
    dated = {
        S.HANDLING: {"signed_for_at": now},
        S.EXTENDING: {"signed_for_at": now},
        S.REFUSING: {"refusal_asked_at": now, "refusal_cause": "不属职责"},
        S.CLOSED: {"closed_at": now},
        S.RETURNED: {"ended_at": now, "is_refusal_granted": True},
        S.TAKEN_BACK: {"ended_at": now},
    }
    Referral.objects.filter(pk=row.pk).update(**dated.get(state, {}))
    if state == S.EXTENDING:
        until = row.due_on + DAY
        ReferralExtension.objects.create(referral=row, until=until, reason="理由", asked_at=now)
    row = Referral.objects.with_state().select_related("committee", "unit", "via").get(pk=row.pk)
    assert row.state == state
    return row


def deed(name, row, by):
    """Do the verb with words that are right in every state."""
    who = {"by": by, "by_name": "张三"}
    draft = row.replies.filter(answered_at=None).first()
    version = draft.drafted_at if draft else None
    words = ReplyWords("已办结。", handling.reply_class(committee=row.committee))
    deeds = {
        "sign_for": lambda: verbs.sign_for(row, **who),
        "assign_unit": lambda: verbs.assign_unit(row, make.unit(committee=row.committee), **who),
        "assign": lambda: verbs.assign(row, "规划科", **who),
        "ask_refusal": lambda: verbs.ask_refusal(row, "不属职责", **who),
        "withdraw_refusal": lambda: verbs.withdraw_refusal(row, **who),
        "decide_refusal": lambda: verbs.decide_refusal(row, is_granted=True, **who),
        "ask_extension": lambda: verbs.ask_extension(row, row.due_on + DAY, "理由", **who),
        "draft": lambda: unit_replies.draft_reply(row, words, version=version, **who),
        "approve": lambda: unit_replies.approve_reply(row, version=version, **who),
        "answer": lambda: unit_replies.answer(row, version=version, **who),
        "attach": lambda: unit_replies.attach(row, make.picture(), **who),
    }
    return deeds[name]()


def test_the_table_names_every_verb_and_every_state():
    assert set(ANSWERING) == set(UNASSIGNED) == set(RELAYED) == set(S)
    named = {name for table in (UNASSIGNED, RELAYED) for names in table.values() for name in names}
    assert named == set(VERBS)


@pytest.fixture
def places(cast):
    """`(over, expected, actor)` of the three positions, and a handler of another unit."""
    via = make.unit(committee=cast.city, is_relaying=True, name="市政府督查室")
    relay = make.officer(Role.HANDLER, cast.city, via.pk)
    return {
        "answering": ({"unit": cast.unit}, ANSWERING, cast.handler),
        "unassigned": ({"unit": None, "via": via}, UNASSIGNED, relay),
        "relayed": ({"unit": cast.unit, "via": via}, RELAYED, relay),
    }


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("position", ["answering", "unassigned", "relayed"])
def test_every_verb_in_every_state(places, position, state):
    over, expected, actor = places[position]
    found = {}
    for name in VERBS:
        row = in_state(state, **over)
        offered = name in open_verbs(row, actor.standing.scopes(Role.HANDLER), row.referred_on)
        if name in ("approve", "answer") and state in (S.HANDLING, S.EXTENDING):
            approved = timezone.now() if name == "answer" else None
            handling.reply(referral=row, answered_at=None, approved_at=approved)
        try:
            deed(name, row, actor)
            found[name] = True
        except PermissionDenied:
            assert not VERBS[name].allowed(actor.standing.scopes(Role.HANDLER), row)
            found[name] = False
        except ValidationError as error:
            assert error.code == "moved"
            found[name] = False
        assert offered == found[name], name
    assert {name for name, done in found.items() if done} == expected[state]


@pytest.mark.parametrize("name", list(VERBS))
def test_nobody_else(cast, name):
    """Not the office, not another unit, not an author, not a link of elsewhere, not the clock."""
    other = make.officer(Role.HANDLER, cast.city, make.unit(committee=cast.city).pk)
    elsewhere = Guest("unit_link", str(handling.unit_link(unit=make.unit()).pk))
    ended = Guest("unit_link", str(desk.link(cast.unit, revoked_at=timezone.now()).pk))
    state = next(iter(VERBS[name].states))
    author = cast.member_of("member")
    row = in_state(state, unit=cast.unit, opinion=make.opinion(author=author, status="issued"))
    for actor in (cast.clerk, other, elsewhere, ended, cast.member, CLOCK, Guest("unit_link", "x")):
        with pytest.raises(PermissionDenied):
            deed(name, row, actor)
    assert row.steps.count() == 1

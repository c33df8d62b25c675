"""What each page of proposals costs in statements, with 3 and with 30 rows."""

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from opinions.models import Disclosure, ProposalKind, ProposalStatus, ReplyDisclosure
from tests import make
from tests.budgets import cost_of
from tests.make import handling
from tests.make import proposals as made

S = ProposalStatus
HOME = "/city/proposals/"


@pytest.fixture(params=[3, 30])
def rows(cast, request):
    """So many proposals in each status, and so many of everything on one of them."""
    member, now, last = cast.member_of("member"), timezone.now(), {}
    for status in S:
        for _ in range(request.param if status in (S.SUBMITTED, S.FILED, S.DRAFT) else 1):
            public = {"disclosure": Disclosure.OPEN, "disclosed_at": now}
            last[status.value] = made.proposal(author=member, status=status, **public)
    kind = {"kind": ProposalKind.SECTOR, "status": S.DRAFT}
    last["asked"] = made.proposal(author=member, **kind)
    filed = last["filed"]
    for _ in range(request.param):
        made.step(proposal=filed, move="file", source=S.SUBMITTED, target=S.FILED)
        made.proposal(author=member, status=S.JOINED, main=filed)
        asked = handling.referral(proposal=filed, committee=cast.city)
        reply = handling.reply(referral=asked)
        open_ = Disclosure.OPEN
        ReplyDisclosure.objects.create(reply=reply, unit_choice=open_, choice=open_)
        met = filed.meetings.create(
            met_on=timezone.localdate(), unit=cast.unit, gist="谈", recorded_by=cast.clerk
        )
        met.members.add(member)
        made.scan(last["draft"])
    return last


READING = [
    ("member", "", 6),
    ("clerk", "", 6),
    ("leader", "", 6),
    ("convenor", "?of=to_sign", 6),
    ("clerk", "?q=交通&status=filed", 6),
    ("clerk", "desk/", 6),
    ("leader", "register/", 6),
    ("clerk", "elsewhere/", 5),
    ("member", "{draft}/", 9),
    ("clerk", "{filed}/", 10),
    ("convenor", "{asked}/", 9),
    ("clerk", "{filed}/handling/", 10),
    ("member", "write/", 7),
    ("member", "{draft}/write/", 8),
    ("member", "{draft}/signers/", 8),
    ("member", "{draft}/moves/submit/", 7),
    ("clerk", "{filed}/moves/join/", 6),
    ("clerk", "{filed}/key/", 8),
    ("clerk", "{filed}/meetings/", 7),
    ("clerk", "{filed}/survey/", 8),
]


def test_reading(client_of, rows):
    found = {}
    for who, path, _ in READING:
        client = client_of(who)
        place = HOME + path.format(**{name: row.pk for name, row in rows.items()})
        assert client.get(place).status_code == 200  # fills the dictionaries' cache
        found[who, path] = cost_of(client.get, place)
    assert found == {(who, path): expected for who, path, expected in READING}


def test_what_everybody_reads(rows):
    paths = ["/city/public/proposals/", f"/city/public/proposals/{rows['filed'].pk}/"]
    assert [cost_of(Client().get, path) for path in paths] == [2, 4]


# The row is locked, then read anew, so that whoever waited decides on what is now true; a move
# that is told costs the signers and their notices; not filing makes a report (decision 0020).
MOVES = [
    ("member", "draft", "submit", 11),
    ("member", "submitted", "withdraw", 11),
    ("convenor", "asked", "endorse", 13),
    ("clerk", "submitted", "file", 14),
    ("clerk", "submitted", "send_back", 13),
    ("clerk", "submitted", "not_file", 20),
    ("clerk", "concluded", "reopen", 13),
]


def test_moving(client_of, rows):
    found = {}
    for who, status, move, _ in MOVES:
        client = client_of(who)
        client.get(HOME)
        place = f"{HOME}{rows[status].pk}/moves/{move}/"
        with transaction.atomic():
            found[who, status, move] = cost_of(client.post, place, {"note": "理由充分。"})
            assert rows[status].steps.filter(move=move).exists()
            transaction.set_rollback(True)
    assert found == {(who, status, move): expected for who, status, move, expected in MOVES}


def test_writing(client_of, cast):
    plenary, client = made.session(cast.city), client_of("member")
    make.category(committee=cast.city)
    client.get(f"{HOME}write/")
    texts = {"title": "题", "situation": "情况。", "suggestion": "建议。"}
    given = {"session": plenary.pk, "kind": "individual", **texts}
    assert cost_of(client.post, f"{HOME}write/", given) == 12
    row = made.proposal(author=cast.member_of("member"))
    path = f"{HOME}{row.pk}/write/"
    assert cost_of(client.post, path, given | {"version": 1}) == 14

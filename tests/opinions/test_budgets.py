"""What each page costs in statements, with 3 and with 30 rows."""

import pytest
from django.db import transaction

from opinions.models import Status
from tests import make
from tests.budgets import cost_of, costs

S = Status
TEXTS = {"title": "题", "situation": "情况。", "analysis": "原因。", "suggestion": "建议。"}


@pytest.fixture(params=[3, 30])
def rows(cast, request):
    """So many reports of one author in each status, with steps; the last of each status by name."""
    last = {}
    for status in S:
        count = request.param if status in (S.RECEIVED, S.WITH_CONVENOR, S.ISSUED) else 1
        for _ in range(count):
            row = make.opinion(
                author=cast.member_of("member"),
                sector=cast.education,
                category=make.category(committee=cast.city),
                status=status,
            )
            make.step(opinion=row, note="意见")
        last[status.value] = row
    for _ in range(request.param):
        make.step(opinion=last["received"], by_user=make.user())
        make.manuscript(opinion=last["received"], situation="又一版")
        make.adoption(opinion=last["issued"], body=f"省政协{make.phone()}")
    return last


LISTS = [
    ("member", "", 6),
    ("clerk", "", 6),
    ("leader", "", 6),
    ("convenor", "?of=sector", 6),
    ("clerk", "?q=路口&status=received", 6),
    ("clerk", "review/", 6),
    ("convenor", "review/", 6),
    ("leader", "issues/", 6),
]
PAGES = [
    ("member", "{received}/", 9),
    ("clerk", "{received}/", 9),
    ("clerk", "{issued}/", 9),
    ("convenor", "{with_convenor}/", 9),
    ("member", "write/", 7),
    ("member", "{draft}/write/", 8),
    ("editor", "{editing}/edit/", 8),
    ("member", "{draft}/moves/submit/", 8),
    ("clerk", "{received}/moves/send_back/", 6),
]


def test_reading(client_of, rows):
    found = {}
    for who, path, _ in LISTS + PAGES:
        client = client_of(who)
        place = "/city/opinions/" + path.format(**{name: row.pk for name, row in rows.items()})
        assert client.get(place).status_code == 200  # fills the dictionaries' cache
        found[who, path] = cost_of(client.get, place)
    assert found == {(who, path): expected for who, path, expected in LISTS + PAGES}


MOVES = [
    ("member", "draft", "submit", 12),
    ("member", "draft", "submit_straight", 11),
    ("convenor", "with_convenor", "recommend", 11),
    ("convenor", "with_convenor", "suggest", 12),
    ("convenor", "with_convenor", "note", 9),
    ("editor", "received", "take_up", 10),
    ("editor", "received", "send_back", 12),
    ("editor", "editing", "send_to_check", 10),
    ("checker", "checking", "checked", 10),
    # One deed of seven rows: report, step, issue, two counters, adoption, notice (decision 0020).
    ("signer", "signing", "sign", 16),
    ("clerk", "received", "shelve", 12),
    ("clerk", "shelved", "reopen", 10),
    ("clerk", "issued", "close", 11),
    ("member", "received", "withdraw", 10),
]


def test_moving(client_of, rows):
    found = {}
    for who, status, move, _ in MOVES:
        client = client_of(who)
        client.get("/city/opinions/")
        place = f"/city/opinions/{rows[status].pk}/moves/{move}/"
        with transaction.atomic():
            found[who, status, move] = cost_of(client.post, place, {"note": "请补充数据。"})
            assert rows[status].steps.filter(move=move).exists()
            transaction.set_rollback(True)
    assert found == {(who, status, move): expected for who, status, move, expected in MOVES}


def test_writing(cast, client_of, rows):
    client = client_of("member")
    client.get("/city/opinions/write/")
    visit = make.visit(member=cast.member_of("member"))
    with costs(12):
        client.post("/city/opinions/write/", TEXTS)
    assert cost_of(client.post, f"/city/opinions/write/?visit={visit.pk}", TEXTS) == 13
    place = f"/city/opinions/{rows['draft'].pk}/write/"
    assert cost_of(client.post, place, TEXTS | {"version": 1}) == 13


def test_editing(cast, client_of, rows):
    client = client_of("editor")
    client.get("/city/opinions/")
    place = f"/city/opinions/{rows['editing'].pk}/edit/"
    assert cost_of(client.post, place, TEXTS | {"version": 1}) == 12

"""Sentences say what the figures say, and nothing else."""

from records.summaries import FIGURES, HEADINGS
from records.wording import NOTHING, is_silent, sentences

NOUGHT = dict.fromkeys(FIGURES, 0)


def row(name, **numbers):
    return {"sector": 1, "name": name, "visits": 0, "people": 0, "received": 0} | numbers


def test_nothing_at_all_is_said_under_every_heading():
    assert sentences(NOUGHT, []) == dict.fromkeys(HEADINGS, NOTHING)
    assert sentences({}, []) == dict.fromkeys(HEADINGS, NOTHING)


def test_full_month():
    figures = {
        "activities": 3,
        "visits": 24,
        "people": 96,
        "sectors": 9,
        "contacts": 31,
        "occasions": 5,
        "rooms": 2,
        "received": 12,
        "reviewed": 10,
        "issued": 4,
        "adopted": 6,
        "above": 2,
        "closed": 1,
    }
    rows = [row("教育", visits=2), row("工商联"), row("民族宗教", received=1)]
    assert sentences(figures, rows) == {
        "overall": "开展会议活动3场，走访联系24次，联系群众96人次，收到社情民意信息12条，签发4条。",
        "sectors": "9个界别开展走访联系24次，联系群众96人次，"
        "走访界别群众联系人31个，覆盖必访情形5类。",
        "workrooms": "委员工作室开展活动2场。",
        "opinions": "收到社情民意信息12条，界别初核10条，签发4条，"
        "采用6条次（其中上级政协采用2条次），办结1条。",
        "requests": "本月无。",
        "cases": "本月无。",
        "next": "本月无走访联系记录的界别2个：工商联界、民族宗教界。",
    }


def test_noughts_are_left_out():
    said = sentences(NOUGHT | {"visits": 1, "people": 3, "adopted": 1}, [row("教育", visits=1)])
    assert said == dict.fromkeys(HEADINGS, NOTHING) | {
        "overall": "走访联系1次，联系群众3人次。",
        "sectors": "开展走访联系1次，联系群众3人次。",
        "opinions": "采用1条次。",
        "next": "各界别本月均有走访联系。",
    }


def test_silent_rows():
    assert is_silent(row("教育"))
    assert not is_silent(row("教育", received=1))

"""A resident whose browser knows no script: the same way, with a question in words."""

import re
import unicodedata

from committees.models import AuditEntry
from tests import make
from tests.journeys.hand import Hand
from workrooms.models import PublicLimit, Reception

SAID = "小区门口没有无障碍坡道。"
NUMERALS = "零一二三四五六七八九"


def answered(page):
    """五加三等于几？ → 8"""
    first, second = re.search(
        r"([一二三四五六七八九])加([一二三四五六七八九])等于几", page.text
    ).groups()
    return str(NUMERALS.index(first) + NUMERALS.index(second))


def test_without_script(cast):
    make.room_code(workroom=cast.room, code="k7f3mznq2p")
    make.public_limit(committee=cast.city, measure=PublicLimit.Measure.FILL_SECONDS, number=0)
    hand = Hand()
    hand.open("/")
    hand.follow("政协云川市委员会")
    hand.follow(cast.room.name)
    hand.follow("向本工作室反映情况")
    hand.follow("我要反映情况")
    page = hand.press("提交", said=SAID, answer="不知道")
    assert "请回答这个小问题" in page.text
    page = hand.press("提交", answer=answered(page))
    number = re.search(r"受理编号 (\d{4} \d{4} \d{4} \d{4})", page.text)[1]
    entry = Reception.objects.get()
    assert entry.said == SAID
    page = hand.press("现在查询")
    assert "已收到" in page.text and SAID in page.text
    page = hand.press("补充情况", text="下雨天更滑。")
    assert "下雨天更滑。" in page.text
    hand.open("/r/")
    full_width = "".join(
        unicodedata.lookup(f"FULLWIDTH DIGIT {unicodedata.name(d)[6:]}") if d != " " else d
        for d in number
    )
    assert SAID in hand.press("查询", number=full_width).text
    told = set(AuditEntry.objects.values_list("by_guest", "by_ref"))
    assert told == {("receipt", ""), ("receipt", str(entry.pk))}

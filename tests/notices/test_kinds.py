"""Every kind of notice has its four texts, and they render."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from notices.letters import texts_of

FOLDER = Path(settings.BASE_DIR) / "templates" / "notices"
KINDS = sorted(path.name.removesuffix(".title.txt") for path in FOLDER.glob("*.title.txt"))
ENDINGS = ("title.txt", "inbox.html", "sms.txt", "mail.txt")
NEVER = ("积分", "打卡", "排名", "不采用", "拒绝", "用户", "工单", "举报", "上级单位")


class Anything:
    """Stands for whatever a text asks of its context: any attribute, a word when printed."""

    def __init__(self, word="某某"):
        self.word = word

    def __getattr__(self, name):
        if name.startswith("_") or name in ("resolve_expression", "as_widget"):
            raise AttributeError(name)
        return Anything(name)

    def __str__(self):
        return self.word

    def __len__(self):
        return 2

    def __iter__(self):
        return iter([Anything("甲"), Anything("乙")])

    def __int__(self):
        return 2

    __index__ = __int__


WORDS = "about committee to opinion issue note by step row sections"
CONTEXT = {name: Anything() for name in WORDS.split()} | {"path": "/city/"}


def test_there_are_kinds():
    assert {"feedback_answered", "feedback_given", "summary_ready"} <= set(KINDS)


def test_every_text_belongs_to_a_kind():
    found = {path.name for path in FOLDER.iterdir() if path.name.count(".") == 2}
    assert found == {f"{kind}.{ending}" for kind in KINDS for ending in ENDINGS}


@pytest.mark.parametrize("kind", KINDS)
def test_kind_renders(kind):
    texts = texts_of(kind, CONTEXT)
    assert all(texts.values()), texts
    assert "\n" not in texts["title"] and "\n" not in texts["sms"]
    assert len(texts["title"]) <= 120 and len(texts["sms"]) <= 200
    written = "".join(
        get_template(f"notices/{kind}.{ending}").template.source for ending in ENDINGS
    )
    assert [word for word in NEVER if word in written] == []

"""Classification marks in typed or uploaded text: the portal is no place for secrets (非涉密).

The marks are those of the Law on Guarding State Secrets (密级★保密期限) and
the heading 内部文件. Words that only contain the signs (手机密码, 商业机密) are let through.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Typists part the two signs with a blank or a full-width space: 机 密.
_GAP = r"[ \t\u3000]{0,2}"
_STAR = r"[★☆⭐*＊]"
_WORDS = {
    "绝密": re.compile(f"绝{_GAP}密(?!封)"),
    # 手机密码, 飞机密封, 计算机密集 … : the 密 belongs to the next word.
    "机密": re.compile(f"(?<!商业)机{_GAP}密(?![码封度集闭布切钥匙林室])"),
    "秘密★": re.compile(f"秘{_GAP}密{_GAP}{_STAR}"),
}
# What is no word, within the line: across lines, a sheet of blank cells would take for ever.
_SIGN = r"(?:[^\w\n]|_)"
# A heading stands alone in its line: 秘密, 【秘密】, 密级：秘密, 内部文件 注意保存.
_HEADINGS = {
    "秘密★": re.compile(
        rf"^{_SIGN}*(?:密{_GAP}级{_SIGN}*)?秘{_GAP}密{_SIGN}*(?:\d+年|长期)?{_SIGN}*$", re.MULTILINE
    ),
    "内部文件": re.compile(
        rf"^{_SIGN}*内{_GAP}部{_GAP}(?:文{_GAP}件|资{_GAP}料|材{_GAP}料){_SIGN}*"
        rf"(?:注意保[存管密]|妥善保管|严禁外传|不得外传|请勿外传|严禁复[制印]|不得翻印)*{_SIGN}*$",
        re.MULTILINE,
    ),
}


def marks_in(*texts: str) -> list[str]:
    """The marks found, each once, in the order 绝密, 机密, 秘密★, 内部文件."""
    whole = "\n".join(texts)
    found = [
        mark
        for patterns in (_WORDS, _HEADINGS)
        for mark, pattern in patterns.items()
        if pattern.search(whole)
    ]
    return list(dict.fromkeys(found))


def refuse_marked(*texts: str) -> None:
    """ValidationError `classified` for a text with marks: nothing of it may be stored."""
    if marks := marks_in(*texts):
        raise ValidationError(
            _(
                "内容中有“%(marks)s”字样，未保存。本系统为非涉密互联网平台，"
                "涉密和内部文件请走纸质渠道报送；如系误判，请改写后再提交。"
            ),
            code="classified",
            params={"marks": "、".join(marks)},
        )

"""What the office changed in a text, sign by sign, as `<ins>` and `<del>`.

Long texts are compared sentence by sentence first and sign by sign only inside the sentences that
differ, and only while that is cheap: the work is bounded whatever is pasted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SENTENCES = re.compile(r"[^。！？；\n]*[。！？；\n]+|[^。！？；\n]+")
COMPARED_WHOLE = 400  # signs; a shorter pair is compared sign by sign at once
WORK = 50_000  # pairs of equal signs one text may cost; 1,500 signs of prose have 20,000
SENTENCE_WORK = 50_000  # pairs of equal sentences; beyond, the text is shown as replaced

Part = tuple[str, str]  # ("same" | "ins" | "del", text)


def marked(before: str, after: str) -> SafeString:
    """`after` with what was added in `<ins>` and what was taken away in `<del>`, escaped."""
    return format_html_join(
        "", "{}", ((_shown(kind, text),) for kind, text in parts(before, after))
    )


def parts(before: str, after: str) -> list[Part]:
    """The differences in reading order.

    Joined without `del` they give `after`, joined without `ins` they give `before`.
    """
    before, after = before.replace("\r\n", "\n"), after.replace("\r\n", "\n")
    if max(len(before), len(after)) <= COMPARED_WHOLE and _cost(before, after) <= WORK:
        return _merged(_by_signs(before, after))
    olds, news = SENTENCES.findall(before), SENTENCES.findall(after)
    if _cost(olds, news) > SENTENCE_WORK:
        return _merged(_replaced(before, after))
    found: list[Part] = []
    work = WORK
    for tag, a, b, c, d in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        old, new = "".join(olds[a:b]), "".join(news[c:d])
        if tag == "equal":
            found.append(("same", new))
        elif (cost := _cost(old, new)) <= work:
            work -= cost
            found += _by_signs(old, new)
        else:
            found += _replaced(old, new)
    return _merged(found)


def _cost(old: Sequence[str], new: Sequence[str]) -> int:
    """Pairs of equal signs: what SequenceMatcher walks through again and again."""
    counted = Counter(new)
    return sum(count * counted[sign] for sign, count in Counter(old).items())


def _by_signs(old: str, new: str) -> list[Part]:
    found: list[Part] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        found += [("same", new[c:d])] if tag == "equal" else _replaced(old[a:b], new[c:d])
    return found


def _replaced(old: str, new: str) -> list[Part]:
    return [("del", old), ("ins", new)]


def _merged(found: list[Part]) -> list[Part]:
    """Without empty parts, neighbours of one kind joined."""
    joined: list[Part] = []
    for kind, text in found:
        if text and joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + text)
        elif text:
            joined.append((kind, text))
    return joined


def _shown(kind: str, text: str) -> SafeString | str:
    if kind == "same":
        return text
    return format_html("<{0}>{1}</{0}>", kind, text)

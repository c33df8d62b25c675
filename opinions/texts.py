"""What a report says, and soft hints for those who write it: they warn and never block."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opinions.models import Manuscript, ProposalText

LONGEST_ASKED = 1500  # characters without white space; offices ask for no more
LONGEST_KEPT = 20_000  # characters of one part; beyond is no report but a pasted book
LONGEST_TITLE = 100

# A mobile number, or a landline with its area code; an identity number of 18 signs.
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]\d{7,8})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)")


@dataclass(frozen=True, slots=True)
class Texts:
    """The four parts of a report as they are typed."""

    title: str = ""
    situation: str = ""
    analysis: str = ""
    suggestion: str = ""

    @classmethod
    def of(cls, manuscript: Manuscript | ProposalText | None) -> Texts:
        if manuscript is None:
            return cls()
        row = manuscript
        return cls(row.title, row.situation, row.analysis, row.suggestion)

    def trimmed(self) -> Texts:
        """Line ends as one sign, no white space at either end; a title is one line."""
        parts = [part.replace("\r\n", "\n").strip() for part in astuple(self)]
        return Texts(" ".join(parts[0].split()), *parts[1:])

    @property
    def length(self) -> int:
        """Characters of the text without white space."""
        return sum(len("".join(part.split())) for part in astuple(self)[1:])

    def check(self) -> None:
        """ValidationError by field for a part that the portal cannot keep."""
        if len(self.title) > LONGEST_TITLE:
            words = _("标题不超过 %(most)s 字。") % {"most": LONGEST_TITLE}
            raise ValidationError({"title": ValidationError(words, code="too_long")})
        for name, part in zip(
            ("situation", "analysis", "suggestion"), astuple(self)[1:], strict=True
        ):
            if len(part) > LONGEST_KEPT:
                words = _("一项内容不超过 %(most)s 字。") % {"most": LONGEST_KEPT}
                raise ValidationError({name: ValidationError(words, code="too_long")})


def hints_for(texts: Texts) -> list[str]:
    """What the writer may want to look at again, as sentences."""
    hints = []
    if texts.length > LONGEST_ASKED:
        words = _("全文 %(count)s 字，建议精简到 %(most)s 字以内。")
        hints.append(words % {"count": texts.length, "most": LONGEST_ASKED})
    if not texts.suggestion.strip():
        hints.append(_("还没有写意见建议，写明建议更便于采用。"))
    whole = "\n".join(astuple(texts))
    if PHONE.search(whole) or IDENTITY.search(whole):
        hints.append(_("文中似有电话号码或身份证号码，如非必要请删去，以保护群众隐私。"))
    return hints

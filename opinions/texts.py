"""What a report says, and soft hints for those who write it: they warn and never block."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Concat, Left
from django.utils.translation import gettext as _

from opinions.duplicates import LONGEST
from opinions.models import Manuscript, ProposalText

LONGEST_ASKED = 1500  # characters without white space; offices ask for no more
LONGEST_KEPT = 20_000  # characters of one part; beyond is no report but a pasted book
LONGEST_TITLE = 100

# A mobile number, or a landline with its area code; an identity number of 18 signs.
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]\d{7,8})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)")


# What word processors and chats put between and into words; static/js/paste.js does the same.
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
BLANKS = re.compile("[\t\xa0\u2000-\u200a\u202f\u205f]")
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
LINE_TAILS = re.compile("[ \u3000]+$", re.MULTILINE)
GAPS = re.compile("\n{4,}")


def plain(text: str) -> str:
    """The paragraphs and nothing else: one sign a line end, no signs that nobody sees, no tabs,
    no-break spaces or ends of blanks, at most two blank lines in a row."""
    text = UNSEEN.sub("", BLANKS.sub(" ", LINE_ENDS.sub("\n", text)))
    return GAPS.sub("\n\n\n", LINE_TAILS.sub("", text)).strip()


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
        """Plain paragraphs, no white space at either end; a title is one line."""
        parts = [plain(part) for part in astuple(self)]
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


# Two matters in one report. Rather no hint than a wrong one: a report on one matter may have many
# aspects (一是…二是, 一、二、), so only what announces a second matter counts.
SECOND_MATTER = re.compile(
    "另(?:外)?(?:还)?(?:再)?反映(?:一|另)|(?:另|还)有一(?:件|个)(?:事情?|事项)|顺便(?:再)?反映|"
    "(?:反映|报告|建议)(?:以下|如下)?(?:两|三|几)(?:件事|个事项|个不同)|"
    "^(?:事项|第)[二2](?:件事|个事项)?[：:]",
    re.MULTILINE,
)


QUOTED = re.compile("《[^》]*》")  # a paper named in the title


def has_two_matters(texts: Texts) -> bool:
    """一事一报: two titles in one, or words that announce a second matter."""
    title = QUOTED.sub("", texts.title)
    has_two_titles = title.count("关于") > 1 or title.count("的建议") > 1
    return has_two_titles or bool(SECOND_MATTER.search("\n".join(astuple(texts)[1:])))


def hints_for(texts: Texts) -> list[str]:
    """What the writer may want to look at again, as sentences."""
    hints = []
    if texts.length > LONGEST_ASKED:
        words = _("全文 %(count)s 字，建议精简到 %(most)s 字以内。")
        hints.append(words % {"count": texts.length, "most": LONGEST_ASKED})
    if not texts.suggestion.strip():
        hints.append(_("还没有写意见建议，写明建议更便于采用。"))
    if has_two_matters(texts):
        hints.append(_("文中似有两件事，请一事一报，分开填写更便于办理。"))
    whole = "\n".join(astuple(texts))
    if PHONE.search(whole) or IDENTITY.search(whole):
        hints.append(_("文中似有电话号码或身份证号码，如非必要请删去，以保护群众隐私。"))
    return hints


def whole(texts: Texts) -> str:
    """A report as one text, a part a line, as it is compared with others."""
    return "\n".join(astuple(texts))[:LONGEST]


def stored_whole(opinion: str = "pk") -> Subquery:
    """`whole` of the latest original, in the database; `opinion` is the outer row's path to it."""
    latest = Manuscript.objects.filter(opinion=OuterRef(opinion), kind=Manuscript.Kind.ORIGINAL)
    line = Value("\n")
    parts = ("title", line, "situation", line, "analysis", line, "suggestion")
    words = Left(Concat(*parts, output_field=TextField()), LONGEST, output_field=TextField())
    return Subquery(latest.order_by("-version").annotate(words=words).values("words")[:1])

"""Chinese full text without a dictionary: what is written as pairs of signs, what is asked as well.

A text is read as runs: of Chinese signs, or of other letters and digits. Full and half width,
upper and lower case are one. Of a Chinese run every two neighbouring signs are a token, and its
last sign alone; so one sign is asked by the beginning of a token, and every longer word by its
pairs. A run of other letters is one token (5G, 2026).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_TOKEN = 64  # signs of a run of letters; PostgreSQL takes 2046 bytes
MOST_PHRASES = 8
HAN = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(f"(?P<han>[{HAN}]+)|(?P<letters>(?:(?![{HAN}])[^\\W_])+)")


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    is_han: bool

    @property
    def tokens(self) -> list[str]:
        """What a text is found by."""
        if not self.is_han:
            return [self.text[:LONGEST_TOKEN]]
        return [self.text[at : at + 2] for at in range(len(self.text))]

    @property
    def asked(self) -> list[str]:
        """What a text with this run has at least, each as a term of a tsquery."""
        if self.is_han and len(self.text) == 1:
            return [f"'{self.text}':*"]
        tokens = self.tokens[:-1] if self.is_han else self.tokens
        return [f"'{token}'" for token in tokens]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Signs that stand together in the text.

    `query` is the text of a tsquery that every text with the phrase answers; where not `is_exact`,
    others answer it too, and `plain` must be looked for in what `plain_text` made.
    """

    plain: str
    query: str
    is_exact: bool


def plain_text(*parts: str) -> str:
    """The runs of each part between single spaces, the parts on lines of their own."""
    return "\n".join(f" {' '.join(run.text for run in _runs(part))} " for part in parts)


def tokens_of(*parts: str) -> list[str]:
    """All tokens of the parts, each once, in a lasting order."""
    return sorted({token for part in parts for run in _runs(part) for token in run.tokens})


def vector_of(*parts: str) -> str:
    """The tokens as PostgreSQL reads a tsvector; letters and digits only, so nothing is quoted."""
    return " ".join(tokens_of(*parts))


def phrases_of(asked: str) -> list[Phrase]:
    """What stands between the white space of a search line; empty where it has no letter at all.

    All phrases are to be found in one text. What is beyond the eighth is left out.
    """
    found = (_phrase(_runs(word)) for word in unicodedata.normalize("NFKC", asked).split())
    return list(dict.fromkeys(one for one in found if one))[:MOST_PHRASES]


def _phrase(runs: list[Run]) -> Phrase | None:
    if not runs:
        return None
    before = "" if runs[0].is_han else " "  # letters are found as whole words
    after = "" if runs[-1].is_han else " "
    terms = dict.fromkeys(term for run in runs for term in run.asked)
    longest = 2 if runs[0].is_han else LONGEST_TOKEN
    return Phrase(
        plain=before + " ".join(run.text for run in runs) + after,
        query=" & ".join(terms),
        is_exact=len(runs) == 1 and len(runs[0].text) <= longest,
    )


def _runs(text: str) -> list[Run]:
    normal = unicodedata.normalize("NFKC", text).casefold()
    return [Run(found[0], found.lastgroup == "han") for found in _RUN.finditer(normal)]

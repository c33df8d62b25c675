"""Finding similar texts: 32 × 4 MinHash bands over character bigrams, reranked by Jaccard.

Two texts share a band with probability 1 - (1 - J⁴)³², J being the Jaccard similarity of their sets
of bigrams: 99.9 % for a text of which every tenth sign was replaced (J about 0.68), some hundredths
of a percent for two reports that have no more in common than their language. numpy is imported when
it is first needed; the seeds are fixed, because bands written years apart must meet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

BANDS, ROWS = 32, 4
SEED = 20_260_101
LONGEST = 20_000  # signs of one text that are looked at
SHORTEST = 24  # bigrams; what is shorter resembles anything
AT_ONCE = 2_000_000  # images of bigrams held in memory
PASSAGE = 10  # signs in a row without punctuation that make a shared passage
PASSAGES = 12  # of one text that are named

Span = tuple[int, int]


def normalised(text: str) -> str:
    """Letters, figures and Han signs only, full and half width alike, without case."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    return "".join(sign for sign in folded if sign.isalnum())


def bigrams(text: str) -> set[str]:
    """The pairs of neighbouring signs of a normalised text."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def jaccard(one: set[str], other: set[str]) -> float:
    """0 to 1; nothing resembles an empty text."""
    whole = len(one | other)
    return len(one & other) / whole if whole else 0.0


def fingerprint(text: str, committee: int) -> tuple[list[int], int]:
    """Bands as signed 64-bit numbers and how many bigrams; no bands for a text that is too short.

    The committee (id) goes into each band, so that one committee's index is its own.
    """
    codes = _codes(normalised(text))
    if len(codes) < SHORTEST:
        return [], len(codes)
    return bands_of(codes, [0], committee)[0].tolist(), len(codes)


def bands_of(codes: Any, starts: Any, committee: int) -> numpy.ndarray:
    """Bands of many texts at once: a row of 32 signed 64-bit numbers for each.

    `codes` are the bigrams of all texts one after another (uint32, repeats do not matter), `starts`
    where each text begins in them.
    """
    import numpy

    factors, offsets, prime = _permutations()
    least = numpy.empty((BANDS * ROWS, len(starts)), dtype=numpy.uint32)
    step = max(1, AT_ONCE // len(codes))
    for at in range(0, BANDS * ROWS, step):
        some = slice(at, at + step)
        # Bijections of the 32-bit numbers; the least image of a set is a fair draw from it.
        images = codes[None, :] * factors[some] + offsets[some]
        least[some] = numpy.minimum.reduceat(images, starts, axis=1)
    rows = least.T.reshape(len(starts), BANDS, ROWS).astype(numpy.uint64)
    bands = (numpy.arange(1, BANDS + 1, dtype=numpy.uint64) * prime) ^ numpy.uint64(committee)
    for row in range(ROWS):
        bands = mixed(bands ^ rows[:, :, row])
    return bands.view(numpy.int64)


def _codes(text: str) -> numpy.ndarray:
    """Each distinct bigram of a normalised text as a well mixed 32-bit number."""
    import numpy

    signs = numpy.frombuffer(text.encode("utf-32-le"), dtype=numpy.uint32).astype(numpy.uint64)
    return codes_of(numpy.unique((signs[:-1] << numpy.uint64(21)) | signs[1:]))


def codes_of(pairs: numpy.ndarray) -> numpy.ndarray:
    """Of bigrams packed as 21 bits and 21 bits: well mixed 32-bit numbers."""
    import numpy

    return (mixed(pairs) >> numpy.uint64(32)).astype(numpy.uint32)


def mixed(values: numpy.ndarray) -> numpy.ndarray:
    """The finaliser of splitmix64, on unsigned 64-bit numbers."""
    import numpy

    values = (values ^ (values >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return values ^ (values >> numpy.uint64(31))


@cache
def _permutations() -> tuple[Any, Any, Any]:
    import numpy

    # The stream of splitmix64, written out: it does not change with a version of numpy.
    steps = numpy.arange(1, 2 * BANDS * ROWS + 1, dtype=numpy.uint64)
    golden = numpy.uint64(0x9E3779B97F4A7C15)
    drawn = (mixed(steps * golden + numpy.uint64(SEED)) >> numpy.uint64(32)).astype(numpy.uint32)
    factors, offsets = drawn.reshape(2, BANDS * ROWS, 1)
    return factors | numpy.uint32(1), offsets, golden


# Shared passages ---------------------------------------------------------------------------------


def shared_passages(text: str, other: str) -> list[Span]:
    """Where `text` has passages of at least PASSAGE signs that also stand in `other`, in order.

    Punctuation and white space do not count. The longest ones are named, PASSAGES at most.
    """
    signs, places = _with_places(text)
    theirs = _with_places(other)[0]
    known = {theirs[at : at + PASSAGE] for at in range(len(theirs) - PASSAGE + 1)}
    found: list[list[int]] = []
    for at in range(len(signs) - PASSAGE + 1):
        if signs[at : at + PASSAGE] in known:
            if found and at <= found[-1][1] - PASSAGE + 1:
                found[-1][1] = at + PASSAGE
            else:
                found.append([at, at + PASSAGE])
    longest = sorted(found, key=lambda span: span[0] - span[1])[:PASSAGES]
    return [(places[start], places[end - 1] + 1) for start, end in _joined(sorted(longest))]


def _joined(spans: Sequence[Sequence[int]]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _with_places(text: str) -> tuple[str, list[int]]:
    """The signs that count, one for one, and where each stands in the text."""
    kept: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text[:LONGEST]):
        folded = unicodedata.normalize("NFKC", sign).lower()
        if len(folded) == 1 and folded.isalnum():
            kept.append(folded)
            places.append(place)
    return "".join(kept), places

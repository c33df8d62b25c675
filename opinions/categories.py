"""Suggesting a category from the committee's own filed reports: naive Bayes on hashed n-grams.

Which of the 2¹⁶ hashed runs of one to three signs stand in a text, each counted once; the weights
are differences of logarithms against the mean of all categories, so that most are near zero and
compress well. Deterministic: the same reports give the same weights. numpy is imported lazily.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opinions.duplicates import SHORTEST, mixed, normalised

if TYPE_CHECKING:
    import numpy

FEATURES = 1 << 16
LONGEST_RUN = 3
SMOOTHING = 0.1
LEAST_TEXTS, LEAST_OF_ONE, LEAST_CATEGORIES = 200, 10, 3
HELD_OUT = 5  # every fifth report of a category, in the order of their ids


@dataclass(frozen=True, slots=True)
class Learnt:
    """`weights` has a row a feature and the prior as its last, a column a category (ids)."""

    weights: numpy.ndarray
    categories: list[int]
    texts: int
    held_out: int
    accuracy: float


def learn(labelled: Sequence[tuple[str, int]]) -> Learnt | None:
    """From texts with the id of their category, in the order of their reports' ids.

    None without enough of them: 200 texts in three categories of at least ten each. Accuracy is
    measured on every fifth text of each category by weights that have not seen them; the weights
    returned have seen all.
    """
    counted = Counter(category for _, category in labelled)
    categories = sorted(one for one, count in counted.items() if count >= LEAST_OF_ONE)
    rows = [(text, category) for text, category in labelled if category in set(categories)]
    if len(rows) < LEAST_TEXTS or len(categories) < LEAST_CATEGORIES:
        return None
    columns = [categories.index(category) for _, category in rows]
    marks = [features(text) for text, _ in rows]
    seen: Counter[int] = Counter()
    known: list[int] = []
    asked: list[int] = []
    for place, column in enumerate(columns):
        seen[column] += 1
        (asked if seen[column] % HELD_OUT == 0 else known).append(place)
    trial = _weights([marks[at] for at in known], [columns[at] for at in known], len(categories))
    right = sum(_best(trial, marks[at]) == columns[at] for at in asked)
    weights = _weights(marks, columns, len(categories))
    return Learnt(weights, categories, len(rows), len(asked), right / len(asked))


def features(text: str) -> numpy.ndarray:
    """The numbers of the hashed runs that stand in a text, each once, in order."""
    import numpy

    signs = numpy.frombuffer(normalised(text).encode("utf-32-le"), dtype=numpy.uint32)
    codes = signs.astype(numpy.uint64)
    found = []
    for length in range(1, LONGEST_RUN + 1):
        runs = numpy.full(max(len(codes) - length + 1, 0), length, dtype=numpy.uint64)
        for at in range(length):
            runs = (runs << numpy.uint64(20)) ^ codes[at : at + len(runs)]
        found.append(mixed(runs) >> numpy.uint64(48))
    return numpy.unique(numpy.concatenate(found)).astype(numpy.int64)


def suggested(weights: numpy.ndarray, categories: Sequence[int], text: str) -> int | None:
    """The id of the category that the text resembles most; None for a text that is too short."""
    if len(normalised(text)) <= SHORTEST:
        return None
    return categories[_best(weights, features(text))]


def _best(weights: numpy.ndarray, marks: numpy.ndarray) -> int:
    scores = weights[marks].astype("float64").sum(axis=0) + weights[FEATURES]
    return int(scores.argmax())


def _weights(marks: Sequence[Any], columns: Sequence[int], count: int) -> numpy.ndarray:
    import numpy

    counts = numpy.full((FEATURES, count), SMOOTHING)
    texts = numpy.ones(count)
    for found, column in zip(marks, columns, strict=True):
        counts[found, column] += 1
        texts[column] += 1
    logs = numpy.vstack([numpy.log(counts / counts.sum(axis=0)), numpy.log(texts / texts.sum())])
    return (logs - logs.mean(axis=1, keepdims=True)).astype(numpy.float16)


def packed(weights: numpy.ndarray) -> bytes:
    return zlib.compress(weights.astype("<f2").tobytes(), 6)


def unpacked(content: bytes, count: int) -> numpy.ndarray:
    """ValueError where the bytes are not weights for so many categories."""
    import numpy

    return numpy.frombuffer(zlib.decompress(content), dtype="<f2").reshape(FEATURES + 1, count)

"""A made-up body of reports with natural frequencies and known twins, the same on every machine.

A vocabulary of words of one to three signs is drawn once; reports take their words by Zipf's law, a
third of them from a topic of their own. A twin of a report has every tenth sign replaced
(`edited`), its sentences in another order (`reordered`), or tells the same topic anew (`retold`).
Chance is a hash of what is asked for, not a generator: any text is had without the others.
"""

from __future__ import annotations

import numpy

from opinions.duplicates import mixed

SIGNS, WORDS, TOPICS, OF_TOPIC = 3_000, 20_000, 2_000, 60
FIRST_SIGN = 0x4E00
COMMA, STOP = ord("，"), ord("。")
BOILERPLATE = "建议有关部门高度重视，加强统筹协调，明确责任分工，抓好督促落实。"
SHARE_OF_BOILERPLATE = 0.3
FROM_TOPIC = 1 / 3


def chances(*what: int, count: int) -> numpy.ndarray:
    """So many numbers from 0 up to 1, always the same for `what`."""
    state = numpy.uint64(20_260)
    for part in what:
        state = mixed(numpy.array([state ^ numpy.uint64(part)]) + numpy.uint64(0x9E3779B97F4A7C15))[
            0
        ]
    steps = numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    return (mixed(steps + state) >> numpy.uint64(11)) * (1.0 / (1 << 53))


def by_zipf(count: int, flat: int) -> numpy.ndarray:
    """Where each rank ends on the way from 0 to 1."""
    weights = 1 / (numpy.arange(count) + flat)
    return numpy.cumsum(weights) / weights.sum()


class Language:
    def __init__(self) -> None:
        order = chances(1, count=SIGNS).argsort()
        self.signs = (FIRST_SIGN + order).astype(numpy.uint32)
        self.sign_ends = by_zipf(SIGNS, 8)
        drawn = self._signs(chances(2, count=3 * WORDS)).reshape(WORDS, 3)
        lengths = numpy.array([1, 2, 2, 2, 3])[(chances(3, count=WORDS) * 5).astype(int)]
        drawn[numpy.arange(3)[None, :] >= lengths[:, None]] = 0
        marks = numpy.array([[COMMA, 0, 0], [STOP, 0, 0]], dtype=numpy.uint32)
        self.words = numpy.vstack([drawn, marks])
        self.word_ends = by_zipf(WORDS, 3)
        of_topics = (chances(4, count=TOPICS * OF_TOPIC) * WORDS).astype(int)
        self.topics = of_topics.reshape(TOPICS, OF_TOPIC)

    def _signs(self, at: numpy.ndarray) -> numpy.ndarray:
        return self.signs[numpy.searchsorted(self.sign_ends, at).clip(max=SIGNS - 1)]

    def report(self, number: int, telling: int = 0) -> str:
        """The n-th text, of 200 to 1,200 signs; another telling has the topic in common."""
        topic, length = chances(5, number, count=2)
        count = int((200 + 1000 * length) / 2.15)
        which, what, own, ends, mark = chances(6, number, telling, count=5 * count).reshape(5, -1)
        ids = numpy.searchsorted(self.word_ends, what).clip(max=WORDS - 1)
        words = self.topics[int(topic * TOPICS)][(own * OF_TOPIC).astype(int)]
        ids = numpy.where(which < FROM_TOPIC, words, ids)
        # Every seventh word or so a mark follows, half of them end a sentence.
        places = numpy.flatnonzero(ends < 1 / 7) + 1
        marks = numpy.where(mark[: len(places)] < 0.5, WORDS, WORDS + 1)
        signs = self.words[numpy.insert(ids, places, marks)].ravel()
        text = signs[signs > 0].tobytes().decode("utf-32-le") + "。"
        return text + BOILERPLATE if mark[-1] < SHARE_OF_BOILERPLATE else text

    def edited(self, number: int, share: float = 0.1) -> str:
        """With that share of the signs replaced by others, scattered over the text."""
        text = numpy.frombuffer(self.report(number).encode("utf-32-le"), dtype=numpy.uint32).copy()
        chosen = chances(7, number, count=len(text)).argsort()[: round(len(text) * share)]
        text[chosen] = self._signs(chances(8, number, count=len(chosen)))
        return text.tobytes().decode("utf-32-le")

    def reordered(self, number: int) -> str:
        sentences = self.report(number).rstrip("。").split("。")
        order = chances(9, number, count=len(sentences)).argsort()
        return "".join(f"{sentences[at]}。" for at in order)

    def retold(self, number: int) -> str:
        """The same event in other words."""
        return self.report(number, telling=1)

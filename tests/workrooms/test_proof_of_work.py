"""The work is checked as it is done, by whoever does it."""

import hashlib

import pytest

from workrooms.proof_of_work import is_proof, work


def test_the_work_is_what_it_says():
    answer = work("abc", bits=8)
    assert hashlib.sha256(f"abc:{answer}".encode()).digest()[0] == 0
    assert is_proof("abc", answer, bits=8)
    assert not is_proof("abd", answer, bits=8)
    assert not is_proof("abc", answer, bits=256)


@pytest.mark.parametrize("answer", ["", "-1", "1.0", "x", "\uff11", " 1", "1" * 13, "²"])
def test_only_plain_digits_are_an_answer(answer):
    assert not is_proof("abc", answer, bits=0)

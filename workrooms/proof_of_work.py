"""A small proof of work instead of a captcha: nobody is asked anything, no third party is told.

The browser looks for a number so that SHA-256 of `<nonce>:<number>` begins with so many zero bits
(static/js/proof.js). A phone needs about a second, and so does whoever wants to send a thousand,
a thousand times. Without JavaScript a question in words is answered instead.
"""

from __future__ import annotations

import hashlib

LONGEST_ANSWER = 12  # digits


def is_proof(nonce: str, answer: str, *, bits: int) -> bool:
    """Whether the answer proves the work for this nonce."""
    if not (answer.isascii() and answer.isdigit() and len(answer) <= LONGEST_ANSWER):
        return False
    digest = hashlib.sha256(f"{nonce}:{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def work(nonce: str, *, bits: int) -> str:
    """The smallest answer; for tests and for the demo, slow by intention."""
    answer = 0
    while not is_proof(nonce, str(answer), bits=bits):
        answer += 1
    return str(answer)

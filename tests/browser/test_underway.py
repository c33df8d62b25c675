"""A test may end only when the live server is silent."""

from __future__ import annotations

import threading

import pytest

from tests.browser import underway


def test_the_wait_lasts_as_long_as_a_request_is_at_work(monkeypatch):
    monkeypatch.setattr(underway, "LIMIT", 0.2)
    requests, may_end = underway.Underway(), threading.Event()
    at_work = threading.Thread(target=requests.counting(may_end.wait))
    at_work.start()
    with pytest.raises(AssertionError, match="1 requests still at work"):
        requests.wait_for_silence()
    may_end.set()
    at_work.join()
    requests.wait_for_silence()
    assert requests.count == 0

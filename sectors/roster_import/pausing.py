"""Python's search for circular garbage, paused while ten thousand rows come into being."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Put the search off to the end, for the second that it takes.

    Every new object counts towards the next search, which looks at all objects of the process and
    finds nothing: rows refer to one another in no circle, and what is done with is freed as ever.
    Of two at once, in two threads, the first to end lets the search begin again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

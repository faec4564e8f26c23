"""Whether work grows with what is worked on and no faster: judged by processor time, far from any limit of chance."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

__all__ = ["LONG", "SHORT", "grows_evenly"]

SHORT, LONG = 10_000, 80_000
"""Eight times as much: about 8 times the time where it grows evenly, 64 where with the square."""

EVEN = 40
FLOOR = 0.05
"""Seconds; less than this says nothing of how it grows."""


def grows_evenly(do: Callable[[int], object]) -> bool:
    """Tell whether work on LONG pieces takes no more than could be expected from work on SHORT ones."""
    return _seconds(do, LONG) < EVEN * max(_seconds(do, SHORT), FLOOR)


def _seconds(do: Callable[[int], object], size: int) -> float:
    gc.collect()
    gc.disable()  # what other tests have left behind is not this one's to clear away
    try:
        return min(_once(do, size) for _ in range(2))
    finally:
        gc.enable()


def _once(do: Callable[[int], object], size: int) -> float:
    begun = time.process_time()
    do(size)
    return time.process_time() - begun

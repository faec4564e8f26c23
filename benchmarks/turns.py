"""Programs that take turns, and the ratios of their times.

What counts is the time of the processors: what else the machine does hardly shows in it.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence

__all__ = ["SHORTEST", "Timed", "interleaved", "ratio", "seconds"]

SHORTEST = 0.05
"""Seconds of the processors that one measurement lasts at least."""

Timed = Callable[[], float]
"""Do a piece of work as often as fills the shortest time, and return the seconds of one."""


def seconds(work: Callable[[int], object]) -> float:
    """Return the time of one piece of work, the mean of as many as fill the shortest time."""
    count, start = 0, time.process_time()
    while (spent := time.process_time() - start) < SHORTEST or not count:
        work(count)
        count += 1
    return spent / count


def interleaved(contenders: Mapping[str, Timed], rounds: int) -> dict[str, list[float]]:
    """Return the times of every contender; each round they all have their turn.

    What is in memory before the first is not looked through for garbage in anybody's turn.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    gc.collect()
    gc.freeze()
    try:
        for _ in range(rounds):
            for name, timed in contenders.items():
                times[name].append(timed())
    finally:
        gc.unfreeze()
    return times


def ratio(slower: Sequence[float], faster: Sequence[float]) -> str:
    """Return how many times faster one was than the other: the median of the rounds, and their range."""
    found = [a / b for a, b in zip(slower, faster, strict=True)]
    middle, least, most = statistics.median(found), min(found), max(found)
    return f"{_short(middle)}（{_short(least)}–{_short(most)}）"


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"

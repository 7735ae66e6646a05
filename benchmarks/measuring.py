"""Times, as figures that can be compared."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long something took, in microseconds, over a number of runs."""

    runs: int
    median_us: float
    p95_us: float

    @property
    def per_second(self) -> float:
        """How often one client could do it in a second, by the median."""
        return 1e6 / self.median_us


def timing(seconds: Sequence[float]) -> Timing:
    in_order = sorted(seconds)
    return Timing(
        runs=len(in_order),
        median_us=round(statistics.median(in_order) * 1e6, 1),
        p95_us=round(in_order[max(0, -(-len(in_order) * 95 // 100) - 1)] * 1e6, 1),
    )


def each(action: Callable[[Any], object], subjects: Iterable[Any]) -> list[float]:
    """Return how long the action took on each subject, in seconds."""
    seconds = []
    for subject in subjects:
        begun = time.perf_counter()
        action(subject)
        seconds.append(time.perf_counter() - begun)
    return seconds


def repeated(action: Callable[[], object], *, runs: int, inner: int = 1) -> Timing:
    """Time an action ``runs`` times, each the mean of ``inner`` repetitions: for what takes microseconds."""
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        for _ in range(inner):
            action()
        seconds.append((time.perf_counter() - begun) / inner)
    return timing(seconds)


def plain(figures: Timing) -> dict[str, Any]:
    return {**asdict(figures), "per_second": round(figures.per_second, 1)}

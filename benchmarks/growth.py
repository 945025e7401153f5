"""How symnet's time per region grows with the number of regions, and what exact decisions take.

    python benchmarks/growth.py

Time and bytes per region, for each network on [-s, s]^2 with growing s. Then the share of the time
that goes into exact decisions, for networks of growing depth. CPU seconds, the median of five runs,
one thread.
"""

from __future__ import annotations

import os
import sys
import time
from statistics import median
from typing import Any

import own
from networks import Network, he_normal
from regions import ONE_THREAD

from symnet.regions.vertices import ExactEvaluator


class Watched:
    """Counts the seconds inside of some methods of a class, each call once."""

    def __init__(self, owner: type, names: tuple[str, ...]) -> None:
        self.seconds, self._inside = 0.0, False
        for name in names:
            setattr(owner, name, self._watched(getattr(owner, name)))

    def _watched(self, method: Any) -> Any:
        def call(*args: Any) -> Any:
            if self._inside:
                return method(*args)
            self._inside, start = True, time.process_time()
            try:
                return method(*args)
            finally:
                self.seconds += time.process_time() - start
                self._inside = False

        return call


def measured(layers: Network, repeat: int = 5) -> tuple[int, float]:
    """How many regions, and the seconds that they take."""
    times = []
    regions = len(own.engine(layers))
    for _ in range(repeat):
        start = time.process_time()
        own.engine(layers)
        times.append(time.process_time() - start)
    return regions, median(times)


def scaled(sizes: list[int], factor: float) -> Network:
    """The network of he_normal on the box [-s, s]^d, brought to [-1, 1]^d."""
    (weight, bias), *rest = he_normal(sizes)
    return [(weight * factor, bias), *rest]


def main() -> None:
    if not ONE_THREAD.keys() <= os.environ.keys():
        os.execve(sys.executable, [sys.executable, *sys.argv], ONE_THREAD | os.environ)
    print(f"{'':<22}{'regions':>10}{'us/region':>11}{'B kept':>8}{'beyond':>8}")
    for sizes in ([2, 800, 1], [2, 400, 400, 1], [2, 256, 256, 256, 1]):
        for factor in (1 / 8, 1 / 4, 1 / 2, 1):
            layers = scaled(sizes, factor)
            regions, seconds = measured(layers)
            used = own.details(layers)
            name = f"{'-'.join(map(str, sizes))}, {factor:g}"
            text = f"{name:<22}{regions:>10}{seconds / regions * 1e6:>11.2f}"
            print(text + f"{used['kept']:>8.0f}{used['beyond']:>8.0f}", flush=True)
    watched = Watched(ExactEvaluator, ("signs", "preactivations"))
    print(f"\n{'':<22}{'regions':>10}{'seconds':>11}{'exact':>8}")
    for depth in (4, 8, 12, 16, 20):
        regions, seconds = measured(he_normal([2, *[32] * depth, 1]), 1)
        watched.seconds = 0.0
        own.engine(he_normal([2, *[32] * depth, 1]))
        share = watched.seconds / seconds
        print(f"{f'2-32x{depth}-1':<22}{regions:>10}{seconds:>11.4f}{share:>8.1%}", flush=True)


if __name__ == "__main__":
    main()

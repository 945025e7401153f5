"""How long linear layers take to collapse: growth with depth, SymPy's expand, real weights.

Run it with ``python benchmarks/collapse.py``; one process, one thread, CPU seconds, the best of
three. Ratios are what to read.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import sympy as sp

import symnet as sn

SIZES = sp.symbols("n_0:101", integer=True, positive=True)


def seconds(run: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def stack(depth: int) -> sn.Sequential:
    return sn.Sequential(*(sn.Linear(a, b) for a, b in pairwise(SIZES[: depth + 1])))


def fresh_expand(depth: int) -> float:
    """SymPy's expand is cached, so every try needs an expression of its own."""
    best = float("inf")
    for trial in range(3):
        net = stack(depth).xreplace(
            {
                s: sp.MatrixSymbol(f"{s}_{trial}", *s.shape)
                for s in stack(depth).atoms(sp.MatrixSymbol)
            }
        )
        expr = net(net.input)
        start = time.process_time()
        sp.expand(expr)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    print("layers  factors in the result  symnet s  sympy.expand s  ratio")
    for depth in (2, 3, 6, 12, 25, 50, 100):
        net = stack(depth)
        own = seconds(lambda net=net: sn.simplify(net))  # type: ignore[misc]
        theirs = fresh_expand(depth) if depth <= 50 else float("nan")
        size = depth * (depth + 1)
        print(f"{depth:6d}  {size:21d}  {own:8.4f}  {theirs:14.4f}  {theirs / own:5.1f}")
    growth = seconds(lambda: sn.simplify(stack(100))) / seconds(lambda: sn.simplify(stack(25)))
    print(f"100 layers / 25 layers: {growth:.1f} times the time, {10100 / 650:.1f} times the size")

    rng = np.random.default_rng(0)
    shapes = ((784, 512), (512, 256), (256, 10))
    weights = [(rng.normal(size=(o, i)) / i**0.5, rng.normal(size=o)) for i, o in shapes]
    start = time.process_time()
    sn.simplify(sn.Sequential(*(sn.Linear(W, b) for W, b in weights)))
    taken = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"784-512-256-10 float64, exact: {taken:.2f} s, peak memory of the process {peak:.0f} MB")


if __name__ == "__main__":
    main()

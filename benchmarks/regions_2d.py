"""Regions per second of the decomposition in dimension 1 and 2, one thread.

    OPENBLAS_NUM_THREADS=1 python benchmarks/regions_2d.py [--repeat N] [--certify] [--memory]

He-normal weights, biases uniform in +-1/sqrt(fan-in), domain [-1, 1]^d, fixed seeds. The time is
the least CPU time of N runs, from float64 arrays to the finished complex; `exact` counts exact
evaluations of a layer at a vertex.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from fractions import Fraction
from itertools import pairwise

import numpy as np

from symnet.exact.affine import AffineMap
from symnet.regions.activation import RELU
from symnet.regions.certificate import certify
from symnet.regions.complex import Complex
from symnet.regions.decompose import decompose
from symnet.regions.domain import box

SIZES = [
    (1, 64, 64, 64, 1),
    (2, 16, 16, 1),
    (2, 32, 32, 1),
    (2, 64, 64, 64, 1),
    (2, 128, 128, 1),
    (2, 256, 1),
    (2, 128, 128, 128, 1),
    (2, *(64,) * 6, 1),
    (2, *(32,) * 16, 1),
]


def network(sizes: tuple[int, ...], seed: int) -> list[AffineMap]:
    """Return a random network."""
    rng = np.random.default_rng(seed)
    return [
        AffineMap.from_floats(
            rng.standard_normal((m, n)) * np.sqrt(2 / n), rng.uniform(-1, 1, m) / np.sqrt(n)
        )
        for n, m in pairwise(sizes)
    ]


def plane_slice(seed: int) -> list[AffineMap]:
    """Return a 5-50x6-5 network on a plane through its input space."""
    first, *rest = network((5, *(50,) * 6, 5), seed)
    half = Fraction(1, 2)
    inner = AffineMap.from_rationals(
        [[half, 0], [0, half], [0, 0], [half, half], [0, 0]], [0, 0, half, 0, -half]
    )
    return [first.after(inner), *rest]


def measure(layers: list[AffineMap], repeat: int) -> tuple[Complex, float]:
    """Return the complex and the least CPU time of `repeat` runs."""
    domain = box((-1,) * layers[0].shape[1], (1,) * layers[0].shape[1])
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        result = decompose(layers, RELU, domain)
        best = min(best, time.process_time() - start)
    return result, best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--certify", action="store_true")
    parser.add_argument("--memory", action="store_true", help="peak of allocations per region")
    options = parser.parse_args()
    cases = [("-".join(map(str, s)), network(s, options.seed)) for s in SIZES]
    cases.append(("slice of 5-50x6-5", plane_slice(options.seed)))
    print(f"{'network':<44}{'regions':>9}{'seconds':>9}{'us each':>9}{'exact':>8}")
    for name, layers in cases:
        result, seconds = measure(layers, options.repeat)
        line = f"{name:<44}{len(result):>9}{seconds:>9.4f}{seconds / len(result) * 1e6:>9.2f}"
        line += f"{result.evaluator.calls:>8}"
        if options.memory:
            tracemalloc.start()
            held = measure(layers, 1)[0]
            kept, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            line += f"  kept {kept / len(held):.0f} B, peak {peak / len(held):.0f} B per region"
        if options.certify:
            start = time.process_time()
            report = certify(result)
            line += f"  certified in {time.process_time() - start:.2f} s"
            line += f" ({report.exact_corners} exact corners)"
        print(line, flush=True)


if __name__ == "__main__":
    main()

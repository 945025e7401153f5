"""From which size several processes pay: the same run with one process and with several.

    python benchmarks/parallel.py [--jobs N] [--repeat N]

He-normal weights, biases uniform in +-1/sqrt(fan-in), domain [-1, 1]^2, fixed seeds. Wall time, the
least of N runs that alternate between one process and several; the pool is warm, and NumPy's own
threads are kept to one. CPU time does not depend on what else the machine does: with p processes
on free cores, (here + there / p) is about what the wall time can be.
"""

from __future__ import annotations

import argparse
import os
import time
from itertools import pairwise

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402
import psutil  # noqa: E402

import symnet as sn  # noqa: E402

SIZES = [
    (2, 64, 64, 64, 1),
    (2, *(64,) * 5, 1),
    (2, *(64,) * 8, 1),
    (2, 128, 128, 128, 1),
    (2, 256, 256, 256, 1),
    (2, *(96,) * 10, 1),
    (2, *(128,) * 8, 1),
]


def network(sizes: tuple[int, ...], seed: int = 0) -> sn.Sequential:
    """The network of these sizes."""
    rng = np.random.default_rng(seed)
    layers: list[sn.Linear | sn.ReLU] = []
    for n, m in pairwise(sizes):
        weight = rng.standard_normal((m, n)) * np.sqrt(2 / n)
        layers += [sn.Linear(weight, rng.uniform(-1, 1, m) / np.sqrt(n)), sn.ReLU()]
    return sn.Sequential(*layers[:-1])


def run(net: sn.Sequential, jobs: int) -> tuple[list[float], sn.PiecewiseLinear]:
    """Wall time, CPU time here and in other processes; and the result."""
    start = time.perf_counter(), time.process_time(), elsewhere()
    found = sn.piecewise(net, domain=sn.Box([-1, 1]), n_jobs=jobs, progress=False)
    end = time.perf_counter(), time.process_time(), elsewhere()
    return [b - a for a, b in zip(start, end, strict=True)], found


def elsewhere() -> float:
    """CPU seconds of the processes that this one started."""
    children = psutil.Process().children(recursive=True)
    return float(sum(sum(child.cpu_times()[:2]) for child in children))


def same(one: sn.PiecewiseLinear, many: sn.PiecewiseLinear) -> bool:
    """Whether signs and vertices are the same, one by one (every 997th vertex, exactly)."""
    vertices = range(0, one.cells.vertex_count, 997)
    return np.array_equal(one.cells.signs, many.cells.signs) and all(
        one.cells.point(v) == many.cells.point(v) for v in vertices
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    run(network(SIZES[2]), options.jobs)  # starts the processes
    print(f"{'':16} {'':>9}  {'wall seconds':^24}  {'CPU seconds':^24}")
    print(
        f"{'network':16} {'regions':>9}  {'one':>8} {options.jobs:>3} jobs {'ratio':>6}"
        f"  {'one':>8} {'here':>7} {'there':>7}  same"
    )
    for sizes in SIZES:
        net = network(sizes)
        ones, manies = [], []
        for _ in range(options.repeat):
            times, one = run(net, 1)
            ones.append(times)
            times, many = run(net, options.jobs)
            manies.append(times)
        a, b = np.min(ones, axis=0), np.min(manies, axis=0)
        name = "-".join(map(str, sizes)) if len(sizes) < 6 else f"2-{sizes[1]}x{len(sizes) - 2}-1"
        print(
            f"{name:16} {len(one):>9}  {a[0]:>8.2f} {b[0]:>8.2f} {a[0] / b[0]:>6.2f}"
            f"  {a[1]:>8.2f} {b[1]:>7.2f} {b[2]:>7.2f}  {same(one, many)}",
            flush=True,
        )


if __name__ == "__main__":
    main()

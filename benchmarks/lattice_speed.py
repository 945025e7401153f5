"""Time the region engine for three and more dimensions, beside Berzins' edge subdivision if given.

    OMP_NUM_THREADS=1 python benchmarks/lattice_speed.py --berzins CHECKOUT

CHECKOUT is a checkout of github.com/arturs-berzins/relu_edge_subdivision; torch must be installed.
Networks are He-normal with biases U(±1/sqrt(fan-in)) and fixed seeds, on [-1, 1]^d, and the
output's zero set is cut, too, as that program does.  It returns vertices, edges and sign vectors in
float32; "skeleton" is symnet's time for the same in exact arithmetic, "cells" and "facets" go on
from there. MB is the highest memory of the process so far (Linux).  Times are medians of process
time, the programs taking turns in one process and on one thread.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from resource import RUSAGE_SELF, getrusage
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from symnet.exact.polyhedron import Polyhedron
from symnet.regions.lattice import decompose
from symnet.regions.lattice_layers import Layer

NETWORKS = ["3-16-16-1", "3-32-32-1", "3-64-64-1", "4-12-12-1", "5-12-12-1"]


def he_normal(sizes: list[int], seed: int) -> list[tuple[Any, Any]]:
    rng = np.random.default_rng(seed)
    return [
        (rng.standard_normal((o, i)) * np.sqrt(2 / i), rng.uniform(-1, 1, o) / np.sqrt(i))
        for i, o in pairwise(sizes)
    ]


def berzins(checkout: str) -> Callable[[list[int], list[tuple[Any, Any]]], Callable[[], Any]]:
    """A function that prepares the peer's run on a network."""
    sys.path.insert(0, checkout)
    import torch
    from edge_subdivision import skeletal_subdivision
    from NN import Net

    torch.set_num_threads(1)

    def prepare(sizes: list[int], pairs: list[tuple[Any, Any]]) -> Callable[[], Any]:
        net = Net(sizes)
        for layer, (W, b) in zip(net.fcs, pairs, strict=True):
            layer.weight.data = torch.tensor(W, dtype=torch.float32)
            layer.bias.data = torch.tensor(b, dtype=torch.float32)

        def run() -> Any:
            with torch.no_grad():
                return skeletal_subdivision(net, device="cpu", verbose=False)

        return run

    return prepare


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    start = process_time()
    result = run()
    return process_time() - start, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--berzins", metavar="CHECKOUT", help="where relu_edge_subdivision is")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    options = parser.parse_args()
    peer = berzins(options.berzins) if options.berzins else None
    print("network      vertices   regions  skeleton +cells +facets regions/s    MB  berzins ratio")
    for name in options.networks:
        sizes = [int(n) for n in name.split("-")]
        pairs = he_normal(sizes, options.seed)
        layers = [Layer(W, b) for W, b in pairs]
        cube = Polyhedron.box([-1] * sizes[0], [1] * sizes[0])
        run_peer = peer(sizes, pairs) if peer else None
        times: dict[str, list[float]] = {"skeleton": [], "cells": [], "facets": [], "peer": []}
        for _ in range(options.repeat):
            seconds, complex_ = timed(partial(decompose, layers, cube))
            times["skeleton"].append(seconds)
            times["cells"].append(timed(complex_.__len__)[0])
            times["facets"].append(timed(partial(getattr, complex_, "facet_cells"))[0])
            if run_peer:
                seconds, (vertices, edges, _) = timed(run_peer)
                times["peer"].append(seconds)
                sizes_found = complex_.vertex_count, len(complex_.edges)
                agrees = sizes_found == (len(vertices), len(edges))
        best = {key: median(values) for key, values in times.items() if values}
        line = (
            f"{name:<12} {complex_.vertex_count:8d} {len(complex_):9d} {best['skeleton']:9.4f} "
            f"{best['cells']:6.3f} {best['facets']:7.3f} "
            f"{len(complex_) / best['skeleton']:10.0f} "
            f"{getrusage(RUSAGE_SELF).ru_maxrss // 1024:5d}"
        )
        if run_peer:
            line += f" {best['peer']:8.4f} {best['peer'] / best['skeleton']:5.2f}"
            line += "" if agrees else " and another number of vertices or edges"
        print(line, flush=True)


if __name__ == "__main__":
    main()

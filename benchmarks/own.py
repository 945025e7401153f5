"""Symnet itself, as one of the tools of the benchmark."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

from networks import Network
from peers import Counts

import symnet as sn
from symnet.exact.polyhedron import Polyhedron
from symnet.regions import lattice
from symnet.regions.activation import RELU
from symnet.regions.decompose import decompose
from symnet.regions.domain import box
from symnet.regions.lattice_layers import Layer

#: The engine alone; vertices and edges alone; what a user calls.
ENGINE, SKELETON, CALL = "symnet", "symnet, skeleton", "sn.piecewise"


def engine(layers: Network) -> Any:
    """The cells on [-1, 1]^d, from arrays."""
    d = layers[0][0].shape[1]
    if d <= 2:
        return decompose(layers, RELU, box((-1,) * d, (1,) * d))
    cells = lattice.decompose(
        [Layer(w, b) for w, b in layers[:-1]], Polyhedron.box([-1] * d, [1] * d), layers[-1]
    )
    len(cells)
    return cells


def exact_counts(layers: Network) -> Counts:
    """How many regions, vertices and edges there are."""
    cells = engine(layers)
    d = layers[0][0].shape[1]
    if d == 1:
        return {"regions": len(cells), "vertices": cells.vertex_count, "edges": len(cells)}
    edges = cells.side_count if d == 2 else len(cells.edges)
    return {"regions": len(cells), "vertices": cells.vertex_count, "edges": edges}


def runs(layers: Network) -> dict[str, Callable[[], Counts]]:
    """Ways to call symnet on a network."""
    d = layers[0][0].shape[1]
    parts: list[Any] = []
    for weight, bias in layers:
        parts += [sn.Linear(weight, bias), sn.ReLU()]
    network = sn.Sequential(*parts[:-1])

    def call() -> Counts:
        return {"regions": len(sn.piecewise(network, domain=sn.Box(*[[-1, 1]] * d)))}

    found = {ENGINE: lambda: {"regions": len(engine(layers))}}
    if d > 2:
        cube = Polyhedron.box([-1] * d, [1] * d)

        def skeleton() -> Counts:
            cells = lattice.decompose([Layer(w, b) for w, b in layers[:-1]], cube)
            return {"vertices": cells.vertex_count, "edges": len(cells.edges)}

        found[SKELETON] = skeleton
    return found | {CALL: call}


def details(layers: Network) -> dict[str, float]:
    """Bytes per region that the result keeps, and at the peak beyond; exact decisions."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    cells = engine(layers)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    regions = len(cells)
    two = layers[0][0].shape[1] <= 2
    exact = cells.evaluator.calls if two else cells.exact_decisions
    return {
        "kept": (kept - before) / regions,
        "beyond": (peak - kept) / regions,
        "exact": exact,
    }

"""The activation cells of a network on a polytope in three and more dimensions, exactly.

The complex grows by one form at a time.  In general position vertices and edges are enough
(`lattice_simple`); where that fails, and only there, the whole face lattice is built
(`lattice_faces`), which is right in every special position.  Either way every sign was decided by a
proved float bound or by exact integers (`lattice_vertices`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from flint import fmpq

from symnet.exact.polyhedron import Polyhedron
from symnet.regions.lattice_faces import FaceLattice, box_start
from symnet.regions.lattice_geometry import CellComplex
from symnet.regions.lattice_layers import Layer, PreparedLayer, split_float
from symnet.regions.lattice_simple import NotSimpleError, Skeleton
from symnet.regions.lattice_vertices import UNIT_ROUNDOFF, VertexStore
from symnet.regions.lattice_watch import watch
from symnet.regions.limits import NO_LIMITS, Limits

__all__ = ["CellComplex", "Layer", "decompose"]


def _bounds(domain: Polyhedron) -> tuple[list[fmpq], list[fmpq], bool]:
    """The bounding box of a polytope, and whether it is the polytope."""
    d = domain.ambient
    columns = [[v[k] for v in domain.vertices] for k in range(d)]
    lower, upper = [min(c) for c in columns], [max(c) for c in columns]
    is_box = all(sum(map(bool, f.normal)) == 1 for f in domain.half_spaces)
    return lower, upper, is_box


def _crooked_box(lower: list[fmpq], upper: list[fmpq]) -> tuple[list[fmpq], list[fmpq]]:
    """A strictly larger box: none of its facets touches the domain, nor is it in line with it."""
    width = [b - a for a, b in zip(lower, upper, strict=True)]
    below = [w * fmpq(k + 4, k + 3) for k, w in enumerate(width)]
    above = [w * fmpq(k + 12, k + 11) for k, w in enumerate(width)]
    return (
        [v - w for v, w in zip(lower, below, strict=True)],
        [v + w for v, w in zip(upper, above, strict=True)],
    )


def decompose(
    layers: Sequence[Layer],
    domain: Polyhedron,
    output: tuple[Any, Any] | None = None,
    *,
    unit_roundoff: float = UNIT_ROUNDOFF,
    method: Literal["auto", "skeleton", "lattice"] = "auto",
    limits: Limits = NO_LIMITS,
) -> CellComplex:
    """All activation cells of the hidden layers on a full-dimensional polytope of dimension >= 2.

    `output` (W, b) is the last, affine layer.  `unit_roundoff` larger than 2^-53 widens the error
    bounds and so sends more decisions to exact arithmetic (infinity: all of them); the result does
    not depend on it.  `method` fixes the representation; "skeleton" fails out of general position.

    >>> from symnet.exact.polyhedron import Polyhedron
    >>> cube = Polyhedron.box([-1, -1, -1], [1, 1, 1])
    >>> layer = Layer([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0])
    >>> cells = decompose([layer], cube, output=([[1, 1, 1]], [0]))
    >>> len(cells), cells.vertex_count, len(cells.edges), len(cells.adjacency())
    (8, 27, 54, 12)
    >>> top = cells.signs.tolist().index([1, 1, 1])
    >>> cells.affine_map(top), cells.volume(top)
    (([1, 1, 1], [0]), 1)
    """
    d = domain.ambient
    if not domain.is_bounded or domain.dimension != d or d < 2:
        raise ValueError(
            "the lattice engine needs a full-dimensional polytope in dimension 2 or more; found "
            f"dimension {domain.dimension} in R^{d}" + (", unbounded" * (not domain.is_bounded))
        )
    lower, upper, is_box = _bounds(domain)
    clip = None
    if not is_box:
        lower, upper = _crooked_box(lower, upper)
    scale = np.array(
        [max(split_float(v)[1] for v in pair if v) for pair in zip(lower, upper, strict=True)],
        dtype=np.int64,
    )
    if not is_box:
        facets = domain.half_spaces
        inner = Layer([[-v for v in f.normal] for f in facets], [f.offset for f in facets])
        clip = PreparedLayer(inner, d, scale)
    prepared, size, factor = [], d, scale
    for layer in layers:
        prepared.append(PreparedLayer(layer, size, factor))
        size, factor = prepared[-1].n_out, prepared[-1].output_scale
    corners = [[upper[k] if i >> k & 1 else lower[k] for k in range(d)] for i in range(2**d)]
    stages = [clip, *prepared] if clip is not None else prepared

    def run(general: bool) -> CellComplex:
        store = VertexStore(prepared, corners, scale, unit_roundoff, clip)
        count = 2 * d + sum(layer.hyperplanes for layer in stages)
        source = FaceLattice(store, box_start(d)) if general else Skeleton(store, d, count)
        after = watch(source, limits)
        if clip is not None:
            source.insert_layer(clip, -1, after)
            source.clip(clip.hyperplanes)
        for depth, layer in enumerate(prepared):
            source.insert_layer(layer, depth, after)
        source.finish()
        return CellComplex(source, prepared, scale, layers, output, domain, clip is not None)

    if method != "lattice":
        try:
            return run(general=False)
        except NotSimpleError:
            if method == "skeleton":
                raise
    return run(general=True)

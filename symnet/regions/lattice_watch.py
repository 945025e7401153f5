"""Progress and limits of the lattice engines, after every form that was inserted."""

from __future__ import annotations

from collections.abc import Callable

from symnet.regions.lattice_faces import FaceLattice
from symnet.regions.lattice_simple import Skeleton
from symnet.regions.lattice_simple_cells import count_cells
from symnet.regions.limits import Limits

__all__ = ["watch"]


def watch(source: Skeleton | FaceLattice, limits: Limits) -> Callable[[int], None]:
    """What to call after a form of the current layer, with its number."""
    store = source.store
    count = _skeleton_count(source) if isinstance(source, Skeleton) else _lattice_count(source)

    def after(column: int) -> None:
        done, forms = column + 1, store.hyperplanes
        place = f"layer {store.depth + 1} of {len(store.layers)}, neuron {done} of {forms}"
        limits.say(f"{store.count} vertices, {place if store.depth >= 0 else 'the domain'}")
        if limits.max_regions is not None and store.depth >= 0:
            limits.check(count(done == forms), place)

    return after


def _lattice_count(lattice: FaceLattice) -> Callable[[bool], int]:
    return lambda at_end: lattice.faces[lattice.dimension].count


def _skeleton_count(skeleton: Skeleton) -> Callable[[bool], int]:
    """Cells are counted at the end of a layer, and when vertices have doubled."""
    cells, next_time = 1, 0

    def count(at_end: bool) -> int:
        nonlocal cells, next_time
        if at_end or skeleton.store.count >= next_time:
            cells, next_time = count_cells(skeleton), 2 * skeleton.store.count
        return cells

    return count

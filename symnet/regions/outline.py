"""The refined outlines of the cells that a layer cuts, and the chords that cut them.

A cell is a strictly convex polygon, so a unit with both signs on it vanishes at exactly two points
of its outline: crossings of edges, or corners. These are the ends of the unit's chord. Places on
all outlines are numbered together, counterclockwise within a cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symnet.exact.arrays import Ints, Words
from symnet.regions.edges import LayerState, Subdivision
from symnet.regions.words import members, rank, rank_table, singletons


@dataclass(frozen=True)
class Outline:
    """Places on the outlines of the cut cells: the vertex at each, the edge piece that follows it.

    ``following[r]`` and ``previous[r]`` are the neighbouring places, ``cell[r]`` counts the cut
    cells.
    """

    vertex: Ints
    piece: Ints
    following: Ints
    previous: Ints
    cell: Ints
    size: Ints


@dataclass(frozen=True)
class Chords:
    """Chords from place a to place b > a, by cell, and (``mask``) all units that vanish there."""

    cell: Ints
    unit: Ints
    a: Ints
    b: Ints
    mask: Words


def ranges(start: Ints, length: Ints) -> tuple[Ints, Ints]:
    """Return (row, start[row] + 0, 1, ..., length[row] - 1) for all rows, one after the other."""
    row = np.arange(length.shape[0]).repeat(length)
    shift = start - offsets(length)[:-1]
    return row, np.arange(row.shape[0]) + shift.take(row)


def offsets(length: Ints) -> Ints:
    """Return 0, length[0], length[0] + length[1], ...: where each of several lists begins."""
    result = np.zeros(length.shape[0] + 1, dtype=np.int64)
    length.cumsum(out=result[1:])
    return result


def trace_outlines(
    state: LayerState,
    sub: Subdivision,
    edge_start: Ints,
    corner: Ints,
    side: Ints,
    offset: Ints,
    crossed: Words,
    chosen: Ints,
) -> tuple[Outline, Chords]:
    """Return the outlines of the cells `chosen` and the chords of the units `crossed` on each.

    ``corner, side, offset`` are the cells' corners and edges; ``edge_start`` is where each edge
    begins.
    """
    sides = offset[chosen + 1] - offset[chosen]
    half_cell, half = ranges(offset.take(chosen), sides)
    corner, side = corner.take(half), side.take(half)
    zero_half = zero_unit = half[:0]
    if state.zero is not None:  # corners at which a unit that cuts the cell vanishes
        zero_half, zero_unit = members(
            crossed.take(half_cell, axis=0) & state.zero.take(corner, axis=0)
        )
    del half_cell, half  # there are many of each
    forward = edge_start.take(side) == corner
    new = sub.count.take(side)
    start = (new + 1).cumsum() - (new + 1)  # the place of each corner
    places = int(start[-1] + new[-1]) + 1 if start.size else 0
    old = state.vertex.shape[0]

    vertex = np.empty(places, dtype=np.int64)
    piece = np.empty(places, dtype=np.int64)
    vertex[start] = corner
    first_piece = sub.start.take(side) + side
    piece[start] = np.where(forward, first_piece, first_piece + new)
    owner, crossing = ranges(sub.crossing_start.take(side), sub.crossing_count.take(side))
    point = sub.point.take(crossing)
    along = point - sub.start.take(side).take(owner)
    ahead = forward.take(owner)
    place = start.take(owner) + np.where(ahead, along + 1, new.take(owner) - along)
    vertex[place] = old + point
    piece[place] = first_piece.take(owner) + along + ahead
    end_place = np.concatenate([place, start.take(zero_half)])
    end_unit = np.concatenate([sub.unit.take(crossing), zero_unit])
    del corner, side, forward, new, first_piece, owner, crossing, point, along, ahead, place

    cell_start = start.take(sides.cumsum() - sides)
    cell_end = np.empty_like(cell_start)
    cell_end[:-1], cell_end[-1:] = cell_start[1:], places
    following = np.arange(1, places + 1)
    following[cell_end - 1] = cell_start
    previous = np.arange(-1, places - 1)
    previous[cell_start] = cell_end - 1
    size = cell_end - cell_start
    cell = np.arange(chosen.shape[0]).repeat(size)
    outline = Outline(vertex, piece, following, previous, cell, size)
    return outline, _pair_ends(cell, crossed, end_place, end_unit)


def _pair_ends(cell: Ints, crossed: Words, place: Ints, unit: Ints) -> Chords:
    """Join the two ends of each chord, and merge chords with the same ends."""
    chord_cell, chord_unit = members(crossed)
    count = chord_cell.shape[0]
    if place.shape[0] != 2 * count:
        raise AssertionError(f"{count} chords have {place.shape[0]} ends: the cells are not convex")
    chord = rank(crossed, rank_table(crossed), cell.take(place), unit)
    one = np.empty(count, dtype=np.int64)
    one[chord] = place
    other = one.copy()
    differs = one.take(chord) != place
    other[chord[differs]] = place[differs]
    a, b = np.minimum(one, other), np.maximum(one, other)
    mask = singletons(chord_unit, crossed.shape[1])
    shared = np.bincount(place, minlength=cell.shape[0]) > 1
    twice = (shared.take(a) & shared.take(b)).nonzero()[0]
    if twice.size:
        key = a.take(twice) * cell.shape[0] + b.take(twice)
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        if first.size < twice.size:
            same = twice.take(first).take(inverse)
            np.bitwise_or.at(mask, same, mask.take(twice, axis=0))
            keep = np.ones(count, dtype=np.bool_)
            keep[twice] = False
            keep[twice.take(first)] = True
            chord_cell, chord_unit, a, b = (x[keep] for x in (chord_cell, chord_unit, a, b))
            mask = mask[keep]
    return Chords(chord_cell, chord_unit, a, b, mask)

"""Faces of the arrangements of chords in the cut cells, traced from half-edges.

At an interior vertex the rays along the chords leave in the cyclic order of their ends on the
outline, because the cell is convex; at a place on the outline they leave in the order of their
other ends. The half-edge after one that arrives at a vertex is the ray clockwise next to where it
came from.
"""

from __future__ import annotations

import numpy as np

from symnet.exact.arrays import Ints
from symnet.regions.arrangement import Arrangement
from symnet.regions.outline import Chords, Outline, offsets


def trace_faces(outline: Outline, chords: Chords, arrangement: Arrangement) -> tuple[Ints, Ints]:
    """Return (half_edges, offset): faces as cycles of half-edges, one after the other.

    Half-edge r < R follows the outline from place r; R + 2 k and R + 2 k + 1 are chord piece k from
    end a to b and back.
    """
    return cycles(_link(outline, chords, arrangement))


def _link(outline: Outline, chords: Chords, arrangement: Arrangement) -> Ints:
    """Return the successor of every half-edge on its face."""
    places = outline.vertex.shape[0]
    total = places + 2 * arrangement.piece_count
    successor = np.empty(total, dtype=np.int64)
    successor[:places] = outline.following

    if 2 * arrangement.unit.shape[0] == arrangement.pass_chord.shape[0]:
        _link_crossings(successor, places, chords, arrangement)
    else:
        _link_inside(successor, places, chords, arrangement)

    # places on the outline: the piece of outline ahead, the chords, the piece behind
    first = places + 2 * arrangement.piece_start
    last = places + 2 * (arrangement.piece_end - 1)
    place, look = np.concatenate([chords.a, chords.b]), np.concatenate([chords.b, chords.a])
    leaving, arriving = np.concatenate([first, last + 1]), np.concatenate([first + 1, last])
    successor[arriving] = place
    successor[outline.previous.take(place)] = leaving
    many = (np.bincount(place, minlength=places) > 1).take(place).nonzero()[0]
    if many.size:
        place, look, leaving, arriving = (x.take(many) for x in (place, look, leaving, arriving))
        turn = look - place
        turn += np.where(turn < 0, outline.size.take(outline.cell.take(place)), 0)
        order = np.lexsort((turn, place))
        place, leaving, arriving = place.take(order), leaving.take(order), arriving.take(order)
        same = np.append(False, place[1:] == place[:-1])
        successor[arriving] = np.where(same, np.roll(leaving, 1), place)
        final = np.append(~same[1:], True)
        successor[outline.previous.take(place[final])] = leaving[final]
    return successor


def _link_inside(successor: Ints, places: int, chords: Chords, arrangement: Arrangement) -> None:
    """At interior vertices the rays are sorted by the place that they look to."""
    before = places + 2 * arrangement.pass_before
    a, b = chords.a.take(arrangement.pass_chord), chords.b.take(arrangement.pass_chord)
    target = np.concatenate([a, b])
    vertex = np.concatenate([arrangement.pass_vertex, arrangement.pass_vertex])
    arriving = np.concatenate([before, before + 3])
    leaving = np.concatenate([before + 1, before + 2])
    order = np.argsort(vertex * places + target)
    vertex, arriving, leaving = vertex.take(order), arriving.take(order), leaving.take(order)
    begin = np.flatnonzero(np.append(True, vertex[1:] != vertex[:-1]))
    clockwise = np.arange(-1, order.size - 1)
    clockwise[begin] = np.append(begin[1:], order.size) - 1
    successor[arriving] = leaving.take(clockwise)


def _link_crossings(successor: Ints, places: int, chords: Chords, arrangement: Arrangement) -> None:
    """The same where exactly two chords pass each vertex: then their ends interleave."""
    count = arrangement.unit.shape[0]
    passage = np.arange(arrangement.pass_chord.shape[0])
    first, second = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    second[arrangement.pass_vertex] = passage  # the last one stays
    first[arrangement.pass_vertex[::-1]] = passage[::-1]
    i, j = (places + 2 * arrangement.pass_before.take(k) for k in (first, second))
    a = chords.a.take(arrangement.pass_chord)
    ahead = a.take(first) < a.take(second)  # the ends are a_i, a_j, b_i, b_j; else a_j comes first
    # a piece from a arrives as i and is left as i + 1; one from b as i + 3 and i + 2
    successor[i] = np.where(ahead, j + 2, j + 1)
    successor[j] = np.where(ahead, i + 1, i + 2)
    successor[i + 3] = np.where(ahead, j + 1, j + 2)
    successor[j + 3] = np.where(ahead, i + 2, i + 1)


def cycles(successor: Ints) -> tuple[Ints, Ints]:
    """Return the cycles of a permutation, one after the other, each from its least element on.

    >>> cycles(np.array([2, 1, 3, 0]))
    (array([0, 2, 3, 1]), array([0, 3, 4]))
    """
    least, jump = np.minimum(np.arange(successor.shape[0]), successor), successor
    while True:  # pointer jumping: after k rounds, the least of 2**k successors
        jump = jump.take(jump)
        closer = np.minimum(least, least.take(jump))
        if (closer == least).all():
            break
        least = closer
    length = np.bincount(least)
    leaders = length.nonzero()[0]
    length = length.take(leaders)
    offset = offsets(length)
    longest_first = (-length).argsort(kind="stable")
    current, slot = leaders.take(longest_first), offset.take(longest_first)
    alive = leaders.shape[0] - np.bincount(length).cumsum()  # those longer than 0, 1, ...
    result = np.empty(successor.shape[0], dtype=np.int64)
    for count in alive[:-1].tolist():
        current, slot = current[:count], slot[:count]
        result[slot] = current
        current = successor.take(current)
        slot = slot + 1
    return result, offset

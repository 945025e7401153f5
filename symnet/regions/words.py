"""Sets of units as packed bit words: row r of a ``uint64`` array of shape (rows, ceil(m / 64))."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from symnet.exact.arrays import Bools, Ints, Words

_ONE = np.uint64(1)
_LITTLE = np.dtype("<u8")
# Up to so many words, it costs less to look at all bits than to look for words with some.
_FEW = 1 << 10


def word_count(units: int) -> int:
    """Return how many 64-bit words hold `units` bits: at least one."""
    return max(1, -(-units // 64))


def pack(flags: Bools) -> Words:
    """Return the words of a boolean array of shape (rows, m)."""
    rows, units = flags.shape
    width = 8 * word_count(units)
    if units % 8:
        packed = np.packbits(flags, axis=1, bitorder="little")
    else:
        packed = np.packbits(flags.ravel(), bitorder="little").reshape(rows, units // 8)
    if packed.shape[1] != width:
        padded = np.zeros((rows, width), dtype=np.uint8)
        padded[:, : packed.shape[1]] = packed
        packed = padded
    return packed.view(_LITTLE).astype(np.uint64, copy=False)


@lru_cache(64)
def full_words(units: int) -> Words:
    """Return the words of the set of all units, as one row."""
    words = pack(np.ones((1, units), dtype=np.bool_))
    words.flags.writeable = False
    return words


def with_linear(words: Words, relu: int, units: int, linear: Bools | None) -> Words:
    """Return the words of sets of the first `relu` units, together with some of the others, or all.

    ``linear`` are the flags of the others, None where all are meant.
    """
    if relu == units:
        return words
    if linear is not None:
        return pack(np.hstack([unpack(words, relu), linear]))
    result = np.repeat(full_words(units), words.shape[0], axis=0)
    first = words.shape[1]
    result[:, :first] &= words | ~full_words(relu)
    return result


def unpack(words: Words, units: int) -> Bools:
    """Return the boolean array of shape (rows, units)."""
    octets = np.ascontiguousarray(words.astype(_LITTLE, copy=False)).view(np.uint8)
    flags = np.unpackbits(octets, axis=1, bitorder="little", count=units)
    return flags.view(np.bool_)


def members(words: Words) -> tuple[Ints, Ints]:
    """Return (row, unit) of every set bit, rows ascending and units ascending within a row."""
    bits = 64 * words.shape[1]
    octets = words.astype(_LITTLE, copy=False)
    busy = None
    if words.size > _FEW:
        any_set = words[:, 0] if bits == 64 else np.bitwise_or.reduce(words, axis=1)
        busy = any_set.nonzero()[0]
        octets = octets.take(busy, axis=0)
    flags = np.unpackbits(octets.ravel().view(np.uint8), bitorder="little")
    place = np.flatnonzero(flags.view(np.bool_))
    row = place // bits
    unit = place - row * bits
    return row if busy is None else busy.take(row), unit


def singletons(units: Ints, width: int) -> Words:
    """Return the words of the one-element sets {units[i]}."""
    bit = np.left_shift(_ONE, (units & 63).astype(np.uint64))
    if width == 1:
        return bit[:, None]
    words = np.zeros((units.shape[0], width), dtype=np.uint64)
    words[np.arange(units.shape[0]), units >> 6] = bit
    return words


def rank_table(words: Words) -> Ints:
    """Return base[r, w]: how many set bits precede word w of row r, over all rows in order."""
    counts = np.bitwise_count(words).astype(np.int64)
    flat = counts.ravel().cumsum()
    base: Ints = (flat - counts.ravel()).reshape(counts.shape)
    return base


def rank(words: Words, base: Ints, row: Ints, unit: Ints) -> Ints:
    """Return the place of the set bit (row, unit) in the order of `members(words)`."""
    width = words.shape[1]
    flat = row * width + (unit >> 6) if width > 1 else row
    below = np.left_shift(_ONE, (unit & 63).astype(np.uint64)) - _ONE
    inside = np.bitwise_count(words.ravel().take(flat) & below)
    place: Ints = base.ravel().take(flat) + inside
    return place


def walk(
    opening: Words,
    closing: Words,
    first: Ints,
    pieces: int,
    piece: Ints,
    unit: Ints,
    single: bool,
) -> Words:
    """Return the words of the pieces of segments on which units change their signs.

    Segment s has the pieces from ``first[s]`` to ``first[s + 1] - 1``, of `pieces` in all; it opens
    with the word ``opening[s]`` and closes with ``closing[s]``. Unit ``unit[i]`` changes where
    piece ``piece[i]`` begins; `single` says that all of these pieces are different.
    """
    width = opening.shape[1]
    words = np.zeros((pieces, width), dtype=np.uint64)
    words[first] = opening
    words[first[1:]] ^= closing[:-1]
    flat = words.reshape(-1)
    place = piece * width + (unit >> 6) if width > 1 else piece
    bit = np.left_shift(_ONE, (unit & 63).astype(np.uint64))
    if single:
        flat[place] ^= bit
    else:
        np.bitwise_xor.at(flat, place, bit)
    if width == 1:
        np.bitwise_xor.accumulate(flat, out=flat)
    else:
        np.bitwise_xor.accumulate(words, axis=0, out=words)
    return words

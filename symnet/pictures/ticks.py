"""Round numbers on axes, and how they are written."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, log10

from .marks import Number, Tick


def step(span: Number, count: int) -> Fraction:
    """The least 1, 2 or 5 times a power of ten with at most ``count`` steps in ``span``.

    >>> step(2, 5), step(Fraction(1, 7), 5)
    (Fraction(1, 2), Fraction(1, 20))
    """
    least = Fraction(span) / count
    power = Fraction(10) ** (floor(log10(least)) - 1)
    while True:
        for factor in (1, 2, 5):
            if factor * power >= least:
                return factor * power
        power *= 10


def multiples(low: Number, high: Number, by: Fraction) -> list[Fraction]:
    """The multiples of ``by`` from ``low`` to ``high``."""
    first, last = ceil(Fraction(low) / by), floor(Fraction(high) / by)
    return [k * by for k in range(first, last + 1)]


def round_ticks(low: Number, high: Number, count: int = 5) -> tuple[Tick, ...]:
    """Ticks at round numbers, as decimals.

    >>> [t.words for t in round_ticks(-1, 1)]
    ['$-1$', '$-0.5$', '$0$', '$0.5$', '$1$']
    """
    by = step(Fraction(high) - Fraction(low), count)
    return tuple(Tick(v, decimal(v)) for v in multiples(low, high, by))


def decimal(value: Fraction) -> str:
    r"""A number with few decimals as mathematics, in powers of ten where it is large or small.

    >>> decimal(Fraction(-1, 4)), decimal(Fraction(0)), decimal(Fraction(3, 10**7))
    ('$-0.25$', '$0$', '$3 \\cdot 10^{-7}$')
    """
    size = abs(value)
    if size == 0 or Fraction(1, 10**4) <= size < 10**6:
        return f"${_plain(value)}$"
    power = floor(log10(size))
    while Fraction(10) ** (power + 1) <= size:
        power += 1
    lead = _plain(value / Fraction(10) ** power)
    factor = {"1": "", "-1": "-"}.get(lead, rf"{lead} \cdot ")
    return f"${factor}10^{{{power}}}$"


def _plain(value: Fraction) -> str:
    digits = 0
    while digits < 12 and value * 10**digits % 1:
        digits += 1
    return f"{float(value):.{digits}f}"


def fraction(value: Fraction) -> str:
    r"""A rational as mathematics.

    >>> fraction(Fraction(-2, 3)), fraction(Fraction(4))
    ('$-\\frac{2}{3}$', '$4$')
    """
    sign = "-" if value < 0 else ""
    if value.denominator == 1:
        return f"${value.numerator}$"
    return rf"${sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}$"


def exact_ticks(
    values: list[Fraction], low: Number, high: Number, length: float, upright: bool = False
) -> tuple[Tick, ...] | None:
    """Ticks at the values themselves, as fractions; words only where there is room for them.

    None where their fractions are too long to be read, or most would have no room.

    Parameters
    ----------
    values : what is marked
    low, high : the range of the axis
    length : how long it is, in points
    upright : whether words stand above each other rather than side by side
    """
    inside = sorted({v for v in values if low <= v <= high})
    if not inside or len(inside) > 12 or any(_letters(v) > 4 for v in inside):
        return None
    ticks, free = [], float("-inf")
    for value in inside:
        place = float((value - Fraction(low)) / (Fraction(high) - Fraction(low))) * length
        half = 7.5 if upright else 3.5 + 2.2 * (_letters(value) + (value < 0))
        fits = place - half >= free
        ticks.append(Tick(value, fraction(value) if fits else ""))
        free = place + half if fits else free
    return tuple(ticks) if 2 * sum(not t.words for t in ticks) <= len(ticks) else None


def _letters(value: Fraction) -> int:
    return max(len(str(abs(value.numerator))), len(str(value.denominator)))

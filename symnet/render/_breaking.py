r"""Breaking a long formula: before a relation or a plus, else between two factors."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise, takewhile

from ..notation._characters import DIVIDE
from ._measure import BREAK, MARKS, pairs, running, tokens
from ._metrics import OPERATIONS, RELATIONS

_OPENING = frozenset(("(", "[", r"\{", r"\left"))
_CLOSING = frozenset((")", "]", r"\}", r"\right"))
_TALL = (r"\frac", r"\dfrac", r"\begin", r"\sum", r"\int", r"\prod", r"\left", r"\binom")


@dataclass(frozen=True)
class _Place:
    """A place where a line may end: in front of token ``at``, the better the lower the cost."""

    at: int
    cost: float
    open: tuple[int, ...]  # tokens \left that are open here


def flat(latex: str) -> str:
    r"""The same with plain parentheses where nothing between them is tall.

    >>> flat(r"W \left(x + b\right)")
    'W (x + b)'
    """
    found = tokens(latex)
    stack: list[int] = []
    for at, token in enumerate(found):
        if token == r"\left":
            stack.append(at)
        elif token == r"\right" and stack:
            start = stack.pop()
            inside = found[start + 1 : at]
            small = not any(t in _TALL for t in inside)
            if small and found[start + 1] in "([" and found[at + 1] in ")]":
                found[start] = found[at] = ""
                if found[start + 2].isspace():
                    found[start + 2] = ""
                if found[at - 1].isspace():
                    found[at - 1] = ""
    return "".join(found)


def unmarked(latex: str, instead: str = "") -> str:
    """Without the marks between factors."""
    return latex.replace(BREAK, instead).replace(DIVIDE, instead)


def broken(latex: str, first: float, rest: float) -> list[str]:
    r"""The formula in lines of at most that width, the first and the others.

    >>> broken(r"W_{2} x + b_{2}", 30, 30)
    ['W_{2} x', '+ b_{2}']
    """
    found = tokens(latex)
    before = running(found)
    places = _places(found)
    lines: list[str] = []
    start, opened, room, seen = 0, 0, first, 0
    while before[-1] - before[start] + _extra(found, start, opened) > room:
        while seen < len(places) and not _says_something(found[start : places[seen].at]):
            seen += 1
        used = before[start] - _extra(found, start, opened)
        end = bisect_right(before, used + room)
        near = takewhile(lambda p, end=end: p.at <= end, places[seen:])  # type: ignore[misc]
        place = _best([(p, before[p.at] - used + 9.0 * len(p.open)) for p in near], room)
        if place is None and seen < len(places):
            place = places[seen]
        if place is None:
            break
        lines.append(_line(found, start, place.at, opened, len(place.open)))
        start, opened, room = place.at, len(place.open), rest
    lines.append(_line(found, start, len(found), opened, 0))
    return lines


def widest(latex: str) -> float:
    """The width of the widest part that cannot be broken."""
    found = tokens(latex)
    before = running(found)
    cuts = [0, *(p.at for p in _places(found)), len(found)]
    return max(before[b] - before[a] for a, b in pairwise(cuts))


def _says_something(part: list[str]) -> bool:
    return any(t not in MARKS and not t.isspace() for t in part)


def _extra(found: list[str], start: int, opened: int) -> float:
    """What a continued line has at its head."""
    return (16.0 if start < len(found) and found[start] == BREAK else 0.0) + 2.5 * opened


def _line(found: list[str], start: int, end: int, opened: int, closing: int) -> str:
    part = found[start:end]
    if start and part and part[0] == BREAK:
        part = [r"\cdot ", *part[1:]]
    head = r"\left. " * opened
    return unmarked(head + "".join(part) + r" \right." * closing).strip()


def _places(found: list[str]) -> list[_Place]:
    places: list[_Place] = []
    depth = 0
    lefts: list[int] = []
    before = "("
    for at, (braces, token) in enumerate(pairs(found)):
        if token.isspace():
            continue
        if braces == 0:
            if token in _CLOSING and before != r"\left":
                depth -= 1
                if token == r"\right" and lefts:
                    lefts.pop()
            cost = _cost(token, before)
            if cost is not None and at > 0:
                # inside tall parentheses a break is ugly, inside a factor it is uglier
                places.append(_Place(at, cost + 2 * depth + 4 * len(lefts), tuple(lefts)))
            if token in _OPENING and before not in (r"\left", r"\right"):
                depth += 1
                if token == r"\left":
                    lefts.append(at)
        before = token
    return places


def _cost(token: str, before: str) -> float | None:
    unary = before in _OPENING or before in OPERATIONS or before in RELATIONS or before == ","
    if token in RELATIONS:
        return -1.0
    if token in "+-" and not unary:
        return 0.0
    if token == BREAK:
        return 4.0
    if token == "/":
        return 2.0
    if token == DIVIDE:
        return 9.0
    if token in (r"\cdot", r"\times", r"\odot", r"\otimes", r"\circ") and not unary:
        return 2.5
    if before == ",":
        return 2.0
    return None


def _best(places: list[tuple[_Place, float]], room: float) -> _Place | None:
    fitting = [(p, w) for p, w in places if w <= room]
    if not fitting:
        return None
    longest = fitting[-1][1]

    def value(place_width: tuple[_Place, float]) -> tuple[float, int]:
        # a line that stays empty is as bad as a break some levels deeper
        place, used = place_width
        return place.cost + 12 * max(0.0, 0.6 - used / longest), -place.at

    return min(fitting, key=value)[0]

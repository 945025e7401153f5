"""Breaking a formula in plain text before a relation or a plus, else between factors."""

from __future__ import annotations

import re


def broken_text(text: str, room: int) -> list[str]:
    """The formula in lines of at most ``room`` characters, if it has places for that.

    >>> broken_text("W_2 (W_1 x + b_1) + b_2", 20)
    ['W_2 (W_1 x + b_1)', '+ b_2']
    """
    lines = []
    while len(text) > room:
        place = _best(text, room)
        if place is None:
            break
        lines.append(text[:place].rstrip())
        text = text[place:].lstrip()
    return [*lines, text]


def _best(text: str, room: int) -> int | None:
    best: tuple[float, int] | None = None
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if character != " " or at == 0:
            continue
        if at > room:
            break
        sign = re.match(r" ([-+=<>]|<=|>=|!=) ", text[at:]) is not None
        after = text[at - 1] in "+-=<>*"
        cost = 2 * depth + (0 if sign else 9 if after else 3) + (3 if at < 0.4 * room else 0)
        if best is None or (cost, -at) <= best:
            best = (cost, -at)
    if best is not None:
        return -best[1]
    return next((k for k, c in enumerate(text) if c == " " and k > 0), None)

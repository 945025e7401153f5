"""Words of a picture: plain text, with mathematics between dollar signs."""

from __future__ import annotations

import re

_DOLLAR = re.compile(r"(?<!\\)\$")


def parts(words: str) -> list[tuple[str, bool]]:
    r"""The parts of some words, and whether each is mathematics; a single dollar sign is text.

    >>> parts("at $x_1$ = 2"), parts("costs 3$"), parts(r"\$5 or $y$")
    ([('at ', False), ('x_1', True), (' = 2', False)], [('costs 3$', False)], [('$5 or ', False), ('y', True)])
    """  # noqa: E501
    pieces = _DOLLAR.split(words)
    if len(pieces) % 2 == 0:
        return [(words.replace(r"\$", "$"), False)]
    found = [(p if k % 2 else p.replace(r"\$", "$"), bool(k % 2)) for k, p in enumerate(pieces)]
    return [(text, math) for text, math in found if text]


def is_formula(words: str) -> bool:
    """Whether words are mathematics alone.

    >>> is_formula("$x_1$"), is_formula("speed $v$")
    (True, False)
    """
    return all(math for _, math in parts(words))

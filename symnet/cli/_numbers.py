"""Exact numbers on the command line: 1/3, 0.1 and 1e-3 are what they say, and -1 is no option."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from fractions import Fraction
from math import inf

_DIGITS = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
_NUMBER = re.compile(rf"[-+]?(?:{_DIGITS}(?:/\d+)?|inf|oo)", re.ASCII)

#: Longer numbers are refused.
MAX_LENGTH = 1000

Number = Fraction | float


def joined(arguments: Sequence[str], options: Sequence[str]) -> list[str]:
    """The arguments, with the numbers after one of these options as one argument.

    So argparse takes what follows the numbers for none of them. Any number below 0 gets a space
    before it, so that -1/2 is taken for no option.

    >>> joined(["--box", "-1", "1", "net.onnx", "-1/2"], ["--box"])
    ['--box', ' -1 1', 'net.onnx', ' -1/2']
    """
    result: list[str] = []
    numbers = False
    for argument in arguments:
        if numbers and _NUMBER.fullmatch(argument):
            if result[-1] in options:
                result.append("")
            result[-1] += f" {argument}"
            continue
        below = argument.startswith("-") and _NUMBER.fullmatch(argument)
        result.append(f" {argument}" if below else argument)
        numbers = argument in options
    return result


def numbers(text: str) -> list[Number]:
    """The numbers in a text, between spaces or commas.

    >>> numbers(" -1/2 0.1, inf")
    [Fraction(-1, 2), Fraction(1, 10), inf]
    """
    return [number(word) for word in text.replace(",", " ").split()]


def number(word: str) -> Number:
    """The number that a word is, exactly; oo and inf are infinite."""
    if len(word) > MAX_LENGTH or not _NUMBER.fullmatch(word):
        shown = word if len(word) <= 40 else word[:40] + "…"
        raise argparse.ArgumentTypeError(
            f"{shown!r} is not a number; write it like -1, 0.25, 1/3, 1e-3 or inf"
        )
    if word.lstrip("+-") in ("inf", "oo"):
        return -inf if word.startswith("-") else inf
    above, _, below = word.partition("/")
    if below and not int(below):
        raise argparse.ArgumentTypeError(f"{word} is divided by 0")
    return Fraction(above) / int(below or 1)


def count(text: str) -> int:
    """A whole number from 1 on."""
    if not re.fullmatch(r"0*[1-9]\d{0,18}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def seconds(text: str) -> float:
    """A positive number of seconds."""
    (value,) = finite(text) or (Fraction(0),)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write seconds such as 10 or 0.5")
    return float(value)


def index(text: str) -> int:
    """A whole number from 0 on."""
    return 0 if re.fullmatch("0+", text) else count(text)


def processes(text: str) -> int:
    """A number of processes; -1 is all."""
    return -1 if text.strip() == "-1" else count(text)


def finite(text: str) -> list[Fraction]:
    """The numbers in a text, none of them infinite."""
    found = numbers(text)
    fractions = [v for v in found if isinstance(v, Fraction)]
    if len(fractions) < len(found):
        raise argparse.ArgumentTypeError(f"{text.strip()}: an infinite number cannot stand here")
    return fractions


def intervals(text: str) -> list[tuple[Number, Number]]:
    """Bounds LO HI, one pair for all coordinates or one for each.

    >>> intervals("-1 1 0 1/2")
    [(Fraction(-1, 1), Fraction(1, 1)), (Fraction(0, 1), Fraction(1, 2))]
    """
    found = numbers(text)
    if not found or len(found) % 2:
        raise argparse.ArgumentTypeError(
            f"a box takes pairs LO HI, one pair for all coordinates or one for each, and found "
            f"{len(found)} number{'s' * (len(found) != 1)}"
        )
    pairs = list(zip(found[::2], found[1::2], strict=True))
    for low, high in pairs:
        if low > high:
            raise argparse.ArgumentTypeError(f"{low} is greater than {high}; write LO HI")
    return pairs


def plane(text: str) -> list[list[Fraction]]:
    """An origin and directions, between semicolons.

    >>> plane("0 1/2; 1 0")
    [[Fraction(0, 1), Fraction(1, 2)], [Fraction(1, 1), Fraction(0, 1)]]
    """
    rows = [finite(part) for part in text.split(";") if part.strip()]
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        sizes = ", ".join(str(len(row)) for row in rows)
        raise argparse.ArgumentTypeError(
            f"rows of {sizes} numbers; a slice is an origin and directions of the same length, "
            'between semicolons: "0 0 1; 1 0 0; 0 1 0"'
        )
    return rows

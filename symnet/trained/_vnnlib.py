"""VNN-LIB: properties of networks as conditions on inputs X_i and outputs Y_j.

A file declares real constants and asserts linear inequalities, with ``and`` and ``or``. It says
what is *not* wanted: the property holds if no input meets all of its assertions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from flint import fmpq

from ..errors import LoadError
from ..regions.domains import Box, Domain, Polyhedron
from ._property import Case, Form, Property, Violation

_MAX_BYTES, _MAX_CASES, _MAX_DEPTH, _MAX_DIGITS = 1 << 26, 10_000, 100, 400
_TOKEN = re.compile(r"\s+|;[^\n]*|([()])|([^\s();]+)")
_VARIABLE = re.compile(r"([XY])_(0|[1-9]\d{0,6})", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_MAX_FORMS = 1 << 22

#: Coefficients of variables such as ("X", 3), and the constant under None.
Linear = dict[Any, Fraction]
#: Inequalities linear <= 0, all of which hold.
Conjunction = tuple[Linear, ...]


def load_property(path: str | Path) -> Property:
    """The property in a VNN-LIB file, with its decimals exactly as they are written.

    The file says what must not occur: inputs X_0, X_1, … with outputs Y_0, Y_1, … that meet all
    assertions. Inputs need bounds.

    Raises
    ------
    LoadError
        For what is not VNN-LIB, strict inequalities, products of variables, conditions that relate
        inputs to outputs, and inputs without bounds.

    Examples
    --------
    >>> import pathlib, tempfile, symnet as sn
    >>> text = '''
    ... (declare-const X_0 Real)
    ... (declare-const Y_0 Real)
    ... (declare-const Y_1 Real)
    ... (assert (>= X_0 -0.5)) (assert (<= X_0 2))
    ... (assert (or (and (<= Y_0 0.25)) (and (>= Y_0 Y_1))))
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "small.vnnlib")
    ...     _ = file.write_text(text)
    ...     found = sn.load_property(file)
    >>> found.cases[0].domain, len(found.cases[0].violations)
    (Box([-1/2, 2]), 2)

    Source: Guidotti, Demarchi, Tacchella and Pulina, The VNN-LIB standard, https://www.vnnlib.org.
    """
    path = Path(path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise LoadError(f"{path} has more than {_MAX_BYTES} bytes, which is no property")
        text = path.read_text(encoding="ascii")
    except UnicodeDecodeError:
        raise LoadError(f"{path}: this is not VNN-LIB, which is ASCII text") from None
    except OSError as error:
        raise LoadError(f"cannot read {path}: {error.strerror or error}") from error
    return _Reader(path, text).read()


@dataclass
class _Reader:
    path: Path
    text: str
    line: int = 1

    def read(self) -> Property:
        counts = {"X": 0, "Y": 0}
        asserted: list[list[Conjunction]] = []
        for expression in self._expressions():
            match expression:
                case ["declare-const" | "declare-fun", str(name), *_, "Real"]:
                    letter, index = self._variable(name)
                    if index != counts[letter]:
                        raise self.error(
                            f"{name} is declared where {letter}_{counts[letter]} should be"
                        )
                    counts[letter] += 1
                case ["assert", condition]:
                    asserted.append(self._condition(condition))
                case ["set-logic" | "set-info" | "check-sat" | "exit", *_]:
                    pass
                case _:
                    raise self.error(f"{_shown(expression)} is no declaration and no assertion")
        if not counts["X"] or not counts["Y"]:
            raise self.error("no inputs X_0, … or no outputs Y_0, … are declared")
        alternatives = self._all(asserted)
        for each in alternatives:
            for letter, index in (v for form in each for v in form if v is not None):
                if index >= counts[letter]:
                    raise self.error(f"{letter}_{index} is not declared")
        return Property(self._cases(alternatives, counts))

    def error(self, message: str) -> LoadError:
        """What is wrong, and where."""
        return LoadError(f"{self.path}: line {self.line}: {message}")

    # --- expressions

    def _expressions(self) -> Iterator[Any]:
        """The lists at the top, as nested lists of words."""
        stack: list[list[Any]] = []
        place = 0
        while place < len(self.text):
            match = _TOKEN.match(self.text, place)
            assert match is not None
            place = match.end()
            bracket, word = match.groups()
            if bracket == "(":
                if len(stack) > _MAX_DEPTH:
                    raise self.error("brackets are nested too deep")
                stack.append([])
            elif bracket == ")":
                if not stack:
                    raise self.error("a bracket is closed that was not opened")
                done = stack.pop()
                if not stack:
                    yield done
                else:
                    stack[-1].append(done)
            elif word is not None:
                if not stack:
                    raise self.error(f"{_shown(word)} stands outside of all brackets")
                stack[-1].append(word)
            self.line += match.group().count("\n")
        if stack:
            raise self.error("the file ends where a bracket should be closed")

    def _condition(self, given: Any) -> list[Conjunction]:
        """The alternatives of a condition."""
        match given:
            case ["and", *parts]:
                return self._all([self._condition(p) for p in parts])
            case ["or", *parts]:
                found = [c for p in parts for c in self._condition(p)]
                self._check_size(len(found), max(map(len, found), default=0))
                return found
            case ["<=" | ">=" | "=" as relation, one, other]:
                left, right = self._linear(one), self._linear(other)
                below, above = _minus(left, right), _minus(right, left)
                return [{"<=": (below,), ">=": (above,), "=": (below, above)}[relation]]
            case ["<" | ">", *_]:
                raise self.error(f"{_shown(given)} is strict; VNN-LIB has <= and >=")
            case _:
                raise self.error(f"{_shown(given)} is no condition; there are <=, >=, =, and, or")

    def _all(self, parts: list[list[Conjunction]]) -> list[Conjunction]:
        """The alternatives of conditions that all hold."""
        found: list[Conjunction] = [tuple(f for p in parts if len(p) == 1 for f in p[0])]
        for part in parts:
            if len(part) != 1:
                self._check_size(len(found) * len(part), max(map(len, [*found, *part])))
                found = [(*a, *b) for a in found for b in part]
        return found

    def _check_size(self, alternatives: int, longest: int) -> None:
        if alternatives > _MAX_CASES:
            raise self.error(f"the conditions have more than {_MAX_CASES} alternatives")
        if alternatives * longest > _MAX_FORMS:
            raise self.error(
                f"the conditions have {alternatives} alternatives of {longest} inequalities; "
                f"at most {_MAX_FORMS} inequalities are read"
            )

    def _linear(self, given: Any) -> Linear:
        match given:
            case str(word) if _VARIABLE.fullmatch(word):
                return {self._variable(word): Fraction(1)}
            case str(word):
                return {None: self._number(word)}
            case ["+", *parts]:
                total: Linear = {}
                for part in parts:
                    for key, value in self._linear(part).items():
                        total[key] = total.get(key, Fraction(0)) + value
                return total
            case ["-", one]:
                return _scaled(self._linear(one), Fraction(-1))
            case ["-", one, other]:
                return _minus(self._linear(one), self._linear(other))
            case ["*", one, other]:
                left, right = self._linear(one), self._linear(other)
                if set(left) <= {None}:
                    return _scaled(right, left.get(None, Fraction(0)))
                if set(right) <= {None}:
                    return _scaled(left, right.get(None, Fraction(0)))
                raise self.error(f"{_shown(given)} is a product of variables, which is not linear")
            case _:
                raise self.error(
                    f"{_shown(given)} is not linear; there are +, - and * with a number"
                )

    def _variable(self, word: str) -> tuple[str, int]:
        match = _VARIABLE.fullmatch(word)
        if match is None:
            raise self.error(f"{_shown(word)} is no variable; there are X_0, X_1, … and Y_0, …")
        return match[1], int(match[2])

    def _number(self, word: str) -> Fraction:
        if len(word) > _MAX_DIGITS or not _NUMBER.fullmatch(word):
            raise self.error(f"{_shown(word)} is no number and no variable")
        return Fraction(word)

    # --- cases

    def _cases(self, alternatives: list[Conjunction], counts: dict[str, int]) -> list[Case]:
        """Alternatives with the same conditions on inputs are one case."""
        found: dict[frozenset[tuple[tuple[Any, Fraction], ...]], list[Violation]] = {}
        inside: dict[Any, list[Linear]] = {}
        for each in alternatives:
            inputs: list[Linear] = []
            outputs: list[Linear] = []
            for form in each:
                letters = {v[0] for v in form if v is not None}
                if letters == {"X", "Y"}:
                    raise self.error("a condition relates inputs to outputs; such are not read")
                (outputs if "Y" in letters else inputs).append(form)
            key = frozenset(tuple(sorted(f.items(), key=str)) for f in inputs)
            inside[key] = inputs
            forms = tuple(_row(form, "Y", counts["Y"]) for form in outputs)
            # without a condition on outputs every input is a violation
            always: Form = (fmpq(0),) * (counts["Y"] + 1)
            found.setdefault(key, []).append(Violation(forms or (always,)))
        return [
            Case(self._domain(inside[key], counts["X"]), tuple(violations))
            for key, violations in found.items()
        ]

    def _domain(self, forms: list[Linear], count: int) -> Domain:
        """A box where the conditions are bounds, else a polyhedron."""
        low: list[Fraction | None] = [None] * count
        high: list[Fraction | None] = [None] * count
        others = []
        for form in forms:
            variables = [(v, c) for v, c in form.items() if v is not None and c]
            if len(variables) != 1:
                others.append(form)
                continue
            ((_, k), c), e = variables[0], form.get(None, Fraction(0))
            bound = -e / c
            here = low[k], high[k]
            if c > 0:
                high[k] = bound if here[1] is None else min(bound, here[1])
            else:
                low[k] = bound if here[0] is None else max(bound, here[0])
        free = [k for k, pair in enumerate(zip(low, high, strict=True)) if None in pair]
        if free:
            raise self.error(f"X_{free[0]} has no bounds; properties are decided on bounded inputs")
        box = Box(*zip(map(_rational, low), map(_rational, high), strict=True))
        if not others:
            return box
        rows = [_row(form, "X", count) for form in others]
        for k, (a, b) in enumerate(box.bounds):
            for sign, value in ((1, b), (-1, a)):
                assert value is not None
                unit = [fmpq(sign * (i == k)) for i in range(count)]
                rows.append((*unit, -sign * value))
        return Polyhedron([row[:-1] for row in rows], [-row[-1] for row in rows])


def _row(form: Linear, letter: str, count: int) -> Form:
    row = [form.get((letter, k), Fraction(0)) for k in range(count)]
    return tuple(_rational(v) for v in (*row, form.get(None, Fraction(0))))


def _rational(value: Fraction | None) -> fmpq:
    assert value is not None
    return fmpq(value.numerator, value.denominator)


def _minus(one: Linear, other: Linear) -> Linear:
    keys = [*one, *(k for k in other if k not in one)]
    return {k: one.get(k, Fraction(0)) - other.get(k, Fraction(0)) for k in keys}


def _scaled(form: Linear, factor: Fraction) -> Linear:
    return {k: factor * v for k, v in form.items()}


def _shown(expression: Any) -> str:
    def text(part: Any) -> str:
        return f"({' '.join(map(text, part))})" if isinstance(part, list) else str(part)

    shown = text(expression)
    return shown if len(shown) <= 60 else shown[:60] + "…"

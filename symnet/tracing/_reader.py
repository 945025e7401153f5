r"""Reads back the LaTeX of a definition: a strict parser for what latexify writes, no more.

The symbols and functions are given by their LaTeX; everything else that the grammar does not
name is refused. ``+``, ``\cdot`` and the rest become SymPy's operations, so the same reader
serves numbers and matrices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

#: Functions that latexify writes by a command of LaTeX; those take one operand.
_COMMANDS: dict[str, Callable[..., Any]] = {
    r"\exp": sp.exp, r"\log": sp.log, r"\log_2": lambda x: sp.log(x) / sp.log(2),
    r"\log_{10}": lambda x: sp.log(x) / sp.log(10), r"\sin": sp.sin, r"\cos": sp.cos,
    r"\tan": sp.tan, r"\arcsin": sp.asin, r"\arccos": sp.acos, r"\arctan": sp.atan,
    r"\sinh": sp.sinh, r"\cosh": sp.cosh, r"\tanh": sp.tanh,
}  # fmt: skip
_RELATIONS: dict[str, Callable[..., Any]] = {
    "<": sp.Lt, ">": sp.Gt, r"\le": sp.Le, r"\ge": sp.Ge, "=": sp.Eq, r"\ne": sp.Ne,
}  # fmt: skip
_CASES = r"\left\{ \begin{array}{ll}"
_LEFT, _RIGHT = r"\mathopen{}\left", r"\mathclose{}\right"
_FIXED = sorted(
    (_CASES, r", & \mathrm{if} \ ", r", & \mathrm{otherwise} \end{array} \right.", r"\\",
     r"\begin{array}{l}", r"\end{array}", r"\frac{", r"\sqrt{", r"\left\lfloor\frac{",
     r"}\right\rfloor", _LEFT + "(", _RIGHT + ")", _LEFT + "|", _RIGHT + "|",
     _LEFT + r"\lfloor", _RIGHT + r"\rfloor", _LEFT + r"\lceil", _RIGHT + r"\rceil",
     r"\cdot", r"\land", r"\lor", r"\lnot", "^{T}", "^{", "}{", "}", "+", "-", ",",
     *_COMMANDS, *_RELATIONS),
    key=len, reverse=True,
)  # fmt: skip
_NUMBER = re.compile(r"\d+(\.\d+)?(?![.\d])(?!e[+\d])")


class UnreadableError(Exception):
    """LaTeX outside the grammar."""


class Reader:
    """One piece of LaTeX, and what its symbols and functions are."""

    def __init__(self, latex: str, symbols: Mapping[str, Any], functions: Mapping[str, Any]):
        self._symbols = dict(symbols)
        named = {r"\max": sp.Max, r"\min": sp.Min, **functions}
        self._functions = {k: f for k, f in named.items() if k not in _COMMANDS}
        self._commands = {k: named.get(k, f) for k, f in _COMMANDS.items()}
        self._tokens = self._split(latex)
        self._place = 0
        self._bare = False  # whether the factor before ends with an argument without brackets

    # --- tokens: (kind, text)

    def _split(self, latex: str) -> list[tuple[str, str]]:
        names = {**dict.fromkeys(self._symbols, "symbol"), **dict.fromkeys(self._functions, "call")}
        ordered = sorted(names, key=len, reverse=True)
        tokens, place = [], 0
        while place < len(latex):
            if latex[place].isspace():
                place += 1
                continue
            number = _NUMBER.match(latex, place)
            text = (
                number.group()
                if number
                else next((t for t in (*_FIXED, *ordered) if _stands(t, latex, place)), None)
            )
            if text is None:
                raise UnreadableError(f"it writes {latex[place : place + 20]!r}")
            tokens.append(("number" if number else names.get(text, "fixed"), text.strip()))
            place += len(text)
        return tokens

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._place += 1
        return token

    def _take(self, *texts: str) -> str | None:
        kind, text = self._peek()
        if kind == "fixed" and text in texts:
            self._place += 1
            return text
        return None

    def _expect(self, text: str) -> None:
        if self._take(text.strip()) is None:
            raise UnreadableError(f"{self._peek()[1]!r} stands where {text!r} should")

    # --- grammar

    def expression(self) -> Any:
        """The whole as one expression."""
        value = self._value()
        if self._peek()[0] != "end":
            raise UnreadableError(f"{self._peek()[1]!r} follows the formula")
        return value

    def _value(self) -> Any:
        if not self._take(_CASES):
            return self._sum()
        rows: list[tuple[Any, Any]] = []
        while True:
            value = self._value()
            if self._take(r", & \mathrm{otherwise} \end{array} \right."):
                return sp.Piecewise(*rows, (value, True), evaluate=False)
            self._expect(r", & \mathrm{if} \ ")
            rows.append((value, self._alternatives()))
            self._expect(r"\\")

    def _alternatives(self) -> Any:
        parts = [self._conjunction()]
        while self._take(r"\lor"):
            parts.append(self._conjunction())
        return sp.Or(*parts)

    def _conjunction(self) -> Any:
        parts = [self._condition()]
        while self._take(r"\land"):
            parts.append(self._condition())
        return sp.And(*parts)

    def _condition(self) -> Any:
        if self._take(r"\lnot"):
            return sp.Not(self._condition())
        start = self._place
        try:
            return self._comparison()
        except UnreadableError:
            self._place = start
        self._expect(_LEFT + "(")
        inner = self._alternatives()
        self._expect(_RIGHT + ")")
        return inner

    def _comparison(self) -> Any:
        left, parts = self._sum(), []
        while (relation := self._take(*_RELATIONS)) is not None:
            right = self._sum()
            parts.append(_RELATIONS[relation](left, right))
            left = right
        if not parts:
            raise UnreadableError("a condition that compares nothing")
        return sp.And(*parts)

    def _sum(self) -> Any:
        value = self._product()
        while (sign := self._take("+", "-")) is not None:
            term = self._product()
            value = value + term if sign == "+" else value - term
        return value

    def _product(self) -> Any:
        value = self._signed()
        while True:
            if self._take(r"\cdot"):
                value = value * self._signed()
            elif self._starts_operand():
                if self._bare:
                    raise UnreadableError("an argument without brackets before a factor")
                value = value * self._power()
            else:
                return value

    def _starts_operand(self) -> bool:
        kind, text = self._peek()
        if kind == "number" or text == _CASES:
            return False  # two numbers beside each other are no product
        return kind in ("symbol", "call") or text in (
            r"\frac{",
            r"\sqrt{",
            _LEFT + "(",
            _LEFT + "|",
            *_COMMANDS,
        )

    def _signed(self) -> Any:
        sign = self._take("+", "-")
        if sign is None:
            return self._power()
        value = self._signed()
        return -value if sign == "-" else value

    def _power(self) -> Any:
        self._bare = False
        base = self._atom()
        if self._take("^{T}"):
            return base.T
        if not self._take("^{"):
            return base
        exponent = self._sum()
        self._expect("}")
        if self._peek()[1] in ("^{", "^{T}"):
            raise UnreadableError("a power of a power without brackets")
        return base**exponent

    def _atom(self) -> Any:
        kind, text = self._next()
        if kind == "number":
            return sp.Rational(text)
        if kind == "symbol":
            return self._symbols[text]
        if kind == "call":
            return self._functions[text](*self._arguments())
        if text in self._commands:
            return self._commands[text](self._operand())
        return self._bracketed(text)

    def _operand(self) -> Any:
        if self._peek()[1] == _LEFT + "(":
            arguments = self._arguments()
            if len(arguments) != 1:
                raise UnreadableError("a function of one number with several")
            return arguments[0]
        value = self._atom()
        self._bare = True
        if self._peek()[1] == "^{":
            raise UnreadableError("a power of an argument without brackets")
        return value

    def _arguments(self) -> list[Any]:
        self._expect(_LEFT + "(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._expect(_RIGHT + ")")
        self._bare = False
        return values

    def _bracketed(self, opening: str) -> Any:
        if opening in (r"\frac{", r"\left\lfloor\frac{"):
            numerator = self._sum()
            self._expect("}{")
            denominator = self._sum()
            self._expect("}" if opening == r"\frac{" else r"}\right\rfloor")
            value = numerator / denominator
            return value if opening == r"\frac{" else sp.floor(value)
        if opening not in _CLOSING:
            raise UnreadableError(f"{opening!r} stands where an operand should")
        closing, function = _CLOSING[opening]
        value = self._sum()
        self._expect(closing)
        self._bare = False
        return function(value)


_CLOSING: dict[str, tuple[str, Callable[[Any], Any]]] = {
    _LEFT + "(": (_RIGHT + ")", lambda value: value),
    _LEFT + "|": (_RIGHT + "|", abs),
    _LEFT + r"\lfloor": (_RIGHT + r"\rfloor", sp.floor),
    _LEFT + r"\lceil": (_RIGHT + r"\rceil", sp.ceiling),
    r"\sqrt{": ("}", sp.sqrt),
}


def _stands(text: str, latex: str, place: int) -> bool:
    """Whether the token ``text`` stands at ``place``, and is no part of a longer command."""
    end = place + len(text)
    if not latex.startswith(text, place):
        return False
    command = re.search(r"\\[A-Za-z]+$", text) is not None
    return not (command and latex[end : end + 1].isalpha())

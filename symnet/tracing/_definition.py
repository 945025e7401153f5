"""The definition line: typeset by latexify where that is shown to be what is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..activations import every_function
from ..document import Typeset
from ._cells import same_function
from ._latexify import Formulas, formulas
from ._names import symbol_latex
from ._reader import UnreadableError
from ._tidy import NotTypesetError


@dataclass(frozen=True)
class Definition(Typeset):
    """A definition that is shown to be true; ``source`` is who typeset it.

    ``"latexify"``: from the Python text, read back and proved equal to what is computed.
    ``"sympy"``: the traced formula itself, and ``reason`` says why not the text.
    """

    source: str = "sympy"
    reason: str = ""


def proved_or_printed(
    head: str,
    text: str,
    traced: sp.Basic,
    written: Callable[[], Formulas],
    is_right: Callable[[Formulas], bool],
) -> Definition:
    """What latexify wrote if it is shown to be right, else what SymPy prints."""
    plain = f"{text} = {traced}"
    reason = ""
    try:
        lines = written()
        for candidate in (lines.tightened(), lines):
            try:
                if is_right(candidate):
                    return Definition(candidate.latex(head), plain, "latexify")
                reason = "what latexify wrote is not shown to be what is computed"
            except UnreadableError as error:
                reason = f"what latexify wrote is not read back: {error}"
            except (
                TypeError,
                ValueError,
                AttributeError,
                NotImplementedError,
            ) as error:  # SymPy's own refusals
                reason = f"what latexify wrote makes no formula: {error}"
    except NotTypesetError as error:
        reason = str(error)
    return Definition(f"{head} = {sp.latex(traced)}", plain, "sympy", reason)


def scalar_definition(
    symbol: str, name: str, variables: tuple[sp.Symbol, ...], body: sp.Expr, source: str
) -> Definition:
    """The definition line of a scalar function, its parameters as an index as in a network."""
    x, *parameters = variables
    index = f"_{{{', '.join(symbol_latex(p.name) for p in parameters)}}}" if parameters else ""
    head = rf"{symbol}{index}\left({symbol_latex(x.name)}\right)"
    plain = f"{name}({', '.join(map(str, variables))})"

    symbols = {symbol_latex(v.name): v for v in variables}

    def written() -> Formulas:
        if len(symbols) < len(variables) or set(symbols) & set(dict(_SCALAR.values())):
            raise NotTypesetError("two names look alike")
        return formulas(source, {n: latex for n, (latex, _) in _SCALAR.items()})

    def is_right(lines: Formulas) -> bool:
        return same_function(lines.value(symbols, dict(_SCALAR.values())), body, x)

    return proved_or_printed(head, plain, body, written, is_right)


#: Functions by their Python name: how they are typeset, and what they are.
_SCALAR: dict[str, tuple[str, Any]] = {
    "max": (r"\max", sp.Max),
    "min": (r"\min", sp.Min),
    "erf": (r"\operatorname{erf}", sp.erf),
    **{f.__name__: (f.symbol, f) for f in every_function()},
}

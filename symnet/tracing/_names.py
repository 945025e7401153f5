"""How Python's identifiers are typeset."""

from __future__ import annotations

import re

import sympy as sp


def symbol_latex(name: str) -> str:
    r"""The LaTeX of a variable: what SymPy prints, with words upright.

    Examples
    --------
    >>> [symbol_latex(n) for n in ("x", "W_1", "alpha", "hidden_2", "_t")]
    ['x', 'W_{1}', '\\alpha', '\\mathrm{hidden}_{2}', '\\mathrm{\\_t}']
    """
    if name.strip("_") != name or "__" in name:
        return rf"\mathrm{{{_escaped(name)}}}"
    return re.sub(r"^([A-Za-z]{2,})", r"\\mathrm{\1}", sp.latex(sp.Symbol(name)))


def function_latex(name: str) -> str:
    r"""The LaTeX of a function's name; a number at its end is an index.

    Examples
    --------
    >>> [function_latex(n) for n in ("f", "leaky_relu", "act_1")]
    ['f', '\\operatorname{leaky\\_relu}', '\\operatorname{act}_{1}']
    """
    word, index = re.fullmatch(r"(.*?)_?(\d*)", name).groups()  # type: ignore[union-attr]
    latex = word if len(word) == 1 else rf"\operatorname{{{_escaped(word)}}}"
    return latex + (f"_{{{index}}}" if index else "")


def _escaped(name: str) -> str:
    return name.replace("_", r"\_")

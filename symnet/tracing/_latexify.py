"""The formulas of a ``def`` statement, typeset by latexify."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ._names import symbol_latex
from ._reader import Reader, UnreadableError
from ._source import parsed
from ._tidy import NotTypesetError, tidied

_SYMBOL = r"(?:\\[a-z]+|\\mathrm\{[^{}]*\}|(?<![A-Za-z\\])[A-Za-z])(?:[_^]\{[^{}]*\})*"
_TIGHT = re.compile(
    rf"({_SYMBOL}|\\right\)) \\cdot (?={_SYMBOL}(?![A-Za-z{{]) ?|\\mathopen\{{\}}\\left\()"
)
_WORD = re.compile(r"\\mathrm\{((?:[A-Za-z0-9]|\\_)+)\}")


@dataclass(frozen=True)
class Formulas:
    """Equations for local names, and the formula for the result, each in LaTeX."""

    equations: tuple[tuple[str, str], ...]
    result: str

    def value(self, symbols: Mapping[str, Any], functions: Mapping[str, Any]) -> Any:
        """What the LaTeX says, read back; symbols and functions are given by their LaTeX."""
        known = dict(symbols)
        for name, latex in self.equations:
            if name in known or name in functions:
                raise UnreadableError(f"{name} stands for two things")
            known[name] = Reader(latex, known, functions).expression()
        return Reader(self.result, known, functions).expression()

    def tightened(self) -> Formulas:
        """The same without dots between a symbol and a symbol or a bracket."""
        equations = tuple((name, _TIGHT.sub(r"\1 ", latex)) for name, latex in self.equations)
        return Formulas(equations, _TIGHT.sub(r"\1 ", self.result))

    def latex(self, head: str) -> str:
        """The whole definition of ``head``."""
        last = f"{head} = {self.result}"
        if not self.equations:
            return last
        lines = [f"{name} = {latex}" for name, latex in self.equations]
        return r"\begin{array}{l} " + r" \\ ".join([*lines, last]) + r" \end{array}"


def formulas(text: str, functions: Mapping[str, str]) -> Formulas:
    """The formulas of the ``def`` statement in ``text``; ``functions`` says how calls look.

    Raises
    ------
    NotTypesetError
        With the reason, where latexify cannot typeset it.
    """
    definition = parsed(text) if text else None
    if definition is None:
        raise NotTypesetError("the source of the function is not at hand")
    equations, last = tidied(definition)
    words = {n.id: symbol_latex(n.id) for n in ast.walk(definition) if isinstance(n, ast.Name)}
    words |= {name: symbol_latex(name) for name, _ in equations}
    words = {**words, **functions}
    write = _writer()

    def typeset(statement: ast.stmt) -> str:
        latex = write(statement)
        written = _WORD.sub(lambda word: _word(word, words), latex)
        if not written.isascii():
            raise NotTypesetError("a letter that LaTeX does not know")
        return written

    lines = [(symbol_latex(name), typeset(ast.Return(value))) for name, value in equations]
    return Formulas(tuple(lines), typeset(last))


def _word(match: re.Match[str], words: Mapping[str, str]) -> str:
    return words.get(match.group(1).replace(r"\_", "_"), match.group())


def _writer() -> Callable[[ast.stmt], str]:
    if sys.version_info >= (3, 14):
        raise NotTypesetError("latexify does not run on this version of Python")
    try:
        from latexify.codegen import FunctionCodegen
        from latexify.exceptions import LatexifyError
        from latexify.transformers import FunctionExpander
    except ImportError:
        raise NotTypesetError("latexify is not installed") from None
    expand = FunctionExpander({"expm1", "log1p", "exp2", "hypot"})

    def write(statement: ast.stmt) -> str:
        no_arguments = ast.arguments([], [], None, [], [], None, [])
        function = ast.FunctionDef("f", no_arguments, [expand.visit(statement)], [])
        tree = ast.fix_missing_locations(ast.Module([function], []))
        try:
            return str(FunctionCodegen(use_signature=False).visit(tree))
        except LatexifyError as error:
            raise NotTypesetError(f"latexify: {error}") from error
        except (AttributeError, AssertionError, IndexError, KeyError) as error:
            raise NotTypesetError(f"latexify failed on it ({error!r})") from error

    return write

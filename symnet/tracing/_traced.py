"""A network that remembers the Python function that it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from ..activations import Activation, every_function
from ..activations._relu import ReLU
from ..base import Network
from ..exact.shapes import same_size
from ..layers._softmax import Softmax
from ..naming import check_names, settled
from ..sequential import Sequential
from ._definition import Definition, proved_or_printed
from ._latexify import Formulas, formulas
from ._names import function_latex, symbol_latex
from ._structure import flattened
from ._tidy import NotTypesetError

#: Layers made of branches beyond which a formula in one piece is too long.
_DEPTH = 3


class Traced(Sequential):
    """A :class:`Sequential` with the Python function that it came from.

    It equals the Sequential of its layers: where it came from is no part of the map. Behind the
    layers its args hold the function's name, the name of its input, its text, and what its other
    names stand for.
    """

    @classmethod
    def _rebuild(cls, *args: Any) -> Any:
        networks = settled(a for a in args if isinstance(a, Network))
        origin = [a for a in args if not isinstance(a, Network)]
        if not origin:
            return Sequential._rebuild(*networks)
        self = sp.Basic.__new__(cls, *networks, *origin)
        self._check_shapes()
        check_names(self)
        return self

    def __new__(cls, *args: Any) -> Any:
        return cls._rebuild(*args)

    @property
    def func(self) -> Callable[..., Any]:
        return self._rebuild

    def _hashable_content(self) -> tuple[Any, ...]:
        return self.children

    def __eq__(self, other: Any) -> bool:
        if isinstance(other, Sequential):
            return self.children == other.children
        return False

    def __hash__(self) -> int:
        return hash(Sequential._rebuild(*self.children))

    @property
    def origin(self) -> tuple[str, str, str, dict[str, Any]]:
        """The function's name, the name of its input, its text, and what its names stand for."""
        name, variable, text, values = self.args[len(self.children) :]
        return name.name, variable.name, text.name, {n.name: value for n, value in values}

    @property
    def definition_line(self) -> Definition:
        """f(x) = …, typeset by latexify where that is shown to be what is computed."""
        name, variable, text, values = self.origin
        x = self.input
        if sum(bool(child.children) for child in self.children) > _DEPTH:
            return self._step_by_step(name, variable)
        computed, values = _symbolic(self(x), values)
        functions = dict(_FUNCTIONS)
        for own, value in values.items():
            if isinstance(value, Network):
                look = value.name_latex if isinstance(value, Activation) else function_latex(own)
                functions[own] = (look, value)
        symbols = {symbol_latex(n): v for n, v in values.items() if not isinstance(v, Network)}
        symbols[symbol_latex(variable)] = x
        head = rf"{function_latex(name)}\left({symbol_latex(variable)}\right)"

        def written() -> Formulas:
            looks = {look for look, _ in functions.values()}
            matrices = [n for n, v in values.items() if not isinstance(v, Network)]
            if len(symbols) < len(matrices) + 1 or set(symbols) & looks:
                raise NotTypesetError("two names look alike")
            return formulas(text, {n: look for n, (look, _) in functions.items()})

        def is_right(lines: Formulas) -> bool:
            value = lines.value(symbols, dict(functions.values()))
            same_shape = all(map(same_size, value.shape, computed.shape))
            return same_shape and flattened(value) == flattened(computed)

        plain = f"{name}({variable})"
        return proved_or_printed(head, plain, self(x), written, is_right)

    def _step_by_step(self, name: str, variable: str) -> Definition:
        """The definition with a name for every layer's value; written out it would explode."""
        taken = {s.name for s in self.free_symbols}
        letter = next(c for c in "hzuvst" if not any(n[:1] == c for n in taken))
        value, lines, texts = self.input, [], []
        for k, layer in enumerate(self.children, start=1):
            result = layer(value)
            value = sp.MatrixSymbol(f"{letter}_{k}", *result.shape)
            lines.append(f"{sp.latex(value)} = {sp.latex(result)}")
            texts.append(f"{value} = {result}")
        lines.append(
            rf"{function_latex(name)}\left({sp.latex(self.input)}\right) = {sp.latex(value)}"
        )
        latex = r"\begin{array}{l} " + r" \\ ".join(lines) + r" \end{array}"
        text = "; ".join([*texts, f"{name}({variable}) = {value}"])
        return Definition(latex, text, "sympy", "a deep network is defined step by step")

    def _sympystr(self, printer: Any) -> str:
        return f"Sequential({', '.join(map(printer._print, self.children))})"


def _symbolic(expr: Any, values: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The same with a symbol for every explicit weight that has a name."""
    named = {
        value: sp.MatrixSymbol(name, *value.shape)
        for name, value in values.items()
        if getattr(value, "is_Matrix", False)
    }
    outward = {getattr(v, "as_explicit", lambda v=v: v)() if not isinstance(
        v, sp.MatrixSymbol) else v: symbol for v, symbol in named.items()}  # fmt: skip
    both = {**named, **outward}
    return expr.xreplace(both), {n: named.get(v, v) for n, v in values.items()}


def _greater(*args: Any) -> Any:
    first, second = sorted(args, key=lambda a: bool(getattr(a, "is_Matrix", False)))
    if first != 0:
        raise TypeError("max of matrices")
    return ReLU()(second)


#: Functions by their Python name: how they are typeset, and what they are.
_FUNCTIONS: dict[str, tuple[str, Any]] = {
    "max": (r"\max", _greater),
    "softmax": (Softmax().name_latex, Softmax()),
    **{f.__name__: (f.symbol, f) for f in every_function()},
}

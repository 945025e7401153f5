"""The rectified linear unit with a slope that is learned."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from ..errors import LayerError
from ..exact.convert import exact_number
from ..naming import Parametric
from ._two_slopes import TwoSlopes, TwoSlopesFunction


class prelu(TwoSlopesFunction):
    r"""prelu(x, a) = max(0, x) + a min(0, x), where a is a weight of the network.

    The derivative at 0 is a, as in torch.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import PReLU, Sequential, prelu
    >>> x, a = sp.symbols("x a", real=True)
    >>> prelu(-2, a), prelu(-2, 3)
    (prelu(-2, a), -6)
    >>> Sequential(PReLU(), PReLU())([x])
    Matrix([[prelu(prelu(x, a_1), a_2)]])

    Source: He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015.
    """

    symbol = r"\operatorname{PReLU}"
    parameters = ("weight",)
    torch = "PReLU"
    onnx = "PRelu"
    source = "He, Zhang, Ren and Sun 2015"


class PReLU(Parametric, TwoSlopes):
    """prelu at every entry, with one slope for all of them.

    Parameters
    ----------
    a : number or scalar expression
        A real symbol that a :class:`Sequential` numbers, where it is left out.
    """

    function = prelu
    roles = ("a",)

    def __new__(cls, *parameters: Any) -> PReLU:
        number = "" if not parameters else None
        if len(parameters) == 2 and isinstance(parameters[1], Str):
            number, parameters = parameters[1].name, parameters[:1]
        if len(parameters) > 1:
            raise LayerError(
                f"PReLU takes one slope for all entries, and got {len(parameters)}: "
                "write PReLU(a), or PReLU() for a slope with a name of its own"
            )
        slope = exact_number(parameters[0], "a") if parameters else sp.Symbol("a", real=True)
        return cls.build(slope, number=number)

    @property
    def values(self) -> tuple[sp.Expr, ...]:
        return self.weights

    def _sympystr(self, printer: Any) -> str:
        return f"PReLU({printer._print(self.args[0])})"

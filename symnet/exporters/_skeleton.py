"""A network as JSON, as :mod:`symnet.importers._skeleton` reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import gcd
from typing import Any

import sympy as sp
from flint import fmpz
from sympy.core.symbol import Str
from sympy.matrices.matrixbase import MatrixBase

from ..base import Network
from ..errors import ExportError
from ..exact.convert import as_rational
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ..importers._skeleton import FUNCTIONS, VERSION
from ..spec import layer_names

#: Integers up to here are numbers in every reader of JSON; larger ones are texts.
_SAFE = 1 << 53

_HEADS = {function: name for name, function in FUNCTIONS.items() if isinstance(function, type)}
Aside = Callable[[RationalMatrix], str]


def skeleton_of(net: Network, aside: Aside | None = None) -> str:
    """The text; ``aside`` puts a matrix elsewhere and gives its name there.

    >>> import symnet as sn
    >>> print(skeleton_of(sn.ReLU()))
    {"format": "symnet", "version": 1, "network":
    {"layer": "ReLU", "args": []}}
    """
    head = f'{{"format": "symnet", "version": {VERSION}, "network":\n'
    return head + _text(_value(net, aside)) + "}\n"


def _text(data: Any) -> str:
    """One layer a line."""
    if isinstance(data, dict) and "layer" in data and any(_holds(a) for a in data["args"]):
        inside = ",\n".join(_text(a) for a in data["args"])
        return f'{{"layer": {json.dumps(data["layer"])}, "args": [\n{inside}]}}'
    return json.dumps(data, ensure_ascii=False)


def _holds(data: Any) -> bool:
    return isinstance(data, dict) and "layer" in data


def _value(value: Any, aside: Aside | None) -> Any:
    if isinstance(value, Network):
        kind = type(value)
        if layer_names().get(kind.__name__) is not kind:
            raise ExportError(
                f"{value} was made from a Python function, which a file cannot hold; write it "
                "with the layers of symnet"
            )
        return {"layer": kind.__name__, "args": [_value(a, aside) for a in value.args]}
    if isinstance(value, Str):
        return {"given_number": value.name}
    if isinstance(value, sp.Tuple):
        return [_value(v, aside) for v in value]
    if value in (sp.true, sp.false):
        return bool(value)
    if getattr(value, "is_Matrix", False):
        return _matrix(value, aside)
    return _expression(value, aside)


def _matrix(value: Any, aside: Aside | None) -> Any:
    if isinstance(value, SparseRationalMatrix):
        places = zip(value.row_of.tolist(), value.columns.tolist(), strict=True)
        numbers = [_number(n, value.denominator) for n in value.numerators.tolist()]
        entries = [[i, j, v] for (i, j), v in zip(places, numbers, strict=True)]
        return {"sparse": [int(n) for n in value.shape], "entries": entries}
    if isinstance(value, sp.ZeroMatrix | sp.OneMatrix):
        name = "zeros" if isinstance(value, sp.ZeroMatrix) else "ones"
        return {name: [_value(n, aside) for n in value.shape]}
    if isinstance(value, sp.MatrixSymbol):
        shape = [_value(n, aside) for n in value.shape]
        return {"matrix_symbol": value.name, "shape": shape}
    rational = as_rational(value) if isinstance(value, MatrixBase | RationalMatrix) else None
    if rational is not None:
        if aside is not None:
            return {"array": aside(rational)}
        columns, q = int(rational.shape[1]), rational.denominator
        flat = [_number(n, q) for n in rational.flat()]
        return {"matrix": [flat[k : k + columns] for k in range(0, len(flat), columns)]}
    if isinstance(value, MatrixBase):
        return {"matrix": [[_value(v, aside) for v in row] for row in value.tolist()]}
    raise ExportError(
        f"the matrix {value} is an expression, which files do not hold; give it a name"
    )


def _expression(value: Any, aside: Aside | None) -> Any:
    if value.is_Rational:
        return _number(int(value.p), int(value.q))
    if value.is_Symbol:
        return {"symbol": value.name, "assumptions": dict(value._assumptions_orig)}
    if value is sp.pi:
        return {"function": "pi", "args": []}
    if value is sp.E:
        return {"function": "exp", "args": [1]}
    name = _HEADS.get(value.func)
    if name is None:
        raise ExportError(f"{value} holds {value.func.__name__}, which files do not hold")
    return {"function": name, "args": [_value(a, aside) for a in value.args]}


def _number(p: int, q: int) -> int | str:
    common = gcd(p, q)
    p, q = p // common, q // common
    if q == 1:
        return p if abs(p) < _SAFE else str(fmpz(p))
    return f"{fmpz(p)}/{fmpz(q)}"

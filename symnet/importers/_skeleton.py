"""A network as JSON: layers by name, their arguments as data; symnet's own format, version 1.

A file is an object with ``"format": "symnet"``, ``"version": 1``, ``"network"``. It holds:

=============================================  ==================================================
``{"layer": name, "args": [...]}``             a layer, or a container with layers among its args
``5``, ``"-7/3"``                              a rational number
``true``, ``[...]``                            a truth value, several values
``{"matrix": [[...], ...]}``                   a matrix, row by row
``{"array": name}``                            a matrix that lies beside, in npz and safetensors
``{"sparse": [m, n], "entries": [[i, j, v]]}`` a matrix that is 0 elsewhere, counted from 0
``{"zeros": [m, n]}``, ``{"ones": [m, n]}``    matrices of zeros and ones
``{"symbol": name, "assumptions": {...}}``     a number that is not known
``{"matrix_symbol": name, "shape": [m, n]}``   a matrix that is not known
``{"function": name, "args": [...]}``          Add, Mul, Pow, exp, log, pi
``{"given_number": text}``                     which number symnet gave the weights as a name
=============================================  ==================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from flint import fmpz
from sympy.core.alphabets import greeks
from sympy.core.symbol import Str

from ..base import Network
from ..errors import LoadError, SymnetError
from ..exact.convert import exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ..sequential import Container, Sequential
from ..spec import layer_names
from ._arrays import Array, check_shape
from ._parsing import ParsingError, parsed

#: The version that is written, and the name under which npz and safetensors hold the text.
VERSION, KEY = 1, "symnet"

_NUMBER = re.compile(r"(-?\d{1,100000})(?:/(\d{1,100000}))?", re.ASCII)
#: What expressions are made of.
FUNCTIONS: dict[str, Any] = {
    "Add": sp.Add, "Mul": sp.Mul, "Pow": sp.Pow, "exp": sp.exp, "log": sp.log,
    "pi": lambda: sp.pi,
}  # fmt: skip
_ASSUMPTIONS = {"real", "integer", "positive", "nonnegative", "negative", "nonpositive", "nonzero",
                "rational", "zero", "finite", "extended_real", "commutative"}  # fmt: skip
#: What names may hold of LaTeX; other commands can read and write files.
_COMMANDS = {
    *greeks, *(g.capitalize() for g in greeks), "varepsilon", "varphi", "ell", "top", "prime",
    "mathrm", "mathbf", "mathit", "mathcal", "mathbb", "boldsymbol", "text", "operatorname",
    "hat", "tilde", "bar", "vec", "dot", "overline", "underline", "widehat", "widetilde",
}  # fmt: skip
_DEPTH = 200
#: Numbers under a root have at most so many binary digits: SymPy looks for their factors.
_ROOT = 1 << 12


class _WrongError(ValueError):
    """What does not belong into the text."""


def network_of_skeleton(
    text: str, arrays: Mapping[str, Array], error: Callable[[str], LoadError]
) -> Sequential:
    """The network that the text describes; its matrices may lie in ``arrays``."""
    try:
        data = parsed(text)
    except ParsingError as problem:
        raise error(str(problem)) from None
    if not isinstance(data, dict) or data.get("format") != "symnet":
        raise error('this JSON describes no network of symnet; it has no "format": "symnet"')
    if data.get("version") != VERSION:
        raise error(
            f"it is in version {_shown(data.get('version'))} of the format, and this symnet reads "
            f"{VERSION}; read it with a newer symnet"
        )
    try:
        network = _Reader(arrays).value(data.get("network"), 0)
    except (
        _WrongError,
        SymnetError,
        TypeError,
        ValueError,
        ZeroDivisionError,
        OverflowError,
    ) as problem:
        raise error(f"it describes no network: {problem}") from problem
    if not isinstance(network, Network):
        raise error("it describes no network")
    return network if isinstance(network, Sequential) else Sequential(network)


class _Reader:
    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = arrays

    def value(self, data: Any, depth: int) -> Any:
        """A layer, a number, a matrix, …"""
        if depth > _DEPTH:
            raise _WrongError(f"more than {_DEPTH} things lie within each other")
        if isinstance(data, bool):
            return sp.true if data else sp.false
        if isinstance(data, int | str):
            return sp.Rational(*_rational(data))
        if isinstance(data, list):
            return sp.Tuple(*(self.value(v, depth + 1) for v in data))
        if not isinstance(data, dict) or not data:
            raise _WrongError(f"{_shown(data)} is nothing that is known")
        kind = next(iter(data))
        read = getattr(self, f"_{kind}", None) if kind in _KINDS else None
        if read is None or set(data) - _KINDS[kind]:
            raise _WrongError(f"{_shown(data)} is nothing that is known")
        return read(data, depth)

    def _layer(self, data: dict[str, Any], depth: int) -> Any:
        kind = layer_names().get(data["layer"]) if isinstance(data["layer"], str) else None
        if kind is None:
            raise _WrongError(f"there is no layer {_shown(data['layer'])}")
        args = [self.value(v, depth + 1) for v in _list(data, "args")]
        if issubclass(kind, Container):
            if not args or not all(isinstance(a, Network) for a in args):
                raise _WrongError(f"the parts of {kind.__name__} are not all layers")
            return kind._rebuild(*args)
        result = kind(*args)
        result.in_features  # noqa: B018  sizes that are none are refused at once
        return result

    def _matrix(self, data: dict[str, Any], depth: int) -> Any:
        rows = _list(data, "matrix")
        if not rows or not all(isinstance(r, list) and len(r) == len(rows[0]) for r in rows):
            raise _WrongError("the rows of a matrix have different lengths")
        flat = [v for row in rows for v in row]
        if all(isinstance(v, int | str) and not isinstance(v, bool) for v in flat):
            return _rational_matrix((len(rows), len(rows[0])), [_rational(v) for v in flat])
        return exact_matrix([[self.value(v, depth + 1) for v in row] for row in rows])

    def _array(self, data: dict[str, Any], depth: int) -> Any:
        array = self.arrays.get(data["array"])
        if array is None or array.ndim != 2:
            raise _WrongError(f"the matrix {_shown(data['array'])} is not there")
        return exact_matrix(array, str(data["array"]))

    def _sparse(self, data: dict[str, Any], depth: int) -> Any:
        rows, columns = _shape(data, "sparse")
        check_shape((max(rows, columns),), "sparse")
        entries = _list(data, "entries")
        if not all(isinstance(e, list) and len(e) == 3 for e in entries):
            raise _WrongError("an entry of a sparse matrix is a row, a column and a number")
        at = [(e[0], e[1]) for e in entries]
        if not all(type(i) is type(j) is int and 0 <= i < rows and 0 <= j < columns for i, j in at):
            raise _WrongError(f"an entry lies outside of {rows} by {columns}")
        numbers, q = _common([_rational(e[2]) for e in entries])
        return SparseRationalMatrix.of_entries(
            (rows, columns), [i for i, _ in at], [j for _, j in at], numbers, q
        )

    def _zeros(self, data: dict[str, Any], depth: int) -> Any:
        return sp.ZeroMatrix(*self._sides(data["zeros"], depth))

    def _ones(self, data: dict[str, Any], depth: int) -> Any:
        return sp.OneMatrix(*self._sides(data["ones"], depth))

    def _sides(self, data: Any, depth: int) -> Any:
        sides = self.value(data, depth + 1)
        check_shape([int(n) for n in sides if n.is_Integer], "zeros or ones")
        return sides

    def _symbol(self, data: dict[str, Any], depth: int) -> Any:
        given = data.get("assumptions", {})
        known = isinstance(given, dict) and set(given) <= _ASSUMPTIONS
        if not known or not all(isinstance(v, bool) for v in given.values()):
            raise _WrongError(f"{_shown(given)} are no assumptions that are known")
        return sp.Symbol(_name(data["symbol"]), **given)

    def _matrix_symbol(self, data: dict[str, Any], depth: int) -> Any:
        return sp.MatrixSymbol(_name(data["matrix_symbol"]), *self.value(data["shape"], depth + 1))

    def _function(self, data: dict[str, Any], depth: int) -> Any:
        function = FUNCTIONS.get(data["function"]) if isinstance(data["function"], str) else None
        args = [self.value(v, depth + 1) for v in data.get("args", [])]
        if function is None or not all(isinstance(a, sp.Expr) for a in args):
            raise _WrongError(f"{_shown(data['function'])} is no function that is known")
        if data["function"] == "Pow":
            _check_power(args)
        return function(*args)

    def _given_number(self, data: dict[str, Any], depth: int) -> Any:
        text = data["given_number"]
        if not isinstance(text, str) or not re.fullmatch(r"\d{0,9}", text, re.ASCII):
            raise _WrongError(f"{_shown(text)} is no number of a name")
        return Str(text)


_KINDS: dict[str, set[str]] = {
    "layer": {"layer", "args"}, "matrix": {"matrix"}, "array": {"array"},
    "sparse": {"sparse", "entries"}, "zeros": {"zeros"}, "ones": {"ones"},
    "symbol": {"symbol", "assumptions"}, "matrix_symbol": {"matrix_symbol", "shape"},
    "function": {"function", "args"}, "given_number": {"given_number"},
}  # fmt: skip


def _check_power(args: list[sp.Expr]) -> None:
    """SymPy carries powers of numbers out, so that they must not be too large."""
    if len(args) != 2:
        raise _WrongError("a power has a base and an exponent")
    base, exponent = args
    bits = max(int(base.p).bit_length(), int(base.q).bit_length()) if base.is_Rational else 64
    root = exponent.is_Rational and not exponent.is_Integer
    if exponent.is_number and not (
        exponent.is_Rational and abs(exponent) * bits <= 1 << 17 and not (root and bits > _ROOT)
    ):
        raise _WrongError(f"the power {_shown(args)} is too large")


def _rational(data: Any) -> tuple[int, int]:
    if isinstance(data, int) and not isinstance(data, bool):
        return data, 1
    match = _NUMBER.fullmatch(data) if isinstance(data, str) else None
    if match is None:
        raise _WrongError(f"{_shown(data)} is no rational number")
    p, q = int(fmpz(match[1])), int(fmpz(match[2] or 1))
    if q == 0:
        raise _WrongError(f"{_shown(data)} is divided by 0")
    return p, q


def _common(pairs: list[tuple[int, int]]) -> tuple[list[int], int]:
    q = fmpz(1)
    for _, below in pairs:
        q = q.lcm(fmpz(below)) if below != 1 else q
    q = int(q)
    if q.bit_length() * len(pairs) > 1 << 36:
        raise _WrongError("the common denominator of a matrix is too large")
    return [p * (q // below) for p, below in pairs], q


def _rational_matrix(shape: tuple[int, int], pairs: list[tuple[int, int]]) -> RationalMatrix:
    numbers, q = _common(pairs)
    return RationalMatrix(*shape, numbers, q)


def _list(data: dict[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    if not isinstance(found, list):
        raise _WrongError(f"{_shown(data)} has no list {name!r}")
    return found


def _shape(data: dict[str, Any], name: str) -> tuple[int, int]:
    shape = _list(data, name)
    if len(shape) != 2 or not all(type(n) is int and n > 0 for n in shape):
        raise _WrongError(f"{_shown(shape)} is no shape")
    return shape[0], shape[1]


def _name(text: Any) -> str:
    if not isinstance(text, str) or not re.fullmatch(r"\w[\w' ^{}\\]{0,99}", text):
        raise _WrongError(f"{_shown(text)} is no name")
    commands = re.findall(r"\\([A-Za-z]*)", text)
    if "^^" in text or not set(commands) <= _COMMANDS:
        raise _WrongError(
            f"the name {_shown(text)} holds LaTeX other than Greek letters, fonts and accents"
        )
    return text


def _shown(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else text[:60] + "…"

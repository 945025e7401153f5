"""Networks written as text: ``Linear(3, 4), ReLU, Linear(4, 2)``. Read, never evaluated."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import sympy as sp

from .activations import Activation, every_layer as every_activation
from .base import Network
from .errors import SpecError, SymnetError
from .layers import every_layer
from .sequential import Container, Sequential

#: Longer texts, deeper nesting and longer chains are refused before any work is done.
MAX_LENGTH, MAX_DEPTH, MAX_LAYERS, MAX_DIGITS = 100_000, 50, 10_000, 1_000


def parse(text: str) -> Network:
    """The network that ``text`` describes.

    Layers are separated by commas, semicolons or new lines; ``#`` starts a comment. Sizes are
    numbers or names (``Linear(n, 4)``), weights nested lists (``Linear([[1, 2/3]], [0.5])``; a
    decimal is taken as it is written, so 0.1 is 1/10), ``Linear(n, n) * 5`` is five layers.

    Raises
    ------
    SpecError
        With the column, for what is not understood.

    Examples
    --------
    >>> parse("Linear(3, 4), ReLU, Linear(4, 2)")
    Sequential(Linear(W_1, b_1), ReLU(), Linear(W_2, b_2))
    """
    line = _one_line(text)
    _check_size(line)
    try:
        tree = ast.parse(f"({line})", mode="eval")
    except SyntaxError as error:
        column = max((error.offset or 1) - 2, 0)
        raise SpecError(
            f"this is not a network: {error.msg}", line, min(column, len(line))
        ) from None
    except (RecursionError, MemoryError, ValueError):
        raise SpecError("this is not a network: it is nested too deeply") from None
    reader = _Reader(line)
    items = tree.body.elts if isinstance(tree.body, ast.Tuple) else [tree.body]
    layers = [layer for item in items for layer in reader.layers(item)]
    if len(layers) > MAX_LAYERS:
        raise SpecError(f"this network has {len(layers)} layers; at most {MAX_LAYERS} are read")
    try:
        return Sequential(*layers)
    except SymnetError as error:
        raise SpecError(str(error)) from error


def read(source: str) -> Network:
    """The network that a text describes, or the text in a file of that name."""
    path = Path(source)
    looks_like_path = "(" not in source and (path.suffix or "/" in source)
    if not looks_like_path:
        return parse(source)
    if not path.is_file():
        raise SpecError(f"there is no file {source}; a network reads like: Linear(3, 4), ReLU")
    if path.stat().st_size > MAX_LENGTH:
        raise SpecError(
            f"{source} has {path.stat().st_size} bytes; "
            f"a network description has at most {MAX_LENGTH}"
        )
    try:
        return parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise SpecError(
            f"{source} is not a text file; a network reads like: Linear(3, 4), ReLU"
        ) from None


@cache
def layer_names() -> dict[str, type[Network]]:
    """The layers that a description can name."""
    classes = (*every_layer(), *every_activation(), Sequential)
    return {cls.__name__: cls for cls in classes}


def _one_line(text: str) -> str:
    lines = (line.split("#", 1)[0].strip().rstrip(",;") for line in text.splitlines())
    return ", ".join(line for line in lines if line).replace(";", ",").replace("->", ",")


def _check_size(line: str) -> None:
    if not line.strip():
        raise SpecError("the network is empty; it reads like: Linear(3, 4), ReLU, Linear(4, 2)")
    if len(line) > MAX_LENGTH:
        raise SpecError(f"the network has {len(line)} characters; at most {MAX_LENGTH} are read")
    depth = 0
    for column, character in enumerate(line):
        depth += (character in "([{") - (character in ")]}")
        if depth > MAX_DEPTH:
            raise SpecError(
                f"brackets are nested more than {MAX_DEPTH} deep", line[:80], min(column, 80)
            )
    digits = 0
    for character in line:
        digits = digits + 1 if character.isdigit() else 0
        if digits > MAX_DIGITS:
            raise SpecError(f"a number has more than {MAX_DIGITS} digits")


class _Reader:
    """Reads the nodes that a description may have; everything else is an error with its column."""

    def __init__(self, line: str) -> None:
        self.line = line

    def fail(self, node: ast.AST, message: str) -> SpecError:
        # the text was put in one pair of brackets, hence the 1; columns count bytes
        offset = getattr(node, "col_offset", 1)
        column = len(f"({self.line}".encode()[:offset].decode(errors="ignore")) - 1
        return SpecError(message, self.line, max(column, 0))

    def layers(self, node: ast.expr) -> list[Network]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            count = self.value(node.right, _size_symbol)
            if not (count.is_Integer and 1 <= count <= MAX_LAYERS):
                raise self.fail(node.right, f"a layer can be repeated 1 to {MAX_LAYERS} times")
            return self.layers(node.left) * int(count)
        return [self.layer(node)]

    def layer(self, node: ast.expr) -> Network:
        if isinstance(node, ast.Name):
            node = ast.copy_location(ast.Call(node, [], []), node)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            raise self.fail(node, "a layer was expected here, such as Linear(3, 4) or ReLU")
        known = layer_names()
        cls = known.get(node.func.id)
        if cls is None:
            raise self.fail(
                node, f"there is no layer {node.func.id}{_closest(node.func.id, known)}"
            )
        if issubclass(cls, Container):
            arguments = [layer for arg in node.args for layer in self.layers(arg)]
        else:
            symbol = _real_symbol if issubclass(cls, Activation) else _size_symbol
            arguments = [self.value(arg, symbol) for arg in node.args]
        options = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.fail(keyword.value, "** is not understood here")
            options[keyword.arg] = self.value(keyword.value, _real_symbol)
        try:
            return cls(*arguments, **options)
        except (SymnetError, ValueError) as error:
            raise self.fail(node, str(error)) from error
        except TypeError as error:
            reason = str(error).rpartition("() ")[2]
            raise self.fail(node, f"{cls.__name__} {reason}") from error

    def value(self, node: ast.expr, symbol: Callable[[str], sp.Symbol]) -> Any:
        """A number, a name, a sum or quotient of these, or a list of them."""
        match node:
            case ast.Constant(value=bool() as truth):
                return truth
            case ast.Constant(value=int() as number):
                return sp.Integer(number)
            case ast.Constant(value=float()):
                return self.decimal(node)
            case ast.Name(id=name) if name.lower() in {"nan", "inf", "infinity", "oo"}:
                raise self.fail(node, f"{name} is no number that a network can have")
            case ast.Name(id=name):
                return symbol(name)
            case ast.List(elts=items):
                # sizes are no lists: these are weights
                return [self.value(item, _real_symbol) for item in items]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self.scalar(inner, symbol)
            case ast.BinOp(op=ast.Div(), left=left, right=right):
                below = self.scalar(right, symbol)
                if below == 0:
                    raise self.fail(right, "division by zero")
                return self.scalar(left, symbol) / below
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.scalar(left, symbol) + self.scalar(right, symbol)
            case ast.BinOp(op=ast.Sub(), left=left, right=right):
                return self.scalar(left, symbol) - self.scalar(right, symbol)
            case ast.BinOp(op=ast.Mult(), left=left, right=right):
                return self.scalar(left, symbol) * self.scalar(right, symbol)
        raise self.fail(node, "a number, a name or a list of numbers was expected here")

    def scalar(self, node: ast.expr, symbol: Callable[[str], sp.Symbol]) -> sp.Expr:
        value = self.value(node, symbol)
        if not isinstance(value, sp.Expr):
            raise self.fail(node, "a number or a name was expected here")
        return value

    def decimal(self, node: ast.Constant) -> sp.Rational:
        """The number as it is written: 0.1 is 1/10."""
        written = ast.get_source_segment(f"({self.line})", node) or repr(node.value)
        mantissa, _, exponent = written.lower().replace("_", "").partition("e")
        if exponent and abs(int(exponent)) > MAX_DIGITS:
            raise self.fail(node, f"the exponent of {written} is beyond {MAX_DIGITS}")
        return sp.Rational(mantissa) * sp.Integer(10) ** int(exponent or 0)


def _size_symbol(name: str) -> sp.Symbol:
    return sp.Symbol(name, integer=True, positive=True)


def _real_symbol(name: str) -> sp.Symbol:
    return sp.Symbol(name, real=True)


def _closest(name: str, known: dict[str, type[Network]]) -> str:
    match = difflib.get_close_matches(name.lower(), [k.lower() for k in known], n=1)
    if match:
        right = next(k for k in known if k.lower() == match[0])
        return f"; did you mean {right}?"
    return f"; there are {', '.join(sorted(known))}"

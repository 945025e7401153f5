"""Networks written as text: ``Linear(3, 4), ReLU, Linear(4, 2)``. Read, never evaluated."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import sympy as sp

from .activations import Activation, every_layer as every_activation
from .base import Network
from .errors import SpecError, SymnetError
from .layers import every_layer
from .reading import Reader, Source, closest
from .sequential import Container, Sequential

#: Longer texts and longer chains are refused before any work is done.
MAX_LENGTH, MAX_LAYERS = 100_000, 10_000

#: The signs of descriptions and what they are in Python.
_SIGNS = {s: s for s in ("+", "-", "*", "/", "**", "(", ")", "[", "]", ",", "=")} | {"^": "**"}


def parse(text: str) -> Network:
    """The network that ``text`` describes.

    Layers are separated by commas, semicolons, arrows ``->`` or new lines; ``#`` starts a comment.
    Sizes are numbers or names (``Linear(n, 4)``), weights nested lists (``Linear([[1, 2/3]],
    [0.5])``; a decimal is taken as it is written, so 0.1 is 1/10), ``Linear(n, n) * 5`` is five
    layers.

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
    if not line.strip():
        raise SpecError("the network is empty; it reads like: Linear(3, 4), ReLU, Linear(4, 2)")
    source = Source(
        line, SpecError, signs=_SIGNS, words=frozenset(), longest=MAX_LENGTH, what="the network"
    )
    reader = _Reader(source)
    items = source.tree.elts if isinstance(source.tree, ast.Tuple) else [source.tree]
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


class _Reader:
    """Reads the nodes that a description may have; everything else is an error with its column."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.sizes = Reader(source, symbol=_size_symbol, constants={})
        self.numbers = Reader(source, constants={})

    def layers(self, node: ast.expr) -> list[Network]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            count = self.value(node.right, self.sizes)
            if not (isinstance(count, sp.Integer) and 1 <= count <= MAX_LAYERS):
                raise self.source.fail(
                    node.right, f"a layer can be repeated 1 to {MAX_LAYERS} times"
                )
            return self.layers(node.left) * int(count)
        return [self.layer(node)]

    def layer(self, node: ast.expr) -> Network:
        call = ast.Call(node, [], []) if isinstance(node, ast.Name) else node
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            raise self.source.fail(node, "a layer was expected here, such as Linear(3, 4) or ReLU")
        token = self.source.written(call.func)
        if token.kind == "number":
            raise self.source.fail(node, "a layer was expected here, such as Linear(3, 4) or ReLU")
        known = layer_names()
        cls = known.get(token.text)
        if cls is None:
            there = f"there are {', '.join(sorted(known))}"
            hint = closest(token.text, known, there)
            raise self.source.fail(node, f"there is no layer {token.text}{hint}")
        if issubclass(cls, Container):
            arguments = [layer for arg in call.args for layer in self.layers(arg)]
        else:
            reader = self.numbers if issubclass(cls, Activation) else self.sizes
            arguments = [self.value(arg, reader) for arg in call.args]
        options = dict(self.option(keyword) for keyword in call.keywords)
        try:
            return cls(*arguments, **options)
        except (SymnetError, ValueError) as error:
            raise self.source.fail(node, str(error)) from error
        except TypeError as error:
            reason = str(error).rpartition("() ")[2]
            raise self.source.fail(node, f"{cls.__name__} {reason}") from error

    def option(self, keyword: ast.keyword) -> tuple[str, Any]:
        if keyword.arg is None:
            raise self.source.fail(keyword.value, "** is not understood here")
        # names stand in the tree as placeholders, those of options too
        name = self.source.tokens[int(keyword.arg[1:])].text
        return name, self.value(keyword.value, self.numbers)

    def value(self, node: ast.expr, reader: Reader) -> Any:
        """A truth value, an expression, or a list of these."""
        match node:
            case ast.List(elts=items):
                # sizes are no lists: these are weights
                return [self.value(item, self.numbers) for item in items]
            case ast.Name() if self.source.written(node).text in ("True", "False"):
                return self.source.written(node).text == "True"
            case ast.Name() | ast.BinOp() | ast.UnaryOp() | ast.Call():
                return reader.expression(node)
        raise self.source.fail(node, "a number, a name or a list of numbers was expected here")


def _size_symbol(name: str) -> sp.Symbol:
    return sp.Symbol(name, integer=True, positive=True)

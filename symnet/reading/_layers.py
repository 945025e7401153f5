"""A formula for two or more linear layers: what it says of layers added, and of layers composed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from ..claims import Claim
from ..errors import ExpressionError
from ..verdict import Verdict
from ._claim import MAX_LENGTH, parse

_WORDS = "alpha|beta|gamma|delta|theta|omega|sigma|weight|bias"
_ATOM = re.compile(rf"(?:{_WORDS}|[A-Za-zΑ-Ωα-ω])(?:_?[0-9]+)?")
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[A-Za-zΑ-Ωα-ω_][A-Za-zΑ-Ωα-ω0-9_]*|\S")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉·×−", "0123456789**-")


@dataclass(frozen=True)
class Layer:
    """One neuron: ``weight * input + bias``; a bias that was left out is None."""

    weight: sp.Symbol
    bias: sp.Symbol | None


@dataclass(frozen=True)
class LayersVerdict:
    """A formula for linear layers, read in both ways; it is true where the composition is."""

    layers: tuple[Layer, ...]
    input: sp.Symbol
    #: The formula that was claimed, and how it was written; the right one is claimed without one.
    claimed: Any
    written: str

    @property
    def sum(self) -> Any:
        """The layers added: w1*x + b1 + w2*x + b2."""
        return sp.Add(*(_affine(layer, self.input) for layer in self.layers))

    @property
    def composition(self) -> Any:
        """The layers one after the other: w2*(w1*x + b1) + b2."""
        value: Any = self.input
        for layer in self.layers:
            value = _affine(layer, value)
        return value

    @property
    def correct(self) -> str:
        """The formula for the composition: ``w2 w1 x + (w2 b1 + b2)``."""
        return self._correct(" ")

    def _correct(self, times: str) -> str:
        names = [str(layer.weight) for layer in self.layers]
        biases = [
            times.join([*reversed(names[place + 1 :]), str(layer.bias)])
            for place, layer in enumerate(self.layers)
            if layer.bias is not None
        ]
        weight, bias = times.join([*reversed(names), str(self.input)]), " + ".join(biases)
        return weight + (f" + ({bias})" if len(biases) > 1 else f" + {bias}" if bias else "")

    @cached_property
    def added(self) -> Verdict:
        """The verdict on the formula as one for layers added."""
        return Claim(self.sum, self.claimed).prove()

    @cached_property
    def composed(self) -> Verdict:
        """The verdict on the formula as one for layers composed."""
        return Claim(self.composition, self.claimed).prove()

    @cached_property
    def corrected(self) -> Verdict:
        """The verdict on the right formula for layers composed."""
        return Claim(self.composition, _read(self._correct("*"), True)).prove()

    def __bool__(self) -> bool:
        return bool(self.composed)

    def __str__(self) -> str:
        added = " + ".join(_layer_text(layer, str(self.input)) for layer in self.layers)
        composed = str(self.input)
        for place, layer in enumerate(self.layers):
            composed = _layer_text(layer, f"({composed})" if place else composed)
        lines = [
            f"layers added:    {added} = {self.written}: {self.added}",
            f"layers composed: {composed} = {self.written}: {self.composed}",
        ]
        if not self.composed:
            lines.append(f"right formula:   {composed} = {self.correct}: {self.corrected}")
        return "\n".join(lines)


def prove_layers(text: str) -> LayersVerdict:
    """What a formula for linear layers says of layers added, and of layers composed.

    People write ``w1x + b1 + w2x + b2 = (w1 + w2)x + (b1 + b2)`` and mean layers one after the
    other. The answer has the verdicts on both readings and the formula that is right.

    Parameters
    ----------
    text : str
        ``y =`` may stand before it. Where no product is written with ``*``, letters beside each
        other are multiplied, and ``w1``, ``w_1`` and ``w₁`` are names. The layers stand in the
        order in which they are applied.

    Raises
    ------
    ExpressionError
        If it does not begin with the layers, or nothing is claimed of them.

    Examples
    --------
    >>> from symnet import prove_layers
    >>> print(prove_layers("y = w1x + b1 + w2x + b2 = (w1 + w2)x + (b1 + b2)"))
    layers added:    w1 x + b1 + w2 x + b2 = (w1 + w2)x + (b1 + b2): proved (polynomial normal form)
    layers composed: w2 (w1 x + b1) + b2 = (w1 + w2)x + (b1 + b2): refuted; at b1 = 1, b2 = 0, w1 = 0, w2 = 0, x = 0: 0 ≠ 1
    right formula:   w2 (w1 x + b1) + b2 = w2 w1 x + (w2 b1 + b2): proved (polynomial normal form)

    Source: definition.
    """  # noqa: E501
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the formula has {len(text)} characters; at most {MAX_LENGTH}")
    plain = re.sub(r"_\{([0-9]+)\}", r"_\1", text.translate(_SUBSCRIPTS))
    sides = [side.strip() for side in re.split(r"==?", plain)]
    if len(sides) > 1 and re.fullmatch(r"\w+(\s*\(\s*\w+\s*\))?", sides[0]):
        sides = sides[1:]
    if len(sides) != 2 or not all(sides):
        raise ExpressionError(
            "a formula for layers has the layers and one thing they are claimed to be, as in "
            "w1 x + b1 + w2 x + b2 = (w1 + w2) x + (b1 + b2)"
        )
    explicit = "*" in plain
    claimed = _read(sides[1], explicit)
    layers, variable = _layers(sides[0], explicit)
    return LayersVerdict(layers, variable, claimed, " ".join(sides[-1].split()))


def _layers(side: str, explicit: bool) -> tuple[tuple[Layer, ...], sp.Symbol]:
    """The layers of a sum such as w1 x + b1 + w2 x + b2, and their input."""
    terms = [_read(term, explicit) for term in _terms(side)]
    products = [set(t.free_symbols) for t in terms if t.is_Mul]
    shared = set.intersection(*products) if products else set()
    plain = all(t.is_Symbol or (t.is_Mul and all(f.is_Symbol for f in t.args)) for t in terms)
    if not plain or len(products) < 2 or len(shared) != 1 or any(len(p) != 2 for p in products):
        raise ExpressionError(
            f"{side} is read as two or more layers, each a weight times the same input and a "
            "bias, as in w1 x + b1 + w2 x + b2"
        )
    (variable,) = shared
    layers: list[Layer] = []
    for term in terms:
        if term.is_Mul:
            (weight,) = term.free_symbols - shared
            layers.append(Layer(weight, None))
        elif layers and layers[-1].bias is None:
            layers[-1] = Layer(layers[-1].weight, term)
        else:
            raise ExpressionError(f"the bias {term} has no weight before it: w1 x + b1 + w2 x + b2")
    return tuple(layers), variable


def _terms(side: str) -> list[str]:
    """The terms of a sum; brackets around a layer are left out."""
    flat = side.replace("(", " ").replace(")", " ")
    # brackets may group layers, and nothing else
    groups = re.sub(r"\(([^()]*)\)", r"\1", side)
    if re.search(r"[()]", groups) or re.search(r"[\w)]\s*\(|\)\s*[\w(]|[*/^-]", _sums(side)):
        raise ExpressionError(
            f"{side} does not begin with layers that are added: w1 x + b1 + w2 x + b2"
        )
    return [term.strip() for term in flat.split("+") if term.strip()]


def _sums(side: str) -> str:
    """The side without the products of two names that are written with a star."""
    return re.sub(r"(\w)\s*\*\s*(\w)", r"\1 \2", side)


def _read(text: str, explicit: bool) -> Any:
    """An expression; the letter e is a name here as the others are."""
    names = {"e": sp.Symbol("e", real=True)}
    return parse(text if explicit else _explicit(text), names=names)


def _explicit(text: str) -> str:
    """The text with a star between everything that stands side by side."""
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        parts = _ATOM.findall(token)
        split = parts if parts and "".join(parts) == token else [token]
        for part in split:
            if tokens and _ends(tokens[-1]) and (part[0].isalnum() or part == "("):
                tokens.append("*")
            tokens.append(part)
    return " ".join(tokens)


def _ends(token: str) -> bool:
    return token[-1].isalnum() or token == ")"


def _affine(layer: Layer, value: Any) -> Any:
    product = sp.Mul(layer.weight, value, evaluate=not isinstance(value, sp.Add))
    return product if layer.bias is None else product + layer.bias


def _layer_text(layer: Layer, value: str) -> str:
    return f"{layer.weight} {value}" + (f" + {layer.bias}" if layer.bias is not None else "")

"""Flatten."""

from __future__ import annotations

import sympy as sp

from ._inert import Inert


class Flatten(Inert):
    """x -> x: a column is flat already.

    torch's ``Flatten`` makes one axis of several; networks here take columns, so nothing is left
    to do, and the layer keeps its place in a network that came from elsewhere.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.Flatten()([1, 2])
    Matrix([
    [1],
    [2]])

    Source: torch.nn.Flatten, for the name.
    """

    torch = "Flatten"
    onnx = "Flatten"

    def __new__(cls) -> Flatten:
        self: Flatten = sp.Basic.__new__(cls)
        return self

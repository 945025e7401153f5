"""Matrices beside the description of a network, as floats."""

from __future__ import annotations

from typing import Any

from ..exact.rational_matrix import RationalMatrix
from ._base import Exporter
from ._skeleton import skeleton_of


def tensors_of(exporter: Exporter) -> tuple[str, dict[str, Any]]:
    """The description of the network, and its matrices by name."""
    tensors: dict[str, Any] = {}

    def aside(matrix: RationalMatrix) -> str:
        name = f"weight_{len(tensors)}"
        tensors[name] = exporter.rounding.floats(matrix, name)
        return name

    return skeleton_of(exporter.net, aside), tensors

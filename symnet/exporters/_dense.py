"""Facts about layers that several exporters need."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..base import Network
from ..errors import ExportError


def width_of(net: Network) -> int:
    """How many numbers the network takes."""
    size = net.in_features
    if size is None or not size.is_Integer:
        raise ExportError(
            f"the number of inputs is {'not fixed' if size is None else size}; a network that "
            "leaves symnet has a fixed one: put a layer with a size first, such as Linear"
        )
    if net.free_symbols:
        names = ", ".join(sorted(str(s) for s in net.free_symbols)[:5])
        raise ExportError(f"the network holds symbols, {names}; give numbers for them first")
    return int(size)


def dense_parts(layer: Network, width: int) -> tuple[Any, Any]:
    """(W, b) with all entries of a layer that is affine."""
    parts = layer.affine_parts(sp.Integer(width))
    if parts is None:
        raise ExportError(
            f"{layer} cannot be written: it is not affine, or its matrix is too large"
        )
    W, b = parts
    return W, b.as_explicit() if isinstance(b, sp.ZeroMatrix) else b


def width_after(layer: Network, width: int) -> int:
    """How many numbers the layer gives."""
    return int(sp.sympify(layer.features(sp.Integer(width))))

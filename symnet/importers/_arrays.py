"""Arrays of other libraries as NumPy's, without a change of any number."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import LoadError
from ._base import MAX_ENTRIES

Array = NDArray[Any]

#: Types that NumPy does not know, each of which float32 holds exactly.
_SHORT = ("bfloat16", "float8_", "float6_", "float4_")


def array_of(value: Any, name: str) -> Array:
    """The numbers of an array of NumPy, torch, JAX or Keras: floats or integers.

    >>> array_of(np.float16([1, 2]), "b").dtype
    dtype('float16')
    """
    if hasattr(value, "detach"):  # torch
        value = value.detach().cpu()
        if value.is_sparse or value.is_quantized:
            value = value.dequantize() if value.is_quantized else value.to_dense()
        if any(word in str(value.dtype) for word in _SHORT):
            value = value.float()
        value = value.numpy()
    if not isinstance(value, np.ndarray) and callable(getattr(value, "numpy", None)):  # Keras
        return array_of(value.numpy(), name)
    array = np.asarray(value)
    if str(array.dtype).startswith(_SHORT):
        array = array.astype(np.float32)
    if array.dtype.kind not in "fiub":
        raise LoadError(f"{name} holds {array.dtype}, which are no real numbers")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        count = int((~np.isfinite(array)).sum())
        raise LoadError(f"{name} has {count} entries that are infinite or not a number")
    return array


def check_shape(shape: Any, name: str) -> tuple[int, ...]:
    """A shape that a file announces, if it is one and not too large."""
    sizes = tuple(shape)
    if not all(isinstance(n, int) and n >= 0 for n in sizes) or len(sizes) > 16:
        raise LoadError(f"the tensor {name!r} has the shape {sizes}")
    if prod(sizes) > MAX_ENTRIES:
        raise LoadError(
            f"the tensor {name!r} has the shape {sizes}, {prod(sizes)} entries; "
            f"at most {MAX_ENTRIES} are read"
        )
    return sizes

"""Tensors and attributes of ONNX as arrays and Python values; sizes are checked first."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ._base import MAX_ENTRIES
from ._external import ExternalError, external_bytes

if TYPE_CHECKING:
    import onnx


class TensorError(ValueError):
    """A tensor that cannot be read; the message says why."""


def text(value: str | bytes) -> str:
    """A name; the parser gives bytes where it is damaged and no text."""
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def shown(value: str | bytes) -> str:
    """A name for a message: in quotes where it would break the line."""
    name = text(value)
    return name if name.isprintable() else repr(name)


def array_of_tensor(tensor: onnx.TensorProto, name: str, folder: Path) -> NDArray[Any]:
    """The numbers of a tensor: floats of 16, 32 or 64 bits, or integers."""
    import onnx.numpy_helper
    from onnx import TensorProto

    if any(size < 0 for size in tensor.dims):
        raise TensorError(f"the tensor {name!r} has the shape {tuple(tensor.dims)}")
    count = prod(tensor.dims)
    if count > MAX_ENTRIES:
        raise TensorError(f"the tensor {name!r} has {count} entries; at most {MAX_ENTRIES}")
    if tensor.data_type == TensorProto.STRING:
        raise TensorError(f"the tensor {name!r} holds texts, which are no real numbers")
    try:
        if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
            tensor = _with_bytes(tensor, count, folder)
        array = np.asarray(onnx.numpy_helper.to_array(tensor))
    except OSError:
        raise
    except ExternalError as error:
        raise TensorError(f"the tensor {name!r} lies in another file: {error}") from None
    except Exception as error:
        raise TensorError(f"the tensor {name!r} is damaged: {error}") from None
    if array.dtype.kind == "V" or str(array.dtype).startswith(("bfloat16", "float8", "float4")):
        array = array.astype(np.float32)  # which holds these types exactly
    if str(array.dtype) in ("int4", "uint4", "int2", "uint2"):
        array = array.astype(np.int8)
    if array.dtype.kind not in "fiub":
        raise TensorError(f"the tensor {name!r} holds {array.dtype}, which are no real numbers")
    return array


def _with_bytes(tensor: onnx.TensorProto, count: int, folder: Path) -> onnx.TensorProto:
    """The same tensor with its numbers inside, read from the file that it names."""
    import onnx.helper
    from onnx import TensorProto

    size = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
    four = {getattr(TensorProto, name, None) for name in ("INT4", "UINT4")}
    if tensor.data_type in four:
        raise ExternalError("it holds integers of four bits, which are read from the model alone")
    entries = {text(entry.key): text(entry.value) for entry in tensor.external_data}
    return TensorProto(
        dims=tensor.dims, data_type=tensor.data_type, name=tensor.name,
        raw_data=external_bytes(entries, count * size, folder),
    )  # fmt: skip


def value_of_attribute(attribute: onnx.AttributeProto, node: str, folder: Path) -> Any:
    """An attribute as a Python value; None for graphs and other things that are not read."""
    from onnx import AttributeProto

    kinds: dict[int, Callable[[Any], Any]] = {
        AttributeProto.FLOAT: lambda a: a.f,
        AttributeProto.INT: lambda a: a.i,
        AttributeProto.STRING: lambda a: shown(a.s),
        AttributeProto.FLOATS: lambda a: tuple(a.floats),
        AttributeProto.INTS: lambda a: tuple(a.ints),
        AttributeProto.TENSOR: lambda a: array_of_tensor(a.t, f"{node}: {text(a.name)}", folder),
    }
    read = kinds.get(attribute.type)
    return None if read is None else read(attribute)

"""safetensors: tensors by name, without code."""

from __future__ import annotations

import struct
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from ..sequential import Sequential
from ._arrays import Array, array_of, check_shape
from ._base import Importer
from ._parsing import ParsingError, parsed
from ._skeleton import KEY, network_of_skeleton
from ._weights import OPTIONS, network_of

#: The types of tensors; those NumPy does not know are widened to float32, which holds them.
_TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?", "BF16": "<u2",
}  # fmt: skip

#: The description of the tensors has at most so many bytes.
_MAX_HEADER = 1 << 24


class Safetensors(Importer):
    """The weights of a chain of linear layers and norms, or a network that symnet has saved.

    The sizes in the description are checked before the library reads a tensor.

    Source: https://github.com/huggingface/safetensors, README, for the format.
    """

    name = "safetensors"
    suffixes = (".safetensors",)
    options = OPTIONS

    def __init__(self, path: Path, **given: Any) -> None:
        super().__init__(path)
        self.given = given

    def read(self) -> Sequential:
        try:
            from safetensors import SafetensorError, deserialize
        except ImportError as error:
            raise ImportError(
                "reading safetensors needs the package safetensors: symnet[safetensors]"
            ) from error
        header = self._header()
        try:
            found: Any = deserialize(self.path.read_bytes())  # type: ignore[no-untyped-call]
        except SafetensorError as error:
            raise self.error(
                f"this is not a safetensors file, or a damaged one ({error})"
            ) from None
        tensors = {name: self._array(name, facts) for name, facts in found}
        skeleton = (header.get("__metadata__") or {}).get(KEY)
        if skeleton is not None and not self.given:
            return network_of_skeleton(skeleton, tensors, self.error)
        return network_of(tensors, ordered=False, **self.given)

    def _header(self) -> dict[str, Any]:
        """The description: every tensor must have a shape and a type that can be read."""
        size = self.path.stat().st_size
        with self.path.open("rb") as file:
            start = file.read(8)
            length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
            if not 2 <= length <= min(_MAX_HEADER, size - 8):
                raise self.error("this is not a safetensors file, or a damaged one")
            text = file.read(length)
        try:
            header = parsed(text)
            tensors = {k: v for k, v in header.items() if k != "__metadata__"}
            shapes = {name: (v["dtype"], v["shape"]) for name, v in tensors.items()}
        except ParsingError as error:
            raise self.error(f"the description of its tensors cannot be read: {error}") from None
        except (AttributeError, KeyError, TypeError):
            raise self.error("this is not a safetensors file, or a damaged one") from None
        other = [f"{n!r} of type {t}" for n, (t, _) in shapes.items() if str(t) not in _TYPES]
        if other:
            raise self.error(f"tensors of types that cannot be read: {', '.join(other)}")
        for name, (_, shape) in shapes.items():
            if not isinstance(shape, list):
                raise self.error(f"the tensor {name!r} has no shape")
            check_shape(shape, name)
        return header if isinstance(header, dict) else {}

    def _array(self, name: str, facts: Any) -> Array:
        kind, shape = facts["dtype"], facts["shape"]
        flat = np.frombuffer(bytes(facts["data"]), dtype=_TYPES[kind])
        if kind == "BF16":
            flat = (flat.astype(np.uint32) << 16).view(np.float32)
        if flat.size != prod(shape):
            raise self.error(f"the tensor {name!r} has {flat.size} entries for the shape {shape}")
        return array_of(flat.reshape(shape), name)

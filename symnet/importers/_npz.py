"""npz, NumPy's archives of arrays."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from math import prod
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np

from ..sequential import Sequential
from ._archive import opened, part
from ._arrays import Array, array_of, check_shape
from ._base import Importer
from ._skeleton import KEY, network_of_skeleton
from ._weights import OPTIONS, network_of


class Npz(Importer):
    """The weights of a chain of linear layers and norms, or a network that symnet has saved.

    Arrays of Python objects are pickles, and refused.

    Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
    """

    name = "npz"
    suffixes = (".npz",)
    options = OPTIONS

    def __init__(self, path: Path, **given: Any) -> None:
        super().__init__(path)
        self.given = given

    def read(self) -> Sequential:
        with opened(self.path, self.error) as archive:
            names = [m.filename for m in archive.infolist()]
            odd = [name for name in names if not name.endswith(".npy")]
            if odd or not names:
                raise self.error(
                    f"it holds {', '.join(odd[:5]) or 'nothing'} where arrays should be"
                )
            tensors = {}
            skeleton = None
            for name in names:
                array = array_of_npy(part(archive, name, self.error), name, self.error)
                if name == f"{KEY}.npy" and array.dtype == np.uint8:
                    skeleton = bytes(array).decode(errors="replace")
                else:
                    tensors[name.removesuffix(".npy")] = array
        if skeleton is not None and not self.given:
            return network_of_skeleton(skeleton, tensors, self.error)
        return network_of(tensors, **self.given)


def array_of_npy(data: bytes, name: str, error: Callable[[str], Exception]) -> Array:
    """The array in the bytes of an npy file; no more memory is taken than these are."""
    file = BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        read = {(1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0}[version]  # fmt: skip
        shape, fortran, dtype = read(file)
    except (
        ValueError, KeyError, TypeError, SyntaxError, TokenError, RecursionError, MemoryError
    ):  # fmt: skip
        raise error(f"the part {name!r} is no array, or a damaged one") from None
    if dtype.hasobject:
        raise error(
            f"the array {name!r} holds Python objects, a pickle, which is not read; "
            "save arrays of numbers"
        )
    if dtype.kind not in "fiub":
        raise error(f"the array {name!r} holds {dtype}, which are no real numbers")
    check_shape(shape, name)
    count = prod(shape)
    if len(data) - file.tell() != count * dtype.itemsize:
        raise error(f"the array {name!r} is not as long as its shape {shape} says")
    flat = np.frombuffer(data, dtype, count, file.tell())
    return array_of(flat.reshape(shape, order="F" if fortran else "C"), name)

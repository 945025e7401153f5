"""npz, NumPy's archives of arrays."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np

from ..files import write_atomically
from ..importers._skeleton import KEY
from ._base import Exported, Exporter
from ._tensors import tensors_of


class Npz(Exporter):
    """The weights as arrays of floats, and a description of the network beside them.

    Source: https://numpy.org/doc/stable/reference/generated/numpy.savez.html.
    """

    name = "npz"
    suffixes = (".npz",)

    def write(self, path: Path) -> Exported:
        text, tensors = tensors_of(self)
        file = BytesIO()
        tensors[KEY] = np.frombuffer(text.encode(), dtype=np.uint8)
        np.savez(file, **tensors)
        return self.rounding.exported(write_atomically(path, file.getvalue()))

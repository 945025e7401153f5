"""SyReNN: symbolic representations of networks restricted to lines and polygons, its C++ core.

Its server is built with Bazel. This adapter calls the transformers of the core inside the process,
through a shared library with one C function that the user provides:

    long long syrenn_regions(int layers, const int *sizes, const float *weights,
                             const float *corners)

`sizes` are the layers + 1 sizes of the network; `weights` hold W (row by row) and b of each layer
in turn; `corners` the ends of an interval, or the four corners of a square counterclockwise, point
by point. It applies `FullyConnectedTransformer` and `ReLUTransformer` in turn on one thread, to a
`SegmentedLine` if sizes[0] is 1 and to a `UPolytope` of one polygon if it is 2, and returns how
many segments or polygons there are in the end.
"""

from __future__ import annotations

import ctypes
from typing import Any

from . import Counts, Peer


class Adapter(Peer):
    name = "SyReNN"
    source = "a shared library over the C++ core of github.com/95616ARG/SyReNN (see this adapter)"
    promise = "segments or polygons with their images, float32; general position not required"
    dimensions = range(1, 3)
    needs_path = True

    def load(self) -> None:
        self.function = ctypes.CDLL(str(self.where)).syrenn_regions
        self.function.restype = ctypes.c_longlong

    def prepare(self, layers: list[tuple[Any, Any]]) -> Any:
        import numpy as np

        d = layers[0][0].shape[1]
        sizes = np.array([d, *(len(b) for _, b in layers)], dtype=np.int32)
        flat = [np.append(w.ravel(), b) for w, b in layers]
        weights = np.concatenate(flat).astype(np.float32)
        corners = np.array([-1, 1] if d == 1 else [-1, -1, 1, -1, 1, 1, -1, 1], dtype=np.float32)
        arrays = [a.ctypes.data_as(ctypes.c_void_p) for a in (sizes, weights, corners)]

        def run() -> Counts:
            return {"regions": int(self.function(len(layers), *arrays))}

        run.kept = sizes, weights, corners  # type: ignore[attr-defined]  # alive while it runs
        return run

"""nnenum: enumeration with star sets."""

from __future__ import annotations

import sys
from typing import Any

from . import Counts, Peer


class Adapter(Peer):
    name = "nnenum"
    source = "a checkout of github.com/stanleybak/nnenum, and what its pyproject.toml lists"
    promise = "one star set for each region, float32; made to verify, does not promise counts"
    dimensions = range(1, 10)
    needs_path = True

    def load(self) -> None:
        sys.path.insert(0, f"{self.where}/src")
        from nnenum.enumerate import enumerate_network
        from nnenum.network import weights_biases_to_nn
        from nnenum.settings import Settings

        self.enumerate, self.network, self.settings = (
            enumerate_network,
            weights_biases_to_nn,
            Settings,
        )

    def prepare(self, layers: list[tuple[Any, Any]]) -> Any:
        import numpy as np

        settings = self.settings
        settings.BRANCH_MODE = settings.BRANCH_EXACT
        settings.TRY_QUICK_OVERAPPROX = False
        settings.NUM_PROCESSES = 1
        settings.PRINT_OUTPUT = settings.PRINT_PROGRESS = False
        settings.CHECK_SINGLE_THREAD_BLAS = False
        settings.UNDERFLOW_BEHAVIOR = "ignore"
        network = self.network(
            [w.tolist() for w, _ in layers], [b.tolist() for _, b in layers], np.float32
        )
        box = np.array([[-1, 1]] * layers[0][0].shape[1], dtype=np.float32)

        def run() -> Counts:
            return {"regions": self.enumerate(box, network).total_stars}

        return run

"""relucent: search from cell to neighbouring cell by linear programs."""

from __future__ import annotations

from typing import Any

from . import Counts, Peer


class Adapter(Peer):
    name = "relucent"
    source = "PyPI: relucent"
    promise = "cells with their facets, float64; refuses where it is not in general position"
    dimensions = range(2, 10)

    def load(self) -> None:
        import relucent
        import torch

        torch.set_num_threads(1)
        self.library, self.torch = relucent, torch

    def prepare(self, layers: list[tuple[Any, Any]]) -> Any:
        torch = self.torch
        parts: list[Any] = []
        for weight, bias in layers:
            linear = torch.nn.Linear(*weight.T.shape).double()
            linear.weight.data, linear.bias.data = torch.tensor(weight), torch.tensor(bias)
            parts += [linear, torch.nn.ReLU()]
        network = torch.nn.Sequential(*parts[:-1])

        def run() -> Counts:
            cells = self.library.Complex(network)
            cells.bfs(nworkers=1, cube_radius=1.0, cube_mode="intersect", verbose=0)
            return {"regions": len(cells)}

        return run

"""Berzins' edge subdivision, in torch."""

from __future__ import annotations

import sys
from typing import Any

from . import Counts, Peer


class Adapter(Peer):
    name = "Berzins"
    source = "a checkout of github.com/arturs-berzins/relu_edge_subdivision, and torch"
    promise = "vertices, edges and sign vectors, no cells; float32; needs general position"
    dimensions = range(1, 10)
    needs_path = True

    def load(self) -> None:
        import torch

        sys.path.insert(0, str(self.where))
        from edge_subdivision import skeletal_subdivision
        from NN import Net

        torch.set_num_threads(1)
        self.torch, self.net, self.subdivide = torch, Net, skeletal_subdivision

    def prepare(self, layers: list[tuple[Any, Any]]) -> Any:
        torch = self.torch
        hidden = layers[:-1]  # the program cuts along the zeros of its last layer, too
        net = self.net([hidden[0][0].shape[1], *(len(b) for _, b in hidden)])
        for linear, (weight, bias) in zip(net.fcs, hidden, strict=True):
            linear.weight.data = torch.tensor(weight, dtype=torch.float32)
            linear.bias.data = torch.tensor(bias, dtype=torch.float32)

        def run() -> Counts:
            with torch.no_grad():
                vertices, edges, _ = self.subdivide(net, device="cpu", verbose=False)
            return {"vertices": len(vertices), "edges": len(edges)}

        return run

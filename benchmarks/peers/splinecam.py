"""SplineCam: regions on a plane as cycles of a graph."""

from __future__ import annotations

import os
import sys
from typing import Any

from . import Counts, Peer


class Adapter(Peer):
    name = "SplineCam"
    source = "a checkout of github.com/AhmedImtiazPrio/SplineCAM, torch, igraph, graph-tool"
    promise = "polygons of the plane, float64; needs general position"
    dimensions = range(2, 3)
    needs_path = True

    def load(self) -> None:
        os.environ.setdefault("PYTORCH_JIT", "0")  # its scripts do not compile with torch 2
        import torch

        sys.path.insert(0, str(self.where))
        import splinecam

        torch.set_num_threads(1)
        self.library, self.torch = splinecam, torch

    def prepare(self, layers: list[tuple[Any, Any]]) -> Any:
        torch, tool = self.torch, self.library
        parts: list[Any] = []
        for weight, bias in layers:
            linear = torch.nn.Linear(*weight.T.shape).double()
            linear.weight.data, linear.bias.data = torch.tensor(weight), torch.tensor(bias)
            parts += [linear, torch.nn.ReLU()]
        model = torch.nn.Sequential(*parts[:-1]).eval()
        square = torch.tensor([[-1.0, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]).double()
        plane = torch.tensor([[1.0, 0, 0], [0, 1, 0]]).double()
        net = tool.wrappers.model_wrapper(
            model, input_shape=(2,), T=plane, dtype=torch.float64, device="cpu"
        )

        def run() -> Counts:
            first = net.layers[0].get_weights()[None, ...].cpu()
            cells, maps = [square], first
            with torch.no_grad():
                for k in range(1, len(net.layers) - 1):
                    cells, kept = tool.graph.to_next_layer_partition(
                        cycles=cells, Abw=maps, NN=net, current_layer=k,
                        dtype=torch.float64, device="cpu",
                    )  # fmt: skip
                    if k + 2 == len(net.layers):
                        break
                    means = tool.utils.get_region_means(
                        cells, dims=2, dtype=torch.float64, device="cpu"
                    )
                    on = net.layers[k].get_activation_pattern(net.layers[:k].forward(means))
                    weight = net.layers[k].get_weights(dtype=torch.float64)
                    maps = tool.utils.get_Abw(
                        q=on.double(), Wb=weight.to_dense(), incoming_Abw=maps[kept]
                    )
            return {"regions": len(cells)}

        return run

"""affinitree: decision trees of networks, pruned by linear programs."""

from __future__ import annotations

from typing import Any

from . import Counts, Peer


class Adapter(Peer):
    name = "affinitree"
    source = "PyPI: affinitree"
    promise = "a tree with an affine map at each leaf, float64; keeps closed, so also flat leaves"
    dimensions = range(1, 10)

    def load(self) -> None:
        import affinitree

        self.library = affinitree

    def prepare(self, layers: list[tuple[Any, Any]]) -> Any:
        tool = self.library
        d = layers[0][0].shape[1]
        network = tool.Architecture(d)
        for k, (weight, bias) in enumerate(layers):
            network.linear(tool.AffFunc.from_mats(weight, bias))
            if k + 1 < len(layers):
                network.relu()
        box = tool.Polytope.hyperrectangle(d, [(-1.0, 1.0)] * d)
        inside = tool.AffTree.from_poly(box, tool.AffFunc.identity(d), None)

        def run() -> Counts:
            return {"regions": tool.builder.from_layers(network, inside, None).num_terminals()}

        return run

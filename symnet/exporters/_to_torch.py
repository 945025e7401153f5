"""A network as a module of torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, singledispatchmethod
from typing import Any

import numpy as np

from ..activations import Activation
from ..activations._abs import Abs
from ..activations._prelu import PReLU
from ..activations._sign import Sign
from ..base import Network
from ..errors import ExportError
from ..layers._average_pool import AveragePool
from ..layers._batch_norm import BatchNorm
from ..layers._concat import Concat
from ..layers._convolution import Convolution, numbers
from ..layers._dropout import Dropout
from ..layers._inert import Inert
from ..layers._layer_norm import LayerNorm
from ..layers._linear import Linear
from ..layers._max import Max
from ..layers._maximum_pool import MaximumPool
from ..layers._maxout import Maxout
from ..layers._pool import Pool
from ..layers._residual import Residual
from ..layers._scale import Scale
from ..layers._select import Select
from ..layers._softmax import Softmax
from ..layers._sum import Sum
from ..sequential import Sequential
from ._base import rounding_of
from ._dense import dense_parts, width_after, width_of


def to_torch(net: Network, dtype: Any = None, rounding: bool = False) -> Any:
    """The network as a ``torch.nn.Sequential`` that takes and gives rows of numbers, in eval mode.

    Parameters
    ----------
    net : Network
        With a fixed number of inputs, and numbers as weights.
    dtype : "float16", "float32" or "float64"
        The type of the weights; left out, the shortest from float32 on that holds all exactly.
    rounding : bool
        Round weights that no float of the type is, instead of an error.

    Returns
    -------
    torch.nn.Sequential
        ``module.exported`` says the type, and what was rounded.

    Raises
    ------
    ExportError
        For weights that are no floats of the type, and layers that torch does not have.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 0.5]]), sn.ReLU())
    >>> module = net.to_torch()  # doctest: +SKIP
    >>> sn.from_torch(module) == net  # doctest: +SKIP
    True

    Source: https://docs.pytorch.org/docs/stable/nn.html.
    """
    try:
        import torch
    except ImportError as error:
        raise ImportError("to_torch needs the package torch") from error
    writer = _Writer(torch, net, dtype, rounding)
    module = torch.nn.Sequential(*writer.modules(net, width_of(net))).eval()
    module.exported = writer.rounding.exported(None)
    return module


class _Writer:
    def __init__(self, torch: Any, net: Network, dtype: Any, rounding: bool) -> None:
        self.torch, self.nn = torch, torch.nn
        self.rounding = rounding_of(net, dtype, rounding, "float32" if dtype is None else "float16")
        self.dtype = getattr(torch, self.rounding.dtype)

    def tensor(self, matrix: Any, what: str, *shape: int) -> Any:
        """Exact numbers as a tensor."""
        return self.torch.tensor(self.rounding.floats(matrix, what).reshape(shape or (-1,)))

    def filled(self, module: Any, **tensors: Any) -> list[Any]:
        """The module with these parameters and buffers."""
        module = module.to(self.dtype)
        module.load_state_dict(tensors, strict=False)
        return [module]

    def part(self, function: Callable[..., Any], *modules: Any, **tensors: Any) -> list[Any]:
        return [_part_class(self.torch)(function, modules, tensors)]

    def one(self, layer: Network, width: int) -> Any:
        found = self.modules(layer, width)
        return found[0] if len(found) == 1 else self.nn.Sequential(*found)

    @singledispatchmethod
    def modules(self, layer: Network, width: int) -> list[Any]:
        """The modules, one after the other, for a layer that gets rows of ``width`` numbers."""
        return _dense(self, layer, width)

    @modules.register
    def _(self, layer: Sequential, width: int) -> list[Any]:
        found = []
        for child in layer.children:
            found += self.modules(child, width)
            width = width_after(child, width)
        return found

    @modules.register
    def _(self, layer: Linear, width: int) -> list[Any]:
        rows, columns = map(int, layer.args[0].shape)
        tensors = {"weight": self.tensor(layer.args[0], "W", rows, columns)}
        if layer.has_bias:
            tensors["bias"] = self.tensor(layer.args[1], "b")
        return self.filled(self.nn.Linear(columns, rows, layer.has_bias), **tensors)

    @modules.register
    def _(self, layer: Inert, width: int) -> list[Any]:
        return [self.nn.Flatten()]

    @modules.register
    def _(self, layer: Dropout, width: int) -> list[Any]:
        return [self.nn.Dropout(float(layer.p))]

    @modules.register
    def _(self, layer: BatchNorm, width: int) -> list[Any]:
        names = ("weight", "bias", "running_mean", "running_var")
        tensors = {n: self.tensor(c.as_explicit(), f"{n} of BatchNorm")
                   for n, c in zip(names, layer.columns, strict=True)}  # fmt: skip
        module = self.nn.BatchNorm1d(width, eps=self.rounding.scalar(layer.eps, "eps"))
        return self.filled(module, **tensors)

    @modules.register
    def _(self, layer: LayerNorm, width: int) -> list[Any]:
        tensors = {n: self.tensor(c.as_explicit(), f"{n} of LayerNorm")
                   for n, c in zip(("weight", "bias"), layer.columns, strict=True)}  # fmt: skip
        return self.filled(
            self.nn.LayerNorm(width, eps=self.rounding.scalar(layer.eps, "eps")), **tensors
        )

    @modules.register
    def _(self, layer: Convolution, width: int) -> list[Any]:
        _, bias, size, stride, padding, dilation, groups, kernel = layer.args
        n, s, p, d, k = map(numbers, (size, stride, padding, dilation, kernel))
        if p[: layer.axes] != p[layer.axes :]:
            return _dense(self, layer, width)
        has_bias = "b" in layer.own_parameters
        kind = (self.nn.Conv1d, self.nn.Conv2d)[layer.axes - 1]
        into, out = layer.channels
        module = kind(into, out, k, s, p[: layer.axes], d, int(groups), has_bias)
        tensors = {"weight": self.tensor(layer.args[0], "W", out, into // int(groups), *k)}
        if has_bias:
            tensors["bias"] = self.tensor(bias, "b")
        return self._on_grid(self.filled(module, **tensors), (into, *n))

    def _on_grid(self, modules: Sequence[Any], shape: tuple[int, ...]) -> list[Any]:
        return [self.nn.Unflatten(1, shape), *modules, self.nn.Flatten()]

    @modules.register
    def _(self, layer: MaximumPool, width: int) -> list[Any]:
        kind = (self.nn.MaxPool1d, self.nn.MaxPool2d)[layer.axes - 1]
        return self._pool(kind, layer, width, dilation=numbers(layer.args[5]))

    @modules.register
    def _(self, layer: AveragePool, width: int) -> list[Any]:
        if bool(layer.args[6]) or set(layer.args[5]) != {1}:
            return _dense(self, layer, width)
        kind = (self.nn.AvgPool1d, self.nn.AvgPool2d)[layer.axes - 1]
        return self._pool(kind, layer, width, count_include_pad=bool(layer.args[7]))

    def _pool(self, kind: Any, layer: Pool, width: int, **more: Any) -> list[Any]:
        kernel, size, _, stride, padding, _, ceil, _ = layer.args
        n, k, s, p = map(numbers, (size, kernel, stride, padding))
        before, after = p[: layer.axes], p[layer.axes :]
        if before != after or any(2 * a > b for a, b in zip(before, k, strict=True)):
            if isinstance(layer, AveragePool):
                return _dense(self, layer, width)
            raise ExportError(f"{layer}: torch pads both sides alike, by half of a window at most")
        module = kind(k, s, before, ceil_mode=bool(ceil), **more)
        return self._on_grid([module], (layer.channels, *n))

    @modules.register
    def _(self, layer: Scale, width: int) -> list[Any]:
        s = self.tensor(layer.factors, "s")
        if layer.is_homogeneous:
            return self.part(_scaled, s=s)
        return self.part(_scaled_and_shifted, s=s, t=self.tensor(layer.offset, "t"))

    @modules.register
    def _(self, layer: Select, width: int) -> list[Any]:
        places = layer.places
        inside = self.torch.tensor((places >= 0).astype(self.rounding.dtype))
        chosen = np.maximum(places, 0).tolist()
        if places.min() >= 0:
            return self.part(lambda part, x: x[:, chosen])
        return self.part(lambda part, x: x[:, chosen] * part.inside, inside=inside)

    @modules.register
    def _(self, layer: Softmax, width: int) -> list[Any]:
        return [self.nn.Softmax(dim=1)]

    @modules.register
    def _(self, layer: Max, width: int) -> list[Any]:
        return self.part(lambda part, x: x.amax(dim=1, keepdim=True))

    @modules.register
    def _(self, layer: Maxout, width: int) -> list[Any]:
        k = int(layer.k)
        return self.part(lambda part, x: x.reshape(-1, width // k, k).amax(dim=2))

    @modules.register
    def _(self, layer: Residual, width: int) -> list[Any]:
        return self.part(lambda part, x: part.parts[0](x) + x, self.one(layer.children[0], width))

    @modules.register
    def _(self, layer: Sum, width: int) -> list[Any]:
        return self.part(_sum, *(self.one(child, width) for child in layer.children))

    @modules.register
    def _(self, layer: Concat, width: int) -> list[Any]:
        cat = self.torch.cat
        return self.part(lambda part, x: cat([p(x) for p in part.parts], dim=1),
                         *(self.one(child, width) for child in layer.children))  # fmt: skip

    @modules.register
    def _(self, layer: Activation, width: int) -> list[Any]:
        function = layer.function
        kind = getattr(self.nn, str(function.torch), None)
        if kind is None:
            raise ExportError(f"{layer} has no module in torch")
        values = [
            self.rounding.scalar(v, f"{n} of {layer}")
            for n, v in zip(function.parameters, layer.values, strict=True)
        ]
        options = {k: v for k, v in function.options.items() if k == "approximate"}
        return [kind(*values, **options)]

    @modules.register
    def _(self, layer: PReLU, width: int) -> list[Any]:
        slope = self.rounding.scalar(layer.values[0], "the slope of PReLU", self.rounding.dtype)
        return self.filled(self.nn.PReLU(1), weight=self.torch.tensor([slope]))

    @modules.register
    def _(self, layer: Abs, width: int) -> list[Any]:
        return self.part(lambda part, x: x.abs())

    @modules.register
    def _(self, layer: Sign, width: int) -> list[Any]:
        return self.part(lambda part, x: x.sign())


def _dense(writer: _Writer, layer: Network, width: int) -> list[Any]:
    W, b = dense_parts(layer, width)
    return writer.modules(Linear(W, b), width)


def _scaled(part: Any, x: Any) -> Any:
    return x * part.s


def _scaled_and_shifted(part: Any, x: Any) -> Any:
    return x * part.s + part.t


def _sum(part: Any, x: Any) -> Any:
    total = part.parts[0](x)
    for other in list(part.parts)[1:]:
        total = total + other(x)
    return total


@cache
def _part_class(torch: Any) -> Any:
    """A module around a function of the module and its input; torch is there only at this time."""

    class Part(torch.nn.Module):
        def __init__(self, function: Any, parts: Any, tensors: Any) -> None:
            super().__init__()
            self.function, self.parts = function, torch.nn.ModuleList(parts)
            for name, value in tensors.items():
                self.register_buffer(name, value)

        def forward(self, x: Any) -> Any:
            return self.function(self, x)

    return Part

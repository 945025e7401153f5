"""Modules of torch: values agree with those in float64, for every layer and for whole models."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.errors import LoadError

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402, N812

#: In float64, a few layers of sums of at most 100 products of numbers of moderate size.
CLOSE = 1e-10


def agree(module, shape, given=True, count=2):
    torch.manual_seed(1)
    module = module.double().eval()
    net = sn.from_torch(module, shape if given else None)
    for _ in range(count):
        x = torch.randn(1, *shape, dtype=torch.float64)
        expected = module(x).detach().numpy().ravel()
        values = net([Fraction(float(v)) for v in x.ravel()])
        assert len(expected) == len(values)
        for value, v in zip(values, expected, strict=True):
            assert abs(sp.N(value, 30) - sp.Rational(float(v))) <= CLOSE * (1 + abs(v))
    return net


def warmed(norm):
    """A norm with statistics that are not those it begins with."""
    torch.manual_seed(0)
    with torch.no_grad():
        for name, value in norm.state_dict().items():
            if value.dtype.is_floating_point:
                value.copy_(torch.rand_like(value) + (0.5 if "var" in name else -0.5))
    return norm


ENTRYWISE = [nn.ReLU(), nn.LeakyReLU(0.2), nn.ELU(0.5), nn.CELU(2.0), nn.SELU(), nn.Sigmoid(),
             nn.Tanh(), nn.Softplus(), nn.Softsign(), nn.GELU(), nn.GELU("tanh"), nn.SiLU(),
             nn.Mish(), nn.Hardtanh(-0.5, 2.0), nn.ReLU6(), nn.Hardsigmoid(), nn.Hardswish(),
             nn.LogSigmoid(), nn.PReLU(), nn.PReLU(4), nn.Identity(), nn.Dropout(0.3),
             nn.Softmax(dim=1)]  # fmt: skip


@pytest.mark.parametrize("layer", ENTRYWISE, ids=str)
def test_activations(layer) -> None:
    agree(nn.Sequential(nn.Linear(4, 4), layer), (4,), given=False)


PLANE, LINE = (2, 6, 5), (2, 7)
LAYERS = [
    (nn.Linear(5, 3, bias=False), PLANE),
    (nn.Conv2d(2, 3, 3, padding=1, stride=2), PLANE),
    (nn.Conv2d(2, 4, (3, 2), padding="same", dilation=(1, 2), groups=2, bias=False), PLANE),
    (nn.Conv1d(2, 3, 3, padding=2, dilation=2), LINE),
    (nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1), PLANE),
    (warmed(nn.BatchNorm2d(2)), PLANE), (warmed(nn.BatchNorm1d(2, affine=False)), LINE),
    (warmed(nn.LayerNorm(7)), LINE), (nn.LayerNorm((6, 5), elementwise_affine=False), PLANE),
    (nn.MaxPool2d(2, stride=1, padding=1), PLANE), (nn.MaxPool1d(3, ceil_mode=True), LINE),
    (nn.AvgPool2d(2, padding=1, count_include_pad=False), PLANE), (nn.AvgPool1d(3, 2), LINE),
    (nn.AdaptiveAvgPool2d((3, 1)), PLANE), (nn.AdaptiveMaxPool2d(1), PLANE),
    (nn.Flatten(), PLANE), (nn.Unflatten(1, (1, 2)), LINE),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=str)
def test_layers(layer, shape) -> None:
    agree(layer, shape)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


FUNCTIONS = {
    "residual": lambda x: torch.relu(x) + x,
    "branches": lambda x: torch.cat([x, x.tanh() * 2 - 1, -x / 4], dim=1),
    "parameters": lambda x: (
        F.leaky_relu(x, 0.25) - F.elu(x, alpha=0.5) + F.gelu(x, approximate="tanh")
    ),
    "clamp": lambda x: x.clamp(-0.5, 0.5) + torch.clamp(x, min=0.25) + x.clamp(max=1),
    "sides": lambda x: 1 - x + 2 * x.abs(),
    "view": lambda x: x.view(x.size(0), -1)[:, 1:5:2],
    "shape": lambda x: x.reshape(x.shape[0], x.shape[2] * 2, -1).permute(0, 2, 1).transpose(1, 2),
    "means": lambda x: x.mean(dim=-1) + x.sum(dim=2, keepdim=True).squeeze(2) + x.amax(dim=-1),
    "extremes": lambda x: torch.maximum(x, 0.5 * x) + torch.minimum(x, -x),
    "softmax": lambda x: F.softmax(x, dim=-1).unsqueeze(1).flatten(1),
    "pools": lambda x: F.max_pool1d(F.relu(x), 2) + F.avg_pool1d(x, kernel_size=2),
    "dropout": lambda x: F.dropout(F.silu(x), 0.5, False),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name) -> None:
    agree(Function(FUNCTIONS[name]), LINE)


class Crossed(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 4), nn.Linear(8, 2)
        self.shift = nn.Parameter(torch.randn(4))

    def forward(self, x):
        y = torch.relu(self.first(x)) + x
        z = F.relu(self.first(y) + self.shift)
        return self.last(torch.cat([y, y - z], 1))


class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 3, 3), warmed(nn.BatchNorm2d(3)), nn.ReLU())
        self.skip = nn.Conv2d(3, 3, 3, padding=1)
        self.head = nn.Linear(12, 3)

    def forward(self, x):
        x = self.body(x)
        x = F.max_pool2d(x + torch.relu(self.skip(x)), 2)
        return self.head(torch.flatten(x, 1))


def test_whole_models() -> None:
    agree(Crossed(), (4,), given=False)
    agree(Convolutional(), (1, 6, 6), count=1)


def test_floats_of_all_sizes_are_exact_and_the_module_is_left_alone() -> None:
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        layer = nn.Linear(2, 1).to(dtype).train()
        net = sn.from_torch(layer)
        assert list(net[0].W) == [
            sp.Rational(float(v)) for v in layer.weight.detach().double().ravel()
        ]
        assert layer.training


def test_small_integers_are_the_same_bit_for_bit() -> None:
    rng = np.random.default_rng(0)
    module = nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Linear(9, 4))
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.tensor(rng.integers(-8, 9, p.shape) / 4))
    net = sn.from_torch(module)
    for _ in range(3):
        x = rng.integers(-8, 9, 6) / 2
        expected = module(torch.tensor(x, dtype=torch.float32)).tolist()
        assert list(net(x)) == [sp.Rational(v) for v in expected]


class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.rnn = nn.Linear(4, 4), nn.LSTM(4, 4)
        self.pad = nn.Conv1d(1, 1, 3, padding=1, padding_mode="circular")

    def forward(self, x):
        return torch.sin(self.first(x)) + self.rnn(x)[0] + self.pad(x[:, None])


class Deciding(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


def test_what_is_refused() -> None:
    with pytest.raises(
        LoadError,
        match=r"Odd: 3 parts are not supported:\n  the function sin\n"
        r"  rnn: the module LSTM\n  pad: Conv1d with padding_mode='circular'",
    ):
        sn.from_torch(Odd())  # fmt: skip
    with pytest.raises(LoadError, match=r"cannot trace Deciding: .*torch.onnx.export"):
        sn.from_torch(Deciding(), (2,))
    with pytest.raises(LoadError, match=r"give that of one sample: input_shape="):
        sn.from_torch(nn.Conv2d(1, 1, 3))
    with pytest.raises(LoadError, match=r"takes a torch.nn.Module, and got dict; .*from_numpy"):
        sn.from_torch({})
    with pytest.raises(LoadError, match="the statistics of its input"):
        sn.from_torch(nn.BatchNorm1d(2, track_running_stats=False))
    with pytest.raises(LoadError, match=r"do not fit"):
        sn.from_torch(nn.Linear(3, 2), (4,))


def test_a_state_dict() -> None:
    module = nn.Sequential(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 2)
    )
    module.eval()
    net = sn.from_numpy(module.state_dict(), activation="relu", eps=1e-5)
    assert net == sn.Sequential(*(layer for layer in sn.from_torch(module)))

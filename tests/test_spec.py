"""Descriptions of networks are read exactly and never evaluated."""

import pytest
import sympy as sp

import symnet as sn
from symnet.spec import layer_names, parse, read

n, m = sp.symbols("n m", integer=True, positive=True)


@pytest.mark.parametrize(
    ("text", "net"),
    [
        (
            "Linear(3, 4), ReLU, Linear(4, 2)",
            lambda: sn.Sequential(sn.Linear(3, 4), sn.ReLU(), sn.Linear(4, 2)),
        ),
        (
            "Linear(n, m, bias=False); Sigmoid()",
            lambda: sn.Sequential(sn.Linear(n, m, bias=False), sn.Sigmoid()),
        ),
        (
            "Linear([[1, -2/3]], [0.1])\nLeakyReLU(1/100)  # a comment",
            lambda: sn.Sequential(
                sn.Linear([[1, sp.Rational(-2, 3)]], [sp.Rational(1, 10)]),
                sn.LeakyReLU(sp.Rational(1, 100)),
            ),
        ),
        ("Linear(n, n) * 3", lambda: sn.Sequential(*[sn.Linear(n, n) for _ in range(3)])),
        (
            "Residual(Linear(n, n)), Sum(Linear(n, m), Linear(n, m)), Linear(m + 1 - 1, 2*n)",
            lambda: sn.Sequential(
                sn.Residual(sn.Linear(n, n)),
                sn.Sum(sn.Linear(n, m), sn.Linear(n, m)),
                sn.Linear(m, 2 * n),
            ),
        ),
        (
            "Linear([[a, 1e-3]])",
            lambda: sn.Sequential(sn.Linear([[sp.Symbol("a", real=True), sp.Rational(1, 1000)]])),
        ),
        ("ReLU -> Softmax", lambda: sn.Sequential(sn.ReLU(), sn.Softmax())),
    ],
)
def test_a_description_reads_as_the_network(text, net):
    assert parse(text) == net()


def test_every_layer_can_be_named():
    assert {"Linear", "ReLU", "Residual", "BatchNorm", "Maxout", "Sequential"} <= set(layer_names())


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("Linear(3, 4), Lineer(4, 2)", "did you mean Linear", 15),
        ("Linear(3, 4), 5", "a layer was expected", 15),
        ("__import__('os').system('ls')", "is not read here", 12),
        ("ReLU().layer", "is not read here", 7),
        ("[x for x in y]", "an operator is missing", 4),
        ("Linear(3, lambda: 4)", "is not read here", 17),
        ("Linear(3, 10**10**10)", "more than 1000 digits", 15),
        ("Linear(3, 4 if 1 else 2)", "an operator is missing", 13),
        ("Linear([[1, nan]])", "nan is no number", 13),
        ("Linear([[1/0]])", "division by zero", 12),
        ("Linear(3, 4", "was never closed", 7),
        ("Linear(3, 4), ReLU(1, 2)", "relu takes 0 parameters", 15),
        ("Linear(0, 4)", "a size is at least 1", 1),
        ("Linear(3, 4) * 0", "can be repeated 1 to", 16),
        ("Linear(3, 4, **x)", "not understood", 16),
        ("(" * 10_000, "nested more than", None),
        ("Linear(3, " + "9" * 5_000 + ")", "digits", None),
        ("Linear(3, 4)," * 20_000, "characters", None),
        ("", "the network is empty", None),
        ("# nothing", "the network is empty", None),
        ("Linear(3, 4), Linear(5, 2)", "do not fit", None),
    ],
)
def test_what_is_not_understood_points_at_the_column(text, message, column):
    with pytest.raises(sn.SpecError, match=message) as caught:
        parse(text)
    if column is not None:
        assert f"^ column {column}" in str(caught.value)


def test_a_file_holds_a_description(tmp_path):
    file = tmp_path / "net.txt"
    file.write_text("# two layers\nLinear(3, 4)\nReLU\n")
    assert read(str(file)) == sn.Sequential(sn.Linear(3, 4), sn.ReLU())
    with pytest.raises(sn.SpecError, match="there is no file"):
        read(str(tmp_path / "none.txt"))
    (tmp_path / "net.bin").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(sn.SpecError, match="is not a text file"):
        read(str(tmp_path / "net.bin"))
    (tmp_path / "long.txt").write_text("x" * 200_000)
    with pytest.raises(sn.SpecError, match="has 200000 bytes"):
        read(str(tmp_path / "long.txt"))

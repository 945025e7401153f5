"""Contracts of layers, once, over every member that is found."""

import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from sympy import Rational as Q
from sympy.core.symbol import Str

import symnet as sn
from symnet.activations import every_layer as every_activation
from symnet.base import Apply, Network
from symnet.errors import LayerError, NameClashError, ShapeError, WeightError
from symnet.exact.sparse_matrix import SparseRationalMatrix
from symnet.layers import every_layer

n, m = sp.symbols("n m", integer=True, positive=True)
eps = sp.Symbol("epsilon", positive=True)

GAMMA, BETA, MU, V = [2, -1, Q(1, 2)], [1, 0, -3], [Q(1, 3), 2, -1], [4, Q(1, 4), 9]
W, B = [[1, 2, 3], [4, 5, 6], [7, 8, 10]], [1, -1, 2]


def matrix_vector(w, b, x):
    return [
        sum(Fraction(a) * Fraction(t) for a, t in zip(row, x, strict=True)) + Fraction(c)
        for row, c in zip(w, b, strict=True)
    ]


def batch_norm(x):
    half, third = Fraction(1, 2), Fraction(1, 3)
    return [
        2 * (x[0] - third) / 2 + 1,
        -(x[1] - 2) / half,
        half * (x[2] + 1) / 3 - 3,
    ]


def windows(sizes, kernel, stride, before, after, dilation=(1, 1)):
    """The windows of a plane as lists of coordinates, those outside too; by the definition."""
    counts = [
        (n + a + b - d * (k - 1) - 1) // s + 1
        for n, k, s, a, b, d in zip(sizes, kernel, stride, before, after, dilation, strict=True)
    ]
    for i in range(counts[0]):
        for j in range(counts[1]):
            yield [
                (i * stride[0] - before[0] + p * dilation[0],
                 j * stride[1] - before[1] + q * dilation[1])
                for p in range(kernel[0]) for q in range(kernel[1])
            ]  # fmt: skip


def entry(x, size, channel, place):
    inside = all(0 <= k < n for k, n in zip(place, size, strict=True))
    return x[(channel * size[0] + place[0]) * size[1] + place[1]] if inside else None


def convolution(x, weight, bias, size, groups=1, **geometry):
    """The double sum over channels and points of the kernel."""
    per, kernel = len(weight) // groups, (len(weight[0][0]), len(weight[0][0][0]))
    values = []
    for c, (kernels, b) in enumerate(zip(weight, bias, strict=True)):
        for window in windows(size, kernel, **geometry):
            total = Fraction(b)
            for i, plane in enumerate(kernels):
                flat = [v for row in plane for v in row]
                for v, place in zip(flat, window, strict=True):
                    t = entry(x, size, c // per * len(kernels) + i, place)
                    total += 0 if t is None else Fraction(v) * t
            values.append(total)
    return values


def pooled(x, join, kernel, size, channels=1, **geometry):
    return [
        join([entry(x, size, c, place) for place in window])
        for c in range(channels)
        for window in windows(size, kernel, **geometry)
    ]


def mean_of_all(values):
    return sum((Fraction(0) if v is None else v for v in values), Fraction(0)) / len(values)


def mean_within(values):
    known = [v for v in values if v is not None]
    return sum(known, Fraction(0)) / len(known)


def greatest_within(values):
    return max(v for v in values if v is not None)


K = [[[1, Q(1, 2)], [-3, 2]], [[0, 1], [4, -1]]]
STRIPS = {"stride": (1, 1), "before": (0, 1), "after": (0, 1)}

#: (layer with explicit parameters, the same computed with fractions); three inputs each.
EXPLICIT = {
    "AvgPool1d": [
        (sn.AvgPool1d(2, size=3, stride=1), lambda x: [(x[0] + x[1]) / 2, (x[1] + x[2]) / 2]),
        (sn.AvgPool1d(2, size=3, ceil_mode=True), lambda x: [(x[0] + x[1]) / 2, x[2]]),
    ],
    "AvgPool2d": [
        (
            sn.AvgPool2d((1, 2), size=(1, 3), stride=1, padding=(0, 1)),
            lambda x: pooled(x, mean_of_all, (1, 2), (1, 3), **STRIPS),
        ),
        (
            sn.AvgPool2d((1, 2), size=(1, 3), stride=1, padding=(0, 1), count_include_pad=False),
            lambda x: pooled(x, mean_within, (1, 2), (1, 3), **STRIPS),
        ),
    ],
    "BatchNorm": [(sn.BatchNorm(GAMMA, BETA, MU, V, eps=0), batch_norm)],
    "Concat": [
        (
            sn.Concat(sn.ReLU(), sn.Linear(W, B)),
            lambda x: [max(t, Fraction(0)) for t in x] + matrix_vector(W, B, x),
        ),
        (sn.Concat(sn.Max(), sn.Identity(), sn.Max()), lambda x: [max(x), *x, max(x)]),
    ],
    "Conv1d": [
        (
            sn.Conv1d([[[2, -1]], [[0, 3]]], [1, 0], size=3),
            lambda x: [2 * x[0] - x[1] + 1, 2 * x[1] - x[2] + 1, 3 * x[1], 3 * x[2]],
        ),
        (sn.Conv1d([[[1]], [[2]], [[4]]], size=1, groups=3), lambda x: [x[0], 2 * x[1], 4 * x[2]]),
        (
            sn.Conv1d([[[1, 5]]], size=3, stride=2, padding=(2, 1), dilation=2),
            lambda x: [5 * x[0], x[0] + 5 * x[2]],
        ),
    ],
    "Conv2d": [
        (
            sn.Conv2d([[row] for row in K], [1, 0], size=(1, 3), padding=(1, 0)),
            lambda x: convolution(
                x, [[row] for row in K], [1, 0], (1, 3), stride=(1, 1), before=(1, 0), after=(1, 0)
            ),
        ),
        (
            sn.Conv2d([[[[1, -2, 3]]]], [7], size=(3, 1), padding=(0, 1), stride=(2, 1)),
            lambda x: convolution(
                x, [[[[1, -2, 3]]]], [7], (3, 1), stride=(2, 1), before=(0, 1), after=(0, 1)
            ),
        ),
    ],
    "Dropout": [(sn.Dropout(), list), (sn.Dropout(Q(1, 10)), list)],
    "Flatten": [(sn.Flatten(), list)],
    "LayerNorm": [],
    "Linear": [
        (sn.Linear(W, B), lambda x: matrix_vector(W, B, x)),
        (sn.Linear(W), lambda x: matrix_vector(W, [0] * 3, x)),
    ],
    "Max": [(sn.Max(), lambda x: [max(x)])],
    "MaxPool1d": [
        (sn.MaxPool1d(2, size=3, stride=1), lambda x: [max(x[:2]), max(x[1:])]),
        (sn.MaxPool1d(2, size=3, ceil_mode=True), lambda x: [max(x[:2]), x[2]]),
        (sn.MaxPool1d(1, size=1, channels=3), list),
    ],
    "MaxPool2d": [
        (
            sn.MaxPool2d((2, 1), size=(3, 1), stride=1, padding=(1, 0)),
            lambda x: [x[0], max(x[:2]), max(x[1:]), x[2]],
        ),
    ],
    "Maxout": [(sn.Maxout(3), lambda x: [max(x)]), (sn.Maxout(1), list)],
    "Residual": [
        (
            sn.Residual(sn.Linear(W, B)),
            lambda x: [a + t for a, t in zip(matrix_vector(W, B, x), x, strict=True)],
        ),
        (sn.Residual(sn.ReLU()), lambda x: [max(t, Fraction(0)) + t for t in x]),
    ],
    "Scale": [
        (sn.Scale([2, Q(-1, 3), 0], [1, 0, 5]), lambda x: [2 * x[0] + 1, -x[1] / 3, Fraction(5)]),
        (sn.Scale([2, 1, 3]), lambda x: [2 * x[0], x[1], 3 * x[2]]),
    ],
    "Select": [(sn.Select([2, -1, 0, 2], 3), lambda x: [x[2], Fraction(0), x[0], x[2]])],
    "Softmax": [],
    "SparseLinear": [
        (
            sn.SparseLinear(
                SparseRationalMatrix.of_entries((2, 3), [1, 1], [2, 0], [3, 5], 2), [1, 0]
            ),
            lambda x: [Fraction(1), (5 * x[0] + 3 * x[2]) / 2],
        ),
    ],
    "Sum": [
        (
            sn.Sum(sn.Linear(W, B), sn.Abs(), sn.Identity()),
            lambda x: [a + abs(t) + t for a, t in zip(matrix_vector(W, B, x), x, strict=True)],
        ),
    ],
}

#: Layers with symbols, of symbolic sizes too.
SYMBOLIC = [
    sn.BatchNorm(3),
    sn.BatchNorm(n),
    sn.BatchNorm(n, eps=eps),
    sn.BatchNorm(n, affine=False),
    sn.BatchNorm(n).renamed("7"),
    sn.LayerNorm(3),
    sn.LayerNorm(n),
    sn.LayerNorm(n, eps=eps),
    sn.LayerNorm(n, affine=False),
    sn.Linear(n, m),
    sn.Linear(3, 2, bias=False),
    sn.Softmax(),
    sn.Maxout(2),
    sn.Max(),
    sn.Dropout(),
    sn.Flatten(),
    sn.PReLU(),
    sn.Sum(sn.Linear(n, m), sn.Linear(n, m)),
    sn.Sum(sn.BatchNorm(n), sn.Identity()),
    sn.Residual(sn.Linear(n, n)),
    sn.Concat(sn.Linear(n, m), sn.ReLU()),
    sn.Residual(sn.Sequential(sn.Linear(n, m), sn.ReLU(), sn.Linear(m, n))),
]

POINTS = (
    [Fraction(1), Fraction(-2), Fraction(1, 3)],
    [Fraction(0), Fraction(0), Fraction(0)],
    [Fraction(-5, 7), Fraction(9), Fraction(2)],
)
LAYERS = [layer for pairs in EXPLICIT.values() for layer, _ in pairs] + SYMBOLIC
every_network = pytest.mark.parametrize(
    "net", [pytest.param(net, id=f"{k}-{type(net).__name__}") for k, net in enumerate(LAYERS)]
)
against_plain = pytest.mark.parametrize(
    ("net", "plain"),
    [
        pytest.param(*pair, id=f"{k}-{name}")
        for name, pairs in EXPLICIT.items()
        for k, pair in enumerate(pairs)
    ],
)


def column(values):
    return sp.Matrix([Q(v.numerator, v.denominator) for v in values])


# --- values


def test_all_members_are_covered():
    assert {layer.__name__ for layer in every_layer()} == EXPLICIT.keys()
    tried = {type(layer) for layer in LAYERS}
    assert set(every_layer()) <= tried


@against_plain
def test_value_against_fractions(net, plain):
    for point in POINTS:
        assert net(column(point)) == column(plain(point))
        assert net(point) == column(plain(point))
    both = sp.Matrix.hstack(*map(column, POINTS))
    assert net(both) == sp.Matrix.hstack(*(column(plain(p)) for p in POINTS))
    assert net.definition(sp.ImmutableDenseMatrix(both)).as_explicit() == net(both)


@against_plain
def test_value_of_a_symbolic_column_made_explicit(net, plain):
    z = sp.MatrixSymbol("z", 3, 1)
    expr = net(z)
    for point in POINTS:
        assert expr.subs(z, column(point)).doit().as_explicit() == column(plain(point))
        entries = expr.as_explicit().subs({z[k, 0]: column(point)[k] for k in range(3)})
        assert entries.doit() == column(plain(point))


def test_layer_norm_by_hand():
    assert sn.LayerNorm([1, 1], [0, 0], eps=0)([3, 7]) == sp.Matrix([-1, 1])
    assert sn.LayerNorm([5, 2], [1, 1], eps=0)([3, 7]) == sp.Matrix([-4, 3])
    assert sn.LayerNorm([1, 1], [0, 0], eps=5)([3, 7]) == sp.Matrix([-Q(2, 3), Q(2, 3)])
    columns = sp.Matrix([[3, 0], [7, 2]])
    found = sn.LayerNorm([1, 1], [0, 0], eps=0)(columns)
    assert found == sp.Matrix([[-1, -1], [1, 1]])
    z = sp.MatrixSymbol("z", 2, 1)
    assert sn.LayerNorm([5, 2], [1, 1], eps=0)(z).subs(z, sp.Matrix([3, 7])).doit() == sp.Matrix(
        [-4, 3]
    )


def test_layer_norm_is_not_affine():
    net = sn.LayerNorm([1, 1], [0, 0], eps=1)
    assert net.affine_parts(sp.Integer(2)) is None
    middle = net([Q(1, 2), 0])
    assert middle != (net([1, 0]) + net([0, 0])) / 2


def test_softmax_by_hand():
    log2 = sp.log(2)
    assert sn.softmax([0, log2, 0]) == sp.Matrix([Q(1, 4), Q(1, 2), Q(1, 4)])
    assert sn.softmax(sp.Matrix([[0, log2], [log2, log2]])) == sp.Matrix(
        [[Q(1, 3), Q(1, 2)], [Q(2, 3), Q(1, 2)]]
    )
    z = sp.MatrixSymbol("z", n, 1)
    total = sum(sp.exp(sp.MatrixSymbol("z", 3, 1)[k, 0]) for k in range(3))
    entries = sn.softmax(z).subs(n, 3).as_explicit()
    assert sp.simplify(sum(entries)) == 1
    assert entries[1] == sp.exp(sp.MatrixSymbol("z", 3, 1)[1, 0]) / total
    assert sn.softmax(z).doit().subs(n, 3).as_explicit() == entries


def test_maxout_in_groups():
    assert sn.Maxout(2)([1, 4, 3, 2]) == sp.Matrix([4, 3])
    assert sn.Maxout(2)(sp.Matrix([[1, 0], [4, -1], [3, 7], [2, 8]])) == sp.Matrix([[4, 0], [3, 8]])
    z = sp.MatrixSymbol("z", 4, 1)
    assert sn.Maxout(2)(z).as_explicit() == sp.Matrix(
        [sp.Max(z[0, 0], z[1, 0]), sp.Max(z[2, 0], z[3, 0])]
    )


# --- affine by definition


@every_network
def test_affine_parts_give_the_definition(net):
    size = net.in_features or sp.Integer(3)
    parts = net.affine_parts(size)
    if parts is None:
        return
    weight, bias = parts
    assert weight.shape == (net.features(size), size)
    assert bias.shape == (net.features(size), 1)
    concrete = {n: 3, m: 2}
    z = sp.MatrixSymbol("z", 3, 2)
    left = net.subs(concrete).definition(z).as_explicit()
    weight, bias = (p.subs(concrete).as_explicit() for p in parts)
    right = weight * z.as_explicit() + bias * sp.ones(1, 2)
    assert (left - right).applyfunc(sp.expand).is_zero_matrix


def test_which_layers_are_affine_by_definition():
    found = {type(net).__name__ for net in LAYERS if net.affine_parts(net.in_features or n)}
    structured = {"AvgPool1d", "AvgPool2d", "Conv1d", "Conv2d", "Scale", "Select", "SparseLinear"}
    assert found == {"Linear", "BatchNorm", "Dropout", "Flatten", *structured}


def test_batch_norm_keeps_roots_exact():
    weight, bias = sn.BatchNorm([1, 1], [0, 0], [0, 5], [2, 3], eps=1).affine_parts(sp.Integer(2))
    assert weight.as_explicit() == sp.Matrix([[1 / sp.sqrt(3), 0], [0, Q(1, 2)]])
    assert bias.as_explicit() == sp.Matrix([0, -Q(5, 2)])
    assert sn.BatchNorm([1], [0], [0], [0.25]).eps == Q(1, 100000)
    assert sn.BatchNorm(None, None, [2], [4], eps=0)([6]) == sp.Matrix([2])


# --- SymPy's manners


@every_network
def test_sympy_contracts(net):
    names = {**vars(sp), **{name: getattr(sn, name) for name in sn.__all__}}
    names |= {"Str": Str}
    assert net.func(*net.args) == net
    assert eval(sp.srepr(net), names) == net
    assert pickle.loads(pickle.dumps(net)) == net
    assert hash(pickle.loads(pickle.dumps(net))) == hash(net)
    assert net.xreplace({}) == net
    assert net.subs({n: 4, m: 2}).free_symbols.isdisjoint({n, m})
    assert sp.latex(net).isascii()
    assert sp.pretty(net)
    assert isinstance(str(net), str)


@every_network
def test_call_keeps_symbolic_sizes_and_shapes(net):
    size = net.in_features or n
    for count in (sp.S.One, sp.Integer(2), m):
        z = sp.MatrixSymbol("z", size, count)
        expr = net(z)
        assert expr.shape == (net.features(size), count)
        assert expr.doit().shape == (net.features(size), count)


@every_network
def test_lambdify_agrees_with_the_exact_value(net):
    net = net.subs({n: 4, m: 2, eps: Q(1, 2)})
    size = net.in_features or sp.Integer(6)
    z = sp.MatrixSymbol("z", size, 2)
    symbols = sorted(net.free_symbols, key=str)
    shapes = [getattr(s, "shape", None) for s in symbols]
    values = [
        Q(k + 2) if s is None else sp.Matrix(*s, lambda i, j: Q(i + 2 * j + 1, 2))
        for k, s in enumerate(shapes)
    ]
    point = sp.Matrix(size, 2, lambda i, j: Q((-1) ** i * (3 * i + j), 2))
    exact = net.subs(dict(zip(symbols, values, strict=True)))(point).doit().as_explicit()
    floats = [
        float(v) if s is None else np.array(v, dtype=float)
        for v, s in zip(values, shapes, strict=True)
    ]
    run = sp.lambdify([z, *symbols], net(z), "numpy")
    found = run(np.array(point, dtype=float), *floats)
    assert np.allclose(found, np.array(exact.evalf(), dtype=float), rtol=1e-12, atol=1e-12)


def test_softmax_does_not_overflow():
    z = sp.MatrixSymbol("z", n, 1)
    run = sp.lambdify(z, sn.softmax(z), "numpy")
    assert run(np.array([[1000.0], [0.0]])).tolist() == [[1.0], [0.0]]


# --- structure


def test_branches_are_written_as_on_the_board():
    x = sp.MatrixSymbol("x", n, 1)
    f, g = sn.Linear(n, m).renamed("1"), sn.Linear(n, m).renamed("2")
    assert sn.Sum(f, g)(x) == sp.MatAdd(f(x), g(x))
    assert sn.Sum(f, f)(x) == sp.MatAdd(f.renamed("1")(x), f.renamed("2")(x))
    assert sn.Residual(sn.ReLU())(x) == sp.MatAdd(Apply(sn.ReLU(), x), x)
    assert sn.Concat(f, g)(x) == sp.BlockMatrix([[f(x)], [g(x)]])
    assert sn.Concat(f, g).out_features == 2 * m
    assert list(sn.Sum(sn.Linear(2, 2), sn.BatchNorm(2), sn.BatchNorm(2)).parameters) == [
        "W_1",
        "b_1",
        "gamma_1",
        "beta_1",
        "mu_1",
        "v_1",
        "gamma_2",
        "beta_2",
        "mu_2",
        "v_2",
    ]


def test_norms_do_not_share_names():
    net = sn.Sequential(sn.BatchNorm(3), sn.LayerNorm(3), sn.BatchNorm(3))
    names = [s.name for layer in net for s in layer.free_symbols]
    assert len(names) == len(set(names)) == 10


def test_epsilon_of_the_user_is_not_renamed():
    net = sn.Sequential(sn.BatchNorm(n, eps=eps), sn.BatchNorm(n, eps=eps))
    assert [layer.eps for layer in net] == [eps, eps]


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (
            lambda: sn.Sum(sn.Linear(3, 2), sn.Linear(4, 2)),
            ShapeError,
            r"branches 1 and 2 of Sum do not fit: Linear\(W_1, b_1\) takes 3 numbers, and "
            r"Linear\(W_2, b_2\) takes 4 numbers; make these sizes equal",
        ),
        (
            lambda: sn.Sum(sn.ReLU(), sn.Linear(3, 2)),
            ShapeError,
            r"ReLU\(\) gives 3 numbers, and Linear\(W_1, b_1\) gives 2 numbers",
        ),
        (
            lambda: sn.Concat(sn.Linear(n, 2), sn.Linear(m, 2)),
            ShapeError,
            r"branches 1 and 2 of Concat .* n and m can differ: use the same size symbol",
        ),
        (
            lambda: sn.Sum(sn.Max(), sn.ReLU()),
            ShapeError,
            r"Max\(\) gives 1 number, and ReLU\(\) gives as many numbers as it gets",
        ),
        (lambda: sn.Residual(sn.Linear(3, 2)), ShapeError, "takes 3 numbers and gives 2 numbers"),
        (lambda: sn.Residual(sn.Linear(n, m)), ShapeError, "takes n numbers and gives m numbers"),
        (lambda: sn.Residual(sn.Maxout(2)), ShapeError, "gives n/2 numbers for n that it gets"),
        (lambda: sn.Residual(sn.ReLU(), sn.ReLU()), LayerError, r"Residual\(Sequential\(f, g\)\)"),
        (lambda: sn.Sum(), LayerError, "Sum needs at least one layer"),
        (lambda: sn.Sum(sn.relu), LayerError, r"the layer is ReLU\(\)"),
        (lambda: sn.Sum(sn.Linear(2, 2), sn.ReLU), LayerError, "not the class"),
        (
            lambda: sn.Sequential(sn.Linear(3, 3), sn.Maxout(2)),
            ShapeError,
            r"Maxout\(2\) takes groups of 2, and 3 is no multiple of 2",
        ),
        (lambda: sn.Maxout(0), ShapeError, "the group size k of Maxout is 0; a size is at least 1"),
        (lambda: sn.Maxout(2)([1, 2, 3]), ShapeError, "3 is no multiple of 2"),
        (lambda: sn.Dropout(2), LayerError, "probability p from 0 to 1, and got 2"),
        (lambda: sn.BatchNorm(0), ShapeError, "a size is at least 1"),
        (
            lambda: sn.BatchNorm([1], [2]),
            LayerError,
            r"BatchNorm takes a size or \(gamma, beta, mu, v\), and got 2 arguments",
        ),
        (
            lambda: sn.BatchNorm([1, 2], [1], [1], [1]),
            ShapeError,
            "gamma has 2 entries and beta has 1",
        ),
        (lambda: sn.BatchNorm([[1, 2]], [1], [1], [1]), ShapeError, "must be one column"),
        (lambda: sn.BatchNorm([1], [1], [1], [-1]), WeightError, r"v\[0\] is -1; it is a variance"),
        (lambda: sn.BatchNorm([1], [1], [1], [0], eps=0), WeightError, r"v\[0\] \+ eps is 0"),
        (lambda: sn.BatchNorm([1], [1], [1], [np.nan]), WeightError, "must be finite"),
        (lambda: sn.BatchNorm(3, eps=-1), LayerError, "eps >= 0, and got -1"),
        (lambda: sn.LayerNorm(None, None), LayerError, "give a size"),
        (lambda: sn.LayerNorm(3)([1, 2]), ShapeError, "takes a column of 3 numbers"),
        (
            lambda: sn.Sum(
                sn.BatchNorm(*(sp.MatrixSymbol(k, n, 1) for k in "abcd")),
                sn.Linear(sp.MatrixSymbol("a", n, n)),
            ),
            NameClashError,
            "the name a stands",
        ),
    ],
)
def test_errors_say_what_to_do(build, error, message):
    with pytest.raises(error, match=message):
        build()


# --- the summary


def test_summary_counts():
    shared = sn.Linear(sp.MatrixSymbol("A", 3, 3))
    assert sn.summary(sn.Sequential(shared, sn.ReLU(), shared)).total == 9
    net = sn.Sequential(sn.Linear(n, m), sn.PReLU(), sn.Sum(sn.Linear(m, m), sn.Identity()))
    assert sn.summary(net).total == sp.expand(n * m + m + 1 + m * m + m)
    assert net.summary().total == sn.summary(net).total
    assert sn.summary(sn.Sequential(sn.ReLU(), sn.Linear([[1]]), sn.Linear(1, 3))).total == 7
    text = str(sn.summary(net))
    assert "total: m**2 + m*n + 2*m + 1 parameters" in text
    assert "    Linear" in text
    assert "W_2 m×m" in text
    assert "<table>" in sn.summary(net)._repr_html_()
    assert str(sn.summary(sn.ReLU())).count("as input") == 1


@every_network
def test_summary_of_every_layer(net):
    table = sn.summary(net)
    assert type(net).__name__ in str(table)
    assert table.total == sp.expand(sum(row.count for row in table.rows))


def test_every_layer_is_public():
    for layer in (*every_layer(), *every_activation()):
        assert getattr(sn, layer.__name__) is layer
        assert issubclass(layer, Network)
        assert layer.__doc__

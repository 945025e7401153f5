"""A piecewise-linear network as the engines take it: affine maps, scalar functions between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import comb
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from ..exact.affine import AffineMap
from ..exact.arrays import Bools, Signs
from ..exact.sparse_affine import SparseAffineMap, unit_map
from ..exact.sparse_rows import SparseRows, is_sparse
from .activation import IDENTITY, RELU, PiecewiseLinear1D
from .certificate_exact import ExactNetwork
from .switches import Condition
from .units import Source

Functions = tuple[PiecewiseLinear1D, ...]
Switches = tuple[Condition | None, ...]


@dataclass(frozen=True)
class LayerList:
    """x -> M_L f_L( … M_1 f_1(M_0 x)), M_k affine maps, f_k one scalar function for each neuron.

    ``maps`` holds M_0, …, M_L and ``functions`` f_1, …, f_L. A breakpoint of a neuron is a
    *virtual neuron*; virtual neurons are numbered layer by layer, neuron by neuron, upwards.

    ``switches``, where there are any, hold a condition or None for each neuron of f_1, …, f_L: a
    neuron is 0 where its condition on the signs of its layer does not hold.

    >>> relu = PiecewiseLinear1D((0,), (0, 1))
    >>> net = LayerList.affine(identity(1)).then(LayerList.entrywise([relu]))
    >>> net.bound_on_regions()
    2
    """

    maps: tuple[AffineMap, ...]
    functions: tuple[Functions, ...]
    switches: tuple[Switches, ...] = ()

    @classmethod
    def affine(cls, affine: AffineMap) -> LayerList:
        """x -> W x + b."""
        return cls((affine,), ())

    @classmethod
    def entrywise(cls, functions: Sequence[PiecewiseLinear1D]) -> LayerList:
        """x -> (f_1(x_1), …, f_n(x_n))."""
        n = len(functions)
        return cls((identity(n), identity(n)), (tuple(functions),))

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return self.maps[0].shape[1]

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return self.maps[-1].shape[0]

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of neurons of every hidden layer."""
        return tuple(len(f) for f in self.functions)

    @property
    def conditions(self) -> tuple[Switches, ...]:
        """For every layer a condition or None for each neuron."""
        return self.switches or tuple((None,) * width for width in self.widths)

    def switched_off(self, layer: int, signs: Signs) -> list[tuple[int, Bools]]:
        """The switched neurons of a layer, and where each is off, for signs of all neurons."""
        if not self.switches:
            return []
        here = signs[:, self.starts[layer] : self.starts[layer + 1]]
        pairs = enumerate(self.switches[layer])
        return [(i, ~condition.holds(here)) for i, condition in pairs if condition is not None]

    def then(self, after: LayerList) -> LayerList:
        """x -> after(self(x))."""
        middle = _composed(after.maps[0], self.maps[-1])
        return switching(
            (*self.maps[:-1], middle, *after.maps[1:]),
            self.functions + after.functions,
            [*self.conditions, *after.conditions],
        )

    def deepened(self, depth: int) -> LayerList:
        """The same map with layers of neurons that hand their input on, up to ``depth`` layers."""
        missing = depth - len(self.functions)
        n = self.outputs
        return switching(
            self.maps + (identity(n),) * missing,
            self.functions + ((IDENTITY,) * n,) * missing,
            [*self.conditions, *[(None,) * n] * missing],
        )

    def bound_on_regions(self) -> int:
        """An upper bound on the number of regions on any domain: Zaslavsky's count, layer by layer.

        m hyperplanes cut a d-dimensional polyhedron into at most sum_{j <= d} C(m, j) cells
        (Zaslavsky 1975), and on a cell the pre-activations of a layer depend on no more than
        min(inputs, widths before) numbers (Serra, Tjandraatmadja and Ramalingam 2018).
        """
        bound, rank = 1, self.inputs
        for functions in self.functions:
            m = sum(len(f.breakpoints) for f in functions)
            bound *= sum(comb(m, j) for j in range(min(rank, m) + 1))
            rank = min(rank, len(functions))
        return bound

    @cached_property
    def exact(self) -> ExactNetwork:
        """Exact evaluation at points."""
        return ExactNetwork(Source(self.maps, self.functions), self.switches)

    def value(self, x: Sequence[fmpq]) -> list[fmpq]:
        """The outputs at a point."""
        outputs = self.exact.output([Fraction(int(v.p), int(v.q)) for v in x])
        return [fmpq(v.numerator, v.denominator) for v in outputs]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where the virtual neurons of every layer begin, and their number at the end."""
        counts = [sum(len(f.breakpoints) for f in fs) for fs in self.functions]
        return tuple(int(n) for n in np.cumsum([0, *counts]))

    @cached_property
    def _tables(self) -> list[tuple[list[int], list[list[tuple[int, int]]], int]]:
        """For every layer the breakpoints' neurons, all pieces as integers, their denominator."""
        result = []
        for functions in self.functions:
            owner = [i for i, f in enumerate(functions) for _ in f.breakpoints]
            parts = [f.pieces for f in functions]
            scale = fmpz(1)
            for pair in {v for part in parts for piece in part for v in piece}:
                scale = scale.lcm(pair.denominator)
            q = int(scale)
            whole = [[(int(s * q), int(o * q)) for s, o in part] for part in parts]
            result.append((owner, whole, q))
        return result

    def affine_on(self, signs: Sequence[int]) -> fmpq_mat:
        """[A | c] with x -> A x + c where the virtual neurons have these signs."""
        return self.affine_maps([signs])[0]

    def affine_maps(self, patterns: Sequence[Sequence[int]]) -> list[fmpq_mat]:
        """[A | c] for many patterns; what several have in common is computed once."""
        order = sorted(range(len(patterns)), key=lambda k: list(patterns[k]))
        found: dict[int, fmpq_mat] = {}
        states = [Forms.of_inputs(self.inputs)]
        before: Sequence[int] = ()
        for place in order:
            signs = patterns[place]
            same = next((k for k, pair in enumerate(zip(before, signs, strict=False))
                         if pair[0] != pair[1]), len(before))  # fmt: skip
            depth = sum(end <= same for end in self.starts[1:]) if before else 0
            del states[depth + 1 :]
            for layer in range(depth, len(self.functions)):
                forms = self.forms(layer, states[layer])
                here = signs[self.starts[layer] : self.starts[layer + 1]]
                states.append(self.outputs_of(layer, forms, here))
            found[place] = self.forms(len(self.functions), states[-1]).rationals()
            before = signs
        return [found[place] for place in range(len(patterns))]

    def forms(self, layer: int, inputs: Forms) -> Forms:
        """The pre-activations of a layer as affine forms, from its inputs' forms."""
        affine = self.maps[layer]
        rows = [*inputs.rows, [fmpz(0)] * self.inputs + [inputs.scale]]
        forms = affine.times(fmpz_mat(rows)).tolist()
        return Forms(forms, inputs.scale * affine.denominator)

    def virtual_forms(self, signs: Sequence[int]) -> list[list[fmpq]]:
        """All virtual neurons z_i - beta as affine forms [a | c], where they have these signs."""
        found: list[list[fmpq]] = []
        inputs = Forms.of_inputs(self.inputs)
        for layer, functions in enumerate(self.functions):
            forms = self.forms(layer, inputs)
            for row, function in zip(forms.rationals().tolist(), functions, strict=True):
                for beta in function.breakpoints:
                    shift = fmpq(beta.numerator, beta.denominator)
                    found.append([*row[:-1], row[-1] - shift])
            here = signs[self.starts[layer] : self.starts[layer + 1]]
            inputs = self.outputs_of(layer, forms, here)
        return found

    def outputs_of(self, layer: int, forms: Forms, signs: Sequence[int]) -> Forms:
        """The outputs of a hidden layer whose virtual neurons have these signs."""
        owner, parts, q = self._tables[layer]
        piece = [0] * len(parts)
        for i, s in zip(owner, signs, strict=True):
            piece[i] += s > 0
        rows = []
        for row, part, k in zip(forms.rows, parts, piece, strict=True):
            slope, offset = part[k]
            new = row if slope == 1 else [slope * v for v in row]
            rows.append([*new[:-1], new[-1] + offset * forms.scale] if offset else new)
        if self.switches:
            array = np.array([signs], dtype=np.int8)
            for i, condition in enumerate(self.switches[layer]):
                if condition is not None and not condition.holds(array)[0]:
                    rows[i] = [fmpz(0)] * (self.inputs + 1)
        return Forms(rows, forms.scale * q)


@dataclass(frozen=True)
class Forms:
    """Affine forms [a | c] of the inputs: integers over one positive denominator."""

    rows: list[list[fmpz]]
    scale: fmpz

    @classmethod
    def of_inputs(cls, n: int) -> Forms:
        """The inputs themselves."""
        return cls([[fmpz(int(i == j)) for j in range(n + 1)] for i in range(n)], fmpz(1))

    def rationals(self) -> fmpq_mat:
        """The forms as a matrix of rationals."""
        return fmpq_mat(fmpz_mat(self.rows)) / fmpq(self.scale)


def switching(
    maps: tuple[AffineMap, ...], functions: tuple[Functions, ...], switches: Sequence[Switches]
) -> LayerList:
    """Layers with switches, which are left out where there are none."""
    some = any(condition is not None for layer in switches for condition in layer)
    return LayerList(maps, functions, tuple(switches) if some else ())


def identity(n: int) -> AffineMap:
    """x -> x on n numbers."""
    return unit_map(n)


def beside(parts: Sequence[LayerList]) -> LayerList:
    """x -> (f(x), g(x), …): the parts side by side, the shallow ones handed on."""
    if len(parts) == 1:
        return parts[0]
    depth = max(len(p.functions) for p in parts)
    deep = [p.deepened(depth) for p in parts]
    maps = [_stacked([p.maps[0] for p in deep])]
    maps += [_block_diagonal([p.maps[k] for p in deep]) for k in range(1, depth + 1)]
    functions: list[Functions] = [sum((p.functions[k] for p in deep), ()) for k in range(depth)]
    switches = [_beside([p.conditions[k] for p in deep], [p.functions[k] for p in deep])
                for k in range(depth)]  # fmt: skip
    return switching(tuple(maps), tuple(functions), switches)


def _beside(switches: Sequence[Switches], functions: Sequence[Functions]) -> Switches:
    """The conditions of one layer of several parts, whose virtual neurons follow each other."""
    result: list[Condition | None] = []
    offset = 0
    for conditions, each in zip(switches, functions, strict=True):
        result += [None if c is None else c.renumbered(offset.__add__) for c in conditions]
        offset += sum(len(f.breakpoints) for f in each)
    return tuple(result)


def added(parts: Sequence[LayerList]) -> LayerList:
    """x -> f(x) + g(x) + …"""
    n = parts[0].outputs
    weight = np.hstack([np.eye(n)] * len(parts))
    return beside(parts).then(LayerList.affine(AffineMap.from_floats(weight, np.zeros(n))))


def scaled(part: LayerList, factor: Any) -> LayerList:
    """x -> factor f(x)."""
    n = part.outputs
    rows = [[factor if i == j else 0 for j in range(n)] for i in range(n)]
    return part.then(LayerList.affine(AffineMap.from_rationals(rows, [0] * n)))


def greatest(n: int) -> LayerList:
    """x -> max(x_1, …, x_n)."""
    return greatest_of([list(range(n))], n)


def greatest_of(places: Sequence[Sequence[int]], n: int) -> LayerList:
    """x -> the greatest entry of each group of places, of n numbers.

    By max(a, b) = relu(a - b) + b on pairs, round by round, in all groups at once. A value is kept
    as the neurons that it is the sum of.
    """
    groups = [[[k] for k in dict.fromkeys(group)] for group in places]
    width, maps, layers = n, [], []
    while max(map(len, groups)) > 1:
        rows: list[tuple[list[int], list[int]]] = []
        functions: list[PiecewiseLinear1D] = []
        following = []
        for group in groups:
            values = []
            for a, b in zip(group[::2], group[1::2], strict=False):
                values.append([len(rows), len(rows) + 1])
                rows += [(a, b), (b, [])]
                functions += [RELU, IDENTITY]
            if len(group) % 2:
                values.append([len(rows)])
                rows.append((group[-1], []))
                functions.append(IDENTITY)
            following.append(values)
        maps.append(_differences(rows, width))
        layers.append(tuple(functions))
        groups, width = following, len(rows)
    maps.append(_differences([(group[0], []) for group in groups], width))
    return LayerList(tuple(maps), tuple(layers))


def _differences(rows: Sequence[tuple[Sequence[int], Sequence[int]]], width: int) -> AffineMap:
    """Sums of some entries minus sums of others."""
    count = sum(len(plus) + len(minus) for plus, minus in rows)
    if is_sparse(len(rows), width, count):
        return _sparse_differences(rows, width)
    weight = np.zeros((len(rows), width))
    for i, (plus, minus) in enumerate(rows):
        weight[i, plus] = 1
        weight[i, minus] = -1
    return AffineMap.from_floats(weight, np.zeros(len(rows)))


def _sparse_differences(
    rows: Sequence[tuple[Sequence[int], Sequence[int]]], width: int
) -> AffineMap:
    columns = [k for plus, minus in rows for k in (*plus, *minus)]
    values = [v for plus, minus in rows for v in (1.0,) * len(plus) + (-1.0,) * len(minus)]
    owner = np.repeat(np.arange(len(rows)), [len(plus) + len(minus) for plus, minus in rows])
    entries = SparseRows.of_entries(
        (len(rows), width), owner, np.array(columns, dtype=np.int64), np.array(values)
    )
    return SparseAffineMap.of_rows(entries, np.zeros(len(rows)))


def _is_identity(m: AffineMap) -> bool:
    rows, cols = m.shape
    if m.sparse is not None and rows == cols and m.is_float:
        entries, place = m.sparse, np.arange(rows)
        units = np.array_equal(entries.columns, place) and np.array_equal(entries.row_of, place)
        return units and bool((entries.values == 1).all()) and not m.bias.any()
    if not m.is_float or rows != cols or m.bias.any() or (m.weight.diagonal() != 1).any():
        return False
    return int(np.count_nonzero(m.weight)) == rows


def _composed(outer: AffineMap, inner: AffineMap) -> AffineMap:
    if _is_identity(inner):
        return outer
    return inner if _is_identity(outer) else outer.after(inner)


def _over_one_denominator(maps: Sequence[AffineMap]) -> tuple[list[list[list[int]]], int]:
    common = fmpz(1)
    for m in maps:
        common = common.lcm(m.integers()[1])
    rows = []
    for m in maps:
        matrix, denominator = m.integers()
        rows.append((matrix * (common // denominator)).tolist())
    return rows, int(common)


def _stacked(maps: Sequence[AffineMap]) -> AffineMap:
    if all(m.is_float for m in maps):
        weight = np.vstack([m.weight for m in maps])
        return AffineMap.from_floats(weight, np.concatenate([m.bias for m in maps]))
    rows, denominator = _over_one_denominator(maps)
    return AffineMap.from_integers(fmpz_mat([r for part in rows for r in part]), denominator)


def _block_diagonal(maps: Sequence[AffineMap]) -> AffineMap:
    starts = np.cumsum([0, *(m.shape[1] for m in maps)])
    width = int(starts[-1])
    places = [slice(int(a), int(b)) for a, b in pairwise(starts)]
    if all(m.is_float for m in maps):
        weight = np.zeros((sum(m.shape[0] for m in maps), width))
        at = 0
        for m, place in zip(maps, places, strict=True):
            weight[at : at + m.shape[0], place] = m.weight
            at += m.shape[0]
        return AffineMap.from_floats(weight, np.concatenate([m.bias for m in maps]))
    parts, denominator = _over_one_denominator(maps)
    rows = []
    for part, place in zip(parts, places, strict=True):
        for row in part:
            full: list[Any] = [0] * (width + 1)
            full[place], full[-1] = row[:-1], row[-1]
            rows.append(full)
    return AffineMap.from_integers(fmpz_mat(rows), denominator)

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
from .activation import IDENTITY, PiecewiseLinear1D
from .certificate_exact import ExactNetwork
from .certificate_forms import pieces
from .units import Source

Functions = tuple[PiecewiseLinear1D, ...]


@dataclass(frozen=True)
class LayerList:
    """x -> M_L f_L( … M_1 f_1(M_0 x)), M_k affine maps, f_k one scalar function for each neuron.

    ``maps`` holds M_0, …, M_L and ``functions`` f_1, …, f_L. A breakpoint of a neuron is a
    *virtual neuron*; virtual neurons are numbered layer by layer, neuron by neuron, upwards.

    >>> relu = PiecewiseLinear1D((0,), (0, 1))
    >>> net = LayerList.affine(identity(1)).then(LayerList.entrywise([relu]))
    >>> net.bound_on_regions()
    2
    """

    maps: tuple[AffineMap, ...]
    functions: tuple[Functions, ...]

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

    def then(self, after: LayerList) -> LayerList:
        """x -> after(self(x))."""
        middle = _composed(after.maps[0], self.maps[-1])
        return LayerList(
            (*self.maps[:-1], middle, *after.maps[1:]), self.functions + after.functions
        )

    def deepened(self, depth: int) -> LayerList:
        """The same map with layers of neurons that hand their input on, up to ``depth`` layers."""
        missing = depth - len(self.functions)
        n = self.outputs
        return LayerList(
            self.maps + (identity(n),) * missing, self.functions + ((IDENTITY,) * n,) * missing
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
        return ExactNetwork(Source(self.maps, self.functions))

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
            parts = [pieces(f) for f in functions]
            scale = fmpz(1)
            for pair in {v for part in parts for piece in part for v in piece}:
                scale = scale.lcm(pair.denominator)
            q = int(scale)
            whole = [[(int(s * q), int(o * q)) for s, o in part] for part in parts]
            result.append((owner, whole, q))
        return result

    def affine_on(self, signs: Sequence[int]) -> fmpq_mat:
        """[A | c] with x -> A x + c where the virtual neurons have these signs."""
        return self._run(signs, None)

    def forms_on(self, signs: Sequence[int]) -> list[list[fmpq]]:
        """All virtual neurons z_i - beta as affine forms [a | c], where they have these signs."""
        forms: list[list[fmpq]] = []
        self._run(signs, forms)
        return forms

    def _run(self, signs: Sequence[int], forms: list[list[fmpq]] | None) -> fmpq_mat:
        d = self.inputs
        state = fmpz_mat(d + 1, d + 1, [int(i == j) for i in range(d + 1) for j in range(d + 1)])
        scale = fmpz(1)
        for k, (owner, parts, q) in enumerate(self._tables):
            matrix, denominator = self.maps[k].integers()
            rows = (matrix * state).tolist()
            scale = scale * denominator
            if forms is not None:
                forms += self._virtual(k, rows, scale)
            piece = [0] * len(parts)
            for i, s in zip(owner, signs[self.starts[k] : self.starts[k + 1]], strict=True):
                piece[i] += s > 0
            for i, row in enumerate(rows):
                slope, offset = parts[i][piece[i]]
                rows[i] = [slope * v for v in row] if slope != 1 else row
                if offset:
                    rows[i][d] = rows[i][d] + offset * scale
            scale = scale * q
            state = fmpz_mat([*rows, [fmpz(0)] * d + [scale]])
        matrix, denominator = self.maps[-1].integers()
        return fmpq_mat(matrix * state) / fmpq(scale * denominator)

    def _virtual(self, layer: int, rows: list[list[fmpz]], scale: fmpz) -> list[list[fmpq]]:
        found = []
        for row, function in zip(rows, self.functions[layer], strict=True):
            exact = [fmpq(v, scale) for v in row]
            for beta in function.breakpoints:
                shift = fmpq(beta.numerator, beta.denominator)
                found.append([*exact[:-1], exact[-1] - shift])
        return found


def identity(n: int) -> AffineMap:
    """x -> x on n numbers."""
    return AffineMap.from_floats(np.eye(n), np.zeros(n))


def beside(parts: Sequence[LayerList]) -> LayerList:
    """x -> (f(x), g(x), …): the parts side by side, the shallow ones handed on."""
    if len(parts) == 1:
        return parts[0]
    depth = max(len(p.functions) for p in parts)
    deep = [p.deepened(depth) for p in parts]
    maps = [_stacked([p.maps[0] for p in deep])]
    maps += [_block_diagonal([p.maps[k] for p in deep]) for k in range(1, depth + 1)]
    functions = [sum((p.functions[k] for p in deep), ()) for k in range(depth)]
    return LayerList(tuple(maps), tuple(functions))


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
    """x -> max(x_1, …, x_n), by max(a, b) = relu(a - b) + b on pairs, round by round."""
    network = LayerList.affine(identity(n))
    while n > 1:
        pairs, odd = divmod(n, 2)
        inner = np.zeros((2 * pairs + odd, n))
        outer = np.zeros((pairs + odd, 2 * pairs + odd))
        for k in range(pairs):
            inner[2 * k, 2 * k : 2 * k + 2] = 1, -1
            inner[2 * k + 1, 2 * k + 1] = 1
            outer[k, 2 * k : 2 * k + 2] = 1
        if odd:
            inner[-1, -1] = outer[-1, -1] = 1
        relu = PiecewiseLinear1D((0,), (0, 1))
        functions = (relu, IDENTITY) * pairs + (IDENTITY,) * odd
        maps = [AffineMap.from_floats(m, np.zeros(len(m))) for m in (inner, outer)]
        network = network.then(LayerList(tuple(maps), (functions,)))
        n = pairs + odd
    return network


def groups(size: int, count: int) -> list[AffineMap]:
    """The maps that pick consecutive groups of ``size`` numbers out of ``size * count``."""
    whole = np.eye(size * count)
    zero = np.zeros(size)
    return [AffineMap.from_floats(whole[k * size : (k + 1) * size], zero) for k in range(count)]


def _is_identity(m: AffineMap) -> bool:
    rows, cols = m.shape
    return (
        m.is_float and rows == cols and not m.bias.any() and bool((m.weight == np.eye(rows)).all())
    )


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

"""Networks and expressions in simplest form, by rules that hold for all values of the symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.basic import Basic
from sympy.matrices.matrixbase import MatrixBase

from .activations import Activation, ActivationFunction
from .activations._identity import Identity
from .base import Apply, Network
from .document import Words
from .errors import LayerError
from .exact.algebra import added, factors_of, multiplied, scaled, terms_of
from .exact.rational_matrix import RationalMatrix
from .regions.domains import Domain
from .rules import Rewriting, Rule, Stage, every_rule
from .sequential import Sequential
from .trained._reduction import reduce

Rebuild = Callable[[Sequence[Network]], Network]


@dataclass(frozen=True)
class Rewrite:
    """One application of a rule: the networks before and after, and where."""

    rule: Rule
    rewriting: Rewriting
    before: Network
    after: Network
    #: The layers among which the rule found its window, and the network with others in their place.
    layers: tuple[Network, ...]
    rebuild: Rebuild

    def with_window(self, *replacement: Network) -> Network:
        """The network with the window replaced."""
        r = self.rewriting
        return self.rebuild((*self.layers[: r.start], *replacement, *self.layers[r.stop :]))

    @property
    def has_stages(self) -> bool:
        """Whether there are lines between before and after."""
        window = joined(self.layers[self.rewriting.start : self.rewriting.stop])
        return bool(self.rewriting.stages(window.input))

    def stages(self, x: Any) -> Iterator[tuple[Any, Words]]:
        """The lines between before and after, as expressions of the whole network at ``x``."""
        window = self.layers[self.rewriting.start : self.rewriting.stop]
        for k, (_, reason) in enumerate(self.rewriting.stages(joined(window).input)):
            yield self.with_window(_Hole.of(joined(window), self.rewriting.stages, k))(x), reason


class _Hole(Network):
    """A layer whose expression is written out; stands in for a window of others."""

    window: Network
    stages: Callable[[Any], Sequence[Stage]]
    place: int

    @classmethod
    def of(cls, window: Network, stages: Callable[[Any], Sequence[Stage]], place: int) -> _Hole:
        self: _Hole = Basic.__new__(cls, sp.Dummy())
        self.window, self.stages, self.place = window, stages, place
        return self

    @property
    def in_features(self) -> sp.Expr | None:
        return self.window.in_features

    def features(self, inputs: sp.Expr | None) -> sp.Expr | None:
        return self.window.features(inputs)

    def forward(self, x: Any) -> Any:
        return self.stages(x)[self.place][0]


def simplify(obj: Any, *, domain: Domain | None = None) -> Any:
    """The same function in simplest form.

    Parameters
    ----------
    obj : Network, or scalar or matrix expression, or a SymPy object that holds some
        What is simplified in an expression is what symnet knows: products of weights are
        distributed and collected, and its rules are used on activations.
    domain : Box, Polyhedron or Slice
        For a network with rational weights: the result need only be equal there, and has fewer
        neurons where some are off, constant or affine there. :func:`symnet.reduce` also says which.

    Returns
    -------
    the same kind of object
        Equal to ``obj`` for all values of the symbols under their assumptions; on the domain,
        where one is given.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.simplify(sn.Sequential(sn.Linear(3, 4), sn.Linear(4, 2), sn.Sigmoid()))
    Sequential(Linear(W_2*W_1, W_2*b_1 + b_2), Sigmoid())
    >>> net = sn.Sequential(sn.Linear(3, 4), sn.ReLU(), sn.ReLU())
    >>> sn.simplify(net(net.input))
    relu(W_1*x + b_1)
    >>> sn.simplify(sn.Sequential(sn.Linear([[1, 1]], [2]), sn.ReLU()), domain=sn.Box([-1, 1]))
    Linear(Matrix([[1, 1]]), Matrix([[2]]))
    """
    if domain is not None:
        if not isinstance(obj, Network):
            raise LayerError(
                f"a domain is for a network, and {obj!r} is none; net.simplify(domain=…)"
            )
        return simplify(reduce(obj, domain).network)
    if isinstance(obj, Network):
        result: Network = flattened(obj)
        for rewrite in rewrites(result):
            result = rewrite.after
        return result
    if isinstance(obj, MatrixBase):
        return obj.applyfunc(simplify)
    if not isinstance(obj, Basic):
        raise LayerError(
            f"simplify takes a network or an expression, and {obj!r} of type "
            f"{type(obj).__name__} was given"
        )
    if getattr(obj, "is_Matrix", False):
        return _simplified_matrix(obj)
    if isinstance(obj, ActivationFunction):
        return _simplified_scalar(obj)
    if not obj.args:
        return obj
    args = [simplify(arg) for arg in obj.args]
    return obj if tuple(args) == obj.args else obj.func(*args)


# --- networks


def rewrites(net: Network) -> Iterator[Rewrite]:
    """The applications of rules that lead to the simplest form, one after the other."""
    while (found := _first(net, lambda layers: flattened(joined(layers)))) is not None:
        rule, rewriting, layers, rebuild = found
        before = rebuild(layers)
        after = rebuild(
            (*layers[: rewriting.start], *rewriting.replacement, *layers[rewriting.stop :])
        )
        yield Rewrite(rule, rewriting, before, after, layers, rebuild)
        net = after


def joined(layers: Sequence[Network]) -> Network:
    """The layers as one network: one layer as itself, none as the identity."""
    if not layers:
        return Identity()
    if len(layers) == 1:
        return layers[0]
    result: Network = Sequential._rebuild(*layers)
    return result


def flattened(net: Network) -> Network:
    """The same network without a Sequential inside a Sequential."""
    if isinstance(net, Sequential):
        return joined(_sequence(net))
    if not net.children:
        return net
    result: Network = net.func(*(flattened(a) if isinstance(a, Network) else a for a in net.args))
    return result


def _sequence(net: Network) -> tuple[Network, ...]:
    if not isinstance(net, Sequential):
        return (flattened(net),)
    return tuple(layer for child in net.children for layer in _sequence(child))


def _sizes(layers: Sequence[Network]) -> list[sp.Expr | None]:
    size = joined(layers).in_features
    sizes = [size]
    for layer in layers:
        size = layer.features(layer.in_features if layer.in_features is not None else size)
        sizes.append(size)
    return sizes


Found = tuple[Rule, Rewriting, tuple[Network, ...], Rebuild]


def _first(net: Network, rebuild: Rebuild) -> Found | None:
    """The first rule that applies, in the branches before the whole."""
    layers = _sequence(net)
    for k, layer in enumerate(layers):
        for j, part in enumerate(layer.args):
            if isinstance(part, Network):
                found = _first(part, _inside(layers, k, j, rebuild))
                if found is not None:
                    return found
    sizes = _sizes(layers)
    for rule in every_rule():
        rewriting = rule.rewrite(layers, sizes)
        if rewriting is not None:
            return rule, rewriting, layers, rebuild
    return None


def _inside(layers: tuple[Network, ...], k: int, j: int, rebuild: Rebuild) -> Rebuild:
    """Rebuild the whole when argument j of layer k is replaced by a sequence of layers."""

    def with_part(replacement: Sequence[Network]) -> Network:
        args = list(layers[k].args)
        args[j] = joined(replacement)
        return rebuild((*layers[:k], layers[k].func(*args), *layers[k + 1 :]))

    return with_part


# --- expressions


def _simplified_scalar(expr: sp.Expr) -> sp.Expr:
    """Activations of activations, by the same rules as layers."""
    chain: list[Activation] = []
    inner: sp.Expr = expr
    while isinstance(inner, ActivationFunction):
        chain.append(inner.layer(*(simplify(a) for a in inner.args[1:])))
        inner = inner.args[0]
    value = simplify(inner)
    for layer in simplify(joined(chain[::-1])).layers:
        value = layer.scalar(value) if layer.name != "identity" else value
    return value


def _simplified_matrix(expr: Any) -> Any:
    """Products distributed over sums, equal right ends collected, activations simplified."""
    if isinstance(expr, Apply):
        return _simplified_application(expr)
    if isinstance(expr, sp.MatAdd):
        terms = [t for arg in expr.args for t in terms_of(_simplified_matrix(arg))]
        return _collected(terms)
    if isinstance(expr, sp.MatMul):
        return _distributed(expr)
    if isinstance(expr, sp.MatrixSymbol | RationalMatrix) or not expr.args:
        return expr
    args = [simplify(arg) for arg in expr.args]
    return expr if tuple(args) == expr.args else expr.func(*args)


def _simplified_application(expr: Apply) -> Any:
    chain: list[Network] = []
    inner: Any = expr
    while isinstance(inner, Apply):
        chain.append(inner.layer)
        inner = inner.argument
    return simplify(joined(chain[::-1]))(_simplified_matrix(inner)) if chain else inner


def _distributed(expr: sp.MatMul) -> Any:
    coefficient, factors = factors_of(expr)
    total = [_simplified_matrix(factors[-1])]
    total = list(terms_of(total[0]))
    for factor in reversed(factors[:-1]):
        # a weight that is itself a sum stays one factor, as in a simplified network
        left = _simplified_matrix(factor)
        total = [multiplied(left, term) for term in total]
    terms = [scaled(simplify(coefficient), term) for term in total]
    return _collected([t for term in terms for t in terms_of(term)])


def _collected(terms: Sequence[Any]) -> Any:
    """The sum, with the terms that end in the same factor as one: A x + B x = (A + B) x."""
    by_end: dict[Any, list[Any]] = {}
    for term in terms:
        by_end.setdefault(factors_of(term)[1][-1], []).append(term)
    collected = []
    for end, group in by_end.items():
        if len(group) == 1 or any(len(factors_of(t)[1]) == 1 for t in group):
            collected += group
            continue
        fronts = []
        for term in group:
            c, factors = factors_of(term)
            fronts.append(scaled(c, _product(factors[:-1])))
        collected.append(multiplied(added(fronts), end))
    return added(collected)


def _product(factors: Sequence[Any]) -> Any:
    return factors[0] if len(factors) == 1 else sp.MatMul(*factors)

"""The derivation of a network's simplest form, line by line as on the board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, overload

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.matrixbase import MatrixBase

from .base import Apply, Network
from .claims import prove
from .derivation import Derivation, Step
from .deriving_pieces import PiecewiseDerivation, derive_pieces
from .document import Block, Chain, Math, Prose, Shape, Words
from .errors import DerivationError, LayerError
from .exact.algebra import factors_of
from .exact.rational_matrix import RationalMatrix
from .gradients._backpropagation import Backpropagation, backpropagation
from .gradients._setting import setting_of
from .layers._linear import Linear
from .losses import Loss
from .naming import Parametric
from .simplification import Rewrite, flattened, rewrites
from .verdict import Proved, Refuted

#: Explicit weights with more entries than this are written as W_1, W_2, … with their sizes.
LARGE = 36


class Name(Network):
    """The name of a map, such as f in f(x)."""

    def __new__(cls, name: Any, outputs: Any) -> Name:
        self: Name = sp.Basic.__new__(cls, Str(str(name)), sp.sympify(outputs))
        return self

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def name_latex(self) -> str:
        return self.name

    def features(self, inputs: sp.Expr | None) -> sp.Expr:
        return self.args[1]


@overload
def derive(net: Any, to: Any = None, *, name: str = "f") -> Derivation: ...
@overload
def derive(net: Any, *, name: str = "f", form: str, domain: Any = None) -> PiecewiseDerivation: ...
@overload
def derive(
    net: Any,
    *,
    gradient: Any = None,
    loss: Loss | None = None,
    target: Any = None,
    batch: str | None = None,
    reduction: str | None = None,
) -> Backpropagation: ...
def derive(
    net: Any,
    to: Any = None,
    *,
    name: str = "f",
    form: str | None = None,
    domain: Any = None,
    gradient: Any = None,
    loss: Loss | None = None,
    **options: Any,
) -> Derivation | Backpropagation:
    """The chain of equalities from ``net(x)`` to its simplest form, every step with its reason.

    With ``gradient`` or ``loss`` it is the derivation of the backward pass instead: the forward
    pass with names z_1, a_1, …, then the derivatives, layer by layer from the last to the first.

    Parameters
    ----------
    net : Network
    to : Network or expression, optional
        Where the chain shall end; it must be equal to the network.
    name : str
        What the map is called on the left of the first equals sign.
    form : "piecewise", optional
        The derivation of the linear pieces instead: with the masks D_l of the activations f is
        W_2 D_1 W_1 x + …; for small networks every piece with its conditions.
    domain : Box, Polyhedron or Slice, optional
        Where the pieces are listed.
    gradient : "x", the name or symbol of a parameter, "all", or a list
        By what is derived; all parameters where a loss is given and this is not. Without a loss
        that is the Jacobian by the input, or the gradient of a network with one output.
    loss, target, batch, reduction
        As in :func:`symnet.gradient`.

    Raises
    ------
    DerivationError
        If ``to`` is not equal to the network (with the point where they differ), or if it is not
        known whether it is.
    GradientError, LossError, ShapeError
        As in :func:`symnet.gradient`.

    Examples
    --------
    >>> import symnet as sn
    >>> d = sn.derive(sn.Sequential(sn.Linear(3, 4), sn.Linear(4, 2)))
    >>> [str(step.after) for step in d]  # doctest: +NORMALIZE_WHITESPACE
    ['W_2*W_1*x + W_2*b_1 + b_2', '(W_2*W_1)*x + (W_2*b_1 + b_2)', 'B + W*x']
    >>> print(d.check())
    proved (noncommutative normal form: 3 steps)
    >>> net = sn.Sequential(sn.Linear(3, 4), sn.ReLU(), sn.Linear(4, 2))
    >>> backward = sn.derive(net, gradient="x")
    >>> [str(step.after) for step in backward[0]][1:]
    ["W_2*DiagMatrix(relu'(z_1))*W_1"]
    """
    if not isinstance(net, Network):
        raise LayerError(
            f"derive takes a network, and {net!r} of type {type(net).__name__} was given; "
            "for an expression start one by hand: Derivation(expr).then(…)"
        )
    if gradient is not None or loss is not None:
        if to is not None:
            raise DerivationError("a backward pass has no other end: leave out `to`")
        return _backward(net, "all" if gradient is None else gradient, loss, options)
    if form not in (None, "piecewise"):
        raise DerivationError(f'form={form!r} is not known; there is "piecewise"')
    if domain is not None and form is None:
        raise DerivationError('a domain belongs to form="piecewise"')
    if options:
        unknown = ", ".join(sorted(options))
        raise DerivationError(f"{unknown} belongs to a backward pass; give gradient= or loss= too")
    written = tuple(_written(net))
    net = with_short_names(flattened(net))
    x = net.input
    start = net(x)
    opening = (Prose(_opening(net, x)), *written)
    left = Apply(Name(name, start.shape[0]), x)
    if form is not None:
        if to is not None:
            raise DerivationError("the piecewise form has no other end: leave out `to`")
        return derive_pieces(net, domain, left, opening)
    if to is None:
        steps, end = _to_simplest(net, x)
        closing = _closing(net, end, x, steps)
    else:
        steps = _to_target(net, to, x)
        closing = ()
    return Derivation(start, tuple(steps), left, opening, closing)


def _backward(net: Network, wrt: Any, loss: Loss | None, options: Any) -> Backpropagation:
    written = tuple(_written(net))
    setting = setting_of(flattened(net), loss, **options)
    assert setting.net is not None
    words = _opening(setting.net, setting.input, setting.batch)
    if setting.loss is not None and isinstance(setting.target, sp.MatrixSymbol):
        words = (*words[:-1], "; target ", Math(setting.target), ".")
    return backpropagation(setting, wrt, (Prose(words), *written))


# --- the chain


def _to_simplest(net: Network, x: Any) -> tuple[list[Step], Network]:
    """Steps to the simplest form, with names for composed weights as they come up."""
    steps: list[Step] = []
    taken = {symbol.name for symbol in net.free_symbols}
    current = net(x)
    pending = list(_next(net))
    while pending:
        (rewrite,) = pending
        net, defines = _named(rewrite, taken)
        for expr, reason in _lines(rewrite, x, named=bool(defines)):
            if expr != current:
                steps.append(Step(current, expr, reason, rewrite.rule))
                current = expr
        if defines:
            reason = _naming(defines) if rewrite.has_stages else rewrite.rewriting.reason
            steps.append(Step(current, net(x), reason, rewrite.rule, defines))
            current = net(x)
        pending = list(_next(net))
    return _without_detours(steps), net


def _next(net: Network) -> Iterator[Rewrite]:
    for rewrite in rewrites(net):
        yield rewrite
        return


def _lines(rewrite: Rewrite, x: Any, named: bool) -> Iterator[tuple[Any, Words]]:
    """The lines of a rewriting; where names follow, the last one is left to them."""
    yield from rewrite.stages(x)
    if not named:
        yield rewrite.after(x), rewrite.rewriting.reason


def _composed(rewrite: Rewrite) -> list[Linear]:
    """The new layers with a weight or bias that is neither a symbol nor written out."""
    return [
        layer
        for layer in rewrite.rewriting.replacement
        if isinstance(layer, Linear) and any(_wants_name(part) for part in layer.args[:2])
    ]


def _wants_name(part: Any) -> bool:
    plain = (sp.MatrixSymbol, MatrixBase, RationalMatrix, sp.ZeroMatrix, sp.Identity)
    return not isinstance(part, plain)


def _named(rewrite: Rewrite, taken: set[str]) -> tuple[Network, tuple[tuple[Any, Any], ...]]:
    """The network with names for the weights that the rewriting composed, and what they mean."""
    if rewrite.rule.letters is None:
        return rewrite.after, ()
    defines: list[tuple[Any, Any]] = []
    replacement: list[Network] = []
    composed = _composed(rewrite)
    for layer in rewrite.rewriting.replacement:
        if layer not in composed:
            replacement.append(layer)
            continue
        assert isinstance(layer, Linear)
        parts = []
        for letter, part in zip(_free(rewrite.rule.letters, taken), layer.args[:2], strict=True):
            if _wants_name(part):
                symbol = sp.MatrixSymbol(letter, *part.shape)
                defines.append((symbol, _longest_first(part)))
                part = symbol
            parts.append(part)
        replacement.append(Linear(*parts))
    return (rewrite.with_window(*replacement) if defines else rewrite.after), tuple(defines)


def _free(letters: tuple[str, str], taken: set[str]) -> tuple[str, str]:
    """The letters, or others if one of them is taken; from now on they are."""
    others = (("V", "C"), ("U", "D"), ("A", "E"))
    numbered = ((f"A_{k}", f"E_{k}") for k in range(1, 1_000_000))
    first, second = next(p for p in chain([letters], others, numbered) if not taken & set(p))
    taken |= {first, second}
    return first, second


def _longest_first(part: Any) -> Any:
    """A sum with its longest products first, as distributing gives it."""
    if not isinstance(part, sp.MatAdd):
        return part
    return sp.MatAdd(*sorted(part.args, key=lambda term: -len(factors_of(term)[1])))


def _naming(defines: Sequence[tuple[Any, Any]]) -> Words:
    words: list[Any] = ["write "]
    for k, (symbol, _) in enumerate(defines):
        words += [Math(symbol), " and " if k == len(defines) - 2 else ""]
    return tuple(w for w in words if w != "")


def _without_detours(steps: list[Step]) -> list[Step]:
    """The chain without the loops that come back to an earlier line."""
    kept: list[Step] = []
    for step in steps:
        if kept and not step.defines:
            lines = [kept[0].before, *(s.after for s in kept)]
            if step.after in lines:
                kept = kept[: lines.index(step.after)]
                continue
        kept.append(step)
    return kept


# --- a chain with a given end


def _to_target(net: Network, to: Any, x: Any) -> list[Step]:
    target = to(x) if isinstance(to, Network) else to
    verdict = prove(net(x), target)
    if isinstance(verdict, Refuted):
        raise DerivationError(f"{net} is not equal to {to}; {verdict}", verdict)
    if not isinstance(verdict, Proved):
        raise DerivationError(f"it is not known whether {net} is equal to {to}: {verdict}", verdict)
    if not isinstance(to, Network):
        there = _plain_steps(net, x)
        return _joined(there, [], net(x), target, verdict)
    return _joined(_plain_steps(net, x), _plain_steps(flattened(to), x), net(x), target, verdict)


def _plain_steps(net: Network, x: Any) -> list[Step]:
    """Steps to the simplest form, without new names."""
    steps: list[Step] = []
    current = net(x)
    for rewrite in rewrites(net):
        for expr, reason in (*rewrite.stages(x), (rewrite.after(x), rewrite.rewriting.reason)):
            if expr != current:
                steps.append(Step(current, expr, reason, rewrite.rule))
                current = expr
    return _without_detours(steps)


def _joined(
    there: list[Step], back: list[Step], start: Any, target: Any, verdict: Proved
) -> list[Step]:
    """The steps to a common line, and the steps to the target from it backwards."""
    ahead = [start, *(s.after for s in there)]
    behind = [target, *(s.after for s in back)]
    for j, line in enumerate(behind):
        if line in ahead:
            returning = [replace(s, before=s.after, after=s.before) for s in reversed(back[:j])]
            return there[: ahead.index(line)] + returning
    method: Words = (verdict.method,)
    return [*there, Step(ahead[-1], target, method)]


# --- sentences


def with_short_names(net: Network) -> Network:
    """The network with names for its explicit weights, if one is too large to write out."""
    explicit = [
        (role, part)
        for leaf in net.leaves()
        if isinstance(leaf, Parametric)
        for role, part in zip(leaf.roles, leaf.weights, strict=True)
        if isinstance(part, MatrixBase | RationalMatrix)
    ]
    if all(part.shape[0] * part.shape[1] <= LARGE for _, part in explicit):
        return net
    taken = {symbol.name for symbol in net.free_symbols}
    counts: Counter[str] = Counter()
    given: dict[Any, Any] = {}
    for role, part in explicit:
        counts[role] += 1
        while f"{role}_{counts[role]}" in taken:
            counts[role] += 1
        given.setdefault(part, sp.MatrixSymbol(f"{role}_{counts[role]}", *part.shape))
    named: Network = net.xreplace(given)
    return named


def _written(net: Network) -> Iterator[Block]:
    """The definitions that came as Python functions: of the network, and of its activations."""
    if net.definition_line is not None:
        yield Prose(("The network is the Python function",))
        yield Chain(net.definition_line, ())
    lines = dict.fromkeys(leaf.definition_line for leaf in net.leaves())
    for line in lines:
        if line is not None and line != net.definition_line:
            yield Prose(("Here",))
            yield Chain(line, ())


def _opening(net: Network, x: Any, batch: str | None = None) -> Words:
    words: list[Any] = [
        "Input ",
        Math(x),
        " with ",
        Math(x.shape[0]),
        " entry" if x.shape[0] == 1 else " entries",
    ]
    if batch is not None:
        each = f", one example in every {batch.removesuffix('s')}"
        words = ["Input ", Math(x), " of size ", Shape(x), each]
    sizes = [
        symbol
        for symbol in sorted(net.free_symbols, key=_reading_order(net))
        if isinstance(symbol, sp.MatrixSymbol)
    ]
    shown = sizes if len(sizes) <= 8 else [*sizes[:4], None, *sizes[-2:]]
    for item in shown:
        if item is None:
            words.append("; …")
            continue
        words += ["; ", Math(item), " of size ", Shape(item)]
    return (*words, ".")


def _reading_order(net: Network) -> Any:
    order = {
        symbol: k
        for k, symbol in enumerate(net.parameters.values())
        if isinstance(symbol, sp.MatrixSymbol)
    }
    return lambda symbol: (order.get(symbol, len(order)), str(symbol))


def _closing(net: Network, end: Network, x: Any, steps: Sequence[Step]) -> Words:
    if not steps:
        return ("No rule applies: the network is in simplest form.",)
    layers = end.layers
    if len(layers) == 1 and isinstance(end, Linear):
        bias = (", and ", Math(end.b), " is its value at 0") if end.has_bias else ()
        return (
            "So the network is one linear layer: ",
            Math(end.W),
            " holds all weights",
            *bias,
            "." if not net.free_symbols else ". No choice of the weights makes it anything else.",
        )
    hidden = sum(isinstance(layer, Linear) for layer in flattened(net).layers)
    if (
        hidden > 1
        and isinstance(layers[0], Linear)
        and not any(isinstance(n, Linear) for n in layers[1:])
    ):
        return (
            "So the hidden layers are one linear layer: however many there are, the network is ",
            Math(end(x)),
            ".",
        )
    return ()

"""A smaller network with the same values on a domain, what was left out and why, and the proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from time import monotonic

from ..activations._base import Activation
from ..activations._relu import ReLU
from ..base import Network
from ..errors import DomainError, NotPiecewiseLinearError, ShapeError
from ..exact.affine import AffineMap
from ..layers._linear import Linear
from ..regions.activation import PiecewiseLinear1D
from ..regions.domains import Domain
from ..regions.layer_list import LayerList
from ..regions.scalar import scalar_function
from ..regions.to_network import linear_of
from ..sequential import Sequential
from ..verdict import Proved
from ._checking import check_facts, check_layers
from ._facts import Effort, Facts, facts
from ._prepared import Prepared, prepared
from ._programs import can_solve
from ._reducing import Layer, MixedError, Reducer

#: How many regions are looked at, in one and two dimensions, before bounds have to do.
MAX_REGIONS = 20_000
_BAR = 30
_MIXED = (
    "nothing was tried: neurons with different functions share a layer, and hand on values that "
    "have no bounds here, or that none of these functions hands on"
)


@dataclass(frozen=True)
class Removed:
    """A neuron that is gone: hidden layer and place in it, from 0, and why."""

    layer: int
    neuron: int
    why: str


@dataclass(frozen=True, eq=False)
class Reduction:
    """What :func:`symnet.reduce` found: ``network`` equals ``original`` on ``domain``.

    ``removed`` lists the neurons that are gone, with the reason; in their place there may be sums
    of affine ones, ``added`` in number. ``before`` and ``after`` are the numbers of neurons of each
    hidden layer. Printed, it is a table with a bar for each layer.
    """

    original: Network
    network: Network
    domain: Domain
    removed: tuple[Removed, ...]
    added: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    parameters: tuple[int, int]
    #: What is known of every neuron on the domain, and what became of the layers.
    facts: Facts
    layers: tuple[Layer, ...]
    #: The piecewise-linear beginning of the original, and the map after its last hidden layer.
    head: Network
    last: AffineMap
    #: Why nothing was tried, or left out.
    note: str = ""

    @property
    def verdict(self) -> Proved:
        """That the two networks are equal on the domain, and by what."""
        gone = _counted(len(self.removed), "neuron")
        return Proved("reduction", f"{self.facts.how}; {gone} removed")

    def check(self) -> Proved:
        """The proof again, in rational arithmetic alone.

        What is said of a neuron on the domain is bounded anew, or certified on all regions; then
        the outputs of every layer are compared as sums of the units, coefficient by coefficient.

        Raises
        ------
        CertificateError
            Where something does not hold.
        """
        if self.note:
            return Proved("certificate", "it is the same network")
        net = prepared(self.head, self.domain.ambient)
        claims = check_facts(self.facts)
        check_layers(self.facts, net.layers, self.layers, self.last)
        told = f"{_counted(claims, 'neuron')} on one piece, {_counted(len(self.layers), 'layer')}"
        return Proved("certificate", told)

    def __str__(self) -> str:
        names = [f"layer {k}" for k in range(len(self.before))]
        whys = [Counter(r.why for r in self.removed if r.layer == k) for k in range(len(names))]
        rows = [
            (name, a, b, ", ".join(f"{count} {why}" for why, count in why_.most_common()))
            for name, a, b, why_ in zip(names, self.before, self.after, whys, strict=True)
        ]
        if len(rows) != 1:
            rows.append(("neurons", sum(self.before), sum(self.after), ""))
        rows.append(("parameters", *self.parameters, ""))
        left = max(len(row[0]) for row in rows)
        counts = [f"{a} -> {b}" for _, a, b, _ in rows]
        width = max(map(len, counts))
        lines = [
            f"{row[0]:<{left}}  {count:<{width}}  {_bar(row[1], row[2])}  {row[3]}".rstrip()
            for row, count in zip(rows, counts, strict=True)
        ]
        if self.facts.open:
            lines.append(
                f"{_counted(self.facts.open, 'neuron')} may be affine or off on the domain, as no "
                "point that was tried says otherwise: max_boxes= tries more"
                + ("" if can_solve() else "; so does SciPy (pip install symnet[lp])")
            )
        return "\n".join([*lines, self.note] if self.note else lines)

    def __repr__(self) -> str:
        return f"Reduction({sum(self.before)} -> {sum(self.after)} neurons)"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _bar(before: int, after: int) -> str:
    kept = min(_BAR, -(-_BAR * after // before)) if before else 0
    return "█" * kept + "░" * (_BAR - kept)


def reduce(
    net: Network,
    domain: Domain,
    *,
    max_regions: int = MAX_REGIONS,
    max_boxes: int | None = None,
    timeout: float | None = None,
) -> Reduction:
    """A network with fewer neurons and the same values on a domain: nothing is approximated.

    Linear maps that follow each other become one. Neurons that are off on the domain, constant or
    without effect are left out, multiples of others share one neuron, and neurons that are affine
    on the domain are handed on as sums, or multiplied into the next layer, where that is smaller.
    What neurons do on the domain is found by bounds in floats with all rounding accounted for, by
    rational numbers where these are too close, and in one and two dimensions by all regions. Where
    bounds leave open what no point contradicts, a box is halved until they say it on all parts;
    what is open still is decided by linear programs where SciPy is installed, on both sides of some
    neurons, and their multipliers prove it.

    Parameters
    ----------
    net : Network with rational weights
        Piecewise linear; what follows the last piecewise-linear part, such as a softmax, stays.
    domain : Box, Polyhedron or Slice; a Box may have any number of dimensions
    max_regions : int
        How many regions are looked at before bounds have to do.
    max_boxes : int
        On how many parts of a box bounds are tried; by default up to 2000, fewer for networks so
        large that this would take much longer than seconds.
    timeout : float, seconds
        When no more parts are tried.

    Returns
    -------
    Reduction
        ``network``, ``removed`` with reasons, ``check()``; it prints as a table. Where the result
        would have more parameters, as matrices have that stand for convolutions, ``network`` is
        ``net``, and ``note`` says so.

    Raises
    ------
    NotPiecewiseLinearError, WeightError, DomainError

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(
    ...     sn.Linear([[1, 1], [-1, -1], [2, 2], [1, -1]], [0, -1, 0, 3]), sn.ReLU(),
    ...     sn.Linear([[1, 5, 1, 1]]),
    ... )
    >>> found = sn.reduce(net, sn.Box([0, 1]))
    >>> found.network
    Linear(Matrix([[4, 2]]), Matrix([[3]]))
    >>> print(found.check())
    proved (certificate: 4 neurons on one piece, 1 layer)

    Source: Serra, Kumar and Ramalingam, Lossless compression of deep neural networks, 2020.
    """
    if not isinstance(domain, Domain):
        raise DomainError(f"the domain is {domain!r}; write Box([lo, hi], …), Polyhedron or Slice")
    wanted = net.in_features
    size = None if wanted is None or not wanted.is_Integer else int(wanted)
    fitted = domain.fitted(size)
    head, tail = _parts(net, fitted.ambient)
    ready = prepared(head, fitted.ambient)
    inside = fitted.affine()
    on_domain = ready
    if inside is not None:
        on_domain = Prepared(LayerList.affine(inside).then(ready.layers))
    end = None if timeout is None else monotonic() + timeout
    known = facts(on_domain, fitted, Effort(max_regions, max_boxes, end))
    try:
        layers, last = Reducer(ready.layers, known).run()
    except MixedError:
        return _kept(net, ready, fitted, known, _MIXED)
    small = _network(head, layers, last, tail)
    before, after = (sum(map(_count, n.leaves())) for n in (net, small))
    if after > before:
        gone = sum(ready.layers.widths) - sum(layer.width for layer in layers)
        note = (
            f"nothing was left out: {_counted(gone, 'neuron')} could go, but written out as "
            f"matrices the network would have {after} parameters"
        )
        return _kept(net, ready, fitted, known, note)
    return _made(net, head, small, fitted, known, tuple(layers), last, (before, after))


def _kept(net: Network, ready: Prepared, domain: Domain, known: Facts, note: str) -> Reduction:
    """The network as it is, and why."""
    widths = ready.layers.widths
    count = sum(map(_count, net.leaves()))
    return Reduction(
        net, net, domain, (), 0, widths, widths, (count, count), known, (), net,
        ready.layers.maps[-1], note,
    )  # fmt: skip


def _parts(net: Network, inputs: int) -> tuple[Network, tuple[Network, ...]]:
    """The longest beginning that is piecewise linear, and the layers after it."""
    layers = _sequence(net)
    for end in range(len(layers), 0, -1):
        head = layers[0] if end == 1 else Sequential._rebuild(*layers[:end])
        try:
            prepared(head, inputs)
        except (NotPiecewiseLinearError, ShapeError):
            if end == 1:
                raise
            continue
        return head, layers[end:]
    raise AssertionError("a network has layers")


def _sequence(net: Network) -> tuple[Network, ...]:
    """The layers one after the other, however they are nested."""
    if not isinstance(net, Sequential):
        return (net,)
    return tuple(layer for child in net.children for layer in _sequence(child))


def _network(
    head: Network, layers: Sequence[Layer], last: AffineMap, tail: Sequence[Network]
) -> Network:
    activations = _activations(head)
    parts: list[Network] = []
    for layer in layers:
        if layer.stays:
            parts += [linear_of(layer.units), activations.get(layer.function, ReLU())]
    parts += [linear_of(last), *tail]
    if len(parts) == 1:
        return parts[0]
    result: Network = Sequential._rebuild(*parts)
    return result


def _activations(net: Network) -> dict[PiecewiseLinear1D, Activation]:
    found: dict[PiecewiseLinear1D, Activation] = {}
    for leaf in net.leaves():
        if isinstance(leaf, Activation):
            found.setdefault(scalar_function(leaf), leaf)
    return found


def _made(
    net: Network,
    head: Network,
    small: Network,
    domain: Domain,
    known: Facts,
    layers: tuple[Layer, ...],
    last: AffineMap,
    counts: tuple[int, int],
) -> Reduction:
    removed = tuple(
        Removed(k, i, why) for k, layer in enumerate(layers) for i, why in layer.reasons.items()
    )
    before = tuple(layer.forms.shape[0] for layer in layers)
    after = tuple(layer.width for layer in layers)
    added = sum(after) - sum(before) + len(removed)
    return Reduction(
        net, small, domain, tuple(sorted(removed, key=lambda r: (r.layer, r.neuron))), added,
        before, after, counts, known, layers, head, last,
    )  # fmt: skip


def _count(leaf: Network) -> int:
    """The number of parameters of a layer."""
    if type(leaf) is Linear:
        rows, cols = (int(n) for n in leaf.args[0].shape)
        return rows * cols + rows * leaf.has_bias
    shapes = [getattr(v, "shape", ()) for v in leaf.own_parameters.values()]
    return sum(prod(map(int, shape)) for shape in shapes)

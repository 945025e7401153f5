r"""A continuous piecewise-linear function of n variables as a sum of maxima of n + 1 affine forms.

f = affine + sum_t s_t max(0, l_t1, …, l_tm) with m <= n exists for every such function (Wang and
Sun, Generalization of hinging hyperplanes, 2005); this is how it is found here.

Up to an affine function f is its *bends*: the facets between two pieces, each with the number c by
which the map changes, c times the primitive normal. Any such weighted facets are the bends of a
function iff they are balanced around every face of dimension n - 2. A simplex with vertices
p_0 < … < p_k is a sum of cones (Lawrence and Varchenko): in barycentric coordinates

    prod_i [t_i >= 0] = sum_i prod_{j < i} (-[t_j < 0]) prod_{j > i} [t_j >= 0],

so the bends become cones at vertices, with edges upwards in the lexicographic order; an edge a is
turned round by [cone(a, S)] = [span(a) + cone(S)] - [cone(-a, S)], where the first part contains a
line. At one apex the cones without a line are balanced by themselves. Choose two edges b_1, b_2:
for every cone spanned by n - 1 edges S without them, the n + 1 edges S, b_1, b_2 are up to signs
positively dependent, and the maximum of n + 1 affine forms bends on all cones of n - 1 of them. A
multiple of it takes the cone S away. What remains hangs on b_1 and b_2 and, being balanced, is
zero; only cones that contain a line are left, to be treated in the quotient by that line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, cmp_to_key
from itertools import chain, combinations, count as count_from, pairwise
from math import gcd, prod
from operator import add, mul, sub

from flint import fmpq, fmpq_mat

from ..exact.polyhedron import Polyhedron, maximal_sets, pulling_triangulation
from ..exact.rational_rows import clear_denominators, primitive

Vector = tuple[fmpq, ...]
Integers = tuple[int, ...]
Rays = tuple[Integers, ...]

#: Of how many edges at one apex two are taken as the base, before others are.
_COMMON = 12

#: Integers with more bits are written as fractions below 1.
_SHORT = 24


@dataclass(frozen=True)
class Hinge:
    """x -> factors max(forms(x)): one factor for each output, a form is [a | c]."""

    factors: Vector
    forms: tuple[Vector, ...]


@dataclass(frozen=True)
class Bend:
    """A facet between two pieces, and for every output by how often its normal the map changes."""

    facet: Polyhedron
    factors: Vector


@dataclass(frozen=True)
class Quotient:
    """R^n modulo the span of the basis, which is in reduced echelon form."""

    ambient: int
    basis: tuple[Vector, ...]

    @cached_property
    def pivots(self) -> tuple[int, ...]:
        return tuple(next(k for k, v in enumerate(row) if v) for row in self.basis)

    @cached_property
    def free(self) -> tuple[int, ...]:
        """The coordinates that describe a class."""
        return tuple(k for k in range(self.ambient) if k not in self.pivots)

    def reduced(self, x: Sequence[fmpq | int]) -> Vector:
        """The representative that vanishes at the pivots."""
        result = [fmpq(v) for v in x]
        for pivot, row in zip(self.pivots, self.basis, strict=True):
            if factor := result[pivot]:
                result = [v - factor * r for v, r in zip(result, row, strict=True)]
        return tuple(result)

    def by(self, direction: Sequence[int]) -> Quotient:
        """The quotient by one more direction."""
        rows = fmpq_mat([*map(list, self.basis), [fmpq(v) for v in direction]])
        return Quotient(self.ambient, tuple(map(tuple, rows.rref()[0].tolist())))

    def pulled_back(self, form: Sequence[fmpq]) -> Vector:
        """A linear form in the free coordinates as one on R^n."""
        result = [fmpq(0)] * self.ambient
        for k, v in zip(self.free, form, strict=True):
            result[k] = v
        for pivot, row in zip(self.pivots, self.basis, strict=True):
            result[pivot] = -sum(
                (row[k] * v for k, v in zip(self.free, form, strict=True)), fmpq(0)
            )
        return tuple(result)


#: Cones at one apex: their edges, and the factors of the bend on each.
Cones = dict[Rays, Vector]


def hinges(bends: Sequence[Bend], ambient: int) -> list[Hinge]:
    """Hinges with these bends, which must be balanced."""
    fans = Fans(ambient)
    for bend in bends:
        fans.add_facet(bend)
    return list(fans.resolved())


class Fans:
    """Signed cones by their apex, a flat; those with the smallest flats come first."""

    def __init__(self, ambient: int) -> None:
        self.ambient = ambient
        self.levels: list[dict[tuple[Quotient, Vector], Cones]] = [{} for _ in range(ambient)]

    def add_facet(self, bend: Bend) -> None:
        """Cut a facet into simplices, and these into cones."""
        space = Quotient(self.ambient, ())
        for line in bend.facet.lines:
            space = space.by(line[:-1])
        for simplex in _simplices(bend.facet):
            finite = (tuple(fmpq(v, g[-1]) for v in g[:-1]) for g in simplex if g[-1])
            points = sorted(map(space.reduced, finite))
            rays = [g[:-1] for g in simplex if not g[-1]]
            for i, apex in enumerate(points):
                # turned upwards: from the lower of two points to the higher
                edges = [_direction(*sorted((apex, p))) for p in points if p != apex]
                self.add(space, apex, [*edges, *rays], _times(-1 if i % 2 else 1, bend.factors))

    def add(
        self,
        space: Quotient,
        apex: Vector,
        edges: Sequence[Integers],
        factors: Vector,
        above: int = -1,
    ) -> None:
        """Add a cone with its edges turned upwards; only parts with more than ``above`` lines."""
        upward: list[Integers] = []
        for k, edge in enumerate(edges):
            ray = _direction(None, space.reduced(edge))
            if next(v for v in ray if v) < 0:
                self.add(space.by(ray), apex, [*upward, *edges[k + 1 :]], factors, above)
                ray, factors = tuple(-v for v in ray), _times(-1, factors)
            upward.append(ray)
        if len(space.basis) <= above:
            return
        cones = self.levels[len(space.basis)].setdefault((space, space.reduced(apex)), {})
        key = tuple(sorted(upward))
        before = cones.pop(key, None)
        total = factors if before is None else tuple(map(add, before, factors))
        if any(total):
            cones[key] = total

    def resolved(self) -> Iterator[Hinge]:
        """The hinges that take all cones away."""
        for level in self.levels:
            for (space, apex), cones in level.items():
                if len(space.free) == 3:
                    cones = merged(cones)
                if not cones:
                    continue
                if len(space.free) == 1:
                    one = _content(space.pulled_back([fmpq(1)]))
                    yield _hinge(space, apex, [(1 / one,)], cones[()])
                    continue
                one, two = _base(space, cones)
                for edges, factors in cones.items():
                    if one not in edges and two not in edges:
                        yield self._without(space, apex, (one, *edges, two), factors)

    def _without(self, space: Quotient, apex: Vector, edges: Rays, factors: Vector) -> Hinge:
        """The hinge on a circuit that has these factors on the cone without its two ends."""
        circuit = _circuit(space, edges)
        assert circuit is not None, "the edges are chosen so that all circuits exist"
        signs, forms = circuit
        turned = [tuple(s * v for v in edge) for s, edge in zip(signs, edges, strict=True)]
        linear = [(fmpq(0),) * self.ambient, *map(space.pulled_back, forms[1:])]
        scale = _times(1 / (prod(signs[1:-1]) * _content(linear[-1])), factors)
        for p, q in combinations(range(len(edges)), 2):
            cone = [edge for k, edge in enumerate(turned) if k not in (p, q)]
            bend = _content(tuple(map(sub, linear[q], linear[p])))
            self.add(space, apex, cone, _times(-bend, scale), above=len(space.basis))
        return _hinge(space, apex, forms[1:], scale)


def merged(cones: Cones) -> Cones:
    """The same sum of cones of dimension 2: in every plane, sectors that do not overlap.

    >>> one, whole = (fmpq(1),), {((0, 1), (2, 1)): (fmpq(1),)}
    >>> merged({((0, 1), (1, 1)): one, ((1, 1), (2, 1)): one}) == whole
    True
    """
    planes: dict[Integers, list[tuple[Rays, Vector]]] = {}
    for edges, factors in cones.items():
        planes.setdefault(_plane(edges), []).append((edges, factors))
    found: Cones = {}
    for parts in planes.values():
        steps: dict[Integers, Vector] = {}
        for (one, other), factors in parts:
            turn = 1 if _turns(one, other) else -1
            for edge, sign in ((one, turn), (other, -turn)):
                change = _times(sign, factors)
                steps[edge] = tuple(map(add, steps[edge], change)) if edge in steps else change
        bounds = sorted((e for e, step in steps.items() if any(step)), key=cmp_to_key(_order))
        total: Vector = (fmpq(0),) * len(parts[0][1])
        for edge, following in pairwise(bounds):
            total = tuple(map(add, total, steps[edge]))
            if any(total):
                found[tuple(sorted((edge, following)))] = total
    return found


def _plane(edges: Rays) -> Integers:
    """The plane that two edges span, by its normalised Plücker coordinates."""
    one, other = edges
    minors = [one[i] * other[j] - one[j] * other[i] for i, j in combinations(range(len(one)), 2)]
    lead = next(v for v in minors if v)
    return primitive([v if lead > 0 else -v for v in minors])


def _turns(one: Integers, other: Integers) -> bool:
    """Whether one edge of a plane comes before another, in an order of all upward edges."""
    minors = (one[i] * other[j] - one[j] * other[i] for i, j in combinations(range(len(one)), 2))
    return next((v for v in minors if v), 0) > 0


def _order(one: Integers, other: Integers) -> int:
    return -1 if _turns(one, other) else int(one != other)


def _simplices(facet: Polyhedron) -> list[tuple[Integers, ...]]:
    """A polyhedron in simplices, by homogeneous generators, modulo its lines."""
    generators = facet.homogeneous_rays
    forms = [(*(-v for v in h.normal), h.offset) for h in facet.half_spaces]
    forms.append((*[0] * facet.ambient, 1))
    tight = [frozenset(i for i, g in enumerate(generators) if not sum(map(mul, form, g)))
             for form in forms]  # fmt: skip
    facets = maximal_sets({t for t in tight if 0 < len(t) < len(generators)})
    dimension = facet.dimension - len(facet.lines)
    found = pulling_triangulation(frozenset(range(len(generators))), facets, dimension)
    return [tuple(generators[i] for i in simplex) for simplex in found]


def _circuit(space: Quotient, edges: Rays) -> tuple[list[int], list[Vector]] | None:
    """Signs that make m + 1 edges positively dependent, and forms whose maximum bends on them.

    Form i is 1 at the first edge, 0 at the others (with their signs) but the i-th; the first form
    is 0. None where fewer of the edges are dependent.
    """
    m = len(space.free)
    columns = [[fmpq(edge[k]) for edge in edges] for k in space.free]
    square = fmpq_mat([row[1:] for row in columns])
    if square.det() == 0:
        return None
    inverse = square.inv()
    # a_0 + sum_j z_j a_j = 0
    z = [-v for v in (inverse * fmpq_mat(m, 1, [row[0] for row in columns])).entries()]
    if not all(z):
        return None
    signs = [1, *(1 if v > 0 else -1 for v in z)]
    forms = [tuple(-v / z[j] for v in row) for j, row in enumerate(inverse.tolist())]
    return signs, [(fmpq(0),) * m, *forms]


def _base(space: Quotient, cones: Cones) -> tuple[Integers, Integers]:
    """Two edges with which every cone without them makes a circuit; if possible in many cones."""
    count = Counter(edge for edges in cones for edge in edges)
    common = [edge for edge, _ in count.most_common(_COMMON)]
    pairs = sorted(
        combinations(common, 2), key=lambda pair: sum(not {*pair} & {*edges} for edges in cones)
    )
    return next(pair for pair in chain(pairs, _generic(space)) if _serves(space, cones, *pair))


def _serves(space: Quotient, cones: Cones, one: Integers, two: Integers) -> bool:
    for edges in cones:
        inside = [edge for edge in (one, two) if edge in edges]
        if not inside and _circuit(space, (one, *edges, two)) is None:
            return False
        if len(inside) == 1:
            rows = [[fmpq(edge[k]) for k in space.free] for edge in {*edges, one, two}]
            if fmpq_mat(rows).det() == 0:
                return False
    return True


def _generic(space: Quotient) -> Iterator[tuple[Integers, Integers]]:
    """Pairs of points on the moment curve: sooner or later one serves."""

    def point(t: int) -> Integers:
        places = {k: t**i for i, k in enumerate(space.free)}
        return tuple(places.get(k, 0) for k in range(space.ambient))

    for s in count_from(2):
        yield from ((point(t), point(s)) for t in range(1, s))


def _hinge(space: Quotient, apex: Vector, forms: Sequence[Vector], factors: Vector) -> Hinge:
    """factors max(0, forms), the forms in short integers where they have such."""
    rows = []
    for form in forms:
        linear = space.pulled_back(form)
        rows.append((*linear, -sum(map(mul, linear, apex), fmpq(0))))
    content = _content(tuple(v for row in rows for v in row))
    largest = max(abs(v / content) for row in rows for v in row)
    bits = int(largest.p).bit_length()
    unit = content if bits <= _SHORT else content * 2**bits
    first, *rest = (_times(1 / unit, row) for row in rows)
    return Hinge(_times(unit, factors), (first, (fmpq(0),) * len(first), *rest))


def _direction(start: Vector | None, end: Vector) -> Integers:
    """The primitive integer vector from one point to another."""
    step = end if start is None else tuple(map(sub, end, start))
    return primitive(clear_denominators(step)[0])


def _content(form: Vector) -> fmpq:
    """c > 0 with form = c times a primitive integer vector."""
    numerators, denominator = clear_denominators(form)
    return fmpq(gcd(*numerators), denominator)


def _times(c: fmpq | int, vector: Vector) -> Vector:
    return tuple(c * v for v in vector)

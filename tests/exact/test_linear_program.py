"""Every answer of exact linear programming comes with a certificate, which is checked."""

from __future__ import annotations

import pytest
from flint import fmpq
from hypothesis import given, settings, strategies as st

from symnet.exact.linear_program import (
    Feasible,
    Infeasible,
    LinearSystem,
    Optimal,
    Unbounded,
    check_feasible,
    check_infeasible,
    check_optimal,
    check_unbounded,
    feasible_point,
    maximise,
)


@st.composite
def systems(draw: st.DrawFn, closed: bool = False) -> LinearSystem:
    n, m = draw(st.integers(1, 4)), draw(st.integers(0, 8))
    entry = st.integers(-3, 3)
    A = draw(st.lists(st.lists(entry, min_size=n, max_size=n), min_size=m, max_size=m))
    b = draw(st.lists(entry, min_size=m, max_size=m))
    kinds = draw(st.lists(st.sampled_from("<<<e" if closed else "<<se"), min_size=m, max_size=m))
    chosen = {kind: [i for i, k in enumerate(kinds) if k == kind] for kind in "se"}
    return LinearSystem.of(A, b, strict=chosen["s"], equal=chosen["e"], variables=n)


@settings(deadline=None, max_examples=150)
@given(systems(), st.booleans())
def test_every_system_has_a_point_or_a_refutation(system: LinearSystem, warm: bool) -> None:
    result = feasible_point(system, warm_start=warm)
    if isinstance(result, Feasible):
        assert check_feasible(system, result.point)
    else:
        assert check_infeasible(system, result.multipliers)


@settings(deadline=None, max_examples=150)
@given(systems(closed=True), st.lists(st.integers(-3, 3), min_size=4, max_size=4), st.booleans())
def test_every_maximum_is_proved(system: LinearSystem, goal: list[int], warm: bool) -> None:
    c = [fmpq(v) for v in goal[: system.variables]]
    result = maximise(c, system, warm_start=warm)
    if isinstance(result, Optimal):
        assert check_optimal(system, c, result)
    elif isinstance(result, Unbounded):
        assert check_unbounded(system, c, result)
    else:
        assert check_infeasible(system, result.multipliers)


def test_kuhn_s_cycling_example_ends() -> None:
    """Balinski and Tucker 1969: Dantzig's rule cycles here; the maximum is 2."""
    A = [[-2, -9, 1, 9], ["1/3", 1, "-1/3", -2], [2, 3, -1, -12]]
    rows = [[fmpq(*map(int, e.split("/"))) if isinstance(e, str) else e for e in row] for row in A]
    rows += [[-int(i == j) for j in range(4)] for i in range(4)]
    system = LinearSystem.of(rows, [0, 0, 2, 0, 0, 0, 0])
    for warm in (True, False):
        result = maximise([2, 3, -1, -12], system, warm_start=warm)
        assert isinstance(result, Optimal)
        assert result.value == 2
        assert check_optimal(system, [fmpq(v) for v in (2, 3, -1, -12)], result)


def test_a_strip_of_width_two_to_the_minus_200_is_not_empty() -> None:
    e = fmpq(1, 2**200)
    thin = LinearSystem.of([[1, 1], [-1, -1]], [1 + e, -1], strict=[0, 1])
    result = feasible_point(thin)
    assert isinstance(result, Feasible)
    assert 1 < sum(result.point, fmpq(0)) < 1 + e
    flat = LinearSystem.of([[1, 1], [-1, -1]], [1, -1], strict=[0])
    refuted = feasible_point(flat)
    assert isinstance(refuted, Infeasible)
    assert check_infeasible(flat, refuted.multipliers)


def test_klee_minty_cube() -> None:
    """The maximum of the Klee-Minty cube of dimension n is 5^n (Klee and Minty 1972)."""
    n = 8
    A = [[2 ** (i - j + 1) if j < i else int(i == j) for j in range(n)] for i in range(n)]
    A += [[-int(i == j) for j in range(n)] for i in range(n)]
    system = LinearSystem.of(A, [5 ** (i + 1) for i in range(n)] + [0] * n)
    for warm in (True, False):
        result = maximise([2 ** (n - 1 - j) for j in range(n)], system, warm_start=warm)
        assert isinstance(result, Optimal)
        assert result.value == 5**n


def test_false_certificates_are_refused() -> None:
    system = LinearSystem.of([[1, 0], [-1, 0]], [0, -1])
    result = feasible_point(system)
    assert isinstance(result, Infeasible)
    assert check_infeasible(system, result.multipliers)
    assert not check_infeasible(system, (fmpq(1), fmpq(2)))
    assert not check_infeasible(system, (fmpq(-1), fmpq(-1)))
    assert not check_infeasible(LinearSystem.of([[1, 0], [-1, 0]], [0, 0]), result.multipliers)


def test_misfits_are_named() -> None:
    with pytest.raises(ValueError, match=r"2 rows .* 1 entries"):
        LinearSystem.of([[1], [2]], [0])
    with pytest.raises(ValueError, match="closed system"):
        maximise([1], LinearSystem.of([[1]], [1], strict=[0]))

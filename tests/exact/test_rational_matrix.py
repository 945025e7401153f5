"""Rational matrices and the floats that they came from."""

from fractions import Fraction

import numpy as np
import pytest

from symnet.exact.rational_matrix import RationalMatrix


def entries(matrix: RationalMatrix) -> list[Fraction]:
    return [Fraction(n, matrix.denominator) for n in matrix.flat()]


@pytest.mark.parametrize("scale", [1.0, 2.0**-250, 2.0**700])
def test_floats_come_back_as_they_were(scale):
    array = np.random.default_rng(0).standard_normal((3, 4)) * scale
    array[1, 2] = 0.0
    matrix = RationalMatrix.from_floats(array)
    assert entries(matrix) == [Fraction(v) for v in array.ravel().tolist()]
    assert (matrix.floats() == array).all()
    rebuilt = RationalMatrix(3, 4, matrix.numerators, matrix.denominator)
    assert rebuilt == matrix
    assert (rebuilt.floats() == array).all()


def test_a_matrix_keeps_no_array_that_others_may_change():
    array = np.ones((1, 2))
    matrix = RationalMatrix.from_floats(array)
    array[0, 0] = 7
    assert matrix.floats().tolist() == [[1, 1]]
    with pytest.raises(ValueError, match="read-only"):
        matrix.floats()[0, 0] = 7


@pytest.mark.parametrize("array", [[[2.0**-1000]], [[1e300]], [[5e-324]]])
def test_numbers_near_the_end_of_the_range_are_left_to_exact_arithmetic(array):
    matrix = RationalMatrix.from_floats(np.array(array))
    assert entries(matrix) == [Fraction(array[0][0])]
    assert matrix.floats() is None


def test_what_no_float_is_has_none():
    assert RationalMatrix(1, 1, [1], 3).floats() is None
    assert RationalMatrix(1, 1, [2**53 + 1]).floats() is None

"""Layer normalisation."""

from __future__ import annotations

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ._entrywise import EntrywisePower, diagonal, repeated, scale
from ._normalisation import Normalisation


class LayerNorm(Normalisation):
    r"""x -> gamma (x - m) / sqrt(s + eps) + beta, with the mean m and the variance s of x itself.

    m = (x_1 + … + x_n) / n and s = ((x_1 - m)^2 + … + (x_n - m)^2) / n, for every column alone.
    It is not affine, since s depends on x: with C = I - 1 1^T / n it divides C x by its length.

    Parameters
    ----------
    size : int or positive integer symbol
        The parameters are then symbols, columns (size, 1), which a :class:`Sequential` numbers.

    or

    gamma, beta : (size, 1) columns, or flat lists
    eps : number or scalar expression
        1/100000 where it is left out.
    affine : bool
        Whether there are a gamma and a beta, where a size is given.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.LayerNorm([1, 1, 1], [0, 0, 7], eps=0)([1, 2, 3])
    Matrix([
    [   -sqrt(6)/2],
    [            0],
    [sqrt(6)/2 + 7]])

    Source: Ba, Kiros and Hinton, Layer normalization, 2016.
    """

    roles = ("gamma", "beta", "epsilon")
    torch = "LayerNorm"
    onnx = "LayerNormalization"

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        gamma, beta = self.columns
        size, count = x.shape
        if isinstance(x, MatrixBase):
            centred = x - sp.ones(size, size) * x / size
        else:
            centred = x - sp.OneMatrix(size, size) * x / size
        turned = centred.T
        squares = EntrywisePower(turned, 2) * sp.OneMatrix(size, 1) / size
        lengths = diagonal(scale(sp.OneMatrix(count, 1), squares, self.eps))
        value = centred * lengths
        if not isinstance(gamma, sp.OneMatrix):
            value = diagonal(gamma) * value
        return value if isinstance(beta, sp.ZeroMatrix) else value + repeated(beta, count)

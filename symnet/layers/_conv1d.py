"""Convolution along one axis."""

from __future__ import annotations

from ._convolution import Convolution


class Conv1d(Convolution):
    r"""y[c, t] = b[c] + \sum_{i, k} W[c, i, k] x[i, s t + d k - p], a linear map.

    As everywhere in neural networks this is the cross-correlation: the kernel is not turned
    round. The column that the layer takes holds channel after channel; entries outside of the
    grid are 0. The matrix is kept as the kernel; ``layer.W`` writes it out, without its zeros.

    Parameters
    ----------
    weight : (channels out, channels in / groups, points) rational numbers
    bias : (channels out,) rational numbers, or None
    size : int
        How many points the input has.
    stride, dilation : int
    padding : int, or (before, after)
    groups : int
        Channels fall into so many groups that do not see each other.

    Raises
    ------
    ShapeError, LayerError, WeightError
        For sizes that do not fit, and for weights that are not rational numbers.

    Examples
    --------
    >>> import symnet as sn
    >>> difference = sn.Conv1d([[[-1, 1]]], size=4)
    >>> difference([1, 4, 9, 16]).T
    Matrix([[3, 5, 7]])
    >>> difference.W.as_explicit()
    Matrix([
    [-1,  1,  0, 0],
    [ 0, -1,  1, 0],
    [ 0,  0, -1, 1]])

    Source: torch.nn.Conv1d; Dumoulin and Visin, A guide to convolution arithmetic for deep
    learning, 2016.
    """

    axes = 1
    torch = "Conv1d"

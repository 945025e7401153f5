"""Convolution over a plane."""

from __future__ import annotations

from ._convolution import Convolution


class Conv2d(Convolution):
    r"""y[c, t] = b[c] + \sum_{i, k} W[c, i, k] x[i, s t + d k - p] with pairs t, k of numbers.

    As everywhere in neural networks this is the cross-correlation: the kernel is not turned
    round. The column that the layer takes holds channel after channel, each row by row; entries
    outside of the grid are 0. The matrix is kept as the kernel; ``layer.W`` writes it out,
    without its zeros.

    Parameters
    ----------
    weight : (channels out, channels in / groups, height, width) rational numbers
    bias : (channels out,) rational numbers, or None
    size : int or (height, width)
        How many points the input has.
    stride, dilation : int or a pair
    padding : int, a pair, or (above, left, below, right)
    groups : int
        Channels fall into so many groups that do not see each other.

    Raises
    ------
    ShapeError, LayerError, WeightError
        For sizes that do not fit, and for weights that are not rational numbers.

    Examples
    --------
    >>> import symnet as sn
    >>> cross = sn.Conv2d([[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]]], size=3, padding=1)
    >>> cross([0, 0, 0, 0, 1, 0, 0, 0, 0]).reshape(3, 3)
    Matrix([
    [0,  1, 0],
    [1, -4, 1],
    [0,  1, 0]])
    >>> sn.Conv2d([[[[1, 1]]]], size=(2, 3), stride=(1, 2)).out_size
    (2, 1)

    Source: torch.nn.Conv2d; Dumoulin and Visin, A guide to convolution arithmetic for deep
    learning, 2016.
    """

    axes = 2
    torch = "Conv2d"

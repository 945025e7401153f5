"""Means over windows of a plane."""

from __future__ import annotations

from ._average_pool import AveragePool


class AvgPool2d(AveragePool):
    """x -> the mean of every window of every channel.

    Parameters
    ----------
    kernel : int or (height, width)
        How many points a window has.
    size : int or (height, width)
        How many points the input has, in each of its channels.
    channels : int
    stride : int or a pair
        The kernel where it is left out.
    padding : int, a pair, or (above, left, below, right)
    dilation : int or a pair
    ceil_mode : bool
        Whether a last window that reaches beyond the end counts; only points within are in it.
    count_include_pad : bool
        Whether the zeros of the padding count in a mean.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.AvgPool2d(2, size=(2, 4))([1, 2, 3, 4, 5, 6, 7, 8]).T
    Matrix([[7/2, 11/2]])

    Source: torch.nn.AvgPool2d; ONNX's AveragePool.
    """

    axes = 2
    torch = "AvgPool2d"

"""Maxima over windows of a plane."""

from __future__ import annotations

from ._maximum_pool import MaximumPool


class MaxPool2d(MaximumPool):
    """x -> the greatest entry of every window of every channel.

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
        Points that are in no maximum.
    dilation : int or a pair
    ceil_mode : bool
        Whether a last window that reaches beyond the end counts.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.MaxPool2d(2, size=(2, 4))([1, 2, 3, 4, 5, 6, 7, 8]).T
    Matrix([[6, 8]])

    Source: torch.nn.MaxPool2d; ONNX's MaxPool.
    """

    axes = 2
    torch = "MaxPool2d"

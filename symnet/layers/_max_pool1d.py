"""Maxima along one axis."""

from __future__ import annotations

from ._maximum_pool import MaximumPool


class MaxPool1d(MaximumPool):
    """x -> the greatest entry of every window of every channel.

    Parameters
    ----------
    kernel : int
        How many points a window has.
    size : int
        How many points the input has, in each of its channels.
    channels : int
    stride : int
        The kernel where it is left out.
    padding : int, or (before, after)
        Points that are in no maximum.
    dilation : int
    ceil_mode : bool
        Whether a last window that reaches beyond the end counts.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.MaxPool1d(2, size=5, ceil_mode=True)([1, 3, 5, 2, 4]).T
    Matrix([[3, 5, 4]])

    Source: torch.nn.MaxPool1d; ONNX's MaxPool.
    """

    axes = 1
    torch = "MaxPool1d"

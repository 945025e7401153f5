"""Means along one axis."""

from __future__ import annotations

from ._average_pool import AveragePool


class AvgPool1d(AveragePool):
    """x -> the mean of every window of every channel.

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
    dilation : int
    ceil_mode : bool
        Whether a last window that reaches beyond the end counts; only points within are in it.
    count_include_pad : bool
        Whether the zeros of the padding count in a mean.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.AvgPool1d(2, size=4)([1, 3, 5, 8]).T
    Matrix([[2, 13/2]])

    Source: torch.nn.AvgPool1d; ONNX's AveragePool.
    """

    axes = 1
    torch = "AvgPool1d"

"""Networks from nested parameters, as libraries on top of JAX keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import LoadError
from ..sequential import Sequential
from ._arrays import Array, array_of
from ._weights import network_of


def from_pytree(params: Any, activation: Any = None, **options: Any) -> Sequential:
    """The network with the parameters in nested dicts, lists and tuples.

    Parameters
    ----------
    params : nested dict, list or tuple of arrays
        Flax: ``{"params": {"Dense_0": {"kernel": …, "bias": …}, …}}``; Haiku: ``{"linear": {"w": …,
        "b": …}}``; by hand: ``[(W, b), …]``. Whether weights are (in, out), as is usual there, is
        seen from the biases and from the name ``kernel``.
    activation, architecture, axes, layers, eps
        As for :func:`symnet.from_numpy`.

    Returns
    -------
    Sequential

    Raises
    ------
    LoadError
        For what does not fit, and where parameters alone do not say what the network is.

    Examples
    --------
    >>> import numpy as np, symnet as sn
    >>> dense = lambda m, n: {"kernel": np.ones((m, n)), "bias": np.zeros(n)}
    >>> params = {"params": {"Dense_0": dense(3, 2), "Dense_1": dense(2, 1)}}
    >>> sn.from_pytree(params, activation="tanh")([0, 0, 0])
    Matrix([[0]])

    Source: https://docs.jax.dev/en/latest/pytrees.html.
    """
    tensors: dict[str, Array] = {}
    for path, value in _leaves(params, ()):
        name = ".".join(path)
        tensors[name] = array_of(value, name)
    return network_of(tensors, activation=activation, **options)


def _leaves(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if len(path) > 50:
        raise LoadError("the parameters are nested more than 50 times")
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(tree, list | tuple):
        names = _names(tree)
        for name, value in zip(names, tree, strict=True):
            yield from _leaves(value, (*path, name))
    elif tree is not None:
        yield path, tree


def _names(items: Any) -> list[str]:
    """Numbers; a matrix and a column beside each other are a weight and its bias."""
    ranks = [getattr(item, "ndim", None) for item in items]
    if ranks in ([2, 1], [2]):
        return ["weight", "bias"][: len(ranks)]
    return [str(k) for k in range(len(items))]

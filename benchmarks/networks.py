"""The networks of the benchmark: fixed seeds, weights that are float32 numbers.

Every tool gets the same function then, those that compute in float32 included. A network is a list
of pairs (W, b) of float64 arrays, with ReLU in between, on the box [-1, 1]^d.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

Network = list[tuple[Any, Any]]


def rounded(layers: Sequence[tuple[Any, Any]]) -> Network:
    """The network with its weights rounded to float32, held in float64."""
    return [tuple(np.asarray(a, np.float32).astype(np.float64) for a in pair) for pair in layers]


def he_normal(sizes: Sequence[int], seed: int = 0) -> Network:
    """He-normal weights, biases uniform in +-1/sqrt(fan-in)."""
    rng = np.random.default_rng(seed)
    return rounded(
        [
            (rng.standard_normal((m, n)) * np.sqrt(2 / n), rng.uniform(-1, 1, m) / np.sqrt(n))
            for n, m in pairwise(sizes)
        ]
    )


def on_plane(layers: Network, origin: Any, directions: Any) -> Network:
    """The network on the plane through `origin` that the columns of `directions` span."""
    (weight, bias), *rest = layers
    return rounded([(weight @ directions, weight @ origin + bias), *rest])


def random_slice(sizes: Sequence[int]) -> Network:
    """A random network with five inputs on a plane through its input space."""
    directions = np.array([[1, 0], [0, 1], [0, 0], [1, 1], [0, 0]]) / 2
    return on_plane(he_normal(sizes), np.array([0, 0, 1, 0, -1]) / 2, directions)


def trained(inputs: Any, labels: Any, hidden: Sequence[int]) -> Network:
    """A classifier that scikit-learn trains with a fixed seed."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(tuple(hidden), alpha=1e-4, max_iter=300, random_state=0, tol=0.0)
    model.fit(inputs, labels)
    return [(w.T, b) for w, b in zip(model.coefs_, model.intercepts_, strict=True)]


def two_moons(hidden: Sequence[int]) -> Network:
    """Trained on scikit-learn's two moons, centred and scaled into the square."""
    from sklearn.datasets import make_moons

    inputs, labels = make_moons(1000, noise=0.15, random_state=0)
    return rounded(trained((inputs - [0.5, 0.25]) / [2, 1.25], labels, hidden))


def digits(hidden: Sequence[int]) -> Network:
    """Trained on scikit-learn's digits, on the plane through the first 0, 1 and 2.

    The three images lie at (-1/2, -1/2), (1/2, -1/2) and (-1/2, 1/2).
    """
    from sklearn.datasets import load_digits

    inputs, labels = load_digits(return_X_y=True)
    inputs = inputs / 16
    zero, one, two = (inputs[np.flatnonzero(labels == k)[0]] for k in range(3))
    directions = np.stack([one - zero, two - zero], axis=1)
    return on_plane(trained(inputs, labels, hidden), (one + two) / 2, directions)


NETWORKS: dict[str, Callable[[], Network]] = {
    name: partial(he_normal, [int(n) for n in name.split("-")])
    for name in [
        *("1-64-64-64-1", "1-256-256-256-1", "2-16-16-1", "2-32-32-1", "2-64-64-64-1"),
        *("2-128-128-1", "2-256-1", "2-128-128-128-1", "2-64-64-64-64-64-64-1", "2-256-256-1"),
        *("2-256-256-256-1", "3-16-16-1", "3-32-32-1", "3-64-64-1", "4-12-12-1", "5-12-12-1"),
    ]
}
NETWORKS["2-32x16-1"] = partial(he_normal, [2, *[32] * 16, 1])
NETWORKS["slice of 5-50x6-5"] = partial(random_slice, [5, *[50] * 6, 5])
NETWORKS["two moons 2-64-64-1"] = partial(two_moons, [64, 64])
NETWORKS["digits 64-64-64-10"] = partial(digits, [64, 64])
NETWORKS["digits 64-128-128-128-10"] = partial(digits, [128, 128, 128])

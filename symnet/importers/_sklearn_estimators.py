"""What estimators of scikit-learn compute, as layers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from ..activations._hardtanh import Hardtanh
from ..activations._sigmoid import Sigmoid
from ..base import Network
from ..errors import LoadError
from ..exact.rational_matrix import RationalMatrix
from ..layers._linear import Linear
from ..layers._scale import Scale
from ..layers._softmax import Softmax
from ._arrays import Array, array_of
from ._weights import layer_named
from .operators._base import exactly, matrix

#: The layers of a fitted estimator of this class; ``scores`` asks for those before probabilities.
ESTIMATORS: dict[str, Callable[[Any, bool], list[Network]]] = {}


def estimator(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put a function under the names of classes."""

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        ESTIMATORS.update(dict.fromkeys(names, function))
        return function

    return put


def fact(of: Any, name: str) -> Any:
    """What fitting has left."""
    if not hasattr(of, name):
        raise LoadError(f"{type(of).__name__} has no {name}; it is not fitted")
    return getattr(of, name)


def numbers(of: Any, name: str) -> Array:
    """The same as an array."""
    return array_of(fact(of, name), f"{name} of {type(of).__name__}")


def affine(weight: Array, offset: Any) -> Linear:
    """x -> W x + b, with one row for each output."""
    W = np.atleast_2d(weight)
    b = np.broadcast_to(np.atleast_1d(np.asarray(offset, dtype=np.float64)), len(W))
    return Linear(W, b)


def scaled(factors: Any, offset: Any = None) -> list[Network]:
    """Every entry times a number plus a number, in fractions."""
    return [Scale(matrix(factors, "s"), None if offset is None else matrix(offset, "t"))]


@estimator("StandardScaler")
def _(of: Any, scores: bool) -> list[Network]:
    mean = exactly(numbers(of, "mean_")) if of.with_mean else None
    spread = exactly(numbers(of, "scale_")) if of.with_std else None
    return _centred(fact(of, "n_features_in_"), mean, spread)


@estimator("RobustScaler")
def _(of: Any, scores: bool) -> list[Network]:
    mean = exactly(numbers(of, "center_")) if of.with_centering else None
    spread = exactly(numbers(of, "scale_")) if of.with_scaling else None
    return _centred(fact(of, "n_features_in_"), mean, spread)


@estimator("MaxAbsScaler")
def _(of: Any, scores: bool) -> list[Network]:
    return _centred(fact(of, "n_features_in_"), None, exactly(numbers(of, "scale_")))


def _centred(size: int, mean: Any, spread: Any) -> list[Network]:
    """(x - mean) / spread."""
    one = np.full(size, Fraction(1), dtype=object)
    factors = one if spread is None else one / spread
    return scaled(factors, None if mean is None else -mean * factors)


@estimator("MinMaxScaler")
def _(of: Any, scores: bool) -> list[Network]:
    layers = scaled(exactly(numbers(of, "scale_")), exactly(numbers(of, "min_")))
    return [*layers, Hardtanh(*of.feature_range)] if of.clip else layers


@estimator("PCA", "TruncatedSVD")
def _(of: Any, scores: bool) -> list[Network]:
    if getattr(of, "whiten", False):
        raise LoadError("PCA with whiten=True, which divides by roots")
    first = _centred(fact(of, "n_features_in_"), exactly(numbers(of, "mean_")), None) if hasattr(
        of, "mean_") else []  # fmt: skip
    return [*first, Linear(numbers(of, "components_"))]


@estimator("LinearRegression", "Ridge", "RidgeCV", "Lasso", "LassoCV", "ElasticNet", "LassoLars",
           "ElasticNetCV", "SGDRegressor", "HuberRegressor", "LinearSVR", "BayesianRidge", "Lars",
           "ARDRegression", "TheilSenRegressor", "MultiTaskLasso", "MultiTaskElasticNet",
           "OrthogonalMatchingPursuit", "PassiveAggressiveRegressor")  # fmt: skip
def _(of: Any, scores: bool) -> list[Network]:
    return [affine(numbers(of, "coef_"), fact(of, "intercept_"))]


@estimator("RidgeClassifier", "RidgeClassifierCV", "LinearSVC", "Perceptron", "SGDClassifier",
           "PassiveAggressiveClassifier")  # fmt: skip
def _(of: Any, scores: bool) -> list[Network]:
    if not scores:
        raise LoadError(
            f'{type(of).__name__} is read by its scores: from_sklearn(…, output="scores") is its '
            "decision_function"
        )
    return [affine(numbers(of, "coef_"), fact(of, "intercept_"))]


@estimator("LogisticRegression", "LogisticRegressionCV")
def _(of: Any, scores: bool) -> list[Network]:
    layer = affine(numbers(of, "coef_"), fact(of, "intercept_"))
    if scores:
        return [layer]
    two = len(fact(of, "classes_")) == 2
    apart = of.solver == "liblinear" or getattr(of, "multi_class", None) == "ovr"
    if apart and not two:
        raise LoadError(
            "LogisticRegression that fits each class apart normalises sigmoids; read its "
            'scores: output="scores"'
        )
    return [*_both(layer), Sigmoid()] if two else [layer, Softmax()]


@estimator("MLPRegressor", "MLPClassifier")
def _(of: Any, scores: bool) -> list[Network]:
    weights, offsets = fact(of, "coefs_"), fact(of, "intercepts_")
    layers: list[Network] = []
    for W, b in zip(weights, offsets, strict=True):
        layers += [Linear(array_of(W, "coefs_").T, array_of(b, "intercepts_")), _hidden(of)]
    del layers[-1]
    last = fact(of, "out_activation_")
    if last == "identity" or scores:
        return layers
    if last == "softmax":
        return [*layers, Softmax()]
    multilabel = len(offsets[-1]) > 1
    end: Any = layers[-1]
    return [*layers, Sigmoid()] if multilabel else [*layers[:-1], *_both(end), Sigmoid()]


def _hidden(of: Any) -> Network:
    name = {"logistic": "sigmoid"}.get(of.activation, of.activation)
    return layer_named(name)


def _both(layer: Linear) -> list[Network]:
    """-z and z, whose sigmoids are the probabilities of the two classes."""
    W, b = layer.args[:2]
    weight = RationalMatrix(
        2, W.shape[1], [s * v for s in (-1, 1) for v in W.flat()], W.denominator
    )
    if not isinstance(b, RationalMatrix):
        return [Linear(weight)]
    (n,) = b.flat()
    return [Linear(weight, RationalMatrix(2, 1, [-n, n], b.denominator))]

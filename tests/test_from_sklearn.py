"""Estimators of scikit-learn: the same numbers as theirs, within what float64 rounds."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import arb

import symnet as sn
from symnet.errors import LoadError
from symnet.exact.ball import ball_of
from symnet.importers._sklearn_estimators import ESTIMATORS

pytest.importorskip("sklearn")
from sklearn import decomposition, linear_model, neural_network, preprocessing, svm
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4)) * [1, 10, 0.1, 3] + [0, 5, 1, -2]
Y = X @ [1.0, -0.2, 3.0, 0.5] + RNG.normal(size=60)
THREE, TWO = np.digitize(Y, np.quantile(Y, [0.3, 0.7])), (np.median(Y) < Y).astype(int)
MANY = np.c_[TWO, THREE > 0]
#: All of them are sums of at most 20 products of numbers of moderate size, several times.
CLOSE = 1e-11


def agree(net, of, points=X[:8], transform=None):
    expected = np.atleast_2d(of(points))
    expected = expected.reshape(len(points), -1)
    for x, row in zip(points, expected, strict=True):
        for value, v in zip(net([Fraction(t) for t in x]), row, strict=True):
            # a ball around the value, which takes SymPy's evalf seconds
            assert abs(ball_of(value, 120) - arb(float(v))) <= CLOSE * (1 + abs(float(v)))


def fitted(model, target):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X, target)


@pytest.mark.parametrize("name", ["LinearRegression", "Ridge", "Lasso", "ElasticNet"])
def test_linear_regression(name) -> None:
    model = fitted(getattr(linear_model, name)(), Y)
    agree(sn.from_sklearn(model), model.predict)


def test_several_targets() -> None:
    model = fitted(linear_model.LinearRegression(), np.c_[Y, X[:, 0]])
    agree(sn.from_sklearn(model), model.predict)


@pytest.mark.parametrize("target", [TWO, THREE], ids=["two", "three"])
def test_logistic_regression(target) -> None:
    model = fitted(linear_model.LogisticRegression(), target)
    agree(sn.from_sklearn(model), model.predict_proba)
    scores = sn.from_sklearn(model, output="scores")
    agree(scores, model.decision_function)
    assert [type(layer) for layer in scores] == [sn.Linear]


@pytest.mark.parametrize("target", [TWO, THREE], ids=["two", "three"])
@pytest.mark.parametrize("model", [svm.LinearSVC(), linear_model.RidgeClassifier()])
def test_scores_of_classifiers(model, target) -> None:
    model = fitted(model, target)
    agree(sn.from_sklearn(model, output="scores"), model.decision_function)
    with pytest.raises(LoadError, match=r'is read by its scores: .*output="scores"'):
        sn.from_sklearn(model)


@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic", "identity"])
@pytest.mark.parametrize("target", [TWO, THREE, MANY], ids=["two", "three", "many"])
def test_classifiers_of_several_layers(activation, target) -> None:
    model = neural_network.MLPClassifier((6, 5), activation, max_iter=20, random_state=0)
    model = fitted(model, target)
    agree(sn.from_sklearn(model), model.predict_proba)
    scores = sn.from_sklearn(model, output="scores")
    assert scores.out_features == model.n_outputs_
    if activation == "relu" and target is THREE:
        winners = [int(np.argmax([float(v) for v in scores(x.tolist())])) for x in X[:8]]
        assert winners == model.predict(X[:8]).tolist()


def test_regressors_of_several_layers_and_float32() -> None:
    model = neural_network.MLPRegressor(hidden_layer_sizes=6, max_iter=20, random_state=0)
    agree(sn.from_sklearn(fitted(model, Y)), model.predict)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X.astype(np.float32), Y.astype(np.float32))
    assert model.coefs_[0].dtype == np.float32
    assert sn.from_sklearn(model)[0].W[0, 0] == sp.Rational(float(model.coefs_[0][0, 0]))


@pytest.mark.parametrize(
    "scaler",
    [
        preprocessing.StandardScaler(),
        preprocessing.StandardScaler(with_mean=False),
        preprocessing.StandardScaler(with_std=False),
        preprocessing.MinMaxScaler(feature_range=(-1, 2)),
        preprocessing.MinMaxScaler(clip=True),
        preprocessing.MaxAbsScaler(),
        preprocessing.RobustScaler(),
        decomposition.PCA(2),
    ],
    ids=str,
)
def test_scalers_alone_and_before_a_network(scaler) -> None:
    model = make_pipeline(
        scaler, neural_network.MLPRegressor(hidden_layer_sizes=5, max_iter=5, random_state=0)
    )
    model = fitted(model, Y)
    agree(sn.from_sklearn(model[:1]), model[0].transform, points=X[:4] * 1.5)
    agree(sn.from_sklearn(model), model.predict)


def test_the_quotient_of_a_scaler_is_exact() -> None:
    scaler = fitted(preprocessing.StandardScaler(), None)
    net = sn.from_sklearn(scaler)
    mean, spread = (sp.Rational(float(v[1])) for v in (scaler.mean_, scaler.scale_))
    assert net([0, 7, 0, 0])[1] == (7 - mean) / spread


def test_what_is_refused() -> None:
    with pytest.raises(LoadError, match="LinearRegression has no coef_; it is not fitted"):
        sn.from_sklearn(linear_model.LinearRegression())
    odd = make_pipeline(preprocessing.PolynomialFeatures(), DecisionTreeClassifier())
    with pytest.raises(LoadError, match=r"2 parts are not supported:\n  Poly.*\n  DecisionTree"):
        sn.from_sklearn(odd)
    several = make_pipeline(
        fitted(decomposition.PCA(whiten=True), None), DecisionTreeClassifier(),
        linear_model.LinearRegression(),
    )  # fmt: skip
    with pytest.raises(LoadError, match=r"3 parts .*:\n  PCA with .*\n  Decis.*\n  .*not fitted"):
        sn.from_sklearn(several)
    with pytest.raises(LoadError, match=r'output is .*"probabilities" or "scores"'):
        sn.from_sklearn(linear_model.LinearRegression(), output="x")
    whitened = fitted(decomposition.PCA(whiten=True), None)
    with pytest.raises(LoadError, match="whiten=True"):
        sn.from_sklearn(whitened)


def test_every_name_is_one_of_scikit_learn() -> None:
    modules = (decomposition, linear_model, neural_network, preprocessing, svm)
    assert all(any(hasattr(m, name) for m in modules) for name in ESTIMATORS)

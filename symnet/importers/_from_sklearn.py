"""Networks from estimators of scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..activations._identity import Identity
from ..base import Network
from ..errors import LoadError, SymnetError
from ..sequential import Sequential
from ._building import refuse
from ._sklearn_estimators import ESTIMATORS

_OUTPUTS = ("probabilities", "scores")


def from_sklearn(estimator: Any, output: str = "probabilities") -> Sequential:
    """The network that a fitted estimator computes, with exactly its numbers.

    Parameters
    ----------
    estimator : fitted estimator of scikit-learn, or a Pipeline of them
        MLPRegressor, MLPClassifier, linear models for regression and classification, scalers, PCA.
    output : "probabilities" or "scores"
        For a classifier: what ``predict_proba`` gives, or what ``decision_function`` gives (for an
        MLPClassifier the values before the softmax, which are piecewise linear with relu). For a
        regressor both are what ``predict`` gives.

    Returns
    -------
    Sequential

    Raises
    ------
    LoadError
        With all that is not supported: estimators, their options, what is not fitted.

    Examples
    --------
    >>> import symnet as sn
    >>> from sklearn.linear_model import LinearRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import MinMaxScaler
    >>> model = make_pipeline(MinMaxScaler(), LinearRegression())
    >>> net = sn.from_sklearn(model.fit([[0], [2], [4]], [1, 2, 3]))
    >>> sn.simplify(net)([2]).evalf(5)
    Matrix([[2.0]])

    Source: https://scikit-learn.org/stable/modules/neural_networks_supervised.html.
    """
    if output not in _OUTPUTS:
        raise LoadError(f'output is {output!r}; it is "probabilities" or "scores"')
    layers: list[Network] = []
    problems: list[str] = []
    for step in _steps(estimator):
        name = type(step).__name__
        if name not in ESTIMATORS:
            problems.append(name)
            continue
        try:
            layers += ESTIMATORS[name](step, output == "scores")
        except LoadError as error:
            problems.append(str(error))
    refuse(problems, "from_sklearn")
    try:
        return Sequential(*(layers or [Identity()]))
    except SymnetError as error:
        raise LoadError(f"the steps do not fit together: {error}") from error


def _steps(estimator: Any) -> Iterator[Any]:
    """The estimators of a pipeline, in order."""
    if hasattr(estimator, "steps") and hasattr(estimator, "named_steps"):
        for _, step in estimator.steps:
            yield from _steps(step)
    elif estimator is not None and estimator != "passthrough":
        yield estimator

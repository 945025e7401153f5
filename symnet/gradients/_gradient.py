"""Gradients, Jacobians and second derivatives, as a user asks for them."""

from __future__ import annotations

import builtins
import difflib
from collections.abc import Callable
from typing import Any

import sympy as sp

from ..errors import GradientError, ShapeError
from ..exact.convert import exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ..exact.shapes import same_size
from ..losses import Loss
from ._algebra import times, transposed
from ._differentiate import jacobian as jacobian_of, pull, push
from ._setting import Setting, setting_of

LAYOUTS = (None, "denominator", "numerator")


def gradient(
    net: Any,
    wrt: Any = "x",
    *,
    loss: Loss | None = None,
    target: Any = None,
    layout: str | None = None,
    batch: str | None = None,
    reduction: str | None = None,
) -> Any:
    r"""The derivative of a network or of its loss, with symbols for sizes and weights.

    What is one number (a loss, a network with one output) has a gradient of the shape of what it
    is derived by; what is a column has a Jacobian, (outputs, inputs). Derivatives at kinks are
    those of torch, JAX and Keras; :func:`symnet.conventions` says them.

    Parameters
    ----------
    net : Network, or an expression made of matrices, layers, inner products and norms
    wrt : "x" for the input, the name or symbol of a parameter, "all" for all parameters, or a list
        By a parameter W of shape (p, q) a Jacobian is that in vec W, (outputs, p q).
    loss : Loss
        The derivative is that of ``loss(net(x), target)``.
    target : (outputs, 1) column; (outputs, m) for columns, (m, outputs) for rows
        A symbol y where it is left out.
    layout : "denominator" or "numerator"
        Denominator: gradients in the shape of the parameter, Jacobians transposed. Numerator: the
        other way round. Where it is left out: gradients in the shape of the parameter, Jacobians
        (outputs, inputs).
    batch : "columns" or "rows"
        The input is a matrix X with one example in every column, or row; m of them, or as many as
        the target has.
    reduction : "mean" or "sum"
        That of the loss, where it is not to be the loss's own.

    Returns
    -------
    matrix expression, or a dict of them by name for "all" and for a list

    Raises
    ------
    GradientError
        For an unknown parameter, or a layer that cannot be derived.
    LossError, ShapeError
        For a target or a loss that does not fit.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> n_0, n_1, n_2 = sp.symbols("n_0:3", integer=True, positive=True)
    >>> net = sn.Sequential(sn.Linear(n_0, n_1), sn.ReLU(), sn.Linear(n_1, n_2))
    >>> sn.gradient(net)
    W_2*DiagMatrix(relu'(W_1*x + b_1))*W_1
    >>> sn.gradient(net, "b_2", loss=sn.SquaredErrorLoss())
    (W_2*relu(W_1*x + b_1) + b_2) - y
    >>> sn.gradient(net, "W_1", loss=sn.SquaredErrorLoss()).shape
    (n_1, n_0)

    Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors,
    1986; Magnus and Neudecker, Matrix Differential Calculus, 3rd edition, 2019, for the layouts.
    """
    if layout not in LAYOUTS:
        raise GradientError(f"layout is {layout!r}; it is 'denominator', 'numerator' or None")
    setting = setting_of(net, loss, target, batch, reduction)
    names, many = chosen(setting, wrt)
    symbols = [setting.variables[name] for name in names]
    if setting.is_scalar:
        found = pull(setting.output, adjoint_of_output(setting), symbols)
        turn = layout == "numerator"
    else:
        found = {symbol: jacobian_of(setting.output, symbol) for symbol in symbols}
        turn = layout == "denominator"
    results = {
        name: setting.filled(transposed(found[s]) if turn and _is_matrix(s) else found[s])
        for name, s in zip(names, symbols, strict=True)
    }
    return results if many else results[names[0]]


def jacobian(net: Any, wrt: Any = "x") -> Any:
    """The Jacobian of a network, (outputs, inputs), also where it has one output.

    Parameters
    ----------
    net : Network, or an expression in one column
    wrt : "x" for the input, or the name or symbol of a parameter W, then in vec W

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> net = sn.Sequential(sn.Linear(n, n), sn.Softmax())
    >>> sn.jacobian(net)
    (-softmax(W_1*x + b_1)*softmax(W_1*x + b_1).T + DiagMatrix(softmax(W_1*x + b_1)))*W_1
    >>> sn.jacobian(sn.Sequential(sn.Linear(n, 2), sn.Linear(2, n)), "W_1")
    KroneckerProduct(x.T, W_2)

    Source: Magnus and Neudecker, Matrix Differential Calculus, 3rd edition, 2019, chapter 5.
    """
    setting = setting_of(net)
    return _each(setting, wrt, lambda symbol: jacobian_of(setting.output, symbol))


def vjp(net: Any, wrt: Any = "x", v: Any = None) -> Any:
    """The vector-Jacobian product J^T v, in the shape of what it is derived by.

    Parameters
    ----------
    net : Network, or an expression
    wrt : "x", the name or symbol of a parameter, "all", or a list
    v : (outputs, 1) column; a symbol v where it is left out

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear(3, 4), sn.Linear(4, 2))
    >>> sn.vjp(net), sn.vjp(net, "W_2")
    (W_1.T*W_2.T*v, v*(W_1*x + b_1).T)

    Source: torch.func.vjp, for the name.
    """
    setting = setting_of(net)
    adjoint = _vector(setting, v, setting.output)
    names, many = chosen(setting, wrt)
    found = pull(setting.output, adjoint, [setting.variables[name] for name in names])
    results = {name: setting.filled(found[setting.variables[name]]) for name in names}
    return results if many else results[names[0]]


def jvp(net: Any, wrt: Any = "x", v: Any = None) -> Any:
    """The Jacobian-vector product J v: the derivative in the direction v.

    Parameters
    ----------
    net : Network, or an expression
    wrt : "x", or the name or symbol of a parameter
    v : of the shape of what it is derived by; a symbol v where it is left out

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear(3, 4), sn.Tanh(), sn.Linear(4, 2))
    >>> sn.jvp(net)
    W_2*(HadamardProduct(tanh'(W_1*x + b_1), W_1*v))

    Source: torch.func.jvp, for the name.
    """
    setting = setting_of(net)
    return _each(setting, wrt, lambda s: push(setting.output, {s: _vector(setting, v, s)}))


def hessian(net: Any, wrt: Any = "x", *, loss: Loss | None = None, target: Any = None) -> Any:
    """The second derivatives of a loss or of a network with one output, (n, n).

    Parameters
    ----------
    net : Network, or an expression that is one number
    wrt : "x", or the name or symbol of a parameter that is a column
        For a matrix use :func:`symnet.hvp`.
    loss, target : as in :func:`symnet.gradient`

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> sn.hessian(sn.Sequential(sn.Linear(n, 3), sn.ReLU(), sn.Linear(3, 1)))
    0
    >>> sn.hessian(sn.Linear(n, n), loss=sn.CrossEntropyLoss())
    W.T*(-softmax(W*x + b)*softmax(W*x + b).T + DiagMatrix(softmax(W*x + b)))*W

    Source: Magnus and Neudecker, Matrix Differential Calculus, 3rd edition, 2019, chapter 6.
    """
    setting = _scalar_setting(net, loss, target)

    def second(symbol: Any) -> Any:
        if sp.sympify(symbol.shape[1]) != 1:
            raise GradientError(
                f"{symbol} has shape {tuple(symbol.shape)}, so its second derivatives are no "
                f"matrix; use hvp(net, {symbol.name!r}), the product with a direction"
            )
        first = pull(setting.output, adjoint_of_output(setting), [symbol])[symbol]
        return jacobian_of(first, symbol)

    return _each(setting, wrt, second)


def hvp(
    net: Any, wrt: Any = "x", v: Any = None, *, loss: Loss | None = None, target: Any = None
) -> Any:
    """The Hessian-vector product: the derivative of the gradient in the direction v.

    Parameters
    ----------
    net : Network, or an expression that is one number
    wrt : "x", or the name or symbol of a parameter
    v : of the shape of what it is derived by; a symbol v where it is left out
    loss, target : as in :func:`symnet.gradient`

    Examples
    --------
    >>> import symnet as sn
    >>> sn.hvp(sn.Linear(3, 2), "W", loss=sn.SquaredErrorLoss())
    v*x*x.T

    Source: Pearlmutter, Fast exact multiplication by the Hessian, 1994.
    """
    setting = _scalar_setting(net, loss, target)

    def second(symbol: Any) -> Any:
        first = pull(setting.output, adjoint_of_output(setting), [symbol])[symbol]
        return push(first, {symbol: _vector(setting, v, symbol)})

    return _each(setting, wrt, second)


# --- what is asked for


def chosen(setting: Setting, wrt: Any) -> tuple[list[str], bool]:
    """The names of the variables that were asked for, and whether a dict is wanted."""
    if wrt == "all" or wrt is builtins.all:
        return setting.parameters, True
    if isinstance(wrt, list | tuple):
        return [_name(setting, one) for one in wrt], True
    return [_name(setting, wrt)], False


def _name(setting: Setting, wrt: Any) -> str:
    known = setting.variables
    if isinstance(wrt, sp.MatrixSymbol | sp.Symbol):
        found = next((name for name, symbol in known.items() if symbol == wrt), None)
        if found is None and wrt.name in known:
            other = known[wrt.name]
            raise GradientError(
                f"{wrt.name} is {_described(wrt)}, and there it is {_described(other)}; "
                f"give the name {wrt.name!r}, or the symbol itself"
            )
        if found is not None:
            return found
        wrt = wrt.name
    if not isinstance(wrt, str):
        raise GradientError(
            f"wrt is {wrt!r}; it is 'x', the name or symbol of a parameter, 'all', or a list"
        )
    if wrt in known:
        return wrt
    if wrt in ("x", "input") and setting.input is not None:
        return str(setting.input.name)
    if setting.net is None and len(known) == 1 and wrt == "x":
        return next(iter(known))
    close = difflib.get_close_matches(wrt, known, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    what = "the network has" if setting.net is not None else "the expression holds"
    raise GradientError(f"there is no {wrt}: {what} {', '.join(known) or 'no symbols'}{hint}")


def _described(symbol: Any) -> str:
    return f"a matrix of shape {tuple(symbol.shape)}" if _is_matrix(symbol) else "a number"


def _each(setting: Setting, wrt: Any, derive: Callable[[Any], Any]) -> Any:
    names, many = chosen(setting, wrt)
    results = {name: setting.filled(derive(setting.variables[name])) for name in names}
    return results if many else results[names[0]]


def _vector(setting: Setting, v: Any, like: Any) -> Any:
    """A given matrix of the shape of another, or a symbol of that shape."""
    shape = tuple(map(sp.sympify, like.shape))
    if v is None:
        taken = set(setting.variables) | {s.name for s in setting.output.free_symbols}
        name = next(n for n in ("v", "h", "v_direction") if n not in taken)
        return sp.MatrixSymbol(name, *shape)
    given = exact_matrix(v, "v", column=True)
    if not all(same_size(p, q) for p, q in zip(shape, map(sp.sympify, given.shape), strict=True)):
        raise ShapeError(f"v has shape {tuple(given.shape)}, and shape {shape} is needed")
    return given.as_explicit() if isinstance(given, RationalMatrix) else given


def _scalar_setting(net: Any, loss: Loss | None, target: Any) -> Setting:
    setting = setting_of(net, loss, target)
    if not setting.is_scalar:
        raise GradientError(
            f"the network has {setting.output.shape[0]} outputs, and second derivatives are those "
            "of one number; give a loss"
        )
    return setting


def adjoint_of_output(setting: Setting) -> Any:
    """The derivative of what is differentiated by the output of the network."""
    loss, output, y = setting.loss, setting.output, setting.target
    if loss is None:
        return sp.Identity(1) if _is_matrix(output) else sp.S.One
    if setting.batch == "rows":
        turned = transposed(output)
        return times(loss.scale(turned), transposed(loss.gradient(turned, transposed(y))))
    return times(loss.scale(output), loss.gradient(output, y))


def _is_matrix(part: Any) -> bool:
    return bool(getattr(part, "is_Matrix", False))

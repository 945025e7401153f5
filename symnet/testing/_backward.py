"""Whether a hand-written backward pass is the derivative of its forward pass."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from flint import ctx, fmpq

from .._announce import announce
from ..errors import GradientError, ShapeError, UndecidedError
from ._differences import arrays_in_words, compare
from ._implements import BITS, Checked
from ._tracked import Tracked, derivatives, tracked

Arrays = dict[str, Any]

#: Prefixes with which teaching code names gradients.
_PREFIXES = ("d", "d_", "grad_", "g_", "dL_d", "")


def assert_backward(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *,
    wrt: Any = None,
    samples: int = 3,
    tolerance: float = 1e-6,
    seed: int = 0,
    kinks: bool = True,
    err_msg: str = "",
    **arrays: Any,
) -> None:
    """Raise unless a hand-written backward function gives the gradients of a forward function.

    Both are in NumPy. The forward function is run on numbers that are rational, or balls of 192
    bits that hold them, and that know their derivatives; the backward function is run on the same
    numbers in floats. Branches (``np.maximum``, ``z > 0``) are those taken at the point.

    Parameters
    ----------
    forward : function of arrays to a loss, or to a tuple that begins with it
        What follows the loss is the cache.
    backward : function of some of the same arrays, by their names
        An argument of another name gets the cache. It returns a dict of gradients by name (``W``,
        ``dW``, ``grad_W``), or a tuple in the order of ``wrt``.
    wrt : names of arrays that are derived by
        By what the names of a dict say where it is left out, else all arrays but those that were
        given as values.
    samples : the number of points
    tolerance : how far an entry may be off, relative to the greatest of its gradient
    seed : of the points
    kinks : bool
        Whether to compare at a point of small integers too, where values lie on kinks: there the
        derivatives of np.maximum(0, z) and np.abs are 0, as in torch, JAX and Keras.
    err_msg : str
        Stands in the message.
    **arrays : shape, as a tuple of ints, or an array of values
        Every argument of ``forward``; a shape gives random numbers, other for every sample.

    Raises
    ------
    RefutedError
        With the entry, the exact derivative, what was got, what it looks like, and the point.

    Examples
    --------
    >>> import numpy as np, symnet as sn
    >>> def forward(x, W, y):
    ...     return ((np.maximum(0, x @ W) - y) ** 2).sum()
    >>> def backward(x, W, y):
    ...     z = x @ W
    ...     return {"dW": x.T @ (2 * (np.maximum(0, z) - y) * (z > 0))}
    >>> sn.assert_backward(forward, backward, x=(4, 3), W=(3, 2), y=(4, 2))

    Source: definition.
    """
    __tracebackhide__ = True
    random = np.random.default_rng(seed)
    told = 0
    drawn = [name for name, given in arrays.items() if _is_shape(given)]
    for k in range(samples + (kinks and bool(drawn))):
        on_kinks = k == samples
        values = {n: _values(n, given, random, on_kinks) for n, given in arrays.items()}
        if on_kinks and not _has_value(forward, values, drawn):
            continue
        result = _called(forward, values, None)
        found = _called(backward, values, result[1:] if isinstance(result, tuple) else ())
        names = _names(found, wrt, arrays)
        gradients = _by_name(found, names)
        with ctx.workprec(BITS):
            exact = _exact(forward, values, names)
            for name in names:
                head = "the backward function does not give the gradient of the forward function"
                point = ([("kink", _ON_KINKS)] if on_kinks else []) + arrays_in_words(values)
                compare(name, gradients[name], exact[name], tolerance, head, point, err_msg)
                told += exact[name].size
    what = f"{_name(backward)} is the gradient of {_name(forward)}"
    announce(what, Checked(f"{told} entries"))


#: What is said of a point where values lie on kinks.
_ON_KINKS = "values of the forward function lie on kinks, where relu'(0) = 0; not with kinks=False"


def _is_shape(given: Any) -> bool:
    return isinstance(given, tuple) and all(isinstance(n, int) for n in given)


def _values(name: str, given: Any, random: Any, on_kinks: bool) -> Any:
    if _is_shape(given):
        if on_kinks:
            return random.integers(-1, 2, size=given).astype(float)
        return (2 * random.integers(-64, 64, size=given) + 1) / 128
    array = np.asarray(given)
    if array.dtype == object:
        raise ShapeError(f"{name} is {given!r}; give a shape, such as (4, 3), or an array")
    return array


def _called(function: Callable[..., Any], values: Arrays, cache: Any) -> Any:
    """The function with arrays by name, and the cache for what has another name."""
    parameters = inspect.signature(function).parameters.values()
    names = [p.name for p in parameters if p.name in values or p.default is p.empty]
    unknown = [name for name in names if name not in values]
    if unknown and (cache is None or not cache):
        raise ShapeError(
            f"{_name(function)} takes {', '.join(unknown)}, of which nothing was said; give a "
            f"shape or an array: assert_backward(…, {unknown[0]}=(4, 3))"
        )
    rest = cache[0] if cache is not None and len(cache) == 1 else cache
    return function(**{n: values[n].copy() if n in values else rest for n in names})


def _has_value(forward: Callable[..., Any], values: Arrays, names: list[str]) -> bool:
    """Whether the loss and its derivatives are numbers at a point, and can be computed there."""
    try:
        with np.errstate(all="ignore"), ctx.workprec(BITS):
            exact = _exact(forward, values, names)
    except (ArithmeticError, TypeError, ValueError, UndecidedError):
        return False
    return all(isinstance(v, fmpq) or v.is_finite() for part in exact.values() for v in part.flat)


# --- the gradients that the function gives


def _names(found: Any, wrt: Any, arrays: Arrays) -> list[str]:
    if wrt is not None:
        return [wrt] if isinstance(wrt, str) else list(wrt)
    if isinstance(found, Mapping):
        return [_array_of(key, list(arrays)) for key in found]
    return [name for name, value in arrays.items() if isinstance(value, tuple)]


def _array_of(key: str, names: list[str]) -> str:
    for prefix in _PREFIXES:
        if key.startswith(prefix) and key[len(prefix) :] in names:
            return key[len(prefix) :]
    raise GradientError(
        f"the backward function gives {key!r}, which names none of {', '.join(names)}; "
        "call it like the array, or d and the array"
    )


def _by_name(found: Any, names: list[str]) -> Arrays:
    if isinstance(found, Mapping):
        own = {n: value for key, value in found.items() for n in names
               if any(key == prefix + n for prefix in _PREFIXES)}  # fmt: skip
        missing = [name for name in names if name not in own]
        if missing:
            raise GradientError(f"the backward function gives no gradient by {', '.join(missing)}")
        return own
    parts = found if isinstance(found, tuple | list) else (found,)
    if len(parts) != len(names):
        raise GradientError(
            f"the backward function gives {len(parts)} gradients, and {len(names)} are expected: "
            f"{', '.join(names)}; say by what: wrt=[…]"
        )
    return dict(zip(names, parts, strict=True))


# --- the gradients as they are


def _exact(forward: Callable[..., Any], values: Arrays, names: list[str]) -> Arrays:
    arrays = {n: tracked(v) if n in names else v for n, v in values.items()}
    numbers = [entry for name in names for entry in arrays[name].ravel()]
    copies = {name: array.copy() for name, array in arrays.items()}
    result = _called(forward, copies, None)
    loss = result[0] if isinstance(result, tuple) else result
    if isinstance(loss, np.ndarray) and loss.size == 1:
        loss = loss.item()
    if not isinstance(loss, Tracked):
        raise GradientError(
            f"the forward function gives {loss!r}, and a loss that depends on "
            f"{', '.join(names)} is expected: one number, or a tuple that begins with it"
        )
    found = iter(derivatives(loss, numbers))
    exact: Arrays = {}
    for name in names:
        entries = np.empty(arrays[name].size, dtype=object)
        for k in range(entries.size):
            entries[k] = next(found)
        exact[name] = entries.reshape(arrays[name].shape)
    return exact


def _name(function: Any) -> str:
    return getattr(function, "__name__", repr(function))

"""What an activation states about itself, and what follows from it."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..exact.convert import exact_number
from ..base import Apply, Network

#: Functions of SymPy that an activation can be rewritten to.
_TARGETS = (sp.Max, sp.Min, sp.Piecewise, sp.Abs, sp.exp, sp.tanh, sp.Heaviside, sp.sign, sp.erf)


class ActivationFunction(sp.Function):
    """A real function of one real variable, and parameters where it has them.

    A member states facts as class attributes; consumers read them and keep no list of members.
    ``f(x)`` stays as it is: only explicit numbers are evaluated, everything else is a step, taken
    by ``.doit()``, by ``.rewrite(Max)``, ``.rewrite(Piecewise)``, …, or by a rule with a reason.
    """

    #: The layer that applies it to every entry; set by the layer.
    layer: ClassVar[type[Activation]]
    #: How it is typeset, for example ``\\operatorname{ReLU}``.
    symbol: ClassVar[str]
    #: All values on the real line (for a parameter: on all its values), or an interval around them.
    range: ClassVar[sp.Set] = sp.S.Reals
    #: A set on which f(x) = x, for all values of the parameters; as large as is known.
    fixed: ClassVar[sp.Set] = sp.S.EmptySet
    #: Whether f is non-decreasing; None where it depends on the parameters.
    monotone: ClassVar[bool | None] = None
    #: Whether the graph consists of finitely many straight pieces.
    piecewise_linear: ClassVar[bool] = False
    #: Where f or its derivative jumps.
    kinks: ClassVar[tuple[sp.Expr, ...]] = ()
    #: Whether f(c x) = c f(x) for all c >= 0.
    positively_homogeneous: ClassVar[bool] = False
    #: The names of the layer in torch and the operator in ONNX.
    torch: ClassVar[str | None] = None
    onnx: ClassVar[str | None] = None
    #: Where the definition comes from.
    source: ClassVar[str] = ""

    @classmethod
    def definition(cls, x: sp.Expr, *parameters: sp.Expr) -> sp.Expr:
        """f(x) in functions that SymPy knows."""
        raise NotImplementedError

    @classmethod
    def slope(cls, x: sp.Expr, *parameters: sp.Expr) -> sp.Expr:
        """f'(x); at a kink the value that torch and JAX give there."""
        raise NotImplementedError

    def __new__(cls, *args: Any, **options: Any) -> Any:
        if args and (isinstance(args[0], MatrixBase) or getattr(args[0], "is_Matrix", False)):
            return cls.layer(*args[1:])(args[0])
        return super().__new__(cls, *args, **options)

    @classmethod
    def eval(cls, x: sp.Expr, *parameters: sp.Expr) -> sp.Expr | None:
        if all(value.is_number and value.is_extended_real for value in (x, *parameters)):
            return cls.definition(x, *parameters)
        return None

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        if argindex == 1:
            return self.slope(*self.args)
        variables = [sp.Dummy(real=True) for _ in self.args]
        derivative = self.definition(*variables).diff(variables[argindex - 1])
        return derivative.xreplace(dict(zip(variables, self.args, strict=True)))

    def doit(self, **hints: Any) -> sp.Expr:
        args = [a.doit(**hints) for a in self.args] if hints.get("deep", True) else self.args
        return self.definition(*args)

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Any:
        if rule in _TARGETS:
            return self.definition(*args).rewrite(rule)
        return super()._eval_rewrite(rule, args, **hints)

    def _eval_is_real(self) -> bool | None:
        return True if all(a.is_real for a in self.args) else None

    def _eval_is_nonnegative(self) -> bool | None:
        return self._lies_in(sp.Interval(0, sp.oo))

    def _eval_is_positive(self) -> bool | None:
        return self._lies_in(sp.Interval.open(0, sp.oo))

    def _lies_in(self, target: sp.Set) -> bool | None:
        if all(a.is_real for a in self.args) and self.range.is_subset(target):
            return True
        return None

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        inside = ", ".join(printer._print(a) for a in self.args)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"{self.symbol}{power}\left({inside}\right)"

    def _numpycode(self, printer: Any) -> str:
        return str(printer._print(self.rewrite(sp.Piecewise)))

    def _pythoncode(self, printer: Any) -> str:
        return str(printer._print(self.doit()))

    _scipycode = _numpycode
    _mpmathcode = _pythoncode


class Activation(Network):
    """An activation at every entry of a matrix; its ``args`` are the parameters.

    Parameters
    ----------
    *parameters : number or scalar expression
        What the function takes after x, such as a slope.
    """

    is_elementwise = True
    #: The scalar function.
    function: ClassVar[type[ActivationFunction]]
    #: The values of parameters that are left out.
    defaults: ClassVar[tuple[sp.Expr, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "function" in cls.__dict__:
            cls.function.layer = cls
            cls.torch, cls.onnx = cls.function.torch, cls.function.onnx

    def __new__(cls, *parameters: Any) -> Any:
        if len(parameters) > len(cls.defaults):
            raise TypeError(
                f"{cls.__name__} takes {len(cls.defaults)} parameters, and got {len(parameters)}"
            )
        given = [exact_number(p, f"a parameter of {cls.__name__}") for p in parameters]
        return sp.Basic.__new__(cls, *given, *cls.defaults[len(given) :])

    def scalar(self, t: sp.Expr) -> sp.Expr:
        """The function at one entry."""
        return self.function(t, *self.args)

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        return x.applyfunc(self.scalar) if isinstance(x, MatrixBase) else Apply(self, x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        if isinstance(x, MatrixBase):
            return x.applyfunc(lambda t: self.function.definition(t, *self.args))
        return Apply(self, x)

    @property
    def range(self) -> sp.Set:
        """All values that an entry of the result can have, or an interval around them."""
        return self.function.range

    @property
    def fixed(self) -> sp.Set:
        """A set on which the activation gives back what it gets."""
        return self.function.fixed

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def name_latex(self) -> str:
        return self.function.symbol

    @property
    def written_parameters(self) -> tuple[sp.Expr, ...]:
        return tuple(self.args)

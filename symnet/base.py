"""What every network is: a SymPy object that maps columns to columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar, Self

import sympy as sp
from sympy.core.basic import Basic
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase
from sympy.tensor.array.expressions.arrayexpr_derivatives import array_derive

from ._late import late
from .document import Typeset
from .errors import LayerError, ShapeError
from .exact.convert import exact_matrix, exact_number
from .exact.rational_matrix import RationalMatrix
from .exact.shapes import check_shapes, same_size


class Network(Basic):
    """A map from columns of ``in_features`` numbers to columns of ``out_features`` numbers.

    Layers and what is made of them are networks alike. A network is immutable, its ``args`` are
    SymPy objects, and calling it builds an expression without performing any step.
    """

    #: Whether entry i of the result depends on entry i of the input alone, in the same way.
    is_elementwise: ClassVar[bool] = False
    #: Whether f(c z) = c f(z) for all c >= 0.
    is_homogeneous: bool = False
    #: Whether it is an entrywise non-decreasing function; None where that is not known.
    is_monotone: bool | None = None
    #: The names that torch and ONNX use, where they have one.
    torch: ClassVar[str | None] = None
    onnx: ClassVar[str | None] = None
    #: What was changed on request where it was made, such as weights that were rounded. It is no
    #: part of the function: networks that differ in it are equal, and others made of it have none.
    remarks: tuple[str, ...] = ()

    # --- names

    @property
    def name(self) -> str:
        """What the map is called in plain text when it is applied: ``relu``, ``BatchNorm``."""
        return type(self).__name__

    @property
    def name_latex(self) -> str:
        """The same in LaTeX's math mode."""
        return rf"\operatorname{{{self.name}}}"

    @property
    def written_parameters(self) -> tuple[Any, ...]:
        """The parameters that are written behind the argument when the map is applied."""
        return ()

    @property
    def definition_line(self) -> Typeset | None:
        """How a Python function that it was made of is typeset, where it was made of one."""
        return None

    # --- sizes

    @property
    def in_features(self) -> sp.Expr | None:
        """The number of inputs, or None where any number will do."""
        return None

    def features(self, inputs: sp.Expr | None) -> sp.Expr | None:
        """The number of outputs for that many inputs; None where it is not known."""
        return inputs

    def inputs_for(self, outputs: sp.Expr) -> sp.Expr | None:
        """The number of inputs that gives so many outputs, where only one does."""
        return outputs if self.features(_PROBE) == _PROBE else None

    @property
    def out_features(self) -> sp.Expr | None:
        """The number of outputs, or None where it depends on that of the inputs."""
        return self.features(self.in_features)

    @property
    def input(self) -> sp.MatrixSymbol:
        """The input as a symbol: the column ``x``, or ``u``, ``v``, … if a weight has that name."""
        taken = {symbol.name for symbol in self.free_symbols}
        size = self.in_features
        if size is None:
            size = _fresh_size(taken)
        name = next(n for n in _names("x", "u", "v", "z") if n not in taken)
        return sp.MatrixSymbol(name, size, 1)

    # --- structure

    @property
    def children(self) -> tuple[Network, ...]:
        """The networks that this one is made of directly; none for a layer."""
        return tuple(arg for arg in self.args if isinstance(arg, Network))

    @property
    def layers(self) -> tuple[Network, ...]:
        """The layers, in the order in which they act."""
        return (self,)

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Network]:
        return iter(self.layers)

    def __bool__(self) -> bool:
        return True

    def leaves(self) -> Iterator[Network]:
        """All layers that hold no others, through every nesting, in reading order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    @property
    def own_parameters(self) -> dict[str, Any]:
        """The parameters of this layer alone, by role (``W``, ``b``)."""
        return {}

    @property
    def parameters(self) -> dict[str, Any]:
        """All parameters by name: ``W_1``, ``b_1``, …; numbers get the names symbols would."""
        return {name: value for _, _, name, value in self.named_parameters()}

    def named_parameters(self) -> list[tuple[int, str, str, Any]]:
        """Every parameter: the number of its leaf, its role, its name and its value."""
        pairs = [
            (place, role, value)
            for place, leaf in enumerate(self.leaves())
            for role, value in leaf.own_parameters.items()
        ]
        taken = {v.name for _, _, v in pairs if isinstance(v, sp.MatrixSymbol | sp.Symbol)}
        numbers = self._numbers_of_leaves()
        found = []
        for place, role, value in pairs:
            if isinstance(value, sp.MatrixSymbol | sp.Symbol):
                found.append((place, role, value.name, value))
                continue
            name = next(n for n in _names(f"{role}_{numbers[place]}") if n not in taken)
            taken.add(name)
            found.append((place, role, name, value))
        return found

    def _numbers_of_leaves(self) -> dict[int, int]:
        """For every leaf with parameters its number among those of its kind, W or gamma."""
        counts: Counter[str] = Counter()
        numbers = {}
        for place, leaf in enumerate(self.leaves()):
            first = next(iter(leaf.own_parameters), None)
            if first is not None:
                counts[first] += 1
                numbers[place] = counts[first]
        return numbers

    # --- action

    def __call__(self, x: Any) -> Any:
        """The value at ``x``: a matrix expression, explicit where ``x`` and the weights are.

        Parameters
        ----------
        x : (in_features, 1) column, or (in_features, m) for m columns at once
            A matrix expression, a SymPy matrix, a list, a NumPy array; a number for one input.
        """
        column = self._as_input(x)
        size = self.in_features
        if size is not None and not same_size(column.shape[0], size):
            raise ShapeError(
                f"{self} takes a column of {size} numbers, and the input "
                f"has shape {tuple(column.shape)}; give a matrix with {size} rows"
            )
        return self.forward(column)

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        """The expression for a column ``x`` whose size is right."""
        return Apply(self, x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        """The value at ``x`` in terms that SymPy knows; what the layer means."""
        raise NotImplementedError

    def plainer(self) -> Network | None:
        """The same map as a simpler layer, where a parameter makes it one."""
        return None

    def affine_parts(self, inputs: sp.Expr | None) -> tuple[MatrixExpr, MatrixExpr] | None:
        """(W, b) if the layer is x -> W x + b by its definition, else None."""
        return None

    def _as_input(self, x: Any) -> Any:
        if isinstance(x, RationalMatrix):
            return x.as_explicit()
        if isinstance(x, MatrixBase):
            return sp.ImmutableDenseMatrix(x)
        if isinstance(x, Basic) and getattr(x, "is_Matrix", False):
            check_shapes(x)
            return x
        if isinstance(x, Basic | int | float):
            return sp.ImmutableDenseMatrix([[exact_number(x, "the input")]])
        explicit = exact_matrix(x, "the input", column=True)
        return explicit.as_explicit()

    # --- what is offered here and lives above

    def simplify(self, **options: Any) -> Network:
        """The same function in simplest form: see :func:`symnet.simplify`."""
        result: Network = late("simplification", "simplify")(self, **options)
        return result

    def _eval_simplify(self, **kwargs: Any) -> Network:
        return self.simplify()

    @property
    def is_affine(self) -> bool | None:
        """Whether x -> W x + b for all values of the symbols; None if undecided."""
        answer: bool | None = late("affinity", "is_affine")(self)
        return answer

    @property
    def is_linear(self) -> bool | None:
        """Whether x -> W x for all values of the symbols; None if undecided."""
        answer: bool | None = late("affinity", "is_linear")(self)
        return answer

    def affine_witness(self) -> Any:
        """Points that show that the network is not affine, or None: see :mod:`symnet.affinity`."""
        return late("affinity", "affine_witness")(self)

    def linear_witness(self) -> Any:
        """Points that show that the network is not linear, or None: see :mod:`symnet.affinity`."""
        return late("affinity", "linear_witness")(self)

    def affine_map(self) -> tuple[Any, Any]:
        """(W, B) with net(x) = W x + B, or :class:`NotAffineError` with a witness."""
        parts: tuple[Any, Any] = late("affinity", "affine_map")(self)
        return parts

    def equals(self, other: Network, *, domain: Any = None, timeout: float | None = None) -> Any:
        """Whether two networks are the same function: see :func:`symnet.prove`."""
        return late("claims", "prove")(self, other, domain=domain, timeout=timeout)

    def tropical(self, **options: Any) -> Any:
        """The function as max(…) - max(…) of affine functions: see :func:`symnet.tropical`."""
        return late("regions.tropical", "tropical")(self, **options)

    def restrict(self, domain: Any) -> Network:
        """The network as a function of the coordinates u of a slice: see :mod:`symnet.trained`."""
        result: Network = late("trained._restricting", "restricted")(self, domain)
        return result

    def save(self, path: Any, **options: Any) -> Any:
        """Write the network to a file: see :func:`symnet.exporters.save`."""
        return late("exporters", "save")(self, path, **options)

    def to_onnx(self, path: Any, **options: Any) -> Any:
        """Write the network as ONNX: ``save`` with the suffix ``.onnx``."""
        return late("exporters", "save")(self, path, suffix=".onnx", **options)

    def to_numpy(self) -> Any:
        """The network as a function of float64 arrays: see :mod:`symnet.exporters`."""
        return late("exporters._to_numpy", "to_numpy")(self)

    def to_torch(self, **options: Any) -> Any:
        """The network as a torch module: see :func:`symnet.exporters._to_torch.to_torch`."""
        return late("exporters._to_torch", "to_torch")(self, **options)

    def to_keras(self, **options: Any) -> Any:
        """The network as a Keras model: see :func:`symnet.exporters._to_keras.to_keras`."""
        return late("exporters._to_keras", "to_keras")(self, **options)

    def summary(self) -> Any:
        """A table of the layers, their sizes and their numbers of parameters."""
        return late("summary", "summary")(self)

    # --- SymPy's and Jupyter's manners

    def doit(self, **hints: Any) -> Self:
        if not hints.get("deep", True):
            return self
        args = [a.doit(**hints) for a in self.args]
        return self if tuple(args) == self.args else self.func(*args)

    def as_explicit(self) -> Network:
        """The same network with weight matrices written out entry by entry; sizes are integers."""
        replaced = {}
        for symbol in self.atoms(sp.MatrixSymbol):
            if not all(size.is_Integer for size in symbol.shape):
                raise ShapeError(
                    f"{symbol} has shape {tuple(symbol.shape)}; give its sizes first, "
                    "for example net.subs({n: 3})"
                )
            replaced[symbol] = symbol.as_explicit()
        result: Network = self.xreplace(replaced)
        return result

    def _latex(self, printer: Any) -> str:
        # large weights are written by name, as in a derivation
        net = late("deriving", "with_short_names")(self)
        x = net.input
        return rf"{printer._print(x)} \mapsto {printer._print(net(x))}"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {sp.latex(self)}$"

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({', '.join(printer._print(a) for a in self.args)})"


class Apply(MatrixExpr):
    """A layer at a matrix expression, not carried out: ``ReLU()(W*x + b)``.

    ``doit()`` writes what the layer means; on an explicit matrix that is its value.
    """

    def __new__(cls, layer: Network, x: Any) -> Apply:
        if not isinstance(layer, Network):
            raise LayerError(f"Apply takes a layer, and {layer!r} was given")
        self: Apply = Basic.__new__(cls, layer, x)
        return self

    @property
    def layer(self) -> Network:
        layer: Network = self.args[0]
        return layer

    @property
    def argument(self) -> MatrixExpr:
        return self.args[1]

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        rows, cols = self.argument.shape
        return self.layer.features(rows), cols

    def doit(self, **hints: Any) -> Any:
        argument = self.argument.doit(**hints) if hints.get("deep", True) else self.argument
        if hints.get("deep", True) and not argument.free_symbols:
            # SymPy leaves b 1^T alone, for numbers too
            argument = sp.ImmutableDenseMatrix(argument.as_explicit())
        if isinstance(argument, MatrixBase) or not self.layer.is_elementwise:
            return self.layer.definition(argument)
        return self.func(self.layer, argument)

    def as_explicit(self) -> Any:
        return self.layer.definition(
            sp.ImmutableDenseMatrix(self.argument.as_explicit())
        ).as_explicit()

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        if self.layer.is_elementwise:
            return self.layer.scalar(self.argument[i, j])
        value = self.layer.definition(self.argument)
        return self.as_explicit()[i, j] if isinstance(value, Apply) else value[i, j]

    def _eval_simplify(self, **kwargs: Any) -> Any:
        return late("simplification", "simplify")(self)

    def _eval_derivative(self, symbol: Any) -> Any:
        if not self.has(symbol):
            return sp.ZeroMatrix(*self.shape)
        return sp.Derivative(self, symbol, evaluate=False)

    def _latex(self, printer: Any) -> str:
        return rf"{self.layer.name_latex}\left({printer._print(self.argument)}\right)"

    def _sympystr(self, printer: Any) -> str:
        inside = ", ".join(
            printer._print(a) for a in (self.argument, *self.layer.written_parameters)
        )
        return f"{self.layer.name}({inside})"

    def _numpycode(self, printer: Any) -> str:
        entry = sp.Dummy("t", real=True)
        if not self.layer.is_elementwise:
            return str(printer._print(self.layer.definition(self.argument)))
        body = printer._print(self.layer.scalar(entry))
        return f"(lambda {printer._print(entry)}: {body})({printer._print(self.argument)})"


_PROBE = sp.Dummy("size", integer=True, positive=True)


@array_derive.register(Apply)  # type: ignore[untyped-decorator]
def _(expr: Apply, x: Any) -> Any:
    raise NotImplementedError(
        f"SymPy's matrix derivative does not reach through {expr.layer.name}; use "
        "symnet.gradient, or differentiate entries: net.as_explicit()([...])[i, j].diff(...)"
    )


def _names(*first: str) -> Iterator[str]:
    yield from first
    yield from (f"{first[0]}_{k}" for k in range(1_000_000))


def _fresh_size(taken: set[str]) -> sp.Symbol:
    name = next(n for n in _names("n", "m") if n not in taken)
    return sp.Symbol(name, integer=True, positive=True)

"""A layer that gives back what it gets can go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp

from ..activations._identity import Identity
from ..activations._relu import ReLU
from ..base import Network
from ..exact.algebra import is_identity, is_zero
from ..layers._dropout import Dropout
from ..layers._flatten import Flatten
from ..layers._linear import Linear
from ..layers._select import Select
from ..layers._structured import Structured
from ._base import Rewriting, Rule

_ANY = sp.Dummy("n", integer=True, positive=True)


def _is_identity(layer: Network, size: sp.Expr | None) -> bool:
    if isinstance(layer, Structured):
        return not layer.has_bias and layer.sparse.is_unit
    parts = layer.affine_parts(_ANY if size is None else size)
    return parts is not None and is_identity(parts[0]) and is_zero(parts[1])


class IdentityLayer(Rule):
    """id(z) = z: identity, dropout at inference, flatten of a column, W = I without bias."""

    name = "identity"
    statement = "id(z) = z"
    condition = "by its definition the layer is z -> W z + b with W = I and b = 0"
    source = "definition; for dropout Srivastava et al., Dropout (2014), section 4"
    order = 10

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k, layer in enumerate(layers):
            if _is_identity(layer, sizes[k]):
                name = "multiplying by I" if layer.own_parameters else layer.name
                verb = "changes nothing" if layer.own_parameters else "is the identity"
                others = [*layers[:k], *layers[k + 1 :]]
                if layer.in_features is not None:
                    # the layer says how many inputs there are; another one has to say it too
                    if any(other.in_features is not None for other in others):
                        return Rewriting(k, k + 1, (), (f"{name} {verb}",))
                elif others:
                    return Rewriting(k, k + 1, (), (f"{name} {verb}",))
                elif not isinstance(layer, Identity):
                    return Rewriting(k, k + 1, (Identity(),), (f"{name} {verb}",))
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        n, m = sp.symbols("n m", integer=True, positive=True)
        for layer in (Identity(), Dropout(sp.Rational(1, 2)), Flatten(), Linear(sp.Identity(m))):
            yield [Linear(n, m).renamed("1"), layer]
        yield [Linear([[1, 0], [0, 1]]), ReLU(), Linear([[1, 2]])]
        yield [Select([0, 1], 2), ReLU(), Linear([[1, 2]])]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        m = sp.Symbol("m", integer=True, positive=True)
        yield [ReLU()]
        yield [Linear(sp.Identity(m), sp.MatrixSymbol("b", m, 1))]
        yield [Linear([[1, 0], [0, 2]])]
        yield [Select([1, 0], 2), ReLU(), Linear([[1, 2]])]
        yield [Linear([[1], [0]]), ReLU(), Linear([[1, 2]])]
        yield [Linear([[1, 0], [0, 1]]), ReLU()]

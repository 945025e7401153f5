"""The backward pass as chains of equalities, one for every value and every parameter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp

from ..base import Apply
from ..derivation import Derivation, Step
from ..document import Math, Words
from ..layers._linear import Linear
from ._algebra import hadamard, is_column, plus, times, transposed
from ._board import PartialDerivative
from ._differentiate import jacobian, pull
from ._ending import Ending
from ._slope import slope_at
from ._steps import CHAIN, ENTRYWISE, JACOBIAN, LOSS, PRODUCT, SUM, TRANSPOSE, StepRule
from ._tape import Assignment

Line = tuple[Any, Words, StepRule]


class BackwardPass:
    """The adjoints of the values of a tape, last to first.

    The adjoint of z_1 is the derivative of the number (L, or f) by z_1, called delta_1; those of
    activations have no names where one value alone needs them.

    Parameters
    ----------
    assignments : the values of the forward pass
    ending : what is derived, and its derivative by the last value
    taken : names that are used for something else
    """

    def __init__(self, assignments: Sequence[Assignment], ending: Ending, taken: set[str]) -> None:
        self.assignments, self.ending, self.taken = assignments, ending, taken
        self.values = {a.symbol: a for a in assignments}
        self.last = assignments[-1].symbol
        self.users: dict[Any, list[Assignment]] = {}
        for assignment in assignments:
            for symbol in sorted(assignment.value.atoms(sp.MatrixSymbol), key=str):
                self.users.setdefault(symbol, []).append(assignment)
        self.names: dict[Any, Any] = {}

    # --- names

    def has_name(self, symbol: Any) -> bool:
        """Whether the adjoint of a value gets a name of its own."""
        if symbol == self.last and (self.ending.is_trivial or self.ending.logits is not None):
            return False
        assignment = self.values[symbol]
        return not assignment.is_entrywise or len(self.users.get(symbol, ())) > 1

    def name(self, symbol: Any) -> Any:
        """The name of the adjoint of a value."""
        if symbol not in self.names:
            letter, _, number = symbol.name.partition("_")
            linear = self.values[symbol].is_linear
            small = "delta" if linear else "g"
            base = small if letter.islower() else small.capitalize()
            choices = (f"{base}_{number}", f"{base}_{letter}{number}", f"{base}_{letter}_{number}")
            free = next(n.rstrip("_") for n in choices if n.rstrip("_") not in self.taken)
            self.names[symbol] = sp.MatrixSymbol(free, *symbol.shape)
        return self.names[symbol]

    # --- the adjoint of a value, in three ways

    def pulled(self, symbol: Any) -> Any:
        """The sum over all users of a symbol, each pulled back."""
        shares = [
            pull(user.value, self._adjoint(user.symbol, self.pulled), [symbol])[symbol]
            for user in self.users.get(symbol, ())
        ]
        return plus(*shares) if shares else self.ending.derivative

    def _adjoint(self, symbol: Any, otherwise: Any) -> Any:
        return self.name(symbol) if self.has_name(symbol) else otherwise(symbol)

    def _by_chain_rule(self, symbol: Any) -> Any:
        """The same with Jacobians as names: (da/dz)^T (dz'/da)^T delta'."""
        if symbol == self.last:
            return PartialDerivative(self.ending.number, symbol)
        return plus(*(
            times(
                transposed(PartialDerivative(user.symbol, symbol)),
                self._adjoint(user.symbol, self._by_chain_rule),
            )
            for user in self.users[symbol]
        ))  # fmt: skip

    def _by_jacobians(self, symbol: Any) -> Any:
        """The same with the Jacobians written out."""
        if symbol == self.last:
            return self.ending.derivative
        return plus(*(
            times(
                transposed(jacobian(user.value, symbol)),
                self._adjoint(user.symbol, self._by_jacobians),
            )
            for user in self.users[symbol]
        ))  # fmt: skip

    # --- chains

    def chains(self, wanted: Sequence[Any]) -> Iterator[Derivation]:
        """One for every value on the way and every variable that is wanted, last to first."""
        needed = self._needed(wanted)
        for assignment in reversed(self.assignments):
            symbol = assignment.symbol
            if symbol in needed and self.has_name(symbol):
                yield self._chain(symbol, list(self._lines(symbol)), self.name(symbol))
            for variable in wanted:
                users = self.users.get(variable, ())
                if users and users[0] == assignment:
                    yield self._chain(variable, [self._last_line(variable)])

    def _needed(self, wanted: Sequence[Any]) -> set[Any]:
        """The values whose adjoints the wanted variables need."""
        needed: set[Any] = set()
        waiting = [user.symbol for variable in wanted for user in self.users.get(variable, ())]
        while waiting:
            symbol = waiting.pop()
            if symbol not in needed:
                needed.add(symbol)
                waiting += [user.symbol for user in self.users.get(symbol, ())]
        return needed

    def _chain(self, symbol: Any, lines: Sequence[Line], name: Any = None) -> Derivation:
        start = PartialDerivative(self.ending.number, symbol)
        steps: list[Step] = []
        current = start
        for line, reason, rule in lines:
            expr = self._in_names(line)
            if expr != current:
                steps.append(Step(current, expr, reason, rule))
                current = expr
        return Derivation(start, tuple(steps), name)

    def _in_names(self, expr: Any) -> Any:
        """Values that were computed going forward by their names: p for softmax(z)."""
        names = {a.value: a.symbol for a in self.assignments}
        own = {value: name for value, name in names.items() if isinstance(value, Apply)}
        turned = {
            value.arg: transposed(name)
            for value, name in names.items()
            if isinstance(value, sp.Transpose) and isinstance(value.arg, Apply)
        }
        return expr.xreplace(own | turned)

    def _lines(self, symbol: Any) -> Iterator[Line]:
        """The lines for a value."""
        if symbol == self.last:
            yield self.ending.derivative, self.ending.reason, LOSS
            return
        single = is_column(symbol)
        if single:
            yield self._by_chain_rule(symbol), ("chain rule",), CHAIN
            yield self._by_jacobians(symbol), self._jacobians_in_words(symbol), JACOBIAN
        else:
            stated = self._entry_by_entry(symbol)
            if stated is not None:
                yield stated, ("chain rule, entry by entry",), CHAIN
        users = self.users[symbol]
        if self.ending.logits is not None and users[-1].symbol == self.last:
            yield from self.ending.simplified(symbol, self.pulled(symbol))
        elif single:
            yield self.pulled(symbol), ("entry by entry",), ENTRYWISE
        else:
            yield self.pulled(symbol), ("transposed product",), TRANSPOSE

    def _entry_by_entry(self, symbol: Any) -> Any:
        """f'(Z) ∘ dL/dA, where Z is used by one activation alone."""
        users = self.users[symbol]
        if len(users) != 1 or not users[0].is_entrywise or self.has_name(users[0].symbol):
            return None
        (user,) = users
        assert user.layer is not None
        by_value = PartialDerivative(self.ending.number, user.symbol)
        return hadamard(slope_at(user.layer, symbol), by_value)

    def _jacobians_in_words(self, symbol: Any) -> Words:
        """Whose Jacobians stand on the way to the next names: those of a_1 and z_2."""
        found: dict[Any, None] = {}
        waiting = [symbol]
        while waiting:
            for user in self.users.get(waiting.pop(0), ()):
                found[user.symbol] = None
                if not self.has_name(user.symbol):
                    waiting.append(user.symbol)
        words: list[Any] = ["Jacobian", "s" if len(found) > 1 else "", " of "]
        for k, value in enumerate(found):
            words += ["" if k == 0 else " and " if k == len(found) - 1 else ", ", Math(value)]
        if self.last in found and not self.has_name(self.last) and not self.ending.is_trivial:
            words += [", ", *self.ending.reason]
        return tuple(w for w in words if w != "")

    def _last_line(self, variable: Any) -> Line:
        """The line for a parameter or the input."""
        users, total = self.users[variable], self.pulled(variable)
        if total == sp.Identity(1):
            total = sp.OneMatrix(1, 1)  # which is written 1
        if len(users) > 1:
            return total, ("sum over the places of ", Math(variable)), SUM
        value = users[0].value
        if variable.name[:1] in "xX":
            return total, ("transposed product",), TRANSPOSE
        if isinstance(users[0].layer, Linear) and is_column(variable):
            every = " in every example: sum over the batch" if value.has(sp.OneMatrix) else ""
            return total, (Math(variable), " is added", every), PRODUCT
        return total, ("product rule in ", Math(users[0].symbol)), PRODUCT

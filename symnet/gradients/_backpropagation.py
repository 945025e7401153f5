"""The backward pass of a network, step by step as it is taught."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from ..base import Network
from ..derivation import Derivation, Step
from ..document import Block, Chain, Chains, Document, Link, Math, Prose, Words
from ..errors import GradientError
from ..render import plain
from ..shown import Shown
from ..simplification import flattened, joined
from ..verdict import Proved, Refuted, Undecided, Verdict
from ._backward import BackwardPass
from ._board import PartialDerivative
from ._checking import Meaning, check_line
from ._ending import ending_of
from ._gradient import chosen
from ._jacobian_chain import jacobian_chain
from ._recursion import recursion, regular_activation
from ._setting import Setting
from ._slope import conventions
from ._tape import Tape


@dataclass(frozen=True)
class Backpropagation(Shown):
    """The forward pass with names, and a chain of equalities for every derivative.

    Iterating gives the chains, each a :class:`Derivation`; ``check`` proves all their lines again.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear(3, 4), sn.Tanh(), sn.Linear(4, 2))
    >>> d = sn.derive(net, gradient="W_1", loss=sn.SquaredErrorLoss())
    >>> [chain.end for chain in d]
    [-y + z_2, HadamardProduct(tanh'(z_1), W_2.T*delta_2), delta_1*x.T]
    >>> bool(d.check())
    True

    Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors,
    1986.
    """

    meaning: Meaning
    chains: tuple[Derivation, ...]
    opening: tuple[Block, ...] = ()
    #: The numbers that parameters stand for.
    given: Mapping[Any, Any] = field(default_factory=dict)
    title: str = ""

    def __len__(self) -> int:
        return len(self.chains)

    def __iter__(self) -> Iterator[Derivation]:
        return iter(self.chains)

    def __getitem__(self, k: int) -> Derivation:
        return self.chains[k]

    @property
    def gradients(self) -> dict[str, Any]:
        """The derivative by every parameter that was asked for, in the names of the passes."""
        values = {a.symbol for a in self.meaning.assignments}
        return {
            chain.start.variable.name: chain.end
            for chain in self.chains
            if chain.start.variable not in values
        }

    def check(self) -> Verdict:
        """Prove every line again, by routes that share nothing with the rules.

        Returns
        -------
        Proved, or Refuted or Undecided for the first line that is not proved
        """
        methods: dict[str, None] = {}
        count = 0
        for chain in self.chains:
            for step in chain:
                verdict = self.check_step(chain, step)
                if isinstance(verdict, Refuted):
                    return replace(verdict, detail=f"{_where(chain, step)} is false")
                if isinstance(verdict, Undecided):
                    return replace(verdict, reason=f"{_where(chain, step)}: {verdict.reason}")
                assert isinstance(verdict, Proved)
                methods[verdict.method] = None
                count += 1
        return Proved("; ".join(methods) or "nothing to prove", f"{count} steps")

    def check_step(self, chain: Derivation, step: Step) -> Verdict:
        """The verdict on one line of a chain."""
        line = step.after.xreplace(chain.definitions)
        return check_line(line, chain.start.variable, self.meaning)

    def document(self, label: str | None = None) -> Document:
        blocks: list[Block] = [*self.opening, Prose(("Forward pass:",)), self._forward()]
        blocks.append(Prose(self._heading()))
        groups = self._groups()
        shown = [Chains(tuple(group), label if k == 0 else None) for k, group in enumerate(groups)]
        activation = regular_activation(self.meaning.assignments)
        if activation is not None and len(groups) > 1:
            left_out = len(groups) > MOST
            general = (
                Prose((
                    "In general, for every layer ", Math(sp.Symbol("l")),
                    " before the last, where the activation before the first layer is the input:",
                )),
                recursion(activation, self.meaning.number, self.meaning.batch),
            )  # fmt: skip
            if left_out:
                last = Prose(("and at the end",))
                blocks += [*shown[:2], *general, last, shown[-1]]
            else:
                blocks += [*shown, *general]
        else:
            blocks += shown
        return Document((*blocks, *self._closing()), title=self.title)

    def _forward(self) -> Chains:
        chains = [Chain(a.symbol, (Link(a.value),)) for a in self.meaning.assignments]
        if not self.meaning.is_column:
            chains.append(Chain(self.meaning.number, (Link(self.meaning.formula),)))
        return Chains(tuple(chains))

    def _heading(self) -> Words:
        if self.meaning.is_column:
            return ("Jacobian:",)
        words: list[Any] = ["Backward pass"]
        names = list(self.meaning.adjoints.items())
        if names:
            name, value = names[0]
            by_value = PartialDerivative(self.meaning.number, value)
            words += [", with ", Math(name), " for ", Math(by_value)]
            words += [" and so on"] if len(names) > 1 else []
        return (*words, ":")

    def _groups(self) -> list[list[Chain]]:
        """The chains, those for the parameters of a layer together with that for its value."""
        groups: list[list[Chain]] = [[]]
        for chain in self.chains:
            links = [Link(step.after, step.reason) for step in chain]
            start = chain.start
            if chain.name is not None:
                links.insert(0, Link(chain.start))
                start = chain.name
                groups += [[]] if groups[-1] else []
            groups[-1].append(Chain(start, tuple(links)))
        return groups

    def _closing(self) -> Iterator[Block]:
        definitions = {k: v for chain in self.chains for k, v in chain.definitions.items()}
        if definitions:
            yield Prose(("where",))
            yield Chains(tuple(Chain(k, (Link(v),)) for k, v in definitions.items()))
        said = sorted({c for chain in self.chains for step in chain for c in
                       conventions(step.after)})  # fmt: skip
        if self.meaning.loss is not None and self.meaning.loss.convention:
            said.append(self.meaning.loss.convention)
        if said:
            yield Prose(
                (f"At kinks the derivatives are those of the frameworks: {', '.join(said)}.",)
            )
        if self.given:
            yield Prose(("The weights are",))
            yield Chains(tuple(Chain(k, (Link(v),)) for k, v in self.given.items()))


def _where(chain: Derivation, step: Step) -> str:
    """A line in words."""
    return f"{chain.start} = {step.after} ({plain(step.reason)})"


#: With more layers than this, those between are left out.
MOST = 4


# --- making one


def backpropagation(setting: Setting, wrt: Any, opening: tuple[Block, ...]) -> Backpropagation:
    """The backward pass of a setting."""
    names, _ = chosen(setting, wrt)
    wanted = [setting.variables[name] for name in names]
    taken = {s.name for s in setting.output.free_symbols} | set(setting.variables)
    if setting.target is not None:
        taken |= {s.name for s in setting.target.free_symbols}
    tape = Tape(taken, setting.batch)
    end = tape.record(_without_link(setting), setting.input)
    given = {k: v for k, v in setting.given.items() if setting.output.has(k)}
    if not setting.is_scalar:
        if wanted != [setting.input]:
            raise GradientError(
                f"the network has {setting.output.shape[0]} outputs; derive its Jacobian by the "
                "input: gradient='x', or give a loss"
            )
        chain = jacobian_chain(tape.assignments, setting.input, taken)
        meaning = Meaning(end, end, tuple(tape.assignments), {})
        return Backpropagation(meaning, (chain,), opening, given)
    ending = ending_of(setting, tape, end)
    passed = BackwardPass(tape.assignments, ending, taken)
    chains = tuple(passed.chains(wanted))
    meaning = Meaning(
        ending.number,
        ending.formula,
        tuple(tape.assignments),
        {name: value for value, name in passed.names.items()},
        ending.loss,
        setting.target,
        setting.batch,
    )
    return Backpropagation(meaning, chains, opening, given)


def _without_link(setting: Setting) -> Network:
    """The network without the layer that went into the loss."""
    assert setting.net is not None
    net = flattened(setting.net)
    return joined(net.layers[:-1]) if setting.linked else net

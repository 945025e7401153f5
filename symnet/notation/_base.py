"""What a notation is: the order of products and sums, and the letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ._names import Name


class Notation:
    """A way to write the same mathematics; a member states facts and changes what differs.

    ``arrange`` takes a SymPy expression to the SymPy expression that is written instead, ``spell``
    a name to another name. Nothing that is written may confuse two symbols: where two would look
    alike, the letters keep their own names (:class:`Naming`).
    """

    #: The name by which a user asks for it.
    name: ClassVar[str]
    #: How one layer looks, in a line.
    description: ClassVar[str]
    #: Who writes like this.
    source: ClassVar[str]
    #: Letters of matrices and vectors that are written with another letter.
    letters: ClassVar[dict[str, str]] = {}

    def arrange(self, expr: Any) -> Any:
        """The expression that is written for ``expr``."""
        return expr

    def spell(self, name: Name, matrix: bool) -> Name | None:
        """The name that is written, None where there is none; ``matrix``: or is it a vector."""
        if matrix and not name.odd and name.letter in self.letters:
            return name.with_letter(self.letters[name.letter])
        return name


@dataclass
class Naming:
    """How the symbols of one document are written in one notation, no two alike.

    A letter whose new name is taken keeps its own; of two names that differ but look alike
    (``W1`` and ``W_1``) one is written as it stands.
    """

    notation: Notation
    bold: bool = False
    unicode: bool = False
    _written: dict[tuple[str, bool], Name] = field(default_factory=dict)

    def learn(self, symbols: Iterable[tuple[str, bool]]) -> None:
        """Settle the names of a document's symbols, given as (name, is it a matrix)."""
        read = {key: Name.read(key[0]) for key in sorted(set(symbols))}
        for keys in _groups(read):
            exact = min(keys, key=lambda key: (read[key].text() != key[0], key))
            read |= {key: Name.literal(key[0]) for key in keys if key[0] != exact[0]}
        kept: set[str] = set()
        while True:
            spelled = {key: self._spell(name, key[1], kept) for key, name in read.items()}
            alike = [key for keys in _groups(spelled) for key in keys]
            if None in spelled.values():
                kept |= set(self.notation.letters)
                continue
            letters = {read[key].letter for key in alike} - kept
            letters = {
                c
                for c in letters
                if any(spelled[key] != name for key, name in read.items() if name.letter == c)
            }
            if not letters:
                break
            kept.add(self._least(letters))
        self._written = {key: name or read[key] for key, name in spelled.items()}

    def _spell(self, name: Name, matrix: bool, kept: set[str]) -> Name | None:
        return name if name.letter in kept else self.notation.spell(name, matrix)

    def _least(self, letters: set[str]) -> str:
        order = list(self.notation.letters)
        return max(letters, key=lambda c: (order.index(c) if c in order else len(order), c))

    def of(self, name: str, matrix: bool) -> Name:
        """What is written for a symbol."""
        found = self._written.get((name, matrix))
        if found is None:
            read = Name.read(name)
            found = self._spell(read, matrix, set()) or read
        return found

    def latex(self, name: str, matrix: bool, exponent: str = "") -> str:
        bold = self.bold and matrix
        return self.of(name, matrix).latex(exponent=exponent, bold=bold, unicode=self.unicode)

    def text(self, name: str, matrix: bool) -> str:
        return self.of(name, matrix).text()


def _groups(names: Mapping[tuple[str, bool], Name | None]) -> list[list[tuple[str, bool]]]:
    """The keys of different names that are written alike."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    for key, name in names.items():
        if name is not None:
            groups.setdefault(name.latex(), []).append(key)
    return [keys for keys in groups.values() if len({name for name, _ in keys}) > 1]

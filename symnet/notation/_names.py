"""Names of symbols: what ``W_1`` and ``weights_out`` are made of, and how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ._characters import DIVIDE, GREEK_NAMES, MATH, text_in_math

#: A name that is longer is odd; it may be divided after so many letters.
_LONGEST, _PART = 30, 12

_PATTERN = re.compile(
    r"\\?(?P<letter>[^\W\d_]+?)(?P<digits>\d+)?"
    r"(?P<subscripts>(?:_(?:\{[A-Za-z0-9,]+\}|\{[a-z][+-]1\}|[A-Za-z0-9]+))*)(?P<primes>'*)"
)


@dataclass(frozen=True)
class Name:
    """A name in its parts: W with index 1, and the layer above in W^{[1]}.

    An ``odd`` name is no letter with indices; it is written as it stands.
    """

    letter: str
    indices: tuple[str, ...] = ()
    primes: int = 0
    layer: str = ""
    odd: bool = False

    @classmethod
    def read(cls, name: str) -> Name:
        """The parts of a name.

        >>> Name.read("W_1")
        Name(letter='W', indices=('1',), primes=0, layer='', odd=False)
        >>> Name.read("x^2").odd
        True
        """
        match = _PATTERN.fullmatch(name)
        if match is None or not _known(match["letter"]) or len(name) > _LONGEST:
            return cls.literal(name)
        subscripts = re.findall(r"[A-Za-z0-9+-]+", match["subscripts"])
        if len(subscripts) > 2:
            return cls.literal(name)
        digits = [match["digits"]] if match["digits"] else []
        return cls(match["letter"], tuple(digits + subscripts), len(match["primes"]))

    @classmethod
    def literal(cls, name: str) -> Name:
        """The name as it stands, letter for letter."""
        return cls(name, odd=True)

    @property
    def number(self) -> int | None:
        """The index where there is exactly one, and it is a number."""
        if len(self.indices) == 1 and self.indices[0].isdigit():
            return int(self.indices[0])
        return None

    @property
    def of_layer(self) -> str | None:
        """The layer that the one index counts: a number, or l, l+1, l-1 for any layer."""
        index = self.indices[0] if len(self.indices) == 1 else ""
        return index if index.isdigit() or re.fullmatch(r"l([+-]1)?", index) else None

    def with_letter(self, letter: str) -> Name:
        return replace(self, letter=letter)

    def latex(self, *, exponent: str = "", bold: bool = False, unicode: bool = False) -> str:
        r"""The name in math mode, with what stands above it.

        >>> Name.read("gamma_12").latex(exponent=r"\top")
        '\\gamma_{12}^{\\top}'
        """
        base = self._base_latex(bold, unicode)
        below = ",".join(_index_latex(i) for i in self.indices)
        layer = f"[{self.layer}]" if self.layer else ""
        above = r"\prime" * self.primes + layer + exponent
        if self.primes and not layer and not exponent:
            return base + (f"_{{{below}}}" if below else "") + "'" * self.primes
        return base + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")

    def _base_latex(self, bold: bool, unicode: bool) -> str:
        if self.odd:
            command = r"\textbf" if bold else r"\text"
            step = _PART if len(self.letter) > _LONGEST else _LONGEST
            parts = [self.letter[k : k + step] for k in range(0, len(self.letter), step)]
            shown = [text_in_math(p, unicode=unicode, command=command) for p in parts or [""]]
            whole = DIVIDE.join(shown)
            mixed = unicode and any(c in MATH for c in self.letter)
            return f"{{{whole}}}" if mixed else whole
        letter = _letter_latex(self.letter)
        if not bold:
            return letter if len(self.letter) == 1 or letter[0] == "\\" else rf"\mathrm{{{letter}}}"
        return rf"\boldsymbol{{{letter}}}" if letter[0] == "\\" else rf"\mathbf{{{letter}}}"

    def text(self) -> str:
        """The name in plain text."""
        index = ",".join(self.indices)
        below = f"_({index})" if "+" in index or "-" in index else f"_{index}" if index else ""
        layer = f"[{self.layer}]" if self.layer else ""
        return self.letter + layer + below + "'" * self.primes


def _known(letter: str) -> bool:
    return letter.isascii() or (len(letter) == 1 and letter in MATH)


def _letter_latex(letter: str) -> str:
    return GREEK_NAMES.get(letter) or MATH.get(letter, letter)


def _index_latex(index: str) -> str:
    if index in GREEK_NAMES:
        return GREEK_NAMES[index]
    plain = len(index) == 1 or index.isdigit() or index[1] in "+-"
    return index if plain else rf"\mathrm{{{index}}}"

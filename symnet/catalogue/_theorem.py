"""What a theorem file says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

from ..base import Network
from ..claims import Claim
from ..claims.properties import Property
from ..derivation import Derivation
from ..deriving import derive
from ..errors import SymnetError
from ..verdict import Proved, Refuted, Verdict

#: The folder, inside a folder of theorem files, of claims that are false.
REFUTED = "refuted"


class TheoremError(SymnetError, ValueError):
    """A theorem file that lacks something."""


@dataclass(frozen=True)
class Theorem:
    """What a theorem file says.

    The file is a Python module: the first line of its docstring is the statement, ``Why:``,
    ``Conditions:`` and ``Source:`` begin further paragraphs, and LaTeX stands between dollars.
    ``claim`` is the claim. Optionally ``derivation`` is a derivation to show instead of the one
    that symnet finds.
    """

    path: Path
    module: ModuleType

    @property
    def name(self) -> str:
        """The name of the file, which is the theorem's conclusion."""
        return self.path.stem

    @property
    def is_refuted(self) -> bool:
        """Whether the file claims something false on purpose: it stands in ``refuted/``."""
        return self.path.parent.name == REFUTED

    @property
    def statement(self) -> str:
        return _paragraphs(self.module)[0]

    def part(self, head: str) -> str:
        """The paragraph of the docstring that begins with ``head:``; empty if there is none."""
        for paragraph in _paragraphs(self.module)[1:]:
            if paragraph.startswith(f"{head}:"):
                return paragraph.removeprefix(f"{head}:").strip()
        return ""

    @property
    def claim(self) -> Claim | Property:
        claim: Claim | Property = self.module.claim
        return claim

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict on the claim."""
        return self.claim.prove()

    @cached_property
    def derivation(self) -> Derivation | None:
        """The derivation that shows the claim, where it is true and there is one."""
        given: Derivation | None = getattr(self.module, "derivation", None)
        claim = self.claim
        if given is None and _is_of_networks(claim) and self.verdict:
            return derive(claim.lhs, to=claim.rhs)
        return given

    @cached_property
    def problem(self) -> str:
        """What is wrong with the file's claim or derivation; empty if nothing is."""
        if self.is_refuted:
            return "" if isinstance(self.verdict, Refuted) else f"not refuted: {self.verdict}"
        if not isinstance(self.verdict, Proved):
            return str(self.verdict)
        checked = self.derivation.check() if self.derivation is not None else Proved("")
        return "" if checked else f"the derivation fails: {checked}"


def _paragraphs(module: ModuleType) -> list[str]:
    text = (module.__doc__ or "").strip()
    return [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text)]


def _is_of_networks(claim: Claim | Property) -> TypeGuard[Claim]:
    """Whether it says that two networks are equal, wherever they are."""
    return (
        isinstance(claim, Claim)
        and isinstance(claim.lhs, Network)
        and (claim.relation, claim.where, claim.domain) == ("=", True, None)
    )

"""What a theorem file says, and what is found out about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

from ..base import Network
from ..claims import Claim
from ..claims.properties import Property
from ..derivation import Derivation
from ..deriving import derive
from ..errors import TheoremError
from ..verdict import Proved, Refuted, Undecided, Verdict
from ._files import expected_verdict, paragraphs
from ._finding import Finding
from ._running import run
from ._verdicts import decoded


@dataclass(frozen=True)
class Theorem:
    """What a theorem file says.

    The file is a Python module: the first line of its docstring is the statement, ``Why:``,
    ``Conditions:`` and ``Source:`` begin further paragraphs, and LaTeX stands between dollars.
    ``claim`` is the claim. Optionally ``derivation`` is a derivation to show instead of the one
    that symnet finds. The file is run when the claim is asked for.

    Parameters
    ----------
    path : Path
    finding : Finding, optional
        What was found out about the claim; used where file and claim are those of the finding.
    """

    path: Path
    finding: Finding | None = None

    @property
    def name(self) -> str:
        """The name of the file, which is the theorem's conclusion."""
        return self.path.stem

    @property
    def expected(self) -> str:
        """The verdict that its folder says: proved, refuted or undecided."""
        return expected_verdict(self.path)

    @property
    def is_refuted(self) -> bool:
        """Whether the file claims something false on purpose: it stands in ``refuted/``."""
        return self.expected == "refuted"

    @property
    def is_open(self) -> bool:
        """Whether the file claims something that symnet cannot decide yet: it is in ``open/``."""
        return self.expected == "undecided"

    @cached_property
    def source(self) -> bytes:
        """What stands in the file."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise TheoremError(f"{self.path} cannot be read: {error.strerror}") from error

    @cached_property
    def digest(self) -> str:
        """The digest of the file."""
        return sha256(self.source).hexdigest()

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the docstring."""
        return paragraphs(self.path, self.source)

    @property
    def statement(self) -> str:
        return self.paragraphs[0]

    def part(self, head: str) -> str:
        """The paragraph of the docstring that begins with ``head:``; empty if there is none."""
        for paragraph in self.paragraphs[1:]:
            if paragraph.startswith(f"{head}:"):
                return paragraph.removeprefix(f"{head}:").strip()
        return ""

    @cached_property
    def module(self) -> ModuleType:
        """The file, run."""
        return run(self.path, self.source)

    @cached_property
    def claim(self) -> Claim | Property:
        claim = getattr(self.module, "claim", None)
        if not isinstance(claim, Claim | Property):
            raise TheoremError(
                f"{self.path} has no claim; write claim = symnet.Claim(lhs, rhs), or a property "
                "such as claim = symnet.convex(f)"
            )
        return claim

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict on the claim."""
        known = self._known
        if known is not None and known.exact is not None:
            return decoded(known.exact, self.claim)
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
    def checked(self) -> Verdict | None:
        """The verdict on the derivation; None where there is none."""
        known = self._known
        if known is not None and known.derivation is not None:
            return Proved(**known.derivation)
        return None if self.derivation is None else self.derivation.check()

    @cached_property
    def problem(self) -> str:
        """What is wrong with the file's claim or derivation; empty if nothing is."""
        verdict = self.verdict
        if self.is_refuted:
            return "" if isinstance(verdict, Refuted) else f"not refuted: {verdict}"
        if self.is_open:
            return "" if isinstance(verdict, Undecided) else f"no longer open: {verdict}"
        if not isinstance(verdict, Proved):
            return str(verdict)
        checked = self.checked
        return "" if checked is None or checked else f"the derivation fails: {checked}"

    @cached_property
    def _known(self) -> Finding | None:
        """The finding, where it is one about this very claim."""
        found = self.finding
        if found is None or (found.source, found.claim) != (self.digest, str(self.claim)):
            return None
        return found


def _is_of_networks(claim: Claim | Property) -> TypeGuard[Claim]:
    """Whether it says that two networks are equal, wherever they are."""
    return (
        isinstance(claim, Claim)
        and isinstance(claim.lhs, Network)
        and (claim.relation, claim.where, claim.domain) == ("=", True, None)
    )

"""What was found out about a theorem, in simple types, for a file or another process."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

#: The verdict on a file that is no theorem.
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Finding:
    """The verdict on the claim of a theorem file, and on its derivation."""

    #: The digest of the file.
    source: str
    #: proved, refuted, undecided; or unreadable, where ``text`` says why.
    verdict: str
    #: The verdict in words.
    text: str
    #: What is wrong with the claim, its folder or its derivation; empty if nothing is.
    problem: str
    seconds: float = 0.0
    #: The claim, and what ``symnet prove --json`` says of it.
    claim: str = ""
    record: dict[str, Any] = field(default_factory=dict)
    #: The verdicts on the claim and on its derivation, exactly; None if they cannot be written.
    exact: dict[str, Any] | None = None
    derivation: dict[str, Any] | None = None
    #: The other files that were opened on the way, with their digests.
    files: dict[str, str] = field(default_factory=dict)
    #: Whether it was found earlier, and nothing that it depends on has changed.
    remembered: bool = False

    @property
    def is_lasting(self) -> bool:
        """Whether the next run may rely on it."""
        return self.exact is not None and not self.problem.startswith("the derivation")

    def as_dict(self) -> dict[str, Any]:
        """All but whether it is remembered, as JSON has it."""
        return {k: v for k, v in asdict(self).items() if k != "remembered"}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """A finding that was kept.

        Raises
        ------
        TypeError, ValueError
            If it is none.
        """
        kinds: dict[str, Any] = {"seconds": float, "record": dict, "exact": dict, "files": dict}
        kinds["derivation"] = dict | None
        names = {slot.name for slot in fields(cls)} - {"remembered"}
        if set(data) != names:
            raise ValueError("it does not have the parts of a finding")
        for name in names:
            if not isinstance(data[name], kinds.get(name, str)):
                raise TypeError(f"its {name} is a {type(data[name]).__name__}")
        return cls(**data, remembered=True)

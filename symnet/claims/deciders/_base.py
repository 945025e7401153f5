"""What a procedure is: it decides claims of some kind, and says which and whether all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from ...verdict import Verdict
from .._question import Question


class Decider(ABC):
    """A procedure for claims.

    A member states its facts and gives examples with near misses; the suite runs every procedure
    on the examples of all, and no two may contradict each other or exact evaluation.
    """

    #: What it is called on a proof.
    name: ClassVar[str]
    #: The claims that it decides, in words.
    decides: ClassVar[str]
    #: On which of them it always has an answer; "" where it may fail on any.
    complete: ClassVar[str] = ""
    #: Where the method is from.
    source: ClassVar[str]
    #: Procedures with a smaller number are tried first.
    order: ClassVar[int] = 50

    @abstractmethod
    def decide(self, question: Question) -> Verdict | None:
        """The verdict; Undecided where it should have one, None where this is not for it.

        A refutation is at a point where exact evaluation confirms it.
        """

    @abstractmethod
    def examples(self) -> Iterable[Any]:
        """Claims that it proves."""

    @abstractmethod
    def near_misses(self) -> Iterable[Any]:
        """Claims that look alike and are false."""

"""What a differentiation rule for a layer that is not entrywise is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from ...base import Network


class LayerRule(ABC):
    """How a layer at a matrix Z is differentiated; the columns of Z are independent.

    ``pull`` and ``push`` are for any number of columns, ``jacobian`` for one.
    """

    #: The layer that it differentiates.
    layer: ClassVar[type[Network]]
    #: The Jacobian, in words or plain formulas.
    statement: ClassVar[str]
    source: ClassVar[str]

    def covers(self, layer: Network) -> bool:
        """Whether the rule is for this layer with these parameters."""
        return True

    @abstractmethod
    def jacobian(self, layer: Any, z: Any) -> Any:
        """J with dy = J dz, for one column."""

    @abstractmethod
    def push(self, layer: Any, z: Any, dz: Any) -> Any:
        """dY for dZ."""

    @abstractmethod
    def pull(self, layer: Any, z: Any, adjoint: Any) -> Any:
        """The adjoint of Z for that of Y."""

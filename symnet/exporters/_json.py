"""JSON, symnet's own format: exact, with rational numbers, and readable."""

from __future__ import annotations

from pathlib import Path

from ..base import Network
from ..files import write_atomically
from ._base import Exported, Exporter
from ._skeleton import skeleton_of


class Json(Exporter):
    """Every network of symnet's own layers, with its symbols and its rational numbers.

    Source: :mod:`symnet.importers._skeleton`.
    """

    name = "JSON"
    suffixes = (".json",)
    options = ()

    def __init__(self, net: Network) -> None:
        self.net = net

    def write(self, path: Path) -> Exported:
        return Exported(write_atomically(path, skeleton_of(self.net)), None)

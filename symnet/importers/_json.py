"""JSON, symnet's own format: exact, with rational numbers, and readable."""

from __future__ import annotations

from ..sequential import Sequential
from ._base import Importer
from ._skeleton import network_of_skeleton


class Json(Importer):
    """A network that ``net.save("net.json")`` has written: layers by name, and their numbers.

    Source: the page of the documentation on models, and :mod:`symnet.importers._skeleton`.
    """

    name = "JSON"
    suffixes = (".json",)
    options = ()

    def read(self) -> Sequential:
        try:
            text = self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise self.error("this is not JSON, which is text") from None
        return network_of_skeleton(text, {}, self.error)

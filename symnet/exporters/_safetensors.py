"""safetensors: tensors by name, without code."""

from __future__ import annotations

from pathlib import Path

from ..files import write_atomically
from ..importers._skeleton import KEY
from ._base import Exported, Exporter
from ._tensors import tensors_of


class Safetensors(Exporter):
    """The weights as tensors of floats, and a description of the network among the metadata.

    Source: https://github.com/huggingface/safetensors, README.
    """

    name = "safetensors"
    suffixes = (".safetensors",)

    def write(self, path: Path) -> Exported:
        try:
            from safetensors.numpy import save
        except ImportError as error:
            raise ImportError(
                "writing safetensors needs the package safetensors: symnet[safetensors]"
            ) from error
        text, tensors = tensors_of(self)
        return self.rounding.exported(write_atomically(path, save(tensors, {KEY: text})))

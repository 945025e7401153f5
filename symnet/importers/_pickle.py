"""Pickles, and what holds them: files that run code when they are read, so they are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from ._base import Importer
from ._weights import OPTIONS

_WAYS = {
    "torch": (
        "in torch, safetensors.torch.save_file(module.state_dict(), 'model.safetensors') saves the "
        "weights and torch.onnx.export the network; or sn.from_torch(module)"
    ),
    "sklearn": "load it yourself if you trust it, and use sn.from_sklearn(estimator)",
    "keras": "in Keras, model.save('model.keras') writes a format that is read; or "
    "sn.from_keras(model)",
}


class Pickle(Importer):
    """Refused: what a pickle does when it is read is up to who made it.

    Source: https://docs.python.org/3/library/pickle.html, the warning at its beginning.
    """

    name = "pickle"
    suffixes = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle", ".joblib", ".h5", ".hdf5")
    magic = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
    options = OPTIONS

    def __init__(self, path: Path, **given: Any) -> None:
        super().__init__(path)

    def read(self) -> NoReturn:
        suffix = self.path.suffix.lower()
        if suffix in (".h5", ".hdf5"):
            raise self.error(
                f"HDF5 files may hold code of layers and are not read; {_WAYS['keras']}"
            )
        which = "sklearn" if suffix in (".pkl", ".pickle", ".joblib") else "torch"
        raise self.error(f"it is a pickle, which runs code when it is read; {_WAYS[which]}")

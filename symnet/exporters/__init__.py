"""Networks into files and other libraries: one member file for each format of files."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from ..base import Network
from ..errors import ExportError
from ._base import Exported, Exporter

__all__ = ["Exported", "Exporter", "every_exporter", "save"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def every_exporter() -> tuple[type[Exporter], ...]:
    """Every format that can be written, by name."""
    return tuple(sorted(Exporter.__subclasses__(), key=lambda kind: kind.name))


def save(net: Network, path: str | Path, *, suffix: str = "", **options: Any) -> Exported:
    """Write a network to a file, so that ``sn.load`` gives back the same function.

    Parameters
    ----------
    net : Network
    path : str or Path
        The suffix says the format: ``.json`` is symnet's own, which holds every network with its
        symbols and rational numbers; ``.npz`` and ``.safetensors`` hold weights as floats,
        ``.onnx`` is for other programs.
    dtype : "float16", "float32" or "float64"
        For weights as floats: the type. Where it is left out, the shortest one from float32 on
        that holds all of them exactly. ONNX knows float32 and float64.
    suffix : str
        The format, where the path does not say it.
    rounding : bool
        For weights as floats: round those that no float is, instead of an error; the result says
        how many they are.

    Returns
    -------
    Exported
        The path, the type, and which weights were rounded; its text says so.

    Raises
    ------
    ExportError
        For a weight that is not a float of the type, and for what the format cannot hold.
    OutputError
        For a file that cannot be written.

    Examples
    --------
    >>> import tempfile, symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 0.5]], [3]), sn.ReLU())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = net.save(Path(folder, "net.npz"))
    ...     again = sn.load(done.path)
    >>> again == net, done.dtype
    (True, 'float32')

    Source: the page of the documentation on models.
    """
    target = Path(path)
    for kind in every_exporter():
        if (suffix or target.suffix.lower()) in kind.suffixes:
            unknown = sorted(set(options) - set(kind.options))
            if unknown:
                known = ", ".join(kind.options) or "no options"
                raise ExportError(
                    f"{kind.name} files are written with {known}; {', '.join(unknown)} is none"
                )
            return kind(net, **options).write(target)
    there = ", ".join(f"{kind.name} ({', '.join(kind.suffixes)})" for kind in every_exporter())
    raise ExportError(f"{target}: the suffix names no format that is written; there are {there}")

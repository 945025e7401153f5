"""Networks from files: one member file for each format, found by being here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from ..errors import LoadError
from ..sequential import Sequential
from ._base import MAX_BYTES, Importer
from ._rounding import rounded_network

__all__ = ["Importer", "every_importer", "load"]

for _module in iter_modules(__path__):
    if not _module.ispkg:
        import_module(f"{__name__}.{_module.name}")


def every_importer() -> tuple[type[Importer], ...]:
    """Every format that can be read, by name."""
    return tuple(sorted(Importer.__subclasses__(), key=lambda kind: kind.name))


def load(
    path: str | Path, *, round_to: Any = None, limit_denominator: int | None = None, **options: Any
) -> Sequential:
    """The network in a model file, with exactly the weights that the file holds.

    Nothing in a file is executed or unpickled. Files with operators that are not known are
    refused with a list of all of them.

    Parameters
    ----------
    path : str or Path
        A file in ONNX (``.onnx``; needs ``symnet[onnx]``), NNet (``.nnet``), Keras 3 (``.keras``;
        needs ``symnet[keras]``) or JSON as ``net.save`` writes it (``.json``); or weights in
        ``.safetensors`` (needs ``symnet[safetensors]``) or ``.npz``. The suffix says which; where
        it says nothing, the beginning of the file does.
    dtype : "float16", "float32" or "float64"
        Round numbers that the file does not hold as floats to this type: the decimals of NNet,
        the roots of batch norm in ONNX. Where it is left out they are exact.
    normalise : bool
        For NNet: fold the normalisation constants into the first and the last layer, exactly, so
        that the network takes and gives physical quantities. By default it takes normalised
        inputs, as the networks published in ONNX do. The limits that the file gives for inputs
        are not a part of the network.
    output : str
        For ONNX: the name of the output, where there are several.
    activation, architecture, axes, layers, eps
        For weights alone: what they do not say, as for :func:`symnet.from_numpy`.
    round_to : "float16", "float32", "float64", or a positive number
        Round all weights to the nearest float of this type, or to multiples of this number, halves
        to the even one. ``net.remarks`` and the summary say so.
    limit_denominator : int
        Round all weights to the nearest fractions with denominators up to this one.

    Returns
    -------
    Sequential

    Raises
    ------
    LoadError
        For a file that is damaged, of an unknown format, or holds what is not supported.

    Examples
    --------
    >>> import tempfile, symnet as sn
    >>> text = '''// a comment
    ... 2,1,1,2,
    ... 1,2,1,
    ... 0,
    ... -1.0,
    ... 1.0,
    ... 0.0,0.0,
    ... 1.0,1.0,
    ... 1.0,
    ... -0.1,
    ... 0.0,
    ... 0.5,
    ... 1.0,2.0,
    ... 0.0,
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "small.nnet")
    ...     _ = file.write_text(text)
    ...     net = sn.load(file)
    >>> net[0], net([1])
    (Linear(Matrix([
    [    1],
    [-1/10]]), Matrix([
    [  0],
    [1/2]])), Matrix([[9/5]]))

    Source: https://github.com/sisl/NNet and https://onnx.ai/onnx/operators for the formats.
    """
    path = Path(path)
    try:
        if not path.is_file():
            raise LoadError(f"{path} is a folder" if path.is_dir() else f"there is no file {path}")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LoadError(f"{path} has {size} bytes; at most {MAX_BYTES} are read")
        if size == 0:
            raise LoadError(f"{path} is empty")
        kind = importer_of(path)
        unknown = sorted(set(options) - set(kind.options))
        if unknown:
            raise LoadError(
                f"{kind.name} files are read with the options {', '.join(kind.options)}; "
                f"{', '.join(unknown)} is none of them"
            )
        net = kind(path, **options).read()
    except LoadError as error:
        if str(path) in str(error):
            raise
        raise LoadError(f"{path}: {error}") from error
    except OSError as error:
        raise LoadError(f"cannot read {path}: {error.strerror or error}") from error
    result: Sequential = rounded_network(net, round_to, limit_denominator)
    return result


def importer_of(path: Path) -> type[Importer]:
    """The importer for a file: by its suffix, else by how it begins."""
    for kind in every_importer():
        if path.suffix.lower() in kind.suffixes:
            return kind
    with path.open("rb") as file:
        head = file.read(64)
    for kind in every_importer():
        if kind.begins(head):
            return kind
    known = ", ".join(f"{kind.name} ({', '.join(kind.suffixes)})" for kind in every_importer())
    suffix = f"the suffix {path.suffix!r} names" if path.suffix else "no suffix names"
    raise LoadError(f"{path}: {suffix} no format that can be read; there are {known}")


def is_model_file(name: str) -> bool:
    """Whether the suffix of a name is that of a model file."""
    return any(name.lower().endswith(s) for kind in every_importer() for s in kind.suffixes)

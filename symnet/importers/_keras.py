""".keras, the archives that Keras 3 writes."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import LoadError
from ..sequential import Sequential
from ._archive import opened, part
from ._arrays import Array, array_of, check_shape
from ._base import MAX_BYTES, Importer
from ._keras_graph import network_of_config
from ._parsing import ParsingError, parsed

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"


class Keras(Importer):
    """A Sequential or Functional model: its configuration as data, and its weights from HDF5.

    Nothing that the configuration names is imported, and no Lambda layer is revived. Links of HDF5
    to other files are not followed.

    Source: https://keras.io/guides/serialization_and_saving.
    """

    name = "Keras"
    suffixes = (".keras",)
    options = ()

    def __init__(self, path: Path) -> None:
        super().__init__(path)

    def read(self) -> Sequential:
        try:
            import h5py
        except ImportError as error:
            raise ImportError("reading .keras needs the package h5py: symnet[keras]") from error
        with opened(self.path, self.error) as archive:
            text = part(archive, _CONFIG, self.error)
            data = part(archive, _WEIGHTS, self.error)
        try:
            config = parsed(text)
        except ParsingError as error:
            raise self.error(f"{_CONFIG} cannot be read: {error}") from None
        try:
            with h5py.File(BytesIO(data), "r") as file:
                weights = _Weights(h5py, file, len(data))
                return network_of_config(config, weights.of)
        except LoadError as error:
            raise self.error(str(error)) from error
        except (OSError, RuntimeError, KeyError, ValueError) as error:
            raise self.error(f"{_WEIGHTS} is damaged ({error})") from error


class _Weights:
    """The arrays under ``…/vars`` by the name of their layer, read when they are asked for."""

    def __init__(self, h5py: Any, file: Any, size: int) -> None:
        self.h5py = h5py
        self.left = min(MAX_BYTES, max(1 << 24, 100 * size))
        self.named: dict[str, Any] = {}
        self.placed: dict[str, Any] = {}
        self.counts: Counter[str] = Counter()
        self.keys: dict[tuple[str, str], str] = {}
        self._walk(file, (), 0)

    def _walk(self, group: Any, path: tuple[str, ...], depth: int) -> None:
        if depth > 50:
            raise LoadError("the groups of the weights lie within each other more than 50 times")
        for name in group:
            value = self._linked(group, name)
            if not isinstance(value, self.h5py.Group):
                continue
            if name == "vars" and len(value):
                called = value.attrs.get("name")
                if isinstance(called, str):
                    if called in self.named:
                        raise LoadError(f"two layers are called {called!r}; give them other names")
                    self.named[called] = value
                elif path:
                    self.placed[path[-1]] = value
            else:
                self._walk(value, (*path, name), depth + 1)

    def _linked(self, group: Any, name: str) -> Any:
        if not isinstance(group.get(name, getlink=True), self.h5py.HardLink):
            raise LoadError(f"{name!r} among the weights is a link, which is not followed")
        return group[name]

    def of(self, kind: str, name: str) -> list[Array]:
        """The weights of a layer, in order; older files number the layers of a class instead."""
        group = self.named.get(name)
        if group is None and self.placed:
            group = self.placed.get(self._placed_key(kind, name))
        if group is None:
            return []
        count = len(group)
        return [self._array(group, str(k), f"{name}/{k}") for k in range(count)]

    def _placed_key(self, kind: str, name: str) -> str:
        if (kind, name) not in self.keys:
            snake = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", kind))
            snake = re.sub(r"([a-z])([A-Z])", r"\1_\2", snake).lower()
            self.keys[kind, name] = f"{snake}_{self.counts[snake]}" if self.counts[snake] else snake
            self.counts[snake] += 1
        return self.keys[kind, name]

    def _array(self, group: Any, key: str, name: str) -> Array:
        found = self._linked(group, key) if key in group else None
        if not isinstance(found, self.h5py.Dataset):
            raise LoadError(f"the weights {name} are not there")
        if found.is_virtual or found.external:
            raise LoadError(f"the weights {name} lie in another file, which is not followed")
        check_shape(found.shape or (), name)
        self.left -= prod(found.shape or ()) * found.dtype.itemsize
        if self.left < 0 or found.dtype.kind not in "fiub":
            raise LoadError(
                f"the weights {name} of shape {found.shape} are too large, or no numbers"
            )
        return array_of(np.asarray(found[()]), name)

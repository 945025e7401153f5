"""Pictures in every format: one member file each, found by being here."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ._base import PictureFormat, picture_formats
from .marks import Axis, ColourBar, Dot, Entry, Label, Mark, Path, Polygon, Stroke, Tick
from .picture import Picture

__all__ = [
    "Axis", "ColourBar", "Dot", "Entry", "Label", "Mark", "Path", "Picture", "PictureFormat",
    "Polygon", "Stroke", "Tick", "picture_formats",
]  # fmt: skip

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

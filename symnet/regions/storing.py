"""Saving and loading: plain numbers and strings, in a NumPy archive without pickle or in JSON."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from flint import fmpq, fmpz_mat

from ..errors import OutputError
from ..exact.affine import AffineMap
from ..exact.arrays import Signs
from ..exact.polyhedron import Polyhedron
from .activation import PiecewiseLinear1D
from .cells import Cells, OpenCells, StoredCells
from .domains import Domain
from .layer_list import LayerList

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear

#: What reading can run into where a file is not what it should be.
_BAD = (
    OSError, LookupError, ValueError, TypeError, ArithmeticError, AttributeError, StopIteration,
    RuntimeError, zipfile.BadZipFile,
)  # fmt: skip
_FORMAT = "symnet piecewise linear 1"


def save(pw: PiecewiseLinear, path: Path) -> Path:
    """Write the function to a file; see :meth:`PiecewiseLinear.save`."""
    if path.suffix not in (".npz", ".json"):
        raise OutputError(f"cannot write {path}: the suffixes are .npz and .json")
    data = _plain(pw)
    fresh = path.with_name(path.name + ".part")
    try:
        if path.suffix == ".json":
            fresh.write_text(json.dumps(data, indent=0), encoding="utf-8")
        else:
            with fresh.open("wb") as file:
                np.savez_compressed(file, **_arrays(data))
        fresh.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error}") from error
    finally:
        fresh.unlink(missing_ok=True)
    return path


def read(path: Path) -> tuple[LayerList, Domain, Cells, tuple[sp.Symbol, ...], bool]:
    """The parts of a function that :func:`save` wrote; nothing in the file is executed."""
    try:
        if path.suffix == ".json":
            data = json.loads(path.read_text(encoding="utf-8"))
        else:
            with np.load(path, allow_pickle=False) as archive:
                data = {name: archive[name].tolist() for name in archive.files}
        if data["format"] != _FORMAT:
            raise ValueError(f"its format is {data['format']!r}, and {_FORMAT!r} was expected")
        return _parts(data)
    except _BAD as error:
        raise OutputError(f"cannot read {path} as a piecewise-linear function: {error}") from error


def _plain(pw: PiecewiseLinear) -> dict[str, Any]:
    """Everything as lists of integers and strings, flat, with their sizes beside them."""
    functions = [f for layer in pw.network.functions for f in layer]
    matrices = [m.integers() for m in pw.network.maps]
    origin = pw.domain.origin
    return {
        "format": _FORMAT,
        "variables": [str(v) for v in pw.variables],
        "scalar": int(pw.scalar),
        "shapes": [list(m.shape) for m in pw.network.maps],
        "denominators": [str(q) for _, q in matrices],
        "weights": [str(v) for m, _ in matrices for v in m.entries()],
        "breakpoint_counts": [len(f.breakpoints) for f in functions],
        "breakpoints": [str(v) for f in functions for v in f.breakpoints],
        "slopes": [str(v) for f in functions for v in f.slopes],
        "values": [str(f.value) for f in functions],
        **_generators("domain", [pw.domain.polyhedron]),
        "origin": [str(v) for v in origin or ()],
        "directions": [str(v) for row in pw.domain.directions for v in row],
        "signs": pw.cells.signs.ravel().tolist(),
        **(_polytopes(pw) if pw.cells.bounded else _generators("cells", _solids(pw))),
    }


def _polytopes(pw: PiecewiseLinear) -> dict[str, Any]:
    corners = [pw.cells.corners(cell) for cell in range(len(pw))]
    return {
        "points": [str(x) for v in range(pw.cells.vertex_count) for x in pw.cells.point(v)],
        "corner_counts": [len(c) for c in corners],
        "corners": [v for c in corners for v in c],
        "neighbours": pw.cells.neighbours.ravel().tolist(),
    }


def _solids(pw: PiecewiseLinear) -> list[Polyhedron]:
    return [region.polyhedron for region in pw.regions]


def _generators(name: str, solids: list[Polyhedron]) -> dict[str, Any]:
    """Polyhedra by homogeneous vertices and rays, and by lines."""
    return {
        f"{name}_ray_counts": [len(p.homogeneous_rays) for p in solids],
        f"{name}_rays": [str(v) for p in solids for r in p.homogeneous_rays for v in r],
        f"{name}_line_counts": [len(p.lines) for p in solids],
        f"{name}_lines": [str(v) for p in solids for r in p.lines for v in r],
    }


def _polyhedra(data: Mapping[str, Any], name: str, d: int) -> list[Polyhedron]:
    rays = iter(_split(data[f"{name}_rays"], d + 1))
    lines = iter(_split(data[f"{name}_lines"], d + 1))
    result = []
    for ray_count, line_count in zip(
        data[f"{name}_ray_counts"], data[f"{name}_line_counts"], strict=True
    ):
        generators = [next(rays) for _ in range(ray_count)]
        solid = Polyhedron.from_generators(
            [[v / r[-1] for v in r[:-1]] for r in generators if r[-1]],
            [r[:-1] for r in generators if not r[-1]],
            [next(lines)[:-1] for _ in range(line_count)],
            ambient=d,
        )
        result.append(solid)
    return result


def _arrays(data: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {"signs": np.int8}
    return {
        name: np.array(value, dtype=kinds.get(name, np.int64 if _whole(value) else np.str_))
        for name, value in data.items()
    }


def _whole(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and _whole(value[0])
    return isinstance(value, int)


def _parts(
    data: Mapping[str, Any],
) -> tuple[LayerList, Domain, Cells, tuple[sp.Symbol, ...], bool]:
    maps = []
    entries = iter(data["weights"])
    for (m, n), denominator in zip(data["shapes"], data["denominators"], strict=True):
        flat = [int(next(entries)) for _ in range(m * (n + 1))]
        maps.append(AffineMap.from_integers(fmpz_mat(m, n + 1, flat), int(denominator)))
    breakpoints, slopes = map(_fraction, data["breakpoints"]), map(_fraction, data["slopes"])
    functions = iter(
        PiecewiseLinear1D(
            tuple(next(breakpoints) for _ in range(count)),
            tuple(next(slopes) for _ in range(count + 1)),
            _fraction(value),
        )
        for count, value in zip(data["breakpoint_counts"], data["values"], strict=True)
    )
    layers = LayerList(
        tuple(maps), tuple(tuple(next(functions) for _ in range(m.shape[0])) for m in maps[:-1])
    )
    d = layers.inputs
    origin = tuple(map(_fraction, data["origin"])) or None
    size = len(origin) if origin else 1
    domain = Domain(
        _polyhedra(data, "domain", d)[0],
        origin,
        tuple(_split(data["directions"], size)),
    )
    count = len(data["corner_counts" if domain.is_bounded else "cells_ray_counts"])
    signs = np.array(data["signs"], dtype=np.int8).reshape(count, layers.starts[-1])
    cells: Cells
    if domain.is_bounded:
        cells = _stored_cells(data, d, signs)
    else:
        cells = OpenCells(_polyhedra(data, "cells", d), signs, layers)
    variables = tuple(sp.Symbol(name, real=True) for name in data["variables"])
    return layers, domain, cells, variables, bool(data["scalar"])


def _stored_cells(data: Mapping[str, Any], d: int, signs: Signs) -> StoredCells:
    ends = np.cumsum([0, *data["corner_counts"]]).tolist()
    corners = [int(v) for v in data["corners"]]
    points = _split(data["points"], d)
    neighbours = np.array(data["neighbours"], dtype=np.int64).reshape(-1, 2)
    for name, numbers, size in (
        ("vertex", corners, len(points)),
        ("region", neighbours.ravel().tolist(), len(signs)),
    ):
        wrong = [k for k in numbers if not 0 <= k < size]
        if wrong:
            raise ValueError(f"it names {name} {wrong[0]}, and there are {size}")
    return StoredCells(points, [corners[a:b] for a, b in pairwise(ends)], signs, neighbours)


def _split(flat: list[str], size: int) -> list[tuple[fmpq, ...]]:
    values = [_fraction(v) for v in flat]
    return [tuple(values[k : k + size]) for k in range(0, len(values), size)]


def _fraction(text: str) -> fmpq:
    p, _, q = text.partition("/")
    return fmpq(int(p), int(q or "1"))

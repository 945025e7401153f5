"""Saving and loading: plain numbers and strings, in a NumPy archive without pickle or in JSON."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
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
from .cells import Cells
from .domains import Domain
from .layer_list import LayerList
from .stored_cells import Outlines, StoredCells

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
        **_domain(pw.domain.polyhedron),
        "origin": [str(v) for v in origin or ()],
        "directions": [str(v) for row in pw.domain.directions for v in row],
        "signs": pw.cells.signs.ravel().tolist(),
        **_outlines(pw.cells),
    }


def _outlines(cells: Cells) -> dict[str, Any]:
    corners = [cells.corners(cell) for cell in range(len(cells))]
    rays = [cells.rays(cell) for cell in range(len(cells))]
    return {
        "points": [str(x) for v in range(cells.vertex_count) for x in cells.point(v)],
        "corner_counts": [len(c) for c in corners],
        "corners": [v for c in corners for v in c],
        "ray_vectors": [str(x) for r in cells.directions for x in r],
        "ray_counts": [len(r) for r in rays],
        "rays": [v for r in rays for v in r],
        "lines": [str(x) for line in cells.lines for x in line],
        "neighbours": cells.neighbours.ravel().tolist(),
    }


def _domain(solid: Polyhedron) -> dict[str, Any]:
    """A polyhedron by homogeneous vertices and rays, and by lines."""
    return {
        "domain_rays": [str(v) for r in solid.homogeneous_rays for v in r],
        "domain_lines": [str(v) for r in solid.lines for v in r],
    }


def _polyhedron(data: Mapping[str, Any], d: int) -> Polyhedron:
    generators = _split(data["domain_rays"], d + 1)
    return Polyhedron.from_generators(
        [[v / r[-1] for v in r[:-1]] for r in generators if r[-1]],
        [r[:-1] for r in generators if not r[-1]],
        [line[:-1] for line in _split(data["domain_lines"], d + 1)],
        ambient=d,
    )


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
    domain = Domain(_polyhedron(data, d), origin, tuple(_split(data["directions"], size)))
    signs = np.array(data["signs"], dtype=np.int8)
    cells = _cells(data, d, signs.reshape(len(data["corner_counts"]), layers.starts[-1]))
    variables = tuple(sp.Symbol(name, real=True) for name in data["variables"])
    return layers, domain, cells, variables, bool(data["scalar"])


def _cells(data: Mapping[str, Any], d: int, signs: Signs) -> StoredCells:
    corners = [int(v) for v in data["corners"]]
    rays = [int(v) for v in data["rays"]]
    points = _split(data["points"], d)
    directions = _split_integers(data["ray_vectors"], d)
    neighbours = np.array(data["neighbours"], dtype=np.int64).reshape(-1, 2)
    for name, numbers, size in (
        ("vertex", corners, len(points)),
        ("ray", rays, len(directions)),
        ("region", neighbours.ravel().tolist(), len(signs)),
    ):
        wrong = [k for k in numbers if not 0 <= k < size]
        if wrong:
            raise ValueError(f"it names {name} {wrong[0]}, and there are {size}")
    outlines = Outlines(
        points, _parted(corners, data["corner_counts"]),
        directions, _parted(rays, data["ray_counts"]),
        tuple(_split_integers(data["lines"], d)), d,
    )  # fmt: skip
    return StoredCells(outlines, signs, neighbours)


def _parted(flat: list[int], counts: Sequence[int]) -> list[list[int]]:
    ends = np.cumsum([0, *counts]).tolist()
    if ends[-1] != len(flat):
        raise ValueError(f"{len(flat)} numbers are there where {ends[-1]} were counted")
    return [flat[a:b] for a, b in pairwise(ends)]


def _split_integers(flat: list[str], size: int) -> list[tuple[int, ...]]:
    values = [int(v) for v in flat]
    return [tuple(values[k : k + size]) for k in range(0, len(values), size)]


def _split(flat: list[str], size: int) -> list[tuple[fmpq, ...]]:
    values = [_fraction(v) for v in flat]
    return [tuple(values[k : k + size]) for k in range(0, len(values), size)]


def _fraction(text: str) -> fmpq:
    p, _, q = text.partition("/")
    return fmpq(int(p), int(q or "1"))

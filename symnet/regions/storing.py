"""Saving and loading: plain numbers and strings, in a NumPy archive without pickle or in JSON."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import sympy as sp
from flint import fmpq, fmpq_mat, fmpz_mat

from ..errors import OutputError
from ..exact.affine import AffineMap
from ..exact.half_open import HalfOpen
from ..exact.polyhedron import Polyhedron
from .activation import PiecewiseLinear1D
from .cells import Cells
from .domains import Domain
from .layer_list import LayerList, Switches, switching
from .part_cells import PartCells
from .parts import Part
from .stored_cells import Outlines, StoredCells
from .switches import Condition, read as read_condition

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear

T = TypeVar("T")
Row = tuple[int, ...]

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
                data = {name: from_array(archive[name]) for name in archive.files}
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
        "switches": [
            json.dumps([layer, i, condition.plain()])
            for layer, conditions in enumerate(pw.network.switches)
            for i, condition in enumerate(conditions)
            if condition is not None
        ],
        **_domain(pw.domain.polyhedron),
        "origin": [str(v) for v in origin or ()],
        "directions": [str(v) for row in pw.domain.directions for v in row],
        **(_parts_of(pw.cells) if isinstance(pw.cells, PartCells) else _outlines(pw)),
    }


def _outlines(pw: PiecewiseLinear) -> dict[str, Any]:
    """Cells by their vertices, rays and lines, and by their signs, neighbours and affine maps."""
    cells = pw.cells
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
        "signs": cells.signs.ravel().tolist(),
        **_maps(pw.network.affine_maps(cells.signs.tolist())),
    }


def _maps(tables: list[fmpq_mat]) -> dict[str, Any]:
    """[A | c] of every cell, each that occurs once."""
    rows = [tuple(table.entries()) for table in tables]
    number = {row: k for k, row in enumerate(dict.fromkeys(rows))}
    return {
        "map_of_region": [number[row] for row in rows],
        "maps": [str(v) for row in number for v in row],
    }


def _parts_of(cells: PartCells) -> dict[str, Any]:
    """Half-open parts by homogeneous vertices and rays, lines, forms that are positive, signs."""
    sets = [part.set for part in cells.parts]
    kinds = {
        "part_rays": [place.solid.homogeneous_rays for place in sets],
        "part_lines": [place.solid.lines for place in sets],
        "part_strict": [place.strict for place in sets],
    }
    data: dict[str, Any] = {}
    for name, vectors in kinds.items():
        data[name + "_counts"] = [len(rows) for rows in vectors]
        data[name] = [str(v) for rows in vectors for row in rows for v in row]
    return {**data, "part_signs": [s for part in cells.parts for s in part.signs]}


def _domain(solid: Polyhedron) -> dict[str, Any]:
    """A polyhedron by homogeneous vertices and rays, and by lines."""
    return {
        "domain_rays": [str(v) for r in solid.homogeneous_rays for v in r],
        "domain_lines": [str(v) for r in solid.lines for v in r],
    }


def _polyhedron(generators: list[Row], lines: list[Row], d: int) -> Polyhedron:
    return Polyhedron.from_generators(
        [[fmpq(v, r[-1]) for v in r[:-1]] for r in generators if r[-1]],
        [r[:-1] for r in generators if not r[-1]],
        [line[:-1] for line in lines],
        ambient=d,
    )


def _arrays(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_array(name, value) for name, value in data.items()}


def as_array(name: str, value: Any) -> Any:
    """Whole numbers as such; a list of strings as bytes, since an array of them is as wide as the
    longest."""
    if isinstance(value, list) and (not value or isinstance(value[0], str)):
        return np.frombuffer("\0".join(value).encode(), dtype=np.uint8)
    is_sign = name in ("signs", "part_signs")
    return np.array(value, dtype=np.int8 if is_sign else None)


def from_array(array: Any) -> Any:
    if array.dtype == np.uint8:
        return array.tobytes().decode().split("\0") if array.size else []
    return array.tolist()


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
    each = tuple(tuple(next(functions) for _ in range(m.shape[0])) for m in maps[:-1])
    layers = switching(tuple(maps), each, _switches(data["switches"], [len(f) for f in each]))
    d = layers.inputs
    origin = tuple(map(_fraction, data["origin"])) or None
    size = len(origin) if origin else 1
    rays, lines = (_split_integers(data[name], d + 1) for name in ("domain_rays", "domain_lines"))
    domain = Domain(_polyhedron(rays, lines, d), origin, tuple(_split(data["directions"], size)))
    cells = _part_cells(data, layers) if layers.switches else _cells(data, layers)
    variables = tuple(sp.Symbol(name, real=True) for name in data["variables"])
    return layers, domain, cells, variables, bool(data["scalar"])


def _switches(texts: Sequence[str], widths: Sequence[int]) -> list[Switches]:
    result: list[list[Condition | None]] = [[None] * width for width in widths]
    for text in texts:
        layer, i, plain = json.loads(text)
        result[int(layer)][int(i)] = read_condition(plain)
    return [tuple(row) for row in result]


def _part_cells(data: Mapping[str, Any], layers: LayerList) -> PartCells:
    d, kinds = layers.inputs, ("part_rays", "part_lines", "part_strict")
    rays, lines, strict = (
        _parted(_split_integers(data[name], d + 1), data[name + "_counts"]) for name in kinds
    )
    sets = [
        HalfOpen(_polyhedron(generators, spans, d), tuple(forms))
        for generators, spans, forms in zip(rays, lines, strict, strict=True)
    ]
    signs = np.array(data["part_signs"], dtype=np.int8).reshape(len(sets), layers.starts[-1])
    pairs = zip(sets, signs.tolist(), strict=True)
    return PartCells(layers, [Part(place, tuple(row)) for place, row in pairs], d)


def _cells(data: Mapping[str, Any], layers: LayerList) -> StoredCells:
    d = layers.inputs
    signs = np.array(data["signs"], dtype=np.int8)
    signs = signs.reshape(len(data["corner_counts"]), layers.starts[-1])
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
    size = layers.outputs * (d + 1)
    maps = [fmpq_mat(layers.outputs, d + 1, list(row)) for row in _split(data["maps"], size)]
    return StoredCells(outlines, signs, neighbours, [maps[k] for k in data["map_of_region"]])


def _parted(flat: list[T], counts: Sequence[int]) -> list[list[T]]:
    ends = np.cumsum([0, *counts]).tolist()
    if ends[-1] != len(flat):
        raise ValueError(f"{len(flat)} entries are there where {ends[-1]} were counted")
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

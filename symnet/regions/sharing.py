"""The way down through the layers, shared out to other processes.

The domain is cut until there are enough blocks of cells, and the blocks are handed out with their
vertices. What comes back is put in the order in which one process alone would have made it, so
that the result is the same, vertex by vertex.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from symnet.errors import TooManyRegionsError
from symnet.exact.arrays import Bools, Floats, Ints
from symnet.exact.rounding import UNIT_ROUNDOFF, inflated_roundoff, unit_roundoff
from symnet.exact.threads import one_thread
from symnet.regions.block import Block
from symnet.regions.descent import Descent
from symnet.regions.limits import Limits
from symnet.regions.segments import Segments
from symnet.regions.shape import Shape
from symnet.regions.signs import FilteredLayer
from symnet.regions.units import UnitNetwork
from symnet.regions.vertices import ExactEvaluator, VertexTable

# Blocks for each process: some take longer than others.
_BLOCKS_EACH = 4


@dataclass
class _Branch:
    """A block of cells, what it was cut into, and the rows of the table that this made."""

    block: Block | None
    depth: int
    cells: int
    rows: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    children: list[_Branch] = field(default_factory=list)
    shapes: list[Shape | Segments] = field(default_factory=list)

    def walk(self) -> Iterator[_Branch]:
        """The branches in the order in which one process comes to them."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Task:
    """One block for another process, with the vertices that it refers to."""

    network: UnitNetwork
    layers: list[FilteredLayer]
    block: Block
    depth: int
    table: VertexTable
    block_cells: int | None
    max_regions: int | None
    roundoff: float


@dataclass(frozen=True)
class Finished:
    """What became of a block: shapes, and the new rows of its table."""

    shapes: list[Shape | Segments]
    cells: int
    definition: Ints
    point: Floats
    error: Floats
    shared: Bools


def process_count(n_jobs: int | None) -> int:
    """How many processes that asks for; None is one, unless joblib was told otherwise."""
    if n_jobs == 1 or (n_jobs is None and "joblib" not in sys.modules):
        return 1
    return int(_joblib().effective_n_jobs(n_jobs))


def shared_leaves(descent: Descent, block: Block, n_jobs: int | None) -> list[Shape | Segments]:
    """The shapes of the finished blocks, as ``list(descent.leaves(block, 0))`` has them."""
    root = _Branch(block, 0, block.shape.cells)
    _cut(root, descent)
    wanted = _BLOCKS_EACH * process_count(n_jobs)
    while (pending := _pending(root)) and len(pending) < wanted:
        # the last layer is left to others
        splittable = [b for b in pending if b.depth + 1 < len(descent.layers)]
        if not splittable:
            break
        _cut(max(splittable, key=lambda b: b.cells), descent)
    if pending:
        _hand_out(pending, descent, n_jobs)
    return _in_order(root, descent)


def _cut(branch: _Branch, descent: Descent) -> None:
    assert branch.block is not None
    start = descent.table.size
    depth, found = descent.down(branch.block, branch.depth)
    branch.block, branch.rows = None, np.arange(start, descent.table.size)
    if isinstance(found, Shape | Segments):
        branch.shapes = [found]
    else:
        branch.children = [_Branch(b, depth, b.shape.cells) for b in found]


def _pending(root: _Branch) -> list[_Branch]:
    return [branch for branch in root.walk() if branch.block is not None]


def _hand_out(pending: list[_Branch], descent: Descent, n_jobs: int | None) -> None:
    """Let other processes do the rest of these branches."""
    joblib = _joblib()
    known: list[Ints] = []

    def tasks() -> Iterator[Any]:
        for branch in pending:
            task, rows = _task(branch, descent)
            known.append(rows)
            yield joblib.delayed(work)(task)

    results = joblib.Parallel(n_jobs=n_jobs, return_as="generator")(tasks())
    try:
        for place, result in enumerate(results):
            _take_in(pending[place], known[place], result, descent)
    finally:
        with warnings.catch_warnings():  # of work that is thrown away, where there is an error
            warnings.simplefilter("ignore")
            results.close()


def _task(branch: _Branch, descent: Descent) -> tuple[Task, Ints]:
    assert branch.block is not None
    block, table = branch.block, descent.table
    branch.block = None
    rows = table.ancestors(block.shape.vertex)
    place = np.full(table.size, -1, dtype=np.int64)
    place[rows] = np.arange(rows.shape[0])
    shape = replace(block.shape, vertex=place.take(block.shape.vertex))
    limit = descent.limits.max_regions
    if limit is not None:
        limit = limit * descent.limits.parts - (descent.cells - branch.cells)
    task = Task(
        descent.evaluator.network, descent.layers, replace(block, shape=shape), branch.depth,
        table.part(rows), descent.block_cells, limit, unit_roundoff(),
    )  # fmt: skip
    return task, rows


@one_thread()
@np.errstate(all="ignore")
def work(task: Task) -> Finished:
    """Take one block down to the end; this runs in another process."""
    with inflated_roundoff(task.roundoff / UNIT_ROUNDOFF):
        block, known = task.block.writable(), task.table.size
        table = task.table.part(np.arange(known))
        descent = Descent(
            task.layers, table, ExactEvaluator(task.network, table), Limits(task.max_regions),
            task.block_cells, block.shape.cells,
        )  # fmt: skip
        try:
            shapes = list(descent.leaves(block, task.depth))
        except TooManyRegionsError:
            # whoever counts all of them says it
            shapes = []
    new = slice(known, None)
    return Finished(
        shapes, descent.cells,
        table.definition[new], table.point[new], table.error[new], table.shared[new],
    )  # fmt: skip


def _take_in(branch: _Branch, rows: Ints, result: Finished, descent: Descent) -> None:
    """Append the new rows, and number the vertices as here."""
    table, count = descent.table, result.definition.shape[0]
    number = np.concatenate([rows, table.size + np.arange(count)])
    definition = result.definition.copy()
    definition[:, :2] = number.take(definition[:, :2])
    branch.rows = table.append(definition, result.point, result.error, result.shared)
    branch.shapes = [replace(s, vertex=number.take(s.vertex)) for s in result.shapes]
    descent.blocks += len(branch.shapes)
    descent.found(result.cells - branch.cells, len(descent.layers))


def _in_order(root: _Branch, descent: Descent) -> list[Shape | Segments]:
    """Put the rows of the table in the order of the walk, and the vertices of the shapes."""
    table = descent.table
    made = [branch.rows for branch in root.walk()]
    first = np.arange(table.size - sum(rows.shape[0] for rows in made))
    order = np.concatenate([first, *made])
    place = np.empty(table.size, dtype=np.int64)
    place[order] = np.arange(table.size)
    table.reorder(order, place)
    descent.evaluator.forget()
    shapes = [shape for branch in root.walk() for shape in branch.shapes]
    return [replace(shape, vertex=place.take(shape.vertex)) for shape in shapes]


def _joblib() -> Any:
    try:
        import joblib
    except ImportError as error:
        raise ImportError(
            "several processes need joblib: install symnet[parallel], or leave out n_jobs"
        ) from error
    return joblib

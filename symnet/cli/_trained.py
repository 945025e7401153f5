"""What a trained network gets: ``symnet summary``, ``local``, ``walk``, ``range``, ``robust``."""

from __future__ import annotations

import argparse
import json
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

from .._late import late
from ..errors import DomainError, TooManyRegionsError
from ._common import OK, UNDECIDED, command, model_options, network, remark, short
from ._numbers import count, finite, index, intervals, seconds
from ._points import HELP, point
from ._verify import CODES, record

_POINTS = """\
A point is numbers in one argument, or a row of a file of numbers, exactly as they are there:
  symnet local model.onnx "0.5 -1/3 0 0 1"
  symnet walk model.onnx images.npy:7 images.npy:8 -o walk.svg
"""

_ROBUST = """\
The domain is the box of all inputs that differ from POINT by at most R each, within --box:
  symnet robust model.onnx images.npy:7 --radius 1/50 --box 0 1 --timeout 60
Exit codes: 0 proved, 1 refuted, with an exact input, 2 misuse, 3 undecided, with how far it went.
"""

#: The norms in which boundaries are near, by the names that they have in JSON.
_NORMS = {"1": 1, "2": 2, "oo": inf}


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    _command(commands, "summary", "the layers of a network and their sizes")

    around = _command(commands, "local", "the affine map of a network around a point", _POINTS)
    around.add_argument("point", type=point, metavar="POINT", help=HELP)
    around.add_argument(
        "--towards", type=point, metavar="DIRECTION",
        help="where regions meet: the one that is entered in this direction",
    )  # fmt: skip
    around.add_argument("--json", action="store_true", help="the map and its region as JSON")

    path = _command(commands, "walk", "a network along the segment between two points", _POINTS)
    path.add_argument("start", type=point, metavar="POINT", help=HELP)
    path.add_argument("end", type=point, metavar="POINT", help="where it ends")
    path.add_argument("--max-regions", type=count, metavar="N", help="stop when there are more")
    path.add_argument("--json", action="store_true", help="all breakpoints and pieces as JSON")
    path.add_argument(
        "-o", "--output", metavar="FILE", action="append", default=[],
        help="a picture of the outputs (.svg .png .pdf .tikz), may be given several times",
    )  # fmt: skip

    extremes = _command(commands, "range", "the least and the greatest value of every output")
    _search_options(extremes, needs_box=True)

    safe = _command(
        commands, "robust", "whether one output is the greatest all around a point", _ROBUST
    )
    safe.add_argument("point", type=point, metavar="POINT", help=HELP)
    safe.add_argument(
        "--radius", type=_radius, metavar="R", required=True, help="how far each input may move"
    )
    safe.add_argument(
        "--label", type=index, metavar="K", help="the output, from 0; else the greatest at POINT"
    )
    _search_options(safe, needs_box=False)


def _command(commands: Any, name: str, help: str, epilog: str | None = None) -> Any:
    parser = command(commands, name, help, epilog=epilog)
    parser.add_argument("spec", metavar="SPEC", help="a network, or a file")
    model_options(parser)
    return parser


def _search_options(parser: Any, needs_box: bool) -> None:
    parser.add_argument(
        "--box", type=intervals, metavar="LO HI …", required=needs_box,
        help="bounds, for all inputs or for each",
    )  # fmt: skip
    parser.add_argument("--timeout", type=seconds, metavar="SECONDS", help="stop after that")
    parser.add_argument("--max-boxes", type=count, metavar="N", help="stop after so many parts")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def _limits(options: argparse.Namespace) -> dict[str, Any]:
    given = {"timeout": options.timeout, "max_boxes": options.max_boxes}
    return {name: value for name, value in given.items() if value is not None}


def _radius(text: str) -> Fraction:
    values = finite(text)
    if len(values) != 1 or values[0] < 0:
        raise argparse.ArgumentTypeError(f"{text.strip()!r} is no radius; write it like 1/50")
    return values[0]


def run_summary(options: argparse.Namespace) -> int:
    """Print the table; the exit code."""
    print(late("summary", "summary")(network(options.spec, options)))
    return OK


def run_local(options: argparse.Namespace) -> int:
    """Say what the network is around the point; the exit code."""
    around = late("trained._local", "local")(
        network(options.spec, options), options.point, towards=options.towards
    )
    nearest = {name: found for name, p in _NORMS.items() if (found := around.nearest(p))}
    if options.json:
        print(json.dumps(_local_record(around, nearest), indent=2))
        return OK
    for k, value in enumerate(around.value.flat()):
        best = "   the greatest" if k == around.label and len(around.value) > 1 else ""
        print(f"output {k}  {short(value)}{best}")
    print(f"region    {len(around.half_spaces)} half-spaces")
    for name, found in nearest.items():
        where = ", ".join(f"neuron {i} of hidden layer {k}" for k, i in found.neurons)
        print(f"boundary  {short(found.distance)} away in the {name}-norm: {where}")
    return OK


def _local_record(around: Any, nearest: dict[str, Any]) -> dict[str, Any]:
    """The map and its region for programs; numbers are strings such as "-1/2"."""
    return {
        "value": _strings(around.value.flat()),
        "label": around.label,
        "A": [_strings(row) for row in around.A.tolist()],
        "c": _strings(around.c.flat()),
        "half_spaces": {
            "A": [_strings(wall.a) for wall in around.half_spaces],
            "b": _strings(wall.b for wall in around.half_spaces),
            "neurons": around.neurons,
        },
        "nearest": {
            name: {
                "distance": str(found.distance),
                "point": _strings(found.point),
                "neurons": found.neurons,
            }
            for name, found in nearest.items()
        },
    }


def run_walk(options: argparse.Namespace) -> int:
    """Say where the network bends on the way; the exit code."""
    limits = {} if options.max_regions is None else {"max_regions": options.max_regions}
    try:
        path = late("trained._walk", "walk")(
            network(options.spec, options), options.start, options.end, **limits
        )
    except TooManyRegionsError as error:
        remark(f"symnet walk: {error}")
        return UNDECIDED
    for output in options.output:
        path.plot().to(Path(output))
        remark(f"wrote {output}")
    if options.json:
        print(json.dumps(_walk_record(path), indent=2))
        return OK
    print(f"breakpoints  {len(path.breakpoints)}")
    if path.function.network.outputs > 1:
        for start, end, label in path.labels:
            best = "several outputs are the greatest" if label is None else f"output {label}"
            print(f"t from {short(start)} to {short(end)}: {best}")
    return OK


def _walk_record(path: Any) -> dict[str, Any]:
    """The walk for programs; t goes from 0 to 1."""
    return {
        "breakpoints": _strings(path.breakpoints),
        "neurons": path.crossings,
        "steps": [
            {
                "start": str(step.start),
                "end": str(step.end),
                "slope": _strings(step.slope.flat()),
                "offset": _strings(step.offset.flat()),
                "label": step.label,
            }
            for step in path.steps
        ],
    }


def run_range(options: argparse.Namespace) -> int:
    """Print the extremes of every output; the exit code says whether they are exact."""
    found = late("trained._range", "output_range")(
        network(options.spec, options),
        late("regions.domains", "Box")(*options.box),
        **_limits(options),
    )
    if options.json:
        shown = [{"least": _extreme(r.least), "greatest": _extreme(r.greatest)} for r in found]
        print(json.dumps(shown, indent=2))
    else:
        for k, r in enumerate(found):
            print(f"output {k}  from {_in_words(r.least)} to {_in_words(r.greatest)}")
    exact = all(side.is_exact for r in found for side in (r.least, r.greatest))
    return OK if exact else UNDECIDED


def _extreme(found: Any) -> dict[str, Any]:
    return {
        "value": str(found.value),
        "point": _strings(found.point),
        "bound": str(found.bound),
        "exact": found.is_exact,
    }


def _in_words(found: Any) -> str:
    if found.is_exact:
        return short(found.value)
    return f"{short(found.value)} (attained; {short(found.bound)} is the bound)"


def run_robust(options: argparse.Namespace) -> int:
    """Decide whether the output stays the greatest; the exit code."""
    net = network(options.spec, options)
    label = options.label
    if label is None:
        label = late("trained._local", "local")(net, options.point).label
    if label is None:
        raise DomainError("several outputs are the greatest at the point; --label chooses one")
    verdict = late("trained._verify", "robust")(net, _around(options), label, **_limits(options))
    print(json.dumps(record(verdict), indent=2) if options.json else verdict)
    return CODES[verdict.verdict]


def _around(options: argparse.Namespace) -> Any:
    """The box of all points at most the radius away, within --box."""
    size = len(options.point)
    bounds = options.box or [(-inf, inf)]
    if len(bounds) not in (1, size):
        raise DomainError(f"--box has {len(bounds)} pairs, and the point {size} entries")
    sides = []
    for value, (low, high) in zip(options.point, bounds * (size // len(bounds)), strict=True):
        if not low <= value <= high:
            raise DomainError(f"{value} in the point is not between {low} and {high} as --box says")
        sides.append([max(low, value - options.radius), min(high, value + options.radius)])
    return late("regions.domains", "Box")(*sides)


def _strings(values: Any) -> list[str]:
    return [str(value) for value in values]


COMMANDS = {
    "summary": run_summary,
    "local": run_local,
    "walk": run_walk,
    "range": run_range,
    "robust": run_robust,
}

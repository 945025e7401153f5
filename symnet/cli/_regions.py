"""``symnet regions``: the linear regions of a network on a domain."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from .._late import late
from ..errors import CertificateError, DomainError, TooManyRegionsError
from ._common import (
    FALSE,
    OK,
    SPEC,
    UNDECIDED,
    command,
    model_options,
    network,
    remark,
    short,
)
from ._numbers import count, index, intervals, plane, processes

#: Options that take numbers, which may be negative.
NUMBERS = ("--box", "--slice")

#: Suffixes of files that hold the whole function, to be loaded again.
_SAVED = (".json", ".npz")
#: Suffixes of pictures.
_DRAWN = (".svg", ".png", ".pdf", ".tikz")
#: More cases than that take long to write and are read by nobody.
_MANY = 200

_EPILOG = f"""\
{SPEC}
Without --box, --domain and --slice the domain is all of R^n. Examples:
  symnet regions model.onnx --box -1 1 --count
  symnet regions model.onnx --box 0 1 -1/2 1/2 -o regions.json -o regions.svg
  symnet regions "Linear([[1, 1]]), ReLU" --domain "x_1 + x_2 <= 1, x_1 >= 0, x_2 >= 0"
  symnet regions acas.nnet --slice "1/4 0 0 1/2 1/2; 1 0 0 0 0; 0 1 0 0 0" --box -1/4 1/4 --certify

FILE is, by its suffix, the function itself (.json .npz, for load_piecewise), its cases as a
document (.tex .md .html .txt), or in one and two dimensions a picture (.svg .png .pdf .tikz).
Exit codes: 0 done, 1 a certificate that fails, 2 misuse, 3 stopped at --max-regions.
"""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = command(
        commands,
        "regions",
        "the linear regions of a network, exactly",
        epilog=_EPILOG,
        usage="symnet regions SPEC [--box LO HI … | --domain CONDITION] [--slice ROWS] [-o FILE …] "
        "[options]",
    )
    parser.add_argument("spec", metavar="SPEC", help="the network, a file, or - for stdin")
    where = parser.add_argument_group("the domain")
    where.add_argument(
        "--box",
        type=intervals,
        metavar="LO HI …",
        help="bounds, for all coordinates or for each; 1/3 and 0.1 are exact, inf is no bound, "
        "and LO = HI fixes a coordinate",
    )
    where.add_argument(
        "--domain",
        metavar="CONDITION",
        help='linear inequalities and equations, such as "x_1 + x_2 <= 1, x_1 >= 0"',
    )
    where.add_argument(
        "--slice",
        type=plane,
        metavar="ROWS",
        help='"ORIGIN; DIRECTION; …": a line or plane through inputs; --box then bounds its '
        "coordinates",
    )
    model_options(parser)
    work = parser.add_argument_group("the work")
    work.add_argument(
        "--bound", action="store_true", help="print how many regions there can be, and stop"
    )
    work.add_argument("--max-regions", type=count, metavar="N", help="stop when there are more")
    work.add_argument("--certify", action="store_true", help="check the result independently")
    work.add_argument(
        "--jobs",
        type=processes,
        metavar="N",
        help="processes, in one and two dimensions; -1 is all",
    )
    work.add_argument("--quiet", action="store_true", help="no progress on stderr")
    out = parser.add_argument_group("the result")
    out.add_argument("--count", action="store_true", help="print the number of regions alone")
    out.add_argument("--json", action="store_true", help="print a summary as JSON")
    out.add_argument(
        "-o", "--output", metavar="FILE", action="append", default=[],
        help="write to FILE, may be given several times; - is stdout, for the cases as text",
    )  # fmt: skip
    out.add_argument(
        "--by",
        choices=("pattern", "piece", "value", "decision"),
        help="the colours of a picture: by region, by piece, by value or by the greatest output",
    )
    out.add_argument(
        "--component", type=index, metavar="K", help="the output that a picture shows, from 0"
    )
    out.add_argument("--output-names", metavar="A,B,…", help="names of the outputs in a picture")


def run(options: argparse.Namespace) -> int:
    """Find the regions and say what was asked for; the exit code."""
    net = network(options.spec, options)
    domain = _domain(options, net)
    if options.bound:
        print(late("regions.making", "region_bound")(net, domain=domain))
        return OK
    try:
        pw = late("regions.making", "piecewise")(
            net,
            domain=domain,
            max_regions=options.max_regions,
            progress=not options.quiet,
            n_jobs=options.jobs,
        )
    except TooManyRegionsError as error:
        remark(f"symnet regions: {error}")
        return UNDECIDED
    certificate = None
    if options.certify:
        try:
            certificate = pw.certify()
        except CertificateError as error:
            remark(f"symnet regions: the certificate fails: {error}")
            return FALSE
        remark(f"{certificate}")
    for output in options.output:
        _write(pw, output, options)
    if options.json:
        print(json.dumps(_summary(pw, certificate is not None), indent=2))
    elif options.count:
        print(len(pw))
    elif not options.output:
        _print(pw)
    return OK


def _domain(options: argparse.Namespace, net: Any) -> Any:
    inner = None
    if options.box is not None:
        inner = late("regions.domains", "Box")(*options.box)
    if options.domain is not None:
        if inner is not None:
            raise DomainError("give --box or --domain, not both; --domain can hold the bounds")
        inner = _where(options, net)
    if options.slice is None:
        return inner
    origin, *directions = options.slice
    return late("regions.domains", "Slice")(origin, directions, inner)


def _where(options: argparse.Namespace, net: Any) -> Any:
    """The domain of --domain, in the coordinates x of the inputs, or u of a slice."""
    letter, count = "x", net.in_features
    if options.slice is not None:
        letter, count = "u", len(options.slice) - 1
    elif count is None or not count.is_Integer:
        raise DomainError("the number of inputs is not known; give --box")
    variables = late("regions.making", "coordinates")(letter, int(count))
    condition = late("reading", "parse_condition")(
        options.domain, names={str(v): v for v in variables}
    )
    return late("regions.conditions", "polyhedron_where")(condition, variables)


def _write(pw: Any, output: str, options: argparse.Namespace) -> None:
    if output == "-":
        print(str(late("render", "render")(pw.document(), "text")).rstrip("\n"))
        return
    path = Path(output)
    if path.suffix.lower() in _SAVED:
        pw.save(path)
    elif path.suffix.lower() in _DRAWN:
        names = None if options.output_names is None else options.output_names.split(",")
        pw.plot(options.by, output=options.component, output_names=names).to(path)
    else:
        if len(pw) > _MANY:
            remark(
                f"{path}: the cases of {len(pw)} regions are long; .npz or .svg may serve better"
            )
        late("render", "write")(pw.document(), path)
    remark(f"wrote {path}")


def _summary(pw: Any, certified: bool) -> dict[str, Any]:
    """What is known of the function; rational numbers are strings such as "-1/2"."""
    outputs = range(pw.network.outputs)
    return {
        "regions": len(pw),
        "pieces": len(pw.pieces),
        "vertices": pw.cells.vertex_count,
        "regions_after_layer": list(pw.counts()),
        "bound": str(pw.network.bound_on_regions()),
        "inputs": pw.domain.ambient,
        "outputs": pw.network.outputs,
        "domain": _half_spaces(pw.domain),
        "minimum": [_extremum(pw.minimum(k)) for k in outputs],
        "maximum": [_extremum(pw.maximum(k)) for k in outputs],
        "certified": certified,
    }


def _extremum(found: Any) -> dict[str, Any]:
    point = None if found.point is None else [str(v) for v in found.point]
    return {"value": str(found.value), "point": point}


def _half_spaces(domain: Any) -> dict[str, Any]:
    """A x <= b, and x = origin + directions u where the domain is a slice."""
    walls = domain.polyhedron.half_spaces
    described: dict[str, Any] = {
        "A": [[str(v) for v in wall.normal] for wall in walls],
        "b": [str(wall.offset) for wall in walls],
    }
    if domain.origin is not None:
        described["origin"] = [str(v) for v in domain.origin]
        described["directions"] = [[str(v) for v in row] for row in domain.directions]
    return described


def _print(pw: Any) -> None:
    layers = ", ".join(map(str, pw.counts()))
    print(f"regions   {len(pw)}" + (f"   (after each layer: {layers})" if layers else ""))
    print(f"pieces    {len(pw.pieces)}")
    print(f"vertices  {pw.cells.vertex_count}")
    for k in range(pw.network.outputs):
        low, high = (short(extremum(k).value) for extremum in (pw.minimum, pw.maximum))
        name = f"output {k}" if pw.network.outputs > 1 else "output"
        print(f"{name:<9} from {low} to {high}")

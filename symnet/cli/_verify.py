"""``symnet verify``: a network and a property in a VNN-LIB file."""

from __future__ import annotations

import argparse
import json
from typing import Any

from .._late import late
from ._common import FALSE, OK, UNDECIDED, command, model_options, network
from ._numbers import count, seconds

CODES = {"proved": OK, "refuted": FALSE, "undecided": UNDECIDED}

_EPILOG = """\
A VNN-LIB file says which inputs and outputs are not wanted; the property holds if there are none:
  symnet verify model.onnx property.vnnlib --timeout 60
Exit codes: 0 proved, 1 refuted, with an exact input, 2 misuse, 3 undecided, with how far it went.
"""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = command(
        commands, "verify", "whether a network has a property of a VNN-LIB file", epilog=_EPILOG
    )
    parser.add_argument("spec", metavar="SPEC", help="a network, or a file")
    parser.add_argument("claim", metavar="FILE", help="the property, a .vnnlib file")
    parser.add_argument("--timeout", type=seconds, metavar="SECONDS", help="undecided after that")
    parser.add_argument(
        "--max-boxes", type=count, metavar="N", help="undecided after so many parts"
    )
    parser.add_argument("--json", action="store_true", help="the verdict as JSON")
    model_options(parser)


def run(options: argparse.Namespace) -> int:
    """Decide the property; the exit code."""
    net = network(options.spec, options)
    claim = late("trained._vnnlib", "load_property")(options.claim)
    limits = {} if options.max_boxes is None else {"max_boxes": options.max_boxes}
    verdict = late("trained._verify", "verify")(net, claim, timeout=options.timeout, **limits)
    print(json.dumps(record(verdict), indent=2) if options.json else verdict)
    return CODES[verdict.verdict]


def record(verdict: Any) -> dict[str, Any]:
    """The verdict for programs; numbers are strings such as "-1/2"."""
    found: dict[str, Any] = {"verdict": verdict.verdict}
    if verdict.verdict == "refuted":
        point = verdict.counterexample.values()
        return found | {"input": list(map(str, point)), "value": str(verdict.lhs_value)}
    if verdict.verdict == "undecided":
        return found | {"reason": verdict.reason}
    return found | {"method": verdict.method, "detail": verdict.detail}

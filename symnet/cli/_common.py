"""What the commands share: exit codes, remarks, how a network is given."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from .._late import late

OK, FALSE, MISUSE, UNDECIDED = 0, 1, 2, 3

SPEC = """\
SPEC is a network, a file that describes one, or a model file (.onnx, .nnet):
  "Linear(3, 4), ReLU, Linear(4, 2)"      layers, first to last
  "Linear(n, m), Linear(m, k), Sigmoid"   sizes may be names
  "Linear([[1, 2/3]], [0.5]), ReLU"       weights, exactly as written
  "Linear(n, n) * 50"                     the same kind of layer again and again
"""


def remark(text: str) -> None:
    """A line on stderr."""
    print(text, file=sys.stderr, flush=True)


def network(spec: str, **options: Any) -> Any:
    """The network that is given on the command line, on stdin or in a file."""
    if spec == "-":
        return late("spec", "parse")(sys.stdin.read())
    if late("importers", "is_model_file")(spec):
        chosen = {name: value for name, value in options.items() if value}
        return late("importers", "load")(spec, **chosen)
    return late("spec", "read")(spec)


def command(commands: Any, name: str, help: str, *, epilog: str | None = None, **more: Any) -> Any:
    """A parser for one command."""
    return commands.add_parser(
        name,
        help=help,
        description=f"{help[0].upper()}{help[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        **more,
    )

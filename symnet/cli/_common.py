"""What the commands share: exit codes, remarks, how a network is given."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from .._late import late
from ..errors import SpecError

OK, FALSE, MISUSE, UNDECIDED = 0, 1, 2, 3

#: Options for model files, and what importers call them.
_OPTIONS = {"dtype": "dtype", "normalise": "normalise", "select": "output",
            "activation": "activation", "architecture": "architecture", "axes": "axes"}  # fmt: skip

SPEC = """\
SPEC is a network, a file that describes one, or a model file (.onnx, .nnet, .keras,
.safetensors, .npz, .json):
  "Linear(3, 4), ReLU, Linear(4, 2)"      layers, first to last
  "Linear(n, m), Linear(m, k), Sigmoid"   sizes may be names
  "Linear([[1, 2/3]], [0.5]), ReLU"       weights, exactly as written
  "Linear(n, n) * 50"                     the same kind of layer again and again
"""


def remark(text: str) -> None:
    """A line on stderr."""
    print(text, file=sys.stderr, flush=True)


def network(spec: str, options: argparse.Namespace | None = None) -> Any:
    """The network that is given on the command line, on stdin or in a file."""
    return networks(options, spec)[0]


def networks(options: argparse.Namespace | None, *specs: str) -> list[Any]:
    """Several networks; each file takes the options that its format has, and none is left over."""
    chosen = {
        name: value for option, name in _OPTIONS.items()
        if (value := getattr(options, option, None))
    }  # fmt: skip
    used: set[str] = set()
    found = []
    for spec in specs:
        if spec == "-":
            found.append(late("spec", "parse")(sys.stdin.read()))
        elif late("importers", "is_model_file")(spec):
            known = late("importers", "importer_of")(Path(spec)).options
            mine = {name: value for name, value in chosen.items() if name in known}
            used |= set(mine)
            found.append(late("importers", "load")(spec, **mine))
        else:
            found.append(late("spec", "read")(spec))
        for line in found[-1].remarks:
            remark(line)
    left = [f"--{option}" for option, name in _OPTIONS.items() if name in chosen.keys() - used]
    if left:
        raise SpecError(f"{', '.join(left)} does not concern {' and '.join(specs)}")
    return found


def model_options(parser: Any) -> None:
    """Add the options for model files."""
    model = parser.add_argument_group("model files")
    model.add_argument("--dtype", help="round decimals and roots: float32, float64 or float16")
    model.add_argument("--normalise", action="store_true", help="fold the constants of .nnet files")
    model.add_argument("--select", metavar="NAME", help="which output of a .onnx file")
    model.add_argument(
        "--activation", metavar="NAME",
        help="what stands between the layers of a file of weights alone (.safetensors, .npz): relu",
    )  # fmt: skip
    model.add_argument(
        "--architecture", metavar="SPEC", help="the network whose weights such a file holds"
    )
    model.add_argument("--axes", help='how such weights lie: "out, in" or "in, out"')


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


def short(value: Any) -> str:
    """An exact number, or ten digits of it where it is long."""
    exact = str(value)
    return exact if len(exact) <= 20 else f"about {value.evalf(10)}"

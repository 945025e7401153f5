"""``symnet prove`` and ``symnet equal``: a claim in text, and two networks."""

from __future__ import annotations

import argparse
import json
import sys
from fractions import Fraction
from typing import Any

from .._late import late
from ..errors import DomainError, ExpressionError
from ._common import FALSE, OK, SPEC, UNDECIDED, command, model_options, networks, short
from ._numbers import intervals, seconds

_CODES = {"proved": OK, "refuted": FALSE, "undecided": UNDECIDED}

_PROVE = """\
CLAIM has two sides and =, <=, <, >=, > or != between them, or is a property:
  symnet prove "relu(x) - relu(-x) = x"
  symnet prove --where "a >= 0" "relu(a*x) = a*relu(x)"
  symnet prove "0 <= sigmoid(x) <= 1"
  symnet prove "convex(softplus(x))"
  symnet prove --box 0 1 "x^2 <= x"
Names are real symbols, a decimal is what is written, and functions are the activations, max, min,
abs, exp, log, sqrt, …; nothing is evaluated as Python.
Exit codes: 0 proved, 1 refuted, 2 misuse, 3 undecided.
"""

_EQUAL = f"""\
{SPEC}
Examples:
  symnet equal "Linear([[1], [-1]]), ReLU, Linear([[1, -1]])" "Linear([[1]])"
  symnet equal trained.onnx pruned.onnx --box 0 1
Exit codes: 0 equal, 1 not equal, with a point, 2 misuse, 3 undecided.
"""


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    prove = command(commands, "prove", "prove a claim or refute it at a point", epilog=_PROVE)
    prove.add_argument("claim", metavar="CLAIM", help="the claim, or - for stdin")
    prove.add_argument(
        "--as", dest="layers", choices=("composition", "sum"), help="CLAIM is a formula for linear "
        "layers, w1x + b1 + w2x + b2 = …, one after the other or added",
    )  # fmt: skip
    prove.add_argument("--where", metavar="CONDITION", help="which values count: a >= 0 and b != 0")
    _options(prove, "bounds for all symbols, or for each in the order of their names")
    equal = command(commands, "equal", "whether two networks are one function", epilog=_EQUAL)
    equal.add_argument("one", metavar="SPEC", help="a network, or a file")
    equal.add_argument("other", metavar="SPEC", help="another one")
    equal.add_argument(
        "--most", action="store_true", help="with --box: the point where they differ most"
    )
    _options(equal, "bounds for all inputs, or for each")
    model_options(equal)


def _options(parser: argparse.ArgumentParser, box: str) -> None:
    parser.add_argument("--box", type=intervals, metavar="LO HI …", help=f"{box}; inf is none")
    parser.add_argument("--timeout", type=seconds, metavar="SECONDS", help="undecided after that")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the verdict as JSON")
    form.add_argument("--latex", action="store_true", help="claim and verdict in LaTeX")


def run_prove(options: argparse.Namespace) -> int:
    """Decide a claim, or every relation of a chain; the exit code."""
    text = sys.stdin.read() if options.claim == "-" else options.claim
    if options.layers is not None:
        return _layers(text, options)
    reading = late("reading", "parse_claims")
    claims = reading(text, where=True if options.where is None else options.where)
    domain = None
    if options.box is not None:
        domain = _bounds(claims, options.box)
    return _answer([claim.narrowed(True, domain) for claim in claims], options)


def _layers(text: str, options: argparse.Namespace) -> int:
    """A formula for linear layers: both readings and the formula that is right."""
    if options.where is not None or options.box is not None or options.latex:
        raise ExpressionError("--as has no --where, no --box and no --latex: it is for all numbers")
    found = late("reading", "prove_layers")(text)
    if options.json:
        record = late("testing._record", "record")
        verdicts = {"sum": found.added, "composition": found.composed, "correct": found.corrected}
        told = {name: record(v.claim, v) for name, v in verdicts.items()}
        print(json.dumps({**told, "formula": found.correct}, indent=2))
    else:
        print(found)
    chosen = found.composed if options.layers == "composition" else found.added
    return _CODES[chosen.verdict]


def run_equal(options: argparse.Namespace) -> int:
    """Compare two networks; the exit code."""
    one, other = networks(options, options.one, options.other)
    domain = None if options.box is None else late("regions.domains", "Box")(*options.box)
    if options.most:
        return _most(one, other, domain, options)
    return _answer([late("claims", "Claim")(one, other, domain=domain)], options)


def _most(one: Any, other: Any, domain: Any, options: argparse.Namespace) -> int:
    """Where two networks differ most; 0 where nowhere, 3 where the search ends too early to say."""
    if domain is None:
        raise DomainError("the greatest difference is looked for on a bounded domain: give --box")
    limit = None if options.timeout is None else float(options.timeout)
    found = late("trained._range", "greatest_difference")(one, other, domain, timeout=limit)
    record = {
        "difference": found.value, "bound": found.bound, "output": found.output,
        "one": found.values[0], "other": found.values[1],
    }  # fmt: skip
    if options.json:
        shown = {k: str(v) for k, v in record.items()} | {"input": list(map(str, found.point))}
        print(json.dumps(shown, indent=2))
    elif not found.bound:
        print("they are equal")
    else:
        at = ", ".join(map(str, found.point))
        one_value, other_value = map(short, found.values)
        print(f"output {found.output} is {one_value} and {other_value} at ({at})")
        beyond = "" if found.is_exact else f" there, and nowhere by more than {short(found.bound)}"
        print(f"they differ by {short(found.value)}{beyond}")
    return FALSE if found.value else OK if found.is_exact else UNDECIDED


def _answer(claims: list[Any], options: argparse.Namespace) -> int:
    verdicts = [claim.prove(timeout=options.timeout) for claim in claims]
    if options.json:
        record = late("testing._record", "record")
        records = [record(c, v) for c, v in zip(claims, verdicts, strict=True)]
        print(json.dumps(records[0] if len(records) == 1 else records, indent=2))
    else:
        for verdict in verdicts:
            print(verdict.latex().rstrip("\n") if options.latex else verdict)
    return max((_CODES[v.verdict] for v in verdicts), key=(OK, UNDECIDED, FALSE).index)


def _bounds(claims: list[Any], box: list[Any]) -> dict[Any, Any]:
    """The interval of every symbol, in the order of names; one interval is for all of them."""
    sides = [getattr(c, name, None) for c in claims for name in ("lhs", "rhs", "function")]
    free = set().union(*(side.free_symbols for side in sides if side is not None))
    symbols = sorted(free, key=str)
    if len(box) not in (1, len(symbols)):
        names = ", ".join(map(str, symbols))
        raise DomainError(
            f"--box has {len(box)} intervals, and the claim has the symbols {names}; "
            "give one interval for all, or one for each"
        )
    number = late("regions.domains", "number")
    exact = [tuple(number(v) if isinstance(v, Fraction) else v for v in pair) for pair in box]
    return dict(zip(symbols, exact * (len(symbols) if len(box) == 1 else 1), strict=True))

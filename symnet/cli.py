"""The command line: ``symnet derive``, ``simplify``, ``check``, ``notes``.

Exit codes: 0 as stated, 1 something false, 2 misuse, 3 undecided. Results go to stdout, remarks
to stderr. SymPy is imported when a command needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import __version__
from ._late import late
from .errors import DerivationError, SymnetError

OK, FALSE, MISUSE, UNDECIDED = 0, 1, 2, 3

SPEC = """\
SPEC is a network, or a file that holds one:
  "Linear(3, 4), ReLU, Linear(4, 2)"      layers, first to last
  "Linear(n, m), Linear(m, k), Sigmoid"   sizes may be names
  "Linear([[1, 2/3]], [0.5]), ReLU"       weights, exactly as written
  "Linear(n, n) * 50"                     the same kind of layer again and again
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return MISUSE
    try:
        code: int = _COMMANDS[options.command](options)
    except SymnetError as error:
        _remark(f"symnet {options.command}: {error}")
        return MISUSE
    except KeyboardInterrupt:
        _remark("symnet: interrupted")
        return 130
    except BrokenPipeError:
        # the reader of stdout has gone, as in `symnet … | head`
        sys.stderr.close()
        return OK
    return code


def _derive(options: argparse.Namespace) -> int:
    net = _network(options.spec)
    target = None if options.to is None else _network(options.to)
    try:
        derivation = late("deriving", "derive")(net, to=target)
    except DerivationError as error:
        _remark(f"symnet derive: {error}")
        return FALSE if getattr(error.verdict, "verdict", "") == "refuted" else UNDECIDED
    verdict = derivation.check()
    if not verdict:
        _remark(f"symnet derive: {verdict}")
        return FALSE if verdict.verdict == "refuted" else UNDECIDED
    _remark(f"{verdict}")
    _deliver(derivation.document(), options)
    return OK


def _simplify(options: argparse.Namespace) -> int:
    net = _network(options.spec)
    for rewrite in late("simplification", "rewrites")(net):
        _remark(f"{rewrite.rule.name}: {rewrite.rule.statement}")
    print(late("simplification", "simplify")(net))
    return OK


def _check(options: argparse.Namespace) -> int:
    theorems, unreadable = late("catalogue", "read_what_can_be")(options.folder)
    code = OK
    for theorem in theorems:
        problem = theorem.problem
        print(f"{theorem.name}: {problem or theorem.verdict}")
        if problem:
            code = max(
                code,
                UNDECIDED if theorem.verdict.verdict == "undecided" else FALSE,
                key=(OK, UNDECIDED, FALSE).index,
            )
    for problem in unreadable:
        _remark(f"symnet check: {problem}")
    return MISUSE if unreadable else code


def _notes(options: argparse.Namespace) -> int:
    theorems = late("catalogue", "read")(options.folder)
    problems = []
    for place, theorem in enumerate(theorems, start=1):
        _remark(f"[{place}/{len(theorems)}] {theorem.name}: {theorem.problem or theorem.verdict}")
        if theorem.problem:
            problems.append(theorem.name)
    if problems:
        _remark(f"symnet notes: nothing was written, since these fail: {', '.join(problems)}")
        return FALSE
    _deliver(late("catalogue", "document")(theorems, title=options.title), options)
    return OK


_COMMANDS = {"derive": _derive, "simplify": _simplify, "check": _check, "notes": _notes}


def _network(spec: str) -> Any:
    if spec == "-":
        return late("spec", "parse")(sys.stdin.read())
    return late("spec", "read")(spec)


def _deliver(document: Any, options: argparse.Namespace) -> None:
    chosen = {"notation": options.notation, "bold": options.bold}
    outputs = options.output or ["-"]
    for output in outputs:
        if output == "-":
            form = options.format or "text"
            more = {"standalone": True} if options.standalone else {}
            text = late("render", "render")(document, form, **chosen, **more)
            if isinstance(text, bytes):
                sys.stdout.buffer.write(text)
            else:
                print(text.rstrip("\n"))
            continue
        more = {"standalone": True} if options.standalone else {}
        path = late("render", "write")(document, Path(output), options.format, **chosen, **more)
        _remark(f"wrote {path}")


def _remark(text: str) -> None:
    print(text, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="symnet",
        description="Exact mathematics of neural networks: derivations, simplification, proofs.",
        epilog=SPEC,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"symnet {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    derive = _command(commands, "derive", "the checked derivation of a network's simplest form")
    derive.add_argument("spec", metavar="SPEC", help="the network, a file, or - for stdin")
    derive.add_argument("--to", metavar="SPEC", help="end the chain at this network")
    _output_options(derive)
    simplify = _command(commands, "simplify", "the simplest form of a network")
    simplify.add_argument("spec", metavar="SPEC", help="the network, a file, or - for stdin")
    check = _command(commands, "check", "prove every theorem file in a folder")
    check.add_argument("folder", metavar="DIR", help="a folder of theorem files (they are run)")
    notes = _command(commands, "notes", "lecture notes from a folder of theorem files")
    notes.add_argument("folder", metavar="DIR", help="a folder of theorem files (they are run)")
    notes.add_argument("--title", default="Why networks need activation functions")
    _output_options(notes)
    return parser


def _command(commands: Any, name: str, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help,
        description=f"{help[0].upper()}{help[1:]}.",
        epilog=SPEC if name in {"derive", "simplify"} else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def _output_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        action="append",
        help="write to FILE, the suffix picks the format (.tex .pdf .md .html .txt); - is stdout; "
        "may be given several times",
    )
    parser.add_argument("--format", help="the format, where the suffix does not say it")
    parser.add_argument("--notation", default="columns", help="columns, rows, omega or brackets")
    parser.add_argument("--bold", action="store_true", help="bold matrices and vectors")
    parser.add_argument("--standalone", action="store_true", help="a whole LaTeX document")

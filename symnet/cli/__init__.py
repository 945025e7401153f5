"""The command line: ``symnet derive``, ``simplify``, ``prove``, ``equal``, ``regions``, ….

Exit codes: 0 as stated, 1 something false, 2 misuse, 3 undecided. Results go to stdout, remarks
to stderr. SymPy is imported when a command needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import __version__
from .._late import late
from ..errors import DerivationError, SymnetError
from . import _claims, _folders, _regions, _theorems, _trained, _verify
from ._common import (
    FALSE,
    MISUSE,
    OK,
    SPEC,
    UNDECIDED,
    command,
    model_options,
    network,
    networks,
    remark,
)
from ._numbers import count, intervals, joined, seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = _parser()
    given = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_args(joined(given, _regions.NUMBERS))
    if options.command is None:
        parser.print_help()
        return MISUSE
    try:
        code: int = _COMMANDS[options.command](options)
    except (SymnetError, ImportError) as error:
        remark(f"symnet {options.command}: {error}")
        return MISUSE
    except KeyboardInterrupt:
        remark("symnet: interrupted")
        return 130
    except BrokenPipeError:
        # the reader of stdout has gone, as in `symnet … | head`
        sys.stderr.close()
        return OK
    return code


def _derive(options: argparse.Namespace) -> int:
    net, *targets = networks(options, options.spec, *([options.to] if options.to else []))
    target = targets[0] if targets else None
    try:
        derivation = late("deriving", "derive")(net, to=target, form=options.form)
    except DerivationError as error:
        remark(f"symnet derive: {error}")
        return FALSE if getattr(error.verdict, "verdict", "") == "refuted" else UNDECIDED
    verdict = derivation.check()
    if not verdict:
        remark(f"symnet derive: {verdict}")
        return FALSE if verdict.verdict == "refuted" else UNDECIDED
    remark(f"{verdict}")
    _deliver(derivation.document(), options)
    return OK


def _simplify(options: argparse.Namespace) -> int:
    net = network(options.spec, options)
    if options.box is not None:
        reduction = late("trained._reduction", "reduce")(
            net, late("regions.domains", "Box")(*options.box),
            max_boxes=options.max_boxes, timeout=options.timeout,
        )  # fmt: skip
        remark(str(reduction))
        if options.check:
            remark(f"{reduction.check()}")
        net = reduction.network
    for rewrite in late("simplification", "rewrites")(net):
        remark(f"{rewrite.rule.name}: {rewrite.rule.statement}")
    net = late("simplification", "simplify")(net)
    if not options.output:
        print(net)
    for output in options.output:
        remark(str(late("exporters", "save")(net, output)))
    return OK


def _convert(options: argparse.Namespace) -> int:
    net = network(options.spec, options)
    limits = {name: getattr(options, name) for name in ("to_dtype", "rounding")}
    chosen = {name.removeprefix("to_"): value for name, value in limits.items() if value}
    for output in options.output:
        remark(str(late("exporters", "save")(net, output, **chosen)))
    return OK


def _notes(options: argparse.Namespace) -> int:
    findings = _theorems.findings(options.folder, options)
    theorems = late("catalogue", "read")(options.folder, findings)
    kept = late("catalogue", "selected")([t.path for t in theorems], options.only)
    theorems = tuple(t for t in theorems if t.path in kept)
    outline = _outline(theorems, options)
    problems = []
    for place, theorem in enumerate(theorems, start=1):
        remark(f"[{place}/{len(theorems)}] {theorem.name}: {theorem.problem or theorem.verdict}")
        if theorem.problem:
            problems.append(theorem.name)
    if problems:
        remark(f"symnet notes: nothing was written, since these fail: {', '.join(problems)}")
        return FALSE
    made = late("catalogue", "document")(
        theorems, options.title, outline, options.author, options.date
    )
    _deliver(made, options, numbered=True)
    return OK


def _outline(theorems: Sequence[Any], options: argparse.Namespace) -> Any:
    """The outline that was given, or that lies in the folder; the chosen theorems of it."""
    path = options.outline or Path(options.folder) / late("catalogue", "OUTLINE")
    if options.outline is None and not path.is_file():
        return None
    known = [f.stem for f in late("catalogue", "theorem_files")(options.folder)]
    outline = late("catalogue", "read_outline")(path, known)
    closed = {t.name for t in theorems if not t.is_open}
    further = [name for name in known if name not in outline.names and name in closed]
    if further:
        remark(f"symnet notes: {path} does not name {', '.join(further)}; they come last")
    return outline.only({t.name for t in theorems})


_COMMANDS = {
    "derive": _derive,
    "simplify": _simplify,
    "notes": _notes,
    "regions": _regions.run,
    "prove": _claims.run_prove,
    "equal": _claims.run_equal,
    "verify": _verify.run,
    "convert": _convert,
    **_trained.COMMANDS,
    **_theorems.COMMANDS,
    **_folders.COMMANDS,
}


def _deliver(document: Any, options: argparse.Namespace, numbered: bool = False) -> None:
    chosen = {"notation": options.notation, "bold": options.bold, "numbered": numbered}
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
        remark(f"wrote {path}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="symnet",
        description="Exact mathematics of neural networks: derivations, simplification, proofs, "
        "linear regions.",
        epilog=SPEC,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"symnet {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    derive = command(
        commands, "derive", "the checked derivation of a network's simplest form", epilog=SPEC
    )
    derive.add_argument("spec", metavar="SPEC", help="the network, a file, or - for stdin")
    derive.add_argument("--to", metavar="SPEC", help="end the chain at this network")
    derive.add_argument(
        "--form", choices=("piecewise",), help="how the linear pieces come about instead"
    )
    _output_options(derive)
    model_options(derive)
    simplify = command(commands, "simplify", "the simplest form of a network", epilog=SPEC)
    simplify.add_argument("spec", metavar="SPEC", help="the network, a file, or - for stdin")
    simplify.add_argument(
        "--box", type=intervals, metavar="LO HI …",
        help="only there the result need be equal: bounds, for all inputs or for each",
    )  # fmt: skip
    simplify.add_argument("--check", action="store_true", help="with --box: verify the result")
    simplify.add_argument(
        "--timeout", type=seconds, metavar="SECONDS",
        help="with --box: look at no more parts of it after that",
    )  # fmt: skip
    simplify.add_argument(
        "--max-boxes", type=count, metavar="N", help="with --box: look at so many parts of it"
    )
    simplify.add_argument(
        "-o", "--output", metavar="FILE", action="append", default=[],
        help="write the network to FILE (.json .npz .safetensors .onnx), and do not print it",
    )  # fmt: skip
    model_options(simplify)
    convert = command(commands, "convert", "a network into another file", epilog=SPEC)
    convert.add_argument("spec", metavar="SPEC", help="the network, or a file")
    convert.add_argument(
        "-o", "--output", metavar="FILE", action="append", required=True,
        help="the file: .json .npz .safetensors .onnx; may be given several times",
    )  # fmt: skip
    convert.add_argument("--to-dtype", metavar="TYPE", help="float32, float64 or float16")
    convert.add_argument(
        "--rounding", action="store_true", help="round weights that no float of the type is"
    )
    model_options(convert)
    notes = command(commands, "notes", "lecture notes from a folder of theorem files")
    notes.add_argument("folder", metavar="DIR", help="a folder of theorem files (they are run)")
    notes.add_argument(
        "--outline", type=Path, metavar="FILE",
        help="chapters and what stands between the theorems; DIR/outline.md where it is there",
    )  # fmt: skip
    _theorems.only(notes)
    notes.add_argument("--title", default="", help="instead of the outline's")
    notes.add_argument("--author", default="")
    notes.add_argument("--date", default="")
    _output_options(notes)
    _theorems.proving(notes)
    _claims.add(commands)
    _verify.add(commands)
    _regions.add(commands)
    _trained.add(commands)
    _theorems.add(commands)
    _folders.add(commands)
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

"""Documents in every format: one member file each, found by being here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from ..document import Document
from ..errors import OutputError
from ..files import write_atomically
from ..notation import Notation, get as get_notation
from ._base import Format, Options, plain
from ._printer import latex

__all__ = [
    "Format",
    "Options",
    "formats",
    "latex",
    "plain",
    "render",
    "write",
    "write_atomically",
]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def formats() -> tuple[type[Format], ...]:
    """Every format of the catalogue, by name; each has ``name``, ``suffixes``, ``description``."""
    found: list[type[Format]] = []
    waiting = list(Format.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(__name__) and "name" in kind.__dict__:
            found.append(kind)
    return tuple(sorted(found, key=lambda kind: kind.name))


def _format(name: str) -> type[Format]:
    for kind in formats():
        if kind.name == name:
            return kind
    names = ", ".join(kind.name for kind in formats())
    raise OutputError(f"there is no format {name!r}; the formats are {names}")


def render(
    document: Document,
    format: str,
    *,
    notation: str | Notation = "columns",
    bold: bool = False,
    standalone: bool = False,
    numbered: bool = False,
    elide: bool = True,
    fragment: bool = False,
) -> str | bytes:
    r"""A document in a format: text, or bytes for PDF.

    Parameters
    ----------
    document : Document
    format : a name from :func:`formats`
    notation : a name from :func:`symnet.notation.every_notation`, or a notation of one's own
    bold : matrices and vectors in bold
    standalone : a whole LaTeX document rather than a fragment
    numbered : a number for every section and display; where a chain has a label, for every line
    elide : whether long regular runs are written with dots
    fragment : of HTML only the part for a page that is there already, such as a notebook

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet.document import Chain, Document, Link
    >>> from symnet.render import render
    >>> W, b, x = (sp.MatrixSymbol(s, 2, k) for s, k in (("W", 2), ("b", 1), ("x", 1)))
    >>> chain = Chain(W * (x + b), (Link(W * x + W * b, ("distributivity",)),))
    >>> print(render(Document((chain,)), "latex"))
    % needs the packages: amsmath
    \begin{align*}
      W (b + x) &= W b + W x && \text{distributivity}
    \end{align*}
    <BLANKLINE>
    """
    options = Options(get_notation(notation), bold, standalone, numbered, elide, fragment)
    return _format(format)(document, options).render()


def write(
    document: Document,
    path: str | Path,
    format: str | None = None,
    *,
    notation: str | Notation = "columns",
    bold: bool = False,
    standalone: bool = False,
    numbered: bool = False,
    elide: bool = True,
) -> Path:
    """Write a document to a file; the suffix of ``path`` says the format, if ``format`` does not.

    The file is complete or it is not there: it is written beside its place and then moved.

    Raises
    ------
    OutputError
        Where the suffix is unknown, the folder is missing or cannot be written, or a program
        that the format needs is not installed.
    """
    path = Path(path)
    options = Options(get_notation(notation), bold, standalone, numbered, elide)
    kind = _format(format) if format is not None else _by_suffix(path)
    made = kind(document, options)
    content = made.render_to(path.suffix.lower())
    return write_atomically(path, content)


def _by_suffix(path: Path) -> type[Format]:
    name = path.name.lower()
    fitting = [(suffix, kind) for kind in formats() for suffix in kind.suffixes
               if name.endswith(suffix)]  # fmt: skip
    if fitting:
        return max(fitting, key=lambda pair: len(pair[0]))[1]
    known = ", ".join(sorted(suffix for kind in formats() for suffix in kind.suffixes))
    found = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
    raise OutputError(f"cannot write {path}: {found} names no format; the suffixes are {known}")

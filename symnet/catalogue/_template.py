"""A theorem file to start from, which decides as it is."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from ..errors import TheoremError
from ..files import write_atomically
from ._files import OPEN, REFUTED

_TEXT = '''\
r"""{statement}

Why: what a reader gains from it, in a sentence or two; LaTeX such as $W x + b$ between dollars.

Conditions: what has to hold, if anything; leave this out otherwise.

Source: author, title (year), number of the theorem, DOI.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

# what symnet decides; properties such as sn.convex(f) and relations such as "<=" are claims, too
claim = {claim}
'''

_KINDS = {
    "": ("A ReLU minus the ReLU of the negative is the identity.",
         "sn.Claim(sn.relu(x) - sn.relu(-x), x)"),
    REFUTED: ("A ReLU of a sum is the sum of the ReLUs.",
              "sn.Claim(sn.relu(x + y), sn.relu(x) + sn.relu(y))"),
    OPEN: (r"$|\mathrm{silu}(x) - \mathrm{silu}(y)| \le \frac{11}{10} |x - y|$.",
           'sn.Claim(sp.Abs(sn.silu(x) - sn.silu(y)), sp.Rational(11, 10) * sp.Abs(x - y), "<=")'),
}  # fmt: skip


def new_theorem(name: str, folder: str | Path, kind: str = "") -> Path:
    """Write a theorem file to start from; where it is.

    Parameters
    ----------
    name : str
        What the theorem concludes, such as ``relu_convex``.
    folder : str or Path
        The folder of theorem files; made where there is none.
    kind : "", "refuted" or "open"

    Raises
    ------
    TheoremError
        If the name is none, or there is a theorem of this name.
    """
    name = name.removesuffix(".py")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name):
        raise TheoremError(
            f"{name!r} is no name for a theorem; it says what is concluded in small letters, with "
            "_ between the words, such as relu_convex"
        )
    folder = Path(folder)
    for place in (folder, folder / REFUTED, folder / OPEN):
        if (place / f"{name}.py").exists():
            raise TheoremError(f"{place / name}.py is there already; choose another name")
    statement, claim = _KINDS[kind]
    target = folder / kind
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TheoremError(f"{target} cannot be made: {error.strerror}") from error
    return write_atomically(target / f"{name}.py", _TEXT.format(statement=statement, claim=claim))

"""Widths of characters and commands, in points, for Computer Modern at 10 points.

Of italic, roman and bold the widest counts. Source: the TeX font metrics cmmi10, cmr10, cmbx10 and
cmsy10; the spaces of plain TeX, 2.2 around an operation and 2.8 around a relation.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _widths(letters: str, widths: str) -> dict[str, float]:
    return dict(zip(letters, map(float, widths.split()), strict=True))


LETTERS = _widths(
    "abcdefghijklmnopqrstuvwxyz",
    "5.6 6.4 5.2 6.4 5.3 6.0 5.8 6.4 3.5 4.7 6.1 3.4 9.6 6.4 5.8 6.4 6.1 5.0 5.2 4.5 6.4 6.1 8.4 "
    "6.2 6.1 5.2",
) | _widths(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "8.7 8.2 8.3 8.9 7.9 7.8 9.1 9.2 5.4 6.6 9.3 6.9 11.0 9.2 8.7 7.9 8.7 8.7 7.0 8.1 8.9 8.7 "
    "11.9 9.2 8.7 7.5",
)
PLAIN = {
    **LETTERS, **dict.fromkeys("0123456789", 5.8), **dict.fromkeys(".,;:!'`", 3.2),
    **dict.fromkeys("()[]", 4.5), "|": 3.0, "/": 5.1, "*": 9.5, "?": 5.5, "@": 7.9, '"': 5.2,
    "+": 12.3, "-": 12.3, "=": 13.5, "<": 13.5, ">": 13.5, ":": 8.4, "~": 3.4, "&": 0.0,
}  # fmt: skip

RELATIONS = _words(
    r"= < > \le \leq \ge \geq \ne \neq \approx \equiv \in \notin \to \mapsto \sim \subset "
    r"\subseteq \lt \gt \ll \gg \Rightarrow \Leftarrow \Leftrightarrow \rightarrow "
    r"\leftarrow \parallel \perp \propto \implies \iff \colon"
)
OPERATIONS = _words(
    r"+ - \cdot \times \circ \odot \otimes \oplus \pm \mp \cup \cap \wedge \vee \div \ast "
    r"\setminus"
)
SPACES = {
    r"\,": 1.7, r"\:": 2.3, r"\>": 2.3, r"\;": 2.8, r"\!": -1.7, r"\quad": 10.0, r"\qquad": 20.0,
    r"\ ": 3.4, r"\\": 0.0, r"\{": 5.1, r"\}": 5.1, r"\%": 8.4, r"\&": 7.8, r"\#": 8.4,
    r"\$": 5.1, r"\_": 5.0, r"\|": 5.1, r"\-": 0.0, r"\/": 0.0, r"\cdots": 15.1, r"\ldots": 15.1,
    r"\dots": 15.1, r"\vdots": 4.0, r"\ddots": 15.1, r"\infty": 10.1, r"\sum": 18.0,
    r"\prod": 16.5, r"\int": 11.0, r"\partial": 6.5, r"\nabla": 8.4, r"\prime": 3.5, r"\top": 7.9,
    r"\surd": 8.4, r"\ell": 4.3, r"\emptyset": 5.1, r"\forall": 5.7, r"\exists": 5.7,
    r"\neg": 6.8, r"\Rightarrow": 15.8, r"\mapsto": 15.8, r"\allowbreak": 0.0, r"\copyright": 11.0,
    r"\textbullet": 5.1, r"\textbackslash": 5.1, r"\iff": 28.0, r"\implies": 25.0,
    **dict.fromkeys((r"\langle", r"\rangle", r"\vert", r"\lvert", r"\rvert", r"\mid"), 5.0),
    **dict.fromkeys((r"\lfloor", r"\rfloor", r"\lceil", r"\rceil", r"\Vert"), 5.5),
}  # fmt: skip
SILENT = _words(
    r"\displaystyle \textstyle \scriptstyle \limits \nolimits \strut \raggedright \notag "
    r"\nonumber \bf \rm \it \noindent \hfill \ensuremath \begingroup \endgroup \relax"
)
TEXTS = _words(
    r"\text \textbf \textit \textrm \texttt \emph \mathrm \operatorname \operatorname* "
    r"\mbox \mathtt \mathsf"
)
SCRIPT = 0.8  # a 7 point letter beside its 10 point sister, some 0.7 to 0.85

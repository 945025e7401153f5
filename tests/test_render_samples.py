"""Documents that the tests of renderers share: every kind of block, plain and difficult."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, get_args

import sympy as sp

import symnet as sn
from symnet import catalogue
from symnet.document import (
    Address,
    Appendix,
    Aside,
    Block,
    Cases,
    Chain,
    Chains,
    Contents,
    Document,
    Emphasis,
    Figure,
    Heading,
    Items,
    Link,
    Math,
    Prose,
    Reference,
    Shape,
    Statement,
    Table,
    Typeset,
    expressions,
)
from symnet.exact.rational_matrix import RationalMatrix

#: Text with every character that means something to some format.
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30">'
    '<path d="M0 30 L30 30 L60 0" stroke="teal" fill="none"/></svg>'
)
EVIL = r"""50% of $5 & #1 {a} ~b^c \d <e> |f| `g` *h* _i_ [j](k) "l" 'm' -- !n @o"""
FOREIGN = "naïve Größe λ ≤ ∞, x₁ → y², “quoted” – 中文 ﬁ Łódź"
#: Names that users give.
NAMES = ["weights_out", "λ", "W'", "x^2", r"\alpha", r"\input{x}", "50%", "a_b_c", "a b", "中",
         "x_{1}", "#&$", "W1", "long" * 20, "~", "é", "W'_1", "f(x)", "", "<b>", "x|y", "`q`",
         "__", "$$", "ℝ²", "{", "}}", "gamma_1", "b_12", "n_0"]  # fmt: skip


def stack(depth: int) -> tuple[list[Any], list[Any], sp.MatrixSymbol]:
    """Weights and biases from index 1, and the input."""
    n = sp.symbols(f"n_0:{depth + 1}", integer=True, positive=True)
    W = [None, *(sp.MatrixSymbol(f"W_{k}", n[k], n[k - 1]) for k in range(1, depth + 1))]
    b = [None, *(sp.MatrixSymbol(f"b_{k}", n[k], 1) for k in range(1, depth + 1))]
    return W, b, sp.MatrixSymbol("x", n[0], 1)


def nested(depth: int, layer: Any = None) -> Any:
    W, b, x = stack(depth)
    result: Any = x
    for k in range(1, depth + 1):
        result = sp.MatAdd(sp.MatMul(W[k], result), b[k])
        if layer is not None and k < depth:
            result = layer(result)
    return result


def general(depth: int) -> Any:
    """(W_n ⋯ W_1) x + (W_n ⋯ W_2 b_1 + … + b_n)."""
    W, b, x = stack(depth)
    product = sp.MatMul(*W[:0:-1])
    terms = [sp.MatMul(*W[depth:k:-1], b[k]) if k < depth else b[k] for k in range(1, depth + 1)]
    return sp.MatAdd(sp.MatMul(product, x), sp.MatAdd(*terms))


def collapse() -> Chain:
    """Two linear layers become one."""
    W, b, x = stack(2)
    inner = sp.MatAdd(sp.MatMul(W[1], x), b[1])
    return Chain(
        sp.MatAdd(sp.MatMul(W[2], inner), b[2]),
        (
            Link(
                sp.MatAdd(sp.MatMul(W[2], sp.MatMul(W[1], x)), sp.MatMul(W[2], b[1]), b[2]),
                ("distributivity: ", Math(W[2]), " is linear"),
            ),
            Link(
                sp.MatAdd(
                    sp.MatMul(sp.MatMul(W[2], W[1]), x), sp.MatAdd(sp.MatMul(W[2], b[1]), b[2])
                ),
                ("associativity",),
            ),
            Link(
                sp.MatAdd(
                    sp.MatMul(sp.MatrixSymbol("W", W[2].shape[0], W[1].shape[1]), x),
                    sp.MatrixSymbol("B", W[2].shape[0], 1),
                ),
                ("definition",),
            ),
        ),
        label="collapse",
    )


def many_links(count: int) -> Chain:
    links = [
        Link(nested(3), (f"step {k}, for a reason that takes some words",)) for k in range(count)
    ]
    return Chain(general(3), tuple(links), label="many:links")


def rational(rows: int, cols: int) -> RationalMatrix:
    return RationalMatrix(rows, cols, [3 * k - rows * cols for k in range(rows * cols)], 7)


def chains() -> dict[str, Chain]:
    """Chains from plain to wide."""
    W = stack(3)[0]
    c = sp.MatrixSymbol("c", 3, 1)
    M = sp.ImmutableDenseMatrix(3, 3, [sp.Rational(k, 7) for k in range(9)])
    long = sp.MatrixSymbol("a_very_long_name_for_weights", 3, 3)
    scalars = sp.symbols("alpha beta gamma delta epsilon", real=True)
    huge = sp.Rational(3**400, 2**500)
    sigma = sn.ReLU()
    steps = [sp.MatAdd(*(sp.MatMul(long, c) for _ in range(k))) for k in range(2, 7)]
    return {
        "collapse": collapse(),
        "deep": Chain(nested(50), (Link(general(50), ("all at once",)),), "deep"),
        "relu": Chain(nested(12, sigma), (Link(nested(12, sigma), ("nothing collapses",)),)),
        "five": Chain(nested(5), (Link(general(5)), Link(nested(4), ("x " * 90,)))),
        "matrices": Chain(
            sp.MatMul(M, M, M, c),
            (
                Link(sp.MatMul(M, sp.MatMul(M, M), c), ("numbers",)),
                Link(sp.MatMul(*[M] * 12, c), ("very many numbers",), "!="),
                Link(sigma(sp.MatMul(M, sigma(sp.MatMul(M, M, c) + c)) + sp.MatMul(M, M, c))),
            ),
        ),
        "rational": Chain(
            sp.MatMul(rational(4, 4), sp.MatrixSymbol("x", 4, 1)),
            (
                Link(rational(30, 20)),
                Link(rational(1, 14)),
                Link(rational(40, 1)),
                Link(rational(2, 12)),
                Link(RationalMatrix(2, 4, [3**40] * 8, 2**60), ("dyadic",)),
            ),
        ),
        "long names": Chain(steps[0], tuple(Link(s, ("again",)) for s in steps)),
        "scalars": Chain(
            sum(s**k for k in range(9) for s in scalars),
            (
                Link(sp.Mul(*(s + 1 for s in scalars)) / (1 + sum(scalars)) ** 2),
                Link(sp.sqrt(1 + scalars[0] ** 2) + huge, ("an exact number",), "<="),
                Link(sp.Max(0, *scalars) - sp.exp(-scalars[0]), (), ">="),
                Link(sn.relu(scalars[0]) - 3, (), "->"),
                Link(sum(sp.symbols("p0:40")) / sum(sp.symbols("q0:40"))),
            ),
        ),
        "piecewise": Chain(
            sn.relu(scalars[0]),
            (
                Link(sp.Piecewise((scalars[0], scalars[0] > 0), (0, True)), ("definition",)),
                Link(
                    sp.Piecewise(
                        (sum(s**k for k in range(4) for s in scalars), scalars[0] + scalars[1] > 0),
                        (0, sp.And(*(s > 1 for s in scalars))),
                        (1, True),
                    )
                ),
            ),
        ),
        "start only": Chain(nested(2), ()),
        "typeset": Chain(
            Typeset(r"f(x) = \max\left(0, x\right)", "f(x) = max(0, x)"),
            (Link(Typeset(r"\mathrm{relu}(x)", "relu(x)"), ("λ",)),),
        ),
        "many": many_links(40),
        "structure": Chain(
            sp.BlockMatrix([[W[1], W[1]], [W[1], W[1]]]),
            (
                Link(sp.DiagMatrix(c), (Shape(W[1]),)),
                Link(sp.MatMul(W[1].T, W[2].T, W[3].T).T, (Math(W[1].T * W[1]), " is symmetric")),
                Link(sp.HadamardProduct(c, c), (EVIL,)),
                Link(sp.Identity(3) + sp.ZeroMatrix(3, 3) + sp.OneMatrix(3, 3), (FOREIGN,)),
                Link((long * c)[0, 0]),
                Link(sp.Inverse(long) * sp.MatPow(long, 3)),
            ),
        ),
    }


def all_blocks(folder: Path | None = None) -> dict[str, Any]:
    """One block of every kind, with the text that formats stumble over."""
    W, _, x = stack(2)
    t = sp.Symbol("t", real=True)
    # fmt: off
    blocks: dict[str, Any] = {
        "heading": Heading("Layers & more: " + EVIL),
        "numbered heading": Heading("Layers: " + EVIL, 1, "2", "part-2"),
        "contents": Contents(((1, "2 " + EVIL, "part-2"), (2, "2.1 " + FOREIGN, "work-1"))),
        "items": Items((
            ("work-1", (Emphasis("On " + EVIL), ", ", Address("https://a.b/?c=1&d=%2#e_f", EVIL))),
            (None, (Reference("part-2", "Theorem 2.1 " + EVIL), " " + FOREIGN)),
        )),
        "drawing": Figure(
            {".tikz": lambda: r"\begin{tikzpicture}\draw (0,0) -- (30,1);\end{tikzpicture}",
             ".svg": lambda: SVG},
            ("A line. " + EVIL,), "a line",
        ),
        "subheading": Heading("Größe λ", level=2),
        "deep heading": Heading("Detail", level=4),
        "prose": Prose((
            "For ", Math(W[1]), " of shape ", Shape(W[1]), " and ", Math(nested(9)), " in ",
            Typeset(r"\mathbf{R}^{n}", "R^n"), ". ", EVIL, " ", FOREIGN, " ", "verylongword" * 12,
        )),
        "aside": Aside(("By ", Math(nested(9)), " & ", EVIL, FOREIGN)),
        "appendix": Appendix((Heading("Looked up"), Prose(("Then ", EVIL)), collapse())),
        "cases": Cases(
            sn.relu(t),
            ((t, ("if ", Math(t > 0))), (sp.S.Zero, ("otherwise & " + EVIL,))),
            label="cases",
        ),
        "many cases": Cases(
            sp.Function("f")(t),
            tuple((t * k + sp.Rational(k, 3), ("if ", Math(t > k))) for k in range(30)),
        ),
        "wide cases": Cases(
            sp.Function("f")(t),
            ((sum(t**k * k for k in range(1, 30)), ("if ", Math(sp.And(t > 0, t < 1)), EVIL)),
             (t, ("otherwise",))),
        ),
        "chains": Chains((
            Chain(W[2], (Link(W[1] * x, ("first & " + EVIL,)),), "a"),
            Chain(x, (Link(general(3)), Link(nested(9), (FOREIGN,))), "b"),
            Chain(sp.Symbol("z_1"), ()),
        ), "both"),
        "table": Table(
            (("layer",), ("weights",), ("remark",)),
            (
                (("Linear",), (Math(W[1]), ": ", Shape(W[1])), ("first & " + EVIL,)),
                (("ReLU",), ("none",), (FOREIGN,)),
                (("Linear",), (Math(general(3)),), ("w" * 60,)),
            ),
            ("The layers, ", Math(x), " first",),
        ),
        "long table": Table(
            (("k",), ("value",)), tuple(((str(k),), (Math(t**k),)) for k in range(70))
        ),
        "figure": Figure({}, ("No picture",), "three lines that meet & part"),
        "statement": Statement(
            "Theorem", "Collapse & " + EVIL, ("For all ", Math(nested(2)), " it holds."),
            (Prose(("Proof.",)), collapse()), label="thm:collapse",
        ),
        "refuted": Statement("Refuted", "", ("ReLU is additive.",)),
    }
    # fmt: on
    if folder is not None:
        blocks["picture"] = Figure(pictures(folder), ("A picture of ", Math(W[1])), "a <line> & b")
    return blocks


def pictures(folder: Path) -> dict[str, Path]:
    svg = folder / "picture.svg"
    svg.write_text(SVG)
    pdf = folder / "picture.pdf"
    pdf.write_bytes(_PDF)
    return {".svg": svg, ".pdf": pdf}


_PDF = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 60 30]/Contents 4 0 R/Resources<<>>>> endobj
4 0 obj <</Length 24>> stream
0 0 m 30 0 l 60 30 l S
endstream endobj
trailer <</Root 1 0 R/Size 5>>
"""


def whole(folder: Path | None = None) -> Document:
    """Everything in one document."""
    blocks = (*all_blocks(folder).values(), *chains().values())
    return Document(blocks, title="Notes & " + EVIL, author="A. Üser", date="2025")


def names_document() -> Document:
    """Every odd name, as a matrix and as a scalar, in a display and in text."""
    matrices = [sp.MatrixSymbol(name, 2, 2) for name in NAMES if name]
    scalars = [sp.Symbol(name + "s") for name in NAMES]
    pairs = [
        Chain(sp.MatMul(A, A.T), (Link(sp.MatAdd(A, A.T), (Math(A), " and ", Math(s))),))
        for A, s in zip(matrices, scalars, strict=False)
    ]
    return Document(tuple(pairs))


def test_the_samples_hold_every_kind_of_block() -> None:
    kinds = {type(b) for b in (*all_blocks().values(), *chains().values())}
    assert kinds == set(get_args(Block))
    assert list(expressions(whole().blocks))


def squash(x: Any) -> Any:
    """A user's own activation."""
    return max(-1, min(x, 1))


@cache
def derived() -> Document:
    """Derivations of networks of many kinds, short and long, with symbols and with numbers."""
    n, m = sp.symbols("n m", integer=True, positive=True)
    third, half = sp.Rational(1, 3), sp.Rational(1, 2)
    networks = [
        sn.Sequential(*(sn.Linear(n, n) for _ in range(depth))) for depth in (1, 2, 3, 4, 5, 12, 25)
    ] + [
        sn.Sequential(*(sn.Linear(n, n) for _ in range(4)), sn.Sigmoid()),
        sn.Sequential(
            sn.Linear(n, m), sn.BatchNorm(m), sn.Dropout(half), sn.Linear(m, 1), sn.Tanh()
        ),
        sn.Sequential(sn.Residual(sn.Linear(n, n)), sn.ReLU(), sn.ReLU(), sn.Linear(n, m)),
        sn.Sequential(sn.Concat(sn.Linear(n, m), sn.Linear(n, m)), sn.Linear(2 * m, 1)),
        sn.Sequential(sn.Sum(sn.Linear(n, m), sn.Linear(n, m)), sn.LeakyReLU(1), sn.Linear(m, 1)),
        sn.Sequential(sn.Linear([[1, -2], [third, 4]], [half, 0]), sn.Linear([[1, -1]], [half])),
        sn.Sequential(sn.Linear(n, m), sn.activation(squash), sn.Linear(m, m), sn.Linear(m, 1)),
        sn.Sequential(sn.Linear([[0.1, 0.2], [0.3, 0.7]]), sn.Linear([[0.1, -0.7]], [0.3])),
    ]
    return Document(tuple(b for net in networks for b in sn.derive(net).document().blocks))


@cache
def theorems() -> Document:
    """The notes from the theorem files that come with symnet."""
    return catalogue.document(catalogue.read(Path(__file__).parent.parent / "proofs"))


@cache
def backward() -> Document:
    """Backward passes: of a deep network, of a batch, of a Jacobian with branches."""
    n = sp.symbols("n_0:7", integer=True, positive=True)
    layers = [a for k in range(6) for a in (sn.Linear(n[k], n[k + 1]), sn.ReLU())][:-1]
    norm = sn.Sequential(sn.Linear(n[0], n[1]), sn.LayerNorm(n[1]), sn.Linear(n[1], n[2]))
    passes = [
        sn.derive(sn.Sequential(*layers), loss=sn.CrossEntropyLoss()),
        sn.derive(norm, loss=sn.BCEWithLogitsLoss(), batch="rows"),
        sn.derive(sn.Sequential(norm, sn.Residual(sn.Linear(n[2], n[2]))), gradient="x"),
        sn.derive(sn.Sequential(sn.Linear([[1, 2]]), sn.Tanh()), loss=sn.HuberLoss()),
    ]
    return Document(tuple(block for d in passes for block in d.document().blocks), title="Back")


def documents(folder: Path | None = None) -> tuple[Document, ...]:
    """What every format has to set without a fault."""
    return whole(folder), names_document(), derived(), theorems(), backward()

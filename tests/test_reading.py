"""Expressions, conditions and claims as text: read exactly, refused safely, never evaluated."""

import ast

import pytest
import sympy as sp
from hypothesis import given, settings, strategies as st

import symnet as sn
from symnet.activations import every_function
from symnet.reading import parse_claims
from symnet.reading._catalogue import every_name

x, y, a, b = sp.symbols("x y a b", real=True)
R = sp.Rational


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("relu(x) - relu(-x)", sn.relu(x) - sn.relu(-x)),
        ("0.1", R(1, 10)),
        ("1e-3*x + .5 + 2.", x / 1000 + R(5, 2)),
        ("1_000", sp.Integer(1000)),
        ("-x^2", -(x**2)),
        ("2^-1", R(1, 2)),
        ("2^3^2", sp.Integer(512)),
        ("x**2/4", x**2 / 4),
        ("x - y - 1", x - y - 1),
        ("x/y/2", x / y / 2),
        ("x·y − 2×y", x * y - 2 * y),
        ("max(x, y, 3)", sp.Max(x, y, 3)),
        ("min(1, x)", sp.Min(1, x)),
        ("maximum(0, x)", sp.Max(0, x)),
        ("clip(x, -1, 1)", sp.Min(1, sp.Max(-1, x))),
        ("leaky_relu(x, 0.1)", sn.leaky_relu(x, R(1, 10))),
        ("hardtanh(x)", sn.hardtanh(x)),
        ("log(x, 2)", sp.log(x) / sp.log(2)),
        ("e^x", sp.exp(x)),
        ("sin(pi*x)", sp.sin(sp.pi * x)),
        ("x if x > 0 else 0", sp.Piecewise((x, x > 0), (0, True))),
        ("lambda*for", sp.Symbol("lambda", real=True) * sp.Symbol("for", real=True)),
        ("α*x", sp.Symbol("α", real=True) * x),
        ("(x^2 - 1)/(x - 1)", (x**2 - 1) / (x - 1)),
        ("\n relu(\n x)\n", sn.relu(x)),
    ],
)
def test_an_expression_is_what_is_written(text, expression):
    assert sn.parse(text) == expression


def test_every_activation_can_be_named_with_and_without_its_parameters():
    for function in every_function():
        name = function.__name__
        values = [R(k, 3) for k in range(1, 1 + len(function.parameters))]
        written = ", ".join(["x", *map(str, values)])
        assert sn.parse(f"{name}({written})") == function(x, *values)
        if len(function.defaults) == len(function.parameters):
            assert sn.parse(f"{name}(x)") == function(x)


# --- conditions


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("a >= 0", a >= 0),
        ("a ≥ 0", a >= 0),
        ("a = b", sp.Eq(a, b)),
        ("a != b", sp.Ne(a, b)),
        ("0 <= a < 1", sp.And(a >= 0, a < 1)),
        ("a > 0, b > 0", sp.And(a > 0, b > 0)),
        ("a > 0 or b > 0 and x > 0", sp.Or(a > 0, sp.And(b > 0, x > 0))),
        ("(a > 0 or b > 0) and x > 0", sp.And(sp.Or(a > 0, b > 0), x > 0)),
        ("not (a = 1) and b <= 2", sp.And(sp.Ne(a, 1), b <= 2)),
    ],
)
def test_a_condition_is_what_is_written(text, condition):
    read = sn.parse_condition(text)
    for values in [(u, v, w) for u in (-1, 0, 1) for v in (0, 1, 3) for w in (-1, 2)]:
        point = dict(zip((a, b, x), values, strict=True))
        assert read.subs(point) == condition.subs(point)


# --- claims


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("relu(x) - relu(-x) = x", "proved"),
        ("relu(x + y) = relu(x) + relu(y)", "refuted"),
        ("max(x, 1) + min(x, 1) == x + 1", "proved"),
        ("relu(x) < 1", "refuted"),
        ("odd(tanh(x))", "proved"),
        ("additive(relu(x))", "refuted"),
        ("lipschitz(2*relu(x), 1)", "refuted"),
    ],
)
def test_a_claim_is_decided(text, verdict):
    assert sn.parse_claim(text).prove().verdict == verdict


@pytest.mark.parametrize(
    ("text", "whole", "where"),
    [
        ("x/x", 1, sp.Ne(x, 0)),
        ("1/x - 1/x", 0, sp.Ne(x, 0)),
        ("sqrt(x)^2", x, x >= 0),
        ("(x - 7)/(x - 7)", 1, sp.Ne(x, 7)),
        ("exp(log(x))", x, x > 0),
        ("x^0.5*x^0.5", x, x >= 0),
        ("tan(x) - tan(x)", 0, sp.Ne(sp.cos(x), 0)),
    ],
)
def test_what_cancels_keeps_its_gaps(text, whole, where):
    read = sn.parse(text)
    assert read == sp.Piecewise((whole, where))
    verdict = sn.parse_claim(f"{text} = {whole}").prove()
    assert not verdict
    if verdict.verdict == "refuted":
        assert verdict.lhs_value is sp.nan


def test_what_is_never_evaluated_has_no_gap():
    assert sn.parse("x/x if x > 0 else 1").subs(x, 0) == 1
    assert sn.parse("x/(1 + x^2)*(1 + x^2)") == x


def test_a_chain_is_several_claims():
    claims = parse_claims("x = x + 0 = 0 + x")
    assert [(c.lhs, c.rhs) for c in claims] == [(x, x), (x, x)]
    with pytest.raises(sn.ExpressionError, match="a chain of 2 relations"):
        sn.parse_claim("x = x = x")


def test_names_may_be_matrices():
    n, m = sp.symbols("n m", integer=True, positive=True)
    A, B = sp.MatrixSymbol("A", n, m), sp.MatrixSymbol("B", m, n)
    claim = sn.parse_claim("(A*B)^T = B^T*A^T", names={"A": A, "B": B})
    assert (claim.lhs, claim.rhs) == ((A * B).T, B.T * A.T)
    assert claim.prove()
    with pytest.raises(sn.ExpressionError, match="column 1"):
        sn.parse("A + B", names={"A": A, "B": B})


def test_where_and_domain_go_with_the_claim():
    claim = sn.parse_claim("relu(a*x) = a*relu(x)", where="a < 0", domain=sn.Box([-2, 3]))
    assert claim == sn.Claim(sn.relu(a * x), a * sn.relu(x), where=a < 0, domain=sn.Box([-2, 3]))
    relations = ["=", "!=", "<=", "<", ">=", ">"]
    assert [sn.parse_claim(f"x {r} y").relation for r in relations] == relations


# --- refusals

TOO_MUCH = "more than 1000 digits"


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("__import__('os')", "is not read here", 12),
        ("__import__(os)", "there is no function __import__", 1),
        ("x.__class__", "a dot only stands in numbers", 2),
        ("lambda x: x", "':' is not read here", 9),
        ("[x for x in y]", r"'\[' is not read here", 1),
        ("x[0]", r"'\[' is not read here", 2),
        ("{x}", "'{' is not read here", 1),
        ("f'x'", "is not read here", 2),
        ("x := 1", "':' is not read here", 3),
        ("x; y", "give one expression", 2),
        ("x @ y", "'@' is not read here", 3),
        ("relu(*x)", "an expression was expected", 6),
        ("relu(**x)", "an expression was expected", 1),
        ("x\0y", r"'\\x00' is not read here", 2),
        ("\x1b[31mx", r"'\\x1b' is not read here", 1),
        ("ﬁ + 1", "is not read in names", 1),
        ("𝐱 + 1", "is not read in names", 1),
        ("x₁", "such as x_1", 2),
        ("аbs(x)", "is not read in names", 1),  # the first letter is Cyrillic
        ("１ + x", "is not read here", 1),
        ("x\u202ey", "is not read here", 2),
        ("10**10**10", TOO_MUCH, 5),
        ("9**9**9**9", TOO_MUCH, 7),
        ("2^(10^10)", TOO_MUCH, 4),
        ("((((2^100)^100)^100)^100)", TOO_MUCH, 12),
        ("1e999999", "beyond 1000", 1),
        ("9" * 5000, TOO_MUCH, 1),
        ("*".join(["1e999*x"] * 1000), TOO_MUCH, 1),
        ("x^(10^10)", "an exponent is at most 1000", 4),
        ("exp(exp(exp(exp(9))))", "is at most 10.6", 9),
        ("gamma(10^9)", "there is no function gamma", 1),
        ("(" * 10_000, "characters|nested more than 50", None),
        ("relu(" * 1000 + "x" + ")" * 1000, "nested more than 50 deep", None),
        ("relu(" * 10_000, "has 50000 characters; at most 10000", None),
        ("-" * 9000 + "x", "too long a chain|nested", None),
        ("x" + "**x" * 3000, "too long a chain|nested", None),
        ("x" + "+x" * 4999, "too long a chain", None),
        ("2x", "an operator is missing before x; a product is written with", 2),
        ("(x)(y)", "an operator is missing", 4),
        ("x(y)", r"for a product write x\*", 1),
        ("reluu(x)", "did you mean relu?", 1),
        ("ReLU(x)", "did you mean relu?", 1),
        ("relu + 1", r"relu is a function: write relu\(x\)", 1),
        ("relu(x, y)", "relu takes 1 argument, and 2 were given", 1),
        ("max()", "max takes at least 1 argument, and 0", 1),
        ("leaky_relu(x, 1, 2)", "leaky_relu takes 1 to 2 arguments, and 3", 1),
        ("1/0", "division by zero", 3),
        ("0^-1", "division by zero", 3),
        ("log(0)", "log has no real value here", 1),
        ("(-8)^(1/3)", "is not a real number", 7),
        ("hardtanh(x, 2, 1)", "min_val <= max_val", 1),
        ("x +", "ends too early", 4),
        ("(x", "this bracket was never closed", 1),
        ("x)", "this bracket closes nothing", 2),
        ("x * / y", "'/' is out of place here", 5),
        ("x = 1", "not a condition", 1),
        ("x, y", "here is a comma", 1),
        ("|x|", r"write abs\(x\)", 1),
        ("x if x else 1", "a condition was expected", 6),
        ("oo", "oo is no number", 1),
        ("", "is empty", None),
    ],
)
def test_what_is_not_understood_points_at_the_column(text, message, column):
    with pytest.raises(sn.ExpressionError, match=message) as caught:
        sn.parse(text)
    if column is not None:
        assert str(caught.value).endswith(f"^ column {column}")
        shown, caret, *_ = str(caught.value).splitlines()[-2:]
        if text.isprintable() and len(text) < 60:
            assert shown.strip() == text.strip()
            assert caret.index("^") == 2 + column - 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("relu(x)", "a claim has two sides and a relation"),
        ("x = 1 and y = 1", "a claim has two sides"),
        ("x =", "the claim ends too early"),
        ("x => 1", "out of place"),
        ("convex()", "convex: missing 1 required positional argument"),
    ],
)
def test_what_is_no_claim(text, message):
    with pytest.raises(sn.ExpressionError, match=message):
        sn.parse_claim(text)


def test_what_is_no_condition():
    with pytest.raises(sn.ExpressionError, match="a condition was expected here, such as a >= 0"):
        sn.parse_condition("a + 1")


# --- properties


@st.composite
def expressions(draw, depth=3):
    """Python text of an expression in x and y, with rational operations only."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(["x", "y", "2", "0.5", "7"]))
    one, two = (draw(expressions(depth=depth - 1)) for _ in range(2))
    return draw(
        st.sampled_from([f"({one} + {two})", f"{one} - {two}", f"{one}*{two}", f"-{one}",
                         f"({one})**2", f"{one}/3", f"abs({one})", f"max({one}, {two})"])
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(expressions())
def test_the_value_is_that_of_python_on_exact_numbers(text):
    """Python evaluates the same text with SymPy's numbers; decimals as they are written."""
    read = sn.parse(text)
    tree = ast.parse(text, mode="eval")
    for u, v in ((R(1, 3), R(-5, 2)), (R(-2), R(3, 7))):
        value = eval(
            compile(_with_rationals(tree), "", "eval"),
            {"x": u, "y": v, "abs": sp.Abs, "max": sp.Max, "number": R},
        )
        assert sp.nsimplify(read.subs({x: u, y: v}).doit()) == value


class _Rationals(ast.NodeTransformer):
    def visit_Constant(self, node):
        call = ast.Call(ast.Name("number", ast.Load()), [ast.Constant(str(node.value))], [])
        return ast.copy_location(call, node)


def _with_rationals(tree):
    return ast.fix_missing_locations(_Rationals().visit(ast.parse(ast.unparse(tree), mode="eval")))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xy_1230.e+-*/^()=<>!,: relumaxifnot\"'[]λ\0\n", max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        read = sn.parse(text)
    except sn.ExpressionError:
        return
    assert isinstance(read, sp.Expr)


@pytest.mark.parametrize("name", sorted(every_name()))
def test_large_numbers_in_functions_are_refused_or_computed(name):
    """None takes a value that fills the memory, as gamma would."""
    function = every_name()[name]
    for numbers in (["9" * 900, "1" * 900, "3" * 900], ["1e100"] * 3, ["1e-900"] * 3):
        text = f"{name}({', '.join(numbers[: function.least])})"
        try:
            value = sn.parse(text)
        except sn.ExpressionError:
            continue
        assert value.is_number

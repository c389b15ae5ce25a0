from fractions import Fraction

import pytest
from spec_reading import condition, expression, shown

from actgen.formula import FUNCTIONS, Number, walk
from actgen.spec.expression import Scope

GOOD = {
    "x": "x",
    "+x": "x",
    "-x": "neg(x)",
    "-x**2": "neg(pow(x, 2))",
    "x**-2": "pow(x, neg(2))",
    "x**g**2": "pow(x, pow(g, 2))",
    "x - g - 1": "sub(sub(x, g), 1)",
    "x - (g - 1)": "sub(x, sub(g, 1))",
    "x/2/g": "div(div(x, 2), g)",
    "1/2*x": "mul(div(1, 2), x)",
    "2*-x": "mul(2, neg(x))",
    "x + g*2**3": "add(x, mul(g, pow(2, 3)))",
    "lambda*x": "mul(lambda, x)",
    "exp(-x) + E + pi": "add(add(exp(neg(x)), E), pi)",
    "abs(x) + max(x, g, 1) + min(x, 0)": "add(add(Abs(x), Max(x, g, 1)), Min(x, 0))",
    "ln(x) + lgamma(x)": "add(log(x), loggamma(x))",
    "clip(x, -1, 1)": "clip(x, neg(1), 1)",
    "clip(x, -1, 1,)": "clip(x, neg(1), 1)",
    "Piecewise((x, x > 0), (0, True))": "{x if [x > 0]; 0 if true}",
    "1 + Piecewise((Piecewise((1, g < 0), (2, True)), x > 0), (0, True))": (
        "add(1, {{1 if [g < 0]; 2 if true} if [x > 0]; 0 if true})"
    ),
    "exp(\n  x\n  + 1)": "exp(add(x, 1))",
    "gamma(x)": "gamma(x)",
}

CONDITIONS = {
    "x > 0": "[x > 0]",
    "0 < x <= 1": "and([0 < x], [x <= 1])",
    "-1 < x < g < 2": "and([neg(1) < x], [x < g], [g < 2])",
    "x == 0": "[x == 0]",
    "Eq(x, 0)": "[x == 0]",
    "x != g": "[x != g]",
    "Ne(x, g)": "[x != g]",
    "x > 0 and x < 1 or g > 2": "or(and([x > 0], [x < 1]), [g > 2])",
    "x > 0 and (g > 0 and g < 1)": "and([x > 0], and([g > 0], [g < 1]))",
    "not x > 0": "not([x > 0])",
    "(x > 0) & (x < 1)": "and([x > 0], [x < 1])",
    "(x > 0) | ~(x < 1) | Eq(g, 0)": "or(or([x > 0], not([x < 1])), [g == 0])",
    "And(x > 0, x < 1, g > 0)": "and([x > 0], [x < 1], [g > 0])",
    "Or(x > 0, Not(g > 0))": "or([x > 0], not([g > 0]))",
    "True": "true",
    "False": "false",
}

NUMBERS = {
    "0": Fraction(0),
    "0.0": Fraction(0),
    "10": Fraction(10),
    "0.1": Fraction(1, 10),
    ".5": Fraction(1, 2),
    "5.": Fraction(5),
    "1e-3": Fraction(1, 1000),
    "1.5E+2": Fraction(150),
    "2.e1": Fraction(20),
    "5e-324": Fraction(5, 10**324),
    "0.1234567890123456789012345": Fraction(1234567890123456789012345, 10**25),
}


@pytest.mark.parametrize("text", GOOD)
def test_values(text):
    tree, findings = expression(text)
    assert findings == ()
    assert shown(tree) == GOOD[text]


@pytest.mark.parametrize("text", CONDITIONS)
def test_conditions(text):
    tree, findings = condition(text)
    assert findings == ()
    assert shown(tree) == CONDITIONS[text]


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_are_exact(text):
    assert expression(text)[0] == Number(NUMBERS[text])


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_every_function_and_alias(function):
    args = ", ".join(["x"] * function.min_args)
    for name in (function.name, *function.aliases):
        tree, findings = expression(f"{name}({args})")
        assert findings == ()
        assert shown(tree) == f"{function.name}({args})"


@pytest.mark.parametrize(
    "name", ["lambda", "if", "for", "is", "E", "I", "S", "N", "beta", "gamma", "zeta", "None", "async"]
)
def test_a_declared_name_wins(name):
    tree, findings = expression(f"2*{name} - x", Scope(frozenset({"x", name})))
    assert findings == ()
    assert shown(tree) == f"sub(mul(2, {name}), x)"


def test_spans_point_at_each_part():
    text = "x + exp(lambda * (g - 1.5))"
    tree, _ = expression(text)
    parts = {shown(node): text[node.span.column - 1 : node.span.end_column - 1] for node in walk(tree)}
    assert parts["lambda"] == "lambda"
    assert parts["3/2"] == "1.5"
    assert parts["sub(g, 3/2)"] == "g - 1.5"
    assert parts["exp(mul(lambda, sub(g, 3/2)))"] == "exp(lambda * (g - 1.5))"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x +", ["ACT301"]),
        ("x & g", ["ACT323"]),
        ("floor(x) + alhpa + 2x", ["ACT320", "ACT302", "ACT312"]),
        ("Max(alhpa) + foo(bta)", ["ACT322", "ACT302", "ACT303", "ACT302"]),
        ("x(alhpa > 0)", ["ACT304", "ACT302"]),
        ("(" * 101 + "x" + ")" * 101, ["ACT318"]),
        ("x" + " + x" * 200, ["ACT318"]),
        ("x" + "**x" * 200, ["ACT318"]),
        ("+".join(["x*x*x"] * 5000), ["ACT317"]),
    ],
)
def test_all_faults_of_an_expression_in_one_run(text, wanted):
    tree, findings = expression(text)
    assert tree is None
    assert [finding.code for finding in findings] == wanted


def test_depth_is_allowed_up_to_the_limit():
    deep = "x"
    for _ in range(49):
        deep = f"exp({deep} + 1)"
    assert expression(deep)[1] == ()
    assert expression("(" * 90 + "x" + ")" * 90)[1] == ()
    assert expression(" + ".join(["x*g"] * 90))[1] == ()


def test_scopes_say_why_a_name_is_missing():
    later = Scope(frozenset({"x"}), hidden=frozenset({"t"}))
    assert [f.code for f in expression("x + t", later)[1]] == ["ACT332"]
    assert [f.code for f in expression("x + 1", Scope(constant=True))[1]] == ["ACT327"]
    assert [f.code for f in expression("sin(x) + sin", Scope(frozenset({"x"})))[1]] == ["ACT331"]

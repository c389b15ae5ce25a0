"""Programs as lines of Python: precedence, names, widths, constants."""

from __future__ import annotations

import ast
import math

import pytest
import sympy as sp

from actgen.backends.base import MissingOpsError
from actgen.backends.dialect import Dialect, python_literal
from actgen.backends.listing import Listing, listing
from actgen.program.program import Node, arg, const, node

X, A, B = arg("x"), arg("a"), arg("lambda")
NAMES = {"x": "x", "a": "a", "lambda": "lambda_"}
CALLS = {name: f"m.{name}({{0}})" for name in ("exp", "sin", "tanh", "abs", "sqrt", "sigmoid", "finite", "isnan")}
CALLS |= {"where": "m.where({0}, {1}, {2})", "min": "m.min({0}, {1})", "max": "m.max({0}, {1})"}
PYTHON = Dialect("python", CALLS, python_literal)


BOTH = "(x < a) & (a < lambda_) | (x < lambda_)"


def listed(*roots: Node, hints: dict[Node, str] | None = None, reserved: frozenset[str] = frozenset()) -> Listing:
    return listing(roots, PYTHON, NAMES, hints or {}, reserved)


def text(root: Node) -> str:
    found = listed(root)
    assert not found.lines
    return found.results[0]


def times(a: Node, b: Node) -> Node:
    return node("mul", a, b)


def plus(a: Node, b: Node) -> Node:
    return node("add", a, b)


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (times(plus(X, A), B), "(x + a) * lambda_"),
        (plus(X, plus(A, B)), "x + (a + lambda_)"),
        (plus(plus(X, A), B), "x + a + lambda_"),
        (node("sub", X, node("sub", A, B)), "x - (a - lambda_)"),
        (node("div", X, times(A, B)), "x / (a * lambda_)"),
        (times(node("div", X, A), B), "x / a * lambda_"),
        (node("neg", node("powi", X, const(2))), "-(x**2)"),
        (node("powi", node("neg", X), const(2)), "(-x) ** 2"),
        (node("powi", node("sin", X), const(3)), "m.sin(x) ** 3"),
        (node("powi", X, const(-2)), "x**-2"),
        (times(const(-2), X), "-2 * x"),
        (node("lt", const(0), X), "x > 0"),
        (node("le", const(0), X), "x >= 0"),
        (node("lt", X, A), "x < a"),
        (node("and", node("lt", X, A), node("not", node("eq", X, B))), "(x < a) & ~(x == lambda_)"),
        (node("or", node("and", node("lt", X, A), node("lt", A, B)), node("lt", X, B)), BOTH),
        (times(const(sp.Rational(1, 3)), X), "1 / 3 * x"),
        (times(X, const(sp.Rational(1, 3))), "x * (1 / 3)"),
        (times(const(sp.sqrt(2)), X), "1.4142135623730951 * x"),
    ],
    ids=str,
)
def test_operators_are_bracketed_only_where_needed(root, expected):
    assert text(root) == expected


@pytest.mark.parametrize("value", [0.1, 1e22, 5e-324, 1 / 3, math.pi, 123456.0, 1e6, 2.0**70, -0.75])
def test_literals_read_back_to_the_same_bits(value):
    assert ast.literal_eval(python_literal(value)) == value


def test_special_literals():
    found = [python_literal(v) for v in (math.inf, -math.inf, math.nan, -0.0)]
    assert found == ["math.inf", "-math.inf", "math.nan", "-0.0"]


@pytest.mark.parametrize(
    ("shared", "name"),
    [
        (node("min", X, const(0)), "x_neg"),
        (node("max", const(0), X), "x_pos"),
        (node("max", B, A), "lambda_above"),
        (node("lt", const(0), X), "pos"),
        (node("le", X, const(0)), "nonpos"),
        (node("eq", X, const(sp.oo)), "at_inf"),
        (times(B, X), "lambda_x"),
        (node("div", X, A), "x_over_a"),
        (node("powi", X, const(2)), "x_sq"),
        (node("powi", X, const(-3)), "x_powm3"),
        (node("abs", X), "x_abs"),
        (node("abs", times(A, X)), "a_x_abs"),
        (node("exp", times(A, X)), "e"),
        (node("sigmoid", node("neg", X)), "sigmoid_neg"),
        (times(node("exp", X), times(const(2), A)), "a_e"),
        (times(node("exp", X), plus(A, X)), "p"),
        (node("finite", times(A, X)), "a_x"),
        (node("neg", times(A, X)), "minus_a_x"),
        (node("lt", const(3), X), "x_above_3"),
        (node("le", X, const(-3)), "x_upto_minus_3"),
        (node("lt", X, const(0.3)), "below"),
        (node("lt", const(0.3), X), "above"),
        (node("le", const(0.3), X), "at_least"),
        (node("lt", const(0), plus(A, times(X, X))), "positive"),
        (node("lt", plus(A, times(X, X)), const(0)), "negative"),
        (node("lt", X, B), "x_below_lambda"),
        (node("eq", node("exp", X), const(0)), "e_is_zero"),
        (node("isnan", X), "x_is_nan"),
        (node("lt", node("abs", X), const(0.125)), "near"),
        (node("where", node("lt", const(0), X), X, const(1)), "x_pos"),
        (node("where", node("lt", const(0), X), const(1), X), "x_neg"),
        (node("where", node("lt", node("abs", times(A, X)), const(0.125)), const(1), A), "a_far"),
        (node("where", node("lt", const(0), X), node("neg", X), X), "minus_abs_x"),
    ],
    ids=str,
)
def test_what_is_used_twice_gets_a_telling_name(shared, name):
    found = listed(node("where", shared, X, A), node("where", shared, A, X))
    assert [line.name for line in found.lines] == [name]
    assert all(result.startswith(f"m.where({name}, ") for result in found.results)


def long(variable: Node) -> Node:
    """Something that does not fit into one line together with another of its kind."""
    return plus(times(node("sin", times(A, variable)), node("tanh", B)), node("tanh", times(variable, plus(A, B))))


def test_parts_of_a_choice_are_named_after_the_whole():
    root = node("where", node("lt", const(0), X), long(X), long(A))
    *_, part, whole = listing([root], PYTHON, NAMES, {root: "dx"}, results=["dx"]).lines
    assert (part.name, whole.name) == ("dx_pos", "dx")
    assert whole.text.startswith("m.where(x > 0, dx_pos, ")


def test_a_value_and_its_correction_have_one_name():
    inner = node("where", node("lt", const(0), X), long(X), A)
    root = node("where", node("eq", X, const(sp.oo)), const(1), node("where", node("eq", X, A), const(2), inner))
    found = listing([root], PYTHON, NAMES, {root: "dx"}, results=["dx"])
    assert [line.name for line in found.lines] == ["dx", "dx"]
    assert found.lines[1].text == "m.where(x == math.inf, 1, m.where(x == a, 2, dx))"


def test_a_value_that_is_used_again_keeps_its_own_name():
    inner = node("where", node("lt", const(0), X), long(X), A)
    root = node("where", node("eq", X, const(sp.oo)), const(1), inner)
    found = listing([root, times(inner, A)], PYTHON, NAMES, {root: "dx"}, results=["dx", "da"])
    assert [line.name for line in found.lines] == ["v", "dx"]
    assert found.results == ("dx", "v * a")


def test_names_avoid_arguments_and_each_other():
    first, second = node("exp", X), node("exp", A)
    found = listed(times(first, first), times(second, second), reserved=frozenset({"e2"}))
    assert [str(line) for line in found.lines] == ["e = m.exp(x)", "e3 = m.exp(a)"]


def test_hints_win():
    root = node("exp", X)
    found = listed(times(const(2), root), hints={root: "growth"})
    assert [str(line) for line in found.lines] == ["growth = m.exp(x)"]


def test_a_root_that_is_also_an_operand_is_computed_once():
    root = node("exp", X)
    assert listed(root, times(A, root)).results == ("e", "a * e")


def test_long_expressions_are_cut_into_named_parts():
    total = X
    for i in range(40):
        total = plus(times(node("sin", times(const(i + 2), total)), A), node("tanh", times(B, X)))
    found = listed(total, hints={total: "a_rather_long_name_for_a_result"})
    assert len(found.lines) > 3
    for line in found.lines:
        ast.parse(str(line))
        assert len(str(line)) <= 112
    assert len({line.name for line in found.lines}) == len(found.lines)


def test_an_op_without_a_spelling_is_reported_by_name():
    with pytest.raises(MissingOpsError, match=r"python has no cbrt, erf") as caught:
        listed(plus(node("erf", X), node("cbrt", A)))
    assert caught.value.ops == {"erf", "cbrt"}


def test_a_dialect_may_spell_by_operands():
    def special(current: Node, texts: object) -> str | None:
        return "zero" if current.op == "mul" and current.args[0] is const(0) else None

    dialect = Dialect("python", CALLS, python_literal, special=special)
    assert listing((times(const(0), X),), dialect, NAMES, {}).results == ("zero",)
    assert listing((times(const(2), X),), dialect, NAMES, {}).results == ("2 * x",)

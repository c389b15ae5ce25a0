"""The Keras backend's text: the whole op table, exact constants, escaping, layout."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import sympy as sp

from actgen.backends.base import Unit, backend
from actgen.backends.keras import BACKEND
from actgen.backends.keras_ops import DIALECT, bindings, helpers_in
from actgen.backends.keras_program import portable
from actgen.backends.listing import listing
from actgen.program.lower import lower
from actgen.program.ops import OPS
from actgen.program.program import Node, Program, arg, const, node
from actgen.spec.reader import read_text
from actgen.symbolic.derive import derive

A, B = arg("a"), arg("b")
TENTH = const(sp.Rational(1, 10))
INFIX = {"add", "sub", "mul", "div", "neg", "powi", "lt", "le", "eq", "ne", "and", "or", "not"}
TEXTS = {
    "awkward": r'''
actgen: 1
name: awkward
title: 'Quotes """ and \ and {{ braces }}'
summary: '""" + __import__("os").system("false") + """ \N{BULLET} {% raw %}'
references: ['a "quoted" reference \', {title: T, authors: A. B., year: 2020, url: 'https://example.org'}]
parameters:
  lambda: {init: 1.5, description: 'output "scale" \'}
  activity: {init: {exponential: 2}, shape: channel, bounds: [0, .inf], via: project, regularizer: {l1: 0.1, l2: 0.2}}
  a_parameter_with_a_rather_long_name_that_fills_a_line_by_itself: {init: 0.5, bounds: [-1, 1], learnable: false}
expression: lambda * x + activity * sin(x) + a_parameter_with_a_rather_long_name_that_fills_a_line_by_itself
''',
    "plain": "actgen: 1\nname: plain\nexpression: x * tanh(softplus(x))\n",
    "pair": """
actgen: 1
name: pair
inputs: [u, v]
outputs: {first: u * sigmoid(v), second: "Max(u, v, 1/10)", third: cbrt(u) + gamma(v)}
combine: stack
""",
}


def unit(text: str) -> Unit:
    activation, findings = read_text(text, "spec.yaml")
    assert activation is not None, findings
    derivation, _ = derive(activation)
    return Unit(activation=activation, derivation=derivation, program=lower(derivation))


def emitted(name: str) -> str:
    (text,) = BACKEND.files(unit(TEXTS[name])).values()
    return text


def spelled(root: Node) -> str:
    found = listing([root], DIALECT, {"a": "a", "b": "b"}, {})
    return "; ".join((*map(str, found.lines), *found.results))


def prepared(root: Node) -> Node:
    program = Program(inputs=("a", "b"), parameters=(), forward={"y": root}, partials={}, hints={root: "kept"})
    return portable(program).forward["y"]


def test_the_registry_finds_it() -> None:
    assert backend("keras") is BACKEND


def test_the_whole_op_table_is_spelled() -> None:
    assert set(OPS) - {"arg", "const"} <= set(DIALECT.calls) | INFIX
    assert set(DIALECT.calls) <= set(OPS)
    assert not DIALECT.missing


def test_helpers_are_bound_on_every_framework() -> None:
    helpers = helpers_in("_gamma(_sin(x)) + _acosh(_erfc(x))")
    assert helpers == {"_gamma", "_floor", "_lgamma", "_sin", "_acosh", "_erfc"}
    bound = bindings(helpers)
    assert bound["tensorflow"] == [
        "_sin = tf.math.sin",
        "_floor = tf.math.floor",
        "_acosh = tf.math.acosh",
        "_erfc = tf.math.erfc",
        "_lgamma = tf.math.lgamma",
    ]
    assert "_acosh = jax.numpy.arccosh" in bound["jax"]
    assert "_erfc = torch.erfc" in bound["torch"]


@pytest.mark.parametrize(
    ("root", "text"),
    [
        (node("where", node("lt", A, B), TENTH, B), "ops.where(a < b, _fill(0.1, a), b)"),
        (node("where", node("lt", A, B), const(1), const(0)), "ops.where(a < b, _fill(1, a), 0)"),
        (node("where", node("lt", A, B), const(1), B), "ops.where(a < b, 1, b)"),
        (node("where", node("lt", A, B), const(float("inf")), B), "ops.where(a < b, math.inf, b)"),
        (node("max", const(0), A), "_maximum(a, 0)"),
        (node("min", TENTH, B), "_minimum(b, _fill(0.1, b))"),
        (node("pow", A, TENTH), "ops.power(a, _fill(0.1, a))"),
        (node("mul", A, TENTH), "a * 0.1"),
        (TENTH, "_fill(0.1, a)"),
    ],
)
def test_constants_stay_exact(root: Node, text: str) -> None:
    assert spelled(prepared(root)) == text


def test_hints_follow_a_rewritten_node() -> None:
    root = node("max", const(0), A)
    program = Program(inputs=("a",), parameters=(), forward={"y": root}, partials={}, hints={root: "kept"})
    assert portable(program).hints == {node("max", A, const(0)): "kept"}


@pytest.mark.parametrize(
    ("root", "text"),
    [
        (node("powi", A, const(2)), "a**2"),
        (node("powi", node("exp", node("add", A, B)), const(-2)), "ops.exp(a + b) ** -2"),
        (node("powi", node("mul", node("exp", A), node("exp", B)), const(3)), "(ops.exp(a) * ops.exp(b)) ** 3"),
        (node("neg", node("powi", node("neg", A), const(2))), "-((-a) ** 2)"),
        (node("powi", node("powi", A, const(2)), const(3)), "(a**2) ** 3"),
    ],
)
def test_integer_powers(root: Node, text: str) -> None:
    assert spelled(root) == text


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_emitted_text_is_formatted_and_clean(name: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}_keras.py"
    file.write_text(emitted(name), encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    shape = ["--isolated", "--line-length", "120", "--target-version", "py311", str(file)]
    done = subprocess.run([*ruff, "format", "--diff", *shape], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rules = "E4,E7,E9,F,W,I,B,UP,N,SIM,C4,RET,ANN,D1,D2,D3"
    checked = [*ruff, "check", "--select", rules, "--ignore", "ANN401,D105,D107,D203,D205,D212,D213,D301", *shape]
    done = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_text_of_a_spec_is_data(name: str) -> None:
    tree = ast.parse(emitted(name))
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    assert "__import__" not in called
    assert {type(n).__name__ for n in tree.body} <= {
        *("Expr", "Import", "ImportFrom", "Assign", "FunctionDef", "ClassDef", "If"),
    }


def test_docstrings_hold_the_spec_as_written() -> None:
    docstring = ast.get_docstring(ast.parse(emitted("awkward")))
    assert docstring is not None
    assert docstring.startswith('Quotes """ and \\ and {{ braces }}.')
    assert '""" + __import__("os").system("false") + """ \\N{BULLET} {% raw %}' in docstring
    assert "- A. B. T. 2020. https://example.org" in docstring
    assert "Formula:" in docstring
    assert "∂f/∂lambda = x" in docstring


def test_the_header_says_where_it_came_from() -> None:
    first = emitted("plain").splitlines()[0]
    assert first.startswith("# @generated by actgen ")
    assert " from spec.yaml sha256:" in first


def test_options_are_named_as_declared() -> None:
    text = emitted("awkward")
    assert "lambda_initializer: Any" in text
    assert "lambda_: Any = 1.5" in text
    assert "activity__regularizer: Any" in text  # keras.layers.Layer has an activity_regularizer of its own
    assert "activity_regularizer" not in text


def test_only_what_is_used_is_emitted() -> None:
    text = emitted("plain")
    for absent in (
        "RandomExponential",
        "Interval",
        "_PARAMETERS",
        "channel_dim",
        "_cbrt",
        "numpy as np",
        "compute_mask",
    ):
        assert absent not in text
    assert "def _softplus" in text


def test_emission_is_deterministic() -> None:
    assert [emitted(name) for name in TEXTS] == [emitted(name) for name in TEXTS]

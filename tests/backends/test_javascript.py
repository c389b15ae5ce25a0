"""The JavaScript dialect over the whole op table, and the script around it: names, escaping, what it leaves behind."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from javascript_files import evaluated, results, source, written
from spec_units import catalogue, hostile, spec, unit

from actgen.backends.javascript_dialect import DIALECT, javascript_literal
from actgen.program.evaluate import evaluate_nodes
from actgen.program.ops import OPS
from actgen.program.program import Node, Program, arg, const, node, polynomial

X, A = arg("x"), arg("a")
TAILS = [-math.inf, -1e300, -800.0, -50.5, -1e-300, -0.0, 0.0, 1e-300, 1e-20, 50.5, 800.0, 1e300, math.inf, math.nan]
GRID = np.array(sorted(set(np.round(np.linspace(-6, 6, 97), 6).tolist())) + TAILS)
UNARY = [op.name for op in OPS.values() if op.arity == 1 and op.kind.value == "real"]
BINARY = ["add", "sub", "mul", "div", "pow", "min", "max", "logaddexp", "atan2", "hypot"]

Emit = Callable[..., np.ndarray]


@pytest.fixture
def emit(tmp_path: Path) -> Emit:
    """What any nodes of x and a give in Node, one row for each."""

    def found(*roots: Node, x: np.ndarray = GRID, a: np.ndarray | None = None) -> np.ndarray:
        names = [f"y{place}" for place in range(len(roots))]
        outputs = ", ".join(f"{name}: a * x" for name in names)
        probe = unit(spec(f"parameters: {{a: 1.5}}\noutputs: {{{outputs}}}\n", "probe"))
        partials = {(name, v): root for name, root in zip(names, roots, strict=True) for v in ("x", "a")}
        program = Program(
            inputs=("x",), parameters=("a",), forward=dict(zip(names, roots, strict=True)), partials=partials, hints={}
        )
        values, slopes = results(
            replace(probe, program=program), tmp_path, [x, np.full_like(x, 1.25) if a is None else a]
        )
        assert np.array_equal(values, slopes[::2], equal_nan=True)
        return values

    return found


def agree(found: np.ndarray, expected: np.ndarray, tolerance: float) -> None:
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=1e-305)
    assert np.array_equal(np.isinf(found), np.isinf(expected))


def test_the_dialect_covers_the_table() -> None:
    assert {*DIALECT.calls, *DIALECT.infix, "arg", "const"} | DIALECT.missing == set(OPS)
    assert DIALECT.missing == {"fill"}


def test_unary_ops_mean_what_the_table_says(emit: Emit) -> None:
    roots = [node(op, X) for op in UNARY]
    expected = evaluate_nodes(roots, {"x": GRID})
    for op, got, want in zip(UNARY, emit(*roots), expected, strict=True):
        agree(got, want, 2e-13 if op in ("gamma", "lgamma", "digamma") else 2e-15)


@pytest.mark.parametrize("order", ["variables", "constant first", "constant second"])
def test_binary_ops_mean_what_the_table_says(emit: Emit, order: str) -> None:
    left, right = np.repeat(GRID, GRID.size), np.tile(GRID, GRID.size)
    if order == "variables":
        roots = [node(op, X, A) for op in BINARY]
    elif order == "constant second":
        roots = [node(op, X, const(1.25)) for op in BINARY]
    else:
        roots = [node(op, const(1.25), X) for op in BINARY]
    expected = evaluate_nodes(roots, {"x": left, "a": right})
    for got, want in zip(emit(*roots, x=left, a=right), expected, strict=True):
        agree(got, np.array(want), 1e-14)


@pytest.mark.parametrize("base", [1.0, -1.0])
def test_a_power_of_one_is_one_whatever_the_exponent(emit: Emit, base: float) -> None:
    exponents = np.array([math.inf, -math.inf, 3.0, *([math.nan] if base == 1 else [])])
    roots = [node("pow", const(base), X), node("pow", A, X)]
    assert (emit(*roots, x=exponents, a=np.full_like(exponents, base)) == [1, 1, base, 1][: len(exponents)]).all()


def test_powers_polynomials_and_polygammas(emit: Emit) -> None:
    orders = [1, 2, 3, 6]
    x = np.where(GRID < 0, -GRID, GRID)  # the reference has no polygammas below 0
    roots = [node("powi", node("neg", X), const(n)) for n in (-3, -2, -1, 0, 1, 2, 3, 5, 8)]
    roots += [node("neg", node("powi", X, const(2))), polynomial(X, (0.7, -2, 0, 1.1), "probe")]
    roots += [node("polygamma", const(n), X) for n in orders]
    *powers, gammas = np.split(emit(*roots, x=x), [len(roots) - len(orders)])
    expected = evaluate_nodes(roots, {"x": x})
    agree(powers[0], np.array(expected[: -len(orders)]), 3e-15)
    agree(gammas, np.array(expected[-len(orders) :]), 2e-13)


def test_conditions_and_choices(emit: Emit) -> None:
    below, same, nan, infinite = node("lt", X, A), node("eq", X, const(0)), node("isnan", X), node("isinf", X)
    conditions = [below, node("le", const(0.5), X), same, node("ne", X, A), nan, infinite]
    conditions += [
        node("not", node("or", below, node("and", nan, infinite))),
        node("and", node("not", below), infinite),
    ]
    roots = [node("where", c, X, const(7)) for c in conditions]
    roots += [node("where", node("lt", X, const(0)), node("where", below, X, A), node("where", same, A, const(-2)))]
    roots += [node("mul", roots[0], node("add", roots[1], node("fill", const(-3), X)))]
    expected = evaluate_nodes(roots, {"x": GRID, "a": np.full_like(GRID, 1.25)})
    assert np.array_equal(emit(*roots), np.array(expected), equal_nan=True)


@pytest.mark.parametrize("value", [0.1, 1e22, 5e-324, 1 / 3, -1e-7, 2.0**70, -0.0, math.inf, -math.inf, math.nan])
def test_literals_read_back_to_the_same_bits(value: float, tmp_path: Path) -> None:
    said = evaluated(
        f"String(Object.is({javascript_literal(value)}, -0) ? '-0' : {javascript_literal(value)})", tmp_path
    )
    assert isinstance(said, str)
    assert struct_equal(float(said.replace("Infinity", "inf")), value)
    assert not re.search(r"e-?0", javascript_literal(value))


def struct_equal(one: float, other: float) -> bool:
    return repr(one) == repr(other)


def test_a_script_leaves_one_object_behind(tmp_path: Path) -> None:
    elu, gelu = written(catalogue("elu"), tmp_path), written(catalogue("gelu"), tmp_path)
    program = f"""
const vm = require("node:vm"), fs = require("node:fs");
const page = vm.createContext({{}});
const before = new Set(vm.runInContext("Object.getOwnPropertyNames(globalThis)", page));
for (const file of ["{elu.name}", "{gelu.name}"]) vm.runInContext(fs.readFileSync(file, "utf8"), page);
const names = vm.runInContext("Object.getOwnPropertyNames(globalThis)", page).filter((name) => !before.has(name));
[names, Object.keys(page.actgen.activations)]
"""
    assert evaluated(program, tmp_path) == [["actgen"], ["elu", "gelu"]]


def test_the_object_says_what_there_is_in_the_words_of_the_spec(tmp_path: Path) -> None:
    written(catalogue("selu_variation"), tmp_path)
    program = """
const found = require("./selu_variation.js");
const frozen = [found, found.inputs, found.parameters, found.outputs, found.nominal].every(Object.isFrozen);
const same = globalThis.actgen.activations.selu_variation === found;
const { name, inputs, parameters, outputs, nominal } = found;
const numbers = [found.forward(2), found.forward(2, 1), found.partials(1).length];
[frozen, same, name, inputs, parameters, outputs, nominal, ...numbers]
"""
    names = ["lambda", "alpha", "beta", "gamma", "omega"]
    nominal = dict(zip(names, (1.0507, 1.67326, 1, 0.1, 2), strict=True))
    expected = [True, True, "selu_variation", ["x"], names, ["y"], nominal, [2.1014], [2], 6]
    assert evaluated(program, tmp_path) == expected


WORDS = ("function", "new", "arguments", "let", "lambda", "static", "activation", "module", "Math", "Infinity")


def test_words_of_javascript_can_be_parameters(tmp_path: Path) -> None:
    declared = ", ".join(f"{word}: {place}" for place, word in enumerate(WORDS))
    one = unit(spec(f"parameters: {{{declared}}}\nexpression: sigmoid(x) * ({' + '.join(WORDS)})", "worded"))
    columns = [np.array([0.0]), *(np.array([float(place)]) for place in range(len(WORDS)))]
    values, slopes = results(one, tmp_path, columns)
    assert values[0, 0] == 22.5
    assert slopes[1:, 0].tolist() == [0.5] * len(WORDS)
    assert "function_ = 0" in source(one)
    assert "parameters: Object.freeze([" in source(one)


def test_words_of_javascript_can_be_entries(tmp_path: Path) -> None:
    words = ("function", "new", "Math", "breakpoints", "forward")
    entries = "".join(f"  {word}: exp(x - {place})\n" for place, word in enumerate(words))
    squares = " + ".join(f"{word}**2 + {word}" for word in words)
    one = unit(spec(f"let:\n{entries}expression: {squares}", "worded"))
    values, _ = results(one, tmp_path, [np.array([1.0])])
    sizes = [math.exp(1 - place) for place in range(len(words))]
    np.testing.assert_allclose(values[0, 0], sum(s * s + s for s in sizes), rtol=1e-14)


def test_words_of_javascript_can_be_activations_and_outputs(tmp_path: Path) -> None:
    found = unit(spec("inputs: [var, this]\noutputs: {typeof: var * this, void: var - this, default: sin(var)}", "new"))
    values, slopes = results(found, tmp_path, [np.array([2.0]), np.array([3.0])])
    assert values[:2, 0].tolist() == [6, -1]
    assert slopes[:4, 0].tolist() == [3, 2, 1, -1]


HOSTILE = spec(
    """
title: 'A </script><script>alert(1)</script> */ alert(2) /* <!-- --> alert(3)'
summary: "end */ });\\n</SCRIPT> <!-- alert(4) \\\\u002a/ ` ${x}"
parameters:
  a: {init: 0.5, description: '*/ alert(5) // </script '}
expression: a * x
""",
    "hostile",
)


def test_no_text_of_a_spec_is_more_than_text(tmp_path: Path) -> None:
    first = unit(HOSTILE)
    worse = replace(first.activation, title="B\u2028alert(6)\u2029\ralert(7)", summary="\u2028*/alert(8)")
    for one in (first, replace(first, activation=worse), hostile()):
        text = source(one)
        assert not re.search(r"</|<!|-->|[\u2028\u2029\r]", text)
        code = re.sub(r"/\*.*?\*/|^//[^\n]*", "", text, flags=re.DOTALL)
        assert "alert" in text and "alert" not in code
        values, _ = results(one, tmp_path, [np.array([0.0]), np.array([3.0])])
        assert values[0, 0] == 0
        ((header, *_),) = [text.splitlines()]
        assert header.startswith("// @generated by actgen")


def test_a_spec_file_of_any_name_stays_in_its_comment() -> None:
    one = catalogue("elu")
    named = replace(one.activation, source=replace(one.activation.source, file_name="a\u2028b*/</script>.yaml"))
    first, second = source(replace(one, activation=named)).splitlines()[:2]
    assert first.startswith("// @generated") and "</" not in first
    assert second == ""


def test_only_what_is_used_is_carried_along() -> None:
    assert "_erfc(a)" in source(catalogue("gelu"))
    assert "function _erf(" not in source(catalogue("gelu"))
    assert not re.search(r"^  function _", source(catalogue("elu")), re.MULTILINE)
    assert "alpha * Math.expm1(x)" in source(catalogue("elu"))


def test_breakpoints_move_with_the_parameters(tmp_path: Path) -> None:
    body = """
parameters: {low: -1.0, high: 2.0}
expression: Piecewise((low, x < low), (x, x < high), (high + log(1 + x - high), True))
"""
    written(unit(spec(body, "window")), tmp_path)
    found = evaluated(
        'const w = require("./window.js");\n[w.breakpoints(), w.breakpoints(-3, 5).map((p) => p.at)]', tmp_path
    )
    assert isinstance(found, list)
    kept = {"output": "y", "variable": "x"}
    assert found[0] == [{**kept, "at": -1, "smoothness": "C0"}, {**kept, "at": 2, "smoothness": "C1"}]
    assert found[1] == [-3, 5]


def test_a_breakpoint_that_another_input_decides_is_left_out(tmp_path: Path) -> None:
    gate = unit(spec("inputs: [u, v]\nexpression: Max(u, v) + abs(u)", "either"))
    written(gate, tmp_path)
    found = evaluated('require("./either.js").breakpoints()', tmp_path)
    assert found == [{"output": "y", "variable": "u", "at": 0, "smoothness": "C0"}]


def test_a_name_that_is_assigned_twice_is_no_constant() -> None:
    text = source(catalogue("selu_variation"))
    names = re.findall(r"^    const (\w+) =", text, re.MULTILINE)
    again = re.findall(r"^    (\w+) =", text, re.MULTILINE)
    assert again
    assert not {*again} & {*names}
    assert {*again} <= {*re.findall(r"^    let (\w+) =", text, re.MULTILINE)}


def test_the_same_unit_is_the_same_text() -> None:
    assert source(catalogue("snake")) == source(catalogue("snake"))
    assert json.dumps(source(catalogue("snake")), ensure_ascii=False).isprintable()

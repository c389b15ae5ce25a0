"""Constants under `let` that a spec gives by requirement."""

from pathlib import Path

import mpmath as mp
import pytest

import actgen
from actgen.docs.properties import property_rows
from actgen.formula import Number
from actgen.pipeline.requiring import text_resolved
from actgen.pipeline.stages import compile_spec

SPECS = Path(__file__).parents[2] / "specs"
ELU = "expression: c * Piecewise((x, x > 0), (k*(exp(x) - 1), True))\n"


def read(let, body=ELU, parameters=""):
    return text_resolved(f"actgen: 1\nname: sample\n{parameters}let:\n{let}{body}", "sample.yaml")


def codes(let, body=ELU, parameters=""):
    activation, findings = read(let, body, parameters)
    assert activation is None
    return [(d.code, d.span.line) for d in findings if d.span]


def test_the_constants_of_selu_are_derived():
    scale, alpha = actgen.load(SPECS / "selu.yaml").let
    assert isinstance(scale.formula, Number)
    assert isinstance(alpha.formula, Number)
    assert float(scale.formula.value) == float(mp.mpf("1.0507009873554804934193349852946"))
    assert float(alpha.formula.value) == float(mp.mpf("1.6732632423543772848170429916717"))
    assert alpha.closed == "sqrt(2 / pi) / (1 - exp(1/2) * erfc(1 / sqrt(2)))"


def test_the_page_says_where_a_constant_comes_from(tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text('actgen: 1\nname: sample\nlet:\n  c: {solve: "f\'(0) = 1/3"}\nexpression: tanh(x)**3 + c*x\n')
    unit = compile_spec(path).unit
    assert unit is not None
    rows = {row.label: row.value for row in property_rows(unit)}
    assert rows["Constant $c$"] == "`1/3`, solved from `f'(0) = 1/3`"


def test_a_short_closed_form_stands_in_the_formula():
    activation, _ = read("  c: {solve: mean = 0}\n", "expression: x*(1 + erf(x/sqrt(2)))/2 - c\n")
    assert activation is not None
    (entry,) = activation.let
    assert entry.closed == "1 / sqrt(4 * pi)"
    assert not isinstance(entry.formula, Number)


def test_constants_and_initial_values_are_solved_together():
    parameters = "parameters: {k: {init: {solve: 'C1 at 0'}}}\n"
    activation, findings = read("  c: {solve: f(3) = 1}\n", parameters=parameters)
    assert activation is not None, findings
    assert activation.nominal() == {"k": 1.0}
    assert activation.let[0].closed == "1/3"


def test_other_entries_may_use_a_constant():
    activation, _ = read("  c: {solve: f(3) = 6}\n  d: c*x\n", "expression: d + c\n")
    assert activation is not None
    assert activation.let[0].closed == "3/2"


@pytest.mark.parametrize(
    ("let", "expected"),
    [
        ("  c: {solve: 'mean = 0, variance = 1'}\n  k: {solve: 'mean = 0, variance = 1'}\n", [("ACT704", 4)]),
        ("  c: {solve: f(1) = q}\n  k: 1\n", [("ACT302", 4)]),
        ("  c: {bounds: [0, 1]}\n  k: 1\n", [("ACT102", 4)]),
        ("  c: {solve: f(1) = 1, bounds: [1, 0]}\n  k: 1\n", [("ACT405", 4)]),
        ("  c: {solve: f(1) = 1, wrong: 2}\n  k: 1\n", [("ACT101", 4)]),
        ("  c: {solve: f(1) = -2, bounds: [0, .inf]}\n  k: 1\n", [("ACT705", 4)]),
        ("  c: {solve: [f(1) = 1]}\n  k: 1\n", [("ACT103", 4)]),
    ],
)
def test_a_fault_of_a_constant_has_its_place(let, expected):
    assert codes(let) == expected

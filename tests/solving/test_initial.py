"""Initial values that a spec gives by requirement."""

import mpmath as mp
import pytest

import actgen
from actgen.activation import ConstantInit
from actgen.docs.parameters import parameter_table
from actgen.pipeline.requiring import read_resolved
from actgen.pipeline.stages import compile_spec

BODY = "expression: lambda * Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))\n"
SELU = "{init: {solve: 'mean = 0, variance = 1'}, bounds: [0, .inf]}"


@pytest.fixture
def spec(tmp_path):
    def write(parameters, body=BODY):
        path = tmp_path / "sample.yaml"
        path.write_text(f"actgen: 1\nname: sample\nparameters:\n{parameters}{body}")
        return path

    return write


def codes(path):
    activation, findings = read_resolved(path)
    assert activation is None
    return [(d.code, d.span.line, d.span.column) for d in findings if d.span]


def test_two_parameters_of_one_requirement_are_solved_together(spec):
    path = spec(f"  alpha: {SELU}\n  lambda: {SELU}\n")
    alpha, scale = actgen.load(path).parameters
    assert alpha.nominal.value == float(mp.mpf("1.67326324235437728481704299167"))
    assert scale.nominal.value == float(mp.mpf("1.05070098735548049341933498529"))
    assert isinstance(alpha.init, ConstantInit)
    assert alpha.init.value == alpha.nominal
    assert "erfc" in alpha.nominal.text


def test_different_requirements_are_solved_together_too(spec):
    path = spec("  alpha: {init: {solve: C1 at 0}}\n  lambda: {init: {solve: f(2) = 5}}\n")
    assert actgen.load(path).nominal() == {"alpha": 1.0, "lambda": 2.5}


def test_a_value_without_closed_form_keeps_its_digits(spec):
    path = spec("  c: {init: {solve: mean = 0}}\n", "expression: softplus(x) - c\n")
    (offset,) = actgen.load(path).parameters
    with mp.workdps(40):
        reference = mp.quad(lambda z: mp.log1p(mp.exp(z)) * mp.npdf(z), [-16, -4, 0, 4, 16])
        assert abs(mp.mpf(offset.nominal.text) - reference) < mp.mpf(10) ** -30


def test_the_page_says_what_it_was_solved_from(spec):
    unit = compile_spec(spec("  alpha: {init: {solve: C1 at 0}}\n  lambda: 1\n")).unit
    assert unit is not None
    assert parameter_table(unit).rows[0][2] == "`1`, solved from `C1 at 0`"


def test_several_solutions_are_an_error_that_lists_them(spec):
    path = spec(f"  alpha: {SELU}\n  lambda: {{init: {{solve: 'mean = 0, variance = 1'}}}}\n")
    assert codes(path) == [("ACT704", 4, 25)]
    (finding,) = read_resolved(path)[1]
    assert "lambda = -1.0507" in finding.message
    assert "lambda = 1.0507" in finding.message


def test_free_parameters_are_an_error(spec):
    path = spec("  alpha: {init: {solve: C1 at 0}}\n  lambda: {init: {solve: C1 at 0}}\n")
    assert codes(path) == [("ACT704", 4, 25)]


def test_no_solution_is_an_error_at_the_requirement(spec):
    path = spec("  alpha: {init: {solve: 'C1 at 0, f(-oo) = -3'}}\n  lambda: 1\n")
    assert [c for c, _, _ in codes(path)] == ["ACT705"]


def test_a_fault_in_the_text_has_its_place_in_the_file(spec):
    path = spec("  alpha: {init: {solve: 'C1 at 0, mean = beta'}}\n  lambda: 1\n")
    assert codes(path) == [("ACT302", 4, 42)]


def test_a_distribution_and_requirements_exclude_each_other(spec):
    path = spec("  alpha: {init: {solve: C1, uniform: [0, 1]}}\n  lambda: 1\n")
    assert [c for c, _, _ in codes(path)] == ["ACT110"]


def test_bounds_hold_what_solving_begins_with(spec):
    path = spec("  alpha: {init: {solve: f(-oo) = -7}, bounds: [5, 9]}\n  lambda: 1\n")
    assert actgen.load(path).nominal()["alpha"] == 7.0

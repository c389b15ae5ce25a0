import pytest
from spec_units import SPECS

from actgen.designer.editing import EditError
from actgen.designer.renaming import renamed
from actgen.designer.uses import declared_names
from actgen.designer.written import parsed
from actgen.spec.reader import read_text

SPEC = """\
actgen: 1
name: alpha_x  # alpha is not this
title: The alpha of x
parameters:
  alpha: {init: 0.5, description: alpha of x}   # alpha stays in a comment
  'beta': 2
  alpha2: {init: {solve: 'f(alpha) = Max(1, alpha), mean = 0'}}
let:
  inner: beta * x  # x
expression:
  # alpha * x
  - when: x > -alpha
    value: >-
      alpha * x
      + alpha2*inner
  - otherwise: 'alpha*exp(x)+  inner'
checks:
  domain: {x: [-1, 1], alpha: [0, 1]}
  smoothness: {x: discontinuous}
  points:
    - {at: {x: 1, alpha: 2}, y: 4, dx: 4, dalpha: 1}
"""
OUTPUTS = """\
actgen: 1
name: two
inputs: [x, gate]
parameters: {c: {init: {solve: "first.f(c) = 1, dfirst/dx(0) = c, E[first] = 0"}}}
outputs: {first: c*x, second: x*gate}
checks: {domain: {gate: [0, 1]}, first: {smoothness: {gate: C0}}, second: {points: [{at: {x: 1, gate: 1}, y: 1}]}}
"""


def test_a_parameter_is_renamed_in_formulas_requirements_and_checks():
    text = renamed(SPEC, ("parameters", "alpha"), "slope")
    expected = (
        SPEC.replace("alpha: {init: 0.5", "slope: {init: 0.5")
        .replace("f(alpha) = Max(1, alpha)", "f(slope) = Max(1, slope)")
        .replace("x > -alpha", "x > -slope")
        .replace("      alpha * x", "      slope * x")
        .replace("'alpha*exp", "'slope*exp")
        .replace("alpha: [0, 1]", "slope: [0, 1]")
        .replace("alpha: 2}, y: 4, dx: 4, dalpha", "slope: 2}, y: 4, dx: 4, dslope")
    )
    assert text == expected
    assert renamed(text, ("parameters", "slope"), "alpha") == SPEC


def test_the_input_that_stands_nowhere_is_declared_by_its_new_name():
    text = renamed(SPEC, ("inputs", 0), "u")
    assert "inputs: [u]\nparameters:" in text
    assert "  inner: beta * u  # x\n" in text
    assert "{at: {u: 1, alpha: 2}, y: 4, du: 4, dalpha: 1}" in text
    assert "otherwise: 'alpha*exp(u)+  inner'" in text
    assert "description: alpha of x}" in text


def test_named_parts_inputs_and_outputs_are_renamed():
    assert renamed(SPEC, ("let", "inner"), "core") == SPEC.replace("inner", "core")
    assert renamed(SPEC, ("parameters", "beta"), "b") == SPEC.replace("beta", "b")
    assert renamed(OUTPUTS, ("inputs", 1), "value") == OUTPUTS.replace("gate", "value")
    assert renamed(OUTPUTS, ("outputs", "first"), "re") == OUTPUTS.replace("first", "re")
    assert renamed(OUTPUTS, ("inputs", 0), "u").count("dfirst/du(0)") == 1


@pytest.mark.parametrize(
    ("path", "new", "words"),
    [
        (("parameters", "alpha"), "x", "there is an input `x` already"),
        (("parameters", "alpha"), "inner", "there is a let entry `inner` already"),
        (("parameters", "alpha"), "sin", "a function"),
        (("parameters", "alpha"), "λ", "write `lambda`"),
        (("parameters", "alpha"), "a b", "did you mean `a_b`"),
        (("parameters", "alpha"), "y", "the output"),
        (("parameters", "alpha"), "null", "nothing in YAML"),
        (("parameters", "none"), "a", "nothing is declared"),
        (("inputs", 1), "a", "nothing is declared"),
        (("name",), "a", "nothing is declared"),
    ],
)
def test_a_name_that_cannot_be_is_refused(path, new, words):
    with pytest.raises(EditError, match=words):
        renamed(SPEC, path, new)


@pytest.mark.parametrize(("formula", "name"), [("a*x + E", "E"), ("a*gamma (x)", "gamma")])
def test_a_name_does_not_hide_what_the_formula_means(formula, name):
    text = f"actgen: 1\nname: n\nparameters: {{a: 1}}\nexpression: {formula}\n"
    with pytest.raises(EditError, match="for something else"):
        renamed(text, ("parameters", "a"), name)
    assert f"{name}*x" in renamed(text.replace(formula, "a*x"), ("parameters", "a"), name)


def test_a_parameter_that_hides_a_function_is_renamed_and_the_function_stays():
    text = "actgen: 1\nname: n\nparameters: {sin: 1}\nexpression: sin(x)*sin\n"
    assert renamed(text, ("parameters", "sin"), "s") == text.replace("{sin", "{s").replace("*sin", "*s")


@pytest.mark.parametrize("path", sorted(SPECS.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_name_of_the_catalogue_can_be_another_and_again_what_it_was(path):
    text = path.read_text(encoding="utf-8")
    read = parsed(text)
    assert read is not None
    for place, key in declared_names(read[1]):
        other = renamed(text, place, "renamed")
        activation, findings = read_text(other, path.name)
        assert activation is not None, findings
        if key is not None:
            now = (place[0], place[1] if place[0] == "inputs" else "renamed")
            assert renamed(other, now, key.text) == text

import pytest
from spec_units import SPECS

from actgen.designer.form import form

SPEC = """\
actgen: 1
name: tilt     # and this one
title: 'It''s tilted'
inputs: [x, gate]
parameters:
  alpha: {init: 0.5, bounds: [0, 1], shape: channel}
  beta:
    init: {solve: 'f(1) = 1'}
    learnable: false
  gamma: 3
let:
  inner: beta * x
expression:
  - when: x > 0
    value: >-
      alpha * x
      + inner
  - otherwise: gamma
"""


def shown(text):
    found = form(text)
    assert found is not None
    return found


def texts(fields):
    return {name: field["text"] for name, field in fields.items() if isinstance(field, dict)}


def test_a_form_has_what_the_spec_says_and_where():
    found = shown(SPEC)
    assert texts(found["head"]) == {"title": "It's tilted", "name": "tilt", "summary": None}
    assert found["inputs"] == ["x", "gate"]
    assert [(one["label"], one["field"]["text"]) for one in found["lets"]] == [("inner", "beta * x")]
    assert found["head"]["title"]["line"] == 3
    assert not found["outputs"]


def test_a_piecewise_formula_has_a_field_for_each_part():
    [formula] = shown(SPEC)["formulas"]
    assert (formula["path"], formula["field"]) == (["expression"], None)
    first, last = formula["pieces"]
    assert texts(first) == {"when": "x > 0", "value": "alpha * x + inner", "otherwise": None}
    assert (last["path"], last["otherwise"]["text"]) == (["expression", 1], "gamma")
    assert (first["value"]["line"], first["value"]["end_line"]) == (15, 17)


def test_parameters_have_their_fields_however_short_they_are_written():
    alpha, beta, gamma = shown(SPEC)["parameters"]
    assert texts(alpha) == {
        "init": "0.5",
        "description": None,
        "learnable": None,
        "shape": "channel",
        "low": "0",
        "high": "1",
    }
    assert (beta["init"]["text"], beta["init"]["is_set"], beta["learnable"]["text"]) == (None, True, "false")
    assert (gamma["init"]["text"], gamma["init"]["path"]) == ("3", ["parameters", "gamma"])
    assert gamma["low"] == {
        "path": ["parameters", "gamma", "bounds", 0],
        "text": None,
        "is_set": False,
        **dict.fromkeys(("line", "end_line", "column", "end_column")),
    }


def test_outputs_are_formulas_by_name():
    found = shown("outputs: {re: x, im: 2*x}\n")
    assert found["outputs"]
    assert [(one["label"], one["field"]["text"]) for one in found["formulas"]] == [("re", "x"), ("im", "2*x")]


@pytest.mark.parametrize("text", ["a: [", "- a\n- b\n", "", "a: 1\na: 2\n\x00", "%YAML 1.1\n---\na: *b\n"])
def test_what_is_no_spec_has_no_form(text):
    assert form(text) is None


def test_parts_of_the_wrong_kind_are_no_fields():
    found = shown("expression: {a: b}\nparameters: 3\nlet: [x]\ninputs: {}\n")
    assert found["formulas"][0]["field"]["text"] is None
    assert (found["parameters"], found["lets"], found["inputs"]) == ([], [], ["x"])


@pytest.mark.parametrize("path", sorted(SPECS.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_spec_of_the_catalogue_has_formulas_in_its_form(path):
    for formula in shown(path.read_text(encoding="utf-8"))["formulas"]:
        assert formula["pieces"] or formula["field"]["text"]


def test_a_form_says_where_each_name_is_declared():
    names = [(tuple(one["path"]), one["text"], one["line"], one["column"]) for one in shown(SPEC)["names"]]
    assert names[:3] == [
        (("inputs", 0), "x", 4, 10),
        (("inputs", 1), "gate", 4, 13),
        (("parameters", "alpha"), "alpha", 6, 3),
    ]
    assert names[-1] == (("let", "inner"), "inner", 12, 3)
    assert [(one["text"], one["line"]) for one in shown("expression: x\n")["names"]] == [("x", None)]

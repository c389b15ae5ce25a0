import pytest
from hypothesis import given
from hypothesis import strategies as st
from spec_units import SPECS, UNSEEN

from actgen.designer.form import EditError, edited, fields

SPEC = """\
# A comment that stays.
actgen: 1
name: tilt     # and this one
title: 'It''s tilted'
parameters:
  alpha: {init: 0.5, bounds: [0, 1]}   # in a flow
  beta:
    init: 2
    description: second

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
    found = fields(text)
    assert found is not None
    return {f.path: f.text for f in found}


def test_titles_formulas_and_initial_values_are_fields():
    assert shown(SPEC) == {
        ("title",): "It's tilted",
        ("let", "inner"): "beta * x",
        ("expression", 0, "when"): "x > 0",
        ("expression", 0, "value"): "alpha * x + inner",
        ("expression", 1, "otherwise"): "gamma",
        ("parameters", "alpha", "init"): "0.5",
        ("parameters", "beta", "init"): "2",
        ("parameters", "gamma"): "3",
    }
    assert shown("outputs: {re: x, im: 2*x}\n") == {("outputs", "re"): "x", ("outputs", "im"): "2*x"}
    assert shown("expression: {a: b}\nparameters: 3\n") == {}


@pytest.mark.parametrize("text", ["a: [", "- a\n- b\n", "", "a: 1\na: 2\n\x00", "%YAML 1.1\n---\na: *b\n"])
def test_what_is_no_spec_has_no_form(text):
    assert not fields(text)
    with pytest.raises(EditError):
        edited(text, ("title",), "x")


def test_an_edit_leaves_everything_else_as_it_was_written():
    changed = edited(SPEC, ("parameters", "alpha", "init"), "0.75")
    assert changed == SPEC.replace("{init: 0.5,", "{init: 0.75,")
    assert edited(SPEC, ("title",), "Other") == SPEC.replace("'It''s tilted'", "Other")
    whole = edited(SPEC, ("expression", 0, "value"), "x")
    assert whole == SPEC.replace("value: >-\n      alpha * x\n      + inner\n", "value: x\n")


@pytest.mark.parametrize("value", ["a: b", "{x}", "[1", "# no", "it's", "x, y", "- x", "null", "*a", "'", "%", "yes"])
def test_what_yaml_would_take_for_something_else_is_quoted(value):
    for path in (("title",), ("parameters", "alpha", "init"), ("expression", 1, "otherwise")):
        assert shown(edited(SPEC, path, value))[path] == value


def test_a_parameter_more_stands_after_the_last():
    added = edited(SPEC, ("parameters", "delta"), "1/3")
    assert added == SPEC.replace("  gamma: 3\n", "  gamma: 3\n  delta: 1/3\n")
    first = edited("actgen: 1\nname: a\nexpression: x\n", ("parameters", "b"), "1")
    assert first == "actgen: 1\nname: a\nparameters:\n  b: 1\nexpression: x\n"


@pytest.mark.parametrize("name", ["a: 1\n  b", "x y: z", "#", "", "- a", "{a}", "alpha\nname: evil"])
def test_a_name_that_yaml_reads_otherwise_adds_nothing(name):
    with pytest.raises(EditError):
        edited(SPEC, ("parameters", name), "1")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("nothing",), "x"),
        (("expression",), "x"),
        (("expression", 9, "value"), "x"),
        (("parameters",), "x"),
        (("parameters", "alpha", "bounds"), "x"),
        (("title",), ""),
        (("title",), "a\nb"),
        (("title",), "a\x07b"),
    ],
)
def test_other_edits_are_refused(path, value):
    with pytest.raises(EditError):
        edited(SPEC, path, value)


@pytest.mark.parametrize("path", sorted([*SPECS.glob("*.yaml"), *UNSEEN.glob("a*.yaml")]), ids=lambda p: p.stem)
def test_every_field_of_every_spec_can_be_edited_and_put_back(path):
    text = path.read_text(encoding="utf-8")
    before = shown(text)
    assert before
    for place, said in before.items():
        changed = edited(text, place, "alpha: 'x', # {")
        assert shown(changed) == {**before, place: "alpha: 'x', # {"}
        assert shown(edited(changed, place, said)) == before


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40))
def test_any_line_of_text_stands_as_it_is_or_is_refused(value):
    try:
        changed = edited(SPEC, ("title",), value)
    except EditError:
        return
    before = shown(SPEC)
    assert {**shown(changed), ("title",): None} == {**before, ("title",): None}
    assert shown(changed)[("title",)] == " ".join(value.split())

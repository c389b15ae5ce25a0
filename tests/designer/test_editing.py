import pytest
from hypothesis import given
from hypothesis import strategies as st
from spec_units import SPECS

from actgen.designer.editing import Edit, EditError, edited
from actgen.designer.form import form
from actgen.designer.written import parsed, plain

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

  gamma: 3   # short
let:
  inner: beta * x
# the formula
expression:
  - when: x > 0
    value: >-
      alpha * x
      + inner
  # the rest
  - otherwise: gamma
"""
PIECES = [{"when": "x > 0", "value": "x"}, {"otherwise": "2*x"}]
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=40)


def change(path, value, *, insert=False, text=SPEC):
    return edited(text, Edit(tuple(path.split("/")) if isinstance(path, str) else path, value, insert))


def said(text):
    read = parsed(text)
    assert read is not None
    return plain(read[1])


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        ("title", "Other", "'It''s tilted'", "Other"),
        ("parameters/alpha/init", "0.75", "{init: 0.5,", "{init: 0.75,"),
        ("parameters/alpha/shape", "channel", "[0, 1]}", "[0, 1], shape: channel}"),
        ("parameters/alpha/bounds", None, ", bounds: [0, 1]", ""),
        ("parameters/alpha/init", None, "init: 0.5, ", ""),
        ("parameters/alpha", None, "  alpha: {init: 0.5, bounds: [0, 1]}   # in a flow\n", ""),
        ("parameters/beta", None, "  beta:\n    init: 2\n    description: second\n", ""),
        (
            "parameters/beta/bounds",
            ["0", ".inf"],
            "description: second\n",
            "description: second\n    bounds: [0, .inf]\n",
        ),
        ("parameters/gamma/bounds", ["0", "1"], "gamma: 3 ", "gamma: {init: 3, bounds: [0, 1]} "),
        ("parameters/delta", "1/3", "# short\n", "# short\n  delta: 1/3\n"),
        (
            "parameters/delta",
            {"init": "1", "shape": "channel"},
            "# short\n",
            "# short\n  delta: {init: 1, shape: channel}\n",
        ),
        ("let/inner", None, "let:\n  inner: beta * x\n", ""),
        ("let/more", "x**2", "inner: beta * x\n", "inner: beta * x\n  more: x**2\n"),
        ("summary", "a: b", "parameters:\n", "summary: 'a: b'\nparameters:\n"),
        (("expression", 0, "value"), "x", ">-\n      alpha * x\n      + inner\n", "x\n"),
        (("expression", 1, "otherwise"), "0", "otherwise: gamma", "otherwise: 0"),
    ],
)
def test_an_edit_leaves_everything_else_as_it_was_written(path, value, before, after):
    assert SPEC.count(before) == 1
    assert change(path, value) == SPEC.replace(before, after)


def test_pieces_are_put_in_and_taken_out():
    piece = {"when": "x > -1", "value": "x*alpha"}
    added = change(("expression", 1), piece, insert=True)
    assert added == SPEC.replace("  # the rest\n", "  - when: x > -1\n    value: x*alpha\n  # the rest\n")
    assert change(("expression", 1), None, text=added) == SPEC
    first = change(("expression", 0), piece, insert=True)
    assert first == SPEC.replace("expression:\n", "expression:\n  - when: x > -1\n    value: x*alpha\n")


def test_a_formula_becomes_pieces_and_pieces_a_formula():
    single = "actgen: 1\nname: a\nexpression: >-\n  x +\n  1\n\nchecks: {}   # none\n"
    pieces = change("expression", PIECES, text=single)
    block = "expression:\n  - when: x > 0\n    value: x\n  - otherwise: 2*x\n"
    assert pieces == single.replace("expression: >-\n  x +\n  1\n", block)
    assert change("expression", "x", text=pieces) == single.replace(">-\n  x +\n  1\n", "x\n")
    assert "  # the rest\n" in change("expression", "x")


def test_flow_style_stays_flow_style():
    text = "{actgen: 1, name: a, expression: x, parameters: {b: 1}}\n"
    assert "parameters: {b: 1, c: 2}" in change("parameters/c", "2", text=text)
    assert "[{when: x > 0, value: x}, {otherwise: 2*x}]" in change("expression", PIECES, text=text)
    assert change("parameters/b", None, text=text) == "{actgen: 1, name: a, expression: x}\n"


def test_the_first_parameter_stands_before_the_formula():
    text = "actgen: 1\nname: a\n# what it is\nexpression: x"
    expected = "actgen: 1\nname: a\nparameters:\n  b: 1\n# what it is\nexpression: x"
    assert change("parameters/b", "1", text=text) == expected
    empty = "actgen: 1\nname: a\nparameters:\nexpression: x\n"
    assert said(change("parameters/b", "1", text=empty))["parameters"] == {"b": "1"}


@pytest.mark.parametrize("value", ["a: b", "{x}", "[1", "# no", "it's", "x, y", "- x", "null", "*a", "'", "%", "yes"])
def test_what_yaml_would_take_for_something_else_is_quoted(value):
    for path in (("title",), ("parameters", "alpha", "init"), ("expression", 1, "otherwise"), ("let", "new")):
        found = said(change(path, value))
        for step in path:
            found = found[step]
        assert found == value


@pytest.mark.parametrize("name", ["", " ", "alpha\nname: evil"])
def test_a_name_that_is_none_adds_nothing(name):
    with pytest.raises(EditError):
        change(("parameters", name), "1")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("expression", 9, "value"), "x"),
        (("expression", 9), None),
        (("nothing",), None),
        (("name", "deeper"), "x"),
        (("title",), ""),
        (("title",), "a\nb"),
        (("title",), "a\x07b"),
        (("title",), []),
        ((), "x"),
    ],
)
def test_other_edits_are_refused(path, value):
    with pytest.raises(EditError):
        change(path, value)


@pytest.mark.parametrize(
    ("text", "path", "value", "insert"),
    [
        ("a: 1\nb: 2", ("let", "inner"), None, False),
        ("a: 1\nb: 2", ("let", 0, "inner"), "x", False),
        ("- a\n- b: c", (2, 1, "x"), "y", True),
        ("x", ("parameters", "alpha"), "1", False),
        ("x", ("a",), {"b": "c"}, False),
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(text, path, value, insert):
    with pytest.raises(EditError):
        change(path, value, insert=insert, text=text)


@pytest.mark.parametrize("text", ["a: [", "", "a: 1\na: 2\n\x00", "a: &b 1\nc: *d\n"])
def test_what_is_no_yaml_is_not_edited(text):
    with pytest.raises(EditError):
        change("title", "x", text=text)


@pytest.mark.parametrize("name", ["selu_variation", "complex_soft_exponential", "hardtanh", "swiglu", "prelu"])
def test_parts_of_specs_are_edited_and_put_back(name):
    text = (SPECS / f"{name}.yaml").read_text(encoding="utf-8")
    before = said(text)
    for parameter in form(text)["parameters"]:
        path = (*parameter["path"], "description")
        changed = change(path, "alpha: 'x', # {", text=text)
        assert said(changed) != before
        gone = change(tuple(parameter["path"]), None, text=text)
        comments = [line for line in text.splitlines() if line.startswith("#")]
        assert [line for line in gone.splitlines() if line.startswith("#")] == comments


@given(
    LINES, st.sampled_from([("title",), ("let", "inner"), ("expression", 0, "when"), ("parameters", "gamma", "via")])
)
def test_any_line_of_text_stands_as_it_is_or_is_refused(value, path):
    try:
        changed = change(path, value)
    except EditError:
        return
    found = said(changed)
    for step in path:
        found = found[step]
    assert found == " ".join(value.split())
    assert changed.startswith("# A comment that stays.\n")


@given(LINES)
def test_any_name_is_the_name_of_a_parameter_or_is_refused(name):
    try:
        changed = change(("parameters", name), "1")
    except EditError:
        return
    assert list(said(changed)["parameters"]) == ["alpha", "beta", "gamma", name]

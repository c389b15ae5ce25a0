"""The language of requirements: what it reads, and where its faults are."""

import pytest
from solved_specs import SCALED_ELU, faults, required, spec

from actgen.activation import Smoothness
from actgen.solving.requirement import LimitAt, Moment, MomentIs, Smooth, ValueAt
from actgen.spec.reader import read_text


@pytest.fixture(scope="module")
def activation():
    return spec(SCALED_ELU, alpha="1", lambda_="1")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("mean = 0", Moment.MEAN),
        ("E[f]=0", Moment.MEAN),
        ("variance=1", Moment.VARIANCE),
        ("E[f^2] = 1", Moment.SECOND_MOMENT),
        ("E[f**2] = 1", Moment.SECOND_MOMENT),
        ("second_moment = 1", Moment.SECOND_MOMENT),
        ("E[f'^2] = 1", Moment.SLOPE_MOMENT),
        ("y.slope_moment = 1", Moment.SLOPE_MOMENT),
        ("gain = 1", Moment.GAIN),
    ],
)
def test_moments_have_names_and_signs(activation, text, moment):
    (found,) = required(text, activation)
    assert isinstance(found, MomentIs)
    assert found.moment is moment


def test_commas_inside_parentheses_part_nothing(activation):
    found = required("C1 at Max(0, alpha), f(1) = 2, f'(-1)=0, df/dx(2) = 1, f(-oo) = -alpha, C2", activation)
    assert [type(r) for r in found] == [Smooth, ValueAt, ValueAt, ValueAt, LimitAt, Smooth]
    assert [r.order for r in found if isinstance(r, ValueAt)] == [0, 1, 1]
    assert [r.level for r in found if isinstance(r, Smooth)] == [Smoothness.C1, Smoothness.C2]


@pytest.mark.parametrize(
    ("text", "code", "columns"),
    [
        ("mean=0, varance=1", "ACT701", (9, 16)),
        ("C3 at 0", "ACT701", (1, 8)),
        ("mean = x", "ACT302", (8, 9)),
        ("mean = ", "ACT104", (7, 7)),
        ("mean = 0,", "ACT701", (10, 11)),
        ("z.mean = 0", "ACT702", (1, 2)),
        ("f(1) = 1; f(2) = 2", None, None),
        ("df/dz(0) = 1", "ACT701", (5, 6)),
        ("f'(oo) = 1", "ACT701", (1, 7)),
        ("f(__class__) = 1", "ACT310", (3, 12)),
        ("f(1) = 9**9**9", "ACT316", None),
        ("f(lambda: 1) = 1", "ACT309", None),
        ("mean = ().__class__", None, None),
        ("mean = open('x')", None, None),
        ("f[0] = 1", "ACT701", (1, 5)),
    ],
)
def test_a_fault_has_its_place(activation, text, code, columns):
    found = faults(text, activation)
    assert found
    if code is not None:
        assert found[0].code == code
    if columns is not None:
        assert (found[0].span.column, found[0].span.end_column) == columns
    assert all(d.span is not None and d.span.line == 1 for d in found)


def test_a_long_text_is_one_fault(activation):
    assert [d.code for d in faults("mean = " + "(" * 5000, activation)] == ["ACT701"]
    assert faults("f(" * 500 + "1" + ")" * 500 + " = 1", activation)


def test_the_second_text_has_the_second_line(activation):
    from actgen.solving.language import read_requirements

    _, found = read_requirements(["mean = 0", "oops"], activation)
    assert [(d.span.line, d.span.column) for d in found if d.span] == [(2, 1)]


def test_with_several_outputs_a_requirement_names_one():
    activation, diagnostics = read_text(
        "actgen: 1\nname: pair\nparameters: {a: 1}\noutputs: {up: a*x, down: -a*x}\n", "pair.yaml"
    )
    assert activation is not None, diagnostics
    assert [r.output for r in required("up.mean = 0, down(1) = 2", activation)] == ["up", "down"]
    assert [d.code for d in faults("mean = 0", activation)] == ["ACT702"]

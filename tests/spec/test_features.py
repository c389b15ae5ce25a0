"""Every feature of the format, read from a good spec."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from spec_reading import codes, read, shown

from actgen.activation import (
    Bounds,
    Combine,
    ConstantInit,
    ExponentialInit,
    Monotone,
    NormalInit,
    Reference,
    Regularizer,
    Shape,
    Smoothness,
    UniformInit,
    Via,
)


def parameter(text, name="alpha"):
    """The one parameter of a spec, written as `text`."""
    (found,) = read(f"parameters:\n  {name}: {text}\nexpression: {name}*x\n").parameters
    return found


def test_least_spec():
    activation = read("expression: exp(x)\n", header="actgen: 1\nname: soft_step2\n")
    assert (activation.name, activation.class_name, activation.title) == ("soft_step2", "SoftStep2", "Soft step2")
    assert [(i.name, i.code_name) for i in activation.inputs] == [("x", "x")]
    assert [(o.name, shown(o.formula)) for o in activation.outputs] == [("y", "exp(x)")]
    assert (activation.combine, activation.dim, activation.channel_dim) == (Combine.TUPLE, -1, 1)
    assert (activation.summary, activation.tags, activation.references, activation.let) == (None, (), (), ())
    assert activation.source.file_name == "example.yaml"
    assert len(activation.source.sha256) == 64


def test_documentation():
    activation = read(
        "class: LearnableStep\n"
        "title: 'A: title'\n"
        "summary: >-\n  One line\n  folded.\n"
        "tags: [smooth, 'bounded']\n"
        "references:\n"
        "  - Plain text, 2017\n"
        "  - {title: Paper, authors: [A. One, B. Two], year: 2017, url: 'https://example.org/a?b=c'}\n"
        "  - bibtex: |\n      @article{key,\n        title = {A {B} c}\n      }\n"
        "expression: exp(x)\n"
    )
    assert activation.class_name == "LearnableStep"
    assert activation.title == "A: title"
    assert activation.summary == "One line folded."
    assert activation.tags == ("smooth", "bounded")
    plain, paper, entry = activation.references
    assert plain == Reference(text="Plain text, 2017")
    assert paper == Reference(title="Paper", authors="A. One, B. Two", year="2017", url="https://example.org/a?b=c")
    assert entry.bibtex == "@article{key,\n  title = {A {B} c}\n}"


def test_tags_as_one_text():
    assert read("tags: smooth, bounded\nexpression: exp(x)\n").tags == ("smooth", "bounded")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.67326", 1.67326),
        ("-1e-3", -1e-3),
        ("1/3", 1 / 3),
        ("sqrt(2/pi)", 0.7978845608028654),
        ("1e-310", 1e-310),
        ("0", 0.0),
        ("+5", 5.0),
        ("'E'", math.e),
    ],
)
def test_constant_init(text, value):
    short, full = parameter(text), parameter(f"{{init: {text}}}")
    assert short == full
    assert isinstance(short.init, ConstantInit)
    assert short.init.value.value == short.nominal.value == value
    assert (short.learnable, short.shape, short.bounds, short.via, short.regularizer) == (
        True,
        Shape.SCALAR,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("text", "kind", "numbers", "mean"),
    [
        ("{uniform: [0.2, 1/2]}", UniformInit, {"low": 0.2, "high": 0.5}, 0.35),
        ("{normal: [1, 0.1]}", NormalInit, {"mean": 1.0, "std": 0.1}, 1.0),
        ("{exponential: 4}", ExponentialInit, {"rate": 4.0}, 0.25),
    ],
)
def test_distributions(text, kind, numbers, mean):
    found = parameter(f"{{init: {text}}}")
    assert isinstance(found.init, kind)
    assert {key: getattr(found.init, key).value for key in numbers} == numbers
    assert found.nominal.value == mean
    assert parameter(f"{{init: {text}, nominal: 3}}").nominal.value == 3.0


@pytest.mark.parametrize(
    ("bounds", "via", "want"),
    [
        ("[0, .inf]", "", Via.SOFTPLUS),
        ("[-.inf, 2]", "", Via.SOFTPLUS),
        ("[0, 4]", "", Via.SIGMOID),
        ("[0, .inf]", ", via: exp", Via.EXP),
        ("[0, .Inf]", ", via: softplus", Via.SOFTPLUS),
        ("[0, 4]", ", via: sigmoid", Via.SIGMOID),
        ("[0, 4]", ", via: project", Via.PROJECT),
        ("[0, +.INF]", ", via: project", Via.PROJECT),
    ],
)
def test_bounds_and_via(bounds, via, want):
    found = parameter(f"{{init: 1, bounds: {bounds}{via}}}")
    assert isinstance(found.bounds, Bounds)
    low, high = (-math.inf if "-" in bounds else 0.0), (math.inf if "inf]" in bounds.lower() else float(bounds[-2]))
    assert (found.bounds.low.value, found.bounds.high.value) == (low, high)
    assert found.via is want
    assert (found.bounds.high.formula is None) == math.isinf(high)


def test_initial_values_at_closed_and_open_ends():
    assert parameter("{init: 0, bounds: [0, 4], via: project}").init.value.value == 0.0
    assert codes("parameters: {a: {init: 0, bounds: [0, 4]}}\nexpression: a*x\n") == ["ACT403"]
    assert parameter("{init: {uniform: [0, 4]}, bounds: [0, 4]}").nominal.value == 2.0
    assert parameter("{init: {exponential: 1}, bounds: [0, .inf]}").nominal.value == 1.0


def test_the_rest_of_a_parameter():
    found = parameter(
        "{init: 1, learnable: false, shape: channel, regularizer: {l1: 0.1, l2: 1e-4}, latex: '\\hat{\\alpha}', "
        "description: what it does}"
    )
    assert not found.learnable
    assert found.shape is Shape.CHANNEL
    assert found.regularizer == Regularizer(0.1, 1e-4)
    assert (found.latex, found.description) == (r"\hat{\alpha}", "what it does")


def test_parameters_keep_their_order_and_get_code_names():
    names = ["lambda", "S", "beta", "gamma", "half", "to", "type", "alpha", "E", "N"]
    activation = read(f"parameters: {{{', '.join(f'{n}: 1' for n in names)}}}\nexpression: {'*'.join(names)}*x\n")
    assert [p.name for p in activation.parameters] == names
    assert [p.code_name for p in activation.parameters if p.code_name != p.name] == ["lambda_", "half_", "to_", "type_"]
    assert [v.name for v in activation.variables] == ["x", *names]


def test_a_declared_e_wins_over_the_constant():
    plain, declared = read("expression: E*x\n"), read("parameters: {E: 2}\nexpression: E*x\n")
    assert plain.outputs[0].formula != declared.outputs[0].formula


def test_gate():
    activation = read("inputs: [value, gate]\ndim: 1\nexpression: value*sigmoid(gate)\n")
    assert [i.name for i in activation.inputs] == ["value", "gate"]
    assert activation.dim == 1


@pytest.mark.parametrize(("text", "want"), [("", Combine.TUPLE), ("tuple", Combine.TUPLE), ("stack", Combine.STACK)])
def test_outputs(text, want):
    combine = f"combine: {text}\n" if text else ""
    activation = read(
        f"{combine}outputs:\n  real: cos(x)\n  imag:\n    - {{when: x > 0, value: sin(x)}}\n    - otherwise: 0\n"
    )
    assert [(o.name, shown(o.formula)) for o in activation.outputs] == [
        ("real", "cos(x)"),
        ("imag", "{sin(x) if [x > 0]; 0 if true}"),
    ]
    assert activation.combine is want


def test_let_is_put_in():
    activation = read("let:\n  t: exp(-x)\n  u: t/(1 + t)\nexpression: u*t\n")
    assert [entry.name for entry in activation.let] == ["t", "u"]
    assert shown(activation.resolved(activation.outputs[0])) == (
        "mul(div(exp(neg(x)), add(1, exp(neg(x)))), exp(neg(x)))"
    )


def test_both_forms_of_pieces_are_the_same():
    listed = read(
        "expression:\n  - when: x > 0\n    value: x\n  - {when: 'x > -1 and x < 0', value: x/2}\n  - otherwise: 0\n"
    )
    called = read("expression: Piecewise((x, x > 0), (x/2, And(x > -1, x < 0)), (0, True))\n")
    assert listed.outputs[0].formula == called.outputs[0].formula
    as_when = read("expression:\n  - {when: x > 0, value: x}\n  - {when: True, value: 0}\n")
    assert shown(as_when.outputs[0].formula) == "{x if [x > 0]; 0 if true}"


def test_block_and_flow_styles_are_the_same():
    flow = read("parameters: {alpha: {init: {uniform: [0, 1]}, bounds: [0, .inf]}}\nexpression: 'alpha*x'\n")
    block = read(
        "parameters:\n  alpha:\n    init:\n      uniform:\n        - 0\n        - 1\n    bounds:\n    - 0\n    - .inf\n"
        "expression: |\n  alpha\n  *x\n"
    )
    assert flow.parameters == block.parameters
    assert flow.outputs == block.outputs


def test_aliases_between_parameters():
    activation = read("parameters:\n  a: &common {init: 2, shape: channel}\n  b: *common\nexpression: a*b*x\n")
    assert activation.parameters[1].init == activation.parameters[0].init
    assert activation.parameters[1].shape is Shape.CHANNEL


def test_checks():
    activation = read(
        "parameters: {alpha: 1}\nexpression: alpha*x\nchecks:\n"
        "  domain: {x: [-8, 8], alpha: [1/2, 2]}\n"
        "  smoothness: {x: Cinf}\n  monotone: {x: increasing}\n  range: [-.inf, .inf]\n"
        "  points:\n    - {at: {x: 0.5, alpha: 2}, y: 1.00, dx: 2, dalpha: 5e-1}\n"
        "    - {at: {x: -.inf}, y: -.inf, dx: .nan}\n"
    )
    assert {k: (lo.value, hi.value) for k, (lo, hi) in activation.domain.items()} == {"x": (-8, 8), "alpha": (0.5, 2)}
    checks = activation.outputs[0].checks
    assert checks.smoothness == {"x": Smoothness.CINF}
    assert checks.monotone == {"x": Monotone.INCREASING}
    assert [value.value for value in checks.range] == [-math.inf, math.inf]
    first, second = checks.points
    assert {name: value.value for name, value in first.at.items()} == {"x": 0.5, "alpha": 2.0}
    assert {k: str(v) for k, v in first.values.items()} == {"y": "1.00", "dx": "2", "dalpha": "0.5"}
    assert first.values["dalpha"].as_tuple().exponent == -1
    assert second.at["x"].value == -math.inf
    assert second.values["y"] == -math.inf
    assert math.isnan(second.values["dx"])


def test_points_may_be_constant_expressions_with_25_digits():
    activation = read("expression: x**2\nchecks:\n  points:\n    - {at: {x: sqrt(2)}, y: 1/2, dx: 2*sqrt(2)}\n")
    (point,) = activation.outputs[0].checks.points
    assert point.at["x"].value == math.sqrt(2)
    assert point.values == {"y": Decimal("0.5000000000000000000000000"), "dx": Decimal("2.828427124746190097603377")}
    assert point.values["y"].as_tuple().exponent == -25


def test_checks_by_output():
    activation = read(
        "outputs: {re: cos(x), im: sin(x)}\nchecks:\n  domain: {x: [-1, 1]}\n  re: {range: [-1, 1]}\n"
        "  im: {points: [{at: {x: 0}, y: 0}]}\n"
    )
    assert [o.checks.range is None for o in activation.outputs] == [False, True]
    assert [len(o.checks.points) for o in activation.outputs] == [0, 1]
    assert activation.domain["x"][0].value == -1.0


def test_values_keep_their_text_and_tree():
    value = parameter("sqrt(2/pi)").init.value
    assert value.text == "sqrt(2/pi)"
    assert shown(value.formula) == "sqrt(div(2, pi))"
    assert parameter("0.1").init.value.formula.value == Fraction(1, 10)


def test_a_fault_does_not_hide_another():
    body = (
        "parameters:\n  alpha: {init: 1, bund: 3}\n  beta: []\n"
        "let:\n  t: [1, 2]\n  u: alhpa + beta\nexpression: t + u +\nchecks: {smoothness: {z: C9}, range: [1]}\n"
    )
    found = codes(body)
    assert {"ACT101", "ACT103", "ACT302", "ACT301", "ACT108", "ACT110"} <= set(found)
    assert "ACT401" not in found

"""Forms in the parameters, held against an analysis at other parameters that satisfy their conditions."""

import random
from dataclasses import fields, is_dataclass

import mpmath as mp
import pytest
import sympy as sp
from analysed import DIGITS, encloses, formula, written

from actgen.analysis.quantity import Quantity

ACTIVATIONS = {
    "elu": ("alpha: {alpha}", "Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))", {"alpha": 1}),
    "scaled_elu": (
        "alpha: {alpha}\n  scale: {scale}",
        "scale*Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))",
        {"alpha": 2, "scale": 1.5},
    ),
    "swish": ("beta: {beta}", "x*sigmoid(beta*x)", {"beta": 1}),
    "backward_swish": ("beta: {beta}", "x*sigmoid(beta*x)", {"beta": -1}),
    "snake": ("a: {a}", "x + sin(a*x)**2/a", {"a": 2}),
    "bump": ("a: {a}\n  b: {b}", "b*x*exp(-a*x**2)", {"a": 0.5, "b": -2}),
    "clip": ("low: {low}\n  high: {high}", "clip(x, low, high)", {"low": -1, "high": 2}),
    "line": ("a: {a}\n  b: {b}", "a*x + b", {"a": 0.5, "b": 1}),
    "parabola": ("a: {a}\n  b: {b}", "a*x**2 - b", {"a": 0.5, "b": 1}),
    "log_bias": ("a: {a}\n  b: {b}", "a*exp(x) - b", {"a": 0.5, "b": 1}),
    "shifted": ("t: {t}\n  s: {s}", "Piecewise((x - t, x > t), (s*(x - t), True))", {"t": 1, "s": 0.25}),
    "level": ("t: {t}\n  v: {v}", "Piecewise((x, x > t), (v, True))", {"t": 1, "v": 1}),
    "power": ("p: {p}", "(1 + x**2)**p", {"p": 0.25}),
    "arctangent": ("a: {a}\n  c: {c}", "atan(a*x) + c*x", {"a": 2, "c": 0.5}),
}


def analysed(name, values):
    parameters, expression, _ = ACTIVATIONS[name]
    return written(f"parameters:\n  {parameters.format(**values)}\nexpression: {expression}\n").outputs[0]


def nearby(name):
    """Other values for the parameters."""
    draw = random.Random(name)
    nominal = ACTIVATIONS[name][2]
    for scale in (0.5, 2):
        yield {key: round(value * scale * draw.uniform(0.6, 1.6), 2) for key, value in nominal.items()}


def quantities(value, path=""):
    if isinstance(value, Quantity):
        yield path, value
    elif is_dataclass(value):
        for entry in fields(value):
            yield from quantities(getattr(value, entry.name), f"{path}.{entry.name}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from quantities(item, f"{path}[{index}]")


def read(text, values):
    names = {key: sp.Rational(str(value)) for key, value in values.items()}
    return sp.sympify(text.replace("∞", "oo"), locals={**names, "max": sp.Max, "min": sp.Min})


def as_real(value):
    return mp.mpf(str(value).replace("oo", "inf")) if value.is_infinite else mp.mpf(str(sp.N(value, DIGITS + 5)))


@pytest.mark.parametrize("name", sorted(ACTIVATIONS.keys() - {"level"}))  # which jumps elsewhere: no activation
def test_forms_hold_under_their_conditions(name):
    """Single numbers at the same key; those of a list are sought among the list's."""
    at_nominal = dict(quantities(analysed(name, ACTIVATIONS[name][2])))
    seen = 0
    for values in nearby(name):
        elsewhere = dict(quantities(analysed(name, values)))
        for path, quantity in at_nominal.items():
            if quantity.formula is None or any(part in path for part in SPANS):
                continue
            others = [q for p, q in elsewhere.items() if same_key(p, path) and q.midpoint is not None]
            if not others or not all(read(condition, values) for condition in quantity.conditions):
                continue
            with mp.workdps(DIGITS + 5):
                reference = as_real(read(quantity.formula, values))
                assert any(is_same(q, reference) for q in others), (path, quantity.formula, quantity.conditions, values)
            seen += 1
    assert seen


SPANS = (".domain.", ".growth.", ".curvature.", "_spans")  # ends are breakpoints, whatever the words beside them


def same_key(one, other):
    return [p.split("items[")[0] for p in (one, other)].count(one.split("items[")[0]) == 2 and (
        one.split(".")[-1].split("[")[0] == other.split(".")[-1].split("[")[0]
    )


def is_same(quantity, reference):
    if mp.isinf(reference):
        return mp.mpf(quantity.midpoint) == reference
    return "inf" not in quantity.midpoint and encloses(quantity, reference)


def forms(name):
    shape = analysed(name, ACTIVATIONS[name][2]).shape
    return {path: (q.formula, q.conditions) for path, q in quantities(shape) if q.formula is not None}


def test_what_elu_tends_to():
    found = forms("elu")
    assert found[".ends[0].value"] == ("-alpha", ())
    assert found[".range.low"] == ("-alpha", ("alpha > 0",))
    assert found[".lipschitz"] == ("max(1, alpha)", ("alpha > 0",))
    assert ".slope_lipschitz" not in found  # it is infinite for any other alpha


def test_limits_depend_on_a_sign():
    assert forms("swish")[".ends[0].value"] == ("0", ("beta > 0",))
    assert forms("backward_swish")[".ends[0].value"] == ("-∞", ("beta < 0",))
    assert forms("power")[".ends[0].value"] == ("∞", ("p > 0",))


def test_places_have_forms():
    assert forms("bump")[".extrema.items[1].place"] == ("1 / (sqrt(2) * sqrt(a))", ("a > 0", "b < 0"))
    assert forms("log_bias")[".zeros.items[0]"] == ("log(b / a)", ("a > 0", "b > 0"))


def test_a_jump_beside_the_nominal_parameters_is_thought_of():
    found = forms("level")
    assert ".lipschitz" not in found and found[".range.low"][0] in ("min(t, v)", "min(v, t)")


def test_a_value_at_0_says_which_piece_it_is_of():
    assert forms("shifted")[".at_zero"] == ("-s * t", ("t > 0",))


def test_without_parameters_there_are_no_forms():
    assert not [q for _, q in quantities(formula("x*sigmoid(x)")) if q.formula is not None]

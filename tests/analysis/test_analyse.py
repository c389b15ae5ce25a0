"""Analyses as a whole: the catalogue and formulas that no catalogue has, against mpmath and what is known."""

import mpmath as mp
import pytest
from analysed import catalogue, encloses, exact, formula, gaussian, is_tight, shape_of, written

from actgen.analysis.quantity import How

MOMENTS = {
    "gelu": (lambda z: z * mp.ncdf(z), ()),
    "silu": (lambda z: z / (1 + mp.exp(-z)), ()),
    "selu": (
        lambda z: (
            mp.mpf("1.050700987355480493419334985294606351959")
            * (z if z > 0 else mp.mpf("1.673263242354377284817042991671652038461") * mp.expm1(z))
        ),
        (0,),
    ),
    "hardswish": (lambda z: z * min(max(z + 3, 0), 6) / 6, (-3, 3)),
    "tanh": (mp.tanh, ()),
}


@pytest.mark.parametrize("name", sorted(MOMENTS))
def test_moments_of_the_catalogue(name):
    function, cuts = MOMENTS[name]
    signal = catalogue(name).signal
    assert encloses(signal.mean, gaussian(function, cuts))
    assert encloses(signal.second_moment, gaussian(lambda z: function(z) ** 2, cuts))
    assert is_tight(signal.mean) and is_tight(signal.second_moment)


UNSEEN = {
    "x*exp(-x**2)": lambda z: z * mp.exp(-z * z),
    "log1p(exp(x))**2": lambda z: mp.log1p(mp.exp(z)) ** 2,
    "atan(x)": mp.atan,
    "x/(1 + abs(x))": lambda z: z / (1 + abs(z)),
    "sinc(x)": mp.sinc,
    "Piecewise((x**2/2 - 3/2, x < -1), (x, x < 0), (2*x - x**2/2, x < 2), (2, True))": lambda z: (
        (z * z - 3) / 2 if z < -1 else z if z < 0 else 2 * z - z * z / 2 if z < 2 else mp.mpf(2)
    ),
    "erf(x) * sigmoid(x)": lambda z: mp.erf(z) / (1 + mp.exp(-z)),
}


@pytest.mark.parametrize("text", sorted(UNSEEN))
def test_moments_of_formulas_never_seen(text):
    signal = formula(text).signal
    reference = gaussian(UNSEEN[text], (-1, 0, 2))
    assert encloses(signal.mean, reference) and is_tight(signal.mean)


def test_selu_has_mean_0_and_variance_1_within_the_decimals_of_its_constants():
    signal = catalogue("selu").signal
    assert abs(signal.mean.value) < 1e-30
    assert encloses(signal.variance, mp.mpf(1))
    assert signal.mean.how is How.ENCLOSED  # thirty decimals are no exact solution


def test_relu_and_leaky_relu_are_at_the_edge_of_chaos():
    relu, leaky = catalogue("relu").signal, catalogue("leaky_relu").signal
    assert exact(relu.gain) == "sqrt(2)"
    assert [s.phase.answer for s in (relu, leaky)] == ["edge of chaos"] * 2
    with mp.workdps(30):
        assert encloses(leaky.edge, mp.sqrt(2 / (1 + mp.mpf("0.0001"))))


def test_gelu():
    shape = catalogue("gelu").shape
    place = mp.findroot(lambda x: mp.ncdf(x) + x * mp.npdf(x), -0.75)
    (minimum,) = shape.extrema.items
    assert (minimum.kind, minimum.is_global) == ("minimum", True)
    with mp.workdps(30):
        place = mp.findroot(lambda x: mp.ncdf(x) + x * mp.npdf(x), -0.75)
        assert encloses(minimum.place, place)
        assert encloses(minimum.value, place * mp.ncdf(place))
    assert [exact(s.high) for s in shape.curvature.items] == ["-sqrt(2)", "sqrt(2)", "∞"]
    assert exact(shape.slope_lipschitz) == "sqrt(2 / pi)"
    assert exact(catalogue("gelu").signal.mean) == "1 / sqrt(4 * pi)"


def test_a_bump():
    shape = formula("x*exp(-x**2)").shape
    assert [(e.kind, exact(e.place), e.is_global) for e in shape.extrema.items] == [
        ("minimum", "-1 / sqrt(2)", True),
        ("maximum", "1 / sqrt(2)", True),
    ]
    assert (shape.parity.answer, shape.monotone.answer) == ("odd", "neither")
    assert [exact(z) for z in shape.zeros.items] == ["0"]


def test_a_pole_splits_the_domain():
    output = formula("1/x")
    shape = output.shape
    assert len(shape.domain.items) == 2 and [exact(p.place) for p in shape.poles.items] == ["0"]
    assert shape.lipschitz.value == mp.inf
    assert output.signal is None and "converge" in output.reason


def test_a_domain_that_ends():
    shape = formula("log(x)").shape
    (domain,) = shape.domain.items
    assert (exact(domain.low), domain.low_closed) == ("0", False)
    assert [exact(z) for z in shape.zeros.items] == ["1"]
    (root,) = formula("sqrt(x)").shape.domain.items
    assert (exact(root.low), root.low_closed) == ("0", True)
    assert "no real value" in formula("sqrt(x)").reason


def test_periodic_functions():
    shape = formula("sin(2*x)").shape
    assert exact(shape.period) == "pi"
    assert (exact(shape.range.low), exact(shape.range.high)) == ("-1", "1")
    assert len(shape.extrema.items) == 2 and shape.extrema.period is not None


def test_a_learned_breakpoint_leaves_its_name_in_the_moments():
    body = "parameters:\n  theta: 0.5\nexpression: Piecewise((x, x > theta), (theta, True))\n"
    signal = written(body).outputs[0].signal
    assert "theta" in signal.mean.formula and signal.mean.conditions == ()  # max(x, theta) for any theta
    assert encloses(signal.mean, gaussian(lambda z: max(z, mp.mpf(0.5)), (0.5,)))


def test_zeros_without_end_are_told_as_such():
    shape = shape_of("x*cos(x)*exp(-x**2/2)")
    assert shape.zeros.is_endless and "no end" in shape.zeros.gap
    assert shape.monotone.answer == shape.convexity.answer == "neither"
    with mp.workdps(30):
        place = mp.findroot(lambda x: mp.cos(x) - x * mp.sin(x) - x * x * mp.cos(x), 0.6)
        value = place * mp.cos(place) * mp.exp(-place * place / 2)
        assert encloses(shape.range.high, value) and encloses(shape.range.low, -value)
    assert shape.range.high_attained and encloses(shape.lipschitz, mp.mpf(1))


def test_what_touches_zero_without_end_is_not_decided():
    shape = shape_of("x*(1 + sin(x))")
    assert shape.range is None and not shape.zeros.is_endless
    assert shape.lipschitz.value == mp.inf  # the slope itself has no such trouble


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("x*sigmoid(x) + sin(x)/2", "-1/2", "1/2"),
        ("x*cos(x)", "-∞", "∞"),
        ("sin(x**2) + 2", "1", "3"),
        ("cos(x) - cos(x)**2", "-2", "1/4"),
    ],
)
def test_limits_inferior_and_superior(text, low, high):
    end = shape_of(text).ends[0]
    assert end.value.how is How.NONE and end.value.midpoint is None
    assert (exact(end.lowest), exact(end.highest)) == (low, high)


def test_ranges_of_what_oscillates():
    assert [exact(q) for q in _ends("x*cos(x)")] == ["-∞", "∞"]
    assert [exact(q) for q in _ends("sin(x**2)")] == ["-1", "1"]
    low, high = _ends("x*sigmoid(x) + sin(x)/2")
    with mp.workdps(30):
        f = lambda x: x / (1 + mp.exp(-x)) + mp.sin(x) / 2  # noqa: E731
        assert encloses(low, f(mp.findroot(lambda x: mp.diff(f, x), -1.4))) and exact(high) == "∞"
    assert shape_of("2*x + sin(x)*sigmoid(x)").monotone.answer == "increasing"


@pytest.mark.parametrize("text", ["Max(sin(x), 0)", "Abs(sin(3*x))", "Max(sin(x), cos(x), 1/2)", "tan(x)"])
def test_growth_of_what_repeats_covers_one_period(text):
    f = {
        "Max(sin(x), 0)": lambda x: max(mp.sin(x), 0),
        "Abs(sin(3*x))": lambda x: abs(mp.sin(3 * x)),
        "Max(sin(x), cos(x), 1/2)": lambda x: max(mp.sin(x), mp.cos(x), 0.5),
        "tan(x)": mp.tan,
    }[text]
    found = shape_of(text)
    turn, spans = mp.mpf(found.period.midpoint), found.growth.items
    places = [(mp.mpf(s.low.midpoint), mp.mpf(s.high.midpoint)) for s in spans]
    assert mp.almosteq(sum(high - low for low, high in places), turn)
    assert mp.almosteq(mp.mpf(found.growth.period.midpoint), turn)
    for (low, high), span in zip(places, spans, strict=True):
        first, second = (f(low + part * (high - low)) for part in (0.25, 0.75))
        assert {1: "increasing", 0: "constant", -1: "decreasing"}[int(mp.sign(second - first))] == span.what


def test_pieces_that_repeat():
    found = shape_of("Max(sin(x), 0)")
    assert (exact(found.range.low), exact(found.range.high), exact(found.lipschitz)) == ("0", "1", "1")
    assert [(exact(s.low), exact(s.high), s.low_closed, s.high_closed) for s in found.zero_spans] == [
        ("-pi", "0", True, True)
    ]
    kinked = shape_of("Abs(sin(3*x))")
    assert kinked.parity.answer == "even"
    assert {s.what for s in kinked.curvature.items} == {"concave"} and len(kinked.curvature.items) == 2


def _ends(text):
    found = shape_of(text).range
    return found.low, found.high


def test_a_jump_has_no_lipschitz_constant():
    output = catalogue("hardshrink")
    assert output.shape.lipschitz.value == mp.inf
    assert output.shape.monotone.answer == "increasing"
    assert [s.what for s in output.shape.growth.items] == ["increasing", "constant", "increasing"]
    assert output.signal.chi.how is How.UNKNOWN and "jumps" in output.signal.chi.reason


def test_gates_have_moments_where_they_factorise():
    output = written("inputs: [a, b]\nexpression: sigmoid(a) * b\n").outputs[0]
    assert exact(output.moments.mean) == "0"
    assert [d.affine.answer for d in output.inputs] == ["no", "yes"]
    mixed = written("inputs: [a, b]\nexpression: sigmoid(a * b)\n").outputs[0]
    assert mixed.moments is None and "neither a product nor a sum" in mixed.reason


def test_every_number_of_an_analysis_is_honest_about_how_it_is_known():
    for name in ("silu", "hardshrink", "snake"):
        for quantity in _quantities(catalogue(name)):
            if quantity.how in (How.UNKNOWN, How.NONE):
                assert quantity.midpoint is None and quantity.reason
            elif quantity.how is How.ENCLOSED:
                assert quantity.exact is None and (float(quantity.error) > 0 or quantity.midpoint is not None)
            else:
                assert quantity.exact is not None


def _quantities(value):
    from dataclasses import fields, is_dataclass

    from actgen.analysis.quantity import Quantity

    if isinstance(value, Quantity):
        yield value
    elif is_dataclass(value):
        for entry in fields(value):
            yield from _quantities(getattr(value, entry.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _quantities(item)


def test_fixed_points_of_a_periodic_function_are_sought_on_the_whole_line():
    places = formula("10*sin(x)").shape.fixed_points.items
    assert len(places) == 7 and max(p.place.value for p in places) > 8


def test_the_poles_of_the_tangent_come_again_and_its_fixed_points_are_not_listed():
    shape = formula("tan(x)").shape
    assert exact(shape.poles.period) == "pi"
    assert shape.fixed_points.gap is not None and not shape.fixed_points.items

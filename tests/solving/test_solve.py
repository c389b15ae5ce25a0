"""Parameters by requirement, against mpmath."""

import mpmath as mp
import pytest
from solved_specs import DIGITS, SCALED_ELU, gaussian, is_near, one, outcome, several, spec

from actgen.solving.solution import ManySolutions, NoSolution, Solution


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(DIGITS + 5):
        yield


def scaled_elu(alpha, scale):
    return lambda z: scale * (z if z > 0 else alpha * mp.expm1(z))


def test_mean_0_and_variance_1_give_the_constants_of_selu():
    found = one(spec(SCALED_ELU, alpha="1", lambda_="{init: 1, bounds: [0, .inf]}"), "mean = 0, variance = 1")

    def moments(alpha, scale):
        f = scaled_elu(alpha, scale)
        return gaussian(f), gaussian(lambda z: f(z) ** 2) - 1

    alpha, scale = mp.findroot(moments, (1.6, 1.0))
    assert is_near(found["alpha"], alpha)
    assert is_near(found["lambda"], scale)
    assert found["alpha"].decimal.startswith("1.67326324235437728481704299167")
    assert found["lambda"].decimal.startswith("1.0507009873554804934193349852946")
    assert "erfc" in found["alpha"].exact
    assert "erfc" in found["lambda"].exact


def test_without_bounds_both_signs_of_the_scale_are_listed():
    found = several(spec(SCALED_ELU, alpha="1", lambda_="1"), "mean = 0, variance = 1")
    assert [v["lambda"].decimal[:8] for v in found] == ["-1.05070", "1.050700"]
    assert found[0]["alpha"] == found[1]["alpha"]


def test_elu_is_smooth_for_alpha_1():
    found = one(spec("Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))", alpha="0.3"), "C1 at 0")
    assert found["alpha"].exact == "1"
    assert found["alpha"].error == "0"


def test_the_offset_of_softplus_is_an_enclosed_integral():
    found = one(spec("softplus(x) - c", c="0"), "mean = 0")
    assert found["c"].exact is None
    assert is_near(found["c"], gaussian(lambda z: mp.log1p(mp.exp(z))))


def test_the_offset_of_gelu_has_a_closed_form():
    found = one(spec("x*(1 + erf(x/sqrt(2)))/2 - c", c="0"), "mean = 0")
    assert found["c"].exact == "1 / sqrt(4 * pi)"
    assert is_near(found["c"], 1 / (2 * mp.sqrt(mp.pi)))


def test_a_scaled_tanh_has_variance_1_for_two_scales():
    found = several(spec("a*tanh(x)", a="1"), "variance = 1")
    scale = 1 / mp.sqrt(gaussian(lambda z: mp.tanh(z) ** 2))
    assert is_near(found[0]["a"], -scale)
    assert is_near(found[1]["a"], scale)


def test_a_shifted_and_scaled_swish_is_standardised():
    found = one(spec("a*x*sigmoid(x) + c", a="{init: 1, bounds: [0, .inf]}", c="0"), "mean = 0, variance = 1")
    swish = lambda z: z / (1 + mp.exp(-z))  # noqa: E731
    mean = gaussian(swish)
    scale = 1 / mp.sqrt(gaussian(lambda z: swish(z) ** 2) - mean**2)
    assert is_near(found["a"], scale)
    assert is_near(found["c"], -scale * mean)


def test_an_exponential_rate_is_isolated_in_the_window():
    found = several(spec("exp(a*x)", a="0.5"), "mean = 2")
    assert is_near(found[1]["a"], mp.sqrt(2 * mp.log(2)))
    assert is_near(found[0]["a"], -mp.sqrt(2 * mp.log(2)))


def test_a_learned_breakpoint_is_found_by_its_mean():
    found = one(spec("Piecewise((x, x > a), (exp(x) - 1, True))", a="0.5"), "mean = 0.2")

    def off(a):
        return gaussian(lambda z: z if z > a else mp.expm1(z), a) - mp.mpf("0.2")

    assert is_near(found["a"], mp.findroot(off, 0.8))


def test_the_slope_moment_and_the_gain_are_required_alike():
    activation = spec("Piecewise((x, x > 0), (a*x, True))", a="{init: 0.5, bounds: [0, .inf]}")
    assert one(activation, "slope_moment = 0.75")["a"].exact == one(activation, "E[f'^2] = 3/4")["a"].exact
    found = one(activation, "gain = 1.25")
    assert is_near(found["a"], mp.sqrt(2 / mp.mpf("1.25") ** 2 - 1))


def test_a_blend_of_a_square_into_a_line_is_twice_smooth_only_as_the_line():
    activation = spec("Piecewise((x, x > 0), (a*x**2 + b*x + c, True))", a="1", b="2", c="3")
    assert {n: v.exact for n, v in one(activation, "C2 at 0").items()} == {"a": "0", "b": "1", "c": "0"}


def test_pieces_of_two_parameters_meet_where_values_say():
    activation = spec("Piecewise((a*x**2 + b, x > 1), (x, True))", a="1", b="1")
    assert {n: v.exact for n, v in one(activation, "C1 at 1").items()} == {"a": "1/2", "b": "1/2"}


def test_values_slopes_and_limits_are_required_together():
    activation = spec("a/(1 + exp(-b*x)) + c", a="1", b="1", c="0")
    found = one(activation, "f(0) = 0, f'(0) = 1, df/dx(0) = a/4", over=["a", "b", "c"])
    assert {n: v.exact for n, v in found.items()} == {"a": "4", "b": "1", "c": "-2"}


def test_a_limit_at_infinity_sets_the_saturation():
    activation = spec("Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))", alpha="1")
    assert one(activation, "f(-oo) = -1.75")["alpha"].decimal == "1.75"


def test_a_limit_that_depends_on_a_sign_is_taken_for_that_of_the_bounds():
    found = one(spec("a*atan(b*x)", a=1, b="{init: 1, bounds: [0.01, 10]}"), "limit at oo = 1, f'(0) = 1")
    assert (found["a"].exact, found["b"].exact) == ("2 / pi", "pi / 2")
    assert one(spec("a*tanh(b*x)", a=1, b=-1), "f(oo) = 2", over=["a"])["a"].exact == "-2"


def test_without_bounds_the_other_sign_is_not_excluded():
    activation = spec("a*tanh(b*x)", a=1, b=1)
    found = outcome(activation, "f(oo) = 2, f'(0) = 1")
    assert isinstance(found, Solution)
    assert found.only is None
    assert [v.exact for v in found.values] == ["2", "1/2"]
    missed = outcome(activation, "f(oo) = -2, f'(0) = 3")  # b = -3/2: the limit is -a there
    assert isinstance(missed, NoSolution)
    assert missed.proved is None


def test_a_leaky_slope_inside_its_bounds_never_gives_mean_0():
    found = outcome(spec("Piecewise((x, x > 0), (a*x, True))", a="{init: 0.1, bounds: [0, 0.9]}"), "mean = 0")
    assert isinstance(found, NoSolution)
    assert found.proved == "within the bounds"


def test_a_fraction_is_said_where_radicals_come_to_one():
    found = several(spec("a*x + (1 - a)*sin(x)", a=0.5), "slope_moment = 1")
    assert found[1]["a"].exact == "1"


def test_a_fraction_is_seen_between_changes_of_sign():
    found = outcome(spec("Abs(x)**p", p="{init: 2, bounds: [1.5, 2.5]}"), "variance = 2")
    assert isinstance(found, Solution)
    assert found.values[0].exact == "2"


def test_a_negative_second_moment_is_refuted():
    found = outcome(spec("a*x", a="1"), "second_moment = -1")
    assert isinstance(found, NoSolution)
    assert found.proved is not None


def test_a_continuous_learned_breakpoint_is_a_family():
    found = outcome(spec("Piecewise((x, x > b), (a*x + 1, True))", a="0.5", b="1"), "C0")
    assert isinstance(found, ManySolutions)
    (member,) = found.members
    assert member.free == ("a",)
    assert [(r.name, r.value) for r in member.relations] == [("b", "1 / (1 - a)")]


def test_one_requirement_on_two_parameters_is_a_family():
    found = outcome(spec("a*x + b*x**3", a="1", b="1"), "f(1) = 1")
    assert isinstance(found, ManySolutions)
    assert [r.value for r in found.members[0].relations] == ["1 - a"]


def test_over_keeps_the_others_at_their_nominal_values():
    found = one(spec("a*x + b*x**3", a="1", b="0.25"), "f(1) = 1", over=["a"])
    assert {n: v.exact for n, v in found.items()} == {"a": "3/4"}


def test_smooth_without_end_asks_for_one_expression():
    assert one(spec("Piecewise((x, x > 0), (a*x, True))", a="0.5"), "Cinf at 0")["a"].exact == "1"
    elu = spec("Piecewise((x, x > 0), (a*(exp(x) - 1), True))", a="0.5")
    assert isinstance(outcome(elu, "Cinf"), NoSolution)


def test_what_depends_on_no_parameter_says_so():
    found = outcome(spec("a*x", a="1"), "f(0) = 1")
    assert isinstance(found, NoSolution)
    assert found.problem.over == ()


def test_several_inputs_are_not_decided():
    from actgen.pipeline.solution import solved
    from actgen.solving.language import read_requirements
    from actgen.spec.reader import read_text

    activation, _ = read_text(
        "actgen: 1\nname: gate\ninputs: [u, v]\nparameters: {a: 1}\nexpression: a*u*sigmoid(v)\n", "gate.yaml"
    )
    assert activation is not None
    found, diagnostics = solved(activation, read_requirements(["mean = 0"], activation)[0], None)
    assert isinstance(found, NoSolution)
    assert found.proved is None
    assert [d.code for d in diagnostics] == ["ACT706"]

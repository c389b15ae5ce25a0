"""The forms that kernels compute in are the same functions, and the shorter ones."""

import numpy as np
import pytest
from spec_units import catalogue, unit

from actgen.formats import by_ordinal, ordinals
from actgen.native.runtime.cache import Cache
from actgen.program.evaluate import evaluate_nodes
from actgen.program.passes.underflow import factors_of
from actgen.program.precision import Far, Level, MovingZeros, kernel_program, remembered_kernel
from actgen.program.precision.far import candidates
from actgen.program.precision.levels import lean, settled
from actgen.program.precision.mixed import errors_in_ulp, evaluate_mixed
from actgen.program.precision.one_exponential import in_one_exponential
from actgen.program.program import arg, const, node, topological
from actgen.program.sampling import samples
from actgen.program.truth import truths

U = arg("u")
SPREAD = np.concatenate([np.linspace(-300, 300, 4001), np.geomspace(1e-20, 1, 200), -np.geomspace(1e-20, 1, 200)])
SOFTPLUS = node("softplus", U)
QUOTIENTS = {
    "sigmoid": node("sigmoid", U),
    "sigmoid of -u": node("sigmoid", node("neg", U)),
    "tanh of softplus": node("tanh", SOFTPLUS),
    "sech of softplus": node("sech", SOFTPLUS),
    "slope of sigmoid": node("mul", node("sigmoid", U), node("sigmoid", node("neg", U))),
    "powers": node(
        "mul",
        node("mul", U, node("powi", node("sech", SOFTPLUS), const(2))),
        node("powi", node("sigmoid", U), const(3)),
    ),
    "two arguments": node("mul", node("sigmoid", U), node("sigmoid", arg("v"))),
}


@pytest.mark.parametrize("name", QUOTIENTS)
def test_quotients_in_one_exponential_are_the_same_function(name):
    root = QUOTIENTS[name]
    new = in_one_exponential([root])[root]
    at = {"u": SPREAD, "v": SPREAD[::-1].copy()}
    (exact,) = truths([root], at)
    (found,) = evaluate_nodes([new], at)
    np.testing.assert_allclose(found, exact, rtol=3e-15, atol=1e-300)
    assert not {"sigmoid", "tanh", "sech", "softplus"} & {n.op for n in topological([new])}


def test_one_exponential_and_one_division_for_a_product():
    new = in_one_exponential([QUOTIENTS["powers"]])[QUOTIENTS["powers"]]
    ops = [n.op for n in topological([new])]
    assert ops.count("exp") == ops.count("div") == 1


@pytest.mark.parametrize("name", ["mish", "silu", "swiglu", "geglu", "selu_variation", "gelu", "swish"])
def test_a_kernel_computes_the_same_in_float64(name):
    seen = catalogue(name)
    program, rng = kernel_program(seen.program), np.random.default_rng(3)
    at = {n: rng.uniform(-700, 30, 3000) for n in program.inputs}
    at |= {n: np.full(3000, v) for n, v in seen.activation.nominal().items()}
    for new, old in zip(program.roots(), seen.program.roots(), strict=True):
        found, wanted = evaluate_nodes([new, old], at)
        scale = np.abs(wanted) + 1e-15 * np.minimum(1, np.abs(wanted))
        assert np.nanmax(np.abs(found - wanted) / np.maximum(scale, 1e-290)) < 1e-11


@pytest.mark.parametrize("name", ["swiglu", "selu_variation"])
def test_no_exponent_stays_halved(name):
    program = kernel_program(catalogue(name).program)
    exponentials = {n for n in topological(program.roots()) if n.op == "exp"}
    halves = {factor.half for root in program.roots() for factor in factors_of(root)}
    assert not exponentials & halves


GROWING = "parameters: {a: 0.5, phi: 0.3}\nexpression: (exp(a*x*cos(phi))*cos(a*x*sin(phi)) - 1)/a"
GATED = "inputs: [x, v]\nexpression: exp(x)*sin(v)"


@pytest.mark.parametrize(("text", "halves"), [(GROWING, True), (GATED, False)], ids=["wide", "scaled"])
def test_an_exponential_that_float64_cannot_hold_is_scaled_or_halved(text, halves, tmp_path):
    seen = unit(f"actgen: 1\nname: f\n{text}\n")
    points, kept = samples(seen.derivation), Cache(tmp_path / "cache")
    kernel = remembered_kernel(seen.program, points, kept=kept)
    assert kernel.halves == halves
    assert remembered_kernel(seen.program, points, kept=kept) == kernel
    at = {"a": 0.5, "phi": 0.3, "x": 1450.0 if halves else 710.0}
    for current, level in (*kernel.levels.forward.items(), *kernel.levels.partials.items()):
        if current.op == "exp" and level is Level.WIDE:
            assert np.isfinite(evaluate_nodes([current], at)[0])


def test_the_gaussian_is_that_of_the_error_function():
    nodes = list(topological(kernel_program(catalogue("gelu").program).partials.values()))
    (gaussian,), (erfc,) = ([n for n in nodes if n.op == op] for op in ("exp", "erfc"))
    assert gaussian.args[0] is node("neg", node("powi", erfc.args[0].args[0], const(2)))


def test_a_fixed_zero_has_all_its_digits_in_float32():
    for name in ("gelu", "silu", "mish"):
        program = kernel_program(catalogue(name).program)
        (root,) = program.partials.values()
        (x,) = (
            v for v in (-0.7517915368, -1.2784645557, -1.1924312115) if abs(evaluate_nodes([root], {"x": v})[0]) < 1e-8
        )
        near = by_ordinal(ordinals(np.array([x])) + np.arange(-2000, 2000))
        at = {"x": np.concatenate([near, np.float32(x + np.linspace(-1.8, 1.8, 4001)).astype(np.float64)])}
        (value,) = evaluate_mixed([root], at, lean([root]))
        assert errors_in_ulp(value, truths([root], at)[0]).max() < 6.4


def test_a_zero_that_moves_is_measured_by_its_largest_addend():
    seen = unit("actgen: 1\nname: f\nparameters: {a: 2}\nexpression: a*sin(x) + x/3\n")
    (root,) = seen.program.forward.values()
    x = np.linspace(-4, 4, 2001)
    at = {"x": x, "a": np.full(x.size, 2.0)}
    (magnitude,) = MovingZeros.of(seen.program, at).magnitudes([root], at)
    assert magnitude is not None
    np.testing.assert_allclose(magnitude, np.maximum(np.abs(2 * np.sin(x)), np.abs(x / 3)))


@pytest.mark.parametrize(
    "text",
    ["expression: x*exp(x) + 0.3", "parameters: {a: 2}\nexpression: sqrt(x**2 + a**2) - x"],
    ids=["fixed", "none"],
)
def test_other_cancellation_is_not_exempt(text):
    seen = unit(f"actgen: 1\nname: f\n{text}\n")
    x = np.linspace(-4, 4, 2001)
    at = {"x": x} | {name: np.full(x.size, 2.0) for name in seen.program.parameters}
    assert MovingZeros.of(seen.program, at).magnitudes(tuple(seen.program.forward.values()), at) == [None]


def test_far_elements_are_those_of_large_angles_exponents_and_tiny_inputs():
    x = arg("x")
    at = {"x": np.array([0.0, 1e-40, 1.0, 79.0, 81.0, 1e5])}
    assert Far((x,), (x,), (x,)).rows(at).tolist() == [False, True, False, False, True, True]
    assert Far(angles=(x,)).rows(at).tolist() == [False] * 5 + [True]
    assert not Far().rows(at).any()
    assert candidates(catalogue("gelu").program) == (Far(),)


def test_a_pair_is_an_argument_with_its_rounding():
    rng = np.random.default_rng(1)
    at = {n: rng.uniform(0.1, 9, 2000).astype(np.float32).astype(np.float64) for n in "ab"}
    root = node("exp", node("mul", arg("a"), arg("b")))
    (exact,) = truths([root], at)
    plain, carried = (evaluate_mixed([root], at, levels)[0] for levels in ({}, lean([root])))
    assert errors_in_ulp(plain, exact).max() > 20
    assert errors_in_ulp(carried, exact).max() < 1


def test_a_scaled_factor_outlasts_the_range():
    root = node("mul", arg("a"), node("exp", arg("b")))
    at = {"a": np.array([1e30, 1e38, 3.0]), "b": np.array([-130.0, -190.0, -88.0])}
    plain, scaled = (evaluate_mixed([root], at, levels)[0] for levels in ({}, lean([root])))
    (exact,) = truths([root], at)
    assert errors_in_ulp(scaled, exact).max() < 2
    assert (plain[:2] == 0).all()


def test_levels_settle_on_what_their_operands_have():
    product = node("mul", arg("a"), arg("b"))
    total = node("add", product, arg("b"))
    assert settled([total], {})[product] is Level.FUSED
    assert settled([total], {product: Level.SCALED}) == {product: Level.FUSED}
    assert settled([node("mul", total, product)], {}).get(product) is None

"""How a kernel holds its values: with enough digits, not with more than it needs, and the same way each time."""

import math

import numpy as np
import pytest
from spec_units import catalogue, unit

from actgen.native.runtime.cache import Cache
from actgen.program.evaluate import evaluate_nodes
from actgen.program.precision import (
    Level,
    Limits,
    MovingZeros,
    chosen_levels,
    kernel_program,
    moving_zeros,
    remembered,
    remembered_kernel,
    search,
)
from actgen.program.precision.mixed import errors_in_ulp, evaluate_mixed
from actgen.program.precision.points import columns, columns_along, recombined
from actgen.program.program import arg, const, node, topological
from actgen.program.sampling import further_parameters, samples

NAMES = ["gelu", "mish", "selu_variation", "silu", "snake", "swiglu", "tanhshrink"]


def chosen(name, limits=None):
    seen = catalogue(name)
    program = kernel_program(seen.program)
    return seen, program, chosen_levels(program, samples(seen.derivation), limits)


@pytest.mark.parametrize("name", ["elu", "relu6", "tanh", "sigmoid"])
def test_what_is_right_in_float32_stays_there(name):
    _, _, levels = chosen(name)
    assert levels.forward == levels.partials == {}


@pytest.mark.parametrize("name", ["gelu", "mish", "selu_variation", "silu", "snake"])
def test_the_subjects_need_no_float64(name):
    _, _, levels = chosen(name)
    assert Level.WIDE not in {*levels.forward.values(), *levels.partials.values()}


@pytest.mark.parametrize("name", NAMES)
def test_results_elsewhere_are_right_too(name):
    seen, program, levels = chosen(name)
    rng = np.random.default_rng(11)
    size = 200_000
    bits = rng.integers(0, 1 << 32, (len(program.inputs), size), dtype=np.uint64).astype(np.uint32)
    inputs = np.where(np.isfinite(bits.view(np.float32)), bits.view(np.float32), np.float32(1))
    inputs[:, ::2] = (20 * rng.standard_normal((len(inputs), size // 2))).astype(np.float32)
    at = dict(zip(program.inputs, inputs.astype(np.float64), strict=True))
    at |= {p: np.full(size, float(np.float32(v))) for p, v in seen.activation.nominal().items()}
    near = ~levels.far.rows(at)
    if len(program.inputs) > 1:  # subnormal inputs are an edge of a gate
        near &= np.all([(at[n] == 0) | (np.abs(at[n]) >= 2.0**-126) for n in program.inputs], 0)
    at = {n: column[near] for n, column in at.items()}
    moving = MovingZeros.of(program, at)
    for roots, nodes, limit in (
        (tuple(program.forward.values()), levels.forward, 4),
        (tuple(program.partials.values()), levels.partials, 8),
    ):
        found, truths = evaluate_mixed(roots, at, nodes), evaluate_nodes(roots, at)
        for value, truth, magnitude in zip(found, truths, moving.magnitudes(roots, at), strict=True):
            assert errors_in_ulp(value, truth, magnitude).max() <= limit


def test_the_choice_is_the_same_each_time():
    assert chosen("snake") == chosen("snake")


def test_a_search_is_remembered(tmp_path, monkeypatch):
    seen, _, expected = chosen("selu_variation")
    points, kept = samples(seen.derivation), Cache(tmp_path / "cache")
    assert remembered_kernel(seen.program, points, kept=kept).levels == expected
    (file,) = (tmp_path / "cache").glob("*.txt")
    damaged = file.read_text(encoding="utf-8").replace("pair", "wide")
    file.write_text(damaged, encoding="utf-8")
    assert remembered_kernel(seen.program, points, kept=kept).levels == expected
    monkeypatch.setattr(remembered, "searched_kernel", None)
    assert remembered_kernel(seen.program, points, kept=kept).levels == expected
    with pytest.raises(TypeError):
        remembered_kernel(seen.program, points, further_parameters(seen.derivation), kept=kept)
    with pytest.raises(TypeError):
        remembered_kernel(catalogue("snake").program, points, kept=kept)


def errors_at(program, levels, at):
    """The largest error of the outputs and of the partials, where elements are not far."""
    near = ~levels.far.rows(at)
    at = {n: column[near] for n, column in at.items()}
    found = []
    for nodes, held in ((program.forward, levels.forward), (program.partials, levels.partials)):
        roots = tuple(nodes.values())
        results, truths = evaluate_mixed(roots, at, held), evaluate_nodes(roots, at)
        found.append(max(errors_in_ulp(r, t).max() for r, t in zip(results, truths, strict=True)))
    return found


@pytest.mark.parametrize(
    ("name", "parameter", "value", "inputs"),
    [
        ("softplus", "beta", 2.764691114425659, np.linspace(1.25e38, 3.4e38, 501)),
        ("soft_exponential", "alpha", 0.06655194610357285, np.linspace(1.88, 2.5, 20_001)),
    ],
)
def test_what_a_search_finds_holds_at_parameters_that_it_did_not_see(name, parameter, value, inputs):
    seen = catalogue(name)
    program, points = kernel_program(seen.program), samples(seen.derivation)
    x = inputs.astype(np.float32).astype(np.float64)
    at = {"x": x, parameter: np.full_like(x, value)}
    assert max(errors_at(program, chosen_levels(program, points), at)) > 8
    looked_at = chosen_levels(program, points, further=further_parameters(seen.derivation))
    values, partials = errors_at(program, looked_at, at)
    assert values <= 4
    assert partials <= 8


def test_what_stays_wrong_at_other_parameters_is_not_let_go(monkeypatch):
    monkeypatch.setattr(search, "_missed", lambda measure, found, looks: [dict(looks[0])])
    seen = catalogue("elu")
    levels = chosen_levels(seen.program, samples(seen.derivation), further=further_parameters(seen.derivation))
    assert {*levels.forward.values(), *levels.partials.values()} == {Level.WIDE}


def test_a_zero_that_moves_at_other_parameters_only_is_known():
    seen = catalogue("selu_variation")
    points, further = samples(seen.derivation), further_parameters(seen.derivation)
    few, more = moving_zeros(seen.program, points).sums, moving_zeros(seen.program, points, further).sums
    assert few < more


def test_without_a_budget_everything_is_in_float64(monkeypatch):
    monkeypatch.setattr(search, "_BUDGET", 0)
    _, program, levels = chosen("silu")
    roots = tuple(program.forward.values())
    computed = {n for n in topological(roots) if n.op not in ("arg", "const") and not n.is_bool}
    assert levels.forward == dict.fromkeys(computed, Level.WIDE)


def test_tighter_limits_need_more():
    _, _, levels = chosen("elu")
    _, _, strict = chosen("elu", Limits(0.51, 0.51))
    assert len(strict.forward) > len(levels.forward)


def test_in_float64_it_is_plain_evaluation():
    seen = catalogue("selu_variation")
    roots, at = seen.program.roots(), columns(seen.program, samples(seen.derivation))
    wide = dict.fromkeys(topological(roots), Level.WIDE)
    for mixed, plain in zip(evaluate_mixed(roots, at, wide), evaluate_nodes(roots, at, quickly=True), strict=True):
        np.testing.assert_array_equal(mixed, plain)


@pytest.mark.parametrize("shift", [0.0, 70.0])
def test_a_scaled_number_loses_digits_to_a_small_factor_like_a_float(shift):
    x, y = arg("x"), arg("y")
    factor = node("exp", x)
    product = node("mul", factor, y)
    exponents = np.array([-12.875, -11.25, -14.75])
    small = np.float32([8.9330613e-37, 3.1e-38, 7.7e-36]).astype(np.float64)
    at = {"x": exponents - shift, "y": small * np.exp2(round(shift / math.log(2)))}
    levels = {factor: Level.SCALED, product: Level.SCALED}
    (held,) = evaluate_mixed((product,), at, levels)
    truth = np.exp(at["x"]) * at["y"]
    lost = np.abs(held / truth - 1)
    assert (lost > 2.0**-22).all() if shift == 0 else (lost < 2.0**-22).all()


def test_inputs_beside_a_second_one_are_usual_and_at_the_ends_of_the_range():
    seen = catalogue("swiglu")
    at = columns_along(seen.program, {})
    for name, other in (seen.program.inputs, seen.program.inputs[::-1]):
        usual = np.abs(at[name]) < 12
        assert np.count_nonzero(usual & (np.abs(at[other]) > 2.0**124)) > 500
        assert np.count_nonzero(usual & (np.abs(at[other]) < 2.0**-118)) > 500
    assert all(np.isfinite(column).all() for column in at.values())
    assert not any(((np.abs(column) < 2.0**-126) & (column != 0)).any() for column in at.values())
    np.testing.assert_array_equal(at[name], at[name].astype(np.float32))


def test_the_inputs_of_the_worst_rows_are_put_together_anew():
    rows = {"a": np.arange(2000.0), "b": -np.arange(2000.0), "k": np.full(2000, 3.0)}
    found = recombined(rows, ("a", "b"), np.arange(2000.0) % 1000)
    assert all(column.size == 2000 for column in found.values())
    assert (found["k"] == 3).all()
    bad = np.flatnonzero(np.arange(2000) % 1000 >= 744)
    assert set(found["a"]) == set(bad) == set(-found["b"])
    assert np.count_nonzero(found["a"] != -found["b"]) > 1000


def test_a_comparison_takes_place_in_the_wider_precision():
    x = arg("x")
    third = node("div", x, const(3))
    below = node("where", node("lt", node("mul", third, const(3)), x), const(1), const(0))
    at = {"x": np.float32([0.1, 0.7, 1e10]).astype(np.float64)}
    (wide,) = evaluate_mixed((below,), at, {third: Level.WIDE})
    (truth,) = evaluate_nodes((node("where", node("lt", node("mul", third, const(3)), x), const(1), const(0)),), at)
    np.testing.assert_array_equal(wide, truth)


def test_points_lie_dense_where_a_result_turns_and_where_a_condition_does():
    seen = unit("actgen: 1\nname: f\nexpression: Piecewise((x**2 - 2, x < 3.25), (x + 5.3125, True))\n")
    at = columns(seen.program, samples(seen.derivation))["x"]
    for place in (math.sqrt(2), -math.sqrt(2), 3.25):
        spacing = float(np.spacing(np.float32(abs(place))))
        assert np.unique(at[np.abs(at - place) <= 40 * spacing]).size >= 79
    np.testing.assert_array_equal(at, at.astype(np.float32))


@pytest.mark.parametrize(
    ("value", "truth", "error"),
    [
        (1.0, 1.0 + 2.0**-23, 1.0),
        (1.0, 1.0 + 2.0**-25, 0.25),
        (0.0, 2.0**-149, 1.0),
        (2.0**-140, 2.0**-140 + 2.0**-150, 0.5),
        (math.inf, 3.5e38, 0.0),
        (3.4e38, 3.5e38, math.inf),
        (math.inf, 3.4e38, math.inf),
        (math.nan, math.nan, 0.0),
        (math.nan, 1.0, math.inf),
        (math.inf, math.inf, 0.0),
    ],
)
def test_errors_are_in_units_of_float32(value, truth, error):
    found = errors_in_ulp(np.array([value]), np.array([truth]))[0]
    assert found == error if error in (0.0, 0.25, 0.5, 1.0) else found > 1e5

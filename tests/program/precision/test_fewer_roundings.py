"""Products and quotients that are rounded once: what the kernel computes is what the search assumes."""

import numpy as np
import pytest
from spec_units import catalogue

from actgen.backends.kernel_dialect import dialect
from actgen.backends.listing import listing
from actgen.program.evaluate import evaluate_nodes
from actgen.program.precision import Level, chosen_levels, kernel_program
from actgen.program.precision.levels import close, lean, settled
from actgen.program.precision.mixed import errors_in_ulp, evaluate_mixed
from actgen.program.precision.points import dense
from actgen.program.program import arg, const, node
from actgen.program.sampling import samples

E = node("exp", arg("x"))
AT = {"x": np.linspace(-20, 3, 20_001).astype(np.float32).astype(np.float64)}


def text(root, levels):
    levels = settled([root], levels)
    found = listing([root], dialect(levels), {"x": "x"}, {})
    return "\n".join([*(str(line) for line in found.lines), *found.results])


def worst(root, levels):
    exact = evaluate_nodes([root], AT)[0]
    return errors_in_ulp(evaluate_mixed([root], AT, levels)[0], exact).max()


def product(base, total):
    return node("mul", base, total)


@pytest.mark.parametrize("c", [0.5, 1, 2])
def test_a_product_with_a_sum_of_itself_is_rounded_once(c):
    total = node("add", const(c), E)
    root = product(E, total)
    assert settled([root], {})[total] is Level.FUSED
    assert f"actgen::product_with_sum(e, T({c}))" in text(root, {})


@pytest.mark.parametrize(
    "root",
    [
        product(E, node("add", E, const(3))),
        product(E, node("add", E, const(-2))),
        product(arg("x"), node("add", arg("x"), const(2))),
        node("add", product(E, total := node("add", E, const(2))), total),
    ],
    ids=["no power of two", "may cancel", "may be negative", "taken twice"],
)
def test_other_products_with_sums_are_not(root):
    assert "product_with_sum" not in text(root, {})


def test_scaled_products_with_sums_are_scaled():
    root = product(E, node("add", E, const(2)))
    assert "product_with_sum(e, T(2))" in text(root, lean([root]))
    assert worst(root, lean([root])) < worst(product(E, node("add", E, const(3))), {})


def test_a_quotient_by_a_pair_has_fewer_roundings():
    root = node("div", E, node("add", const(3), E))
    assert settled([root], close([root]))[root.args[1]] is Level.PAIR
    assert "actgen::divided(" in text(root, close([root]))
    assert worst(root, close([root])) < worst(root, lean([root])) - 0.4


def test_a_divisor_without_an_inverse_is_not_let_go():
    root = node("div", arg("x"), node("add", arg("x"), arg("x")))
    (found,) = evaluate_mixed([root], {"x": np.array([1.0, 2.0**-128])}, {root.args[1]: Level.PAIR})
    assert np.isnan(found).tolist() == [False, True]


def test_usual_floats_are_looked_at_densely_at_the_nominal_parameters():
    seen = catalogue("swish")
    parts = dense(kernel_program(seen.program), samples(seen.derivation))
    assert sum(part["x"].size for part in parts) > 1_000_000
    assert {value for part in parts for value in part["beta"]} == {1.0}
    two = catalogue("swiglu")
    parts = dense(kernel_program(two.program), samples(two.derivation))
    assert sum(part["gate"].size for part in parts) > 1_000_000
    usual = [{name for name in ("gate", "value") if np.abs(part[name]).max() < 120} for part in parts]
    assert {name for names in usual for name in names} == {"gate", "value"}
    assert all(len(names) == 1 for names in usual)


@pytest.mark.parametrize("name", ["mish", "silu", "elu", "gelu", "selu_variation", "snake", "tanh", "swish"])
def test_no_digits_are_won_by_float64(name):
    seen = catalogue(name)
    found = chosen_levels(kernel_program(seen.program), samples(seen.derivation))
    assert Level.WIDE not in {*found.forward.values(), *found.partials.values()}

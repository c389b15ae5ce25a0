"""Moments of gates under independent standard normal inputs, against mpmath's quadrature of each factor."""

import mpmath as mp
import pytest
from analysed import encloses, exact, gaussian, written


def gate(text):
    return written(f"inputs: [a, b]\nexpression: {text}\n").outputs[0]


def sigmoid(z):
    return 1 / (1 + mp.exp(-z))


def test_a_relu_gate():
    moments = gate("max(0, a) * b").moments
    assert [exact(q) for q in (moments.mean, moments.second_moment, moments.variance)] == ["0", "1/2", "1/2"]


@pytest.mark.parametrize(
    ("text", "mean", "second"),
    [
        ("a*b + a**2", "1", "4"),
        ("(a*b + 1)**2", "2", "16"),
        ("exp(a + b)", "E", "exp(4)"),
        ("abs(a) * b", "0", "1"),
    ],
)
def test_sums_of_products_have_exact_moments(text, mean, second):
    moments = gate(text).moments
    assert (exact(moments.mean), exact(moments.second_moment)) == (mean, second)


def test_pieces_in_both_inputs():
    moments = gate("max(a, 0)*clip(b, -1, 2) + sigmoid(a)").moments
    cut = lambda z: min(max(z, -1), 2)  # noqa: E731
    first = gaussian(cut, (-1, 2))
    square = gaussian(lambda z: cut(z) ** 2, (-1, 2))
    with mp.workdps(30):
        positive = 1 / mp.sqrt(2 * mp.pi)
        mixed = gaussian(lambda z: max(z, 0) * sigmoid(z), (0,))
        assert encloses(moments.mean, positive * first + mp.mpf(1) / 2)
        reference = square / 2 + 2 * first * mixed + gaussian(lambda z: sigmoid(z) ** 2)
        assert encloses(moments.second_moment, reference)


def test_a_function_of_a_mixture_has_none():
    assert "neither a product nor a sum" in gate("tanh(a + b)").reason
    assert "several inputs" in gate("max(a, b)").reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a*(b + 1)", ("yes", "odd", None)),
        ("Piecewise((a*(b + 1), a > 0), (a*b + a, True))", ("yes", "odd", None)),
        ("tanh(a) - (exp(a) - exp(-a))/(exp(a) + exp(-a)) + a*b", (None, "odd", None)),
        ("abs(a)*b", ("no", "even", None)),
        ("max(a, b)", ("no", "neither", "increasing")),
        ("min(2*a, b) + tanh(a)", ("no", "neither", "increasing")),
        ("max(a, 0)*max(b, 0)", ("no", "neither", "increasing")),
        ("clip(a, -1, 1)*exp(b)", ("no", "odd", "increasing")),
        ("a*(exp(b) - 1)/b", ("yes", "odd", "increasing")),
    ],
)
def test_what_holds_in_the_first_input(text, expected):
    first = gate(text).inputs[0]
    assert (first.affine.answer, first.parity.answer, first.monotone.answer) == expected


def test_a_pole_ends_a_rise():
    body = "inputs: [a, b]\nexpression: a - 1/b\n"
    assert written(body).outputs[0].inputs[1].monotone.answer is None


def test_the_variance_where_the_mean_is_0_up_to_its_enclosure():
    assert exact(gate("Piecewise((a*(b + 1), a > 0), (a*b + a, True))").moments.variance) == "2"

import pytest
import sympy as sp

from actgen.symbolic.functions import Cbrt, LogAddExp, RealPow, Sigmoid, Softplus
from actgen.symbolic.latex_printer import PaperPrinter, shrink_brackets

x, lam, alpha, beta, a, b = sp.symbols("x lambda alpha beta a b", real=True)
R = sp.Rational
GELU_TANH = x / 2 * (1 + sp.tanh(sp.sqrt(2 / sp.pi) * (x + R("0.044715") * x**3)))


def show(expression: sp.Basic) -> str:
    names = {x: "x", lam: r"\lambda", alpha: r"\alpha", beta: r"\beta", a: "a", b: r"\mathrm{gate}"}
    return PaperPrinter(names).show(expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (lam * alpha * (sp.exp(beta * x) - 1), r"\alpha \lambda (e^{\beta x} - 1)"),
        (x / (1 + sp.exp(-x)), r"\frac{x}{1 + e^{-x}}"),
        (x * Sigmoid(beta * x), r"x \sigma(\beta x)"),
        (x * sp.tanh(Softplus(x)), r"x \tanh(\mathop{\mathrm{softplus}}(x))"),
        (x + sp.sin(a * x) ** 2 / a, r"x + \frac{\sin^{2}(a x)}{a}"),
        (sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi), r"\frac{e^{-x^{2}/2}}{\sqrt{2 \pi}}"),
        (-x / sp.sqrt(2), r"-\frac{x}{\sqrt{2}}"),
        (x / (2 * a), r"\frac{x}{2 a}"),
        ((sp.exp(a * x) - 1) / a, r"\frac{e^{a x} - 1}{a}"),
        (1 - a * (x + a), "1 - a (a + x)"),
        ((-2 * a - x) / a, r"-\frac{2 a + x}{a}"),
        (R("0.01") * x, r"0.01\, x"),
        (R("0.1") * 2**x, r"0.1 \cdot 2^{x}"),
        (R("1.0507009873554804934193") * x, r"1.05070098735\ldots\, x"),
        (-R("1.0507009873554804934193"), r"-1.05070098735\ldots"),
        (R("1.2345678901234567890123e-30") * x, r"1.23456789012\ldots \cdot 10^{-30}\, x"),
        (x / 3, r"\frac{x}{3}"),
        (-R(1, 2), r"-\frac{1}{2}"),
        (sp.Abs(x) ** a, r"\lvert x\rvert^{a}"),
        (1 / (1 + sp.Abs(x)) ** 2, r"\frac{1}{(1 + \lvert x\rvert)^{2}}"),
        (sp.sqrt(x**2 + b), r"\sqrt{\mathrm{gate} + x^{2}}"),
        (b * x, r"\mathrm{gate}\, x"),
        (Cbrt(x) ** 2, r"\left(\sqrt[3]{x}\right)^{2}"),
        (RealPow(x, a), "x^{a}"),
        (RealPow(x + 1, a), "(x + 1)^{a}"),
        (LogAddExp(x, a), r"\mathop{\mathrm{logaddexp}}(x,\, a)"),
        (sp.loggamma(x), r"\log\Gamma(x)"),
        (sp.polygamma(0, x), r"\psi(x)"),
        (sp.log(x / 2), r"\log\left(\frac{x}{2}\right)"),
        (sp.And(x > 0, x <= 1), r"0 < x \leq 1"),
        (sp.Or(x > 1, sp.Ne(x, -1)), r"x > 1 \text{ or } x \neq -1"),
        (sp.nan, r"\text{NaN}"),
    ],
)
def test_reads_like_a_paper(expression: sp.Basic, expected: str) -> None:
    assert show(expression) == expected


@pytest.mark.parametrize("expression", [GELU_TANH, GELU_TANH.diff(x), sp.erfc(x) * sp.sign(x) + sp.atan2(x, a)])
def test_nothing_that_github_refuses(expression: sp.Basic) -> None:
    shown = show(expression)
    assert "operatorname" not in shown
    assert "|" not in shown
    assert shown.count("{") == shown.count("}")
    assert shown.count(r"\left") == shown.count(r"\right")


def test_sigmoid_is_spelled_out_beside_a_parameter_called_sigma() -> None:
    sigma = sp.Symbol("sigma", real=True)
    assert PaperPrinter({sigma: r"\sigma", x: "x"}).show(sigma * Sigmoid(x)) == r"\sigma \mathop{\mathrm{sigmoid}}(x)"


def test_brackets_grow_only_around_tall_things() -> None:
    assert shrink_brackets(r"\left(a \left(\frac{b}{c}\right)\right)") == r"\left(a \left(\frac{b}{c}\right)\right)"
    assert shrink_brackets(r"\left(a\right) \left(\frac{b}{c}\right)") == r"(a) \left(\frac{b}{c}\right)"

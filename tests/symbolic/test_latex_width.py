import pytest

from actgen.symbolic.latex_width import width


@pytest.mark.parametrize(
    ("latex", "letters"),
    [
        ("", 0),
        ("x", 1),
        (r"\alpha x", 2),
        (r"\alpha + x", 4),
        (r"\frac{a b c}{d}", 3),
        (r"\frac{a}{\frac{b c d e}{f}}", 4),
        (r"x_{12}", 2.4),
        (r"e^{x}", 1.7),
        (r"\sin(x)", 6),
        (r"\mathop{\mathrm{erf}}\left(x\right)", 6),
        (r"\sqrt{a b}", 3),
        (r"\text{if } x \leq 1", 6),
    ],
)
def test_widths(latex: str, letters: float) -> None:
    assert width(latex) == pytest.approx(letters)


@pytest.mark.parametrize("latex", ["}", "{", "_", r"\frac", r"\frac{a}", "x^"])
def test_what_is_no_latex_has_a_width_too(latex: str) -> None:
    assert width(latex) >= 0

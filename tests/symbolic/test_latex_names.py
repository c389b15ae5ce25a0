import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actgen.latex_symbol import safe_latex
from actgen.symbolic.latex_names import from_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lambda", r"\lambda"),
        ("x", "x"),
        ("S", "S"),
        ("x_max", r"x_{\mathrm{max}}"),
        ("a2", "a_{2}"),
        ("gain", r"\mathrm{gain}"),
        ("beta_neg_2", r"\beta_{\mathrm{neg},2}"),
        ("Omega", r"\Omega"),
    ],
)
def test_names_without_a_wish(name: str, expected: str) -> None:
    assert from_name(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\alpha", r"\alpha"),
        (r"$\lambda$", r"\lambda"),
        (r"\hat\alpha_0", r"\hat{\alpha}_{0}"),
        (r"\theta_\mathrm{max}", r"\theta_{\mathrm{max}}"),
        (r"\hat{\alpha}_{\mathrm{max},1}^{+}", r"\hat{\alpha}_{\mathrm{max},1}^{+}"),
        ("x''", "x''"),
        (r"\alpha a", r"\alpha a"),
        ("α_0", r"\alpha_{0}"),
        ("θΔ", r"\theta\Delta"),
        (r"\beta^{(1/2)}", r"\beta^{(1/2)}"),
        (r"x_{\text{max}} \operatorname{gain}", r"x_{\mathrm{max}}\mathrm{gain}"),
    ],
)
def test_wishes_inside_the_grammar(text: str, expected: str) -> None:
    assert safe_latex(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x_",
        "}{",
        r"\input{a}",
        r"\def\x{}",
        r"\mathrm",
        r"\hat",
        "{}",
        "x^2^3",
        "a|b",
        "<b>",
        "a%b",
        r"\left(x",
        "é",
        r"\color{red}x",
        r"\href{http://x}{y}",
        r"\begin{x}",
        "a&b",
        "a#b",
        "$a$b$",
        "{" * 20 + "a" + "}" * 20,
        "a" * 65,
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    assert safe_latex(text) is None


@given(st.text(alphabet="\\{}_^'$ abAlphinputheoml%|<>0", max_size=40))
def test_what_passes_is_balanced_and_holds_known_commands_only(text: str) -> None:
    shown = safe_latex(text)
    if shown is None:
        return
    depth = 0
    for character in shown:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert not set(shown) & set("$%&#|<>")
    assert not re.search(r"\\(input|def|write|begin|end|href)", shown)
    assert safe_latex(shown) == shown

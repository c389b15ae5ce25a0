"""Specs that are hard on a page: long, wide and high formulas, many parameters, text in every script."""

from __future__ import annotations

from functools import cache

from actgen.spec.reader import read_text
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.derive import derive

_POLYNOMIAL = " + ".join(f"{k}.{k}{k}*x**{k}/{k + 7}" for k in range(1, 25))
_FACTORS = "*".join(f"tanh(a{k}*x)" for k in range(1, 13))
_SLOPES = "".join(f"  a{k}: 0.{k}\n" for k in range(1, 13))
_PIECES = ", ".join(
    f"({k}*sin(x + {k})**2 + x**2/({k} + x**2) + alpha*tanh(x/{k}), x > {30 - k})" for k in range(1, 20)
)
_OVER = "alpha + beta*x + gain*x**2 + alpha**2*x**3 + beta**2*x**4 + sin(alpha*x) + cos(beta*x)*sigmoid(gain*x)"
_UNDER = "1 + alpha**2*x**2 + beta**2*x**4 + gain**2*x**6 + tanh(alpha*x)**2 + tanh(beta*x)**2 + x**8/17 + x**10/19"
_WORD = "andon" * 30
_TEXT = (
    r"""
title: 'A title \input{/etc/passwd} \write18{ls} 100% of_the ^way~ {braces} <|> Ελληνικά 中文 😀 Жук'
summary: 'Σιγμοειδής; 这是; 🚀; Ünïcödé ệ ử ą đ; """
    + _WORD
    + r"""; x² ≤ ∞ — “q” <b> | שלום -- \end{document}'
parameters:
  alpha: {init: 0.3, bounds: [0.1, 2], description: 'τ in % of_it & more, 参数'}
  a_parameter_with_a_rather_long_name: {init: 0.75, shape: channel}
expression: alpha*x + sin(a_parameter_with_a_rather_long_name*x)
references:
  - {title: 'A paper with 100% of_everything {and} $more$', authors: 'Ж. Иванов, 王小明', year: 2020,
     url: 'https://example.org/averyveryverylongpathwithoutanyplacetobreakitatallbecauseitislong/a_b%20c?x=1&y=2#f'}
"""
)

NASTY: dict[str, str] = {
    name: f"actgen: 1\nname: {name}\n{body}\n"
    for name, body in {
        "polynomial": f"expression: {_POLYNOMIAL}",
        "product": f"parameters:\n{_SLOPES}expression: {_FACTORS}",
        "power": "parameters: {alpha: 1.5, beta_with_a_long_name: 0.5}\nexpression: exp(-(alpha*x + "
        "beta_with_a_long_name*x**2 + alpha**2*x**3 + beta_with_a_long_name**2*x**4 + sin(x) + tanh(x) + atan(x))**2)",
        "fraction": f"parameters: {{alpha: 1.5, beta: 0.5, gain: 2}}\nexpression: ({_OVER})/({_UNDER})",
        "high": f"parameters: {{alpha: 0.5}}\nexpression: Piecewise({_PIECES}, (0, True))\n"
        "checks: {smoothness: {x: discontinuous}}",
        "text": _TEXT,
    }.items()
}


@cache
def derivation(text: str) -> Derivation:
    """The mathematics of a spec."""
    activation, found = read_text(text, "nasty.yaml")
    assert activation is not None, found
    derived, found = derive(activation)
    assert derived is not None, found
    return derived

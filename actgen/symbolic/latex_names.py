"""How a declared name looks in mathematics: the spec's `latex` where it is safe, else one made from the name."""

from __future__ import annotations

import re

from actgen.activation import Activation, Input, Parameter
from actgen.latex_symbol import GREEK, safe_latex


def latex_names(activation: Activation) -> dict[str, str]:
    """Every input's, parameter's and `let` entry's name in LaTeX."""
    names = {v.name: _of_variable(v) for v in activation.variables}
    return names | {entry.name: from_name(entry.name) for entry in activation.let}


def _of_variable(variable: Input | Parameter) -> str:
    wish = variable.latex if isinstance(variable, Parameter) else None
    return (safe_latex(wish) if wish else None) or from_name(variable.name)


def from_name(name: str) -> str:
    r"""A name in LaTeX: `lambda` is \lambda, `x_max` is x_{\mathrm{max}}, `a2` is a_{2}, `gain` is \mathrm{gain}."""
    stem, *rest = [part for part in name.split("_") if part]
    match = re.fullmatch(r"([A-Za-z]+)(\d+)", stem)
    if match:
        stem, rest = match[1], [match[2], *rest]
    subscript = ",".join(_word(part) for part in rest)
    return _word(stem) + (f"_{{{subscript}}}" if subscript else "")


def _word(word: str) -> str:
    if word == "lamda":
        return r"\lambda"
    if word in GREEK:
        return "\\" + word
    return word if len(word) == 1 or word.isdigit() else rf"\mathrm{{{word}}}"

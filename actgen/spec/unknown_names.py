"""Findings for names and functions that mean nothing here, each with the nearest thing that does."""

from __future__ import annotations

from collections.abc import Set

from actgen.diagnostics import Diagnostic, Span
from actgen.spec.findings import nearest, quoted
from actgen.spec.vocabulary import (
    CALLABLE,
    CONSTANTS,
    DECLARABLE_FUNCTIONS,
    ELSEWHERE,
    NOT_ELEMENTWISE,
    PYTHON_WORDS,
    STEPS,
)
from actgen.spec.walker import Scope

_DISTRIBUTIONS = {
    "uniform": "{uniform: [low, high]}",
    "normal": "{normal: [mean, std]}",
    "exponential": "{exponential: rate}",
}
_NO_NAMES = "it holds only numbers, `pi`, `E` and functions"


def explain_name(name: str, span: Span, scope: Scope) -> Diagnostic:
    """The finding for a name that stands where a value belongs."""
    if name in scope.hidden:
        help = "a `let` entry may use the entries above it; change the order"
        return Diagnostic("ACT332", f"{quoted(name)} is not defined yet at this point", span, help)
    if name in CALLABLE - DECLARABLE_FUNCTIONS:
        return Diagnostic("ACT331", f"{quoted(name)} is a function and stands alone here", span, f"write `{name}(…)`")
    if scope.constant:
        return Diagnostic("ACT327", f"a constant expression cannot use {quoted(name)}", span, _constant_help(name))
    if name.lower() in STEPS or name.lower() in NOT_ELEMENTWISE:
        return explain_function(name, span, scope)
    if name in scope.outputs:
        help = "an output cannot be used; name the shared part under `let`"
        return Diagnostic("ACT302", f"{quoted(name)} is an output", span, help)
    return Diagnostic("ACT302", f"{quoted(name)} is not declared", span, _name_help(name, scope.names))


def _constant_help(name: str) -> str:
    if name in ("inf", "oo", "infinity"):
        return "infinity is `.inf`, and only bounds, ranges and points can have it"
    return nearest(name, CONSTANTS) or _NO_NAMES


def _name_help(name: str, names: Set[str]) -> str:
    if name == "e":
        return "did you mean `E`, or `exp(…)`?" if "E" not in names else "write `exp(1)`"
    if name in ("I", "i", "j") and name.swapcase() not in names:
        return "all quantities are real; declare it if it is a parameter"
    if name in ("inf", "oo", "nan", "infinity"):
        return "an expression holds finite numbers only"
    if name.lower() in ("true", "otherwise", "else", "default"):
        return "a condition that always holds is `True`"
    if name.lower() == "false":
        return "a condition that never holds is `False`"
    if name in PYTHON_WORDS:
        return "declare it under `parameters` if it is one; Python's own meaning is not allowed"
    if name in DECLARABLE_FUNCTIONS:
        return f"declare it under `parameters` if it is one; the function is `{name}(…)`"
    valid = {declared for declared in names if declared.isidentifier() and declared.strip("_") == declared}
    return nearest(name, {*valid, *CONSTANTS}) or "declare it under `inputs`, `parameters` or `let`"


def explain_function(name: str, span: Span, scope: Scope | None = None) -> Diagnostic:
    """The finding for a call of something that is no function here."""
    lower = name.lower()
    if lower in _DISTRIBUTIONS and scope is not None and scope.constant:
        help = f"a distribution is `{_DISTRIBUTIONS[lower]}` below `init`"
        return Diagnostic("ACT321", f"{quoted(name)} is random", span, help)
    if lower in STEPS:
        return Diagnostic("ACT320", f"{quoted(name)} is not allowed", span, STEPS[lower])
    if lower in NOT_ELEMENTWISE:
        help = "an activation acts on each element alone; compute it outside and pass it as another input"
        return Diagnostic("ACT321", f"{quoted(name)} is random, a reduction or state", span, help)
    if lower in ELSEWHERE:
        help = f"write `{ELSEWHERE[lower]}`"
    elif name in PYTHON_WORDS:
        help = "only the listed functions can be called"
    else:
        help = nearest(name, CALLABLE) or "`docs/SPEC.md` lists the functions"
    return Diagnostic("ACT303", f"there is no function {quoted(name)}", span, help)

"""Constant expressions of a spec as `Value`s, and numbers as written for points."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from actgen.activation import Value
from actgen.formula import Formula
from actgen.spec.constants import NotConstantError, decimal_digits, nearest_float
from actgen.spec.expression import Scope, read_value
from actgen.spec.findings import Findings
from actgen.spec.survey import survey
from actgen.spec.tree import Scalar, Tree, is_faulty

_Number = TypeVar("_Number", float, Decimal)
_INFINITY = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_NAN = re.compile(r"\.(?:nan|NaN|NAN)")
_WRITTEN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def infinity(scalar: Scalar) -> float | None:
    """±inf for YAML's `.inf`, else None."""
    match = _INFINITY.fullmatch(scalar.text) if scalar.style == "plain" else None
    return None if match is None else -math.inf if match.group(1) == "-" else math.inf


def read_constant(scalar: Scalar, findings: Findings, *, infinite: bool = False) -> Value | None:
    """A constant expression's value, or None after a finding.

    Args:
        scalar: the text.
        findings: where faults go.
        infinite: whether `.inf` is allowed here.
    """
    endless = infinity(scalar)
    if endless is not None and infinite:
        return Value(endless, None, scalar.text, scalar.span)
    if endless is not None or _is_nan(scalar):
        allowed = "`.inf` is allowed in bounds, ranges and, for inputs and results, points"
        help = allowed if endless is not None else None
        findings.error("ACT328", "a finite number belongs here", scalar.span, help)
        return None
    formula = _constant(scalar, findings)
    number = None if formula is None else _evaluated(formula, nearest_float, scalar, findings)
    return None if number is None else Value(number, formula, scalar.text, scalar.span)


def read_pair(
    pair: list[Scalar], place: Tree, findings: Findings, *, infinite: bool = False
) -> tuple[Value, Value] | None:
    """Two constant expressions, or None after a finding.

    Args:
        pair: the texts.
        place: the same in the tree.
        findings: where faults go.
        infinite: whether `.inf` is allowed here.
    """
    if len(pair) != 2 and not is_faulty(place):
        message = f"two values belong here, `[low, high]`, and there {'is 1' if len(pair) == 1 else f'are {len(pair)}'}"
        findings.error("ACT110", message, place.span)
        return None
    values = [read_constant(scalar, findings, infinite=infinite) for scalar in pair]
    whole = [value for value in values if value is not None]
    return (whole[0], whole[1]) if len(whole) == len(values) == 2 else None


def read_written(scalar: Scalar, findings: Findings) -> Decimal | float | None:
    """A claimed result: a number keeps the digits written, another constant expression is given 25 digits.

    Args:
        scalar: the text; `.inf` and `.nan` are allowed.
        findings: where faults go.
    """
    endless = infinity(scalar)
    if endless is not None:
        return endless
    if _is_nan(scalar):
        return math.nan
    formula = _constant(scalar, findings)
    if formula is None:
        return None
    if _WRITTEN.fullmatch(scalar.text):
        return Decimal(scalar.text)
    return _evaluated(formula, decimal_digits, scalar, findings)


def _is_nan(scalar: Scalar) -> bool:
    return scalar.style == "plain" and _NAN.fullmatch(scalar.text) is not None


def _constant(scalar: Scalar, findings: Findings) -> Formula | None:
    """The formula of a constant expression whose every part is in order."""
    if _INFINITY.fullmatch(scalar.text) or _NAN.fullmatch(scalar.text):
        findings.error("ACT328", "in quotes this is no number", scalar.span, f"write `{scalar.text}` without quotes")
        return None
    own = Findings()
    formula = read_value(scalar, Scope(constant=True), own)
    if formula is not None:
        survey(formula, {}, own, scalar.span)
    findings.take(own)
    return None if own.failed else formula


def _evaluated(
    formula: Formula,
    evaluate: Callable[[Formula], _Number | None],
    scalar: Scalar,
    findings: Findings,
) -> _Number | None:
    help = None
    try:
        value = evaluate(formula)
    except NotConstantError:
        message, help = "pieces have no place in a constant", "write the value"
    except OverflowError:
        message, help = "this constant is past float64", "numbers that are not 0 lie between 5e-324 and 1.8e308 in size"
        findings.error("ACT316", message, scalar.span, help)
        return None
    else:
        if value is not None:
            return value
        message = "this constant has no finite real value"
    findings.error("ACT328", message, scalar.span, help)
    return None

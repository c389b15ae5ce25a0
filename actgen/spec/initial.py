"""Initial values: one number, or a distribution, and the nominal value that each implies."""

from __future__ import annotations

import math
from fractions import Fraction

from actgen.activation import (
    Bounds,
    ConstantInit,
    ExponentialInit,
    Init,
    NormalInit,
    Required,
    UniformInit,
    Value,
)
from actgen.diagnostics import Span
from actgen.formula import Call, Number
from actgen.spec.constants import nearest_float
from actgen.spec.findings import Findings
from actgen.spec.limits import MAX_REQUIREMENTS
from actgen.spec.schema import DistributionModel
from actgen.spec.tree import Scalar, Tree, find, is_faulty
from actgen.spec.values import read_constant, read_pair


def read_init(entry: Scalar | DistributionModel, place: Tree, findings: Findings) -> Init | None:
    """An initial value, or None after a finding.

    Args:
        entry: a constant expression, or a distribution.
        place: the same in the tree.
        findings: where faults go.
    """
    if isinstance(entry, Scalar):
        value = read_constant(entry, findings)
        return None if value is None else ConstantInit(value)
    given = [key for key in ("uniform", "normal", "exponential", "solve") if getattr(entry, key) is not None]
    if len(given) != 1:
        if not is_faulty(place):
            message = "an initial value in braces is exactly one of `uniform`, `normal`, `exponential` and `solve`"
            findings.error("ACT110", message, place.span, "write `{uniform: [0, 1]}`")
        return None
    if entry.uniform is not None:
        return _uniform(entry.uniform, find(place, ("uniform",)), findings)
    if entry.normal is not None:
        return _normal(entry.normal, find(place, ("normal",)), findings)
    assert entry.exponential is not None
    return _exponential(entry.exponential, findings)


def read_required(entry: Scalar | DistributionModel | None) -> Required | None:
    """The requirements that an initial value is to be solved from; None if it is given otherwise."""
    if entry is None or isinstance(entry, Scalar) or entry.solve is None:
        return None
    if any(getattr(entry, key) is not None for key in ("uniform", "normal", "exponential")):
        return None
    return required(entry.solve)


def required(scalar: Scalar) -> Required:
    """Requirements as written, with the place of each character."""
    short = len(scalar.text) <= MAX_REQUIREMENTS
    places = tuple(scalar.part(i, i + 1) for i in range(len(scalar.text))) if short else ()
    return Required(scalar.text, scalar.span, places)


def beginning(bounds: Bounds | None, span: Span) -> Value:
    """A value inside the bounds from which to solve."""
    low, high = (-math.inf, math.inf) if bounds is None else (bounds.low.value, bounds.high.value)
    if math.isfinite(low) and math.isfinite(high):
        start = low / 2 + high / 2
    elif low < 1 < high:
        start = 1.0
    else:
        start = low + max(1.0, abs(low)) if math.isfinite(low) else high - max(1.0, abs(high))
    return Value(start, Number(Fraction(start)), repr(start), span)


def _uniform(pair: list[Scalar], place: Tree, findings: Findings) -> UniformInit | None:
    values = read_pair(pair, place, findings)
    if values is None:
        return None
    if not values[0].value < values[1].value:
        message = "the low end of a uniform distribution is below its high end"
        low, high = values
        help = f"write `[{high.text}, {low.text}]`" if low.value > high.value else f"for one value write `{low.text}`"
        findings.error("ACT406", message, place.span, help)
        return None
    return UniformInit(*values)


def _normal(pair: list[Scalar], place: Tree, findings: Findings) -> NormalInit | None:
    values = read_pair(pair, place, findings)
    if values is None:
        return None
    if not values[1].value > 0:
        help = "write `{normal: [mean, std]}`"
        findings.error("ACT406", "the standard deviation is above 0", pair[1].span, help)
        return None
    return NormalInit(*values)


def _exponential(scalar: Scalar, findings: Findings) -> ExponentialInit | None:
    rate = read_constant(scalar, findings)
    if rate is not None and not rate.value > 0:
        findings.error("ACT406", "the rate of an exponential distribution is above 0", scalar.span)
        return None
    return None if rate is None else ExponentialInit(rate)


def mean(init: Init) -> Value | None:
    """The nominal value that an initial value implies: itself, or the mean of the distribution; None past float64."""
    match init:
        case ConstantInit(value=value):
            return value
        case UniformInit(low=low, high=high):
            assert low.formula is not None and high.formula is not None
            total = Call("add", (low.formula, high.formula))
            formula, text = Call("div", (total, Number(Fraction(2)))), f"({low.text} + {high.text})/2"
            span = low.span
        case NormalInit(mean=middle):
            return middle
        case ExponentialInit(rate=rate):
            assert rate.formula is not None
            formula, text = Call("div", (Number(Fraction(1)), rate.formula)), f"1/({rate.text})"
            span = rate.span
    try:
        value = nearest_float(formula)
    except OverflowError:
        return None
    return None if value is None else Value(value, formula, text, span)

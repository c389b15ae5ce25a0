"""Initial values: one number, or a distribution, and the nominal value that each implies."""

from __future__ import annotations

from fractions import Fraction

from actgen.activation import ConstantInit, ExponentialInit, Init, NormalInit, UniformInit, Value
from actgen.formula import Call, Number
from actgen.spec.constants import nearest_float
from actgen.spec.findings import Findings
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
    given = [key for key in ("uniform", "normal", "exponential") if getattr(entry, key) is not None]
    if len(given) != 1:
        if not is_faulty(place):
            message = "an initial distribution is exactly one of `uniform`, `normal` and `exponential`"
            findings.error("ACT110", message, place.span, "write `{uniform: [0, 1]}`")
        return None
    if entry.uniform is not None:
        return _uniform(entry.uniform, find(place, ("uniform",)), findings)
    if entry.normal is not None:
        return _normal(entry.normal, find(place, ("normal",)), findings)
    assert entry.exponential is not None
    return _exponential(entry.exponential, findings)


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

"""Property tags of an activation, for filters: each with its definition, each decided by what the analysis proves.

A tag is given only where it is proved, at the nominal parameters: a tag that is missing says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from actgen.activation import Activation, Shape
from actgen.analysis.quantity import How, Quantity
from actgen.analysis.report import Analysis, Signal
from actgen.analysis.report import Shape as Curve

_SMOOTH = ("C∞", "C2", "C1", "C0")


@dataclass(frozen=True, slots=True)
class Facts:
    """What tags are decided from: the shape and the signal are those of the only output of the only input."""

    activation: Activation
    shape: Curve | None
    signal: Signal | None


def _of_shape(test: Callable[[Curve], bool]) -> Callable[[Facts], bool]:
    return lambda facts: facts.shape is not None and test(facts.shape)


def _finite(quantity: Quantity) -> bool:
    return quantity.midpoint is not None and "inf" not in quantity.midpoint


def _bounded(shape: Curve, *, below: bool, above: bool) -> bool:
    found = shape.range
    return found is not None and (not below or _finite(found.low)) and (not above or _finite(found.high))


def _unbounded(shape: Curve) -> bool:
    found = shape.range
    return found is not None and (found.low.midpoint == "-inf" or found.high.midpoint == "inf")


def _is_smooth(least: str) -> Callable[[Curve], bool]:
    return lambda shape: shape.smoothness.answer in _SMOOTH[: _SMOOTH.index(least) + 1]


def _contracts(shape: Curve) -> bool:
    constant = shape.lipschitz
    if not _finite(constant):
        return False
    return constant.exact == "1" or constant.value + float(constant.error) < 1


@dataclass(frozen=True, slots=True)
class Tag:
    """What a tag means, in one sentence, and the test for it."""

    definition: str
    holds: Callable[[Facts], bool]


TAGS: Mapping[str, Tag] = {
    "monotone": Tag(
        "f never falls, or never rises, over its whole domain",
        _of_shape(lambda s: s.monotone.answer in ("increasing", "decreasing", "constant")),
    ),
    "bounded": Tag("the range is finite at both ends", _of_shape(lambda s: _bounded(s, below=True, above=True))),
    "bounded below": Tag("the range is finite below", _of_shape(lambda s: _bounded(s, below=True, above=False))),
    "bounded above": Tag("the range is finite above", _of_shape(lambda s: _bounded(s, below=False, above=True))),
    "unbounded": Tag("the range is infinite at an end", _of_shape(_unbounded)),
    "smooth (C∞)": Tag("all derivatives exist and are continuous", _of_shape(_is_smooth("C∞"))),
    "C1": Tag("f and its derivative are continuous", _of_shape(_is_smooth("C1"))),
    "continuous": Tag("f is continuous", _of_shape(_is_smooth("C0"))),
    "odd": Tag("f(-x) = -f(x)", _of_shape(lambda s: s.parity.answer in ("odd", "zero"))),
    "even": Tag("f(-x) = f(x)", _of_shape(lambda s: s.parity.answer in ("even", "zero"))),
    "periodic": Tag("f(x + p) = f(x) for some p > 0", _of_shape(lambda s: s.period is not None)),
    "saturating": Tag(
        "f tends to a finite limit, and its slope to 0, as x goes to ∞ or -∞",
        _of_shape(lambda s: any(end.saturates for end in s.ends)),
    ),
    "dead region": Tag("the slope is 0 on an interval", _of_shape(lambda s: bool(s.dead_spans))),
    "convex": Tag("f is convex on its whole domain", _of_shape(lambda s: s.convexity.answer in ("convex", "affine"))),
    "zero-centred": Tag("f(0) = 0", _of_shape(lambda s: s.at_zero.exact == "0")),
    "zero-mean": Tag(
        "E[f(z)] = 0 for z standard normal, proved exactly",
        lambda facts: (
            facts.signal is not None and facts.signal.mean.how is How.EXACT and facts.signal.mean.exact == "0"
        ),
    ),
    "1-Lipschitz": Tag("|f(x) - f(y)| <= |x - y| for all x and y", _of_shape(_contracts)),
    "learnable": Tag(
        "it has a parameter that is learned", lambda facts: any(p.learnable for p in facts.activation.parameters)
    ),
    "per-channel": Tag(
        "a parameter has one value for each channel unless asked otherwise",
        lambda facts: any(p.shape is Shape.CHANNEL for p in facts.activation.parameters),
    ),
    "gate": Tag("it has two or more inputs", lambda facts: len(facts.activation.inputs) > 1),
    "several outputs": Tag("it has two or more outputs", lambda facts: len(facts.activation.outputs) > 1),
}
"""Tag to definition and test, in the order in which they are shown. The one place where tags are defined."""


def tags(analysis: Analysis, activation: Activation) -> tuple[str, ...]:
    """The tags that are proved to hold."""
    alone = analysis.outputs[0] if len(analysis.outputs) == 1 else None
    facts = Facts(activation, alone and alone.shape, alone and alone.signal)
    return tuple(name for name, tag in TAGS.items() if tag.holds(facts))

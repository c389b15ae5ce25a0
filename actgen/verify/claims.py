"""The spec's own `checks`, held against the oracle and against what was proved about smoothness."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from actgen.activation import Activation, Monotone, Output, PointCheck, Smoothness, Value
from actgen.diagnostics import Diagnostic, Severity, Span
from actgen.formats import Array
from actgen.symbolic.derivation import Derivation
from actgen.verify.balls import UndecidedError
from actgen.verify.inputs import Dataset
from actgen.verify.oracle import Oracle, Truth
from actgen.verify.report import ClaimResult, Status, name_of
from actgen.verify.truths import Truths
from actgen.verify.ulp import Mask

Indices: TypeAlias = npt.NDArray[np.intp]

_ORDER = [Smoothness.DISCONTINUOUS, Smoothness.C0, Smoothness.C1, Smoothness.C2, Smoothness.CINF]


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim with its verdict, and the diagnostic that a bad verdict deserves."""

    result: ClaimResult
    diagnostic: Diagnostic | None = None


def claims(
    activation: Activation, derivation: Derivation | None, truths: Truths, dataset: Dataset
) -> Iterator[Finding]:
    """Every claim of every output.

    Args:
        activation: whose checks.
        derivation: proves smoothness; without it nothing is proved.
        truths: the oracle's tables.
        dataset: float64 points at which ranges and signs are looked at, where the parameters are nominal.
    """
    yield from decided(activation, derivation, truths.oracle)
    nominal = _nominal(activation, dataset)
    for output in activation.outputs:
        checks = output.checks
        table = truths.table(dataset)
        if checks.range is not None:
            low, high = checks.range
            yield _range(output, low, high, table[output.name, None], nominal, dataset)
        for name, claim in checks.monotone.items():
            yield _monotone(output, name, claim, table[output.name, name], nominal, dataset)


def decided(activation: Activation, derivation: Derivation | None, oracle: Oracle) -> Iterator[Finding]:
    """The claims that need no samples: points, by the oracle, and smoothness, as it was proved."""
    for output in activation.outputs:
        for point in output.checks.points:
            yield from _point(activation, output, point, oracle)
        for name, claim in output.checks.smoothness.items():
            yield _smooth(output, name, claim, derivation)


def _nominal(activation: Activation, dataset: Dataset) -> Indices:
    keep = np.ones(dataset.size, dtype=bool)
    for name, value in activation.nominal().items():
        keep &= dataset.columns[name] == value
    return np.flatnonzero(keep)


def _point(activation: Activation, output: Output, check: PointCheck, oracle: Oracle) -> Iterator[Finding]:
    at = {name: value.value for name, value in check.at.items()}
    place = ", ".join(f"{name} = {value.text}" for name, value in check.at.items())
    for key, claimed in check.values.items():
        wrt = None if key == "y" or key == output.name else key.removeprefix("d")
        name = name_of(output.name, wrt)
        try:
            found = oracle.value(output.name, at) if wrt is None else oracle.partial(output.name, wrt, at)
        except UndecidedError:
            yield _verdict(
                output, f"{name} at {place}", Status.NOT_PROVED, "the oracle does not decide", "ACT609", check.span
            )
            continue
        status = Status.PASSED if _matches(found, claimed) else Status.FAILED
        detail = f"{claimed} was claimed; it is {repr(found).removesuffix('.0')}"
        yield _verdict(output, f"{name} at {place}", status, detail, "ACT611", check.span)


def _matches(found: float, claimed: Decimal | float) -> bool:
    """Whether a value rounds to what was written, by half a unit of the last digit (and float64's own rounding)."""
    if not isinstance(claimed, Decimal) or not claimed.is_finite():
        other = float(claimed)
        return found == other or (math.isnan(found) and math.isnan(other))
    if not math.isfinite(found):
        return False
    exponent = claimed.as_tuple().exponent
    assert isinstance(exponent, int)
    half = Decimal(5).scaleb(exponent - 1)
    return abs(Decimal(found) - claimed) <= half + abs(Decimal(math.ulp(found)))


def _range(output: Output, low: Value, high: Value, truth: Truth, nominal: Indices, dataset: Dataset) -> Finding:
    values = truth.hi[nominal]
    slack = 4 * np.abs(np.spacing(np.array([low.value, high.value])))
    slack[~np.isfinite(slack)] = 0
    outside = (values < low.value - slack[0]) | (values > high.value + slack[1])
    return _sampled(output, f"range [{low.text}, {high.text}]", outside, values, nominal, dataset, "ACT612")


def _monotone(output: Output, name: str, claim: Monotone, truth: Truth, nominal: Indices, dataset: Dataset) -> Finding:
    slopes = truth.hi[nominal]
    outside = slopes < 0 if claim is Monotone.INCREASING else slopes > 0
    return _sampled(output, f"{claim.value} in {name}", outside, slopes, nominal, dataset, "ACT613")


def _sampled(
    output: Output, claim: str, outside: Mask, values: Array, nominal: Indices, dataset: Dataset, code: str
) -> Finding:
    places = np.flatnonzero(outside)
    if not len(places):
        return _verdict(output, claim, Status.PASSED, f"at {len(nominal)} points", code)
    first = int(places[0])
    at = ", ".join(f"{n} = {v!r}" for n, v in dataset.at(int(nominal[first])).items())
    return _verdict(output, claim, Status.FAILED, f"{float(values[first])!r} at {at}", code)


def _smooth(output: Output, name: str, claim: Smoothness, derivation: Derivation | None) -> Finding:
    text = f"{claim.value} in {name}"
    proved = None
    if derivation is not None:
        (mathematics,) = (o for o in derivation.outputs if o.name == output.name)
        proved = mathematics.smoothness.get(name)
    if proved is None:
        return _verdict(output, text, Status.NOT_PROVED, "smoothness could not be proved", "ACT615")
    holds = proved is claim if claim is Smoothness.DISCONTINUOUS else _ORDER.index(proved) >= _ORDER.index(claim)
    detail = "" if proved is claim else f"it is {proved.value}"
    help = f"under `checks`, `smoothness: {{{name}: {proved.value}}}` would hold"
    return _verdict(output, text, Status.PASSED if holds else Status.FAILED, detail, "ACT614", help=help)


_VERBS: Mapping[str, Callable[[str, str], str]] = {
    "ACT609": lambda claim, detail: f"{claim}: {detail}",
    "ACT611": lambda claim, detail: f"{claim}: {detail}",
    "ACT612": lambda claim, detail: f"the claimed {claim} is left: {detail}",
    "ACT613": lambda claim, detail: f"not {claim}: the derivative is {detail}",
    "ACT614": lambda claim, detail: f"not {claim}: {detail}",
    "ACT615": lambda claim, detail: f"NOT PROVED: {claim}",
}


def _verdict(
    output: Output,
    claim: str,
    status: Status,
    detail: str,
    code: str,
    span: Span | None = None,
    help: str | None = None,
) -> Finding:
    result = ClaimResult(output.name, claim, status, detail)
    if status is Status.PASSED:
        return Finding(result)
    severity = Severity.ERROR if status is Status.FAILED else Severity.WARNING
    message = f"`{output.name}`: {_VERBS[code](claim, detail)}"
    return Finding(result, Diagnostic(code, message, span or output.span, help, severity=severity))

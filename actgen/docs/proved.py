"""Rows of properties that the analysis proves: domain, range, zeros, extrema, Lipschitz constants, moments, gain."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal

from actgen.analysis.quantity import How, Quantity
from actgen.analysis.report import Analysis, Extremum, Listing, OutputAnalysis, Range, Shape, Signal, Span
from actgen.docs.markup import MARKDOWN, Markup
from actgen.docs.rows import Row

_DIGITS = 8
_LONGEST = 60
_MOST = 4
_INPUT = r"z \sim N(0, 1)"
_GAIN = r"1/\sqrt{E f(z)^2}"
_CHI = r"\chi = E f'(z)^2 / E f(z)^2"


def analysis_rows(analysis: Analysis, into: Markup = MARKDOWN) -> tuple[Row, ...]:
    """What is proved of each output; what was not proved has no row."""
    several = len(analysis.outputs) > 1
    return tuple(
        Row(f"{into.code(output.name)}: {row.label}" if several else row.label, row.value)
        for output in analysis.outputs
        for row in _rows(output, into)
    )


def _rows(output: OutputAnalysis, into: Markup) -> Iterator[Row]:
    if output.shape is not None:
        yield from _shape_rows(output.shape, into)
    if output.signal is not None:
        yield from _signal_rows(output.signal, into)
    if output.moments is not None:
        yield Row(
            "Mean and variance, inputs independent and standard normal",
            _both(output.moments.mean, output.moments.variance, into),
        )


def _shape_rows(shape: Shape, into: Markup) -> Iterator[Row]:
    yield from _listed("Domain", shape.domain, [_interval(span, into) for span in shape.domain.items], into)
    if shape.range is not None:
        yield Row("Range", _range(shape.range, into))
    zeros = [f"all of {_interval(span, into)}" for span in shape.zero_spans]
    yield from _listed("Zeros", shape.zeros, [*zeros, *(_number(z, into) for z in shape.zeros.items)], into)
    yield from _listed("Extrema", shape.extrema, [_extremum(e, into) for e in shape.extrema.items], into)
    for label, verdict in (("Monotone", shape.monotone), ("Convexity", shape.convexity), ("Symmetry", shape.parity)):
        if verdict.answer not in (None, "neither"):
            yield Row(label, str(verdict.answer))
    if shape.period is not None:
        yield Row("Period", _number(shape.period, into))
    for label, quantity in (("Lipschitz constant", shape.lipschitz), ("of the slope", shape.slope_lipschitz)):
        if quantity.how is not How.UNKNOWN:
            yield Row(label if label[0] == "L" else "Lipschitz constant of the slope", _number(quantity, into))


def _signal_rows(signal: Signal, into: Markup) -> Iterator[Row]:
    yield Row(f"Mean and variance of the output, {into.math(_INPUT)}", _both(signal.mean, signal.variance, into))
    if signal.gain.how is not How.UNKNOWN:
        yield Row(f"Gain {into.math(_GAIN)}", _number(signal.gain, into))
    if signal.chi.how is not How.UNKNOWN:
        phase = f": {signal.phase.answer}" if signal.phase.answer else ""
        yield Row(into.math(_CHI), f"{_number(signal.chi, into)}{phase}")


def _both(mean: Quantity, variance: Quantity, into: Markup) -> str:
    return f"{_number(mean, into)}, {_number(variance, into)}"


def _listed(label: str, listing: Listing, shown: list[str], into: Markup) -> Iterator[Row]:
    if listing.gap is not None:
        return
    more = f" and {len(shown) - _MOST} more" if len(shown) > _MOST else ""
    again = "" if listing.period is None or not shown else f", repeated with period {_number(listing.period, into)}"
    yield Row(label, (", ".join(shown[:_MOST]) or "none") + more + again)


def _extremum(extremum: Extremum, into: Markup) -> str:
    kind = f"{'global ' if extremum.is_global else 'local '}{extremum.kind}"
    return f"{kind} {_number(extremum.value, into)} at {_number(extremum.place, into)}"


def _range(found: Range, into: Markup) -> str:
    left, right = "[" if found.low_attained else "(", "]" if found.high_attained else ")"
    return f"{left}{_number(found.low, into)}, {_number(found.high, into)}{right}"


def _interval(span: Span, into: Markup) -> str:
    left, right = "[" if span.low_closed else "(", "]" if span.high_closed else ")"
    return f"{left}{_number(span.low, into)}, {_number(span.high, into)}{right}"


def _number(quantity: Quantity, into: Markup) -> str:
    """The exact form with its decimals where that is short, else decimals that are all certain but the last."""
    if quantity.latex is not None and quantity.exact is not None and len(quantity.exact) <= _LONGEST:
        decimal = _decimal(quantity)
        plain = quantity.latex == decimal or all(c in "-∞0123456789" for c in quantity.exact)
        return into.math(quantity.latex if plain else rf"{quantity.latex} \approx {decimal}")
    return into.math(rf"\approx {_decimal(quantity)}")


def _decimal(quantity: Quantity) -> str:
    assert quantity.midpoint is not None
    number = Decimal(quantity.midpoint)
    if Decimal(quantity.error) > abs(number):
        return "0"
    digits = max(1, min(_DIGITS, quantity.digits)) if quantity.error != "0" else _DIGITS
    rounded = Context(prec=digits).plus(number).normalize()
    if -5 <= rounded.adjusted() < _DIGITS:
        return f"{rounded:f}"
    mantissa, exponent = f"{rounded:e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"

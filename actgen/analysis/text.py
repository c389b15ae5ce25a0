"""An Analysis as text for a terminal: a heading for each group, a line for each quantity, how each is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Context, Decimal
from typing import TypeVar

from actgen.analysis.quantity import How, Quantity
from actgen.analysis.report import Analysis, Dependence, Listing, OutputAnalysis, Range, Shape, Signal, Span, Verdict

T = TypeVar("T")
_LABEL = 22
_DIGITS = 12


def text(analysis: Analysis) -> str:
    """The whole analysis; it ends in a line break."""
    return "\n".join(_lines(analysis)) + "\n"


def _lines(analysis: Analysis) -> Iterator[str]:
    yield analysis.name
    if analysis.parameters:
        yield f"  at {', '.join(f'{name} = {value}' for name, value in analysis.parameters.items())}"
    for output in analysis.outputs:
        yield ""
        yield f"{output.name}({', '.join(analysis.inputs)})"
        yield from _output(output)


def _output(output: OutputAnalysis) -> Iterator[str]:
    if output.shape is not None:
        yield from _shape(output.shape)
    for dependence in output.inputs:
        yield from _dependence(dependence)
    if output.moments is not None:
        yield "  under independent standard normal inputs"
        yield _row("mean", shown(output.moments.mean))
        yield _row("second moment", shown(output.moments.second_moment))
        yield _row("variance", shown(output.moments.variance))
    if output.signal is not None:
        yield from _signal(output.signal)
    if output.reason is not None:
        yield _row("not analysed", output.reason)


def _shape(shape: Shape) -> Iterator[str]:
    yield "  values"
    yield from _listed("domain", shape.domain, interval)
    yield _row("range", f"not proved: {shape.range_gap}" if shape.range is None else range_text(shape.range))
    yield _row("at 0", shown(shape.at_zero))
    yield from _listed("zero", shape.zeros, shown)
    yield from _spans("zero on", shape.zero_spans, shape.period)
    yield from _listed(
        "extremum", shape.extrema, lambda e: f"{_kind(e.kind, e.is_global)} {shown(e.value)} at {shown(e.place)}"
    )
    yield from _listed(
        "fixed point",
        shape.fixed_points,
        lambda p: f"{shown(p.place)}, slope {shown(p.slope)}: {p.stability or 'stability not decided'}",
    )
    yield from _spans("fixed on", shape.fixed_spans, None)
    yield "  shape"
    yield from _verdicts(("monotone", shape.monotone), ("convexity", shape.convexity), ("parity", shape.parity))
    yield from _verdicts(("smoothness", shape.smoothness))
    if shape.period is not None:
        yield _row("period", shown(shape.period))
    yield from _listed("growth", shape.growth, lambda s: f"{s.what} on {interval(s)}")
    yield from _listed("curvature", shape.curvature, lambda s: f"{s.what} on {interval(s)}")
    yield _row("Lipschitz constant", shown(shape.lipschitz))
    yield _row("  of the slope", shown(shape.slope_lipschitz))
    yield from _spans("dead region", shape.dead_spans, shape.period)
    yield "  ends"
    for end in shape.ends:
        note = ", saturates" if end.saturates else ""
        yield _row(f"x to {end.side}", f"value {shown(end.value)}, slope {shown(end.slope)}{note}")
        if end.lowest is not None and end.highest is not None:
            yield _row("  goes to and fro", f"between {shown(end.lowest)} and {shown(end.highest)} in the limit")
        if end.asymptote_slope is not None and end.asymptote_intercept is not None:
            yield _row("  asymptote", f"slope {shown(end.asymptote_slope)}, intercept {shown(end.asymptote_intercept)}")
    yield from _listed("pole", shape.poles, lambda p: shown(p.place))


def _signal(signal: Signal) -> Iterator[str]:
    yield "  under a standard normal input"
    yield _row("mean", shown(signal.mean))
    yield _row("second moment", shown(signal.second_moment))
    yield _row("variance", shown(signal.variance))
    yield _row("mean square slope", shown(signal.slope_moment))
    yield _row("gain", shown(signal.gain))
    yield "  variance map at that gain"
    for point in signal.map_fixed_points:
        yield _row(
            "fixed point",
            f"q = {shown(point.variance)}, slope {shown(point.slope)}: {point.stability or 'stability not decided'}",
        )
    yield _row("χ at q = 1", shown(signal.chi))
    yield from _verdicts(("phase", signal.phase))
    yield _row("edge of chaos, σ_w", shown(signal.edge))
    if signal.edge.how is not How.UNKNOWN:
        at = "every variance" if signal.edge_variance.how is How.UNKNOWN else f"q = {shown(signal.edge_variance)}"
        yield _row("  there", at)


def _dependence(dependence: Dependence) -> Iterator[str]:
    yield f"  in {dependence.input}, whatever the others are"
    yield from _verdicts(
        ("affine", dependence.affine), ("parity", dependence.parity), ("monotone", dependence.monotone)
    )


def _verdicts(*pairs: tuple[str, Verdict]) -> Iterator[str]:
    for label, verdict in pairs:
        yield _row(label, f"not proved: {verdict.reason}" if verdict.answer is None else verdict.answer)


def _listed(label: str, listing: Listing[T], show: Callable[[T], str]) -> Iterator[str]:
    for item in listing.items:
        yield _row(label, show(item))
    if listing.period is not None and listing.items:
        yield _row("", f"and the same every {shown(listing.period)} further")
    if listing.is_endless:
        yield _row(label, f"infinitely many: {listing.gap}")
    elif listing.gap is not None:
        yield _row(label, f"not proved{' to be all' if listing.items else ''}: {listing.gap}")
    elif not listing.items:
        yield _row(label, "none")


def _spans(label: str, spans: Sequence[Span], period: Quantity | None) -> Iterator[str]:
    yield from (_row(label, interval(s)) for s in spans)
    if spans and period is not None and spans[0].low.exact != "-∞":
        yield _row("", f"and the same every {shown(period)} further")


def _kind(kind: str, is_global: bool | None) -> str:
    return f"{'global' if is_global else 'local'} {kind}"


def _row(label: str, value: str) -> str:
    return f"    {label:<{_LABEL}}{value}"


def shown(quantity: Quantity) -> str:
    """`0.398942280401 = 1 / sqrt(2 * pi)`, `0.2828… ± 1e-21`, or `not proved: …`; then a formula in the parameters."""
    if quantity.midpoint is None:
        return f"{quantity.how.value}: {quantity.reason}"
    formula = f" = {quantity.formula}" if quantity.formula and quantity.formula != quantity.exact else ""
    formula += f" for {', '.join(quantity.conditions)}" if quantity.conditions else ""
    if quantity.how is How.EXACT:
        exact = quantity.exact or quantity.midpoint
        return f"{exact}{formula}" if _is_plain(exact) else f"{short(quantity.midpoint)} = {exact}{formula}"
    return f"{quantity.midpoint} ± {quantity.error}{formula}"


def _is_plain(exact: str) -> bool:
    return all(c in "-∞0123456789." for c in exact)


def short(midpoint: str) -> str:
    """A decimal to twelve digits."""
    number = Context(prec=_DIGITS).plus(Decimal(midpoint)).normalize()
    return f"{number:f}" if -6 <= number.adjusted() < _DIGITS else f"{number:e}".replace("e+", "e")


def interval(span: Span) -> str:
    """`[-3, ∞)`."""
    return f"{'[' if span.low_closed else '('}{_end(span.low)}, {_end(span.high)}{']' if span.high_closed else ')'}"


def range_text(found: Range) -> str:
    """The range with brackets where its ends are values of the function."""
    marks = {True: "", False: "", None: " (whether its ends are values was not decided)"}
    note = marks[None] if None in (found.low_attained, found.high_attained) else ""
    left, right = "[" if found.low_attained else "(", "]" if found.high_attained else ")"
    return f"{left}{shown(found.low)}, {shown(found.high)}{right}{note}"


def _end(quantity: Quantity) -> str:
    if quantity.exact is not None:
        return quantity.exact
    return "?" if quantity.midpoint is None else f"{short(quantity.midpoint)}…"

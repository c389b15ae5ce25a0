"""Reads specs, and solves what their parameters' initial values are required to bring about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic, Span, has_errors

if TYPE_CHECKING:
    from actgen.activation import Activation, Let, Parameter, Required, Value
    from actgen.solving.requirement import Requirement
    from actgen.solving.solution import Outcome, ParameterValue, Solution

_PLACE = "requirements"
_SHOWN = 4
_SHORT = 24
_PRECISE = Fraction(1, 10**19)
_SMALL = Fraction(1, 10**15)  # of what is 0 there is no digit


def read_resolved(path: Path) -> tuple[Activation | None, tuple[Diagnostic, ...]]:
    """Reads a spec; initial values that are given by requirements are solved.

    Returns:
        The activation, or None if there is an error; and every finding.
    """
    from actgen.spec.reader import read_path

    return _with_values(*read_path(path))


def text_resolved(text: str, path: str) -> tuple[Activation | None, tuple[Diagnostic, ...]]:
    """As `read_resolved`, for a text that need not be in a file; `path` is the name that findings give it."""
    from actgen.spec.reader import read_text

    return _with_values(*read_text(text, path))


def _with_values(
    activation: Activation | None, diagnostics: Sequence[Diagnostic]
) -> tuple[Activation | None, tuple[Diagnostic, ...]]:
    if activation is None or has_errors(diagnostics):
        return None, tuple(diagnostics)
    solved, findings = resolved(activation)
    return solved, (*diagnostics, *findings)


def resolved(activation: Activation) -> tuple[Activation | None, tuple[Diagnostic, ...]]:
    """The activation with a number for all that is given by requirements, constants and initial values together."""
    required = {e.name: e.required for e in (*activation.parameters, *activation.let) if e.required is not None}
    if not required:
        return activation, ()

    from actgen.pipeline.solution import solved
    from actgen.solving.solution import Solution

    open_ = _with_open_constants(activation)
    wanted, faults = _requirements(open_, list(required.values()))
    if faults:
        return None, faults
    outcome, findings = solved(open_, wanted, list(required))
    if outcome is None or findings:
        return None, tuple(replace(d, help="ask for less, widen bounds, or write a number") for d in findings)
    if not isinstance(outcome, Solution):
        return None, (_ambiguous(outcome, next(iter(required.values()))),)
    values = {v.name: v for v in outcome.values}
    if any(_is_vague(v) for v in outcome.values):
        return None, (_vague(outcome, next(iter(required.values()))),)
    parameters = tuple(_with_value(p, values[p.name]) if p.name in values else p for p in activation.parameters)
    entries = tuple(_with_constant(e, values[e.name]) if e.name in values else e for e in activation.let)
    return replace(activation, parameters=parameters, let=entries), ()


def _with_open_constants(activation: Activation) -> Activation:
    """The activation with parameters in place of the constants that are to be solved for."""
    from actgen.activation import ConstantInit, Parameter, Via
    from actgen.spec.initial import beginning

    constants = []
    for entry in activation.let:
        if entry.required is not None:
            start = beginning(entry.bounds, entry.required.span)
            via = None if entry.bounds is None else Via.PROJECT
            init = ConstantInit(start)
            constants.append(
                Parameter(
                    name=entry.name,
                    code_name=entry.name,
                    init=init,
                    nominal=start,
                    bounds=entry.bounds,
                    via=via,
                    required=entry.required,
                    span=entry.span,
                )
            )
    kept = tuple(e for e in activation.let if e.required is None)
    return replace(activation, parameters=(*activation.parameters, *constants), let=kept)


def _requirements(
    activation: Activation, required: Sequence[Required]
) -> tuple[list[Requirement], tuple[Diagnostic, ...]]:
    """The requirements of all texts, each text once, and their faults where they stand in the spec."""
    from actgen.solving.language import read_requirements

    found: list[Requirement] = []
    faults: list[Diagnostic] = []
    for one in {r.text: r for r in reversed(required)}.values():
        wanted, diagnostics = read_requirements([one.text], activation, _PLACE)
        found += [replace(w, span=_moved(w.span, one)) for w in wanted]
        faults += [replace(d, span=_moved(d.span, one)) for d in diagnostics]
    return found, tuple(faults)


def _moved(span: Span | None, required: Required) -> Span:
    """A place in the text as a place in the spec."""
    if span is None or not required.places:
        return required.span
    last = len(required.places) - 1
    first, final = (required.places[min(max(i, 0), last)] for i in (span.column - 1, span.end_column - 2))
    return Span(first.path, first.line, first.column, final.end_line, final.end_column)


def _ambiguous(outcome: Outcome, required: Required) -> Diagnostic:
    from actgen.solving.solution import ManySolutions

    assert isinstance(outcome, ManySolutions)
    if any(member.free for member in outcome.members):
        message = "the requirements leave parameters free"
        return Diagnostic("ACT704", message, required.span, "ask for more, or write numbers for some of the parameters")
    listed = "; ".join(
        ", ".join(f"{v.name} = {v.decimal[:14]}" for v in member.values) for member in outcome.members[:_SHOWN]
    )
    message = f"the requirements have {len(outcome.members)} solutions: {listed}"
    return Diagnostic("ACT704", message, required.span, "give the parameters `bounds` that one of them keeps")


def _is_vague(value: ParameterValue) -> bool:
    """Whether a value is not known to more digits than a float64 has."""
    return Fraction(value.error) > _PRECISE * max(abs(Fraction(Decimal(value.decimal))), _SMALL)


def _vague(outcome: Solution, required: Required) -> Diagnostic:
    shown = ", ".join(f"{v.name} to {v.error}" for v in outcome.values if _is_vague(v))
    message = f"the solution was not found to the digits of a float64: {shown}"
    return Diagnostic("ACT706", message, required.span, "give the parameters narrow `bounds` around it")


def _with_value(parameter: Parameter, value: ParameterValue) -> Parameter:
    from actgen.activation import ConstantInit

    assert parameter.required is not None
    number = _exact(value, parameter.required.span) or _decimal(value, parameter.required.span)
    return replace(parameter, init=ConstantInit(number), nominal=number)


def _with_constant(entry: Let, value: ParameterValue) -> Let:
    """The constant in the formula: a short closed form, else decimals, so that formulas stay readable."""
    assert entry.required is not None
    short = value.exact is not None and len(value.exact) <= _SHORT
    number = (_exact(value, entry.required.span) if short else None) or _decimal(value, entry.required.span)
    assert number.formula is not None
    return replace(entry, formula=number.formula, closed=value.exact or value.decimal)


def _exact(value: ParameterValue, span: Span) -> Value | None:
    """The closed form, read as the spec's own language; None if it is not in it."""
    from actgen.spec.findings import Findings
    from actgen.spec.tree import Scalar, SourceText
    from actgen.spec.values import read_constant

    if value.exact is None:
        return None
    findings = Findings()
    source = SourceText(_PLACE, value.exact)
    found = read_constant(Scalar(value.exact, "plain", source, 0, len(value.exact)), findings)
    return None if found is None or findings.failed else replace(found, span=span)


def _decimal(value: ParameterValue, span: Span) -> Value:
    from actgen.activation import Value
    from actgen.formula import Number

    exact = Fraction(Decimal(value.decimal))
    return Value(float(exact), Number(exact), value.decimal, span)

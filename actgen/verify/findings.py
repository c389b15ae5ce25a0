"""From results to diagnostics: one for each output or derivative that a framework gets wrong, not one for each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from actgen.activation import Activation
from actgen.diagnostics import Diagnostic, Severity, Span
from actgen.verify.children import Outcome
from actgen.verify.frameworks import Runner
from actgen.verify.report import Cell, Excused, FrameworkResult, Level, Status, name_of
from actgen.verify.standards import GOALS

_FAULT = "this is a fault of actgen or of the framework, not of the spec: please report it with the spec"
_WAYS_OUT = f"""\
{_FAULT}
until it is mended: `bounds` of a parameter say which of its values are tried, and
`checks: domain` from where the random ones are drawn; `actgen build --no-verify`
writes the files unverified, and their page says so (docs/CODES.md)"""


def findings(
    activation: Activation,
    results: Sequence[FrameworkResult],
    outcomes: Mapping[str, Outcome],
    absent: Mapping[str, str],
    require: frozenset[str],
    module: Callable[[Runner], Path],
) -> Iterator[Diagnostic]:
    """Every finding about the frameworks.

    Args:
        activation: gives the places in the spec.
        results: the frameworks.
        outcomes: what each process left.
        absent: why each runner did not run, empty if it did.
        require: frameworks that must run.
        module: where a runner's file should be.
    """
    for result in results:
        if result.status is Status.NOT_RUN and result.name in require:
            yield Diagnostic(
                "ACT606", f"{result.name} NOT RUN: {result.reason}", help=f"pip install actgen[{result.name}]"
            )
        if result.status is Status.FAILED and result.versions is None:
            yield Diagnostic("ACT607", f"{result.name}: {result.reason}", help="build the activation first")
        for check, complaint in (result.checks or {}).items():
            if complaint:
                yield Diagnostic("ACT603", f"{result.name}: {check}: {complaint}", _span(activation), _FAULT)
        yield from of_cells(activation, result.cells)
    for label, outcome in outcomes.items():
        if outcome.failure is not None:
            yield _failed(activation, f"{label}: {outcome.failure}", outcome.failure)
    skipped = {r.name for r in results if r.status is Status.NOT_RUN}
    for label, reason in absent.items():
        framework = label.partition("[")[0]
        if reason and framework in require and framework not in skipped:
            yield Diagnostic("ACT606", f"{label} NOT RUN: {reason}")


def _failed(activation: Activation, text: str, failure: str) -> Diagnostic:
    if failure.startswith("no device"):
        return Diagnostic("ACT618", text, help="leave out --device, or install the framework's build for it")
    code = "ACT605" if failure.startswith("no result") else "ACT604"
    return Diagnostic(code, text, _span(activation), _FAULT)


def undecided(activation: Activation, counts: Mapping[tuple[str, str | None], int]) -> Iterator[Diagnostic]:
    """A warning for each result that was not compared everywhere."""
    spans = {output.name: output.span for output in activation.outputs}
    for (output, wrt), count in counts.items():
        text = f"{name_of(output, wrt)}: {count} points that nothing decides were not compared"
        yield Diagnostic("ACT609", text, spans[output], severity=Severity.WARNING)


def several_inputs(activation: Activation) -> Diagnostic:
    """A warning where not all inputs can be gone through."""
    names = ", ".join(i.name for i in activation.inputs)
    text = (
        f"NOT RUN: all 2^32 inputs of float32, for there are {len(activation.inputs)} inputs ({names}); "
        "each goes through the sweep instead, beside values of the others"
    )
    return Diagnostic("ACT619", text, _span(activation), severity=Severity.WARNING)


def unchecked(activation: Activation) -> Diagnostic:
    """A warning where no point is gentle enough for finite differences."""
    text = "NOT RUN: the frameworks' own gradient checks, for want of points of moderate size and curvature"
    return Diagnostic("ACT617", text, _span(activation), severity=Severity.WARNING)


def of_cells(activation: Activation, found: Sequence[Cell]) -> Iterator[Diagnostic]:
    """For each output or derivative that something gets wrong one finding, and notes."""
    spans = {output.name: output.span for output in activation.outputs}
    groups: dict[tuple[str, str, str | None], list[Cell]] = {}
    for cell in found:
        if cell.mode != "autograd":
            groups.setdefault((cell.runner, cell.output, cell.wrt), []).append(cell)
    for (_, output, wrt), cells in groups.items():
        wrong = [c for c in cells if c.level is Level.WRONG]
        edge = [(c, c.edge) for c in cells if c.edge is not None]
        coarse = [c for c in cells if c.level is Level.COARSE]
        if wrong:
            code = "ACT601" if wrt is None else "ACT602"
            yield Diagnostic(code, _wrong(wrong), spans[output] or _span(activation), _WAYS_OUT)
        if edge and not wrong:
            yield Diagnostic("ACT610", _edge(edge), spans[output] or _span(activation), severity=Severity.NOTE)
        if coarse and not wrong:
            worst = max(coarse, key=lambda c: c.worst / GOALS[c.dtype])
            text = f"{worst.runner}: {name_of(output, wrt)} is off by {_size(worst)} at {_place(worst)}"
            yield Diagnostic("ACT608", text, spans[output] or _span(activation), severity=Severity.NOTE)
        for text in _excused(cells):
            yield Diagnostic("ACT616", text, spans[output] or _span(activation), severity=Severity.NOTE)


def _edge(found: Sequence[tuple[Cell, Excused]]) -> str:
    cell, worst = max(found, key=lambda pair: pair[1].ulps)
    modes = ", ".join(dict.fromkeys(f"{c.dtype} {c.mode}" for c, _ in found))
    where = ", ".join(f"{name} = {value!r}" for name, value in worst.where.items())
    return (
        f"at the edge only, {cell.runner}: {name_of(cell.output, cell.wrt)} is {worst.got!r} instead of"
        f" {worst.truth!r} at {where} ({modes}; {max(e.points for _, e in found)} such)"
    )


def _size(cell: Cell) -> str:
    if cell.dtype == "float64":
        return f"{cell.worst * 2.0**-52:.1e} in float64"
    return f"{cell.worst:.3g} ulp in {cell.dtype}, beyond the goal of {GOALS[cell.dtype]}"


def _excused(cells: Sequence[Cell]) -> Iterator[str]:
    """For each reason the worst of the results that are not held, and how many there are in which formats."""
    groups: dict[str, list[tuple[Cell, Excused]]] = {}
    for cell in cells:
        for excused in cell.excused:
            groups.setdefault(excused.reason, []).append((cell, excused))
    for reason, found in groups.items():
        cell, worst = max(found, key=lambda pair: pair[1].ulps)
        points = max(e.points for _, e in found)
        where = ", ".join(f"{name} = {value!r}" for name, value in worst.where.items())
        yield (
            f"{cell.runner}: {name_of(cell.output, cell.wrt)} is {worst.got!r} instead of {worst.truth!r} at {where};"
            f" not held, {points} such in {', '.join(dict.fromkeys(c.dtype for c, _ in found))}: {reason}"
        )


def _wrong(cells: Sequence[Cell]) -> str:
    first = cells[0]
    modes = ", ".join(dict.fromkeys(f"{c.dtype} {c.mode}" for c in cells))
    kinds = {kind: sum(getattr(c, kind) for c in cells) for kind in ("nan", "infinite", "finite", "zeroed", "sign")}
    counted = ", ".join(f"{kind} {count}" for kind, count in kinds.items() if count)
    name = name_of(first.output, first.wrt)
    return (
        f"{first.runner}: {name} is {first.got!r} instead of {first.truth!r} at {_place(first)}"
        f" ({modes}{'; ' + counted if counted else ''})"
    )


def _place(cell: Cell) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in cell.where.items())


def _span(activation: Activation) -> Span | None:
    return activation.outputs[0].span

"""`checks`: claims about the outputs, each about names that exist and none of them empty."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from actgen.activation import OutputChecks, PointCheck, Value
from actgen.diagnostics import Span
from actgen.spec.declarations import Declarations
from actgen.spec.findings import Findings, listed, nearest, quoted
from actgen.spec.schema import OutputChecksModel, PointModel
from actgen.spec.tree import Keyed, Scalar, Tree, find, is_faulty, key_span, without
from actgen.spec.values import read_constant, read_pair, read_written


def without_unknown_outputs(tree: Keyed, findings: Findings) -> Tree:
    """The tree of a spec with `outputs`, without the checks of outputs that it does not have, each with a finding."""
    outputs, checks = find(tree, ("outputs",)), find(tree, ("checks",))
    if not isinstance(outputs, Keyed) or "checks" not in tree.entries or not isinstance(checks, Keyed):
        return tree
    result: Tree = tree
    for name, entry in checks.entries.items():
        if name == "domain" or name in outputs.entries:
            continue
        help = nearest(name, outputs.entries) or f"the outputs are {listed(outputs.entries)}"
        if name in OutputChecksModel.model_fields:
            help = f"with `outputs`, checks stand below their output: {listed(outputs.entries)}"
        findings.error("ACT407", f"{quoted(name)} is no output of this spec", entry.key.span, help)
        result = without(result, ("checks", name))
    return result


def bind_domain(
    entry: Mapping[str, list[Scalar]] | None, place: Tree, declared: Declarations, findings: Findings
) -> dict[str, tuple[Value, Value]]:
    """The interval of each input and parameter named under `domain`."""
    domain: dict[str, tuple[Value, Value]] = {}
    arguments = declared.of("input", "parameter")
    for name, pair in (entry or {}).items():
        if not _known(name, arguments, key_span(place, (name,)), "input or parameter", findings):
            continue
        interval = _interval(pair, find(place, (name,)), findings, infinite=False)
        if interval is not None:
            domain[name] = interval
    return domain


def bind_output_checks(
    entry: OutputChecksModel, place: Tree, declared: Declarations, findings: Findings
) -> OutputChecks:
    """The claims about one output; what is at fault is left out, after its finding."""
    inputs = declared.of("input")
    for key in ("smoothness", "monotone"):
        for name in getattr(entry, key) or {}:
            _known(name, inputs, key_span(find(place, (key,)), (name,)), "input", findings)
    interval = None
    if entry.range is not None:
        interval = _interval(entry.range, find(place, ("range",)), findings, infinite=True)
    points = (
        _point(point, find(place, ("points", index)), declared, findings)
        for index, point in enumerate(entry.points or [])
    )
    return OutputChecks(
        smoothness=dict(entry.smoothness or {}),
        monotone=dict(entry.monotone or {}),
        range=interval,
        points=tuple(point for point in points if point is not None),
    )


def _known(name: str, names: list[str], span: Span, what: str, findings: Findings) -> bool:
    if name in names:
        return True
    help = nearest(name, names) or f"there is {listed(names)}"
    findings.error("ACT407", f"{quoted(name)} is no {what} of this spec", span, help)
    return False


def _interval(pair: list[Scalar], place: Tree, findings: Findings, *, infinite: bool) -> tuple[Value, Value] | None:
    values = read_pair(pair, place, findings, infinite=infinite)
    if values is None:
        return None
    low, high = values
    if not low.value < high.value:
        help = f"write `[{high.text}, {low.text}]`" if low.value > high.value else None
        findings.error(
            "ACT405", f"the low end {low.text} of this interval is not below its high end {high.text}", place.span, help
        )
        return None
    return values


def _point(entry: PointModel, place: Tree, declared: Declarations, findings: Findings) -> PointCheck | None:
    before = len(findings.found)
    at = _arguments(entry, place, declared, findings)
    values: dict[str, Decimal | float] = {}
    claims = {"y": entry.y, **(entry.model_extra or {})}
    for key, scalar in claims.items():
        if scalar is None or not _is_claim(key, place, declared, findings):
            continue
        written = read_written(scalar, findings)
        if written is not None:
            values[key] = written
    if len(findings.found) > before:
        return None
    if not values:
        if not is_faulty(place):
            findings.error(
                "ACT408", "this point claims nothing", place.span, "add `y: …`, or a partial such as `dx: …`"
            )
        return None
    return PointCheck(at, values, place.span)


def _arguments(entry: PointModel, place: Tree, declared: Declarations, findings: Findings) -> dict[str, Value]:
    if entry.at is None:
        outside = [key for key in entry.model_extra or {} if key in declared.of("input", "parameter")]
        if not is_faulty(place, "at") and not outside:
            findings.error("ACT102", "the point has no `at`", place.span, "add `at: {x: 0}`")
        return {}
    at: dict[str, Value] = {}
    where = find(place, ("at",))
    for name, scalar in entry.at.items():
        arguments = declared.of("input", "parameter")
        if _known(name, arguments, key_span(where, (name,)), "input or parameter", findings):
            value = read_constant(scalar, findings, infinite=declared.roles[name] == "input")
            if value is not None:
                at[name] = value
    missing = [name for name in declared.of("input") if name not in entry.at]
    if missing and not is_faulty(where):
        findings.error("ACT102", f"the point gives no value of {listed(missing)}", where.span, "give every input")
    return at


def _is_claim(key: str, place: Tree, declared: Declarations, findings: Findings) -> bool:
    allowed = ["y", *(f"d{name}" for name in declared.of("input", "parameter"))]
    if key in allowed:
        return True
    help = nearest(key, allowed) or f"a point claims {listed(allowed)}"
    if key in declared.of("input", "parameter"):
        help = f"what it is at stands below `at`: `at: {{{key}: …}}`"
    if key in declared.of("output"):
        help = "below its output, a value is called `y`"
    findings.error("ACT407", f"{quoted(key)} is neither `y` nor a partial of this spec", key_span(place, (key,)), help)
    return False

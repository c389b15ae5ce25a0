"""Parameters: initial values, bounds and how they are kept, checked against one another."""

from __future__ import annotations

import math
from dataclasses import dataclass

from actgen.activation import (
    Bounds,
    ConstantInit,
    ExponentialInit,
    Init,
    NormalInit,
    Parameter,
    Regularizer,
    Shape,
    UniformInit,
    Value,
    Via,
)
from actgen.diagnostics import Span
from actgen.spec.bounds import read_bounds
from actgen.spec.documentation import latex, text
from actgen.spec.findings import Findings, quoted
from actgen.spec.initial import beginning, mean, read_init, read_required
from actgen.spec.naming import code_name
from actgen.spec.schema import ParameterModel, RegularizerModel
from actgen.spec.tree import Scalar, Tree, find, is_faulty, key_span
from actgen.spec.values import read_constant


def bind_parameter(
    name: str, entry: Scalar | ParameterModel, place: Tree, span: Span, findings: Findings
) -> Parameter | None:
    """One parameter, or None after a finding.

    Args:
        name: as declared.
        entry: its number, or its mapping.
        place: the same in the tree.
        span: where the name stands.
        findings: where faults go.
    """
    if isinstance(entry, Scalar):
        value = read_constant(entry, findings)
        if value is None:
            return None
        return Parameter(name=name, code_name=code_name(name), init=ConstantInit(value), nominal=value, span=span)
    own = Findings()
    parameter = _Binder(name, entry, place, span, own).bind()
    findings.take(own)
    return None if own.failed or is_faulty(place) else parameter


@dataclass(slots=True)
class _Binder:
    name: str
    entry: ParameterModel
    place: Tree
    span: Span
    findings: Findings

    def bind(self) -> Parameter | None:
        bounds = read_bounds(self.entry.bounds, self.place, self.findings)
        required = read_required(self.entry.init)
        init = self._init() if required is None else ConstantInit(beginning(bounds, required.span))
        via = self._via(bounds)
        nominal = self._nominal(init)
        regularizer = self._regularizer(self.entry.regularizer)
        if init is not None and bounds is not None:
            self._check_init(init, bounds, via)
        if nominal is not None and bounds is not None and self.entry.nominal is not None:
            self._check_nominal(nominal, bounds)
        symbol, description = latex(self.entry.latex, self.findings), text(self.entry.description, self.findings)
        if init is None or nominal is None:
            return None
        return Parameter(
            name=self.name,
            code_name=code_name(self.name),
            init=init,
            nominal=nominal,
            learnable=self.entry.learnable is not False,
            shape=self.entry.shape or Shape.SCALAR,
            bounds=bounds,
            via=via,
            regularizer=regularizer,
            latex=symbol,
            description=description,
            required=required,
            span=self.span,
        )

    def _at(self, *path: str) -> Span:
        return find(self.place, path).span

    def _key(self, key: str) -> Span:
        return key_span(self.place, (key,))

    # The initial value.

    def _init(self) -> Init | None:
        if self.entry.init is not None:
            return read_init(self.entry.init, find(self.place, ("init",)), self.findings)
        if not is_faulty(self.place, "init"):
            message = f"the parameter {quoted(self.name)} has no `init`"
            self.findings.error("ACT102", message, self.span, "add `init: 1.0`, or a distribution")
        return None

    def _nominal(self, init: Init | None) -> Value | None:
        if self.entry.nominal is not None:
            return read_constant(self.entry.nominal, self.findings)
        if is_faulty(self.place, "nominal"):
            return None
        value = None if init is None else mean(init)
        if value is None and init is not None:
            message = "the mean of this distribution is past float64"
            self.findings.error("ACT406", message, self._at("init"), "give the parameter a `nominal` value")
        return value

    # Bounds.

    def _via(self, bounds: Bounds | None) -> Via | None:
        via = self.entry.via
        if self.entry.bounds is None:
            if via is not None and not is_faulty(self.place, "bounds"):
                help = "add `bounds: [lo, hi]`, or remove `via`"
                self.findings.error(
                    "ACT404", "`via` says how bounds are kept, and there are none", self._key("via"), help
                )
            return None
        if bounds is None:
            return None
        two_sided = math.isfinite(bounds.low.value) and math.isfinite(bounds.high.value)
        if via is None:
            return Via.SIGMOID if two_sided else Via.SOFTPLUS
        allowed = (Via.SIGMOID, Via.PROJECT) if two_sided else (Via.SOFTPLUS, Via.EXP, Via.PROJECT)
        if via not in allowed:
            sides = "two-sided" if two_sided else "one-sided"
            words = " or ".join(f"`{option.value}`" for option in allowed)
            message = f"`{via.value}` does not keep {sides} bounds"
            self.findings.error("ACT404", message, self._at("via"), f"write {words}")
        return via

    def _check_init(self, init: Init, bounds: Bounds, via: Via | None) -> None:
        low, high = bounds.low.value, bounds.high.value
        span = self._at("init")
        match init:
            case ConstantInit(value=value):
                closed = via is Via.PROJECT
                if not (low <= value.value <= high if closed else low < value.value < high):
                    message = f"the initial value {_shown(value)} is not inside the bounds"
                    ends = "a smooth `via` keeps the open interval; `via: project` includes the ends"
                    help = ends if value.value in (low, high) else None
                    self.findings.error("ACT403", message, span, help)
            case UniformInit(low=first, high=last):
                if not (low <= first.value and last.value <= high):
                    self.findings.error("ACT403", "the initial distribution reaches past the bounds", span)
            case NormalInit():
                help = "use `uniform`, or leave the bounds out"
                self.findings.error("ACT403", "a normal distribution reaches past any bounds", span, help)
            case ExponentialInit():
                if not (low <= 0 and high == math.inf):
                    help = "it reaches from 0 to infinity: use `uniform`, or bounds `[0, .inf]`"
                    self.findings.error("ACT403", "the exponential distribution reaches past the bounds", span, help)

    def _check_nominal(self, nominal: Value, bounds: Bounds) -> None:
        if not bounds.low.value <= nominal.value <= bounds.high.value:
            message = f"the nominal value {_shown(nominal)} is outside the bounds that layers keep"
            self.findings.warning("ACT410", message, self._at("nominal"), "plots and checks use the nominal value")

    # The penalty.

    def _regularizer(self, entry: RegularizerModel | None) -> Regularizer | None:
        if entry is None:
            return None
        given = {key: value for key in ("l1", "l2") if (value := getattr(entry, key)) is not None}
        place = find(self.place, ("regularizer",))
        if not given:
            if not is_faulty(place):
                self.findings.error("ACT412", "the regularizer says nothing", place.span, "write `{l2: 0.01}`")
            return None
        factors: dict[str, float] = {}
        for key, scalar in given.items():
            value = read_constant(scalar, self.findings)
            if value is None:
                return None
            if value.value < 0:
                help = "a negative factor would reward large values"
                self.findings.error("ACT412", f"`{key}` is negative", scalar.span, help)
                return None
            factors[key] = value.value
        return Regularizer(**factors)


def _shown(value: Value) -> str:
    """The float64 that a value is, in full: rounded, it could look as if it lay inside its bounds."""
    return repr(value.value).removesuffix(".0")

"""What the mathematics of a spec can be blamed for (codes ACT5xx)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sympy as sp

from actgen.activation import Activation, Output, Parameter, Smoothness
from actgen.diagnostics import Diagnostic, Severity
from actgen.formula import names
from actgen.symbolic.calculus import partial, vanishes
from actgen.symbolic.derivation import Breakpoint
from actgen.symbolic.pieces import MAX_PIECES, Case
from actgen.symbolic.points import Meeting
from actgen.symbolic.settling import Problem

CODES = {
    "ACT501": "the conditions split the inputs into too many regions",
    "ACT502": "a jump that the spec does not claim as discontinuous",
    "ACT503": "a learned jump: its gradient leaves out the jump (warning)",
    "ACT504": "the value of a branch at a point is not the limit of its neighbours",
    "ACT505": "a kink whose composed derivative is not between the one-sided ones",
    "ACT506": "a derivative with respect to an input that is 0 everywhere",
    "ACT507": "a learnable parameter whose derivative is 0 everywhere (warning)",
    "ACT508": "a limit in several parameters together",
}


@dataclass(slots=True)
class Findings:
    """Collects diagnostics while an activation is derived."""

    activation: Activation
    found: list[Diagnostic] = field(default_factory=list)

    def all(self) -> tuple[Diagnostic, ...]:
        """Everything found, without repetitions."""
        return tuple(dict.fromkeys(self.found))

    def too_many_pieces(self, output: Output) -> None:
        """The regions of an output exceed the limit."""
        self._add(
            "ACT501",
            f"the conditions of `{output.name}` split the inputs into more than {MAX_PIECES} regions",
            output,
            "write the regions as a list of pieces, or use fewer kinks",
        )

    def jump(self, output: Output, point: Breakpoint, learned: Sequence[Parameter]) -> None:
        """A breakpoint that is a jump: claimed or not, learned or not."""
        if point.smoothness is not Smoothness.DISCONTINUOUS:
            return
        if output.checks.smoothness.get(point.variable) is not Smoothness.DISCONTINUOUS:
            self._add(
                "ACT502",
                f"`{output.name}` jumps at {point.variable} = {point.location} ({point.proof})",
                output,
                f"mend the pieces, or claim it: checks: {{smoothness: {{{point.variable}: discontinuous}}}}",
            )
        for parameter in learned:
            if parameter.learnable:
                self._add(
                    "ACT503",
                    f"`{parameter.name}` moves a jump of `{output.name}`; its gradient leaves out the jump",
                    parameter,
                    "make the pieces meet, or set learnable: false",
                    Severity.WARNING,
                )

    def point(self, output: Output, problem: Problem, meeting: Meeting) -> None:
        """A fault at a single point between two pieces."""
        place = f"{meeting.key} = {meeting.at}"
        if problem is Problem.NOT_THE_LIMIT:
            self._add(
                "ACT504",
                f"the value of `{output.name}` at {place} is not the limit of the pieces around it",
                output,
                "give the limit there, or leave the branch out",
            )
        else:
            self._add(
                "ACT505",
                f"`{output.name}` at {place}: the one-sided derivatives differ, and the composed one lies outside",
                output,
                "write the expression as pieces, so that one of them holds the point",
            )

    def joint(self, output: Output, denominator: sp.Expr) -> None:
        """A denominator that parameters bring to 0 together, where the limit is."""
        together = " and ".join(f"`{name}`" for name in sorted(map(str, denominator.free_symbols)))
        self._add(
            "ACT508",
            f"where {denominator} = 0, `{output.name}` is a limit in {together} together",
            output,
            "write it so that one parameter alone brings the denominator to 0, as in `sin(a*x)/a`",
        )

    def flat(self, outputs: Sequence[tuple[Output, Sequence[Case]]], symbols: Mapping[str, sp.Symbol]) -> None:
        """Derivatives that are 0 everywhere, of each output with respect to what its formula mentions."""
        mentioned = {output.name: names(self.activation.resolved(output)) for output, _ in outputs}

        def is_flat(cases: Sequence[Case], name: str) -> bool:
            return all(vanishes(partial(case.value, symbols[name])) for case in cases)

        for output, cases in outputs:
            for source in self.activation.inputs:
                if source.name in mentioned[output.name] and is_flat(cases, source.name):
                    self._add(
                        "ACT506",
                        f"the derivative of `{output.name}` with respect to `{source.name}` is 0 everywhere",
                        output,
                        "no gradient would pass; use a smooth surrogate",
                    )
        moving = {found.span for found in self.found if found.code == "ACT503"}
        for parameter in self.activation.parameters:
            using = [(output, cases) for output, cases in outputs if parameter.name in mentioned[output.name]]
            if not using or not parameter.learnable or parameter.span in moving:
                continue
            if all(is_flat(cases, parameter.name) for _, cases in using):
                self._add(
                    "ACT507",
                    f"the derivative with respect to `{parameter.name}` is 0 everywhere",
                    parameter,
                    "it cannot be trained: set learnable: false",
                    Severity.WARNING,
                )

    def _add(
        self,
        code: str,
        message: str,
        where: Output | Parameter,
        help_: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.found.append(Diagnostic(code, message, where.span, help_, severity))

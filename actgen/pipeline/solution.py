"""Requirements on an activation that was read, solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic

if TYPE_CHECKING:
    from actgen.activation import Activation
    from actgen.solving.requirement import Requirement
    from actgen.solving.solution import Outcome


def solved(
    activation: Activation, wanted: Sequence[Requirement], over: Sequence[str] | None
) -> tuple[Outcome | None, tuple[Diagnostic, ...]]:
    """Solves requirements that were read.

    Returns:
        What was found, and the findings: those of the mathematics, and an error if there is no solution.
    """
    from actgen.solving.solution import NoSolution
    from actgen.solving.solve import solve
    from actgen.symbolic.derive import derive

    derivation, findings = derive(_allowing_jumps(activation))
    if derivation is None:
        return None, findings
    outcome = solve(derivation, wanted, over)
    if not isinstance(outcome, NoSolution):
        return outcome, ()
    code = "ACT706" if outcome.proved is None else "ACT705"
    whole = "no parameter values satisfy the requirements" if outcome.proved else "no solution was found"
    detail = f"proved {outcome.proved}" if outcome.proved else outcome.reason
    help = "name the parameters that may change with `--over`, or widen their bounds"
    return outcome, (Diagnostic(code, f"{whole}: {detail}", wanted[0].span, help),)


def _allowing_jumps(activation: Activation) -> Activation:
    """The activation with jumps claimed everywhere: what is solved for may mend those that it has now."""
    from actgen.activation import Smoothness

    anywhere = {i.name: Smoothness.DISCONTINUOUS for i in activation.inputs}
    outputs = tuple(replace(o, checks=replace(o.checks, smoothness=anywhere)) for o in activation.outputs)
    return replace(activation, outputs=outputs)

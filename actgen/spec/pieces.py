"""What every list of pieces must do: cover all cases, and no case twice."""

from __future__ import annotations

from actgen.formula import Branches, Logic
from actgen.spec.findings import Findings


def check_total(branches: Branches, findings: Findings) -> bool:
    """Whether the last condition is `True`; a finding if not, and a warning for pieces that follow a `True`."""
    always = [piece.condition == Logic("true") for piece in branches.pieces]
    if any(always) and not always[-1]:
        early = branches.pieces[always.index(True)]
        message = "a piece that always holds is not the last one"
        findings.error("ACT325", message, early.span, "move it to the end")
        return False
    if not always[-1]:
        help = "end with `(value, True)`, or with `otherwise` in a list of pieces"
        findings.error(
            "ACT325", "these pieces do not cover every case", branches.pieces[-1].span or branches.span, help
        )
        return False
    if always.index(True) < len(always) - 1:
        dead = branches.pieces[always.index(True) + 1]
        findings.warning(
            "ACT409", "this piece is never reached: the one before it always holds", dead.span, "remove it"
        )
    return True

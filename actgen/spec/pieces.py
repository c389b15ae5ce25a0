"""What every list of pieces must do: cover all cases, and no case twice."""

from __future__ import annotations

from actgen.formula import Branches, Logic
from actgen.spec.findings import Findings
from actgen.spec.truth import truth


def check_total(branches: Branches, findings: Findings) -> bool:
    """Whether the last condition is `True`; a finding if not, and a warning for pieces that are never reached."""
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
    _warn_of_dead_pieces(branches, findings)
    return True


def _warn_of_dead_pieces(branches: Branches, findings: Findings) -> None:
    closed = False
    for piece in branches.pieces:
        holds = truth(piece.condition)
        if closed or holds is False:
            why = "one before it always holds" if closed else "its condition never holds"
            findings.warning("ACT409", f"this piece is never reached: {why}", piece.span, "remove it")
        closed |= holds is True

"""An outcome as JSON. docs/SOLVE.md describes the keys."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from actgen.solving.solution import ManySolutions, Outcome, Solution


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Dictionaries, lists, texts and None."""
    kind = "one" if isinstance(outcome, Solution) else "many" if isinstance(outcome, ManySolutions) else "none"
    plain = asdict(outcome)
    plain["problem"]["fixed"] = dict(outcome.problem.fixed)
    return {"version": 1, "outcome": kind, **plain}


def json_text(outcome: Outcome) -> str:
    """The outcome as JSON text."""
    return json.dumps(as_json(outcome), indent=2, ensure_ascii=False) + "\n"

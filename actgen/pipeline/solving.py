"""`actgen solve`: the parameter values for which requirements hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic, has_errors
from actgen.pipeline.requiring import read_resolved, text_resolved
from actgen.pipeline.solution import solved

if TYPE_CHECKING:
    from actgen.activation import Activation
    from actgen.solving.solution import Outcome

REQUIREMENTS = "--for"
"""What diagnostics call the place of requirements that came with the command."""


@dataclass(frozen=True, slots=True)
class Solved:
    """What was found for one spec (None if there are errors), and every finding."""

    outcome: Outcome | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]


def solve_spec(spec: Path, requirements: Sequence[str], over: Sequence[str] | None = None) -> Solved:
    """Reads a spec and solves requirements for its parameters.

    Args:
        spec: a spec file.
        requirements: texts, each with one requirement or several with commas between.
        over: the parameters to solve for; None for all that the requirements depend on.
    """
    return _solve(*read_resolved(spec), requirements, over, REQUIREMENTS)


def solve_text(
    text: str, path: str, requirement: str, over: Sequence[str] | None = None, place: str = REQUIREMENTS
) -> Solved:
    """As `solve_spec`, for a text that need not be in a file.

    Args:
        text: the spec.
        path: the name that findings give it.
        requirement: one or several with commas between.
        over: the parameters to solve for; None for all that the requirement depends on.
        place: the name that findings give the requirement.
    """
    return _solve(*text_resolved(text, path), [requirement], over, place)


def _solve(
    activation: Activation | None,
    diagnostics: Sequence[Diagnostic],
    requirements: Sequence[str],
    over: Sequence[str] | None,
    place: str,
) -> Solved:
    from actgen.solving.language import read_requirements

    sources = {place: "\n".join(" ".join(text.splitlines()) for text in requirements)}
    if activation is None or has_errors(diagnostics):
        return Solved(None, tuple(diagnostics), sources)
    wanted, faults = read_requirements(requirements, activation, place)
    found = (*diagnostics, *faults, *_unknown(activation, over or ()))
    if has_errors(found):
        return Solved(None, found, sources)
    outcome, findings = solved(activation, wanted, over)
    return Solved(outcome, (*found, *findings), sources)


def _unknown(activation: Activation, over: Sequence[str]) -> tuple[Diagnostic, ...]:
    names = [p.name for p in activation.parameters]
    known = f"its parameters: {', '.join(names)}" if names else "it has no parameters"
    return tuple(
        Diagnostic("ACT703", f"{activation.name} has no parameter {name!r}", help=known)
        for name in over
        if name not in names
    )


def text_of(outcome: Outcome, form: str) -> str:
    """The outcome as `text` or `json`."""
    if form == "json":
        from actgen.solving.as_json import json_text

        return json_text(outcome)
    from actgen.solving.text import text

    return text(outcome)

"""What the worker process answers: one function for each kind of question about a spec's text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from actgen.designer.findings import findings_json
from actgen.designer.kinds import BLANK

if TYPE_CHECKING:
    from actgen.backends.base import Unit
    from actgen.pipeline.stages import Compiled, Derived

_REQUIREMENT = "requirement"
"""What findings call the place of what is to be solved."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked about.

    Attributes:
        text: the spec.
        path: the name that findings give it.
        targets: whose sources; without any, those of every framework.
        requirement: what to solve.
        over: the parameters to solve for; None for all that the requirement depends on.
    """

    text: str
    path: str
    targets: Sequence[str] = ()
    requirement: str = ""
    over: Sequence[str] | None = None


def answer(kind: str, text: str, path: str, **more: Any) -> dict[str, Any]:
    """The answer to one question.

    Args:
        kind: a key of `KINDS`.
        text: the spec.
        path: the name that findings give it.
        more: further fields of `Query`.

    Raises:
        KeyError: if there is no such kind, or no such target.
    """
    return KINDS[kind](Query(text, path, **more))


def drawing(query: Query) -> dict[str, Any]:
    """What a picture needs, as soon as it can be had: functions that are right, if not to the last digit."""
    from actgen.backends.javascript import uncommented
    from actgen.docs.page_data import page_data
    from actgen.pipeline.sketching import sketched

    found = sketched(query.text, query.path)
    said = {"diagnostics": findings_json(found.diagnostics, query.text, query.path)}
    if found.unit is None:
        return {**said, **BLANK["draw"]}
    activation = found.unit.activation
    head = {"title": activation.title, "summary": activation.summary}
    return {**said, "javascript": uncommented(found.unit), "data": page_data(found.unit), "head": head}


def mathematics(query: Query) -> dict[str, Any]:
    """The derived mathematics, as `description` says; claims that need no samples are decided."""
    from actgen.designer.description import description
    from actgen.pipeline.checking import claim_findings

    derived = _derived(query.text, query.path)
    derivation = derived.derivation
    if derivation is None:
        return {"diagnostics": findings_json(derived.diagnostics, query.text, query.path), **BLANK["mathematics"]}
    found = (*derived.diagnostics, *claim_findings(derivation))
    return {"diagnostics": findings_json(found, query.text, query.path), "activation": description(derivation)}


def program(query: Query) -> dict[str, Any]:
    """The program as text and as JavaScript, and what the picture needs to know beside that."""
    from actgen.docs.page_data import page_data
    from actgen.pipeline.show import program_text

    compiled = _compiled(query.text, query.path)
    found = findings_json(compiled.diagnostics, query.text, query.path)
    if compiled.unit is None:
        return {"diagnostics": found, **BLANK["compile"]}
    script = _javascript(compiled.unit)
    data = page_data(compiled.unit)
    return {"diagnostics": found, "program": program_text(compiled.unit), "javascript": script, "data": data}


def sources(query: Query) -> dict[str, Any]:
    """What the targets' files say; without targets, those of every framework."""
    from actgen.backends.base import backend_names

    compiled = _compiled(query.text, query.path)
    found = findings_json(compiled.diagnostics, query.text, query.path)
    unit = compiled.unit
    names = tuple(query.targets) or backend_names()
    return {"diagnostics": found, "sources": {} if unit is None else {name: _printed(unit, name) for name in names}}


def analysis(query: Query) -> dict[str, Any]:
    """What is proved about the activation: as `actgen analyse` prints it, and as JSON."""
    from actgen.analysis import text as report
    from actgen.analysis.analyse import analyse
    from actgen.analysis.as_json import as_json

    derived = _derived(query.text, query.path)
    found = findings_json(derived.diagnostics, query.text, query.path)
    if derived.derivation is None:
        return {"diagnostics": found, **BLANK["analyse"]}
    analysed = analyse(derived.derivation)
    return {"diagnostics": found, "report": report.text(analysed), "analysis": as_json(analysed)}


def solution(query: Query) -> dict[str, Any]:
    """Parameter values for which a requirement holds: as `actgen solve` prints them, and as JSON."""
    from actgen.pipeline.solving import solve_text, text_of
    from actgen.solving.as_json import as_json

    solved = solve_text(query.text, query.path, query.requirement, query.over, _REQUIREMENT)
    found = findings_json(solved.diagnostics, query.text, query.path, solved.sources)
    if solved.outcome is None:
        return {"diagnostics": found, **BLANK["solve"]}
    return {"diagnostics": found, "report": text_of(solved.outcome, "text"), "outcome": as_json(solved.outcome)}


KINDS: Mapping[str, Callable[[Query], dict[str, Any]]] = {
    "draw": drawing,
    "mathematics": mathematics,
    "compile": program,
    "sources": sources,
    "analyse": analysis,
    "solve": solution,
}
"""Kind of question to what answers it, the quickest first."""


@lru_cache(maxsize=4)
def _derived(text: str, path: str) -> Derived:
    from actgen.pipeline.stages import derive_text

    return derive_text(text, path)


@lru_cache(maxsize=4)
def _compiled(text: str, path: str) -> Compiled:
    from actgen.pipeline.stages import lowered

    return lowered(_derived(text, path))


def _printed(unit: Unit, target: str) -> dict[str, Any]:
    """A target's files, by name; `missing` are operations for want of which it has none."""
    from actgen.backends.base import MissingOpsError, backend

    try:
        return {"files": dict(backend(target).files(unit)), "missing": []}
    except MissingOpsError as error:
        return {"files": {}, "missing": sorted(error.ops)}


def _javascript(unit: Unit) -> str | None:
    """The script in which a browser computes; None where it lacks an operation."""
    return next(iter(_printed(unit, "javascript")["files"].values()), None)

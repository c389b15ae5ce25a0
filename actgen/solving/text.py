"""An outcome as text for terminals."""

from __future__ import annotations

from collections.abc import Iterator

from actgen.solving.solution import ManySolutions, Member, NoSolution, Outcome, ParameterValue, Problem, Solution

_LONGEST = 60


def text(outcome: Outcome) -> str:
    """What was asked, what was found, how it was proved, and lines for the spec."""
    return "\n".join(_lines(outcome)) + "\n"


def _lines(outcome: Outcome) -> Iterator[str]:
    yield from _problem(outcome.problem)
    yield ""
    match outcome:
        case NoSolution(proved=proved, reason=reason):
            yield f"no solution, proved {proved}: {reason}" if proved else f"no solution was found: {reason}"
        case Solution(values=()):
            yield "the requirements hold as the spec stands"
        case Solution(values=values, how=how, only=only):
            yield f"one solution{f', the only one {only}' if only else '; others are not excluded'}"
            yield f"  proved by {how}"
            yield from _values(values)
            yield from _pasted(values)
        case ManySolutions(members=members, how=how, only=only):
            family = any(m.free for m in members)
            count = "a family of solutions" if family else f"{len(members)} solutions"
            yield f"{count}{f', and no others {only}' if only else '; others are not excluded'}"
            yield f"  proved by {how}"
            for number, member in enumerate(members, 1):
                yield from _member(number, member)
            if not family:
                yield ""
                yield "bounds of the parameters choose one of them"


def _problem(problem: Problem) -> Iterator[str]:
    yield f"{problem.activation}: {', '.join(problem.requirements)}"
    yield f"  solved for {', '.join(problem.over) or 'nothing: the requirements depend on no parameter'}"
    if problem.fixed:
        yield f"  with {', '.join(f'{name} = {value}' for name, value in problem.fixed)}"


def _member(number: int, member: Member) -> Iterator[str]:
    yield ""
    yield f"{number}."
    yield from _values(member.values)
    for relation in member.relations:
        yield f"  {relation.name} = {relation.value}"
    if member.free:
        yield f"  free: {', '.join(member.free)}"


def _values(values: tuple[ParameterValue, ...]) -> Iterator[str]:
    for value in values:
        if value.exact is not None and value.exact != value.decimal:
            yield f"  {value.name} = {value.exact}"
            sign = "=" if value.error == "0" else "≈"
            yield f"  {' ' * len(value.name)} {sign} {value.decimal}"
        elif value.exact is None and value.error != "0":
            yield f"  {value.name} ≈ {value.decimal} ± {value.error}"
        else:
            yield f"  {value.name} = {value.decimal}"


def _pasted(values: tuple[ParameterValue, ...]) -> Iterator[str]:
    if not values:
        return
    yield ""
    yield "parameters:"
    for value in values:
        short = value.exact is not None and len(value.exact) <= _LONGEST and "," not in value.exact
        yield f"  {value.name}: {{init: {value.exact if short else value.decimal}}}"

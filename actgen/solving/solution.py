"""What solving found, as frozen values that are plain enough for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One parameter's value.

    Attributes:
        name: as declared.
        decimal: at least thirty significant digits where there are as many, right to a unit of the last.
        error: the value lies within this distance of the decimal; `0` if the decimal is the value.
        exact: the closed form in the spelling of specs; None if none is known.
        latex: the same as LaTeX.
    """

    name: str
    decimal: str
    error: str
    exact: str | None = None
    latex: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """In a family: a parameter in terms of those that stay free."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Member:
    """One way to satisfy the requirements: values, or relations and the parameters that stay free."""

    values: tuple[ParameterValue, ...]
    relations: tuple[Relation, ...] = ()
    free: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What was asked.

    Attributes:
        activation: its name.
        requirements: each as written.
        over: the parameters that were solved for.
        fixed: the values of the others, by name, in the spelling of specs.
    """

    activation: str
    requirements: tuple[str, ...]
    over: tuple[str, ...]
    fixed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """One solution.

    Attributes:
        problem: what was asked.
        values: one for each parameter.
        how: how the solution was proved.
        only: where it is proved to be the only one; None if that was not proved.
    """

    problem: Problem
    values: tuple[ParameterValue, ...]
    how: str
    only: str | None


@dataclass(frozen=True, slots=True)
class ManySolutions:
    """Several solutions, or a family of them.

    Attributes:
        problem: what was asked.
        members: in order; one with free parameters stands for infinitely many.
        how: how they were proved.
        only: where there are proved to be no others; None if that was not proved.
    """

    problem: Problem
    members: tuple[Member, ...]
    how: str
    only: str | None


@dataclass(frozen=True, slots=True)
class NoSolution:
    """None was found.

    Attributes:
        problem: what was asked.
        proved: where it is proved that there is none; None if that was not decided.
        reason: why there is none, or what was not decided.
    """

    problem: Problem
    proved: str | None
    reason: str


Outcome: TypeAlias = Solution | ManySolutions | NoSolution

"""Whether a kernel takes e^u whole where a framework takes two halves, exp(u/2)*a*exp(u/2).

Scaled, e^u may leave the range of floats while its product does not, and one factor is cheaper than two. But nothing
scales it in float64: where it would have to be held there, and may overflow, the halves stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actgen.program.evaluate import evaluate_nodes
from actgen.program.precision.forms import kernel_program
from actgen.program.precision.search import Chosen, chosen_levels
from actgen.program.program import Node, Program, topological
from actgen.program.sampling import Samples

_MOST = np.log(np.finfo(np.float64).max)


@dataclass(frozen=True, slots=True)
class Kernel:
    """What a kernel computes, and how.

    Attributes:
        program: in a kernel's forms.
        levels: how its values are held.
        halves: whether `program` has the halves of exponentials.
    """

    program: Program
    levels: Chosen
    halves: bool


def searched_kernel(program: Program, points: Samples, further: Sequence[Mapping[str, float]] = ()) -> Kernel:
    """The kernel of a program that is right in float64.

    Args:
        program: of a framework.
        points: give the parameter sets of the search, see `chosen_levels`.
        further: sets of parameters to look at.
    """
    whole, halved = kernel_program(program), kernel_program(program, halves=True)
    never_wide = _overflowing(_exponentials(whole) - _exponentials(halved), points)
    levels = chosen_levels(whole, points, further=further, exact=program, never_wide=never_wide)
    if levels is not None:
        return Kernel(whole, levels, halves=False)
    levels = chosen_levels(halved, points, further=further, exact=program)
    assert levels is not None, "everything may be in float64"
    return Kernel(halved, levels, halves=True)


def _exponentials(program: Program) -> set[Node]:
    return {current for current in topological(program.roots()) if current.op == "exp"}


def _overflowing(exponentials: set[Node], points: Samples) -> set[Node]:
    """Those that are out of float64's range at some point."""
    exponents = evaluate_nodes([e.args[0] for e in exponentials], points.columns)
    return {e for e, u in zip(exponentials, exponents, strict=True) if np.any(u > _MOST)}

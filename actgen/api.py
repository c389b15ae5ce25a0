"""The public functions: what `actgen.load` and `actgen.build` are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from actgen.activation import Activation, typeset_by
from actgen.diagnostics import SpecError, has_errors
from actgen.pipeline import BuildResult
from actgen.pipeline import build as build_specs
from actgen.pipeline.show import notebook_latex

if TYPE_CHECKING:
    from actgen.analysis.report import Analysis
    from actgen.solving.solution import Outcome

typeset_by(notebook_latex)


def load(path: str | PathLike[str]) -> Activation:
    """Reads a spec.

    Args:
        path: a YAML file.

    Returns:
        The activation as the spec says it; a notebook shows its formula.

    Raises:
        SpecError: if the spec has errors, or cannot be read.
    """
    from actgen.pipeline.requiring import read_resolved

    activation, diagnostics = read_resolved(Path(path))
    if activation is None or has_errors(diagnostics):
        raise SpecError(diagnostics)
    return activation


def build(
    path: str | PathLike[str],
    out: str | PathLike[str] = "generated",
    *,
    targets: Sequence[str] | None = None,
    verify: bool = True,
    require: Sequence[str] = (),
    composite: Literal["float64", "float32"] = "float64",
) -> BuildResult:
    """Builds one spec into the folder of its name under `out`, verified before anything is replaced.

    Args:
        path: a YAML file.
        out: the output folder; made if it is missing.
        targets: what to make, such as `["torch"]` or `["pdf"]`, the data sheet of all frameworks; None for these alone.
        verify: hold the files against the oracle first.
        require: frameworks whose absence is an error; others that are not installed read NOT RUN.
        composite: what the files compute float32 in; in float32 they are less accurate, and so may 16-bit formats be.

    Returns:
        What was written, where, and how each framework did.

    Raises:
        SpecError: if the spec has errors or its files fail verification; what stood before is untouched.
    """
    done = build_specs([Path(path)], Path(out), targets=targets, verify=verify, require=require, composite=composite)
    (result,) = done.specs
    if not result.ok:
        raise SpecError(result.diagnostics)
    return result


def analyse(path: str | PathLike[str], settings: Mapping[str, Fraction | int | str] | None = None) -> Analysis:
    """What is proved about an activation as a function: range, zeros, extrema, Lipschitz constants, moments, and more.

    Args:
        path: a YAML file.
        settings: values of parameters by name, exact (`Fraction(1, 3)`, `2`, `"0.25"`); the others are nominal.

    Returns:
        Frozen values; every number is exact or enclosed, or says why it is not known.

    Raises:
        SpecError: if the spec has errors, or a setting names no parameter.
        ValueError: if a setting is no number.
    """
    from actgen.pipeline.analysing import analyse_spec

    exact = {name: Fraction(value) for name, value in (settings or {}).items()}
    result = analyse_spec(Path(path), exact)
    if result.analysis is None:
        raise SpecError(result.diagnostics)
    return result.analysis


def solve(path: str | PathLike[str], requirements: str | Sequence[str], over: Sequence[str] | None = None) -> Outcome:
    """The parameter values for which requirements hold: one solution, several, a family, or none.

    Args:
        path: a YAML file.
        requirements: such as `"mean = 0, variance = 1"`, or several such texts.
        over: the parameters to solve for; None for all that the requirements depend on. The others are nominal.

    Returns:
        A `Solution`, `ManySolutions` or `NoSolution`, which says what was proved.

    Raises:
        SpecError: if the spec or a requirement has errors.
    """
    from actgen.pipeline.solving import solve_spec

    texts = [requirements] if isinstance(requirements, str) else list(requirements)
    result = solve_spec(Path(path), texts, over)
    if result.outcome is None:
        raise SpecError(result.diagnostics)
    return result.outcome

"""`actgen analyse`: what is proved about an activation as a function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from actgen.diagnostics import Diagnostic, has_errors

if TYPE_CHECKING:
    from actgen.activation import Activation
    from actgen.analysis.report import Analysis


@dataclass(frozen=True, slots=True)
class Analysed:
    """The analysis of one spec (None if there are errors), and every finding."""

    analysis: Analysis | None
    diagnostics: tuple[Diagnostic, ...]


def analyse_spec(spec: Path, settings: Mapping[str, Fraction]) -> Analysed:
    """Reads, derives and analyses a spec.

    Args:
        spec: a spec file.
        settings: values of parameters by name; the others are nominal.
    """
    from actgen.pipeline.requiring import read_resolved

    activation, diagnostics = read_resolved(spec)
    if activation is None or has_errors(diagnostics):
        return Analysed(None, tuple(diagnostics))
    strange = _strange(activation, settings)
    if strange:
        return Analysed(None, (*diagnostics, *strange))
    from actgen.analysis.analyse import analyse
    from actgen.analysis.parameters import with_settings
    from actgen.symbolic.derive import derive

    derivation, findings = derive(with_settings(activation, settings))
    found = (*diagnostics, *findings)
    return Analysed(None if derivation is None or has_errors(findings) else analyse(derivation), found)


def _strange(activation: Activation, settings: Mapping[str, Fraction]) -> tuple[Diagnostic, ...]:
    names = [p.name for p in activation.parameters]
    known = f"its parameters: {', '.join(names)}" if names else "it has no parameters"
    return tuple(
        Diagnostic("ACT822", f"{activation.name} has no parameter {name!r}", help=known)
        for name in settings
        if name not in names
    )


def texts(analyses: Sequence[Analysis], form: str) -> str:
    """The analyses as `text` or `json`."""
    if form == "json":
        from actgen.analysis.as_json import json_text

        return json_text(analyses)
    from actgen.analysis.text import text

    return "\n".join(map(text, analyses))

"""Specs through the compiler, each once a run."""

from __future__ import annotations

import functools
from pathlib import Path

from actgen.backends.base import Unit
from actgen.pipeline.requiring import read_resolved
from actgen.program.lower import lower
from actgen.symbolic.derive import derive

CATALOGUE = Path(__file__).parents[2] / "specs"
UNSEEN = Path(__file__).parent / "unseen"


class NotCompiledError(AssertionError):
    """A stage of the compiler refused a spec of the catalogue."""


@functools.cache
def compiled(path: Path) -> Unit:
    """The spec through every stage but the last.

    Raises:
        NotCompiledError: with the findings, if the spec has errors.
    """
    activation, findings = read_resolved(path)
    if activation is None:
        raise NotCompiledError(findings)
    derivation, findings = derive(activation)
    if derivation is None:
        raise NotCompiledError(findings)
    return Unit(activation=activation, derivation=derivation, program=lower(derivation))

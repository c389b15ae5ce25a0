"""Specs through the compiler, each once a run."""

from __future__ import annotations

import functools
from pathlib import Path

from actgen.backends.base import Unit
from actgen.program.lower import lower
from actgen.spec.reader import read_path
from actgen.symbolic.derive import derive

CATALOGUE = Path(__file__).parents[2] / "specs"
UNSEEN = Path(__file__).parent / "unseen"


@functools.cache
def compiled(path: Path) -> Unit:
    """The spec through every stage but the last."""
    activation, findings = read_path(path)
    assert activation is not None, findings
    derivation, findings = derive(activation)
    assert derivation is not None, findings
    return Unit(activation=activation, derivation=derivation, program=lower(derivation))

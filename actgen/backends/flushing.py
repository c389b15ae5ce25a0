"""For targets that take subnormal numbers as 0 on a CPU, as XLA and TensorFlow do."""

from __future__ import annotations

from dataclasses import replace

from actgen.backends.base import Unit
from actgen.program.passes.underflow import without_early_zeros
from actgen.program.sampling import samples


def unflushed(unit: Unit) -> Unit:
    """The unit with a program that keeps results which a flushed factor would lose."""
    program = without_early_zeros(unit.program, samples(unit.derivation), flushes=True)
    return replace(unit, program=program)

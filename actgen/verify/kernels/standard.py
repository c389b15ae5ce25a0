"""What a kernel is held to: at the nominal parameters of an activation of one input no edge is forgiven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from actgen.formats import FORMATS, Format
from actgen.verify.inputs import Dataset
from actgen.verify.kernels.calling import Precision
from actgen.verify.patterns import to_format
from actgen.verify.standards import LIMITS, Standard
from actgen.verify.ulp import Mask

PROMISE: Mapping[Precision, tuple[float, float]] = {
    "float64": (8.0, 16.0),
    "float32": (4.0, 8.0),
    "exact": (0.55, 0.55),
    "bfloat16": (0.51, 0.51),
    "float16": (0.51, 0.51),
}
"""Ulps of an output, and of a derivative."""


@dataclass(frozen=True, slots=True)
class KernelStandard(Standard):
    """What one activation's kernel is held to in one precision."""

    precision: Precision = "float32"

    def edge(self, dataset: Dataset, form: Format) -> Mask:
        """Where a wrong result is a warning: as of every file, but nowhere at the nominal parameters.

        There only float64 and several inputs have edges.
        """
        found = super(KernelStandard, self).edge(dataset, form)
        if form.name == "float64" or len(self.activation.inputs) > 1:
            return found
        moved = np.zeros(dataset.size, dtype=bool)
        for parameter in self.activation.parameters:
            moved |= dataset.columns[parameter.name] != to_format(np.array(parameter.nominal.value), form.name)
        return found & moved

    def limit(self, form: Format, wrt: str | None = None) -> float:
        """Beyond so many ulps a result is wrong: what is promised, but in float64 what shows a slip."""
        return LIMITS["float64"] if form.name == "float64" else self.goal(form, wrt)

    def goal(self, form: Format, wrt: str | None = None) -> float:
        """What is promised, in ulps; the gamma family, which promises less, has no kernel."""
        value, derivative = PROMISE[self.precision]
        return value if wrt is None else derivative

    def working_bits(self, form: Format) -> int:
        """Of the format in which results of a format are computed, or mostly so."""
        return FORMATS["float64" if self.precision in ("float64", "exact") else "float32"].bits

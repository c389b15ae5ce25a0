"""What results are held to: the limits, the goals, and the edge of the inputs and parameters, where nothing is held."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from actgen.activation import Activation
from actgen.formats import FORMATS, Composite, Format
from actgen.formula import Call, walk
from actgen.verify.inputs import Dataset
from actgen.verify.reach import reach
from actgen.verify.ulp import Mask

LIMITS = {"float64": 1e-9 * 2**52, "float32": 4.0, "bfloat16": 1.0, "float16": 1.0}
"""Beyond so many ulps a result is wrong: 1e-9 in float64, where a wrong formula shows; elsewhere a few roundings."""

GOALS = {"float64": 1e-12 * 2**52, "float32": 0.6, "bfloat16": 0.51, "float16": 0.51}
"""What the files promise, in ulps (of float64 nothing: there it is what shows a slip); beyond it a cell is coarse."""

_LOOSE = 1e-5  # relative, for the gamma family, whose framework functions are this inaccurate
_GAMMAS = {"gamma", "loggamma", "digamma"}
_SQUARABLE = 2.0**-511


def is_narrow(composite: Composite, form: Format) -> bool:
    """Whether results of a format were computed in float32 because that was asked for."""
    return composite == "float32" and form.name != "float64"


@dataclass(frozen=True, slots=True)
class Standard:
    """What one activation's files are held to.

    Files that compute in float32 (`composite`) promise no digits in the formats that they do so for.
    """

    activation: Activation
    composite: Composite = "float64"

    def edge(self, dataset: Dataset, form: Format) -> Mask:
        """Where a wrong result is a warning: no training goes there, and a formula that does may be all there is.

        An input that is infinite, subnormal, or so large that the formula's own powers overflow; a parameter at 0 that
        is not 0 nominally, or too small to be squared, or subnormal in float32.
        """
        narrow = is_narrow(self.composite, form)
        smallest = _SQUARABLE if form.name == "float64" else FORMATS["float32"].tiny
        smallest = 2.0**-63 if narrow else smallest
        inputs = np.abs([dataset.columns[i.name] for i in self.activation.inputs])
        found = np.any((inputs > reach(self.activation, narrow=narrow)) | ((inputs > 0) & (inputs < form.tiny)), axis=0)
        for parameter in self.activation.parameters:
            if parameter.nominal.value != 0:
                found |= np.abs(dataset.columns[parameter.name]) < smallest
        return found

    @property
    def _loose(self) -> bool:
        nodes = (n for o in self.activation.outputs for n in walk(self.activation.resolved(o)))
        return any(isinstance(n, Call) and n.function in _GAMMAS for n in nodes)

    def limit(self, form: Format, wrt: str | None = None) -> float:
        """Beyond so many ulps a result is wrong; the same for values (`wrt` None) and derivatives."""
        if is_narrow(self.composite, form):
            return math.inf
        if not self._loose:
            return LIMITS[form.name]
        return max(LIMITS[form.name], _LOOSE * 2.0 ** (form.bits - 1))

    def goal(self, form: Format, wrt: str | None = None) -> float:
        """What is promised, in ulps."""
        promised = GOALS[form.name]
        is_open = self._loose or is_narrow(self.composite, form)
        return max(promised, self.limit(form, wrt)) if is_open else promised

    def working_bits(self, form: Format) -> int:
        """Of the format in which results of a format are computed, or mostly so."""
        is_float32 = form.name in ("bfloat16", "float16") or is_narrow(self.composite, form)
        return FORMATS["float32" if is_float32 else "float64"].bits

    def excusable(self, form: Format, wrt: str | None = None) -> float:
        """Beyond so many ulps an excuse is looked for: of a promised format only where a result would be wrong."""
        return self.goal(form, wrt) if form.name == "float64" else self.limit(form, wrt)

"""Cases that other implementations get wrong, by name: where, and within how many ulps a result must lie.

The tests of each framework under `generated/` go through this one table, at the committed files.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from catalogue_folders import GENERATED
from named_values import error, exact

from actgen.formats import FORMATS
from actgen.verify.patterns import neighbour, to_format

DTYPES = ("float32", "bfloat16", "float16")
LIMITS = {"float32": 0.6, "bfloat16": 0.51, "float16": 0.51}
LENGTH = 17
"""Of every tensor: odd, so that a vectorised loop has a tail."""

Results = Mapping[str, np.ndarray]
"""From `y`, or an argument whose derivative it is, to `LENGTH` numbers."""


@dataclass(frozen=True, slots=True)
class Case:
    """One input, the parameters that are not nominal, and how many floats of the format away from that input."""

    name: str
    activation: str
    x: float
    parameters: Mapping[str, float] = field(default_factory=dict)
    steps: int = 0

    def point(self, dtype: str) -> dict[str, float]:
        """Every argument, rounded to a format."""
        named = {"x": self.x, **_NOMINAL.get(self.activation, {}), **self.parameters}
        rounded = {name: float(to_format(np.array(value), dtype)) for name, value in named.items()}
        for _ in range(abs(self.steps)):
            rounded["x"] = neighbour(rounded["x"], FORMATS[dtype], 1 if self.steps > 0 else -1)
        return rounded


_NOMINAL = {
    "selu_variation": {"lambda_": 1.0507, "alpha": 1.67326, "beta": 1.0, "gamma": 0.1, "omega": 2.0},
    "squareplus": {"b": 4.0},
}


def _beside_zero(title: str, activation: str, parameter: str, signs: tuple[int, ...]) -> Iterator[Case]:
    """At a parameter of 0 and at the smallest and small numbers beside it."""
    values = (0.0, *(sign * size for size in (1e-45, 1e-40, 1e-20, 1e-8, 1e-3) for sign in signs))
    for value in values:
        for x in (-3.0, 0.5, 2.0, 50.0):
            yield Case(f"{title} at {parameter} = {value:g}, x = {x:g}", activation, x, {parameter: value})


CASES = (
    *_beside_zero("soft exponential", "soft_exponential", "alpha", (1, -1)),
    *_beside_zero("Snake", "snake", "a", (1,)),
    Case("tanh-GELU at 1e19", "gelu_tanh", 1e19),
    Case("tanh-GELU at -1e19", "gelu_tanh", -1e19),
    Case("GELU at -13", "gelu", -13.0),
    Case("SELU at -30", "selu", -30.0),
    Case("SiLU at -inf", "silu", -math.inf),
    Case("SiLU at inf", "silu", math.inf),
    Case("squareplus at -1e19", "squareplus", -1e19),
    Case("tanhshrink at 1e-4", "tanhshrink", 1e-4),
    Case("tanhshrink at -1e-4", "tanhshrink", -1e-4),
    Case("tanhshrink at 1e-6", "tanhshrink", 1e-6),
    Case("hard-swish one ulp below 3", "hardswish", 3.0, steps=-1),
    Case("hard-swish one ulp above 3", "hardswish", 3.0, steps=1),
    Case("hard-swish one ulp below -3", "hardswish", -3.0, steps=-1),
    Case("hard-swish one ulp above -3", "hardswish", -3.0, steps=1),
    Case("learnable SELU at 89", "selu_variation", 89.0),
    Case("learnable SELU at 1000", "selu_variation", 1000.0),
    Case("learnable SELU at 12", "selu_variation", 12.0),
    Case("learnable SELU at -89", "selu_variation", -89.0),
)
ACTIVATIONS = sorted(path.parent.name for path in GENERATED.glob("*/*_torch.py"))
"""The whole catalogue."""

NAMED = sorted({"glu", "prelu", *(case.activation for case in CASES)})
"""A part of it, where each one takes a while to compile: those of the cases, a gate, and one per channel."""


def elementwise(point: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Tensors of the arguments of a point, parameters too: with a value for each element no gradient is summed."""
    return {name: np.full(LENGTH, value) for name, value in point.items()}


def complaint(case: Case, dtype: str, results: Mapping[str, Results], *, flushes: bool) -> str:
    """Empty where all results are right, else the first that is not.

    Args:
        case: where.
        dtype: of every argument and result.
        results: by how they were computed.
        flushes: whether the framework takes subnormal numbers as 0.
    """
    truths = exact(case.activation, case.point(dtype))
    for way, found in results.items():
        for of, values in found.items():
            for got in np.unique(values):  # a NaN stays
                ulps = error(float(got), truths[of], FORMATS[dtype], flushes=flushes and dtype != "float16")
                if not ulps <= LIMITS[dtype]:
                    return f"{case.name}, {dtype}, {way}, {of}: {got!r}, not {float(truths[of])!r} ({ulps:.3g} ulp)"
    return ""


def nan_complaint(
    function: Callable[..., object], compute: Callable[[Mapping[str, np.ndarray]], Mapping[str, Results]]
) -> str:
    """Empty if a NaN at any position of any input yields NaN there, and nowhere else, in every result.

    Args:
        function: the public function, for its arguments.
        compute: from arguments to results.
    """
    declared = inspect.signature(function).parameters.values()
    given = [p for p in declared if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    nominal = {p.name: 1.0 if p.default is inspect.Parameter.empty else float(p.default) for p in given}
    for name in (p.name for p in given if p.default is inspect.Parameter.empty):
        for position in range(LENGTH):
            arguments = elementwise(nominal)
            arguments[name][position] = math.nan
            for way, found in compute(arguments).items():
                for of, values in found.items():
                    if np.flatnonzero(np.isnan(values)).tolist() != [position]:
                        return f"{name} is NaN at {position}, {way}, {of}: {values}"
    return ""

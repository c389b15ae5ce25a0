"""Double backward through the committed files: numbers wherever the exact second derivative is one, however far out."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from catalogue_folders import GENERATED
from emitted_modules import imported
from spec_units import SPECS

from actgen.pipeline.requiring import read_resolved
from actgen.verify.balls import UndecidedError
from actgen.verify.oracle import Oracle

SIZES = np.array([1e-3, 0.5, 3, 30, 100, 355, 400, 700, 720, 800, 1e3, 1e5, 1e8, 1e10, 1e16, 1e20, 1e40, 1e100])


def missing(name: str) -> list[str]:
    """Second derivatives that are no number though the exact one is."""
    activation, _ = read_resolved(SPECS / f"{name}.yaml")
    assert activation is not None
    oracle = Oracle(activation)
    function = getattr(imported(GENERATED / name, f"{name}_torch", f"second_{name}_torch"), name)
    x = np.concatenate([SIZES, -SIZES])
    columns = [x, *(np.full_like(x, 0.7) for _ in activation.inputs[1:])]
    columns += [np.full_like(x, value) for value in activation.nominal().values()]
    arguments = [torch.from_numpy(column).requires_grad_() for column in columns]
    result = function(*arguments, **({"channel_dim": 0} if activation.parameters else {}))
    found = []
    for output, y in zip(activation.outputs, result if isinstance(result, tuple) else (result,), strict=True):
        slopes = torch.autograd.grad(y.sum(), arguments, create_graph=True, allow_unused=True)
        for first, slope in zip(activation.variables, slopes, strict=True):
            if slope is None or not slope.requires_grad:
                continue
            seconds = torch.autograd.grad(slope.sum(), arguments, retain_graph=True, allow_unused=True)
            for second, values in zip(activation.variables, seconds, strict=True):
                lost = [] if values is None else np.flatnonzero(~np.isfinite(values.numpy()))
                for index in lost:
                    at = {v.name: float(c[index]) for v, c in zip(activation.variables, columns, strict=True)}
                    if math.isfinite(exact(oracle, output.name, first.name, second.name, at)):
                        found.append(f"∂²{output.name}/∂{first.name}∂{second.name} at {at}")
    return found


def exact(oracle: Oracle, output: str, first: str, second: str, at: dict[str, float]) -> float:
    try:
        return oracle.second(output, first, second, at)
    except UndecidedError:
        return math.nan


@pytest.mark.parametrize("name", sorted(path.stem for path in SPECS.glob("*.yaml")))
def test_double_backward_is_finite_where_the_second_derivative_is(name: str) -> None:
    assert missing(name) == []

"""A device without float64, as MPS is: everything in float32, and still no NaN, infinity or zero that is wrong."""

from __future__ import annotations

import narrow_device
import numpy as np
import pytest
import torch
from catalogue_folders import GENERATED
from emitted_modules import imported


@pytest.mark.parametrize("name", narrow_device.SAMPLE)
def test_float32_inside(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    module = imported(GENERATED / name, f"{name}_torch", f"narrow_{name}_torch")
    monkeypatch.setattr(module, "_working", lambda x: torch.float32)

    def compute(values: np.ndarray) -> dict[str, np.ndarray]:
        x = torch.tensor(values, dtype=torch.float32, requires_grad=True)
        y = getattr(module, name)(x)
        (slope,) = torch.autograd.grad(y.sum(), x)
        return {"y": y.detach().double().numpy(), "x": slope.double().numpy()}

    assert not narrow_device.complaint(name, compute, flushes=False)

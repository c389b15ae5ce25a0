"""The named cases in PyTorch: the public function, its partials and PyTorch's backward, against exact values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import ModuleType

import numpy as np
import pytest
import torch
from catalogue_folders import GENERATED
from emitted_modules import imported
from named_cases import ACTIVATIONS, CASES, DTYPES, Case, Results, complaint, elementwise, nan_complaint


@cache
def module(name: str) -> ModuleType:
    return imported(GENERATED / name, f"{name}_torch", f"named_{name}_torch")


def results(name: str, arguments: Mapping[str, np.ndarray], dtype: torch.dtype) -> dict[str, Results]:
    """What the public functions and PyTorch's backward make of arguments with a value for each element."""
    tensors = {n: torch.tensor(values).to(dtype).requires_grad_() for n, values in arguments.items()}
    emitted = module(name)
    options = {"channel_dim": 0} if hasattr(emitted, "_aligned") else {}
    outputs, partials = getattr(emitted, name)(**tensors, **options), emitted.partials(**tensors, **options)
    pairs = zip(outputs, partials, strict=True) if isinstance(outputs, tuple) else [(outputs, partials)]
    found: dict[str, Results] = {}
    for index, (y, row) in enumerate(pairs):
        slopes = torch.autograd.grad(y.sum(), list(tensors.values()), retain_graph=True)
        assert {t.dtype for t in (y, *slopes, *row)} == {dtype}
        found[f"backward of output {index}"] = {"y": numbers(y), **by_name(tensors, slopes)}
        found[f"partials of output {index}"] = by_name(tensors, row)
    return found


def by_name(names: Iterable[str], tensors: Sequence[torch.Tensor]) -> Results:
    return dict(zip(names, map(numbers, tensors), strict=True))


def numbers(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().double().numpy()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, dtype: str) -> None:
    found = results(case.activation, elementwise(case.point(dtype)), getattr(torch, dtype))
    assert not complaint(case, dtype, found, flushes=False)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_in_nan_out(name: str, dtype: str) -> None:
    assert not nan_complaint(getattr(module(name), name), lambda a: results(name, a, getattr(torch, dtype)))

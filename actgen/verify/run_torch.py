"""Measures a generated PyTorch module; see `runner`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.autograd import gradcheck, gradgradcheck

from actgen.verify.runner import Measure, Subject, run, shaped

_DTYPES = {name: getattr(torch, name) for name in ("float64", "float32", "bfloat16", "float16")}


class Torch:
    """PyTorch, eager and compiled."""

    def __init__(self) -> None:
        self.modes: Mapping[str, Measure] = {
            "function": _function,
            "partials": _partials,
            "backward": _backward,
            "autograd": _autograd,
            "compiled": _compiled,
            "compiled backward": _compiled_backward,
        }

    def place(self, device: str) -> None:
        """Makes it the default device; fails if PyTorch cannot allocate there."""
        torch.set_default_device(device)
        torch.zeros(1)

    def versions(self) -> dict[str, str]:
        """PyTorch's version, and the GPU if one is used."""
        versions = {"torch": str(torch.__version__)}
        if torch.get_default_device().type == "cuda":
            versions["GPU"] = torch.cuda.get_device_name()
        return versions

    def gradients_agree(self, subject: Subject, table: np.ndarray, thorough: bool) -> dict[str, str]:
        """`gradcheck` and `gradgradcheck` on all arguments together."""
        arguments = [a.requires_grad_() for a in _tensors(subject, table, "float64")]

        def function(*given: torch.Tensor) -> tuple[torch.Tensor, ...]:
            return subject.outputs(given)

        return {
            check.__name__: _complaint(lambda check=check: check(function, arguments, atol=1e-5, rtol=1e-4))
            for check in (gradcheck, gradgradcheck)
        }


def _complaint(check: Callable[[], object]) -> str:
    try:
        check()
    except RuntimeError as error:  # GradcheckError is one
        return str(error).strip().splitlines()[0]
    return ""


def _tensors(subject: Subject, table: np.ndarray, dtype: str) -> list[torch.Tensor]:
    return [torch.tensor(shaped(row, i < subject.inputs)).to(_DTYPES[dtype]) for i, row in enumerate(table)]


def _rows(results: Sequence[torch.Tensor]) -> np.ndarray:
    return np.stack([r.detach().to(torch.float64).reshape(-1).cpu().numpy() for r in results])


def _function(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    return _rows(subject.outputs(_tensors(subject, table, dtype)))


def _partials(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    return np.stack([_rows(row) for row in subject.partials(_tensors(subject, table, dtype))])


def _backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    return _pulled(subject.outputs, _tensors(subject, table, dtype))


def _autograd(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    return _pulled(subject.textbook, [t.reshape(-1) for t in _tensors(subject, table, dtype)])


def _compiled(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    function = torch.compile(subject.outputs, fullgraph=True)
    return _rows(function(_tensors(subject, table, dtype)))


def _compiled_backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    return _pulled(torch.compile(subject.outputs, fullgraph=True), _tensors(subject, table, dtype))


def _pulled(function: Callable[[list[torch.Tensor]], Any], arguments: list[torch.Tensor]) -> np.ndarray:
    """The gradient of each output, the upstream gradient being 1."""
    leaves = [a.requires_grad_() for a in arguments]
    count = len(function(leaves))
    return np.stack([_gradient(function(leaves)[i], leaves) for i in range(count)])


def _gradient(output: torch.Tensor, leaves: list[torch.Tensor]) -> np.ndarray:
    if not output.requires_grad:
        return np.zeros((len(leaves), output.numel()))
    found = torch.autograd.grad(output, leaves, torch.ones_like(output), allow_unused=True)
    return _rows([torch.zeros_like(a) if g is None else g for a, g in zip(leaves, found, strict=True)])


if __name__ == "__main__":
    sys.exit(run(Torch()))

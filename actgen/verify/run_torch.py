"""Measures a generated PyTorch module; see `runner`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.autograd import gradcheck, gradgradcheck

from actgen.verify.runner import python_module, run, shaped
from actgen.verify.subject import Measure, Subject

_DTYPES = {name: getattr(torch, name) for name in ("float64", "float32", "bfloat16", "float16")}


class Torch:
    """PyTorch: eager; compiled, `torch.func` within it or not; exported."""

    def __init__(self) -> None:
        self.modes: Mapping[str, Measure] = {
            "function": _function,
            "partials": _partials,
            "backward": _backward,
            "autograd": _autograd,
            "compiled": _compiled,
            "compiled backward": _compiled_backward,
            "compiled grad": _compiled_grad,
            "compiled jvp": _compiled_jvp,
            "exported": _exported,
            "exported backward": _exported_backward,
        }
        self.roots: Mapping[str, Any] = {"torch": torch}

    load = staticmethod(python_module)

    def built_in(self, public: str, arguments: Mapping[str, Any], dtype: str) -> Callable[[Any], Any]:
        """A layer of torch.nn."""
        layer: torch.nn.Module = getattr(torch.nn, public)(**arguments)
        return layer.to(_DTYPES[dtype]).eval()

    def halves(self, function: Callable[[Any], Any], arguments: Sequence[Any]) -> torch.Tensor:
        """What a function that halves one tensor gives for two."""
        return function(torch.stack(list(arguments), -1)).squeeze(-1)

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


def _afresh(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled with nothing remembered: of one function, PyTorch compiles eight variants and then refuses."""
    torch.compiler.reset()
    return torch.compile(function, fullgraph=True)


def _compiled(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    return _rows(_afresh(subject.outputs)(_tensors(subject, table, dtype)))


def _compiled_backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    return _pulled(_afresh(subject.outputs), _tensors(subject, table, dtype))


def _compiled_grad(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    """Reverse mode of `torch.func`, which `torch.compile` traces as well."""
    arguments = _tensors(subject, table, dtype)

    def gradient(index: int, *given: torch.Tensor) -> tuple[torch.Tensor, ...]:
        pulled = torch.func.vjp(lambda *a: subject.outputs(a)[index], *given)
        return pulled[1](torch.ones_like(pulled[0]))

    return np.stack([_rows(_afresh(gradient)(index, *arguments)) for index in range(len(subject.outputs(arguments)))])


def _compiled_jvp(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    """Forward mode of `torch.func`, one argument at a time."""
    arguments = _tensors(subject, table, dtype)

    def slopes(index: int, *given: torch.Tensor) -> tuple[torch.Tensor, ...]:
        def function(moved: torch.Tensor) -> tuple[torch.Tensor, ...]:
            return subject.outputs([*given[:index], moved, *given[index + 1 :]])

        return torch.func.jvp(function, (given[index],), (torch.ones_like(given[index]),))[1]

    return np.stack([_rows(_afresh(slopes)(index, *arguments)) for index in range(len(arguments))], axis=1)


class _Module(torch.nn.Module):
    """The function as `torch.export` takes it."""

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject

    def forward(self, *arguments: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return self.subject.outputs(arguments)


def _traced(subject: Subject, arguments: list[torch.Tensor]) -> Callable[[list[torch.Tensor]], Any]:
    module = torch.export.export(_Module(subject), tuple(arguments)).module()
    return lambda given: module(*given)


def _exported(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    arguments = _tensors(subject, table, dtype)
    return _rows(_traced(subject, arguments)(arguments))


def _exported_backward(subject: Subject, table: np.ndarray, dtype: str) -> np.ndarray:
    """Through the operations of the exported program."""
    arguments = _tensors(subject, table, dtype)
    return _pulled(_traced(subject, arguments), arguments)


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

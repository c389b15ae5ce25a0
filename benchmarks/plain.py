"""What a formula that is written down as it stands in a book needs of PyTorch: numbers beside tensors, and autograd."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

Value = Tensor | float


def call(function: Callable[..., Tensor], *arguments: Value) -> Value:
    """A function of tensors, also of numbers."""
    like = next((a for a in arguments if isinstance(a, Tensor)), None)
    if like is None:
        return getattr(math, function.__name__)(*arguments)
    return function(*(_tensor(a, like) for a in arguments))


def select(condition: Tensor | bool, a: Value, b: Value) -> Tensor:
    """`torch.where`, as people write pieces."""
    return torch.where(torch.as_tensor(condition), a, b)


def larger(a: Value, b: Value) -> Value:
    """`torch.maximum`, also of a number."""
    return call(torch.maximum, a, b)


def lesser(a: Value, b: Value) -> Value:
    """`torch.minimum`, also of a number."""
    return call(torch.minimum, a, b)


def slopes(function: Callable[..., Tensor], arguments: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The derivative with respect to each argument, element by element, by autograd."""
    leaves = [a.detach().requires_grad_() for a in arguments]
    y = function(*leaves)
    if not y.requires_grad:
        return tuple(torch.zeros_like(a) for a in leaves)
    found = torch.autograd.grad(y, leaves, torch.ones_like(y), allow_unused=True)
    return tuple(torch.zeros_like(a) if g is None else g for a, g in zip(leaves, found, strict=True))


def module(path: str) -> ModuleType:
    """The Python module in a file."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    found = importlib.util.module_from_spec(spec)
    sys.modules[found.__name__] = found
    spec.loader.exec_module(found)
    return found


def _tensor(value: Any, like: Tensor) -> Tensor:
    return value if isinstance(value, Tensor) else torch.full_like(like, value)

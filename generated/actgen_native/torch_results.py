"""Tensors that operations return."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .arguments import is_dense

Results = Tensor | tuple[Tensor, ...]
"""One alone is no tuple."""


def result_like(inputs: Sequence[Tensor]) -> Tensor:
    """What a result looks like: inputs that lie alike and side by side keep their order, others become contiguous."""
    kept = torch.preserve_format if are_alike(inputs) else torch.contiguous_format
    return torch.empty_like(inputs[0], memory_format=kept)


def single(results: Sequence[Tensor]) -> Results:
    """Results as operations return them."""
    return results[0] if len(results) == 1 else tuple(results)


def are_alike(inputs: Sequence[Tensor]) -> bool:
    """Whether inputs lie side by side, all in the same order."""
    first = inputs[0]
    dense = first.is_contiguous() or is_dense(tuple(first.shape), first.stride())
    return dense and are_equal([x.stride() for x in inputs])


def are_equal(found: Sequence[object]) -> bool:
    """Whether all are the same."""
    return all(other == found[0] for other in found[1:])

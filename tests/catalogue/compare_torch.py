"""Child process: the generated torch modules in FOLDER against torch.nn, in float64. Usage: compare_torch.py FOLDER."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import torch
from builtin_table import BuiltIn
from judging import Results, code_names, inputs, report


def run(function: Callable[..., torch.Tensor], row: BuiltIn) -> Results:
    arguments = [torch.tensor(x, requires_grad=True) for x in inputs(row)]
    value = function(*arguments)
    return tuple(t.detach().numpy() for t in (value, *torch.autograd.grad(value.sum(), arguments)))


def compare(module: ModuleType, row: BuiltIn) -> tuple[Results, Results]:
    generated, layer = getattr(module, row.spec), getattr(torch.nn, row.public)(**row.arguments).double().eval()
    ours = run(lambda *xs: generated(*xs, **code_names(dict(row.parameters))), row)
    # a gate's features are two, so the halves are single columns
    theirs = run(lambda *xs: layer(torch.stack(xs, dim=-1)).squeeze(-1) if row.gate else layer(*xs), row)
    return ours, theirs


if __name__ == "__main__":
    report("torch", Path(sys.argv[1]), compare)

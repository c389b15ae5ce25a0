"""Snake and SiLU by hand in Triton, as a framework engineer writes them: what generated kernels are timed against."""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

_BLOCK = 1024


@triton.jit
def _silu_forward(x_at, y_at, n, BLOCK: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(x_at + at, mask=at < n).to(tl.float32)
    tl.store(y_at + at, x * tl.sigmoid(x), mask=at < n)


@triton.jit
def _silu_backward(x_at, g_at, dx_at, n, BLOCK: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(x_at + at, mask=at < n).to(tl.float32)
    g = tl.load(g_at + at, mask=at < n).to(tl.float32)
    s = tl.sigmoid(x)
    tl.store(dx_at + at, g * s * (1 + x * (1 - s)), mask=at < n)


@triton.jit
def _snake_forward(x_at, a_at, y_at, channels, length, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    at = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    a = tl.load(a_at + row % channels).to(tl.float32)
    x = tl.load(x_at + row * length + at, mask=at < length).to(tl.float32)
    s = tl.sin(a * x)
    tl.store(y_at + row * length + at, x + s * s / a, mask=at < length)


@triton.jit
def _snake_backward(x_at, a_at, g_at, dx_at, sums_at, channels, length, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    a = tl.load(a_at + row % channels).to(tl.float32)
    total = tl.zeros((BLOCK,), tl.float32)
    for start in range(0, length, BLOCK):
        at = start + tl.arange(0, BLOCK)
        x = tl.load(x_at + row * length + at, mask=at < length).to(tl.float32)
        g = tl.load(g_at + row * length + at, mask=at < length, other=0).to(tl.float32)
        s, twice = tl.sin(a * x), tl.sin(2 * a * x)
        tl.store(dx_at + row * length + at, g * (1 + twice), mask=at < length)
        total += g * (x * twice - s * s / a) / a
    tl.store(sums_at + row, tl.sum(total))


class _Silu(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        y = torch.empty_like(x)
        _silu_forward[(triton.cdiv(x.numel(), _BLOCK),)](x, y, x.numel(), BLOCK=_BLOCK)
        return y

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        dx = torch.empty_like(x)
        _silu_backward[(triton.cdiv(x.numel(), _BLOCK),)](x, g, dx, x.numel(), BLOCK=_BLOCK)
        return dx


class _Snake(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, a: Tensor) -> Tensor:
        ctx.save_for_backward(x, a)
        y = torch.empty_like(x)
        _, channels, length = x.shape
        grid = (x.numel() // length, triton.cdiv(length, _BLOCK))
        _snake_forward[grid](x, a, y, channels, length, BLOCK=_BLOCK)
        return y

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, Tensor]:
        x, a = ctx.saved_tensors
        batch, channels, length = x.shape
        dx, sums = torch.empty_like(x), torch.empty(batch, channels, device=x.device)
        _snake_backward[(batch * channels,)](x, a, g, dx, sums, channels, length, BLOCK=_BLOCK)
        return dx, sums.sum(0).to(a.dtype)


def silu(x: Tensor) -> Tensor:
    """SiLU of a contiguous tensor on a GPU."""
    return _Silu.apply(x)


def snake(x: Tensor, a: Tensor) -> Tensor:
    """Snake of a contiguous tensor (N, C, L) on a GPU, with a value of its parameter for each channel."""
    return _Snake.apply(x, a)


PEERS = {"silu": silu, "snake": snake}

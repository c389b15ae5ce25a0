"""The activations that are timed: their parameters, the textbook formula, and what frameworks call them.

A formula takes the framework's functions first, so that PyTorch and JAX run the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LENGTH = 4096
"""Of a channel's row, where there are elements enough."""


def selu_variation(m: Any, x: Any, scale: Any, alpha: Any, beta: Any, gamma: Any, omega: Any) -> Any:
    """The formula as it is written."""
    negative = alpha * (m.exp(beta * x) - 1) + gamma * m.sin(omega * x)
    return scale * m.where(x > 0, x, negative)


def snake(m: Any, x: Any, a: Any) -> Any:
    """Snake, as published implementations have it."""
    return x + m.sin(a * x) ** 2 / a


def elu(m: Any, x: Any) -> Any:
    return m.where(x > 0, x, m.exp(x) - 1)


def silu(m: Any, x: Any) -> Any:
    return x / (1 + m.exp(-x))


def mish(m: Any, x: Any) -> Any:
    return x * m.tanh(m.log1p(m.exp(x)))


def gelu(m: Any, x: Any) -> Any:
    return x * (1 + m.erf(x / 2**0.5)) / 2


@dataclass(frozen=True, slots=True)
class Subject:
    """An activation of the catalogue.

    Attributes:
        name: in `generated/`; PyTorch and JAX have the native ones under it, too.
        title: on pages.
        parameters: their values.
        naive: the formula.
        native: whether frameworks ship it.
        channels: so many, of inputs (N, channels, length), with a value of each parameter for each; None for one.
    """

    name: str
    title: str
    parameters: tuple[float, ...]
    naive: Callable[..., Any]
    native: bool = False
    channels: int | None = None

    def shape(self, size: int) -> tuple[int, ...]:
        """Of an input of about so many elements."""
        if self.channels is None:
            return (size,)
        length = min(LENGTH, max(1, size // self.channels))
        return (max(1, round(size / (self.channels * length))), self.channels, length)


SUBJECTS = (
    Subject("selu_variation", "LearnableSELU", (1.0507, 1.67326, 1.0, 0.1, 2.0), selu_variation),
    Subject("snake", "Snake, 64 channels", (0.5,), snake, channels=64),
    Subject("elu", "ELU", (), elu, native=True),
    Subject("silu", "SiLU", (), silu, native=True),
    Subject("mish", "Mish", (), mish, native=True),
    Subject("gelu", "GELU", (), gelu, native=True),
)


def named(name: str) -> Subject:
    """The subject of a name.

    Raises:
        KeyError: there is none.
    """
    return {subject.name: subject for subject in SUBJECTS}[name]

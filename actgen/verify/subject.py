"""What a framework's process measures, and what it knows of its framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np

Tensors: TypeAlias = Sequence[Any]
Measure: TypeAlias = Callable[["Subject", np.ndarray, str], np.ndarray]


@dataclass(frozen=True, slots=True)
class Subject:
    """The generated module, or what stands for one, and how its functions are called."""

    module: Any
    name: str
    inputs: int
    parameters: int
    single: bool

    def outputs(self, arguments: Tensors) -> tuple[Any, ...]:
        """The function; parameters run along the channel axis 1."""
        result = getattr(self.module, self.name)(*arguments, **self._options())
        return (result,) if self.single else tuple(result)

    def partials(self, arguments: Tensors) -> tuple[tuple[Any, ...], ...]:
        """Every partial, a tuple for each output."""
        result = self.module.partials(*arguments, **self._options())
        return (tuple(result),) if self.single else tuple(tuple(row) for row in result)

    def textbook(self, arguments: Tensors) -> tuple[Any, ...]:
        """The formula without its explicit gradient, on arrays of one shape in the working format."""
        result = self.module._forward(*arguments)
        return tuple(result) if isinstance(result, (tuple, list)) else (result,)

    def _options(self) -> dict[str, int]:
        return {"channel_dim": 1} if self.parameters else {}


class Framework(Protocol):
    """What a runner knows about its framework."""

    modes: Mapping[str, Measure]

    def load(self, path: Path) -> Any:
        """The generated file, ready to be measured."""
        ...

    def place(self, device: str) -> None:
        """Has everything from here on computed on "cpu" or "cuda"; fails if there is no such device."""
        ...

    def versions(self) -> Mapping[str, str]:
        """Names and versions of what was run."""
        ...

    def gradients_agree(self, subject: Subject, table: np.ndarray, thorough: bool) -> Mapping[str, str]:
        """The framework's own gradient checks, if it has any: name to what they found wrong, empty if nothing."""
        ...


@runtime_checkable
class Tensorial(Framework, Protocol):
    """A framework with operations on tensors, of which other forms of an activation can be made."""

    roots: Mapping[str, Any]

    def built_in(self, public: str, arguments: Mapping[str, Any], dtype: str) -> Callable[[Any], Any]:
        """One of the framework's own functions, by its public name; its parameters in that dtype."""
        ...

    def halves(self, function: Callable[[Any], Any], arguments: Tensors) -> Any:
        """What a function that halves one tensor gives for two."""
        ...

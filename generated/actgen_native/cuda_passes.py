"""Passes of a kernel over arrays on a GPU: which functions are launched, in how many blocks, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .arguments import Arity
from .cuda_grids import Grid, gradient_blocks
from .library import Parameter, Shape, words_of

_SUMS = 6  # where a call has the address of the sums; those of the arrays follow


class Launch(NamedTuple):
    """A function of cuda_rows.cuh or cuda_columns.cuh, and how many blocks of threads run it."""

    function: str
    blocks: int


@dataclass(frozen=True, slots=True, eq=False)
class CudaPasses:
    """Both passes over arrays of one shape, which is not empty.

    Attributes:
        shape: of the arrays.
        grid: how they are cut.
        arity: how many inputs and outputs there are.
        parameters: their formats; where they lie is told with each call.
        frame: the words of a call, with 0 for every address.
    """

    shape: Shape
    grid: Grid
    arity: Arity
    parameters: tuple[Parameter, ...]
    frame: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        shape, cut, arity = self.shape, self.grid, self.arity
        arrays = [0] * (1 + arity.inputs + arity.outputs + max(arity))
        cutting = (shape.outer, shape.channels, shape.inner, cut.rows, cut.length, cut.parts)
        object.__setattr__(self, "frame", [*cutting, *arrays, *words_of(self.parameters)])

    @property
    def sums(self) -> int:
        """Numbers of float64 that a backward pass needs room for if a parameter's gradient is asked for."""
        return self.grid.parts * len(self.parameters) * self.grid.columns

    def forward(self, addresses: Sequence[int]) -> tuple[list[Launch], list[int]]:
        """The one launch that writes the outputs, and its `Call` of cuda_driver.cuh.

        Args:
            addresses: of inputs, values of parameters, and outputs.
        """
        inputs, values, outputs = _split(addresses, self.arity.inputs, len(self.parameters))
        words = self._words(0, inputs, [0] * self.arity.outputs, outputs, values)
        return [Launch("actgen_forward", self.grid.blocks)], words

    def backward(self, addresses: Sequence[int], sums: int) -> tuple[list[Launch], list[int]]:
        """The launches that write the cotangents of the inputs and the gradients of parameters: two, or one without.

        Args:
            addresses: of inputs, values of parameters, cotangents of outputs and of inputs, and gradients of
                parameters, 0 for one not asked for.
            sums: the address of room for so many numbers; of no meaning if no gradient of a parameter is asked for.
        """
        inputs, values, rest = _split(addresses, self.arity.inputs, len(self.parameters))
        cotangents, results, gradients = _split(rest, self.arity.outputs, self.arity.inputs)
        words = self._words(sums, inputs, cotangents, results, values)
        asked = [p.per_channel for p, to in zip(self.parameters, gradients, strict=True) if to]
        if not asked:
            return [Launch("actgen_backward", self.grid.blocks)], words
        words[self._parameters + 1 :: 4] = gradients
        last = Launch("actgen_gradients", gradient_blocks(self.shape.channels, asked))
        return [Launch("actgen_backward_sums", self.grid.blocks), last], words

    @property
    def _parameters(self) -> int:
        """Where the words of the parameters begin, four for each."""
        return _SUMS + 1 + self.arity.inputs + self.arity.outputs + max(self.arity)

    def _words(
        self,
        sums: int,
        inputs: Sequence[int],
        cotangents: Sequence[int],
        results: Sequence[int],
        values: Sequence[int],
    ) -> list[int]:
        words, arrays = self.frame.copy(), (sums, *inputs, *cotangents, *results)
        words[_SUMS : _SUMS + len(arrays)] = arrays
        words[self._parameters :: 4] = values
        return words


def _split(addresses: Sequence[int], first: int, second: int) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    return addresses[:first], addresses[first : first + second], addresses[first + second :]

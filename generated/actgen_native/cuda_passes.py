"""Passes of a kernel over arrays on a GPU: which functions are launched, in how many blocks, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .cuda_grids import Grid, gradient_blocks
from .library import Parameter, Shape, words_of
from .passes import Arity


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
    """

    shape: Shape
    grid: Grid
    arity: Arity
    parameters: tuple[Parameter, ...]

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
        words = self._words(0, inputs, [0] * self.arity.outputs, outputs, self._at(values, [0] * len(values)))
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
        parameters = self._at(values, gradients)
        words = self._words(sums, inputs, cotangents, results, parameters)
        asked = [p.per_channel for p in parameters if p.gradient]
        if not asked:
            return [Launch("actgen_backward", self.grid.blocks)], words
        last = Launch("actgen_gradients", gradient_blocks(self.shape.channels, asked))
        return [Launch("actgen_backward_sums", self.grid.blocks), last], words

    def _at(self, values: Sequence[int], gradients: Sequence[int]) -> list[Parameter]:
        placed = zip(self.parameters, values, gradients, strict=True)
        return [p._replace(address=at, gradient=to) for p, at, to in placed]

    def _words(
        self,
        sums: int,
        inputs: Sequence[int],
        cotangents: Sequence[int],
        results: Sequence[int],
        parameters: Sequence[Parameter],
    ) -> list[int]:
        shape, cut = self.shape, self.grid
        padding = [0] * (max(self.arity) - len(results))
        return [
            *(shape.outer, shape.channels, shape.inner, cut.rows, cut.length, cut.parts, sums),
            *(*inputs, *cotangents, *results, *padding, *words_of(parameters)),
        ]


def _split(addresses: Sequence[int], first: int, second: int) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    return addresses[:first], addresses[first : first + second], addresses[first + second :]

"""Passes of a kernel over arrays of one shape, prepared: all is known but where the arrays lie."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .library import Kernel, Parameter, Shape, Threads, words_of

_THREADS = slice(3, 5)
_ARRAYS = 5


class Arity(NamedTuple):
    """How many inputs and outputs an activation has."""

    inputs: int
    outputs: int


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """What one call of a kernel does; it can be made any number of times, and by several threads.

    Attributes:
        function: the kernel's.
        words: of a `Call` of cpu_driver.h, each address being 0.
        pack: gives them as they lie in memory.
        given: where inputs go, and backward the cotangents of outputs after them.
        results: where outputs go, or backward the cotangents of inputs.
        values: where the addresses of parameters go.
        gradients: where those of their gradients go.
    """

    function: Callable[[bytes], int]
    words: tuple[int, ...]
    pack: Callable[..., bytes]
    given: slice
    results: slice
    values: slice
    gradients: slice

    def run(
        self,
        given: Sequence[int],
        results: Sequence[int],
        parameters: Sequence[int],
        gradients: Sequence[int],
        threads: Threads,
    ) -> None:
        """Writes the results of arrays, of which the addresses are given; of gradients 0 is for one not asked for.

        Raises:
            MemoryError: if there is none for what parameters are spread over, or for partial sums.
        """
        words = [*self.words]
        words[_THREADS] = threads
        words[self.given] = given
        words[self.results] = results
        words[self.values] = parameters
        words[self.gradients] = gradients
        if self.function(self.pack(*words)):
            raise MemoryError


def forward(kernel: Kernel, shape: Shape, arity: Arity, parameters: Sequence[Parameter]) -> Pass:
    """The pass that writes the outputs; addresses of parameters are not looked at."""
    return _prepared(kernel.handle.actgen_forward, shape, arity, parameters, arity.inputs, arity.outputs)


def backward(kernel: Kernel, shape: Shape, arity: Arity, parameters: Sequence[Parameter]) -> Pass:
    """The pass that writes the cotangents of the inputs, and those of the parameters where they are asked for."""
    return _prepared(kernel.handle.actgen_backward, shape, arity, parameters, sum(arity), arity.inputs)


def _prepared(
    function: Callable[[bytes], int],
    shape: Shape,
    arity: Arity,
    parameters: Sequence[Parameter],
    given: int,
    results: int,
) -> Pass:
    """A `Call` has room for inputs, cotangents of outputs, and as many results as there are of either."""
    first_result = _ARRAYS + sum(arity)
    first_parameter = first_result + max(arity)
    blank = [parameter._replace(address=0, gradient=0) for parameter in parameters]
    words = (shape.outer, shape.channels, shape.inner, *[0] * (first_parameter - 3), *words_of(blank))
    return Pass(
        function,
        words,
        struct.Struct(f"{len(words)}q").pack,
        given=slice(_ARRAYS, _ARRAYS + given),
        results=slice(first_result, first_result + results),
        values=slice(first_parameter, None, 4),
        gradients=slice(first_parameter + 1, None, 4),
    )

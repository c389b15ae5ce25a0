"""Passes of a kernel over arrays of one shape, prepared: all is known but where the arrays lie."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from .arguments import Arity
from .library import Kernel, Parameter, Shape, Threads, words_of


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """What one call of a kernel does; it can be made any number of times, and by several threads.

    Attributes:
        function: the kernel's.
        known: words of a `Call` of cpu_driver.h.
        order: makes a `Call` of those words, two for the threads, and the addresses.
        pack: gives it as it lies in memory.
    """

    function: Callable[[bytes], int]
    known: tuple[int, ...]
    order: Callable[[Sequence[int]], tuple[int, ...]]
    pack: Callable[..., bytes]

    def run(self, threads: Threads, addresses: Sequence[int]) -> None:
        """Writes the results.

        Args:
            threads: who works.
            addresses: of inputs, parameters, and results; backward of inputs, parameters, cotangents of the outputs,
                those of the inputs, and those of the parameters, 0 for one not asked for.

        Raises:
            MemoryError: if there is none for what parameters are spread over, or for partial sums.
        """
        if self.function(self.pack(*self.order((*self.known, *threads, *addresses)))):
            raise MemoryError


def forward(kernel: Kernel, shape: Shape, arity: Arity, parameters: Sequence[Parameter]) -> Pass:
    """The pass that writes the outputs; addresses in parameters are not looked at."""
    names = _names(arity, len(parameters))
    given = [*names.inputs, *names.values, *names.results[: arity.outputs]]
    return _prepared(kernel.handle.actgen_forward, shape, names, parameters, given)


def backward(kernel: Kernel, shape: Shape, arity: Arity, parameters: Sequence[Parameter]) -> Pass:
    """The pass that writes the cotangents of the inputs, and those of the parameters where they are asked for."""
    names = _names(arity, len(parameters))
    given = [*names.inputs, *names.values, *names.cotangents, *names.results[: arity.inputs], *names.gradients]
    return _prepared(kernel.handle.actgen_backward, shape, names, parameters, given)


class _Names(NamedTuple):
    """The addresses in a `Call`, as places in it: each stands for itself."""

    inputs: range
    cotangents: range
    results: range
    values: range
    gradients: range


def _names(arity: Arity, parameters: int) -> _Names:
    """There is room for as many results as there are inputs or outputs."""
    first, second = 5 + arity.inputs, 5 + sum(arity)
    third = second + max(arity)
    last = third + 4 * parameters
    return _Names(
        range(5, first), range(first, second), range(second, third), range(third, last, 4), range(third + 1, last, 4)
    )


def _prepared(
    function: Callable[[bytes], int], shape: Shape, names: _Names, parameters: Sequence[Parameter], given: list[int]
) -> Pass:
    blank = [parameter._replace(address=0, gradient=0) for parameter in parameters]
    known = (shape.outer, shape.channels, shape.inner, *[0] * (names.values.start - 3), *words_of(blank))
    places = [*range(len(known))]
    for at, place in enumerate((3, 4, *given)):
        places[place] = len(known) + at
    return Pass(function, known, itemgetter(*places), struct.Struct(f"{len(known)}q").pack)

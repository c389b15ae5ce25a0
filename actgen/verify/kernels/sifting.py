"""Of what is odd in a chunk: what lies beside a zero that moves, and what the oracle is to be asked about.

Beside such a zero more floats are beyond the promise than the oracle can be asked about. The kernel in float64 stands
in for it, as it does everywhere else: a result whose distance from it is within the limit in ulps of its largest
addend is counted apart, and the worst of these are shown to the oracle, which judges by the same measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from actgen.formats import FORMATS, Array
from actgen.verify.addends import ulps_of_addends
from actgen.verify.histogram import histogram_of
from actgen.verify.inputs import EVERY, Dataset
from actgen.verify.kernels.calling import Elements
from actgen.verify.kernels.floats import Bits
from actgen.verify.kernels.measuring import Subject
from actgen.verify.kernels.screening import KernelScreen
from actgen.verify.screen import Key
from actgen.verify.ulp import errors

ASKED = 4096
_BLOCK = 1 << 18
_FLOAT32 = FORMATS["float32"]


@dataclass(frozen=True, slots=True, eq=False)
class Sifted:
    """The odd floats of one result, as bits.

    Attributes:
        beside: within the limit in ulps of the largest addend, the worst first.
        histogram: of the plain errors of these.
        left: the others.
    """

    beside: Bits
    histogram: tuple[int, ...]
    left: Bits

    @property
    def asked(self) -> Bits:
        """What the oracle sees of the others: all, or the worst and a part of the rest."""
        if len(self.left) <= ASKED:
            return self.left
        few = ASKED // 2
        return np.unique(np.concatenate([self.left[:few], self.left[:: -(-len(self.left) // few)]]))


@dataclass(frozen=True, slots=True)
class Sieve:
    """One activation's kernel, in float32 and in float64.

    Attributes:
        subject: what is measured.
        narrow: the kernel in float32.
        screen: the kernel in float64.
        columns: the inputs and nominal parameters at some floats.
    """

    subject: Subject
    narrow: Elements
    screen: KernelScreen
    columns: Callable[[Array], Mapping[str, Array]]

    def sifted(self, key: Key, odd: Bits, limit: float) -> Sifted:
        """What is odd of one result, in two parts.

        Args:
            key: the result.
            odd: where.
            limit: ulps of the largest addend up to which a result is beside a zero that moves.
        """
        blocks = [self._measured(key, part) for part in _parts(odd)]
        if not blocks:
            return Sifted(odd, histogram_of(np.empty(0)), odd)
        plain, apart = (np.concatenate(figures) for figures in zip(*blocks, strict=True))
        is_beside = apart <= limit
        return Sifted(
            _worst_first(odd[is_beside], apart[is_beside]),
            histogram_of(plain[is_beside]),
            _worst_first(odd[~is_beside], plain[~is_beside]),
        )

    def _measured(self, key: Key, part: Bits) -> tuple[Array, Array]:
        """The errors by the kernel in float64, in ulps of the result and of its largest addend."""
        columns = self.columns(numbers(part))
        truths, values = self.screen.values(columns)[key], self._narrow(columns, key)
        plain = errors(values, truths, np.zeros_like(truths), _FLOAT32).ulps
        sizes = self.subject.addends(Dataset(EVERY, "float32", columns), key)
        if sizes is None:
            return plain, np.full_like(plain, np.inf)
        return plain, ulps_of_addends(sizes, values, truths, 0.0, _FLOAT32)

    def _narrow(self, columns: Mapping[str, Array], key: Key) -> Array:
        activation = self.subject.activation
        output, wrt = key
        values, partials = self.narrow.results(columns)
        row = [o.name for o in activation.outputs].index(output)
        return values[row] if wrt is None else partials[row, [v.name for v in activation.variables].index(wrt)]


def numbers(bits: Bits) -> Array:
    """The floats, as float64."""
    with np.errstate(invalid="ignore"):
        return bits.view(np.float32).astype(np.float64)


def _parts(bits: Bits) -> Iterator[Bits]:
    for start in range(0, len(bits), _BLOCK):
        yield bits[start : start + _BLOCK]


def _worst_first(bits: Bits, ulps: Array) -> Bits:
    return bits[np.argsort(-np.nan_to_num(ulps, nan=np.inf), kind="stable")]

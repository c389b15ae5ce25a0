"""What is measured but not held: errors that the arithmetic of a format cannot avoid, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from actgen.activation import Activation
from actgen.formats import Array, Composite, Format
from actgen.verify.addends import Addends, ulps_of_addends
from actgen.verify.choices import has_computed_choice
from actgen.verify.inputs import Dataset
from actgen.verify.oracle import Truth
from actgen.verify.patterns import to_format
from actgen.verify.standards import is_narrow
from actgen.verify.truths import Truths
from actgen.verify.ulp import Errors, Mask

_BITS_HELD = 31  # of float64 results: 1e-9
_FLUSHED = 2.0**10
_FAR = 1e15
_FEW = 16
_ENOUGH = 64


class Reason(Enum):
    """Why a wrong result is not held against the files."""

    MOVING = "beside a zero that moves with a parameter, where errors are counted in ulps of the largest addend"
    CONDITION = "a change of the arguments in their last bit changes the result as much"
    FLUSHED = "a subnormal number on the way was flushed to 0"
    FAR = "a factor was lost beside another input beyond 1e15"
    SIDE = "a choice between computed quantities falls the other way for arguments that differ in their last bits"
    CANCELLED = "terms cancel for these values of the parameters, which are not the nominal ones"


@dataclass(frozen=True, slots=True)
class Excuses:
    """Decides which wrong results of one activation have an excuse.

    Of one result in one dataset no more than `examined` points are looked at. `addends`, where given, has the size of
    the largest addend of each result. The error of an argument is so many `roundings` of float64: in it everything is
    computed but what was seen to fit float32.
    """

    activation: Activation
    truths: Truths
    composite: Composite = "float64"
    examined: int = 4096
    addends: Addends | None = None
    roundings: int = 4

    def of(
        self,
        dataset: Dataset,
        target: tuple[str, str | None],
        wrong: Mask,
        values: Array,
        truth: Truth,
        found: Errors,
        form: Format,
        flushes: bool,
        bits: int,
        limit: float,
        failing: float,
    ) -> Mapping[Reason, Mask]:
        """Points with an excuse by reason, each point once.

        Args:
            dataset: where.
            target: output, and variable of the derivative or None.
            wrong: the points in question.
            values: the results.
            truth: the exact ones.
            found: how they differ.
            form: the results' format.
            flushes: whether what ran takes subnormal numbers as 0.
            bits: of what was computed in.
            limit: ulps that an error may have.
            failing: ulps beyond which an error without an excuse fails the files, so that not every one is examined.
        """
        inputs = np.abs([dataset.columns[i.name] for i in self.activation.inputs])
        decided = wrong & ~found.nan & ~np.isnan(truth.hi)
        flushed, far = np.zeros_like(wrong), np.zeros_like(wrong)
        if form.name == "float64" or (is_narrow(self.composite, form) and form.name != "float16"):
            finite = decided & np.isfinite(values) & np.isfinite(truth.hi)
            with np.errstate(invalid="ignore"):
                small = np.abs(values - truth.hi) < _FLUSHED * form.tiny
                lost = np.abs(values - truth.hi) <= np.abs(truth.hi)
            fed = np.any((inputs > 0) & (inputs < _FLUSHED * form.tiny), axis=0)
            flushed = finite & flushes & (small | (fed & (len(inputs) > 1)))
            far = finite & ~flushed & lost & (len(inputs) > 1) & np.any(inputs > _FAR, axis=0)
        rest = decided & ~flushed & ~far
        moving = self._moving(dataset, target, rest, values, truth, form, limit)
        rest &= ~moving
        conditioned = self._conditioned(dataset, target, rest, values, truth, form, bits, found.ulps > failing)
        rest &= ~conditioned
        sided = self._sided(dataset, target, rest, values, form)
        return {
            Reason.FLUSHED: flushed,
            Reason.FAR: far,
            Reason.MOVING: moving,
            Reason.CONDITION: conditioned,
            Reason.SIDE: sided,
            Reason.CANCELLED: self._cancelled(dataset, target, rest & ~sided, values, truth, bits),
        }

    def _moving(
        self,
        dataset: Dataset,
        target: tuple[str, str | None],
        rest: Mask,
        values: Array,
        truth: Truth,
        form: Format,
        limit: float,
    ) -> Mask:
        """Where the error is no more than so many ulps of the largest addend."""
        if not rest.any():
            return np.zeros_like(rest)
        errors = self.in_addends(dataset, target, rest, values, truth, form)
        return rest & np.isfinite(errors) & (errors <= limit)

    def in_addends(
        self, dataset: Dataset, target: tuple[str, str | None], at: Mask, values: Array, truth: Truth, form: Format
    ) -> Array:
        """The errors at some points in ulps of the largest addend; inf where there is no distance or no zero moves."""
        found = np.full(dataset.size, np.inf)
        part = Dataset(dataset.name, dataset.dtype, {name: column[at] for name, column in dataset.columns.items()})
        sizes = self.addends(part, target) if self.addends else None
        if sizes is not None:
            found[at] = ulps_of_addends(sizes, values[at], truth.hi[at], truth.lo[at], form)
        return found

    def _sided(self, dataset: Dataset, target: tuple[str, str | None], rest: Mask, values: Array, form: Format) -> Mask:
        """Where the result is the exact one of arguments that differ in their last bits, on the other side of a choice.

        Only where a choice is between computed quantities, and rounded as the result is: a leak beside one that
        the formula names has no excuse. A derivative may be any between those of both sides, as that of |u| at 0.
        """
        excused, narrow = np.zeros_like(rest), is_narrow(self.composite, form)
        if (form.name == "float64" or narrow) and has_computed_choice(self.activation):
            for index in np.flatnonzero(rest & np.isfinite(values))[: self.examined]:
                got, at = float(values[index]), dataset.at(int(index))
                close = 2.0 ** (1 - min(form.bits, _BITS_HELD))
                beside = self.truths.beside(*target, at, 2.0**29 if narrow else 1.0)
                excused[index] = any(abs(got - other) <= close * abs(other) for other in beside)
                if target[1] is not None and beside and not excused[index]:
                    excused[index] = min(beside) <= got <= max(beside)
        return excused

    def _cancelled(
        self, dataset: Dataset, target: tuple[str, str | None], rest: Mask, values: Array, truth: Truth, bits: int
    ) -> Mask:
        """Where the error is within the rounding of the formula's own steps, at parameters that are not nominal.

        A zero that moves with a parameter, or a result that is small for one value of it, is out of reach of a
        rewriting of the formula. The error must be a few roundings of what is ordinary there: of 1, of an input, or of
        the result at the nominal parameters; beside a removable singularity in a parameter it is more.
        """
        excused = np.zeros_like(rest)
        finite = np.isfinite(values) & np.isfinite(truth.hi)
        for index in np.flatnonzero(rest & self._is_moved(dataset) & finite)[: self.examined]:
            at, error = dataset.at(int(index)), abs(float(values[index] - truth.hi[index]))
            if self._is_small(target, at, error, bits):
                excused[index] = error <= self.truths.oracle.blur(*target, at, bits)
        return excused

    def _is_small(self, target: tuple[str, str | None], at: Mapping[str, float], error: float, bits: int) -> bool:
        """Whether an error is a few roundings of what is ordinary."""
        return math.isfinite(error) and error <= _FEW * 2.0**-bits * self._ordinary(target, at)

    def _ordinary(self, target: tuple[str, str | None], at: Mapping[str, float]) -> float:
        inputs = {i.name: at[i.name] for i in self.activation.inputs}
        nominal = float(self.truths.oracle.values(*target, inputs).hi[0])
        return max(1.0, *map(abs, inputs.values()), abs(nominal) if math.isfinite(nominal) else 0.0)

    def _conditioned(
        self,
        dataset: Dataset,
        target: tuple[str, str | None],
        rest: Mask,
        values: Array,
        truth: Truth,
        form: Format,
        bits: int,
        failing: Mask,
    ) -> Mask:
        """Where a few roundings of the arguments move the exact result as far as the error, or past the largest number.

        Of more points than can be examined, a part is, and the rest has the excuse if all of these have it. An infinite
        argument has no roundings. It ends with the `_ENOUGH`th point of those that fail the files and have no excuse.
        """
        places = np.flatnonzero(rest & np.all(np.isfinite(list(dataset.columns.values())), axis=0))
        examined = places[:: -(-len(places) // self.examined)] if len(places) else places
        hopeless = failing & (not has_computed_choice(self.activation))
        excused, moved, without = np.zeros_like(rest), self._is_moved(dataset), 0
        for index in examined:
            at, error = dataset.at(int(index)), abs(float(values[index] - truth.hi[index]))
            excused[index] = self._is_conditioned(target, at, float(values[index]), truth, int(index), form)
            if hopeless[index] and not excused[index]:
                without += not (moved[index] and self._is_small(target, at, error, bits))
            if without >= _ENOUGH:
                return excused
        if excused[examined].all():
            excused[places] = True
        return excused

    def _is_conditioned(
        self,
        target: tuple[str, str | None],
        at: Mapping[str, float],
        got: float,
        truth: Truth,
        index: int,
        form: Format,
    ) -> bool:
        coarser = 2.0**29 if is_narrow(self.composite, form) else 1.0
        noise = self.roundings * coarser * 2.0**-53
        size = abs(float(truth.hi[index]))
        if math.isinf(size):
            return math.isinf(got) and noise * self.truths.condition(*target, at) >= 1
        moved = noise * self.truths.sensitivity(*target, at)
        if math.isinf(got):
            return size + moved >= form.largest
        error = abs(got - truth.hi[index] - truth.lo[index])
        return bool(error <= moved or error <= noise * self.truths.steepest(*target, at, coarser))

    def _is_moved(self, dataset: Dataset) -> Mask:
        """Where some parameter is not nominal."""
        found = np.zeros(dataset.size, dtype=bool)
        for parameter in self.activation.parameters:
            found |= dataset.columns[parameter.name] != to_format(np.array(parameter.nominal.value), dataset.dtype)
        return found

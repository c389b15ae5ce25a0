"""Judges measured arrays against the truth: cells with figures, and which of them are wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from actgen.activation import Activation
from actgen.formula import Call, walk
from actgen.verify.inputs import Dataset
from actgen.verify.oracle import Truth
from actgen.verify.report import Cell, Level
from actgen.verify.truths import Truths
from actgen.verify.ulp import FORMATS, Array, Errors, Format, Mask, errors

LIMITS = {"float64": 1e-9 * 2**52, "float32": 4.0, "bfloat16": 1.0, "float16": 1.0}
"""Beyond so many ulps a result is wrong: 1e-9 in float64, where a wrong formula shows; elsewhere a few roundings."""

AIM = 1e-12 * 2**52
"""What float64 aims at, in ulps; beyond it a cell is coarse."""

_LOOSE = 1e-5  # relative, for the gamma family, whose framework functions are this inaccurate
_GAMMAS = {"gamma", "loggamma", "digamma"}
_INSIDE = {"float64": 2.0**-53, "float32": 2.0**-53, "bfloat16": 2.0**-24, "float16": 2.0**-24}
_SLACK = 64
_LOST = 2.0**40
_CORNER = 1e6
_SQUARABLE = 2.0**511
_UNDERFLOW = 2.0**20
_EXAMINED = 32
_SCREENED = 256
_SUSPICIOUS = {"float32": 0.6, "bfloat16": 0.51, "float16": 0.51}


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares one activation's results with the truth."""

    activation: Activation
    truths: Truths

    def cells(
        self, runner: str, flushes: bool, dataset: Dataset, mode: str, measured: Array, wide: Array | None
    ) -> list[Cell]:
        """A cell for each output (and target) of one mode's results.

        Args:
            runner: the label of what ran.
            flushes: whether it takes subnormals as 0.
            dataset: where.
            mode: what was run; values for `function` and `compiled`, derivatives for the rest.
            measured: (outputs, points), or (outputs, variables, points).
            wide: the same in float64, for a dataset that is screened by it.
        """
        found = []
        for index, output in enumerate(self.activation.outputs):
            targets: Sequence[str | None] = [None] if measured.ndim == 2 else self.truths.targets[1:]
            for place, wrt in enumerate(targets):
                at = (index,) if measured.ndim == 2 else (index, place)
                values = measured[at]
                screen = None if wide is None else wide[at]
                found.append(self._cell(runner, flushes, dataset, mode, output.name, wrt, values, screen))
        return found

    def _cell(
        self,
        runner: str,
        flushes: bool,
        dataset: Dataset,
        mode: str,
        output: str,
        wrt: str | None,
        values: Array,
        screen: Array | None,
    ) -> Cell:
        form = FORMATS["float64" if mode == "autograd" else dataset.dtype]
        flushes = flushes and (form.name != "float16")  # its subnormals are normal inside
        truth = self._truth(dataset, output, wrt, values, screen, form, flushes)
        found = errors(values, truth.hi, truth.lo, form, flush=flushes)
        if flushes:
            found = self._forgiven(found, dataset, output, wrt, values, form)
        decided = truth.decided
        kinds = found.nan | found.infinite | found.finite | found.zeroed | found.sign
        beyond = (kinds | (found.ulps > self._aim(form))) & decided
        corner = self._corner(dataset, form) | ((values == 0) & (np.abs(truth.hi) < form.tiny))
        beyond &= ~corner
        excused = corner | self._excused(dataset, output, wrt, beyond, found.ulps, values, truth, form, flushes)
        wrong = (kinds | (found.ulps > self._limit(form))) & decided & ~excused
        ulps = np.where(decided & ~excused & np.isfinite(found.ulps), found.ulps, 0.0)
        inner = wrong & ~self._edge(dataset, form)
        shown = inner if inner.any() else wrong
        first = int(np.argmax(np.where(shown, np.minimum(found.ulps, 1e300), -1.0) if wrong.any() else ulps))
        worst = float(ulps.max(initial=0.0))
        if mode == "autograd":
            level = Level.GOOD
        else:
            coarse = form.name == "float64" and worst > self._aim(form)
            level = Level.COARSE if coarse else Level.GOOD
            if wrong.any():
                level = Level.WRONG if inner.any() else Level.EDGE
        counts = {
            kind: int((getattr(found, kind) & wrong).sum()) for kind in ("nan", "infinite", "finite", "zeroed", "sign")
        }
        return Cell(
            runner=runner,
            output=output,
            wrt=wrt,
            dtype=dataset.dtype,
            dataset=dataset.name,
            mode=mode,
            profile="ftz" if flushes else "ieee",
            points=int(decided.sum()),
            worst=worst,
            where=dataset.at(first),
            got=float(values[first]),
            truth=float(truth.hi[first]),
            excused=int(excused.sum()),
            level=level,
            **counts,
        )

    def _corner(self, dataset: Dataset, form: Format) -> Mask:
        """Points that are measured but not held (nor is 0 for a subnormal), as products of extremes leave the range.

        A gate with an input beyond 1e6, and an input in the last three binades of the range.
        """
        columns = np.abs([dataset.columns[i.name] for i in self.activation.inputs])
        last = np.isfinite(columns) & (columns > form.largest / 8)
        crossed = columns > _CORNER if len(columns) > 1 else np.zeros_like(last)
        return np.any(last | crossed, axis=0)

    def _edge(self, dataset: Dataset, form: Format) -> Mask:
        """Where a wrong result is a warning: no training goes there, and a formula that does may be all there is.

        An input that is infinite, subnormal, or too large to be squared in float64; a parameter at 0 that is not 0
        nominally, or too small to be squared.
        """
        inputs = np.abs([dataset.columns[i.name] for i in self.activation.inputs])
        found = np.any((inputs > _SQUARABLE) | ((inputs > 0) & (inputs < form.tiny)), axis=0)
        for parameter in self.activation.parameters:
            if parameter.nominal.value != 0:
                found |= np.abs(dataset.columns[parameter.name]) < 1 / _SQUARABLE
        return found

    @property
    def _loose(self) -> bool:
        nodes = (n for o in self.activation.outputs for n in walk(self.activation.resolved(o)))
        return any(isinstance(n, Call) and n.function in _GAMMAS for n in nodes)

    def _limit(self, form: Format) -> float:
        if not self._loose:
            return LIMITS[form.name]
        return max(LIMITS[form.name], _LOOSE * 2.0 ** (form.bits - 1))

    def _aim(self, form: Format) -> float:
        return AIM if form.name == "float64" and not self._loose else self._limit(form)

    def _truth(
        self,
        dataset: Dataset,
        output: str,
        wrt: str | None,
        values: Array,
        screen: Array | None,
        form: Format,
        flushes: bool,
    ) -> Truth:
        """The oracle's table, or float64 results corrected by the oracle wherever anything looks odd."""
        if screen is None:
            return self.truths.table(dataset)[output, wrt]
        hi, lo = screen.copy(), np.zeros_like(screen)
        rough = errors(values, hi, lo, form, flush=flushes)
        given = ~np.any([np.isnan(c) for c in dataset.columns.values()], axis=0)
        odd = np.flatnonzero(given & ((rough.ulps > _SUSPICIOUS[form.name]) | ~np.isfinite(hi)))
        odd = odd[np.argsort(-rough.ulps[odd], kind="stable")]
        chosen = (
            odd
            if len(odd) <= _SCREENED
            else np.unique([*odd[: _SCREENED // 2], *odd[:: -(-len(odd) * 2 // _SCREENED)]])
        )
        decided = np.ones(len(hi), dtype=bool)
        if len(chosen):
            exact = self.truths.at(dataset, output, wrt, chosen.tolist())
            hi[chosen], lo[chosen], decided[chosen] = exact.hi, exact.lo, exact.decided
        return Truth(hi, lo, decided)

    def _forgiven(
        self, found: Errors, dataset: Dataset, output: str, wrt: str | None, values: Array, form: Format
    ) -> Errors:
        """The errors, against the truth at 0 instead where a subnormal coordinate was taken as 0."""
        changed, table = self.truths.flushed(dataset)
        if not changed.any():
            return found
        truth = table[output, wrt]
        other = errors(values[changed], truth.hi, truth.lo, form, flush=True)
        better = other.ulps <= found.ulps[changed]

        merged = {}
        for kind in fields(Errors):
            merged[kind.name] = getattr(found, kind.name).copy()
            merged[kind.name][changed] = np.where(better, getattr(other, kind.name), merged[kind.name][changed])
        return Errors(**merged)

    def _excused(
        self,
        dataset: Dataset,
        output: str,
        wrt: str | None,
        beyond: Mask,
        ulps: Array,
        values: Array,
        truth: Truth,
        form: Format,
        flushes: bool,
    ) -> Mask:
        """Which errors are the arithmetic's own: what rounding inside does beside a zero, and underflow inside.

        The worst points are examined; if all of these are excused, so are the rest. A result that is not finite is
        excused where rounding inside leaves no digit at all, as in the sine of a number beyond 1e300. Where subnormals
        are flushed, so may be a factor of a result above them: 2²⁰ times the smallest normal number is forgiven, as
        in bfloat16, whose range is that of the float32 it is computed in.
        """
        excused = np.zeros(len(beyond), dtype=bool)
        if flushes or form.name == "bfloat16":
            with np.errstate(invalid="ignore"):
                excused = beyond & (np.abs(values - truth.hi) < _UNDERFLOW * form.tiny)
        candidates = np.flatnonzero(beyond & ~excused & np.isfinite(truth.hi))
        order = candidates[np.argsort(-ulps[candidates], kind="stable")]
        examined = order[:_EXAMINED].tolist()
        for index in examined:
            size = abs(float(truth.hi[index]))
            error = abs(float(values[index] - truth.hi[index] - truth.lo[index]))
            if not math.isfinite(error):
                error = _LOST * max(size, form.tiny)
            noise = _SLACK * _INSIDE[form.name]
            at = dataset.at(index)
            excused[index] = error <= noise * self.truths.sensitivity(output, wrt, at) or (
                error <= noise * self.truths.dip(output, wrt, at, size)
            )
        if examined and excused[examined].all():
            excused[order] = True
        return excused | self._unsigned(
            dataset, output, wrt, beyond & ~excused & np.isinf(truth.hi) & np.isinf(values), form
        )

    def _unsigned(self, dataset: Dataset, output: str, wrt: str | None, infinite: Mask, form: Format) -> Mask:
        """Infinite results of the wrong sign, where rounding inside loses the phase of what gives the sign."""
        excused = np.zeros(len(infinite), dtype=bool)
        noise = _SLACK * _INSIDE[form.name]
        for index in np.flatnonzero(infinite):
            excused[index] = noise * self.truths.condition(output, wrt, dataset.at(int(index))) >= 1
        return excused

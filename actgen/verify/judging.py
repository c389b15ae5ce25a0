"""Judges measured arrays against the truth: cells with figures, and which of them are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from actgen.activation import Activation
from actgen.formats import FORMATS, Array, Format
from actgen.formula import Call, walk
from actgen.verify.excuses import Excuses, Reason
from actgen.verify.inputs import Dataset
from actgen.verify.oracle import Truth
from actgen.verify.reach import reach
from actgen.verify.report import Cell, Excused, Level
from actgen.verify.truths import Table, Truths
from actgen.verify.ulp import Errors, Mask, errors

LIMITS = {"float64": 1e-9 * 2**52, "float32": 4.0, "bfloat16": 1.0, "float16": 1.0}
"""Beyond so many ulps a result is wrong: 1e-9 in float64, where a wrong formula shows; elsewhere a few roundings."""

AIM = 1e-12 * 2**52
"""What float64 aims at, in ulps; beyond it a cell is coarse."""

_LOOSE = 1e-5  # relative, for the gamma family, whose framework functions are this inaccurate
_GAMMAS = {"gamma", "loggamma", "digamma"}
_SQUARABLE = 2.0**-511
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
            found = self._forgiven(found, self.truths.flushed(dataset), (output, wrt), values, form, flush=True)
        if (_wrong(found) & truth.decided).any():
            below = self.truths.below_zero(dataset)
            found = self._forgiven(found, below, (output, wrt), values, form, flush=flushes)
        kinds = _wrong(found)
        beyond = (kinds | (found.ulps > self._aim(form))) & truth.decided
        excuser = Excuses(self.activation, self.truths)
        excuses = excuser.of(dataset, (output, wrt), beyond, values, truth, found, form, flushes)
        held = truth.decided & ~np.any(list(excuses.values()), axis=0)
        wrong = (kinds | (found.ulps > self._limit(form))) & held
        ulps = np.where(held & np.isfinite(found.ulps), found.ulps, 0.0)
        inner = wrong & ~self._edge(dataset, form) & ~_subnormal(values, truth, form)
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
            points=int(truth.decided.sum()),
            worst=worst,
            where=dataset.at(first),
            got=float(values[first]),
            truth=float(truth.hi[first]),
            excused=tuple(_excused(r, m, dataset, values, truth, found) for r, m in excuses.items() if m.any()),
            level=level,
            **counts,
        )

    def _edge(self, dataset: Dataset, form: Format) -> Mask:
        """Where a wrong result is a warning: no training goes there, and a formula that does may be all there is.

        An input that is infinite, subnormal, or so large that the formula's own powers overflow; a parameter at 0 that
        is not 0 nominally, or too small to be squared, or subnormal in float32.
        """
        smallest = _SQUARABLE if form.name == "float64" else FORMATS["float32"].tiny
        inputs = np.abs([dataset.columns[i.name] for i in self.activation.inputs])
        found = np.any((inputs > reach(self.activation)) | ((inputs > 0) & (inputs < form.tiny)), axis=0)
        for parameter in self.activation.parameters:
            if parameter.nominal.value != 0:
                found |= np.abs(dataset.columns[parameter.name]) < smallest
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
        self,
        found: Errors,
        moved: tuple[Mask, Table],
        target: tuple[str, str | None],
        values: Array,
        form: Format,
        *,
        flush: bool,
    ) -> Errors:
        """The errors, where a coordinate may have been taken as another, be it in some operations only.

        There the result may be that at the other; where subnormal numbers are flushed, it may lie as far from either as
        one of them is from 0.
        """
        changed, table = moved
        if not changed.any():
            return found
        truth = table[target]
        other = errors(values[changed], truth.hi, truth.lo, form, flush=flush)
        with np.errstate(invalid="ignore"):
            near = flush & (np.abs(values[changed] - truth.hi) < form.tiny)
        better = other.ulps <= found.ulps[changed]
        merged = {}
        for kind in fields(Errors):
            one, replaced = getattr(found, kind.name).copy(), getattr(other, kind.name)
            one[changed] = np.where(near, 0, np.where(better, replaced, one[changed]))
            merged[kind.name] = one
        return Errors(**merged)


def _wrong(found: Errors) -> Mask:
    """What is wrong whatever its distance."""
    return found.nan | found.infinite | found.finite | found.zeroed | found.sign


def _subnormal(values: Array, truth: Truth, form: Format) -> Mask:
    """Float64 results that are subnormal, as the exact ones are: a warning, for their digits are few in any case."""
    if form.name != "float64":
        return np.zeros(len(values), dtype=bool)
    return (np.abs(truth.hi) < form.tiny) & (np.abs(values) < form.tiny) & (truth.hi != 0)


def _excused(reason: Reason, mask: Mask, dataset: Dataset, values: Array, truth: Truth, found: Errors) -> Excused:
    """The worst of the points with an excuse, and how many they are."""
    place = int(np.argmax(np.where(mask, np.nan_to_num(found.ulps, nan=0.0), -1.0)))
    return Excused(
        reason=reason.value,
        points=int(mask.sum()),
        ulps=float(found.ulps[place]),
        where=dataset.at(place),
        got=float(values[place]),
        truth=float(truth.hi[place]),
    )

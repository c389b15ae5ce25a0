"""Judges measured arrays against the truth: cells with figures, and which of them are wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from actgen.activation import Activation
from actgen.formats import FORMATS, Array, Composite, Format
from actgen.formula import Call, walk
from actgen.verify.excuses import Excuses
from actgen.verify.inputs import SWEEP, Dataset, Indices
from actgen.verify.oracle import Truth
from actgen.verify.profile import Profile, profile_of
from actgen.verify.reach import reach
from actgen.verify.report import Cell, Excused, Level
from actgen.verify.truths import Truths, confirmed
from actgen.verify.ulp import Errors, Mask, errors

LIMITS = {"float64": 1e-9 * 2**52, "float32": 4.0, "bfloat16": 1.0, "float16": 1.0}
"""Beyond so many ulps a result is wrong: 1e-9 in float64, where a wrong formula shows; elsewhere a few roundings."""

GOALS = {"float64": 1e-12 * 2**52, "float32": 0.6, "bfloat16": 0.51, "float16": 0.51}
"""What the files promise, in ulps (of float64 nothing: there it is what shows a slip); beyond it a cell is coarse."""

OURS = "actgen"
"""The form of the files that were generated; only for these is anything forgiven at an edge."""

HISTOGRAM = (0.5, 0.6, 1.0, 4.0, 16.0, 1024.0)
"""Errors in ulps up to which results are counted."""

_LOOSE = 1e-5  # relative, for the gamma family, whose framework functions are this inaccurate
_GAMMAS = {"gamma", "loggamma", "digamma"}
_SQUARABLE = 2.0**-511
_EXAMINED = 256
_ODD = {"float32": 0.55, "bfloat16": 0.505, "float16": 0.505}
"""Ulps by a screen, beyond which the oracle is asked."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares one activation's results with the truth; see `Excuses` for what is examined.

    Files that compute in float32 (`composite`) promise no digits in the formats that they do so for: what they lose is
    reported, and only results of a wrong kind are wrong.
    """

    activation: Activation
    truths: Truths
    composite: Composite = "float64"
    examined: int = 4096

    def cells(
        self, runner: str, flushes: bool, dataset: Dataset, mode: str, measured: Array, form: str = OURS
    ) -> list[Cell]:
        """A cell for each output (and target) of one mode's results.

        Args:
            runner: the label of what ran.
            flushes: whether it takes subnormals as 0.
            dataset: where.
            mode: what was run; values for `function` and `compiled`, derivatives for the rest.
            measured: (outputs, points), or (outputs, variables, points).
            form: whose results they are.
        """
        found = []
        for index, output in enumerate(self.activation.outputs):
            targets: Sequence[str | None] = [None] if measured.ndim == 2 else self.truths.targets[1:]
            for place, wrt in enumerate(targets[: 1 if measured.ndim == 2 else measured.shape[1]]):
                at = (index,) if measured.ndim == 2 else (index, place)
                values = measured[at].astype(np.float64, copy=False)
                found.append(self._cell(runner, flushes, dataset, mode, output.name, wrt, values, form))
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
        author: str,
    ) -> Cell:
        form = FORMATS["float64" if mode == "autograd" else dataset.dtype]
        flushes = flushes and (form.name != "float16")  # its subnormals are normal inside
        truth = self.truths.table(dataset)[output, wrt]
        found = errors(values, truth.hi, truth.lo, form, flush=flushes)
        if dataset.checked is not None:
            truth, found = self._examined(dataset, dataset.checked, (output, wrt), values, truth, found, form, flushes)
        if flushes:
            moved = self.truths.flushed(dataset, (output, wrt), _odd(found, form))
            found = self._forgiven(found, moved, values, form, flush=True)
        moved = self.truths.below_zero(dataset, (output, wrt), _wrong(found) & truth.decided)
        found = self._forgiven(found, moved, values, form, flush=flushes)
        kinds = _wrong(found)
        beyond = (kinds | (found.ulps > self._excusable(form))) & truth.decided
        excuser = Excuses(self.activation, self.truths, self.composite, self.examined)
        excuses = excuser.of(dataset, (output, wrt), beyond, values, truth, found, form, flushes)
        held = truth.decided & ~np.any(list(excuses.values()), axis=0)
        wrong = (kinds | (found.ulps > self._limit(form))) & held
        edge = wrong & (self._edge(dataset, form) | _subnormal(values, truth, form)) & (author == OURS)
        inner = wrong & ~edge
        ulps = np.where(held & ~edge & np.isfinite(found.ulps), found.ulps, 0.0)
        first = int(np.argmax(np.where(inner, np.minimum(found.ulps, 1e300), -1.0) if inner.any() else ulps))
        worst = float(ulps.max(initial=0.0))
        counts = {
            kind: int((getattr(found, kind) & inner).sum()) for kind in ("nan", "infinite", "finite", "zeroed", "sign")
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
            edge=_excused("at the edge", edge, dataset, values, truth, found) if edge.any() else None,
            excused=tuple(_excused(r.value, m, dataset, values, truth, found) for r, m in excuses.items() if m.any()),
            level=Level.GOOD if mode == "autograd" else self._level(inner, edge, worst, form),
            histogram=_histogram(found.ulps[held & np.isfinite(found.ulps)]),
            form=author,
            course=self._course(runner, author, dataset, (output, wrt), found, held),
            **counts,
        )

    def _level(self, inner: Mask, edge: Mask, worst: float, form: Format) -> Level:
        if inner.any():
            return Level.WRONG
        if worst > self._goal(form):
            return Level.COARSE
        return Level.EDGE if edge.any() else Level.GOOD

    def _course(
        self, runner: str, author: str, dataset: Dataset, target: tuple[str, str | None], found: Errors, held: Mask
    ) -> Profile | None:
        """Over the first input, of a sweep of float32."""
        if dataset.name != SWEEP:
            return None
        values = dataset.columns[self.activation.inputs[0].name]
        output, wrt = target
        return profile_of(values, found, held, runner=runner, form=author, output=output, wrt=wrt, dtype="float32")

    def _edge(self, dataset: Dataset, form: Format) -> Mask:
        """Where a wrong result is a warning: no training goes there, and a formula that does may be all there is.

        An input that is infinite, subnormal, or so large that the formula's own powers overflow; a parameter at 0 that
        is not 0 nominally, or too small to be squared, or subnormal in float32.
        """
        narrow = self._is_narrow(form)
        smallest = _SQUARABLE if form.name == "float64" else FORMATS["float32"].tiny
        smallest = 2.0**-63 if narrow else smallest
        inputs = np.abs([dataset.columns[i.name] for i in self.activation.inputs])
        found = np.any((inputs > reach(self.activation, narrow=narrow)) | ((inputs > 0) & (inputs < form.tiny)), axis=0)
        for parameter in self.activation.parameters:
            if parameter.nominal.value != 0:
                found |= np.abs(dataset.columns[parameter.name]) < smallest
        return found

    @property
    def _loose(self) -> bool:
        nodes = (n for o in self.activation.outputs for n in walk(self.activation.resolved(o)))
        return any(isinstance(n, Call) and n.function in _GAMMAS for n in nodes)

    def _limit(self, form: Format) -> float:
        if self._is_narrow(form):
            return math.inf
        if not self._loose:
            return LIMITS[form.name]
        return max(LIMITS[form.name], _LOOSE * 2.0 ** (form.bits - 1))

    def _goal(self, form: Format) -> float:
        return max(GOALS[form.name], self._limit(form)) if self._loose or self._is_narrow(form) else GOALS[form.name]

    def _excusable(self, form: Format) -> float:
        """Beyond so many ulps an excuse is looked for: of a promised format only where a result would be wrong."""
        return self._goal(form) if form.name == "float64" else self._limit(form)

    def _is_narrow(self, form: Format) -> bool:
        """Whether results of a format were computed in float32 because that was asked for."""
        return self.composite == "float32" and form.name != "float64"

    def _examined(
        self,
        dataset: Dataset,
        checked: Indices,
        target: tuple[str, str | None],
        values: Array,
        truth: Truth,
        found: Errors,
        form: Format,
        flushes: bool,
    ) -> tuple[Truth, Errors]:
        """The oracle's word on what is odd by the screen: all of it, or the worst and a part of the rest.

        If it is not the screen's word, what is odd and was not asked about is not compared.
        """
        odd = np.flatnonzero(truth.decided & _odd(found, form))
        odd = np.setdiff1d(odd, checked)
        if not len(odd):
            return truth, found
        odd = odd[np.argsort(-found.ulps[odd], kind="stable")]
        few = len(odd) <= _EXAMINED
        chosen = odd if few else np.unique([*odd[: _EXAMINED // 2], *odd[:: -(-len(odd) * 2 // _EXAMINED)]])
        exact = self.truths.at(dataset, *target, chosen.tolist())
        hi, lo, decided = truth.hi.copy(), truth.lo.copy(), truth.decided.copy()
        if not confirmed(hi[chosen], exact, form).all():
            decided[odd] = False
        hi[chosen], lo[chosen], decided[chosen] = exact.hi, exact.lo, exact.decided
        again = errors(values[chosen], exact.hi, exact.lo, form, flush=flushes)
        merged = {}
        for kind in fields(Errors):
            merged[kind.name] = getattr(found, kind.name).copy()
            merged[kind.name][chosen] = getattr(again, kind.name)
        return Truth(hi, lo, decided), Errors(**merged)

    def _forgiven(
        self, found: Errors, moved: tuple[Indices, Truth], values: Array, form: Format, *, flush: bool
    ) -> Errors:
        """The errors, where a coordinate may have been taken as another, be it in some operations only.

        There the result may be that at the other; where subnormal numbers are flushed, it may lie as far from either as
        one of them is from 0.
        """
        places, truth = moved
        if not len(places):
            return found
        there = values[places]
        other = errors(there, truth.hi, truth.lo, form, flush=flush)
        with np.errstate(invalid="ignore"):
            near = flush & (np.abs(there - truth.hi) < form.tiny)
        better = other.ulps <= found.ulps[places]
        merged = {}
        for kind in fields(Errors):
            one, replaced = getattr(found, kind.name).copy(), getattr(other, kind.name)
            one[places] = np.where(near, 0, np.where(better, replaced, one[places]))
            merged[kind.name] = one
        return Errors(**merged)


def _odd(found: Errors, form: Format) -> Mask:
    """What is not the rounded truth: more than half an ulp away, or of a wrong kind."""
    return _wrong(found) | (found.ulps > _ODD.get(form.name, 0.5))


def _histogram(ulps: Array) -> tuple[int, ...]:
    below = [int((ulps <= edge).sum()) for edge in HISTOGRAM]
    return tuple(int(n) for n in np.diff([0, *below, len(ulps)]))


def _wrong(found: Errors) -> Mask:
    """What is wrong whatever its distance."""
    return found.nan | found.infinite | found.finite | found.zeroed | found.sign


def _subnormal(values: Array, truth: Truth, form: Format) -> Mask:
    """Float64 results that are subnormal, as the exact ones are: a warning, for their digits are few in any case."""
    if form.name != "float64":
        return np.zeros(len(values), dtype=bool)
    return (np.abs(truth.hi) < form.tiny) & (np.abs(values) < form.tiny) & (truth.hi != 0)


def _excused(reason: str, mask: Mask, dataset: Dataset, values: Array, truth: Truth, found: Errors) -> Excused:
    """The worst of the points with an excuse, and how many they are."""
    place = int(np.argmax(np.where(mask, np.nan_to_num(found.ulps, nan=0.0), -1.0)))
    return Excused(
        reason=reason,
        points=int(mask.sum()),
        ulps=float(found.ulps[place]),
        where=dataset.at(place),
        got=float(values[place]),
        truth=float(truth.hi[place]),
    )

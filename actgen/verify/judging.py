"""Judges measured arrays against the truth: cells with figures, and which of them are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actgen.activation import Activation
from actgen.formats import FORMATS, Array, Composite, Format
from actgen.verify.addends import Addends
from actgen.verify.excuses import Excuses, Reason
from actgen.verify.histogram import histogram_of
from actgen.verify.inputs import SWEEP, Dataset, Indices
from actgen.verify.oracle import Truth
from actgen.verify.profile import Profile, profile_of
from actgen.verify.report import Cell, Excused, Level
from actgen.verify.standards import Standard
from actgen.verify.truths import Truths, confirmed
from actgen.verify.ulp import Errors, Mask, errors

OURS = "actgen"
"""The form of the files that were generated; only for these is anything forgiven at an edge."""

_EXAMINED = 256
_ODD = {"float32": 0.55, "bfloat16": 0.505, "float16": 0.505}
"""Ulps by a screen, beyond which the oracle is asked."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares one activation's results with the truth; see `Excuses` for what is examined.

    Files that compute in float32 (`composite`) promise no digits in the formats that they do so for: what they lose is
    reported, and only results of a wrong kind are wrong. `held` says what anything else is held to, `addends` how large
    the addends of a result are beside zeros that move, `roundings` how many of float64 make the error of an argument.
    """

    activation: Activation
    truths: Truths
    composite: Composite = "float64"
    examined: int = 4096
    held: Standard | None = None
    addends: Addends | None = None
    roundings: int = 4

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
        moved = self.truths.below_zero(dataset, (output, wrt), found.wrong & truth.decided)
        found = self._forgiven(found, moved, values, form, flush=flushes)
        standard, kinds = self._standard, found.wrong
        beyond = (kinds | (found.ulps > standard.excusable(form, wrt))) & truth.decided
        excuser = Excuses(self.activation, self.truths, self.composite, self.examined, self.addends, self.roundings)
        bits = standard.working_bits(form)
        limit, failing = standard.excusable(form, wrt), standard.limit(form, wrt)
        at_edge = standard.edge(dataset, form) | _subnormal(values, truth, form)
        # Apart, for what holds of all that are examined is taken to hold of the rest.
        inside, outside = (
            excuser.of(dataset, (output, wrt), part, values, truth, found, form, flushes, bits, limit, failing)
            for part in (beyond & ~at_edge, beyond & at_edge)
        )
        excuses = {reason: inside[reason] | outside[reason] for reason in inside}
        held = truth.decided & ~np.any(list(excuses.values()), axis=0)
        wrong = (kinds | (found.ulps > failing)) & held
        edge = wrong & at_edge & (author == OURS)
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
            edge=_excused("at the edge", edge, dataset, values, truth, found.ulps) if edge.any() else None,
            excused=tuple(self._apart(excuser, excuses, dataset, (output, wrt), values, truth, found, form)),
            level=Level.GOOD if mode == "autograd" else self._level(inner, edge, worst, self._standard.goal(form, wrt)),
            histogram=histogram_of(found.ulps[held & np.isfinite(found.ulps)]),
            form=author,
            course=self._course(runner, author, dataset, (output, wrt), found, held),
            **counts,
        )

    def _apart(
        self,
        excuser: Excuses,
        excuses: Mapping[Reason, Mask],
        dataset: Dataset,
        target: tuple[str, str | None],
        values: Array,
        truth: Truth,
        found: Errors,
        form: Format,
    ) -> Iterator[Excused]:
        """What has an excuse, by reason; beside zeros that move the figure is in ulps of the largest addend."""
        for reason, mask in excuses.items():
            if mask.any():
                is_moving = reason is Reason.MOVING
                ulps = excuser.in_addends(dataset, target, mask, values, truth, form) if is_moving else found.ulps
                yield _excused(reason.value, mask, dataset, values, truth, ulps)

    @property
    def _standard(self) -> Standard:
        return self.held or Standard(self.activation, self.composite)

    def _level(self, inner: Mask, edge: Mask, worst: float, goal: float) -> Level:
        if inner.any():
            return Level.WRONG
        if worst > goal:
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
        return Truth(hi, lo, decided), found.replaced(chosen, again)

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
        found = found.replaced(places[better], other.at(better))
        return found.replaced(places[near], other.at(near).nothing())


def _odd(found: Errors, form: Format) -> Mask:
    """What is not the rounded truth: more than half an ulp away, or of a wrong kind."""
    return found.wrong | (found.ulps > _ODD.get(form.name, 0.5))


def _subnormal(values: Array, truth: Truth, form: Format) -> Mask:
    """Float64 results that are subnormal, as the exact ones are: a warning, for their digits are few in any case."""
    if form.name != "float64":
        return np.zeros(len(values), dtype=bool)
    return (np.abs(truth.hi) < form.tiny) & (np.abs(values) < form.tiny) & (truth.hi != 0)


def _excused(reason: str, mask: Mask, dataset: Dataset, values: Array, truth: Truth, ulps: Array) -> Excused:
    """The worst of the points with an excuse, and how many they are."""
    place = int(np.argmax(np.where(mask, np.nan_to_num(ulps, nan=0.0), -1.0)))
    return Excused(
        reason=reason,
        points=int(mask.sum()),
        ulps=float(ulps[place]),
        where=dataset.at(place),
        got=float(values[place]),
        truth=float(truth.hi[place]),
    )

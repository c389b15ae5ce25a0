"""The ends of the line: ±inf, arguments so large that a factor overflows, and NaN.

What a root yields there is compared with the exact limit; only roots that get it wrong are changed, by the mildest
change that gets it right at every sampled parameter set.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from actgen.program.build import ZERO, both, less, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.limits import Extremes
from actgen.program.ops import PERIODIC
from actgen.program.passes.absorb import absorbed, lost_products
from actgen.program.passes.missing import propagating
from actgen.program.passes.scaling import with_scaled_roots
from actgen.program.passes.substitute import substituted
from actgen.program.program import Node, arg, const, node, rewrite, topological
from actgen.program.sampling import Samples
from actgen.symbolic.derivation import Derivation, OutputMath

Array = npt.NDArray[Any]
Change = Callable[[Node, Extremes, int], Iterable[Node]]
_LARGE = 2.0**60
_ROUNDS = 4  # an absorbed product can uncover another


def finished(output: OutputMath, roots: Sequence[Node], derivation: Derivation, points: Samples) -> list[Node]:
    """The roots, right at the ends in both working precisions, and NaN where an input that matters is NaN."""
    extremes = Extremes(output, derivation, points)
    found = [_mended(root, extremes, index) for index, root in enumerate(roots)]
    inputs = _inputs(output, derivation)
    return [propagating(root, inputs, list(extremes.everywhere())) for root in found]


def _inputs(output: OutputMath, derivation: Derivation) -> list[str]:
    used = {s.name for p in output.pieces for s in p.value.free_symbols | p.condition.free_symbols}
    return [i.name for i in derivation.activation.inputs if i.name in used]


def _mended(root: Node, extremes: Extremes, index: int) -> Node:
    best = root
    for _ in range(_ROUNDS):
        absorbed = next(iter(_absorbing(best, extremes, index)), best)
        if absorbed is best:
            break
        best = absorbed
    fewest = extremes.faults(best, index)
    if fewest:
        finite = _with_finite_angles(best, extremes)
        if extremes.faults(finite, index) != fewest:
            best, fewest = finite, extremes.faults(finite, index)
    for change in _CHANGES if fewest else ():
        for candidate in change(best, extremes, index):
            faults = extremes.faults(candidate, index)
            if faults < fewest and _is_allowed(change, candidate, best, extremes, index):
                best, fewest = candidate, faults
        if not fewest:
            break
    return best


def _absorbing(root: Node, extremes: Extremes, index: int) -> Iterable[Node]:
    """A factor that has decayed to 0 wins over one that has overflowed."""
    zeros: dict[Node, Node] = {}
    for columns, dtype in extremes.everywhere():
        zeros = {**dict(lost_products(root, columns, dtype)), **zeros}
    if zeros:
        yield absorbed(root, zeros)


def _with_finite_angles(root: Node, extremes: Extremes) -> Node:
    """sin(a·x) where a·x overflows: an angle without a digit left, but not NaN."""
    angles = list(dict.fromkeys(n.args[0] for n in topological([root]) if n.op in PERIODIC))
    infinite: set[Node] = set()
    for columns, dtype in extremes.settings():
        values = evaluate_nodes(angles, columns, dtype)
        infinite |= {a for a, value in zip(angles, values, strict=True) if a.op != "arg" and np.any(np.isinf(value))}
    new: dict[Node, Node] = {}
    for old in topological([root]):
        rebuilt = old.with_operands(tuple(new[a] for a in old.args))
        is_lost = old.op in PERIODIC and old.args[0] in infinite
        new[old] = node(old.op, node("finite", rebuilt.args[0])) if is_lost else rebuilt
    return new[root]


def _constant_ends(root: Node, extremes: Extremes, index: int) -> Iterable[Node]:
    """The limit itself, as a number, where it is the same for all sampled parameter sets."""
    found = root
    for name, sign, limits in extremes.limits(index):
        if len(limits) == 1 and extremes.wrong_at_infinity(root, index, name, sign):
            found = _with_end(found, found, name, sign, limits[0])
            yield found


def _signed_ends(root: Node, extremes: Extremes, index: int) -> Iterable[Node]:
    """The limit itself, where it is one number for each sign of another argument."""
    found = root
    for name, sign, other, above, below in extremes.signed_limits(index):
        if extremes.wrong_at_infinity(root, index, name, sign):
            at_end = node("eq", arg(name), const(sign * math.inf))
            negative = where(less(arg(other), ZERO), const(below), found)
            limit = where(less(ZERO, arg(other)), const(above), negative)
            found = where(at_end, limit, found)
            yield found


def _branch_ends(root: Node, extremes: Extremes, index: int) -> Iterable[Node]:
    """A limit, as a number, in each branch on the parameters that is nearer to right with it; the commonest first."""
    found = root
    for name, sign, limits in extremes.limits(index):
        fixed = [v for v in limits if v == 0 or not math.isfinite(v)]  # other numbers move with a parameter
        for limit in fixed if extremes.wrong_at_infinity(root, index, name, sign) else ():
            for branch in _branches(found, extremes):
                candidate = _with_end(found, branch, name, sign, limit)
                if extremes.faults(candidate, index) < extremes.faults(found, index):
                    found = candidate
                    yield found


def _with_end(root: Node, branch: Node, name: str, sign: int, limit: float) -> Node:
    """The root with the limit in one of its branches."""
    if root is branch:
        return where(node("eq", arg(name), const(sign * math.inf)), const(limit), branch)
    if root.op != "where":
        return root
    condition, *sides = root.args
    return where(condition, *(_with_end(side, branch, name, sign, limit) for side in sides))


def _branches(root: Node, extremes: Extremes) -> Iterable[Node]:
    """What a root is, by conditions on parameters alone; the whole root last."""
    used = {n.name for n in topological([root.args[0]]) if n.op == "arg"} if root.op == "where" else set()
    if used and not used & set(extremes.inputs):
        yield from (b for side in root.args[1:] for b in _branches(side, extremes))
    yield root


def _scaled_roots(root: Node, extremes: Extremes, index: int) -> Iterable[Node]:
    yield with_scaled_roots(root)


def _finite_ends(root: Node, extremes: Extremes, index: int) -> Iterable[Node]:
    """The value at the largest finite argument."""
    for name in extremes.inputs:
        argument = arg(name)
        finite = node("finite", argument)
        ends = (where(node("eq", argument, const(end)), finite, argument) for end in (-math.inf, math.inf))
        for kept in (finite, *ends):
            yield rewrite([root], lambda n, a=argument, c=kept: c if n is a else n)[root]


def _unbounded_ends(root: Node, extremes: Extremes, index: int) -> Iterable[Node]:
    """An infinity with the sign that the root has at a large argument, where that depends on the parameters."""
    found = root
    for name, sign, limits in extremes.limits(index):
        if all(map(math.isinf, limits)) and extremes.wrong_at_infinity(root, index, name, sign):
            large = substituted(root, name, sign * _LARGE)
            at_end = node("eq", arg(name), const(sign * math.inf))
            found = where(at_end, node("mul", large, const(math.inf)), found)
            yield found


def _ends_by_size(root: Node, extremes: Extremes, index: int) -> Iterable[Node]:
    """What the root has come to at a large argument: a number that has settled, or an infinity of that sign.

    For limits of several kinds, as of x·sigmoid((a - b)·x), whose signs no single parameter tells.
    """
    found = root
    for name, sign, limits in extremes.limits(index):
        if len(limits) > 1 and extremes.wrong_at_infinity(found, index, name, sign):
            argument = arg(name)
            at_end = node("eq", argument, const(sign * math.inf))
            moved = where(at_end, const(sign * _LARGE), argument)
            large = rewrite([found], lambda n, a=argument, m=moved: m if n is a else n)[found]
            grown = both(at_end, less(const(math.sqrt(_LARGE)), node("abs", large)))
            found = where(grown, where(less(large, ZERO), const(-math.inf), const(math.inf)), large)
            yield found


def _saturated(root: Node, extremes: Extremes, index: int) -> Iterable[Node]:
    """The value at a large argument for all larger ones, where the root has settled by then; on both sides or one.

    Of several inputs for infinite ones only: another may be as large, and their ratio matter.
    """
    compared = "lt" if len(extremes.inputs) == 1 else "eq"
    for name in extremes.inputs:
        argument = arg(name)
        for bound in (2.0**60, 2.0**30):
            end = bound if compared == "lt" else math.inf
            below, above = node(compared, argument, const(-end)), node(compared, const(end), argument)
            low = where(below, const(-bound), argument)
            for clamped in (where(above, const(bound), low), low, where(above, const(bound), argument)):
                yield rewrite([root], lambda n, a=argument, c=clamped: c if n is a else n)[root]


_CHANGES: tuple[Change, ...] = (
    _scaled_roots,
    _constant_ends,
    _saturated,
    _finite_ends,
    _unbounded_ends,
    _branch_ends,
    _signed_ends,
    _ends_by_size,
)


def _is_allowed(change: Change, candidate: Node, best: Node, extremes: Extremes, index: int) -> bool:
    """Whether no more is inaccurate; a clamp alters finite results too, so that each of them counts."""
    if change is _saturated:
        return not extremes.spoils(candidate, best, index)
    return extremes.faults(candidate, index, strict=True) <= extremes.faults(best, index, strict=True)

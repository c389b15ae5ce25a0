"""Where a piece holds: a box of intervals over the quantities that the conditions compare.

A comparison `l < r` becomes an interval of one *key*: `l - r` without its constant term, scaled so that its first
coefficient is 1. `x > 0` and `2*x <= 6` share the key `x`; a learned breakpoint `x > a` has the key `x - a`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from actgen.symbolic.straight import straightened


@dataclass(frozen=True, slots=True)
class Interval:
    """A non-empty stretch of the real line; bounds are exact, ±oo where there is none."""

    low: sp.Expr = sp.S.NegativeInfinity
    high: sp.Expr = sp.S.Infinity
    low_closed: bool = False
    high_closed: bool = False

    @property
    def is_point(self) -> bool:
        """Whether it is a single number."""
        return self.low == self.high

    def intersect(self, other: Interval) -> Interval | None:
        """What both hold; None if nothing."""
        low, low_closed = _tighter(self.low, self.low_closed, other.low, other.low_closed, 1)
        high, high_closed = _tighter(self.high, self.high_closed, other.high, other.high_closed, -1)
        order = compare(low, high)
        if order > 0 or (order == 0 and not (low_closed and high_closed)):
            return None
        return Interval(low, high, low_closed, high_closed)

    def joins(self, above: Interval) -> bool:
        """Whether `above` begins exactly where this one ends, without gap or overlap."""
        return self.high == above.low and self.high_closed != above.low_closed

    def condition(self, key: sp.Expr) -> sp.Basic:
        """The interval as a SymPy condition on the key."""
        if self.is_point:
            return _relation(sp.Eq, key, self.low)
        parts = []
        if self.low != sp.S.NegativeInfinity:
            parts.append(_relation(sp.Ge if self.low_closed else sp.Gt, key, self.low))
        if self.high != sp.S.Infinity:
            parts.append(_relation(sp.Le if self.high_closed else sp.Lt, key, self.high))
        return sp.And(*parts)


EVERYWHERE = Interval()


def compare(a: sp.Expr, b: sp.Expr) -> int:
    """-1, 0 or 1 as the exact number a is below, equal to or above b."""
    if a == b:
        return 0
    if sp.S.NegativeInfinity in (a, b) or sp.S.Infinity in (a, b):
        return -1 if a == sp.S.NegativeInfinity or b == sp.S.Infinity else 1
    difference = a - b
    if difference.is_zero:
        return 0
    return 1 if difference.evalf(50) > 0 else -1


def _tighter(a: sp.Expr, a_closed: bool, b: sp.Expr, b_closed: bool, sign: int) -> tuple[sp.Expr, bool]:
    order = compare(a, b) * sign
    if order == 0:
        return a, a_closed and b_closed
    return (a, a_closed) if order > 0 else (b, b_closed)


def _relation(relation: type[sp.Rel], key: sp.Expr, bound: sp.Expr) -> sp.Basic:
    line = _one_line(key, bound)
    if line is not None:
        return relation(*line, evaluate=False)
    positive = [t for t in sp.Add.make_args(key) if not t.could_extract_minus_sign()]
    left = sp.Add(*positive)
    return relation(left, bound - (key - left), evaluate=False)


def _one_line(key: sp.Expr, bound: sp.Expr) -> tuple[sp.Expr, sp.Expr] | None:
    """Both sides on one fraction line: (x - r)/(r - l) and 0 for x/(r - l) - l/(r - l) and 1, inexact beside x = r."""
    tops, bottoms = zip(*(sp.fraction(t) for t in sp.Add.make_args(key)), strict=True)
    bottom = bottoms[0]
    if len(tops) == 1 or not bottom.free_symbols or bottoms.count(bottom) < len(bottoms):
        return None
    top = sp.Add(*tops)
    moved = sp.expand(top - bound * bottom)
    return (moved / bottom, sp.Integer(0)) if len(sp.Add.make_args(moved)) <= len(tops) else (top / bottom, bound)


@dataclass(frozen=True)
class Region:
    """A box: every key in its interval. A key that is absent is unconstrained."""

    box: Mapping[sp.Expr, Interval]

    def __hash__(self) -> int:
        return hash(frozenset(self.box.items()))

    def intersect(self, other: Region) -> Region | None:
        """The common part; None if it is empty."""
        box = dict(self.box)
        for key, interval in other.box.items():
            both = box.get(key, EVERYWHERE).intersect(interval)
            if both is None:
                return None
            box[key] = both
        return Region(box)

    def condition(self) -> sp.Basic:
        """The region as a SymPy Boolean."""
        keys = sorted(self.box, key=sp.default_sort_key)
        return sp.And(*(self.box[key].condition(key) for key in keys))

    def merged(self, other: Region) -> Region | None:
        """The union, where it is a box again: equal but for one key whose intervals join."""
        if self.box.keys() != other.box.keys():
            return None
        different = [key for key in self.box if self.box[key] != other.box[key]]
        if len(different) != 1:
            return None
        key = different[0]
        first, second = self.box[key], other.box[key]
        if second.joins(first):
            first, second = second, first
        if not first.joins(second):
            return None
        box = dict(self.box)
        union = Interval(first.low, second.high, first.low_closed, second.high_closed)
        if union == EVERYWHERE:
            del box[key]
        else:
            box[key] = union
        return Region(box)


WHOLE = Region({})


def compare_regions(
    op: str, left: sp.Expr, right: sp.Expr, inputs: frozenset[sp.Symbol]
) -> tuple[list[Region], list[Region]]:
    """Where `left op right` holds, and where it does not, as disjoint boxes; keys lead with an input."""
    key, bound, flip = _key(straightened(sp.expand(left - right)), inputs)
    if key is None:
        return ([WHOLE], []) if _holds(op, compare(bound, sp.Integer(0))) else ([], [WHOLE])
    below = Interval(high=bound)
    at = Interval(bound, bound, True, True)
    above = Interval(low=bound)
    parts = {-1: below, 0: at, 1: above}
    yes, no = [], []
    for sign, interval in parts.items():
        (yes if _holds(op, -sign if flip else sign) else no).append(Region({key: interval}))
    return merge_all(yes), merge_all(no)


def merge_all(regions: list[Region]) -> list[Region]:
    """Joins boxes pairwise until no two join."""
    pending = list(regions)
    done: list[Region] = []
    while pending:
        current = pending.pop(0)
        for index, other in enumerate(done):
            union = current.merged(other)
            if union is not None:
                done.pop(index)
                pending.insert(0, union)
                break
        else:
            done.append(current)
    return done


def _key(difference: sp.Expr, inputs: frozenset[sp.Symbol]) -> tuple[sp.Expr | None, sp.Expr, bool]:
    """(key, bound, flipped): `difference op 0` is `key op bound`, mirrored if flipped."""
    constant, rest = difference.as_independent(*difference.free_symbols, as_Add=True)
    if not rest.free_symbols:
        return None, difference, False
    leading = sp.Add.make_args(rest)
    first = min(leading, key=sp.default_sort_key)
    scale = first.as_coeff_Mul()[0]
    linear = [t for t in leading if t.as_coeff_Mul()[1].is_Symbol]
    if linear:
        first = min(linear, key=lambda t: (t.as_coeff_Mul()[1] not in inputs, str(t.as_coeff_Mul()[1])))
        scale = first.as_coeff_Mul()[0]
    return sp.expand(rest / scale), -constant / scale, bool(scale < 0)


def _holds(op: str, sign: int) -> bool:
    return {
        "<": sign < 0,
        "<=": sign <= 0,
        ">": sign > 0,
        ">=": sign >= 0,
        "==": sign == 0,
        "!=": sign != 0,
    }[op]

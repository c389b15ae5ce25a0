"""Settled cases as a first-match list, the shortest conditions that do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cmp_to_key

import sympy as sp

from actgen.symbolic.derivation import ExactPiece
from actgen.symbolic.regions import Interval, compare
from actgen.symbolic.settling import Settled


def ordered_pieces(settled: Sequence[Settled], symbols: Mapping[str, sp.Symbol]) -> tuple[ExactPiece, ...]:
    """The pieces from the highest interval down when they share one key, else with their whole conditions."""
    keys = {key for s in settled for key in s.case.region.box}
    if len(keys) == 1:
        (key,) = keys
        ranked = sorted(settled, key=cmp_to_key(lambda a, b: -_order(_interval(a, key), _interval(b, key))))
        conditions = [_above(key, _interval(s, key)) for s in ranked]
    else:
        ranked = sorted(settled, key=lambda s: (len(s.case.region.box), sp.default_sort_key(s.case.region.condition())))
        ranked.sort(key=lambda s: not any(i.is_point for i in s.case.region.box.values()))
        conditions = [s.case.region.condition() for s in ranked]
    conditions[-1] = sp.true
    return tuple(_piece(s, condition, symbols) for s, condition in zip(ranked, conditions, strict=True))


def _interval(settled: Settled, key: sp.Expr) -> Interval:
    return settled.case.region.box[key]


def _order(a: Interval, b: Interval) -> int:
    return (
        compare(a.low, b.low)
        or (a.low_closed < b.low_closed) - (b.low_closed < a.low_closed)
        or compare(a.high, b.high)
    )


def _above(key: sp.Expr, interval: Interval) -> sp.Basic:
    if interval.is_point:
        return interval.condition(key)
    return Interval(low=interval.low, low_closed=interval.low_closed).condition(key)


def _piece(settled: Settled, condition: sp.Basic, symbols: Mapping[str, sp.Symbol]) -> ExactPiece:
    return ExactPiece(
        condition=condition,
        value=settled.case.value,
        partials={name: settled.partials[symbol] for name, symbol in symbols.items()},
        domain=tuple(sorted(settled.case.domain, key=sp.default_sort_key)),
        is_limit=settled.is_limit,
    )

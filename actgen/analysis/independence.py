"""Expectations of functions of several independent standard normal inputs.

The conditions, each about one input, cut the space into boxes. In a box the function is a sum of products of functions
of one input each, and the expectation of such a product over the box is the product of expectations over its sides.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce

import flint
import sympy as sp

from actgen.analysis.curve import Segment
from actgen.analysis.isolation import samples
from actgen.analysis.moments import mean_of
from actgen.analysis.numbers import Number, exactly
from actgen.analysis.singular import LINE, is_real, ordered, singular_at_zeros_of, zeros
from actgen.analysis.truths import holds
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.derivation import ExactPiece, OutputMath

_BOXES = 64
_PRODUCTS = 64
_REASON = "neither a product nor a sum of functions of one input each"

Product = Mapping[sp.Symbol | None, sp.Expr]
"""A factor for each input that occurs; what holds no input stands at None."""


@dataclass(frozen=True, slots=True)
class _Box:
    sides: tuple[tuple[Number, Number], ...]
    value: sp.Expr


def expectations(
    output: OutputMath, inputs: Sequence[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr]
) -> tuple[Number, Number]:
    """E[f] and E[f²].

    Raises:
        UndecidedError: if a condition or a value mixes inputs in a way that does not factorise, or an expectation
            was not enclosed.
    """
    boxes = _boxes(output.pieces, inputs, nominal)

    @cache
    def over_side(x: sp.Symbol, low: Number, high: Number, value: sp.Expr) -> Number:
        return mean_of(analytic(value, x, low, high), x)

    first, second = [], []
    for box in boxes:
        products = _products(box.value, inputs)
        for found, several in ((first, products), (second, _crossed(products, products))):
            for product in several:
                sides = zip(inputs, box.sides, strict=True)
                factors = [over_side(x, *side, product.get(x, sp.S.One)) for x, side in sides]
                found.append(reduce(_times, factors, exactly(product.get(None, sp.S.One))))
    return _sum(first), _sum(second)


def _boxes(
    pieces: Sequence[ExactPiece], inputs: Sequence[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr]
) -> list[_Box]:
    fixed = [(p.condition.xreplace(dict(nominal)), p.value.subs(nominal)) for p in pieces]
    lines = [cut_line([c for c, _ in fixed], x, inputs) for x in inputs]
    if math.prod(map(len, lines)) > _BOXES:
        raise UndecidedError("there are too many pieces")
    found = []
    for sides in itertools.product(*lines):
        places = {x: inside(*side) for x, side in zip(inputs, sides, strict=True)}
        value = next(v for i, (c, v) in enumerate(fixed) if i == len(fixed) - 1 or holds_at(c, places))
        found.append(_Box(sides, value))
    return found


def cut_line(conditions: Sequence[sp.Basic], x: sp.Symbol, inputs: Sequence[sp.Symbol]) -> list[tuple[Number, Number]]:
    """The line of one input, cut where a condition changes."""
    cuts: list[Number] = []
    for condition in conditions:
        for comparison in sorted(condition.atoms(sp.core.relational.Relational), key=sp.default_sort_key):
            if not comparison.has(x):
                continue
            if comparison.has(*(other for other in inputs if other != x)):
                raise UndecidedError("a condition is about several inputs")
            cuts += zeros(comparison.lhs - comparison.rhs, x, LINE)
    return list(itertools.pairwise([LINE[0], *ordered(cuts), LINE[1]]))


def inside(low: Number, high: Number) -> Number:
    """A number between two."""
    place = samples(low, high)[1]
    return exactly(sp.Rational(place.numerator, place.denominator))


def holds_at(condition: sp.Basic, places: Mapping[sp.Symbol, Number]) -> bool:
    """Whether a condition whose comparisons are about one input each holds; raises as `holds`."""
    match condition:
        case sp.And():
            return all(holds_at(c, places) for c in condition.args)
        case sp.Or():
            return any(holds_at(c, places) for c in condition.args)
        case sp.Not():
            return not holds_at(condition.args[0], places)
    held = next((x for x in places if condition.has(x)), None)
    return condition is sp.S.true if held is None else holds(condition, held, places[held])


def analytic(value: sp.Expr, x: sp.Symbol, low: Number, high: Number) -> tuple[Segment, ...]:
    """One side of a box, cut where the factor is not analytic."""
    cuts = ordered([c for q in singular_at_zeros_of(value, x) for c in zeros(q, x, (low, high))])
    ends = list(itertools.pairwise([low, *cuts, high]))
    if not all(is_real(value, *between) for between in ends):
        raise UndecidedError("the function has no real value on a part of the line")
    return tuple(Segment(*between, value, value) for between in ends)


def _products(value: sp.Expr, inputs: Sequence[sp.Symbol]) -> list[Product]:
    """The value as a sum of products.

    Raises:
        UndecidedError: if a function has several inputs in its argument.
    """
    held = [x for x in inputs if value.has(x)]
    if len(held) < 2:
        return [{held[0] if held else None: value}]
    match value:
        case sp.Add():
            return [p for part in value.args for p in _products(part, inputs)]
        case sp.Mul():
            return reduce(_crossed, (_products(factor, inputs) for factor in value.args))
        case sp.Pow(args=(base, exponent)) if exponent.is_Integer and 0 < exponent <= 4:
            return reduce(_crossed, [_products(base, inputs)] * int(exponent))
        case sp.Pow(args=(sp.Mul() as base, exponent)) if exponent.is_Integer:
            return reduce(_crossed, (_products(factor**exponent, inputs) for factor in base.args))
        case sp.exp(args=(sp.Add() as exponent,)):
            return reduce(_crossed, (_products(sp.exp(part), inputs) for part in exponent.args))
    raise UndecidedError(_REASON)


def _crossed(first: Sequence[Product], second: Sequence[Product]) -> list[Product]:
    if len(first) * len(second) > _PRODUCTS:
        raise UndecidedError("there are too many products")
    return [_multiplied(a, b) for a in first for b in second]


def _multiplied(a: Product, b: Product) -> Product:
    return {**a, **{x: a.get(x, sp.S.One) * factor for x, factor in b.items()}}


def _times(a: Number, b: Number) -> Number:
    if sp.S.Zero in (a.exact, b.exact):
        return exactly(sp.S.Zero)
    return Number(a.ball * b.ball, None if a.exact is None or b.exact is None else a.exact * b.exact)


def _sum(numbers: Sequence[Number]) -> Number:
    """The sum; what the terms come to after their zeros have been left out."""
    ball = sum((n.ball for n in numbers), flint.arb(0))
    if any(n.exact is None for n in numbers):
        return Number(ball)
    return Number(ball, sp.expand(sp.Add(*(n.exact for n in numbers))))

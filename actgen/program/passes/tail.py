"""Tail patches: where the closed form cancels for large |x|, its asymptotic series in 1/x takes over.

Used only where the chosen closed form measures badly; from which |x| on is decided by measurement too, and guarded for
every value of the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.asymptotic_rules import tail
from actgen.program.asymptotics import BIG, LOG, Tail
from actgen.program.build import add, both, div, mul, power
from actgen.program.passes.far import STARTS, far_side
from actgen.program.passes.near import Near, polynomial
from actgen.program.passes.stabilise import stabilised
from actgen.program.program import Node, arg, const, node, rewrite
from actgen.program.sampling import Samples
from actgen.program.series import NoSeriesError
from actgen.program.translate import Translator
from actgen.symbolic.derivation import Derivation, ExactPiece

_TERMS, _MORE_TERMS = 40, 64
_TERMS_WITH_PARAMETERS = 10
_TINY = 1e-18
_LARGEST = 200  # operations of all coefficients


def tail_patch(
    piece: ExactPiece,
    roots: Sequence[Node],
    derivation: Derivation,
    name: str,
    sign: int,
    points: Samples,
    mask: npt.NDArray[np.bool_],
    translate: Translator,
) -> Near | None:
    """The patch at one end of one input, if the roots need it, have a series there, and gain by it."""
    symbol = derivation.symbols[name]
    if symbol not in piece.value.free_symbols:
        return None
    far = far_side(piece, roots, points, mask, name, (sign,), translate)
    bad = far.wanting() if far else []
    if far is None or not any(bad):
        return None
    others = [derivation.symbols[i.name] for i in derivation.activation.inputs if i.name != name]
    wanted = [e if is_bad else None for e, is_bad in zip(far.exprs, bad, strict=True)]
    assumptions: Sequence[Mapping[sp.Symbol, int]] = ({}, _signs_beside(piece.value, symbol, derivation))
    candidates: list[Near] = []
    best: Near | None = None
    for terms in (_TERMS, _MORE_TERMS):
        found = [[e and _assuming(assumed, e, symbol, sign, others, terms) for e in wanted] for assumed in assumptions]
        assumed, tails = max(zip(assumptions, found, strict=True), key=lambda pair: sum(t is not None for t in pair[1]))
        if not any(tails):
            break
        candidates += [_near(piece, tails, assumed, symbol, sign, start, translate) for start in STARTS]
        best = far.best(candidates)
        if piece.value.free_symbols != {symbol} or (best is not None and not far.is_bad(best)):
            break
    return best


def _signs_beside(value: sp.Expr, symbol: sp.Symbol, derivation: Derivation) -> Mapping[sp.Symbol, int]:
    """Parameters in the arguments of functions of the input, with the sign of their nominal values."""
    arguments = [a for e in value.atoms(sp.Function, sp.Pow) for a in e.args if a.has(symbol)]
    beside = {s for a in arguments for s in a.free_symbols}
    nominal = {derivation.symbols[n]: v for n, v in derivation.activation.nominal().items()}
    return {s: 1 if v > 0 else -1 for s, v in nominal.items() if s in beside and v}


def _assuming(
    assumed: Mapping[sp.Symbol, int],
    e: sp.Expr,
    symbol: sp.Symbol,
    sign: int,
    others: Sequence[sp.Symbol],
    terms: int,
) -> Tail | None:
    """The series for parameters of these signs."""
    sizes = {p: sp.Dummy(p.name, positive=True) for p in assumed}
    found = _tail_of(e.xreplace({p: assumed[p] * size for p, size in sizes.items()}), symbol, sign, others, terms)
    if found is None or not assumed:
        return found
    back = {size: assumed[p] * p for p, size in sizes.items()}
    return Tail(found.exponent.xreplace(back), found.order, tuple(c.xreplace(back) for c in found.coefficients))


def _tail_of(e: sp.Expr, symbol: sp.Symbol, sign: int, others: Sequence[sp.Symbol], terms: int) -> Tail | None:
    """The series, if there is one of moderate length; with other inputs, only where they are mere factors."""
    if any(not e.is_polynomial(o) or sp.degree(e, o) > 1 for o in others if e.has(o)):
        return None
    terms = _TERMS_WITH_PARAMETERS if e.free_symbols - {symbol} else terms
    for form in (e, stabilised(e)):
        try:
            found = tail(form, symbol, sign, terms)
        except NoSeriesError:
            continue
        symbolic = sum(int(c.count_ops()) for c in found.coefficients if not c.is_number)
        return found if symbolic <= _LARGEST else None
    return None


def _near(
    piece: ExactPiece,
    tails: Sequence[Tail | None],
    assumed: Mapping[sp.Symbol, int],
    symbol: sp.Symbol,
    sign: int,
    start: int,
    translate: Translator,
) -> Near:
    condition = _far(piece.value, symbol, sign, start, translate)
    for parameter, side in assumed.items():
        condition = both(condition, node("lt", const(0), translate(side * parameter)))
    safe = const(sign * start)
    guarded = node("where", condition, arg(symbol.name), safe)
    end = "above" if sign > 0 else "below"
    names = ["value", *(f"d{name}" for name in piece.partials)]
    nodes = [
        None if t is None else _written(t, symbol, sign, start, translate, f"{name}_far_{end}")
        for name, t in zip(names, tails, strict=True)
    ]
    kept = [n for n in nodes if n is not None]
    new = rewrite(kept, lambda n: guarded if n is arg(symbol.name) else n)
    return Near(condition, tuple(None if n is None else new[n] for n in nodes), {symbol.name: const(sign)})


def _far(value: sp.Expr, symbol: sp.Symbol, sign: int, start: int, translate: Translator) -> Node:
    """|x| > start, and the leading term of each argument of a function is as much larger than its other terms."""
    variable = arg(symbol.name)
    condition = node("lt", const(start), variable) if sign > 0 else node("lt", variable, const(-start))
    arguments = {a for e in value.atoms(sp.Function, sp.Pow) for a in e.args}
    for argument in sorted(arguments, key=sp.default_sort_key):
        if not argument.has(symbol) or not argument.is_polynomial(symbol) or not argument.free_symbols - {symbol}:
            continue
        poly = sp.Poly(argument, symbol)
        leading = poly.LC() * symbol ** poly.degree()
        rest = sp.expand(argument - leading)
        size = const(1 + abs(rest)) if rest.is_number else add(const(1), node("abs", translate(rest)))
        larger = node("lt", mul(const(start), size), node("abs", translate(leading)))
        condition = both(condition, larger)
    return condition


def _written(found: Tail, symbol: sp.Symbol, sign: int, start: int, translate: Translator, called: str) -> Node:
    """The series as nodes: a polynomial in 1/x, times a power of x, times e^E."""
    variable = arg(symbol.name)
    inverse = div(const(1), variable)  # its powers vanish no sooner than the result; those of x overflow before it
    kept = _trimmed(found.coefficients, start)
    signed = [c * sp.Integer(sign) ** (k + found.order) for k, c in enumerate(kept)]  # 1 ** -1 would be a float
    total = polynomial([c.subs(LOG, sp.log(sign * symbol)) for c in signed], inverse, called)
    if found.order:
        scale = power(inverse, found.order) if found.order > 0 else power(variable, -found.order)
        total = mul(scale, total)
    if found.exponent == 0:
        return total
    exponent = found.exponent.subs({BIG: sign * symbol, LOG: sp.log(sign * symbol)})
    return mul(node("exp", translate(exponent)), total)


def _trimmed(coefficients: Sequence[sp.Expr], start: int) -> Sequence[sp.Expr]:
    """Without the last terms that are below the last bit from `start` on."""
    last = len(coefficients)
    scale = abs(coefficients[0]) if coefficients[0].is_number else sp.Integer(1)
    while last > 1 and coefficients[last - 1].is_number:
        if abs(coefficients[last - 1]) * sp.Rational(1, start) ** (last - 1) > _TINY * scale:
            break
        last -= 1
    return coefficients[:last]

"""Quotient patches: where a denominator vanishes together with its numerator (the soft exponential and Snake at a zero
parameter), the functions in the numerator become Taylor polynomials, and the denominator divides out by algebra.

A patch has a depth. At depth 0 each F(u) with F(0) = 0 becomes u·(F(u)/u). Where leading terms of several functions
cancel against each other too, F(u) becomes T(u) + u^(depth+1)·(remainder), T its Taylor polynomial of that degree: the
leading terms cancel by algebra, and the remainders are computed. The least depth that measures well is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.build import both
from actgen.program.evaluate import evaluate_nodes
from actgen.program.forms import relative_error
from actgen.program.passes.near import BAD, Near, held
from actgen.program.passes.stabilise import ANALYTIC_RULES, stabilised
from actgen.program.program import Node, const, node
from actgen.program.rules.divided_differences import with_divided_differences
from actgen.program.sampling import Samples
from actgen.program.stable import (
    ANALYTIC_AT_ZERO,
    RADIUS,
    ZERO_AT_ZERO,
    Log1p,
    Remainder,
    taylor_polynomial,
    textbook,
)
from actgen.program.translate import Translator
from actgen.program.truth import truths
from actgen.symbolic.derivation import Derivation, ExactPiece
from actgen.symbolic.functions import RealPow

Array = npt.NDArray[np.float64]
_DEPTHS = (0, 1, 2, 3)
_CLOSE = sp.Rational(1, 10**12)


@dataclass(slots=True)
class _Found:
    """What a rewriting met: the small arguments, and the reciprocals of what must be positive."""

    arguments: list[sp.Expr] = field(default_factory=list)
    reciprocals: dict[sp.Expr, sp.Expr] = field(default_factory=dict)


def quotient_patch(
    piece: ExactPiece, derivation: Derivation, points: Samples, mask: npt.NDArray[np.bool_], translate: Translator
) -> Near | None:
    """The quotient patch of a piece, if one removes a denominator that can vanish."""
    value = stabilised(with_divided_differences(_with_exponentials(piece.value)), ANALYTIC_RULES)
    vanishing = set[sp.Symbol]().union(*(p.base.free_symbols for p in _denominators(value)))
    best: tuple[int, Near] | None = None
    measured: tuple[dict[str, Array], list[Array]] | None = None
    for depth in _DEPTHS:
        near = _near(value, depth, vanishing, derivation, translate)
        if near is None:
            continue
        if measured is None:
            columns = _small_columns(points, mask, sorted(s.name for s in vanishing))
            plain = [translate(piece.value), *(translate(p) for p in piece.partials.values())]
            measured = columns, truths(plain, columns) if points.size else []
        faults = _faults(near, *measured)
        if best is None or faults < best[0]:
            best = faults, near
        if not faults:
            break
    return best[1] if best else None


def _with_exponentials(value: sp.Expr) -> sp.Expr:
    """(1 + a·v)^(b/a) as e^(b·log1p(a·v)/a): its limit for a = 0 is e^(b·v)."""

    def written(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
        one, v = base.as_coeff_Add()
        divides = any(p.base.free_symbols & v.free_symbols for p in _denominators(exponent))
        return sp.exp(exponent * Log1p(v)) if one == 1 and divides else RealPow(base, exponent)

    return value.replace(RealPow, written)


def _small_columns(points: Samples, mask: npt.NDArray[np.bool_], names: Iterable[str]) -> dict[str, Array]:
    """The rows of the piece, with what vanishes made small."""
    rows = np.flatnonzero(mask)
    columns = {n: column[rows] for n, column in points.columns.items()}
    for name in names:
        columns[name] = columns[name] * np.resize(10.0 ** -np.linspace(0.5, 10, num=17), rows.size)
    return columns


def _faults(near: Near, columns: Mapping[str, Array], exact: list[Array]) -> int:
    """How many results are bad where the patch holds."""
    nodes = [n for n in near.roots if n is not None]
    holds, *values = evaluate_nodes([near.condition, *nodes], columns)
    return sum(
        int(np.sum(holds.astype(bool) & (relative_error(value, truth) > BAD)))
        for value, truth in zip(values, exact, strict=True)
    )


def _near(
    value: sp.Expr, depth: int, vanishing: set[sp.Symbol], derivation: Derivation, translate: Translator
) -> Near | None:
    found = _Found()
    near = _divided(value, vanishing, found) if depth == 0 else _deflated(value, vanishing, depth, found)
    if near is None or not found.arguments or len(_denominators(near)) >= len(_denominators(value)):
        return None
    symbols = derivation.symbols
    near = near.xreplace(found.reciprocals)
    exprs = [near, *(sp.diff(near, symbols[v.name]) for v in derivation.activation.variables)]
    resolved = [u.xreplace(found.reciprocals) for u in found.arguments]
    condition: Node | None = None
    for u in dict.fromkeys(resolved):
        small = node("lt", node("abs", translate(u)), const(RADIUS))
        condition = small if condition is None else both(condition, small)
    assert condition is not None
    for reciprocal in found.reciprocals.values():
        condition = both(condition, node("lt", const(0), translate(1 / reciprocal)))
    safe = _safe_values(resolved, [v.name for v in derivation.activation.variables])
    roots = [translate(e) for e in exprs]
    held_roots = held(roots, condition, _centre(roots, condition, tuple(safe), derivation))
    return Near(condition, tuple(held_roots), safe)


def _centre(roots: Iterable[Node], condition: Node, names: Sequence[str], derivation: Derivation) -> Mapping[str, Node]:
    """A point of the patch where everything is finite, each argument 0 or 1; none if there is no such point."""
    anywhere = {i.name: 1.0 for i in derivation.activation.inputs} | derivation.activation.nominal()
    for point in product((0, 1), repeat=len(names)):
        at = anywhere | {name: float(value) for name, value in zip(names, point, strict=True)}
        inside, *values = evaluate_nodes([condition, *roots], at)
        if inside and np.all(np.isfinite(values)):
            return {name: const(value) for name, value in zip(names, point, strict=True)}
    return {}


def _safe_values(arguments: Sequence[sp.Expr], names: Sequence[str]) -> dict[str, Node]:
    """Values of the variables in the arguments at which no argument is small: all 1, or different powers of 2."""
    used = [name for name in names if any(s.name == name for u in arguments for s in u.free_symbols)]
    kinds = {r.args[0] for u in arguments for r in u.atoms(Remainder)}
    at_one = [u.subs(dict.fromkeys(u.free_symbols - kinds, 1)) for u in arguments]
    apart = any(_is_small(textbook(value)) for value in at_one)
    return {name: const(2**index if apart else 1) for index, name in enumerate(used)}


def _is_small(value: sp.Expr) -> bool:
    size = sp.N(sp.Abs(value))
    return bool(size.is_comparable) and bool(size < RADIUS)


def _divided(value: sp.Expr, vanishing: set[sp.Symbol], found: _Found) -> sp.Expr:
    """Depth 0: F(u) as u times a power series, where u can vanish with a denominator."""
    small = vanishing & {p.base for p in _denominators(value)}

    def divided(name: str) -> Callable[[sp.Expr], sp.Expr | None]:
        def swap(u: sp.Expr) -> sp.Expr | None:
            if not u.free_symbols & vanishing or _stays(u, small):
                return None
            u = _factored(u)
            found.arguments.append(u)
            return u * Remainder(sp.Symbol(name), 0, 0, u)

        return swap

    near = value
    for function, name in ZERO_AT_ZERO.items():
        near = _replaced(near, function, divided(name))
    near = _replaced(near, sp.atan2, lambda b, a: divided("atan")(_factored(b) * _reciprocal(a, found)))
    candidates = (near, sp.expand_mul(near), _with_arguments(near, found.arguments))
    return min(candidates, key=lambda e: len(_denominators(e)))


def _stays(u: sp.Expr, small: set[sp.Symbol]) -> bool:
    """Whether an argument divides by what vanishes, and yet vanishes with none of it: log1p(a·e^x)/a."""
    by = small & {p.base for p in _denominators(u)}
    near = [textbook(u).subs(s, _CLOSE).subs(dict.fromkeys(u.free_symbols, 1)) for s in by]
    return bool(near) and not any(_is_small(value) for value in near)


def _with_arguments(e: sp.Expr, arguments: Sequence[sp.Expr]) -> sp.Expr:
    """With denominators in the sign of the arguments' factors: SymPy does not divide `a - x` by `x - a`."""
    for u in (factor for argument in arguments for factor in sp.Mul.make_args(argument)):
        e = e.replace(
            lambda p, u=u: p.is_Pow and p.exp.is_Integer and p.base == -u, lambda p, u=u: (-1) ** p.exp * u**p.exp
        )
    return e


def _replaced(e: sp.Expr, function: type[sp.Function], swap: Callable[..., sp.Expr | None]) -> sp.Expr:
    return e.replace(function, lambda *args: function(*args) if (new := swap(*args)) is None else new)


def _reciprocal(a: sp.Expr, found: _Found) -> sp.Expr:
    """1/a as an opaque symbol: atan2(b, a) is atan(b/a) for positive a, and the condition says so."""
    for symbol, meaning in found.reciprocals.items():
        if meaning == 1 / a:
            return symbol
    symbol = sp.Dummy("r", positive=True)
    found.reciprocals[symbol] = 1 / a
    return symbol


def _deflated(value: sp.Expr, vanishing: set[sp.Symbol], depth: int, found: _Found) -> sp.Expr | None:
    """Greater depths: every function of what vanishes as a polynomial in it and a remainder, multiplied out."""
    bases = {p.base for p in _denominators(value)}
    small = next((s for s in sorted(vanishing, key=str) if s in bases), None)
    return None if small is None else _Deflation(small, depth, found).of(value)


class _Deflation:
    """Rewrites in powers of one small symbol; remainders stay opaque until the powers have been sorted."""

    def __init__(self, small: sp.Symbol, depth: int, found: _Found) -> None:
        self.small, self.depth, self.found = small, depth, found
        self.remainders: dict[sp.Expr, sp.Expr] = {}

    def of(self, value: sp.Expr) -> sp.Expr | None:
        near = value
        for function, name in ANALYTIC_AT_ZERO.items():
            near = _replaced(near, function, lambda u, f=function, n=name: self._function(f, n, u))
        near = _replaced(near, sp.atan2, self._angle)
        powers = sp.collect(sp.expand(near), self.small, evaluate=False)
        if not self.remainders or any(not (p / self.small).is_polynomial(self.small) and p != 1 for p in powers):
            return None
        self.found.arguments = [self._resolved(u) for u in self.found.arguments]
        return self._resolved(sp.Add(*(p * sp.factor_terms(c) for p, c in powers.items())))

    def _function(self, function: type[sp.Function], name: str, u: sp.Expr) -> sp.Expr | None:
        slope = sp.cancel(u / self.small)
        if not u.has(self.small) or not sp.fraction(slope)[1].is_number:
            return None
        self.found.arguments.append(_factored(u))
        polynomial = sum((c * u**k for k, c in enumerate(taylor_polynomial(function, self.depth))), sp.Integer(0))
        rest = _factored(slope) ** (self.depth + 1) * Remainder(sp.Symbol(name), self.depth, 0, _factored(u))
        return sp.expand(polynomial) + self._opaque(rest)

    def _angle(self, b: sp.Expr, a: sp.Expr) -> sp.Expr | None:
        """atan2(b, a) as atan(b·r) with r = 1/a = Σ (-a')^k·small^k/a₀^(k+1) + …, a = a₀ + small·a'."""
        start = a.subs(self.small, 0)
        slope = sp.cancel((a - start) / self.small)
        if not start.is_positive or not sp.fraction(slope)[1].is_number:
            return None
        symbol = _reciprocal(a, self.found)
        ratio = -slope / start
        series = sum(((ratio * self.small) ** k for k in range(self.depth + 1)), sp.Integer(0)) / start
        expanded = sp.expand(series) + self._opaque(_factored(ratio) ** (self.depth + 1) * symbol)
        u = _factored(b) * symbol
        self.found.arguments.append(u)
        terms = taylor_polynomial(sp.atan, self.depth)
        polynomial = sum((c * (b * expanded) ** k for k, c in enumerate(terms)), sp.Integer(0))
        tilt = sp.cancel(b / self.small)
        rest = (_factored(tilt) * symbol) ** (self.depth + 1) * Remainder(sp.Symbol("atan"), self.depth, 0, u)
        return sp.expand(polynomial) + self._opaque(rest)

    def _resolved(self, e: sp.Expr) -> sp.Expr:
        for dummy, meaning in reversed(self.remainders.items()):  # an outer function's remainder holds those inside it
            e = e.xreplace({dummy: meaning})
        return e

    def _opaque(self, meaning: sp.Expr) -> sp.Expr:
        """small^(depth+1)·meaning."""
        dummy = next((d for d, m in self.remainders.items() if m == meaning), None)
        if dummy is None:
            dummy = sp.Dummy("q", real=True)
            self.remainders[dummy] = meaning
        return self.small ** (self.depth + 1) * dummy


def _factored(u: sp.Expr) -> sp.Expr:
    return sp.factor_terms(sp.factor(u)) if u.is_Add else u


def _denominators(e: sp.Expr) -> list[sp.Pow]:
    """The denominators that can be 0."""
    return [
        p
        for p in e.atoms(sp.Pow)
        if p.exp.is_number and p.exp.is_negative and p.base.free_symbols and not p.base.is_positive
    ]

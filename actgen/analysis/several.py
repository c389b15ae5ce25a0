"""Outputs of several inputs: what is proved in each input for all values of the others, and moments that factorise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from actgen.analysis.curve import curve
from actgen.analysis.moments import covering, mean_of
from actgen.analysis.numbers import Number
from actgen.analysis.report import Dependence, Moments, Verdict
from actgen.analysis.shown import Writer
from actgen.analysis.undecided import UndecidedError
from actgen.symbolic.calculus import elementary, partial
from actgen.symbolic.derivation import ExactPiece, OutputMath

_OPERATIONS = 160


def dependences(
    output: OutputMath, inputs: Sequence[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr]
) -> tuple[Dependence, ...]:
    """What holds in each input, whatever the others are."""
    pieces = _fixed(output, nominal)
    return tuple(Dependence(x.name, _affine(pieces, x), _parity(pieces, x), _monotone(pieces, x)) for x in inputs)


def _fixed(output: OutputMath, nominal: Mapping[sp.Symbol, sp.Expr]) -> list[tuple[sp.Basic, sp.Expr]]:
    found = [(p.condition.xreplace(dict(nominal)), p.value.subs(nominal)) for p in output.pieces]
    return [(c, v) for c, v in found if c is not sp.S.false]


def _affine(pieces: Sequence[tuple[sp.Basic, sp.Expr]], x: sp.Symbol) -> Verdict:
    if any(c.has(x) for c, _ in pieces):
        return Verdict("no" if len({v for _, v in pieces}) > 1 else None, "it has pieces in this input")
    return Verdict("yes" if all(_is_zero(partial(partial(v, x), x)) for _, v in pieces) else "no")


def _parity(pieces: Sequence[tuple[sp.Basic, sp.Expr]], x: sp.Symbol) -> Verdict:
    if any(c.has(x) for c, _ in pieces):
        return Verdict(None, "it has pieces in this input")
    for sign, word in ((1, "even"), (-1, "odd")):
        if all(_is_zero(v.subs(x, -x) - sign * v) for _, v in pieces):
            return Verdict(word)
    return Verdict("neither")


def _monotone(pieces: Sequence[tuple[sp.Basic, sp.Expr]], x: sp.Symbol) -> Verdict:
    """By the sign that SymPy's assumptions prove of the partial: no search."""
    if any(c.has(x) for c, _ in pieces):
        return Verdict(None, "it has pieces in this input")
    slopes = [partial(v, x) for _, v in pieces]
    if all(s.is_nonnegative for s in slopes):
        return Verdict("increasing")
    return (
        Verdict("decreasing")
        if all(s.is_nonpositive for s in slopes)
        else Verdict(None, "the slope's sign varies, or is not proved")
    )


def _is_zero(value: sp.Expr) -> bool:
    if sp.expand(value) == 0:
        return True
    return sp.count_ops(value) <= _OPERATIONS and sp.simplify(elementary(value)) == 0


def moments(
    output: OutputMath, inputs: Sequence[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr], write: Writer
) -> Moments | str:
    """E[f] and E[f²] under independent standard normal inputs, f a product or a sum of functions of one input."""
    try:
        mean, second = _expectations(output, inputs, nominal)
    except UndecidedError as error:
        return f"moments: {error}"
    exact = None if mean.exact is None or second.exact is None else sp.expand(second.exact - mean.exact**2)
    variance = Number(second.ball - mean.ball**2, exact)
    return Moments(mean=write.quantity(mean), second_moment=write.quantity(second), variance=write.quantity(variance))


def _expectations(
    output: OutputMath, inputs: Sequence[sp.Symbol], nominal: Mapping[sp.Symbol, sp.Expr]
) -> tuple[Number, Number]:
    product = _factors(output, inputs)
    if product is not None:
        means, squares = zip(*(_moments_of(p, x, output, nominal) for p, x in product), strict=True)
        return _multiplied(means), _multiplied(squares)
    total = _summands(output, inputs)
    if total is None:
        raise UndecidedError("neither a product nor a sum of functions of one input each")
    means, squares = zip(*(_moments_of(p, x, output, nominal) for p, x in total), strict=True)
    return _sum_of(means, squares)


Parts = list[tuple[tuple[ExactPiece, ...], sp.Symbol]]


def _factors(output: OutputMath, inputs: Sequence[sp.Symbol]) -> Parts | None:
    """F = Π g(x): each piece's value splits into factors of one input, and all conditions are about one input."""
    return _parts(output, inputs, sp.Mul)


def _summands(output: OutputMath, inputs: Sequence[sp.Symbol]) -> Parts | None:
    return _parts(output, inputs, sp.Add)


def _parts(output: OutputMath, inputs: Sequence[sp.Symbol], kind: type[sp.Expr]) -> Parts | None:
    conditioned = {x for p in output.pieces for x in inputs if p.condition.has(x)}
    if len(conditioned) > 1:
        return None
    shares = [_shares(p.value, inputs, kind, conditioned) for p in output.pieces]
    if any(s is None for s in shares):
        return None
    parts: Parts = []
    for x in inputs:
        values = [s[x] for s in shares if s is not None]
        if x not in conditioned:
            if len(set(values)) > 1:
                return None
            parts.append(((_piece(sp.S.true, values[0], output.pieces[0]),), x))
        else:
            own = tuple(_piece(p.condition, v, p) for p, v in zip(output.pieces, values, strict=True))
            parts.append((own, x))
    return parts


def _piece(condition: sp.Basic, value: sp.Expr, source: ExactPiece) -> ExactPiece:
    return ExactPiece(condition, value, {}, source.domain if source.condition is condition else ())


def _shares(
    value: sp.Expr, inputs: Sequence[sp.Symbol], kind: type[sp.Expr], conditioned: set[sp.Symbol]
) -> dict[sp.Symbol, sp.Expr] | None:
    """The factors (or summands) by input; what holds no input goes to the first that has conditions."""
    neutral = sp.S.One if kind is sp.Mul else sp.S.Zero
    shares = dict.fromkeys(inputs, neutral)
    home = min(conditioned or set(inputs), key=str)
    if kind is sp.Mul and value == 0:  # 0 of one piece: the other factors stay what they are elsewhere
        return None
    for part in kind.make_args(value):
        held = [x for x in inputs if part.has(x)]
        if len(held) > 1:
            return None
        x = held[0] if held else home
        shares[x] = kind(shares[x], part)
    return shares


def _moments_of(
    part: tuple[ExactPiece, ...], x: sp.Symbol, output: OutputMath, nominal: Mapping[sp.Symbol, sp.Expr]
) -> tuple[Number, Number]:
    alone = OutputMath(output.name, output.code_name, part, (), {})
    segments = covering(curve(alone, x, nominal))
    return mean_of(segments, x), mean_of(segments, x, 2)


def _multiplied(numbers: Sequence[Number]) -> Number:
    ball, exact = numbers[0].ball, numbers[0].exact
    for number in numbers[1:]:
        ball = ball * number.ball
        exact = None if exact is None or number.exact is None else exact * number.exact
    zero = any(n.exact == 0 for n in numbers)
    return Number(ball, sp.S.Zero if zero else exact)


def _sum_of(means: Sequence[Number], squares: Sequence[Number]) -> tuple[Number, Number]:
    mean, second = means[0], squares[0]
    for m, s in zip(means[1:], squares[1:], strict=True):
        cross = _multiplied((mean, m))
        second = _added(second, s, Number(2 * cross.ball, None if cross.exact is None else 2 * cross.exact))
        mean = _added(mean, m)
    return mean, second


def _added(*numbers: Number) -> Number:
    exact = None if any(n.exact is None for n in numbers) else sp.Add(*(n.exact for n in numbers))
    ball = numbers[0].ball
    for number in numbers[1:]:
        ball = ball + number.ball
    return Number(ball, exact)

"""The largest of several exponentials taken out of sums: e^a/(e^a + e^b) is e^(a-m)/(e^(a-m) + e^(b-m)).

With m the larger of a and b no exponential overflows, and what has been taken out above and below the line cancels by
algebra. Of two exponentials one can be taken out whatever the arguments are; a function of their difference is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import sympy as sp

from actgen.program.passes.rational import reduced, two_tailed
from actgen.program.passes.stabilise import LOGISTIC_RULES, stabilised
from actgen.program.stable import Grouped, Larger, textbook

_MAX_EXPONENTS = 4
_Chooser = Callable[[Sequence[sp.Expr]], sp.Expr]


def dominated(e: sp.Expr) -> Iterator[sp.Expr]:
    """Forms of an expression with several exponentials in a denominator; none for other expressions."""
    spelled = textbook(e)
    below = _below_the_line(spelled)
    if not 1 < len(below) <= _MAX_EXPONENTS:
        return
    ratio = _reduced(spelled)
    if ratio is None:
        return
    if len(below) == 2:
        yield from _of_two(_taken_out(ratio, lambda found: _shifted(found, below, below[1])))
    largest = Larger(*below)
    yield _grouped(_taken_out(ratio, lambda found: _shifted(found, below, largest)))


def _of_two(e: sp.Expr) -> Iterator[sp.Expr]:
    """Forms of a function of one exponential."""
    yield _grouped(stabilised(e.replace(lambda x: isinstance(x, sp.Mul), _multiplied_out), LOGISTIC_RULES))
    yield stabilised(e)
    tails = two_tailed(e)
    if tails is not None:
        yield stabilised(tails)


def _multiplied_out(product: sp.Mul) -> sp.Expr:
    """The product with its sums of exponentials multiplied out; their coefficients stay together."""
    sums = [f for f in product.args if isinstance(f, sp.Add) and f.has(sp.exp)]
    total = [sp.Mul(*(f for f in product.args if f not in sums))]
    for each in sums:
        total = [_merged(one * sp.exp(u) * c) for one in total for u, c in _collected(each).items()]
    return sp.Add(*total)


def _below_the_line(e: sp.Expr) -> list[sp.Expr]:
    """The exponents of the longest sum in a denominator or a power, unless they are multiples of one."""
    powers = [p for p in e.atoms(sp.Pow) if isinstance(p.base, sp.Add) and not p.exp.is_positive]
    sums = [sorted(_collected(p.base), key=sp.default_sort_key) for p in powers]
    return max((s for s in sums if _are_several(s)), key=len, default=[])


def _are_several(exponents: Sequence[sp.Expr]) -> bool:
    """Whether they belong to different exponentials; what is rational in one has better forms (`two_tailed`)."""
    varying = [u for u in exponents if u.free_symbols]
    return any(not sp.cancel(u / varying[0]).is_Rational for u in varying)


def _collected(e: sp.Add) -> dict[sp.Expr, sp.Expr]:
    """The exponents of a sum, and the coefficient of each."""
    found: dict[sp.Expr, sp.Expr] = {}
    for term in e.args:
        powers = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.exp)]
        exponent = sp.expand(sp.Add(*(f.args[0] for f in powers)))
        coefficient = sp.Mul(*(f for f in sp.Mul.make_args(term) if f not in powers))
        found[exponent] = found.get(exponent, sp.Integer(0)) + coefficient
    return found


def _reduced(e: sp.Expr) -> sp.Expr | None:
    """One reduced, factored ratio, in which e^(a + b) is a product and e^(2a) a power."""
    symbols: dict[sp.Expr, sp.Symbol] = {}

    def parts(u: sp.Expr) -> sp.Expr:
        total = sp.Integer(1)
        for term in sp.Add.make_args(sp.expand(u)):
            coefficient, rest = term.as_coeff_Mul()
            base, times = (rest, coefficient) if coefficient.is_Integer else (term, sp.Integer(1))
            total *= symbols.setdefault(base, sp.Dummy("w", positive=True)) ** times
        return total

    found = reduced(e.replace(sp.exp, parts))
    return None if found is None else found.xreplace({w: sp.exp(u) for u, w in symbols.items()})


def _shifted(found: Sequence[sp.Expr], below: Sequence[sp.Expr], out: sp.Expr) -> sp.Expr:
    """What to take out of a sum: as below the line, where its exponents are those there but for a shift."""
    for u in below:
        shift = found[0] - u
        if all(sp.expand(f - shift) in below for f in found):
            return shift + out
    return Larger(*found)


def _taken_out(e: sp.Expr, choose: _Chooser) -> sp.Expr:
    """With one exponential, which is chosen, before every sum of exponentials."""
    if e.is_Atom or not e.has(sp.exp):
        return e
    rebuilt = e.func(*(_taken_out(a, choose) for a in e.args))
    if isinstance(rebuilt, sp.Mul):
        return _merged(rebuilt)
    if isinstance(rebuilt, sp.Pow | sp.log) and isinstance(rebuilt.args[0], sp.Mul):
        return _parted(rebuilt)
    if not isinstance(rebuilt, sp.Add):
        return rebuilt
    terms = _collected(rebuilt)
    if len(terms) == 1:
        return rebuilt
    out = choose(sorted(terms, key=sp.default_sort_key))
    return sp.exp(out) * sp.Add(*(c * sp.exp(sp.expand(u - out)) for u, c in terms.items()))


def _parted(e: sp.Expr) -> sp.Expr:
    """A power or the logarithm of e^m·s, the factor e^m apart."""
    factors = e.args[0].args
    exponent = sp.Add(*(f.args[0] for f in factors if isinstance(f, sp.exp)))
    rest = sp.Mul(*(f for f in factors if not isinstance(f, sp.exp)))
    return exponent + sp.log(rest) if isinstance(e, sp.log) else sp.exp(exponent * e.exp) * rest**e.exp


def _merged(product: sp.Expr) -> sp.Expr:
    """The product with one exponential; SymPy leaves e^a·e^(-m) as two, of which one may overflow."""
    exponent = sp.Integer(0)
    rest: list[sp.Expr] = []
    for factor in sp.Mul.make_args(product):
        base, power = factor.as_base_exp()
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif isinstance(base, sp.exp):
            exponent += power * base.args[0]
        else:
            rest.append(factor)
    return sp.Mul(*rest, sp.exp(_in_factors(sp.expand(exponent))))


def _in_factors(exponent: sp.Expr) -> sp.Expr:
    """(p - 1)·(p·a - m)/p for p·a - a - m + m/p: the terms may be large where the difference is 0.

    Not (a - t·m)/t for a/t - m, which is 0 where m is a/t, rounded as it may be.
    """
    found = sp.factor(exponent)
    top, bottom = sp.fraction(found)
    apart = [f for f in sp.Mul.make_args(top) if f.free_symbols]
    sums = [f for f in apart if isinstance(f, sp.Add)]
    enough = len(sums) > 1 or (len(apart) > 1 and bottom.is_number)
    return found if enough and any(f.has(Larger) for f in apart) else exponent


def _grouped(e: sp.Expr) -> sp.Expr:
    """With a + 1 - b as (a - b) + 1: 1 is lost beside a large a."""
    if e.is_Atom:
        return e
    rebuilt = e.func(*(_grouped(a) for a in e.args))
    number, rest = rebuilt.as_coeff_Add()
    return number + Grouped(rest) if number != 0 and isinstance(rest, sp.Add) and rest.is_polynomial() else rebuilt

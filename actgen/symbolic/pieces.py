"""From a formula tree to canonical pieces: disjoint regions, each with one smooth SymPy expression.

`Abs`, `sign`, `Max`, `Min`, `relu` and `clip` become pieces as they are met, folded from the left, before SymPy sees
them; a region that is a single point carries the composed value there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product
from typing import TypeVar

import sympy as sp

from actgen.formula import Branches, Call, Compare, Condition, Constant, Formula, Logic, Name, Number
from actgen.symbolic.functions import Cbrt, LogAddExp, Magnitude, RealPow, Sigmoid, Softplus
from actgen.symbolic.regions import WHOLE, Region, compare_regions, merge_all

MAX_PIECES = 256
T = TypeVar("T")


class TooManyPiecesError(Exception):
    """The conditions of a formula split the inputs into more regions than `MAX_PIECES`."""


@dataclass(frozen=True, slots=True)
class Case:
    """One smooth expression where it holds, and what must not be negative there for it to be real."""

    region: Region
    value: sp.Expr
    domain: frozenset[sp.Expr] = frozenset()


_SMOOTH: dict[str, Callable[..., sp.Expr]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "exp": sp.exp,
    "expm1": lambda u: sp.exp(u) - 1,
    "log": sp.log,
    "log1p": lambda u: sp.log(1 + u),
    "log2": lambda u: sp.log(u) / sp.log(2),
    "sqrt": sp.sqrt,
    "cbrt": Cbrt,
    "sin": sp.sin,
    "cos": sp.cos,
    "tan": sp.tan,
    "asin": sp.asin,
    "acos": sp.acos,
    "atan": sp.atan,
    "atan2": sp.atan2,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "tanh": sp.tanh,
    "asinh": sp.asinh,
    "acosh": sp.acosh,
    "atanh": sp.atanh,
    "sinc": lambda u: sp.sin(u) / u,
    "erf": sp.erf,
    "erfc": sp.erfc,
    "gamma": sp.gamma,
    "loggamma": sp.loggamma,
    "digamma": lambda u: sp.polygamma(0, u),
    "sigmoid": Sigmoid,
    "softplus": Softplus,
    "logsigmoid": lambda u: -Softplus(-u),
    "logaddexp": LogAddExp,
}
_DOMAINS: dict[str, Callable[..., tuple[sp.Expr, ...]]] = {
    "log": lambda u: (u,),
    "log1p": lambda u: (1 + u,),
    "log2": lambda u: (u,),
    "sqrt": lambda u: (u,),
    "asin": lambda u: (1 - u, 1 + u),
    "acos": lambda u: (1 - u, 1 + u),
    "acosh": lambda u: (u - 1,),
    "atanh": lambda u: (1 - u, 1 + u),
}


class Expander:
    """Turns formula trees into cases; knows each declared name's symbol and which of them are inputs."""

    def __init__(self, symbols: Mapping[str, sp.Symbol], inputs: frozenset[str]) -> None:
        self.symbols = symbols
        self.inputs = frozenset(symbols[name] for name in inputs)
        self._memo: dict[int, tuple[Formula, list[Case]]] = {}

    def cases(self, formula: Formula) -> list[Case]:
        """The canonical cases of a formula, disjoint and covering everything.

        Raises:
            TooManyPiecesError: if there are more than `MAX_PIECES`.
        """
        key = id(formula)
        if key not in self._memo:
            self._memo[key] = (formula, merge(self._expand(formula)))
        return self._memo[key][1]

    def _expand(self, formula: Formula) -> list[Case]:
        match formula:
            case Number(value=value):
                return [Case(WHOLE, sp.Rational(value.numerator, value.denominator))]
            case Constant(name=name):
                return [Case(WHOLE, sp.pi if name == "pi" else sp.E)]
            case Name(name=name):
                return [Case(WHOLE, self.symbols[name])]
            case Branches():
                return self._branches(formula)
            case Call(function=function, args=args):
                return self._call(function, [self.cases(a) for a in args])

    def _branches(self, formula: Branches) -> list[Case]:
        remaining, found = [WHOLE], []
        for piece in formula.pieces:
            yes, no = self.condition(piece.condition)
            values = self.cases(piece.value)
            for left, holds, case in product(remaining, yes, values):
                both = left.intersect(holds)
                both = both.intersect(case.region) if both else None
                if both:
                    found.append(Case(both, case.value, case.domain))
            remaining = _check([b for left, fails in product(remaining, no) if (b := left.intersect(fails))])
        return _check(found)

    def condition(self, condition: Condition) -> tuple[list[Region], list[Region]]:
        """Where a condition holds, and where it fails, as disjoint regions."""
        match condition:
            case Compare(op=op, left=left, right=right):
                yes, no = [], []
                for a, b in _pairs(self.cases(left), self.cases(right)):
                    region, (x, y) = a, b
                    holds, fails = compare_regions(op, x, y, self.inputs)
                    yes += [r for h in holds if (r := region.intersect(h))]
                    no += [r for h in fails if (r := region.intersect(h))]
                return merge_all(_check(yes)), merge_all(_check(no))
            case Logic(op="true"):
                return [WHOLE], []
            case Logic(op="false"):
                return [], [WHOLE]
            case Logic(op="not", args=(inner,)):
                yes, no = self.condition(inner)
                return no, yes
            case Logic(op="and", args=args):
                return reduce(_both, (self.condition(a) for a in args))
            case Logic(op="or", args=args):
                no, yes = reduce(_both, ((n, y) for y, n in (self.condition(a) for a in args)))
                return yes, no
        raise AssertionError(f"unknown condition {condition}")

    def _call(self, function: str, args: Sequence[list[Case]]) -> list[Case]:
        if function in ("Max", "Min"):
            return reduce(lambda a, b: self._choose(function, a, b), args)
        if function == "clip":
            value, low, high = args
            return self._choose("Min", self._choose("Max", value, low), high)
        if function == "pow":
            return [
                split for case in self._combine(args, _power, _power_domain) for split in self._powers_of_zero(case)
            ]
        if function == "Abs":
            return self._magnitude(args[0])
        if function in ("sign", "relu"):
            return self._kink(function, args[0])
        return self._combine(args, _SMOOTH[function], _DOMAINS.get(function, lambda *_: ()))

    def _combine(
        self,
        args: Sequence[list[Case]],
        build: Callable[..., sp.Expr],
        domain: Callable[..., tuple[sp.Expr, ...]],
    ) -> list[Case]:
        found = []
        for combination in product(*args):
            region = _intersection(combination)
            if region is None:
                continue
            values = [c.value for c in combination]
            inherited = frozenset[sp.Expr]().union(*(c.domain for c in combination))
            needed = frozenset(d for d in domain(*values) if not _surely_nonnegative(d))
            found += self._without_abs(Case(region, build(*values), inherited | needed))
            _check(found)
        return found

    def _without_abs(self, case: Case) -> list[Case]:
        """Splits what SymPy itself turned into `Abs` or `sign` (`sqrt(x**2)`)."""
        kinks = sorted(case.value.atoms(sp.Abs, sp.sign), key=sp.default_sort_key)
        if not kinks:
            return [case]
        kink = kinks[0]
        name = "Abs" if isinstance(kink, sp.Abs) else "sign"
        found = []
        for part in self._kink(name, [Case(case.region, kink.args[0])]):
            value = case.value.xreplace({kink: part.value})
            found += self._without_abs(Case(part.region, value, case.domain))
        return found

    def _kink(self, function: str, args: list[Case]) -> list[Case]:
        zero = sp.Integer(0)
        found = []
        for case in args:
            u = case.value
            branches = {
                "Abs": ((">", u), ("<", -u), ("==", zero)),
                "sign": ((">", sp.Integer(1)), ("<", sp.Integer(-1)), ("==", zero)),
                "relu": ((">", u), ("<=", zero)),
            }[function]
            found += self._split(case, branches, u, zero)
        return _check(found)

    def _magnitude(self, args: list[Case]) -> list[Case]:
        """|u| factor by factor: a kink at the zeros of each that holds an input, an even power as it is."""
        found = []
        for case in args:
            product = [Case(case.region, sp.Integer(1), case.domain)]
            for factor in sp.Mul.make_args(case.value):
                base, exponent = factor.as_base_exp()
                odd = exponent.is_Integer and exponent % 2 and self._has_input(base)
                rest, kink = (factor / base, base) if odd else (sp.Integer(1), factor)
                if exponent.is_Integer and exponent % 2 == 0:
                    sizes = [Case(WHOLE, factor)]
                elif not self._has_input(kink):
                    sizes = [Case(WHOLE, Magnitude(kink))]
                else:
                    sizes = self._kink("Abs", [Case(case.region, kink)])
                product = self._combine([product, sizes], lambda p, size, rest=rest: p * size * rest, lambda *_: ())
            found += product
        return _check(found)

    def _powers_of_zero(self, case: Case) -> list[Case]:
        """Splits 0**p by the sign of p: 0, 1, and no value."""
        powers = sorted(case.value.atoms(RealPow), key=sp.default_sort_key)
        power = next((p for p in powers if p.args[0] == 0), None)
        if power is None:
            return [case]
        zero = sp.Integer(0)
        values = ((">", zero), ("==", sp.Integer(1)), ("<", sp.nan))
        branches = tuple((op, case.value.xreplace({power: value})) for op, value in values)
        return [c for part in self._split(case, branches, power.args[1], zero) for c in self._powers_of_zero(part)]

    def _choose(self, function: str, first: list[Case], second: list[Case]) -> list[Case]:
        found = []
        for region, (a, b), domain in _tagged_pairs(first, second):
            tie_to_first = not self._has_input(a) or self._has_input(b)
            greater = function == "Max"
            strict, loose = (">", ">=") if greater else ("<", "<=")
            opposite = ("<", "<=") if greater else (">", ">=")
            take_first = loose if tie_to_first else strict
            take_second = opposite[0] if tie_to_first else opposite[1]
            found += self._split(Case(region, a, domain), ((take_first, a), (take_second, b)), a, b)
        return _check(found)

    def _split(self, case: Case, branches: Sequence[tuple[str, sp.Expr]], left: sp.Expr, right: sp.Expr) -> list[Case]:
        return [
            Case(region, value, case.domain)
            for op, value in branches
            for holds in compare_regions(op, left, right, self.inputs)[0]
            if (region := case.region.intersect(holds))
        ]

    def _has_input(self, value: sp.Expr) -> bool:
        return bool(value.free_symbols & self.inputs)


def _power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    if exponent.is_Integer or exponent == sp.Rational(1, 2) or base.is_positive:
        return base**exponent
    if exponent == sp.Rational(-1, 2):
        return 1 / sp.sqrt(base)
    return RealPow(base, exponent)


def _power_domain(base: sp.Expr, exponent: sp.Expr) -> tuple[sp.Expr, ...]:
    return () if exponent.is_Integer or not exponent.is_number else (base,)


def _surely_nonnegative(value: sp.Expr) -> bool:
    return value.is_nonnegative is True


def _intersection(cases: Sequence[Case]) -> Region | None:
    region: Region | None = WHOLE
    for case in cases:
        region = region.intersect(case.region) if region else None
    return region


def _tagged_pairs(
    first: list[Case], second: list[Case]
) -> list[tuple[Region, tuple[sp.Expr, sp.Expr], frozenset[sp.Expr]]]:
    return [
        (region, (a.value, b.value), a.domain | b.domain)
        for a, b in product(first, second)
        if (region := a.region.intersect(b.region))
    ]


def _pairs(first: list[Case], second: list[Case]) -> list[tuple[Region, tuple[sp.Expr, sp.Expr]]]:
    return [(region, values) for region, values, _ in _tagged_pairs(first, second)]


def _both(
    a: tuple[list[Region], list[Region]], b: tuple[list[Region], list[Region]]
) -> tuple[list[Region], list[Region]]:
    yes = [r for x, y in product(a[0], b[0]) if (r := x.intersect(y))]
    no = [*a[1], *(r for x, y in product(a[0], b[1]) if (r := x.intersect(y)))]
    return merge_all(_check(yes)), merge_all(_check(no))


def tidied(case: Case) -> Case:
    """The case with a polynomial value factored where that is shorter (a sum of kinks collapses on each piece)."""
    symbols = case.value.free_symbols
    if not isinstance(case.value, sp.Add) or not case.value.is_polynomial(*symbols):
        return case
    factored = sp.factor(case.value)
    return replace(case, value=factored) if factored.count_ops() < case.value.count_ops() else case


def merge(cases: list[Case]) -> list[Case]:
    """Joins neighbouring regions that carry the same expression."""
    groups: dict[tuple[sp.Expr, frozenset[sp.Expr]], list[Region]] = {}
    for case in cases:
        groups.setdefault((case.value, case.domain), []).append(case.region)
    return [Case(region, value, domain) for (value, domain), regions in groups.items() for region in merge_all(regions)]


def _check(items: list[T]) -> list[T]:
    if len(items) > MAX_PIECES:
        raise TooManyPiecesError
    return items

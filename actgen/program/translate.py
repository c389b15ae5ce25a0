"""One smooth SymPy expression as nodes, op by op; stability is decided before, by the passes."""

from __future__ import annotations

from functools import reduce

import sympy as sp
from sympy.core.relational import Relational

from actgen.program.build import add, both, div, horner, mul, neg, power, sub, where
from actgen.program.comparisons import sides
from actgen.program.half_turns import half_turns
from actgen.program.powers_of_zero import power_of_zero, power_of_zero_in
from actgen.program.program import Node, arg, const, node
from actgen.program.stable import (
    Erfc,
    Expm1,
    Grouped,
    Larger,
    Log1p,
    Remainder,
    Sech,
    Select,
    compared,
    remainder_coefficients,
    textbook,
)
from actgen.symbolic.functions import Cbrt, LogAddExp, Magnitude, RealPow, Sigmoid, Signum, Softplus

_UNARY: dict[type[sp.Basic], str] = {
    sp.exp: "exp",
    sp.log: "log",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.tan: "tan",
    sp.asin: "asin",
    sp.acos: "acos",
    sp.atan: "atan",
    sp.sinh: "sinh",
    sp.cosh: "cosh",
    sp.tanh: "tanh",
    sp.asinh: "asinh",
    sp.acosh: "acosh",
    sp.atanh: "atanh",
    sp.erf: "erf",
    sp.erfc: "erfc",
    sp.gamma: "gamma",
    sp.loggamma: "lgamma",
    sp.Abs: "abs",
    sp.sign: "sign",
    Magnitude: "abs",
    Signum: "sign",
    Expm1: "expm1",
    Log1p: "log1p",
    Erfc: "erfc",
    Sech: "sech",
    Sigmoid: "sigmoid",
    Softplus: "softplus",
    Cbrt: "cbrt",
}
_BINARY: dict[type[sp.Basic], str] = {LogAddExp: "logaddexp", RealPow: "pow", sp.atan2: "atan2"}


class Translator:
    """Translates expressions; remembers what it has seen, so that shared subexpressions are shared nodes."""

    def __init__(self) -> None:
        self._memo: dict[sp.Basic, Node] = {}

    def __call__(self, expression: sp.Expr) -> Node:
        """The expression as a node.

        Raises:
            TypeError: for a SymPy class outside the language of specs; a bug, not a user's fault.
        """
        found = self._memo.get(expression)
        if found is None:
            found = self._memo[expression] = self._translate(expression)
        return found

    def condition(self, condition: sp.Basic) -> Node:
        """A SymPy Boolean of comparisons as a condition node."""
        if isinstance(condition, (sp.And, sp.Or)):
            parts = [self.condition(c) for c in sorted(condition.args, key=sp.default_sort_key)]
            total = parts[0]
            for part in parts[1:]:
                total = both(total, part) if isinstance(condition, sp.And) else node("or", total, part)
            return total
        if isinstance(condition, sp.Not):
            return node("not", self.condition(condition.args[0]))
        assert isinstance(condition, Relational)
        left, right = (self(side) for side in sides(condition))
        match condition:
            case sp.StrictGreaterThan():
                return node("lt", right, left)
            case sp.GreaterThan():
                return node("le", right, left)
            case sp.StrictLessThan():
                return node("lt", left, right)
            case sp.LessThan():
                return node("le", left, right)
            case sp.Equality():
                return node("eq", left, right)
            case _:
                return node("ne", left, right)

    def _translate(self, e: sp.Expr) -> Node:
        if e.is_number:
            return const(textbook(e))
        if e.has(sp.nan, sp.zoo):
            return const(sp.nan)
        match e:
            case sp.Symbol():
                return arg(e.name)
            case sp.Mul() | RealPow() if (found := power_of_zero_in(e)) is not None:
                return power_of_zero(*map(self, found))
            case sp.Add():
                return self._add(e)
            case sp.Mul():
                return self._mul(e)
            case sp.Pow():
                return self._pow(e)
            case Select():
                test, positive, other = e.args
                return where(node("lt", *map(self, compared(test))), self(positive), self(other))
            case Larger():
                return reduce(lambda a, b: node("max", a, b), map(self, e.args))
            case Grouped():
                return self(e.args[0])
            case Remainder():
                kind, depth, order, u = e.args
                coefficients = remainder_coefficients(kind.name, int(depth), int(order))
                return horner(coefficients, self(u), _called(kind.name, int(depth), int(order)))
            case sp.sin() | sp.cos() | sp.tan() if (angle := half_turns(e.args[0])) is not None:
                return self._turned(type(e), *angle)
            case sp.polygamma():
                order, u = e.args
                return node("digamma", self(u)) if order == 0 else node("polygamma", const(order), self(u))
        if type(e) in _UNARY:
            return node(_UNARY[type(e)], self(e.args[0]))
        if type(e) in _BINARY:
            return node(_BINARY[type(e)], self(e.args[0]), self(e.args[1]))
        raise TypeError(f"no op for {type(e).__name__}")

    def _turned(self, function: type[sp.Basic], turns: sp.Expr, rest: sp.Expr) -> Node:
        """A function of π·turns + rest: in half turns whole ones can be taken away without a rounding."""
        sine, cosine = (node(op, self(turns)) for op in ("sinpi", "cospi"))
        if rest != 0:
            s, c = self(sp.sin(rest)), self(sp.cos(rest))
            sine, cosine = add(mul(sine, c), mul(cosine, s)), sub(mul(cosine, c), mul(sine, s))
        return sine if function is sp.sin else cosine if function is sp.cos else div(sine, cosine)

    def _add(self, e: sp.Add) -> Node:
        positive, negative = [], []
        for term in sorted(e.args, key=_reading_order):
            (negative if term.could_extract_minus_sign() else positive).append(term)
        if not positive:
            return neg(self._sum([-t for t in negative]))
        total = self._sum(positive)
        for term in negative:
            total = sub(total, self(-term))
        return total

    def _sum(self, terms: list[sp.Expr]) -> Node:
        total = self(terms[0])
        for term in terms[1:]:
            total = add(total, self(term))
        return total

    def _mul(self, e: sp.Mul) -> Node:
        coefficient, rest = e.as_coeff_Mul()
        if coefficient.is_negative:
            return neg(self(-e))
        top, bottom = _fraction(rest)
        for squared in [f for f in bottom if _legs(f)]:  # a/(b² + c²) as a/h/h, h the length of (b, c)
            length = self._root(squared)
            return div(div(self(e * squared), length), length)
        if coefficient.is_Rational and not _is_power_of_two(coefficient.q):
            top, bottom = [sp.Integer(coefficient.p), *top], [sp.Integer(coefficient.q), *bottom]
        else:
            top = [coefficient, *top]
        numerator = self._product(top)
        denominator = self._product(bottom)
        if denominator.op == "const" and numerator.op == "mul" and numerator.args[0].op == "const":
            ratio = const(numerator.args[0].exact / denominator.exact)
            return mul(ratio, numerator.args[1])
        return div(numerator, denominator)

    def _product(self, factors: list[sp.Expr]) -> Node:
        numbers = sp.Mul(*(f for f in factors if f.is_number))
        total = const(textbook(numbers))
        varying = sorted((f for f in factors if not f.is_number), key=_reading_order)
        if sum(f.is_Symbol for f in varying) > 1:  # a bounded factor first, lest the product of the others overflow
            varying.sort(key=lambda f: f.is_Symbol)
        for factor in varying:
            total = mul(total, self(factor))
        return total

    def _pow(self, e: sp.Pow) -> Node:
        base, exponent = e.args
        if exponent.is_Integer:
            return power(self(base), int(exponent))
        if exponent.is_Rational and exponent.q == 2:
            root = self._root(base)
            return power(root, int(exponent.p)) if exponent.p != 1 else root
        if base == sp.E:
            return node("exp", self(exponent))
        return node("pow", self(base), self(exponent))

    def _root(self, base: sp.Expr) -> Node:
        """A square root; of a sum of two squares, neither of them a number, the length of a vector."""
        legs = _legs(base)
        return node("hypot", *map(self, legs)) if legs else node("sqrt", self(base))


def _legs(e: sp.Expr) -> list[sp.Expr]:
    """Of a sum of two squares, neither of them a number, what is squared; of anything else nothing."""
    powers = [term.as_base_exp() for term in e.args] if isinstance(e, sp.Add) else []
    legs = [base ** (n / 2) for base, n in powers if n.is_even and base.free_symbols]
    return legs if len(legs) == len(powers) == 2 else []


def _called(kind: str, depth: int, order: int) -> str:
    """The name of a remainder's coefficients: `expm1_over_u`, `sin_rest_1_d1`."""
    return f"{kind}_{f'rest_{depth}' if depth else 'over_u'}{f'_d{order}' if order else ''}"


def _is_power_of_two(q: int) -> bool:
    """Such a factor is exact, and goes first: x·2/2 overflows where x/2·2 does not."""
    return q & (q - 1) == 0


def _fraction(e: sp.Expr) -> tuple[list[sp.Expr], list[sp.Expr]]:
    """Factors above and below the line; e^-u stays above."""
    top, bottom = [], []
    for factor in sp.Mul.make_args(e):
        base, exponent = factor.as_base_exp()
        if exponent.is_Rational and exponent.is_negative and not isinstance(factor, sp.exp) and not factor.is_number:
            bottom.append(base**-exponent)
        else:
            top.append(factor)
    return top, bottom


def _reading_order(e: sp.Expr) -> tuple[int, object]:
    """Symbols before functions, the rest by SymPy's own order: numbers last in sums, first in products."""
    rank = 2 if e.is_number else 0 if e.is_Symbol else 1
    return rank, sp.default_sort_key(e)

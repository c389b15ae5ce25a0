"""One evaluation of a graph at one exact point: pieces chosen, kinks composed, edges noticed.

Signs of differences are decided exactly: by the balls where they can tell, else by exact rational arithmetic where
the expression is rational, else by more precision. At the last precision (`final`), a difference that is still
indistinguishable from 0 counts as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import arb

from actgen.verify.balls import (
    ONE,
    ZERO,
    Exact,
    SingularError,
    UndecidedError,
    from_exact,
    from_rational,
)
from actgen.verify.elementary import ELEMENTARY
from actgen.verify.graph import Vertex, rational
from actgen.verify.jets import Algebra, Jet, constant_like
from actgen.verify.powers import integer_power, power
from actgen.verify.special import SPECIAL

_EDGES: dict[str, Sequence[int]] = {
    "log": (0,),
    "log2": (0,),
    "sqrt": (0,),
    "cbrt": (0,),
    "sinc": (0,),
    "log1p": (-1,),
    "asin": (-1, 1),
    "acos": (-1, 1),
    "acosh": (1,),
    "atanh": (-1, 1),
}


class Evaluation:
    """A walk over the graph.

    Attributes:
        tied: bit i is set where a tie (a breakpoint, a kink) was met that moving variable i could leave.
        rough: bit i is set where a derivative with respect to variable i met an infinite slope.
    """

    def __init__(self, algebra: Algebra, point: Sequence[Exact], jets: Sequence[Jet], inputs: int, final: bool) -> None:
        """Args:
        algebra: the Taylor arithmetic.
        point: each variable's exact value.
        jets: each variable's jet.
        inputs: the mask of the variables that are inputs.
        final: whether no higher precision will be tried.
        """
        self.algebra = algebra
        self.point = point
        self.jets = jets
        self.inputs = inputs
        self.final = final
        self.tied = 0
        self.rough = 0
        self._none = (None,) * (len(jets[0][1]) if jets else 0)
        self._memo: dict[int, Jet] = {}
        self._truths: dict[int, bool] = {}
        self._fractions: tuple[Fraction, ...] | None = None

    def jet(self, vertex: Vertex) -> Jet:
        """The vertex's value and derivatives.

        Raises:
            UndecidedError: if the precision does not decide.
            SingularError: at a pole or a 0/0.
            OutsideError: where there is no real value.
        """
        found = self._memo.get(vertex.index)
        if found is None:
            rule = _RULES.get(vertex.op)
            found = self._apply(vertex) if rule is None else rule(self, vertex)
            if not found[0].is_finite():
                raise UndecidedError
            self._memo[vertex.index] = found
        return found

    def truth(self, vertex: Vertex) -> bool:
        """Whether a condition holds."""
        found = self._truths.get(vertex.index)
        if found is None:
            found = self._truths[vertex.index] = self._decide(vertex)
        return found

    def sign(self, difference: arb, exact: Callable[[tuple[Fraction, ...]], Fraction | None]) -> int:
        """-1, 0 or 1; `exact` may know the difference as a rational."""
        if difference > 0:
            return 1
        if difference < 0:
            return -1
        if difference.is_zero():
            return 0
        if self._fractions is None:
            self._fractions = tuple(Fraction(value) for value in self.point)
        known = exact(self._fractions)
        if known is not None:
            return (known > 0) - (known < 0)
        if self.final:
            return 0
        raise UndecidedError

    def sign_of(self, vertex: Vertex, edge: int = 0) -> int:
        """The sign of a vertex's value less `edge`."""

        def exact(point: tuple[Fraction, ...]) -> Fraction | None:
            value = rational(vertex, point)
            return None if value is None else value - edge

        return self.sign(self.jet(vertex)[0] - edge, exact)

    def compare(self, left: Vertex, right: Vertex) -> int:
        """The sign of left - right; a tie is noted."""

        def exact(point: tuple[Fraction, ...]) -> Fraction | None:
            a, b = rational(left, point), rational(right, point)
            return None if a is None or b is None else a - b

        order = 0 if left is right else self.sign(self.jet(left)[0] - self.jet(right)[0], exact)
        if order == 0:
            self.tied |= left.mask | right.mask
        return order

    def _decide(self, vertex: Vertex) -> bool:
        args = vertex.args
        match vertex.op:
            case "true" | "false":
                return vertex.op == "true"
            case "and":
                return all(self.truth(a) for a in args)
            case "or":
                return any(self.truth(a) for a in args)
            case "not":
                return not self.truth(args[0])
        order = self.compare(*args)
        match vertex.op:
            case "<":
                return order < 0
            case "<=":
                return order <= 0
            case ">":
                return order > 0
            case ">=":
                return order >= 0
            case "==":
                return order == 0
        return order != 0

    def _apply(self, vertex: Vertex) -> Jet:
        (operand,) = vertex.args
        u = self.jet(operand)
        value = u[0]
        for edge in _EDGES.get(vertex.op, ()):
            if not (value > edge or value < edge) and self.sign_of(operand, edge) == 0:
                value = arb(edge)
        if vertex.op in SPECIAL:
            if value < 1 and vertex.op not in ("erf", "erfc"):
                value = self._off_poles(operand, value)
            coefficients = SPECIAL[vertex.op](value, self.algebra.order > 1)
        else:
            coefficients = ELEMENTARY[vertex.op](value)
        if coefficients[1] is None:
            self.rough |= vertex.mask
        return self.algebra.lift(coefficients, u)

    def _off_poles(self, operand: Vertex, value: arb) -> arb:
        if value.is_exact() or not value.contains_integer():
            return value
        nearest = round(float(value))
        return arb(nearest) if self.sign_of(operand, nearest) == 0 else value

    def number(self, vertex: Vertex) -> Jet:
        """An exact rational."""
        return from_rational(vertex.number), self._none

    def constant(self, vertex: Vertex) -> Jet:
        """π or e."""
        return (arb.pi() if vertex.name == "pi" else arb.const_e()), self._none

    def variable(self, vertex: Vertex) -> Jet:
        """An input or a parameter."""
        return self.jets[vertex.variable]

    def add(self, vertex: Vertex) -> Jet:
        """The sum."""
        return self.algebra.add(self.jet(vertex.args[0]), self.jet(vertex.args[1]))

    def sub(self, vertex: Vertex) -> Jet:
        """The difference."""
        return self.algebra.sub(self.jet(vertex.args[0]), self.jet(vertex.args[1]))

    def mul(self, vertex: Vertex) -> Jet:
        """The product."""
        return self.algebra.mul(self.jet(vertex.args[0]), self.jet(vertex.args[1]))

    def neg(self, vertex: Vertex) -> Jet:
        """-a."""
        u = self.jet(vertex.args[0])
        return self.algebra.lift((-u[0], -ONE, ZERO), u)

    def div(self, vertex: Vertex) -> Jet:
        """The quotient."""
        top, bottom = vertex.args
        a, b = self.jet(top), self.jet(bottom)
        return self.algebra.mul(a, self._reciprocal(bottom, b))

    def _reciprocal(self, vertex: Vertex, b: Jet) -> Jet:
        value = b[0]
        if not (value > 0 or value < 0):
            if self.sign_of(vertex) == 0:
                raise SingularError
            raise UndecidedError
        r = 1 / value
        return self.algebra.lift((r, -r * r, r * r * r), b)

    def pow(self, vertex: Vertex) -> Jet:
        """IEEE pow."""
        base, exponent = vertex.args
        if exponent.op == "number" and exponent.number.denominator == 1:
            return integer_power(self, base, int(exponent.number))
        if exponent.op == "neg" and exponent.args[0].op == "number" and exponent.args[0].number.denominator == 1:
            return integer_power(self, base, -int(exponent.args[0].number))
        return power(self, base, exponent)

    def absolute(self, vertex: Vertex) -> Jet:
        """|a|, slope 0 at 0."""
        return self._signed(vertex, lambda u: self.algebra.lift((-u[0], -ONE, ZERO), u))

    def relu(self, vertex: Vertex) -> Jet:
        """Max(a, 0), slope 0 at 0."""
        return self._signed(vertex, lambda u: constant_like(ZERO, u, self.algebra.zero))

    def _signed(self, vertex: Vertex, below: Callable[[Jet], Jet]) -> Jet:
        (operand,) = vertex.args
        u = self.jet(operand)
        order = self.sign_of(operand)
        if order > 0:
            return u
        if order < 0:
            return below(u)
        self.tied |= operand.mask
        return constant_like(ZERO, u, self.algebra.zero)

    def signum(self, vertex: Vertex) -> Jet:
        """-1, 0 or 1."""
        (operand,) = vertex.args
        order = self.sign_of(operand)
        if order == 0:
            self.tied |= operand.mask
        return constant_like(arb(order), self.jet(operand), self.algebra.zero)

    def largest(self, vertex: Vertex) -> Jet:
        """Max of two."""
        return self._select(vertex, 1)

    def smallest(self, vertex: Vertex) -> Jet:
        """Min of two."""
        return self._select(vertex, -1)

    def _select(self, vertex: Vertex, wanted: int) -> Jet:
        a, b = vertex.args
        order = self.compare(a, b)
        if order == 0:
            plain_a, plain_b = not a.mask & self.inputs, not b.mask & self.inputs
            chosen = b if plain_b and not plain_a else a
        else:
            chosen = a if order == wanted else b
        other = b if chosen is a else a
        value, entries = self.jet(chosen)
        missing = self.jet(other)[1]
        zero = self.algebra.zero
        filled = (zero if c is None and d is not None else c for c, d in zip(entries, missing, strict=True))
        return value, tuple(filled)

    def branches(self, vertex: Vertex) -> Jet:
        """The first piece whose condition holds."""
        parts = vertex.args
        for value, condition in zip(parts[::2], parts[1::2], strict=True):
            if self.truth(condition):
                return self.jet(value)
        raise AssertionError("the last piece holds everywhere")

    def logaddexp(self, vertex: Vertex) -> Jet:
        """log(e^a + e^b), as a + softplus(b - a)."""
        a, b = (self.jet(part) for part in vertex.args)
        difference = self.algebra.sub(b, a)
        return self.algebra.add(a, self.algebra.lift(ELEMENTARY["softplus"](difference[0]), difference))

    def atan2(self, vertex: Vertex) -> Jet:
        """The angle of (x, y); π on the negative x axis."""
        upper, right = vertex.args
        y, x = self.jet(upper), self.jet(right)
        side, height = self.sign_of(right), self.sign_of(upper)
        if side == 0 and height == 0:
            raise SingularError
        if side < 0 and height == 0:
            self.tied |= upper.mask
        if side > 0 or height == 0:
            turned = self.algebra.lift(ELEMENTARY["atan"](y[0] / x[0]), self._ratio(upper, right))
            return turned if side > 0 else (turned[0] + arb.pi(), turned[1])
        ratio = self._ratio(right, upper)
        turned = self.algebra.lift(ELEMENTARY["atan"](ratio[0]), ratio)
        quarter = arb.pi() / 2 if height > 0 else -arb.pi() / 2
        return self.algebra.sub((quarter, self._none), turned)

    def _ratio(self, top: Vertex, bottom: Vertex) -> Jet:
        return self.algebra.mul(self.jet(top), self._reciprocal(bottom, self.jet(bottom)))


_RULES: dict[str, Callable[[Evaluation, Vertex], Jet]] = {
    "number": Evaluation.number,
    "constant": Evaluation.constant,
    "variable": Evaluation.variable,
    "add": Evaluation.add,
    "sub": Evaluation.sub,
    "mul": Evaluation.mul,
    "neg": Evaluation.neg,
    "div": Evaluation.div,
    "pow": Evaluation.pow,
    "Abs": Evaluation.absolute,
    "relu": Evaluation.relu,
    "sign": Evaluation.signum,
    "Max": Evaluation.largest,
    "Min": Evaluation.smallest,
    "branches": Evaluation.branches,
    "logaddexp": Evaluation.logaddexp,
    "atan2": Evaluation.atan2,
}


def start(
    algebra: Algebra, point: Sequence[Exact], slopes: Sequence[Sequence[float]], inputs: int, final: bool
) -> Evaluation:
    """A fresh evaluation.

    Args:
        algebra: the Taylor arithmetic.
        point: each variable's exact value.
        slopes: for each direction, the slope of each variable along it; 0 means that it does not move.
        inputs: the mask of the variables that are inputs.
        final: whether no higher precision will be tried.
    """
    jets = [
        (from_exact(value), tuple(algebra.seed(line[i]) if line[i] else None for line in slopes))
        for i, value in enumerate(point)
    ]
    return Evaluation(algebra, point, jets, inputs, final)

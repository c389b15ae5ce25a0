"""One evaluation of a graph at one exact point: pieces chosen, kinks composed, edges noticed.

Signs of differences are decided exactly: by the balls where they can tell, else by exact rational arithmetic where
the expression is rational, else by more precision. At the last precision (`final`), a difference that is still
indistinguishable from 0 counts as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from flint import arb

from actgen.verify.balls import Exact, OutsideError, UndecidedError, from_exact
from actgen.verify.elementary import ELEMENTARY
from actgen.verify.graph import Vertex, rational
from actgen.verify.jets import Algebra, Jet, is_flat
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
        none: the entries of a constant.
        tied: bit i is set where a tie (a breakpoint, a kink) was met that moving variable i could leave.
        rough: bit i is set where a derivative with respect to variable i met an infinite slope.
        taken: by the index of a choice between pieces, which of them was taken.
    """

    def __init__(
        self,
        rules: Rules,
        algebra: Algebra,
        point: Sequence[Exact],
        jets: Sequence[Jet],
        inputs: int,
        final: bool,
        wanted: Mapping[int, int],
    ) -> None:
        """Args:
        rules: what some ops are by more than a function of their operands.
        algebra: the Taylor arithmetic.
        point: each variable's exact value.
        jets: each variable's jet.
        inputs: the mask of the variables that are inputs.
        final: whether no higher precision will be tried.
        wanted: pieces without which a point does not count, as in `taken`.
        """
        self._rules = rules
        self.algebra = algebra
        self.point = point
        self.jets = jets
        self.inputs = inputs
        self.final = final
        self.tied = 0
        self.rough = 0
        self.none = (None,) * (len(jets[0][1]) if jets else 0)
        self._memo: dict[int, Jet] = {}
        self._truths: dict[int, bool] = {}
        self.taken: dict[int, int] = {}
        self._wanted = wanted
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
            rule = self._rules.get(vertex.op)
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

    def take(self, vertex: Vertex, piece: int) -> None:
        """Notes which piece a choice takes.

        Raises:
            OutsideError: if it is not the one that is wanted.
        """
        self.taken[vertex.index] = piece
        if self._wanted.get(vertex.index, piece) != piece:
            raise OutsideError

    def sign(self, difference: arb, exact: Callable[[tuple[Fraction, ...]], Fraction | None], final: bool) -> int:
        """-1, 0 or 1; `exact` may know the difference as a rational, `final` takes what is not decided for 0."""
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
        if final:
            return 0
        raise UndecidedError

    def is_edge(self, vertex: Vertex, edge: int) -> bool:
        """Whether a vertex's value is `edge`.

        Raises:
            UndecidedError: if the precision does not decide, also at the last one: 1 - 1/(1 + e^-x) is not 0 for any x.
        """
        return self._sign_of(vertex, edge, final=False) == 0

    def sign_of(self, vertex: Vertex, edge: int = 0) -> int:
        """The sign of a vertex's value less `edge`."""
        return self._sign_of(vertex, edge, self.final)

    def _sign_of(self, vertex: Vertex, edge: int, final: bool) -> int:

        def exact(point: tuple[Fraction, ...]) -> Fraction | None:
            value = rational(vertex, point)
            return None if value is None else value - edge

        return self.sign(self.jet(vertex)[0] - edge, exact, final)

    def compare(self, left: Vertex, right: Vertex) -> int:
        """The sign of left - right; a tie is noted."""

        def exact(point: tuple[Fraction, ...]) -> Fraction | None:
            a, b = rational(left, point), rational(right, point)
            return None if a is None or b is None else a - b

        order = 0 if left is right else self.sign(self.jet(left)[0] - self.jet(right)[0], exact, self.final)
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
            if not (value > edge or value < edge) and self.is_edge(operand, edge):
                value = arb(edge)
        if vertex.op in SPECIAL:
            if value < 1 and vertex.op not in ("erf", "erfc"):
                value = self._off_poles(operand, value)
            coefficients = SPECIAL[vertex.op](value, self.algebra.order > 1)
        else:
            coefficients = ELEMENTARY[vertex.op](value)
        if coefficients[1] is None and not is_flat(u, self.algebra.zero):
            self.rough |= vertex.mask
        return self.algebra.lift(coefficients, u)

    def _off_poles(self, operand: Vertex, value: arb) -> arb:
        if value.is_exact() or not value.contains_integer():
            return value
        nearest = round(float(value))
        return arb(nearest) if self.sign_of(operand, nearest) == 0 else value


Rules: TypeAlias = Mapping[str, Callable[[Evaluation, Vertex], Jet]]
"""By the name of an op."""


def start(
    rules: Rules,
    algebra: Algebra,
    point: Sequence[Exact],
    slopes: Sequence[Sequence[float]],
    inputs: int,
    final: bool,
    wanted: Mapping[int, int],
) -> Evaluation:
    """A fresh evaluation.

    Args:
        rules: see `Evaluation`.
        algebra: the Taylor arithmetic.
        point: each variable's exact value.
        slopes: for each direction, the slope of each variable along it; 0 means that it does not move.
        inputs: the mask of the variables that are inputs.
        final: whether no higher precision will be tried.
        wanted: pieces without which a point does not count, as in `taken`.
    """
    jets = [
        (from_exact(value), tuple(algebra.seed(line[i]) if line[i] else None for line in slopes))
        for i, value in enumerate(point)
    ]
    return Evaluation(rules, algebra, point, jets, inputs, final, wanted)

"""The stage itself: a Derivation and requirements become a solution, several, or none."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import flint
import sympy as sp

from actgen.analysis.numbers import Number, exact_zero, is_identity, near_fraction
from actgen.analysis.parameters import nominal_values
from actgen.analysis.quantity import working_precision
from actgen.analysis.undecided import UndecidedError
from actgen.solving.asked import Asked
from actgen.solving.candidates import has_sign, inside, keeps_shape
from actgen.solving.constants import Constants
from actgen.solving.crossing import crossings
from actgen.solving.elimination import Assignment, eliminate
from actgen.solving.interval import isolate
from actgen.solving.inverting import inverse_in
from actgen.solving.requirement import MomentIs, Requirement
from actgen.solving.shown import Shown
from actgen.solving.solution import ManySolutions, NoSolution, Outcome, Problem, Solution
from actgen.solving.window import extent, limits, window
from actgen.symbolic.derivation import Derivation

BITS = 256
_OPERATIONS = 160
_ALGEBRA = "algebra, with every sign and division decided by ball arithmetic"
_CROSSING = "a change of sign in ball arithmetic, for a moment that is continuous in the parameter"
_SEARCH = "Krawczyk's test in ball arithmetic, after bisection"


def solve(derivation: Derivation, requirements: Sequence[Requirement], over: Sequence[str] | None = None) -> Outcome:
    """The values of parameters for which requirements hold.

    Args:
        derivation: of an activation with one input.
        requirements: at least one.
        over: the parameters to solve for; None for all that the requirements depend on. The others are nominal.
    """
    with working_precision(BITS):
        return _Solver(derivation, requirements, over).run()


class _Solver:
    def __init__(self, derivation: Derivation, requirements: Sequence[Requirement], over: Sequence[str] | None) -> None:
        self.derivation, self.requirements, self.over = derivation, requirements, over
        self.parameters = {derivation.symbols[p.name]: p for p in derivation.activation.parameters}
        self.nominal = nominal_values(derivation)
        self.constants = Constants()
        self.asked = Asked(derivation, requirements, self.constants)
        self.gaps: list[str] = []
        self.searched = False

    def run(self) -> Outcome:
        chosen = [s for s, p in self.parameters.items() if self.over is None or p.name in self.over]
        if len(self.derivation.activation.inputs) != 1:
            return NoSolution(self._problem(chosen), None, "requirements are for activations with one input")
        try:
            equations = self.asked.equations(chosen)
        except UndecidedError as error:
            return self._crossed(chosen, str(error))
        if self.over is None:
            used = {s for e in equations for s in e.free_symbols}
            chosen = [s for s in chosen if s in used]
        self.shown = Shown(self.derivation, self.constants, chosen)
        candidates = [
            a for a in self._assignments(equations, chosen) if self._holds(a, chosen) and self._fulfils(a, equations)
        ]
        found = self._outcome([self._with_fractions(a) for a in candidates], chosen)
        if not (isinstance(found, NoSolution) and found.proved is None and self.searched):
            return found
        crossed = self._crossed(chosen, found.reason)
        return found if isinstance(crossed, NoSolution) else crossed

    def _crossed(self, chosen: Sequence[sp.Symbol], reason: str) -> Outcome:
        """One requirement on one parameter without equations: its changes of sign."""
        problem = self._problem(chosen)
        if len(chosen) != 1 or len(self.requirements) != 1 or not isinstance(self.requirements[0], MomentIs):
            return NoSolution(problem, None, reason)
        (unknown,) = chosen
        low, high = limits(self.parameters[unknown])
        found = crossings(lambda place: self._excess(unknown, place), low, high)
        self.shown = Shown(self.derivation, self.constants, chosen)
        candidates = [{unknown: self.constants.add(Number(ball))} for ball in found]
        members = self.shown.members([self._with_fractions(a) for a in candidates])
        if not members:
            return NoSolution(
                problem,
                None,
                f"no change of sign was found for {unknown.name} in [{float(low):g}, {float(high):g}]; {reason}",
            )
        if len(members) == 1:
            return Solution(problem, members[0].values, _CROSSING, None)
        return ManySolutions(problem, members, _CROSSING, None)

    def _excess(self, unknown: sp.Symbol, place: Fraction) -> flint.arb:
        """By how much the one requirement is missed where the unknown has a value."""
        (*_, excess) = [sp.S.Zero, *self.asked.at({unknown: sp.Rational(place.numerator, place.denominator)})]
        return self.constants.ball(excess)

    def _with_fractions(self, assigned: Assignment) -> Assignment:
        """The same, with fractions where enclosed values are seen to be some."""
        if any(v.free_symbols & self.parameters.keys() for v in assigned.values()):
            return assigned
        near = {u: near_fraction(self.constants.ball(v)) for u, v in assigned.items()}
        values = {u: sp.Rational(f.numerator, f.denominator) for u, f in near.items() if f is not None}
        if len(values) < len(assigned) or all(v.is_Rational for v in assigned.values()):
            return assigned
        try:
            proved = all(self.constants.vanishes(e) for e in self.asked.at(values))
        except UndecidedError:
            return assigned
        return values if proved else assigned

    def _problem(self, chosen: Sequence[sp.Symbol]) -> Problem:
        fixed = [(s.name, p.nominal.text) for s, p in self.parameters.items() if s not in chosen]
        texts = tuple(r.text for r in self.requirements)
        return Problem(self.derivation.activation.name, texts, tuple(s.name for s in chosen), tuple(fixed))

    # Solutions of the equations.

    def _assignments(self, equations: Sequence[sp.Expr], chosen: Sequence[sp.Symbol]) -> list[Assignment]:
        result = eliminate(equations, chosen, self.constants)
        found = list(result.solutions)
        for assigned, rest in result.open:
            found += self._searched(assigned, rest, [u for u in chosen if u not in assigned])
        return found

    def _searched(
        self, assigned: Assignment, equations: Sequence[sp.Expr], unknowns: Sequence[sp.Symbol]
    ) -> list[Assignment]:
        """What the rules left over, by isolation in a box."""
        self.searched = True
        if not unknowns or len(equations) < len(unknowns):
            self.gaps.append("fewer equations than parameters, and no closed form")
            return []
        square, others = equations[: len(unknowns)], equations[len(unknowns) :]
        box = tuple(window(self.parameters[u]) for u in unknowns)
        try:
            isolated = isolate(square, unknowns, self.constants.balls, box)
        except UndecidedError as error:
            self.gaps.append(str(error))
            return []
        if not isolated.complete:
            self.gaps.append("a part of the window was not decided")
        found: list[Assignment] = []
        for zero in isolated.zeros:
            numbers = [Number(ball, self._exact(square, unknowns, ball)) for ball in zero]
            values = {u: self.constants.add(n) for u, n in zip(unknowns, numbers, strict=True)}
            if self._vanish([e.subs(values) for e in others]):
                found.append({**{u: v.subs(values) for u, v in assigned.items()}, **values})
        return found

    def _exact(self, equations: Sequence[sp.Expr], unknowns: Sequence[sp.Symbol], ball: flint.arb) -> sp.Expr | None:
        if len(unknowns) != 1:
            return None
        exact = self.constants.exact(equations[0])
        if exact is None:
            return None
        return exact_zero(exact, unknowns[0], ball) or inverse_in(exact, unknowns[0], ball)

    def _vanish(self, expressions: Sequence[sp.Expr]) -> bool:
        verdicts = [self.constants.vanishes(e) for e in expressions]
        if None in verdicts and False not in verdicts:
            self.gaps.append("whether a further requirement holds too was not decided")
        return all(verdicts)

    # Which of them count.

    def _holds(self, assigned: Assignment, chosen: Sequence[sp.Symbol]) -> bool:
        free = [u for u in chosen if u not in assigned]
        for unknown, value in assigned.items():
            if value.has(*free):
                continue
            verdict = inside(self.parameters[unknown], value, self.constants)
            if verdict is None:
                self.gaps.append(f"whether a value of {unknown} is real and inside its bounds was not decided")
            if not verdict:
                return False
        if not all(self._is_identity(e.subs(dict(assigned))) for e in self.asked.identities):
            self.gaps.append("that all derivatives meet was not proved")
            return False
        if not self._has_signs(assigned, chosen):
            return False
        if free:
            return True
        balls = {u: self.constants.ball(v) for u, v in assigned.items()}
        if all(keeps_shape(shape, balls) for shape in self.asked.shapes.values()):
            return True
        self.gaps.append("the pieces change their order on the way from the nominal parameters to a solution")
        return False

    def _has_signs(self, assigned: Assignment, chosen: Sequence[sp.Symbol]) -> bool:
        """Whether the equations were made for parameters like these."""
        fixed = {s: v for s, v in self.nominal.items() if s not in chosen}
        for whole, sign in self.asked.signs.items():
            value = whole.subs(fixed)
            if has_sign(value, sign, self.parameters):
                continue
            self.gaps.append(f"the limit was taken where {value} is {'positive' if sign > 0 else 'negative'}")
            there = value.subs(dict(assigned))
            if there.free_symbols & self.parameters.keys() or not self.constants.ball(there) * sign > 0:
                return False
        return True

    def _fulfils(self, assigned: Assignment, equations: Sequence[sp.Expr]) -> bool:
        """Whether the equations as they were made have a value there that can be 0: nothing divided by was 0."""
        for equation in equations:
            there = equation.subs(dict(assigned))
            if there.free_symbols & self.parameters.keys():
                continue
            exact = self.constants.exact(there)
            value = self.constants.ball(there if exact is None else exact)
            if not value.is_finite():
                self.gaps.append("whether the function has a value at a zero of the equations was not decided")
                return False
            if not value.contains(0):
                return False
        return True

    def _is_identity(self, difference: sp.Expr) -> bool:
        forms = [difference, self.constants.exact(difference)]
        return any(is_identity(e) for e in forms if e is not None and sp.count_ops(e) <= _OPERATIONS)

    def _outcome(self, candidates: Sequence[Assignment], chosen: Sequence[sp.Symbol]) -> Outcome:
        problem = self._problem(chosen)
        only = None if self.gaps else extent([self.parameters[u] for u in chosen], searched=self.searched)
        members = self.shown.members(candidates)
        how = _SEARCH if self.searched else _ALGEBRA
        if not members:
            reason = "no values satisfy them all" if only else "; ".join(dict.fromkeys(self.gaps))
            return NoSolution(problem, only, reason)
        if len(members) == 1 and not members[0].free:
            return Solution(problem, members[0].values, how, only)
        return ManySolutions(problem, members, how, only)

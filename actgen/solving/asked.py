"""What a problem asks of the parameters: the equations of all its requirements, in unknowns or at numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from actgen.analysis.parameters import nominal_values
from actgen.solving.constants import Constants
from actgen.solving.equations import EquationMaker
from actgen.solving.place import Shape, generic, shape_of
from actgen.solving.requirement import Requirement
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.pieces import Expander

Values = Mapping[sp.Symbol, sp.Expr]


class Asked:
    """The requirements on one activation, as equations.

    Args:
        derivation: of an activation with one input.
        requirements: at least one.
        constants: where numbers get symbols.

    Attributes:
        shapes: the outputs at the generic choice for which the equations were made.
        identities: what must vanish for every input besides.
        signs: of expressions in the unknowns for which the equations were made.
    """

    def __init__(self, derivation: Derivation, requirements: Sequence[Requirement], constants: Constants) -> None:
        self.shapes: dict[str, Shape] = {}
        self.identities: list[sp.Expr] = []
        self.signs: dict[sp.Expr, int] = {}
        self._derivation, self._requirements, self._constants = derivation, requirements, constants
        self._nominal = nominal_values(derivation)

    def equations(self, unknowns: Sequence[sp.Symbol]) -> list[sp.Expr]:
        """What is to vanish, in the unknowns; other parameters are nominal.

        Raises:
            UndecidedError: if there is no form for a requirement.
        """
        fixed = {s: v for s, v in self._nominal.items() if s not in unknowns}
        symbols = self._derivation.symbols
        beside = {
            symbols[p.name]: generic(p) for p in self._derivation.activation.parameters if symbols[p.name] in unknowns
        }
        found: list[sp.Expr] = []
        for requirement in self._requirements:
            maker = self._maker(requirement, self.shapes, fixed, beside)
            found += maker.equations(requirement)
            self.identities += maker.identities(requirement)
            self.signs |= maker.signs
        return list(dict.fromkeys(found))

    def at(self, values: Values) -> list[sp.Expr]:
        """What is to vanish, as numbers, where parameters have these values and others are nominal.

        Raises:
            UndecidedError: if there is no form for a requirement.
        """
        fixed, shapes = {**self._nominal, **values}, {}
        return [e for r in self._requirements for e in self._maker(r, shapes, fixed, {}).equations(r)]

    def _maker(
        self, requirement: Requirement, shapes: dict[str, Shape], fixed: Values, beside: Values
    ) -> EquationMaker:
        """For the output of a requirement, whose shape is kept for others."""
        output = next(o for o in self._derivation.outputs if o.name == requirement.output)
        if output.name not in shapes:
            x = self._derivation.symbols[self._derivation.activation.inputs[0].name]
            shapes[output.name] = shape_of(output, x, fixed, beside)
        expander = Expander(self._derivation.symbols, frozenset())
        return EquationMaker(shapes[output.name], tuple(beside), expander, self._constants)

"""The formula tree as a graph: equal parts are one node, so that each is evaluated once a point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from actgen.formula import Branches, Call, Compare, Constant, Formula, Logic, Name, Node, Number


@dataclass(frozen=True, slots=True, eq=False)
class Vertex:
    """One op of the graph.

    Attributes:
        op: a name of `OPERATORS` or `FUNCTIONS`, a comparison, `and`, `or`, `not`, `true`, `false`, or `number`,
            `constant`, `variable`, `branches` (arguments: value, condition, value, condition, …).
        args: operands.
        index: the place in the graph, operands before users.
        mask: bit i is set where the vertex mentions variable i.
        number: of `number`, the exact value.
        name: of `constant`, its name.
        variable: of `variable`, its index.
    """

    op: str
    args: tuple[Vertex, ...]
    index: int
    mask: int
    number: Fraction = Fraction(0)
    name: str = ""
    variable: int = -1


@dataclass(slots=True)
class GraphBuilder:
    """Turns formula trees into vertices; variables are numbered as given."""

    variables: Mapping[str, int]
    _known: dict[tuple[object, ...], Vertex] = field(default_factory=dict)

    def vertex(self, node: Node) -> Vertex:
        """The vertex of a formula or condition.

        Raises:
            KeyError: if a name is not among the variables.
        """
        match node:
            case Number(value=value):
                return self._make("number", (), number=value)
            case Constant(name=name):
                return self._make("constant", (), name=name)
            case Name(name=name):
                return self._make("variable", (), variable=self.variables[name])
            case Compare(op=op, left=left, right=right):
                return self._make(op, (self.vertex(left), self.vertex(right)))
            case Logic(op=op, args=args):
                return self._make(op, tuple(self.vertex(a) for a in args))
            case Branches(pieces=pieces):
                parts = tuple(self.vertex(part) for p in pieces for part in (p.value, p.condition))
                return self._make("branches", parts)
            case Call(function=function, args=args):
                return self._call(function, args)

    def _call(self, function: str, args: tuple[Formula, ...]) -> Vertex:
        operands = [self.vertex(a) for a in args]
        if function == "clip":
            value, low, high = operands
            return self._make("Min", (self._make("Max", (value, low)), high))
        if function in ("Max", "Min"):
            result = operands[0]
            for operand in operands[1:]:
                result = self._make(function, (result, operand))
            return result
        return self._make(function, tuple(operands))

    def _make(
        self, op: str, args: tuple[Vertex, ...], number: Fraction = Fraction(0), name: str = "", variable: int = -1
    ) -> Vertex:
        key = (op, tuple(a.index for a in args), number, name, variable)
        found = self._known.get(key)
        if found is None:
            mask = 1 << variable if variable >= 0 else 0
            for operand in args:
                mask |= operand.mask
            found = Vertex(op, args, len(self._known), mask, number, name, variable)
            self._known[key] = found
        return found


def rational(vertex: Vertex, point: tuple[Fraction, ...]) -> Fraction | None:
    """The exact value of a rational expression at an exact point; None where it is not one."""
    match vertex.op:
        case "number":
            return vertex.number
        case "variable":
            return point[vertex.variable]
        case "add" | "sub" | "mul" | "div" | "neg" | "pow" | "Abs":
            parts = [rational(a, point) for a in vertex.args]
            operands = [p for p in parts if p is not None]
            return _combine(vertex.op, operands) if len(operands) == len(parts) else None
        case _:
            return None


def _combine(op: str, operands: list[Fraction]) -> Fraction | None:
    match op, operands:
        case "add", [a, b]:
            return a + b
        case "sub", [a, b]:
            return a - b
        case "mul", [a, b]:
            return a * b
        case "div", [a, b] if b:
            return a / b
        case "neg", [a]:
            return -a
        case "Abs", [a]:
            return abs(a)
        case "pow", [a, b] if b.denominator == 1 and abs(b) <= 64 and (a or b > 0):
            return a ** int(b)
        case _:
            return None

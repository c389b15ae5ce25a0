"""How large a formula is, and whether its constant parts are numbers that can be carried.

Sizes count every `let` entry where it is used, without putting it in: shared entries could make a formula of
exponential size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx

from actgen.diagnostics import Span
from actgen.formula import Call, Constant, Formula, Name, Node, Number, children
from actgen.spec.constants import apply, ball, rational_result
from actgen.spec.findings import Findings
from actgen.spec.limits import MAX_DEPTH, MAX_GAMMA_ARGUMENT, MAX_NODES, MAX_POWER

_PRECISION = 192
_RATIONAL = ("add", "sub", "mul", "div", "neg", "pow")
_LARGEST = "numbers are at most 1.8e308 in size"
_GAMMAS = ("gamma", "loggamma", "digamma")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a formula with `let` put in.

    Attributes:
        nodes: how many nodes it has.
        depth: how deep it is nested; 1 for a leaf.
        constant: whether it holds no input and no parameter.
        value: its value if it is constant and in order, as a ball.
        rational: its value if that is rational and short.
        oversized: whether a part of it was reported as past the limits.
    """

    nodes: int
    depth: int
    constant: bool = False
    value: arb | None = None
    rational: Fraction | None = None
    oversized: bool = False


_VARIABLE = Facts(1, 1)
_OVERSIZED = Facts(1, 1, oversized=True)


def survey(formula: Formula, entries: Mapping[str, Facts], findings: Findings, span: Span) -> Facts:
    """Measure a formula; findings for what is too large, too deep, or no number of float64.

    Args:
        formula: as read, with names of `let` entries in it.
        entries: what is known of those entries; other names are inputs and parameters.
        findings: where faults go.
        span: where the whole formula stands.
    """
    before = ctx.prec
    try:
        ctx.prec = _PRECISION
        facts = _Surveyor(entries, findings).visit(formula)
    finally:
        ctx.prec = before
    if facts.oversized:
        return facts
    if facts.nodes > MAX_NODES:
        message = (
            f"the expression has {_amount(facts.nodes)} nodes after `let` is put in; at most {MAX_NODES:,} are allowed"
        )
        findings.error("ACT317", message, span, "`let` entries count wherever they are used; simplify the formula")
        return _OVERSIZED
    if facts.depth > MAX_DEPTH:
        message = f"the expression is nested {facts.depth} deep after `let` is put in; at most {MAX_DEPTH} is allowed"
        findings.error("ACT318", message, span, "group long sums and products with parentheses")
        return _OVERSIZED
    return facts


def _amount(nodes: int) -> str:
    return f"{nodes:,}" if nodes < 10**9 else "over a billion"


class _Surveyor:
    def __init__(self, entries: Mapping[str, Facts], findings: Findings) -> None:
        self.entries = entries
        self.findings = findings

    def visit(self, node: Node) -> Facts:
        if isinstance(node, Name):
            return self.entries.get(node.name, _VARIABLE)
        if isinstance(node, Number):
            return Facts(1, 1, True, ball(node), node.value)
        if isinstance(node, Constant):
            return Facts(1, 1, True, ball(node))
        parts = [self.visit(child) for child in children(node)]
        nodes = 1 + sum(part.nodes for part in parts)
        depth = 1 + max((part.depth for part in parts), default=0)
        constant = all(part.constant for part in parts)
        if any(part.oversized for part in parts):
            return _OVERSIZED
        if not isinstance(node, Call):
            return Facts(nodes, depth, constant)
        value, rational = self._value(node, parts) if constant else (None, None)
        if not constant and node.function == "pow":
            self._power_fits(node, parts[1])
        if not constant and node.function == "div" and parts[1].rational == 0:
            self.findings.error("ACT328", "this quotient has no finite real value", node.span, "it divides by 0")
        return Facts(nodes, depth, constant, value, rational)

    def _value(self, node: Call, parts: list[Facts]) -> tuple[arb | None, Fraction | None]:
        """The value of a constant call; (None, None) where there is none or a part is already at fault."""
        values = [part.value for part in parts if part.value is not None]
        if len(values) < len(parts) or not self._arguments_fit(node, parts):
            return None, None
        if node.function == "pow" and self._is_huge(apply("pow", values)):
            self.findings.error("ACT316", "this constant is past float64", node.span, _LARGEST)
            return None, None
        if node.function == "pow" and not self._power_fits(node, parts[1]):
            return None, None
        rational = rational_result(node.function, [part.rational for part in parts])
        value = apply(node.function, values) if rational is None else ball(Number(rational))
        if not value.is_finite():
            message = "this constant has no finite real value"
            self.findings.error("ACT328", message, node.span, _no_value_help(node, values))
            return None, None
        if rational is None and self._is_rational_operation(node, parts):
            message = "the exact value of this constant is too long to carry"
            self.findings.error("ACT330", message, node.span, "write it as a decimal number")
            return None, None
        return (value, rational) if self._in_float64(value, node.span) else (None, None)

    def _arguments_fit(self, node: Call, parts: list[Facts]) -> bool:
        argument = parts[0].value
        if node.function in _GAMMAS and argument is not None and abs(argument) > MAX_GAMMA_ARGUMENT:
            message = f"a constant argument of `{node.function}` is at most {MAX_GAMMA_ARGUMENT} in size"
            self.findings.error("ACT330", message, node.span, "write the value as a decimal number")
            return False
        return True

    def _power_fits(self, node: Call, exponent: Facts) -> bool:
        if exponent.value is None or not abs(exponent.value) > MAX_POWER:
            return True
        message = f"a constant power is at most {MAX_POWER} in size"
        by_e = node.args[0] == Constant("E")
        help = "write `exp(…)`" if by_e else "write it as a product of powers"
        self.findings.error("ACT319", message, node.args[1].span, help)
        return False

    def _is_rational_operation(self, node: Call, parts: list[Facts]) -> bool:
        if node.function not in _RATIONAL or any(part.rational is None for part in parts):
            return False
        exponent = parts[-1].rational
        return node.function != "pow" or (exponent is not None and exponent.denominator == 1)

    def _is_huge(self, value: arb) -> bool:
        return value.is_finite() and abs(value) > arb(2) ** 1024

    def _in_float64(self, value: arb, span: Span | None) -> bool:
        if self._is_huge(value):
            self.findings.error("ACT316", "this constant is past float64", span, _LARGEST)
            return False
        if abs(value) < arb(2) ** -1075 and not value.contains(0):
            help = "numbers that are not 0 are at least 5e-324 in size"
            self.findings.error("ACT316", "this constant is past float64: it rounds to 0", span, help)
            return False
        return True


def _no_value_help(node: Call, values: list[arb]) -> str | None:
    match node.function:
        case "div":
            return "it divides by 0"
        case "pow" if values[0].contains(0):
            return "it divides by 0"
        case "pow":
            return "the real cube root is `cbrt(v)`"
        case "log" | "log2" | "sqrt":
            return "all quantities are real"
        case _:
            return None

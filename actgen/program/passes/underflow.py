"""Products of which a factor is lost before they are: e^u is taken as e^(u/2)·e^(u/2), a half at either end.

`a * exp(u)` is 0 as soon as `exp(u)` is, though the product may be an ordinary number: a gate of 1e30 beside -750, or
`x * exp(x)` at -710 where subnormal numbers are flushed. `(a * h) * h` with `h = exp(u / 2)` is right there. It makes
a longer text, so a product is split only where it was seen to go wrong, against exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from actgen.program.build import ONE, ZERO, add, div, less, mul, neg, power, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, Program, const, node, rewrite, topological
from actgen.program.reaching import reaching
from actgen.program.sampling import Samples
from actgen.program.truth import truths

Array = npt.NDArray[np.float64]
Columns = Mapping[str, Array]

_SUBNORMAL = np.concatenate([np.linspace(708, 712, 17), np.linspace(713, 752, 14)])  # |u| where e^u leaves the range
_INFINITE = np.linspace(709.8, 711.3, 16)  # where it is infinite, and its product with an ordinary number often is not
_BEYOND = np.linspace(760, 1400, 17)  # where it is lost, and its square root is not
_WANTED = np.concatenate([_SUBNORMAL, _INFINITE, _BEYOND])
_CLOSE = 1e-9
_LOWEST = -40  # from here down softplus(u)/e^u is 1 in all digits
_TINY = 2.0**-1022


def without_early_zeros(program: Program, points: Samples, *, flushes: bool) -> Program:
    """The program, with products split where a result would otherwise be lost.

    Args:
        program: finished.
        points: give the parameter sets.
        flushes: whether subnormal numbers become 0, as in XLA and TensorFlow on a CPU.
    """
    hints = dict(program.hints)
    new: dict[Node, Node] = {}
    for root in dict.fromkeys(program.roots()):
        new[root] = root
        for factor in factors_of(root, whole_softplus=len(program.inputs) == 1):
            mended = _mended(new[root], factor, reaching(factor.exponent, _WANTED, program, points), flushes)
            if mended is not new[root]:
                hints.setdefault(factor.half, "half")
                new[root] = mended
    return program.with_roots(new, hints)


def _mended(root: Node, factor: Factor, columns: Columns, flushes: bool) -> Node:
    """The root, with those products split of which it brings results back."""
    products = list(factor.products(root))
    if not products or not any(column.size for column in columns.values()):
        return root
    (exact,) = truths([root], columns)
    lost = lost_results(root, exact, columns, flushes=flushes)
    for product in products:
        if not lost:
            break
        candidate = rewrite([root], lambda n, product=product: factor.split(n) if n is product else n)[root]
        left = lost_results(candidate, exact, columns, flushes=flushes)
        if left < lost:
            root, lost = candidate, left
    return root


def lost_results(root: Node, exact: Array, columns: Columns, *, flushes: bool) -> int:
    """At how many points a result that is a normal number is not even near it."""
    (value,) = evaluate_nodes([root], columns, flushes=flushes)
    with np.errstate(all="ignore"):
        near = np.abs(value - exact) <= _CLOSE * np.abs(exact)
        return int(np.sum((np.abs(exact) >= _TINY) & np.isfinite(exact) & ~near))


def factors_of(root: Node, *, whole_softplus: bool = False) -> tuple[Factor, ...]:
    """What can be split below a root; nodes that hold the same power of e are one factor.

    A softplus is not where no other input is beside it: it would gain from -708 to -712 only, for a much longer text.
    """
    rests: dict[Node, dict[Node, Node]] = {}
    for current in topological([root]):
        parted = None if whole_softplus and current.op == "softplus" else _parted(current)
        if parted is not None:
            exponent, rest = parted
            rests.setdefault(exponent, {})[current] = rest
    return tuple(Factor(exponent, parts) for exponent, parts in rests.items())


def _parted(current: Node) -> tuple[Node, Node] | None:
    """The node as e to an exponent, times a rest of moderate size; None if it cannot be split.

    Selects are by the sign of u and not by clamps: both sides are smooth, so that derivatives of them are right at 0.
    """
    if current.op == "exp":
        return current.args[0], ONE
    base, times = (current.args[0], int(current.args[1].exact)) if current.op == "powi" else (current, 1)
    if base.op == "sech" and times > 0:
        return _parted_sech(base.args[0], times)
    u = current.args[0] if current.args else current
    if current.op == "tanh" and u.op == "softplus":
        u = u.args[0]
    elif current.op not in ("sigmoid", "softplus"):
        return None
    negative = less(u, ZERO)
    exponent = where(negative, u, ZERO)
    if current.op == "sigmoid":
        return exponent, node("sigmoid", where(negative, neg(u), u))
    if current.op == "softplus":
        held = where(node("lt", u, const(_LOWEST)), const(_LOWEST), u)
        return exponent, div(node("softplus", held), node("exp", where(negative, held, ZERO)))
    e = node("exp", exponent)
    rest = add(e, const(2))
    return exponent, where(negative, div(rest, add(mul(rest, e), const(2))), current)


def _parted_sech(u: Node, times: int) -> tuple[Node, Node]:
    """A power of sech(u), which is e^-|u| times 2/(1 + e^-2|u|)."""
    size = where(less(u, ZERO), u, neg(u))
    rest = div(const(2), add(ONE, node("exp", mul(const(2), size))))
    return mul(const(times), size), power(rest, times)


@dataclass(frozen=True, slots=True)
class Factor:
    """Nodes that are e to one `exponent` times a rest of moderate size; `rests` maps each to its rest."""

    exponent: Node
    rests: Mapping[Node, Node]

    @property
    def half(self) -> Node:
        """E to half the exponent."""
        return node("exp", mul(const(sp.Rational(1, 2)), self.exponent))

    def products(self, root: Node) -> Iterator[Node]:
        """The outermost products below a root that hold the factor."""
        held = self.held(root)
        users: dict[Node, list[Node]] = {}
        for current in topological([root]):
            for operand in current.args:
                users.setdefault(operand, []).append(current)
        for current in held:
            outermost = current is root or any(user not in held for user in users[current])
            if outermost and current not in self.rests and not current.is_bool:
                yield current

    def held(self, root: Node) -> dict[Node, None]:
        """The nodes that are the factor times something, and the conditions on these being 0."""
        held: dict[Node, None] = {}
        for current in topological([root]):
            if current in self.rests or self._holds(current, held):
                held[current] = None
        return held

    def _holds(self, current: Node, held: Mapping[Node, None]) -> bool:
        args = current.args
        match current.op:
            case "mul":
                return args[0] in held or args[1] in held
            case "neg" | "div":
                return args[0] in held
            case "add" | "sub":
                return args[0] in held and args[1] in held
            case "eq":
                return args[0] in held and args[1] is ZERO
            case "where":
                return args[2] in held and (args[1] in held or (args[0] in held and args[1] is ZERO))
        return False

    def split(self, product: Node) -> Node:
        """A product that holds the factor, begun by one half of it and ended by the other."""
        held = self.held(product)
        begun = {current: mul(rest, self.half) for current, rest in self.rests.items()}
        for current in held:
            if current not in self.rests:
                begun[current] = _begin(current, begun)
        return mul(begun[product], self.half)


def _begin(current: Node, begun: Mapping[Node, Node]) -> Node:
    """The node with the half, where it had the factor; once in a product, though both of its operands may hold it."""
    if current.op == "mul":
        one, other = current.args
        return mul(begun[one], other) if one in begun else _times(one, begun[other])
    return current.with_operands(tuple(begun.get(a, a) for a in current.args))


def _times(factors: Node, begun: Node) -> Node:
    """A product in which the half comes early, so that the other factors cannot overflow between them."""
    if factors.op != "mul":
        return mul(factors, begun)
    return mul(_times(factors.args[0], begun), factors.args[1])

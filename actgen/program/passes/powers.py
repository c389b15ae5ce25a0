"""Quotients by a power or a product that overflows before they vanish: c/q² is taken as c/q/q, a/(p·q) as a/p/q.

`1 / (1 + x) ** 2` is 0 from 1.3e154 on, where the quotient is still a subnormal number, and in float32 from 1.8e19 on.
Γ(v) overflows at 171.6, its reciprocal vanishes at 178: there it is divided by Γ(v - 8) and what lies between.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from actgen.program.build import div, mul, where
from actgen.program.evaluate import evaluate_nodes
from actgen.program.program import Node, Program, const, node, rewrite, topological
from actgen.program.reaching import Columns, reaching
from actgen.program.sampling import Samples
from actgen.program.truth import truths

_OVERFLOWING = np.linspace(1024, 1070, 16)  # binary exponents of the power
_DIVISIONS = range(2, 5)
_GAMMA_OVERFLOWS = np.linspace(171.7, 177, 16)
_LARGE, _VANISHED, _STEPS = 64, 179, 8  # 1/Γ(179) is 0, Γ(179 - 8) does not overflow
_CLOSE = 1e-3
_SMALLEST = 2.0**-1070


def without_overflowing_powers(program: Program, points: Samples) -> Program:
    """The program, with one division after the other where that brings results back."""
    new = {root: _mended(root, program, points) for root in dict.fromkeys(program.roots())}
    return program.with_roots(new)


def _mended(root: Node, program: Program, points: Samples) -> Node:
    for quotient in [n for n in topological([root]) if n.op == "div"]:
        for replaced, target, sizes in _candidates(quotient):
            if not (columns := reaching(target, sizes, program, points)):
                continue
            candidate = rewrite([root], lambda n, old=quotient, new=replaced: new if n is old else n)[root]
            exact = truths([root], columns)[0]
            if _lost(candidate, exact, columns) < _lost(root, exact, columns):
                root = candidate
    return root


def _candidates(quotient: Node) -> Iterator[tuple[Node, Node, np.ndarray]]:
    """What to try, and what must reach which sizes for it to matter."""
    replaced, divisor = quotient.args
    factors = _factors(divisor)
    if len(factors) in _DIVISIONS:
        for factor in factors:
            replaced = div(replaced, factor)
        yield replaced, factors[-1], np.exp2(_OVERFLOWING / len(factors))
    elif divisor.op == "gamma":
        yield _by_lesser_gamma(*quotient.args), divisor.args[0], _GAMMA_OVERFLOWS


def _by_lesser_gamma(numerator: Node, gamma: Node) -> Node:
    """c/Γ(v) as c/Γ(v - 8)/((v - 1)·…·(v - 8)) for large v: https://dlmf.nist.gov/5.5.E1."""
    (v,) = gamma.args
    far = node("lt", const(_LARGE), v)
    capped = where(far, node("min", v, const(_VANISHED)), const(_LARGE))
    between = node("sub", capped, const(1))
    for k in range(2, _STEPS + 1):
        between = mul(between, node("sub", capped, const(k)))
    lesser = div(div(numerator, node("gamma", node("sub", capped, const(_STEPS)))), between)
    return where(far, lesser, div(numerator, node("gamma", where(far, const(1), v))))


def _factors(divisor: Node) -> list[Node]:
    """What a divisor is the product of."""
    if divisor.op == "mul":
        return [factor for operand in divisor.args for factor in _factors(operand)]
    if divisor.op == "powi" and divisor.args[1].value in _DIVISIONS:
        return [factor for factor in _factors(divisor.args[0]) for _ in range(int(divisor.args[1].value))]
    return [divisor]


def _lost(root: Node, exact: np.ndarray, columns: Columns) -> int:
    """At how many points the result is not even near."""
    (value,) = evaluate_nodes([root], columns)
    with np.errstate(all="ignore"):
        near = np.abs(value - exact) <= _CLOSE * np.abs(exact)
        return int(np.sum((np.abs(exact) >= _SMALLEST) & np.isfinite(exact) & ~near))

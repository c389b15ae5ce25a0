"""What each op of the graph does to jets: arithmetic, kinks as they compose, pieces."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb

from actgen.verify.balls import ONE, ZERO, SingularError, UndecidedError, from_rational
from actgen.verify.elementary import ELEMENTARY
from actgen.verify.evaluation import Evaluation, Rules
from actgen.verify.graph import Vertex
from actgen.verify.jets import Jet, constant_like
from actgen.verify.powers import integer_power, power


def number(run: Evaluation, vertex: Vertex) -> Jet:
    """An exact rational."""
    return from_rational(vertex.number), run.none


def constant(run: Evaluation, vertex: Vertex) -> Jet:
    """π or e."""
    return (arb.pi() if vertex.name == "pi" else arb.const_e()), run.none


def variable(run: Evaluation, vertex: Vertex) -> Jet:
    """An input or a parameter."""
    return run.jets[vertex.variable]


def add(run: Evaluation, vertex: Vertex) -> Jet:
    """The sum."""
    return run.algebra.add(run.jet(vertex.args[0]), run.jet(vertex.args[1]))


def sub(run: Evaluation, vertex: Vertex) -> Jet:
    """The difference."""
    return run.algebra.sub(run.jet(vertex.args[0]), run.jet(vertex.args[1]))


def mul(run: Evaluation, vertex: Vertex) -> Jet:
    """The product."""
    return run.algebra.mul(run.jet(vertex.args[0]), run.jet(vertex.args[1]))


def neg(run: Evaluation, vertex: Vertex) -> Jet:
    """The negative."""
    u = run.jet(vertex.args[0])
    return run.algebra.lift((-u[0], -ONE, ZERO), u)


def div(run: Evaluation, vertex: Vertex) -> Jet:
    """The quotient."""
    top, bottom = vertex.args
    a, b = run.jet(top), run.jet(bottom)
    return run.algebra.mul(a, _reciprocal(run, bottom, b))


def _reciprocal(run: Evaluation, vertex: Vertex, b: Jet) -> Jet:
    value = b[0]
    if not (value > 0 or value < 0):
        if run.sign_of(vertex) == 0:
            raise SingularError
        raise UndecidedError
    r = 1 / value
    return run.algebra.lift((r, -r * r, r * r * r), b)


def raised(run: Evaluation, vertex: Vertex) -> Jet:
    """IEEE pow."""
    base, exponent = vertex.args
    if exponent.op == "number" and exponent.number.denominator == 1:
        return integer_power(run, base, int(exponent.number))
    if exponent.op == "neg" and exponent.args[0].op == "number" and exponent.args[0].number.denominator == 1:
        return integer_power(run, base, -int(exponent.args[0].number))
    return power(run, base, exponent)


def absolute(run: Evaluation, vertex: Vertex) -> Jet:
    """|a|, slope 0 at 0."""
    return _signed(run, vertex, lambda u: run.algebra.lift((-u[0], -ONE, ZERO), u))


def relu(run: Evaluation, vertex: Vertex) -> Jet:
    """Max(a, 0), slope 0 at 0."""
    return _signed(run, vertex, lambda u: constant_like(ZERO, u, run.algebra.zero))


def _signed(run: Evaluation, vertex: Vertex, below: Callable[[Jet], Jet]) -> Jet:
    (operand,) = vertex.args
    u = run.jet(operand)
    order = run.sign_of(operand)
    if order > 0:
        return u
    if order < 0:
        return below(u)
    run.tied |= operand.mask
    return constant_like(ZERO, u, run.algebra.zero)


def signum(run: Evaluation, vertex: Vertex) -> Jet:
    """-1, 0 or 1."""
    (operand,) = vertex.args
    order = run.sign_of(operand)
    if order == 0:
        run.tied |= operand.mask
    return constant_like(arb(order), run.jet(operand), run.algebra.zero)


def largest(run: Evaluation, vertex: Vertex) -> Jet:
    """Max of two."""
    return _select(run, vertex, 1)


def smallest(run: Evaluation, vertex: Vertex) -> Jet:
    """Min of two."""
    return _select(run, vertex, -1)


def _select(run: Evaluation, vertex: Vertex, wanted: int) -> Jet:
    a, b = vertex.args
    order = run.compare(a, b)
    if order == 0:
        plain_a, plain_b = not a.mask & run.inputs, not b.mask & run.inputs
        chosen = b if plain_b and not plain_a else a
    else:
        chosen = a if order == wanted else b
    other = b if chosen is a else a
    value, entries = run.jet(chosen)
    missing = run.jet(other)[1]
    zero = run.algebra.zero
    filled = (zero if c is None and d is not None else c for c, d in zip(entries, missing, strict=True))
    return value, tuple(filled)


def branches(run: Evaluation, vertex: Vertex) -> Jet:
    """The first piece whose condition holds."""
    parts = vertex.args
    for piece, (value, condition) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
        if run.truth(condition):
            run.take(vertex, piece)
            return run.jet(value)
    raise AssertionError("the last piece holds everywhere")


def logaddexp(run: Evaluation, vertex: Vertex) -> Jet:
    """log(e^a + e^b), as a + softplus(b - a)."""
    a, b = (run.jet(part) for part in vertex.args)
    difference = run.algebra.sub(b, a)
    return run.algebra.add(a, run.algebra.lift(ELEMENTARY["softplus"](difference[0]), difference))


def atan2(run: Evaluation, vertex: Vertex) -> Jet:
    """The angle of (x, y); π on the negative x axis."""
    upper, right = vertex.args
    y, x = run.jet(upper), run.jet(right)
    side, height = run.sign_of(right), run.sign_of(upper)
    if side == 0 and height == 0:
        raise SingularError
    if side < 0 and height == 0:
        run.tied |= upper.mask
    if side > 0 or height == 0:
        turned = run.algebra.lift(ELEMENTARY["atan"](y[0] / x[0]), _ratio(run, upper, right))
        return turned if side > 0 else (turned[0] + arb.pi(), turned[1])
    ratio = _ratio(run, right, upper)
    turned = run.algebra.lift(ELEMENTARY["atan"](ratio[0]), ratio)
    quarter = arb.pi() / 2 if height > 0 else -arb.pi() / 2
    return run.algebra.sub((quarter, run.none), turned)


def _ratio(run: Evaluation, top: Vertex, bottom: Vertex) -> Jet:
    return run.algebra.mul(run.jet(top), _reciprocal(run, bottom, run.jet(bottom)))


RULES: Rules = {
    "number": number,
    "constant": constant,
    "variable": variable,
    "add": add,
    "sub": sub,
    "mul": mul,
    "neg": neg,
    "div": div,
    "pow": raised,
    "Abs": absolute,
    "relu": relu,
    "sign": signum,
    "Max": largest,
    "Min": smallest,
    "branches": branches,
    "logaddexp": logaddexp,
    "atan2": atan2,
}
"""Op to rule; the functions of `elementary` and `special` are applied by the evaluation itself."""

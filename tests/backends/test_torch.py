"""The PyTorch dialect over the whole op table: what each op means, and how it is differentiated by autograd."""

from __future__ import annotations

import importlib.util
import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import mpmath
import numpy as np
import pytest
import torch

from actgen.backends.base import Unit, backend
from actgen.backends.torch import DIALECT
from actgen.program.evaluate import evaluate_nodes
from actgen.program.lower import lower
from actgen.program.ops import OPS
from actgen.program.program import Node, Program, arg, const, node, polynomial
from actgen.spec.reader import read_text
from actgen.symbolic.derive import derive

INFIX = {"arg", "const", "add", "sub", "mul", "div", "neg", "powi", "lt", "le", "eq", "ne", "and", "or", "not"}
X, A = arg("x"), arg("a")
TAILS = [-math.inf, -1e300, -800.0, -50.5, -1e-300, -0.0, 0.0, 1e-300, 1e-20, 50.5, 800.0, 1e300, math.inf, math.nan]
GRID = np.array(sorted(set(np.round(np.linspace(-6, 6, 97), 6).tolist())) + TAILS)


@pytest.fixture(scope="module")
def emit(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Program], ModuleType]:
    """Emits any program of x and a, and imports what came out."""
    spec = "actgen: 1\nname: probe\nparameters: {a: 1.5}\nexpression: a * x\n"
    template = compiled(spec)
    counter = itertools.count()

    def emitted(program: Program) -> ModuleType:
        ((_, text),) = backend("torch").files(replace(template, program=program)).items()
        name = f"probe_{next(counter)}_torch"
        path = tmp_path_factory.mktemp("ops") / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        found = importlib.util.spec_from_file_location(name, path)
        assert found is not None and found.loader is not None
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        return module

    return emitted


def compiled(spec: str) -> Unit:
    activation, findings = read_text(spec, "probe.yaml")
    assert activation is not None, findings
    derivation, findings = derive(activation)
    assert derivation is not None, findings
    return Unit(activation=activation, derivation=derivation, program=lower(derivation))


def program(value: Node, dx: Node = X, da: Node = A) -> Program:
    return Program(
        inputs=("x",), parameters=("a",), forward={"y": value}, partials={("y", "x"): dx, ("y", "a"): da}, hints={}
    )


def test_the_dialect_covers_the_table():
    assert set(DIALECT.calls) | INFIX == set(OPS)
    assert not DIALECT.missing


UNARY = [op.name for op in OPS.values() if op.arity == 1 and op.kind.value == "real"]
POLE = {"digamma": 0.0}  # PyTorch has the limits from either side there, the reference nan


@pytest.mark.parametrize("op", UNARY)
def test_unary_ops_mean_what_the_table_says(emit, op):
    root = node(op, X)
    found = emit(program(root)).probe(torch.tensor(GRID)).numpy()
    (expected,) = evaluate_nodes([root], {"x": GRID})
    compared = ~np.isin(GRID, POLE.get(op, []))
    tolerance = 2e-13 if op in ("gamma", "lgamma", "digamma") else 1e-14
    _agree(found[compared], expected[compared], GRID[compared], tolerance)


BINARY = ["add", "sub", "mul", "div", "pow", "min", "max", "logaddexp", "atan2", "hypot"]
BY_THEMSELVES = {
    "powi",
    "poly",
    "polygamma",
    "fill",
    "where",
    "lt",
    "le",
    "eq",
    "ne",
    "and",
    "or",
    "not",
    "isnan",
    "isinf",
}
"""Ops that tests below this line try, each in a way of its own."""


def test_no_op_of_the_table_is_left_out():
    assert {*UNARY, *BINARY, *BY_THEMSELVES} == OPS.keys() - {"arg", "const"}


@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize("order", ["tensors", "constant first", "constant second"])
def test_binary_ops_mean_what_the_table_says(emit, op, order):
    left, right = np.repeat(GRID, GRID.size), np.tile(GRID, GRID.size)
    if order == "tensors":
        root = node(op, X, A)
    else:
        right = np.full_like(left, 1.25)
        root = node(op, X, const(1.25)) if order == "constant second" else node(op, const(1.25), X)
    found = emit(program(root)).probe(torch.tensor(left), torch.tensor(right), channel_dim=0).numpy()
    (expected,) = evaluate_nodes([root], {"x": left, "a": right})
    _agree(found, np.array(expected), left, 1e-14)


@pytest.mark.parametrize("exponent", [-3, -2, -1, 0, 1, 2, 3, 5, 8])
def test_integer_powers(emit, exponent):
    root = node("powi", X, const(exponent))
    found = emit(program(root)).probe(torch.tensor(GRID)).numpy()
    (expected,) = evaluate_nodes([root], {"x": GRID})
    _agree(found, expected, GRID, 1e-14)


def test_polynomials(emit):
    root = polynomial(X, (0.7, -2, 0, 1.1), "probe")
    found = emit(program(root)).probe(torch.tensor(GRID)).numpy()
    (expected,) = evaluate_nodes([root], {"x": GRID})
    _agree(found, expected, GRID, 1e-14)


def test_sech_has_derivatives_at_zero_and_where_cosh_overflows(emit):
    x = torch.tensor([0.0, 800.0, -800.0, 0.5], dtype=torch.float64, requires_grad=True)
    y = emit(program(node("sech", X)))._forward(x, x)
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    (curvature,) = torch.autograd.grad(slope.sum(), x)
    th = math.tanh(0.5)
    torch.testing.assert_close(slope.tolist(), [0.0, 0.0, 0.0, -th / math.cosh(0.5)])
    torch.testing.assert_close(curvature.tolist(), [-1.0, 0.0, 0.0, (2 * th**2 - 1) / math.cosh(0.5)])


@pytest.mark.parametrize(("n", "tolerance"), [(1, 2e-14), (2, 1e-13), (3, 1e-13)])
def test_polygamma(emit, n, tolerance):
    root = node("polygamma", const(n), X)
    x = np.concatenate([np.linspace(0.1, 30, 60), np.logspace(2, 14, 13), [math.nan]])
    (expected,) = evaluate_nodes([root], {"x": x})
    _agree(emit(program(root)).probe(torch.tensor(x)).numpy(), expected, x, tolerance)


def test_trigamma_everywhere(emit):
    ends = {0.0: math.inf, -3.0: math.inf, math.inf: 0.0, -math.inf: math.nan, 1e300: 1e-300, -1e15 - 0.5: math.pi**2}
    x = np.concatenate([np.linspace(-7.93, 0.49, 83), np.logspace(16, 18, 5), [*ends]])
    root = node("polygamma", const(1), X)
    found = emit(program(root)).probe(torch.tensor(x)).numpy()
    with mpmath.workdps(40):
        expected = [float(mpmath.psi(1, mpmath.mpf(v))) for v in x[: -len(ends)]]
    _agree(found, [*expected, *ends.values()], x, 1e-13)


@pytest.mark.parametrize("op", ["lt", "le", "eq", "ne"])
@pytest.mark.parametrize("swapped", [False, True])
def test_comparisons_against_constants_and_parameters(emit, op, swapped):
    for bound in (const(0), A):
        condition = node(op, bound, X) if swapped else node(op, X, bound)
        root = node("where", condition, X, node("mul", const(2), X))
        (expected,) = evaluate_nodes([root], {"x": GRID, "a": 0.0})
        _agree(emit(program(root)).probe(torch.tensor(GRID), 0.0).numpy(), expected, GRID, 0)


@pytest.mark.parametrize("op", ["and", "or"])
def test_logic_of_conditions(emit, op):
    pair = node(op, node("lt", X, A), node("not", node("or", node("isnan", X), node("isinf", X))))
    root = node("where", pair, X, node("fill", const(7), X))
    (expected,) = evaluate_nodes([root], {"x": GRID, "a": 0.5})
    _agree(emit(program(root)).probe(torch.tensor(GRID), 0.5).numpy(), expected, GRID, 0)


def _agree(found, expected, at, tolerance):
    found, expected = np.asarray(found), np.asarray(expected)
    error = np.abs(found - expected) <= tolerance * np.abs(expected) + 1e-307 * (tolerance > 0)
    good = error | (found == expected) | (np.isnan(found) & np.isnan(expected))
    assert good.all(), list(zip(at[~good], found[~good], expected[~good], strict=True))[:5]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str)
def test_two_constant_branches_keep_the_working_dtype(emit, dtype):
    third = const(1) if dtype is torch.float16 else node("div", const(1), const(3)).args[0]
    chosen = node("where", node("lt", const(0), X), third, const(0.1))
    root = node("add", chosen, node("where", node("lt", const(0), A), const(0.3), const(2)))
    y = emit(program(root)).probe(torch.tensor([1.0, -1.0], dtype=dtype), 1.0)
    assert y.dtype is dtype
    assert torch.equal(y, torch.tensor([1.3, 0.1 + 0.3], dtype=torch.float64).to(dtype))


def test_constant_partials_have_the_shape_of_the_input(emit):
    probe = emit(program(node("add", X, A), const(1), const(1)))
    x = torch.zeros(2, 3)
    dx, da = probe.partials(x, torch.zeros(3))
    assert torch.equal(dx, torch.ones_like(x)) and torch.equal(da, torch.ones_like(x))


@pytest.mark.parametrize("op", sorted({*UNARY} - {"fill"}))
def test_unary_ops_are_differentiable_twice(emit, op):
    """Through plain autograd of the emitted forward, as an exported program without its `detach` has it."""
    evaluate = emit(program(node(op, X)))._evaluate
    low, high = {"acosh": (1.2, 3), "gamma": (0.3, 2.5)}.get(op, (0.15, 0.85))
    x = torch.linspace(low, high, 7, dtype=torch.float64, requires_grad=True)
    a = torch.ones((), dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: evaluate(x, a), (x,), check_forward_ad=True, check_batched_grad=True)
    assert torch.autograd.gradgradcheck(lambda x: evaluate(x, a), (x,))


@pytest.mark.parametrize("op", BINARY)
def test_binary_ops_are_differentiable_twice(emit, op):
    evaluate = emit(program(node(op, X, A)))._evaluate
    x = torch.linspace(0.2, 0.8, 5, dtype=torch.float64, requires_grad=True)
    a = torch.tensor(1.3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(evaluate, (x, a), check_forward_ad=True)
    assert torch.autograd.gradgradcheck(evaluate, (x, a))


@pytest.mark.parametrize(
    ("op", "at", "slope"),
    [
        ("abs", 0.0, 0.0),
        ("sign", 0.0, 0.0),
        ("cbrt", -8.0, 1 / 12),
        ("cbrt", 0.0, math.inf),
        ("softplus", 0.0, 0.5),
        ("softplus", 40.0, 1.0),
        ("finite", math.inf, 0.0),
        ("gamma", -0.5, math.gamma(-0.5) * 0.03648997397857652),
    ],
)
def test_autograd_at_the_points_that_go_wrong(emit, op, at, slope):
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    emit(program(node(op, X)))._evaluate(x, torch.ones(())).backward()
    assert x.grad.item() == pytest.approx(slope, rel=1e-13)


@pytest.mark.parametrize(("op", "constant"), [("min", False), ("max", False), ("min", True), ("max", True)])
def test_at_a_tie_a_clamp_has_the_derivative_of_what_is_held(emit, op, constant):
    evaluate = emit(program(node(op, X, const(0)) if constant else node(op, X, A)))._evaluate
    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    evaluate(x, torch.zeros((), dtype=torch.float64)).sum().backward()
    assert x.grad.item() == 1


def test_cube_roots_are_accurate_in_both_working_dtypes(emit):
    cbrt = emit(program(node("cbrt", X)))._cbrt
    for dtype, tolerance in ((torch.float64, 1.0), (torch.float32, 1.0)):
        x = torch.cat([torch.logspace(-37, 37, 4001, dtype=dtype), -torch.logspace(-30, 30, 401, dtype=dtype)])
        exact = np.cbrt(x.double().numpy().astype(np.longdouble))
        error = np.abs(cbrt(x).numpy() - exact) / np.abs(exact)
        assert error.max() <= tolerance * torch.finfo(dtype).eps


def test_expm1_keeps_its_digits_near_zero_where_it_is_compiled(emit):
    fast = torch.compile(emit(program(node("expm1", X))).probe, fullgraph=True)
    points = np.concatenate([np.logspace(-300, 2, 200), np.linspace(0.5, 2, 50), [700.0]])
    left = np.concatenate([-points, points, [0.0, math.inf, -math.inf, math.nan]])
    _agree(fast(torch.tensor(left)).numpy(), np.expm1(left), left, 2e-15)

"""The JAX backend: its spelling of every op, and the text of the file."""

from __future__ import annotations

import dataclasses
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest

from actgen.backends.base import Unit, backend
from actgen.backends.jax import DIALECT, jax_literal
from actgen.backends.listing import listing
from actgen.backends.tables import coefficient_names
from actgen.program.balls import ARB_OPS
from actgen.program.evaluate import evaluate_nodes
from actgen.program.lower import lower
from actgen.program.ops import OPS, Kind
from actgen.program.program import Node, arg, const, node, polynomial
from actgen.program.truth import truths
from actgen.spec.reader import read_text
from actgen.symbolic.derive import derive

SPEC = r'''
actgen: 1
name: probe
title: Probe "quoted" \ back
summary: 'A summary with """ quotes and a \alpha backslash.'
references: ['Some "one", 2020']
parameters:
  a: {init: 0.5, description: 'the "rate".'}
expression: x * a
'''
EVERYWHERE = np.array([-30.5, -2.5, -1.25, -0.75, -1e-3, -1e-9, 1e-9, 1e-3, 0.3, 0.75, 1.25, 2.5, 30.5])
DOMAINS = {
    "sqrt": (0, np.inf),
    "log": (0, np.inf),
    "log2": (0, np.inf),
    "log1p": (-1, np.inf),
    "asin": (-1, 1),
    "acos": (-1, 1),
    "atanh": (-1, 1),
    "acosh": (1, np.inf),
    "pow": (0, np.inf),
}
LOOSE = {"gamma": 1e-11, "lgamma": 1e-11, "digamma": 1e-11, "polygamma": 1e-11}
MPMATH = {  # where balls decide nothing left of 0
    "lgamma": lambda v: mpmath.log(abs(mpmath.gamma(v))),
    "polygamma": lambda v: mpmath.psi(2, v),
}
X, A = arg("x"), arg("a")


@pytest.fixture(scope="module")
def base() -> Unit:
    activation, findings = read_text(SPEC, "probe.yaml")
    assert activation is not None, findings
    derivation, _ = derive(activation)
    assert derivation is not None
    return Unit(activation=activation, derivation=derivation, program=lower(derivation))


def text_of(base: Unit, root: Node) -> str:
    """The file whose first partial is `root`."""
    partials = {("y", "x"): root, ("y", "a"): const(0)}
    program = dataclasses.replace(base.program, partials=partials, hints={})
    return backend("jax").files(dataclasses.replace(base, program=program))["probe_jax.py"]


@pytest.fixture
def computed(base: Unit, tmp_path: Path) -> Callable[[Node], Callable[..., jax.Array]]:
    def build(root: Node) -> Callable[..., jax.Array]:
        path = tmp_path / "probe_jax.py"
        path.write_text(text_of(base, root), encoding="utf-8")
        module = loaded(path)
        return lambda x, a=0.5: module.partials(jnp.asarray(x), a)[0]

    return build


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def applied(op: str) -> Node:
    """The op on x, and on a where it takes two operands; conditions as 1 and 0."""
    match op:
        case "powi":
            return node(op, X, const(-3))
        case "polygamma":
            return node(op, const(2), X)
        case "poly":
            return polynomial(X, (0.7, -2, 0, 1.1), "probe")
        case "where":
            return node(op, node("lt", X, A), X, A)
        case "fill":
            return node(op, A, X)
        case "and" | "or":
            found = node(op, node("lt", X, A), node("lt", A, node("neg", X)))
        case "not":
            found = node(op, node("lt", X, A))
        case _:
            found = node(op, *(X, A)[: OPS[op].arity])
    return node("where", found, const(1), const(0)) if OPS[op].kind is Kind.BOOL else found


@pytest.mark.parametrize("op", sorted(OPS.keys() - {"arg", "const"}))
def test_every_op_computes_what_the_table_says(op, computed):
    low, high = DOMAINS.get(op, (-np.inf, np.inf))
    x = EVERYWHERE[(low < EVERYWHERE) & (high > EVERYWHERE)]
    root = applied(op)
    columns = {"x": x, "a": np.full_like(x, 0.75)}
    if op in MPMATH:
        truth = [float(MPMATH[op](mpmath.mpf(v))) for v in x]
    else:
        truth = truths([root], columns)[0] if op in ARB_OPS else evaluate_nodes([root], columns)[0]
    with jax.enable_x64(True):
        found = computed(root)(x, 0.75)
    np.testing.assert_allclose(found, truth, rtol=LOOSE.get(op, 1e-13), atol=0)


def test_the_dialect_covers_the_table():
    every = [applied(op) for op in OPS.keys() - {"arg", "const"}]
    assert listing(every, DIALECT, {"x": "x", "a": "a"}, {}, tables=coefficient_names(every)).results
    assert not DIALECT.missing


NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("root", "x", "expected"),
    [
        (node("min", X, A), [NAN, -1, 1, 0.5], [NAN, -1, 0.5, 0.5]),
        (node("max", X, A), [NAN, -1, 1, 0.5], [NAN, 0.5, 1, 0.5]),
        (node("min", A, X), [NAN], [NAN]),
        (node("max", A, X), [NAN], [NAN]),
        (node("sign", X), [NAN, -3, 0, 3], [NAN, -1, 0, 1]),
        (node("finite", X), [NAN, INF, -INF, 2], [NAN, np.finfo(float).max, -np.finfo(float).max, 2]),
        (node("gamma", X), [0.0, -0.0, -1, -2, -INF, INF, 5], [NAN, NAN, NAN, NAN, NAN, INF, 24]),
        (node("digamma", X), [0.0, -1, INF], [NAN, NAN, INF]),
        (node("cbrt", X), [-8.0, 0.0, -INF], [-2, 0, -INF]),
        (node("pow", X, A), [-1.0, 0.0, INF], [NAN, 0, INF]),
        (node("asinh", X), [-1e300, 1e300], [-691.4686750787736, 691.4686750787736]),
        (node("softplus", X), [-800.0, 800, -INF, INF], [0, 800, 0, INF]),
        (node("sigmoid", X), [-700.0, 800, -INF, INF], [9.8596765437598e-305, 1, 0, 1]),
        (node("polygamma", const(1), X), [-1, -20.5, 1e7, 1e300, INF], [INF, 9.821994, 1.00000005e-7, 1e-300, 0]),
        (const(1), [1.0, NAN], [1, 1]),
        (const(NAN), [1.0], [NAN]),
        (const(-INF), [1.0], [-INF]),
    ],
    ids=lambda value: value.op if isinstance(value, Node) else "",
)
def test_ends_and_special_values(root, x, expected, computed):
    with jax.enable_x64(True):
        found = computed(root)(jnp.asarray(x, jnp.float64))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=0)


def test_a_tie_gives_its_whole_derivative_to_the_first_operand(computed):
    for op in ("min", "max"):
        slope = jax.grad(computed(node(op, X, A)), (0, 1))(jnp.float32(0.5), jnp.float32(0.5))
        assert [float(s) for s in slope] == [1.0, 0.0]


def test_integer_looking_branches_stay_floats(computed):
    choice = node("where", node("lt", X, A), const(3), const(2))
    with jax.enable_x64(True):
        np.testing.assert_allclose(computed(node("powi", choice, const(-2)))(np.ones(2)), 0.25)


@pytest.mark.parametrize("value", [0.1, 1.0, -2.0, 1e300, 5e-324, -0.0, 123456789.0, 1e22, 2.0**70])
def test_literals_are_floats_that_read_back(value):
    text = jax_literal(value)
    assert float(text).hex() == value.hex()
    assert not text.lstrip("-").isdigit()


def test_the_text_is_stable_under_ruff_at_both_widths(base, tmp_path):
    path = tmp_path / "probe_jax.py"
    path.write_text(next(iter(backend("jax").files(base).values())), encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    for width in ("88", "120"):
        command = [*ruff, "format", "--isolated", "--check", "--line-length", width, str(path)]
        subprocess.run(command, check=True)
    rules = "F,W,I,B,UP,N,RUF022,SIM,C4,PTH,RET,TID,ANN2"
    command = [*ruff, "check", "--isolated", "--target-version", "py311", "--select", rules, str(path)]
    subprocess.run(command, check=True)


def test_text_from_the_spec_is_data(base, tmp_path):
    path = tmp_path / "probe_jax.py"
    path.write_text(next(iter(backend("jax").files(base).values())), encoding="utf-8")
    module = loaded(path)
    assert 'Probe "quoted" \\ back.' in (module.__doc__ or "")
    assert 'A summary with """ quotes and a \\alpha backslash.' in (module.__doc__ or "")
    assert 'Some "one", 2020' in (module.__doc__ or "")
    assert 'the "rate"; one value, or one per channel.' in module.probe.__doc__


def test_the_file_is_a_function_of_the_unit(base):
    files = backend("jax").files(base)
    assert files == backend("jax").files(base)
    assert list(files) == ["probe_jax.py"]
    assert files["probe_jax.py"].startswith("# @generated by actgen")

"""Builds a few specs once, imports the JAX files they leave, and switches x64 on and off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import jax
import pytest
from emitted_modules import imported

from actgen.backends.base import Unit, backend
from actgen.program.lower import lower
from actgen.spec.reader import read_text
from actgen.symbolic.derive import derive

SPECS = {
    "selu_variation": """
actgen: 1
name: selu_variation
class: LearnableSELUVariation
parameters:
  lambda: 1.0507
  alpha: 1.67326
  beta: 1.0
  gamma: 0.1
  omega: 2.0
expression: >-
  lambda * Piecewise((x, x > 0), (alpha * (exp(beta * x) - 1) + gamma * sin(omega * x), True))
""",
    "snake": """
actgen: 1
name: snake
parameters:
  a: {init: {uniform: [0.2, 1.0]}, shape: channel, bounds: [0, .inf]}
expression: x + sin(a * x)**2 / a
""",
    "soft_pair": """
actgen: 1
name: soft_pair
parameters:
  alpha: {init: 0.5, bounds: [-1, 1], regularizer: {l1: 0.5, l2: 0.25}}
  b: {init: 1.0, bounds: [0.1, 4], via: project, learnable: false}
outputs:
  re: exp(-alpha * x**2) * cos(b * x)
  im: exp(-alpha * x**2) * sin(b * x)
combine: concat
""",
    "glu": """
actgen: 1
name: glu
class: GLU
inputs: [a, b]
expression: a * sigmoid(b)
""",
    "one_sided": """
actgen: 1
name: one_sided
parameters:
  p: {init: 3, bounds: [2, .inf], via: exp}
  q: {init: {uniform: [-1, 2]}, bounds: [-.inf, 5]}
  r: {init: {normal: [3, 2]}}
  s: {init: {exponential: 2}, bounds: [0, .inf]}
expression: p * x + exp(q) * tanh(r * x) + s * sin(x)
""",
}


def unit(name: str) -> Unit:
    """One of `SPECS`, through every stage up to the backends."""
    activation, findings = read_text(SPECS[name], f"{name}.yaml")
    assert activation is not None, findings
    derivation, findings = derive(activation)
    assert derivation is not None, findings
    return Unit(activation=activation, derivation=derivation, program=lower(derivation))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    for name in SPECS:
        for file, text in backend("jax").files(unit(name)).items():
            (folder / file).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def module(built: Path) -> Callable[[str], ModuleType]:
    modules = {name: imported(built, f"{name}_jax") for name in SPECS}
    return modules.__getitem__


@pytest.fixture
def selu(module: Callable[[str], ModuleType]) -> ModuleType:
    return module("selu_variation")


@pytest.fixture(params=[False, True], ids=["x32", "x64"])
def x64(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Runs a test with JAX as it comes, and with 64-bit types enabled."""
    with jax.enable_x64(request.param):
        yield request.param

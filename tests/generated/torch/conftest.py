"""Takes a few specs through every stage and imports the PyTorch files they leave, as a user would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import pytest
from emitted_modules import imported
import torch

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
  a: {init: {uniform: [0.2, 0.5]}, nominal: 1, shape: channel, bounds: [0, .inf]}
expression: x + sin(a * x)**2 / a
""",
    "curve": """
actgen: 1
name: curve
parameters:
  a: 0.5
  b: 1.5
expression: a * x + tanh(b * x) * exp(-x**2)
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
    "steep_pair": """
actgen: 1
name: steep_pair
outputs:
  flat: x**2
  steep: exp(x)
""",
    "glu": """
actgen: 1
name: glu
class: GLU
inputs: [a, b]
expression: a * sigmoid(b)
""",
    "gated": """
actgen: 1
name: gated
inputs: [a, b]
parameters:
  s: {init: 1.5, shape: channel}
  t: 0.25
expression: a * sigmoid(s * b) + t
channel_dim: -1
""",
    "split_pair": """
actgen: 1
name: split_pair
inputs: [a, b]
parameters: {c: 2}
outputs:
  product: a * b
  lifted: log(1 + exp(a)) + c
combine: stack
""",
    "bounded": """
actgen: 1
name: bounded
parameters:
  p: {init: 3, bounds: [2, .inf], via: exp}
  q: {init: 0.5, bounds: [-.inf, 5]}
  r: {init: {exponential: 2}, bounds: [0, .inf]}
  s: {init: 1.5, bounds: [-.inf, 2], via: exp}
  t: {init: 0.7, bounds: [0.7, .inf], via: project, regularizer: {l2: 0.1}}
  u: {init: {normal: [1, 0.1]}, regularizer: {l1: 0.01}}
  v: {init: 0.9, bounds: [0.1, 0.9000001]}
expression: (p + r + s + t + u + v) * x + exp(q) * tanh(x)
""",
    "straight": """
actgen: 1
name: straight
expression: x
""",
    "clashing": """
actgen: 1
name: clashing
inputs: [wide, arguments]
parameters: {function: 1, size: 2, weight: 3, value: 0.5, shown: 1, e: 1, default: 2}
expression: function * wide * size + arguments * weight * exp(-value * wide**2) + shown * e * default
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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all files are emitted to."""
    path = tmp_path_factory.mktemp("generated_torch")
    for name in SPECS:
        for file, text in backend("torch").files(unit(name)).items():
            (path / file).write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def modules(folder: Path) -> Mapping[str, ModuleType]:
    return {name: imported(folder, f"{name}_torch") for name in SPECS}


@pytest.fixture
def module(modules: Mapping[str, ModuleType]) -> Callable[[str], ModuleType]:
    return modules.__getitem__


@pytest.fixture
def selu(modules: Mapping[str, ModuleType]) -> ModuleType:
    return modules["selu_variation"]


@pytest.fixture
def textbook() -> Callable[..., torch.Tensor]:
    """The SELU variation as one would write it, for autograd, away from overflow."""

    def formula(x, lambda_=1.0507, alpha=1.67326, beta=1.0, gamma=0.1, omega=2.0):
        below = torch.clamp(x, max=0)
        rest = alpha * (torch.exp(beta * below) - 1) + gamma * torch.sin(omega * below)
        return lambda_ * torch.where(x > 0, x, rest)

    return formula


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(20)

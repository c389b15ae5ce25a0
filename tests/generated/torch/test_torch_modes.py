"""The explicit derivatives where PyTorch goes past a Function's backward: torch.func compiled, and torch.export."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import torch
from emitted_modules import imported
from spec_units import catalogue
from torch.func import grad, hessian, jacrev, jvp, vjp, vmap

from actgen.backends.base import backend

NAMES = ("elu", "selu_variation", "gelu", "mish", "swiglu", "log1mexp")
TAILS = [-math.inf, -1e30, -700, -88.8, -40, -17.4, -6, -1e-3, -1e-30, 0, 1e-30, 0.7, 6, 40, 88.8, 1e10, math.inf]
EXP_40 = math.exp(-40)


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("modes")
    for name in NAMES:
        for file, text in backend("torch").files(catalogue(name)).items():
            (path / file).write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def activation(emitted: Path, module: Callable[[str], ModuleType]) -> Callable[[str], ModuleType]:
    """A module of the catalogue, or one of the other tests'."""
    return lambda name: imported(emitted, f"{name}_torch", f"modes_{name}_torch") if name in NAMES else module(name)


@pytest.fixture(autouse=True)
def fresh():
    torch._dynamo.reset()


def compiled(f, compiler="aot_eager"):
    return torch.compile(f, fullgraph=True, backend=compiler)


class Layer(torch.nn.Module):
    """A function, to be exported."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *arguments):
        return self.function(*arguments)


def exported(function, arguments, strict=False):
    return torch.export.export(Layer(function), tuple(arguments), strict=strict).module()


def inputs(name: str, dtype=torch.float32) -> list[torch.Tensor]:
    """The tails, against one moderate value where there is a second input."""
    x = torch.tensor(TAILS, dtype=dtype)
    return [x, torch.full_like(x, 0.7)] if name in ("swiglu", "gated", "glu") else [x]


def rows(result) -> tuple[torch.Tensor, ...]:
    return result if isinstance(result, tuple) else (result,)


def expected(found: ModuleType, arguments: list[torch.Tensor], output: int) -> list[torch.Tensor]:
    """The emitted partials in the inputs, which are held to the oracle elsewhere."""
    slopes = found.partials(*arguments)
    return list((slopes if isinstance(slopes[0], torch.Tensor) else slopes[output])[: len(arguments)])


def same(a: torch.Tensor, b: torch.Tensor) -> None:
    torch.testing.assert_close(a, b, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("name", [*NAMES, "steep_pair", "soft_pair"])
def test_compiled_transforms_have_the_partials(activation, name):
    found = activation(name)
    function, arguments = getattr(found, name), inputs(name)
    for output in range(len(rows(function(*arguments)))):

        def chosen(*given, output=output):
            return rows(function(*given))[output]

        def pulled(*given, chosen=chosen):
            result = vjp(chosen, *given)
            return result[1](torch.ones_like(result[0]))

        def pushed(x, *rest, chosen=chosen):
            return jvp(lambda v: chosen(v, *rest), (x,), (torch.ones_like(x),))[1]

        wanted = expected(found, arguments, output)
        sample = vmap(grad(lambda *given, chosen=chosen: chosen(*given).sum()))
        for slope, truth in zip(compiled(pulled)(*arguments), wanted, strict=True):
            same(slope, truth)
        same(compiled(sample)(*arguments), wanted[0])
        same(compiled(pushed)(*arguments), wanted[0])


@pytest.mark.parametrize("compiler", ["aot_eager", "inductor"])
def test_the_tail_of_elu_compiled(activation, compiler):
    elu = activation("elu").elu
    x = torch.tensor([-40.0, -1e-18, 200.0])
    slope = compiled(grad(lambda v: elu(v).sum()), compiler)(x)
    assert abs(slope[0].item() - EXP_40) <= 0.6 * 2.0 ** (-58 - 23)
    assert slope[1:].tolist() == [1, 1]
    moved, pushed = compiled(lambda v: jvp(elu, (v,), (torch.ones_like(v),)), compiler)(x)
    assert pushed[0].item() == slope[0].item()
    assert moved[1].item() == x[1].item()


def test_compiled_transforms_have_derivatives_of_any_order(activation):
    mish = activation("mish").mish
    x = torch.linspace(-3, 3, 7, dtype=torch.float64)
    for f in (hessian(lambda v: mish(v).sum()), jacrev(jacrev(jacrev(jacrev(lambda v: mish(v[:2]).sum()))))):
        torch.testing.assert_close(compiled(f)(x), f(x))


@pytest.mark.parametrize("strict", [False, True])
def test_the_tail_of_elu_exported(activation, strict):
    x = torch.tensor([-40.0, 100.0], requires_grad=True)
    (slope,) = torch.autograd.grad(exported(activation("elu").elu, [torch.ones(2)], strict)(x).sum(), x)
    assert abs(slope[0].item() - EXP_40) <= 0.6 * 2.0 ** (-58 - 23)
    assert slope[1].item() == 1


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16], ids=str)
@pytest.mark.parametrize("name", [*NAMES, "steep_pair", "soft_pair"])
def test_an_exported_program_has_the_partials(activation, name, dtype):
    found = activation(name)
    function = getattr(found, name)
    arguments = [a.requires_grad_() for a in inputs(name, dtype)]
    results = rows(exported(function, arguments)(*arguments))
    for output, (y, truth) in enumerate(zip(results, rows(function(*arguments)), strict=True)):
        same(y, truth)
        slopes = torch.autograd.grad(y, arguments, torch.ones_like(y), retain_graph=True)
        for slope, partial in zip(slopes, expected(found, arguments, output), strict=True):
            same(slope, partial.to(dtype))


def test_a_pole_has_an_infinite_slope_exported(activation):
    log1mexp = activation("log1mexp").log1mexp
    x = torch.tensor([0.0, 1e-300, 1e-160, 1.0], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(exported(log1mexp, [torch.ones(4).double()])(x).sum(), x)
    assert slope[0].item() == math.inf
    torch.testing.assert_close(slope[1:], activation("log1mexp").partials(x)[0][1:], rtol=1e-15, atol=0)


@pytest.mark.parametrize("name", ["gelu", "swiglu", "selu_variation"])
def test_an_exported_program_has_three_orders_of_derivatives(activation, name):
    function = getattr(activation(name), name)
    points = torch.linspace(-3, 3, 8, dtype=torch.float64)
    arguments = [points, 0.3 - points] if name == "swiglu" else [points]
    program = exported(function, arguments)
    given = [a.clone().requires_grad_() for a in arguments]
    found, wanted = program(*given), function(*given)
    for _ in range(3):
        found, wanted = (slopes(y, given) for y in (found, wanted))
        torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-13)


def slopes(y: torch.Tensor, given: list[torch.Tensor]) -> torch.Tensor:
    """The sum of the derivatives in all arguments, each mixed one among them in the next round."""
    return torch.stack(torch.autograd.grad(y.sum(), given, create_graph=True)).sum(0)


def test_parameters_train_exported(activation):
    layer = activation("selu_variation").LearnableSELUVariation(num_channels=3)
    x = torch.randn(4, 3, 5)
    program = torch.export.export(layer, (x,), dynamic_shapes={"x": {0: torch.export.Dim("batch")}}).module()
    program(x[:2]).square().sum().backward()
    layer(x[:2]).square().sum().backward()
    for name, parameter in layer.named_parameters():
        torch.testing.assert_close(program.get_parameter(name).grad, parameter.grad)


def test_transforms_go_through_an_exported_program(activation):
    elu = activation("elu").elu
    program = exported(elu, [torch.ones(2)])
    x = torch.tensor([-40.0, 2.0])
    assert torch.equal(grad(lambda v: program(v).sum())(x), activation("elu").partials(x)[0])
    assert torch.equal(jvp(program, (x,), (torch.ones(2),))[1], activation("elu").partials(x)[0])


def test_exported_without_gradients_it_is_the_formula_alone(activation):
    elu = activation("elu").elu
    with torch.no_grad():
        program = torch.export.export(Layer(elu), (torch.ones(3),))
    assert not any("detach" in str(node.target) for node in program.graph.nodes)
    assert torch.equal(program.module()(torch.tensor([-1.0, 0, 2])), elu(torch.tensor([-1.0, 0, 2])))


def test_a_tangent_that_is_not_there_meets_no_infinite_slope(activation):
    glu = activation("glu").glu
    a, b = torch.tensor([math.inf]), torch.tensor([0.7])
    assert jvp(lambda v: glu(v, b), (a,), (torch.ones(1),))[1].item() == torch.sigmoid(b.double()).float().item()


def test_importing_a_module_imports_no_compiler(activation, emitted):
    code = f"import sys; sys.path.insert(0, {str(emitted)!r}); import elu_torch; print('torch._dynamo' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"

"""The examples of the generated pages, run as they are printed, beside the files they import."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from javascript_files import run_node
from spec_units import catalogue, spec, unit

from actgen.backends.base import Unit, backend
from actgen.docs.usage import examples

AWKWARD = spec(
    """
inputs: [layer, loss]
parameters:
  half: {init: {normal: [1, 0.1]}, learnable: false}
  lambda: {init: {uniform: [0.5, 1]}, bounds: [0, .inf], via: project, regularizer: {l2: 0.1}, learnable: false}
outputs: {model: 'lambda * layer + half * loss', y: layer * sin(loss)}
combine: concat
""",
    "awkward",
)
NAMES = ("selu_variation", "swiglu", "snake", "gelu")


def units() -> list[Unit]:
    return [*(catalogue(name) for name in NAMES), unit(AWKWARD)]


@pytest.mark.parametrize("framework", ["torch", "keras", "jax"])
def test_every_example_runs(framework: str, tmp_path: Path) -> None:
    for one in units():
        for name, text in backend(framework).files(one).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
    programs = {one.activation.name: examples(one.activation, [framework])[0].code for one in units()}
    for name, code in programs.items():
        (tmp_path / f"example_{name}.py").write_text(code + "\n", encoding="utf-8")
    script = (
        "import runpy\n" + "".join(f"runpy.run_path('example_{name}.py')\n" for name in programs) + "print('done')\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500
    )
    assert run.returncode == 0, run.stderr[-4000:]
    assert run.stdout.strip().endswith("done")


def test_every_example_runs_in_node_and_in_a_page(tmp_path: Path) -> None:
    for one in [*units(), unit(spec("expression: sin(x)", "new"))]:
        name = one.activation.name
        for file, text in backend("javascript").files(one).items():
            (tmp_path / file).write_text(text, encoding="utf-8")
        [example] = examples(one.activation, ["javascript"])
        node, page = example.snippets
        assert (node.language, page.language) == ("javascript", "html")
        (tmp_path / "example.js").write_text(f"{node.code}\nconsole.log(JSON.stringify(values));", encoding="utf-8")
        by_page = scripts_of(page.code, tmp_path) + "\nconsole.log(JSON.stringify(values));"
        said = [run_node(["example.js"], tmp_path), run_node(["-e", by_page], tmp_path)]
        assert said[0] == said[1]
        assert len(json.loads(said[0])) == len(one.activation.outputs), name


def scripts_of(page: str, folder: Path) -> str:
    """What a page's script elements run, one after the other."""
    found = re.findall(r'<script(?: src="([^"]*)")?>(.*?)</script>', page, re.DOTALL)
    return "\n".join((folder / file).read_text(encoding="utf-8") if file else inline for file, inline in found)


def test_an_example_shows_what_there_is() -> None:
    code = {e.framework: e.code for e in examples(catalogue("selu_variation").activation)}
    assert list(code) == ["PyTorch", "Keras", "JAX", "JavaScript"]
    assert "y = selu_variation(x, lambda_=1.0507)" in code["PyTorch"]
    assert "per_channel=True" in code["Keras"]
    assert "jax.grad(loss)" in code["JAX"]
    plain = {e.framework: e.code for e in examples(catalogue("gelu").activation)}
    assert "optimiser" not in plain["PyTorch"]
    gate = {e.framework: e.code for e in examples(catalogue("swiglu").activation)}
    assert "torch.cat([gate, value], dim=-1)" in gate["PyTorch"]


def test_an_example_shows_derivatives_and_assignment() -> None:
    code = {e.framework: e.code for e in examples(catalogue("selu_variation").activation)}
    assert all("slopes = partials(x)" in code[name] for name in ("PyTorch", "Keras", "JAX"))
    assert "slopes = selu_variation.partials(0.5);" in code["JavaScript"]
    assert "layer.assign_(lambda_=1.0507)" in code["PyTorch"]
    assert "layer.lambda_ = 1.0507" in code["Keras"]


def test_what_is_bounded_by_projection_is_projected_after_a_step() -> None:
    code = {e.framework: e.code for e in examples(unit(AWKWARD).activation)}
    assert "optimiser.step()\nlayer.project_()" in code["PyTorch"]
    assert "params = project(params)" in code["JAX"]
    assert "project_" not in examples(catalogue("snake").activation, ["torch"])[0].code


def test_training_uses_every_output() -> None:
    code = {e.framework: e.code for e in examples(catalogue("complex_soft_exponential").activation)}
    assert "loss = re.square().mean() + im.square().mean() +" in code["PyTorch"]
    assert "return jnp.mean(jnp.square(re)) + jnp.mean(jnp.square(im)) +" in code["JAX"]


def test_the_versions_on_a_page_are_those_that_the_package_asks_for() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = dict(r.split(";")[0].split(">=") for name in ("torch", "keras", "jax") for r in extras[name])
    needs = {e.framework: e.needs for e in examples(catalogue("gelu").activation)}
    assert f"PyTorch {asked['torch']} or newer" in needs["PyTorch"]
    assert f"Keras {asked['keras']} or newer" in needs["Keras"]
    assert f"JAX {asked['jax']} or newer" in needs["JAX"]
    assert f"Flax {asked['flax']} or newer" in needs["JAX"]


def test_no_variable_of_an_example_hides_another() -> None:
    [code] = [e.code for e in examples(unit(AWKWARD).activation, ["torch"])]
    assert "layer_ = torch.randn(8, 16)" in code
    assert "model_, y = awkward(layer_, loss_)" in code
    [code] = [e.code for e in examples(unit(spec("inputs: [partials]\nexpression: sin(partials)")).activation, ["jax"])]
    assert "slopes = partials(partials_)" in code


def test_an_example_names_what_a_layer_can_be_told() -> None:
    code = {e.framework: e.code for e in examples(catalogue("selu_variation").activation)}
    assert 'LearnableSELUVariation(lambda_init=1.0507, learnable=["lambda_"])' in code["PyTorch"]
    assert 'LearnableSELUVariation(lambda_initializer=1.0507, learnable=["lambda_"])' in code["Keras"]
    assert 'LearnableSELUVariation(lambda_init=1.0507, learnable=["lambda_"])' in code["JAX"]
    assert "jnp.concatenate([gate, value], axis=-1)" in examples(catalogue("swiglu").activation, ["jax"])[0].code
    assert "params = project(params)" in examples(unit(AWKWARD).activation, ["jax"])[0].code

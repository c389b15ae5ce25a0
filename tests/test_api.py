import subprocess
import sys
from pathlib import Path

import pytest

import actgen

SPECS = Path(__file__).parents[1] / "specs"


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("actgen: 1\nname: bad\nexpression: alpa * x + beto\n")
    return path


def test_load_gives_the_activation():
    found = actgen.load(SPECS / "selu_variation.yaml")
    assert isinstance(found, actgen.Activation)
    assert [p.name for p in found.parameters] == ["lambda", "alpha", "beta", "gamma", "omega"]


def test_load_takes_text_paths_too():
    assert actgen.load(str(SPECS / "relu.yaml")).name == "relu"


def test_load_raises_with_every_finding(bad):
    with pytest.raises(actgen.SpecError) as caught:
        actgen.load(bad)
    assert [d.code for d in caught.value.diagnostics] == ["ACT302", "ACT302"]


def test_load_of_nothing_is_a_spec_error(tmp_path):
    with pytest.raises(actgen.SpecError, match="ACT001"):
        actgen.load(tmp_path / "nowhere.yaml")


def test_load_needs_no_sympy():
    code = f"import actgen, sys; actgen.load({str(SPECS / 'relu.yaml')!r}); sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_notebook_shows_the_formula():
    shown = actgen.load(SPECS / "selu_variation.yaml")._repr_latex_()
    assert shown is not None
    assert shown.startswith("$$")
    assert shown.endswith("$$")
    assert r"\begin{cases}" in shown
    assert r"\lambda" in shown


def test_a_notebook_shows_every_output():
    shown = actgen.load(SPECS / "complex_soft_exponential.yaml")._repr_latex_()
    assert shown is not None
    assert r"\\" in shown


def test_build_returns_what_was_written(tmp_path):
    result = actgen.build(SPECS / "relu.yaml", out=tmp_path, verify=False, targets=["torch"])
    assert isinstance(result, actgen.BuildResult)
    assert (result.name, result.folder, result.verified) == ("relu", tmp_path / "relu", None)
    assert "relu_torch.py" in result.written


def test_build_raises_with_every_finding(bad, tmp_path):
    with pytest.raises(actgen.SpecError, match="ACT302"):
        actgen.build(bad, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_there_is_nothing_else():
    with pytest.raises(AttributeError, match="no attribute 'biuld'"):
        _ = actgen.biuld
    assert {"load", "build", "SpecError"} <= set(dir(actgen))

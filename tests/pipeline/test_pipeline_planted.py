"""A wrong gradient, planted in each place where one could arise, must stop a build and leave the old output."""

import shutil
from dataclasses import replace

import pytest

from actgen.cli import run
from actgen.program.program import node

SPEC = """\
actgen: 1
name: bend
parameters:
  alpha: 0.75
expression: Piecewise((x, x > 0), (alpha * (exp(x) - 1), True))
"""


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def spec(write):
    return write("bend", SPEC)


@pytest.fixture
def out(spec, tmp_path):
    """An output folder that holds an earlier build; the spec has changed since."""
    folder = tmp_path / "generated"
    assert run(["build", "--no-verify", "--out", str(folder), str(spec)]) == 0
    spec.write_text(spec.read_text() + "# changed\n")
    return folder


def plant_in_program(monkeypatch, tmp_path):
    from actgen.program.lower import lower

    def wrong(derivation):
        program = lower(derivation)
        key = ("y", "alpha")
        return replace(program, partials={**program.partials, key: node("neg", program.partials[key])})

    monkeypatch.setattr("actgen.program.lower.lower", wrong)


def plant_in_template(monkeypatch, tmp_path):
    from actgen.emit import templates
    from actgen.resources import templates_folder

    copy = tmp_path / "templates"
    shutil.copytree(templates_folder(), copy)
    path = copy / "torch" / "autograd.py.j2"
    text = path.read_text()
    assert "_summed(grad * p, a)" in text
    path.write_text(text.replace("_summed(grad * p, a)", "_summed(grad * p * 1.0001, a)"))
    monkeypatch.setattr(templates, "templates_folder", lambda: copy)
    templates._environment.cache_clear()


def plant_in_backend(monkeypatch, tmp_path):
    from actgen.backends.torch import DIALECT

    assert DIALECT.calls["exp"] == "torch.exp({0})"
    monkeypatch.setitem(DIALECT.calls, "exp", "torch.exp2({0})")  # the value uses expm1, the derivative exp


@pytest.fixture(autouse=True)
def clean_templates():
    from actgen.emit import templates

    yield
    templates._environment.cache_clear()


@pytest.mark.parametrize("plant", [plant_in_program, plant_in_template, plant_in_backend])
def test_a_planted_gradient_stops_the_build(plant, spec, out, monkeypatch, tmp_path, capsys):
    before = tree(out)
    plant(monkeypatch, tmp_path)
    capsys.readouterr()
    assert run(["build", "--target", "torch", "--require", "torch", "--out", str(out), str(spec)]) == 1
    shown = capsys.readouterr().out
    assert "error[ACT602] torch: ∂y/∂" in shown
    assert "`checks: domain`" in shown
    assert "`actgen build --no-verify`" in shown
    assert "failed" in shown
    assert tree(out) == before


def test_without_a_plant_the_build_is_good(spec, out, capsys):
    assert run(["build", "--target", "torch", "--require", "torch", "--out", str(out), str(spec)]) == 0
    assert "torch ok" in capsys.readouterr().out

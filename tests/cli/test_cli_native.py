"""`actgen native build`."""

import pytest

from actgen.cli.app import run
from actgen.pipeline import build


@pytest.fixture
def out(tmp_path, monkeypatch):
    spec = tmp_path / "ramp.yaml"
    spec.write_text("actgen: 1\nname: ramp\nparameters: {a: 2}\nexpression: a * x / (1 + exp(-x))\n")
    build([spec], tmp_path / "out", verify=False)
    monkeypatch.setenv("ACTGEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "out"


def test_kernels_are_compiled_into_the_cache(out, capsys):
    assert run(["native", "build", "--out", str(out), "--format", "float32"]) == 0
    assert capsys.readouterr().out.split() == ["compiled", "ramp", "2", "kernels"]
    made = sorted(path.name for path in (out.parent / "cache").glob("*.so"))
    assert len(made) == 2
    assert run(["native", "build", "--out", str(out), "--format", "float32", "ramp"]) == 0
    assert sorted(path.name for path in (out.parent / "cache").glob("*.so")) == made


def test_what_cannot_be_compiled(out, capsys, monkeypatch):
    assert run(["native", "build", "--out", str(out), "other"]) == 2
    assert "actgen build" in capsys.readouterr().err
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert run(["native", "build", "--out", str(out)]) == 1
    assert "no C++ compiler" in capsys.readouterr().err
    monkeypatch.delenv("CXX")
    (out / "ramp" / "ramp_kernel.h").write_text("#error no\n")
    assert run(["native", "build", "--out", str(out)]) == 1
    assert "#error no" in capsys.readouterr().err

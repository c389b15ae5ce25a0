import json
import subprocess
import sys

import pytest

import actgen
from actgen.cli import run
from actgen.resources import schema_file

FRAMEWORKS = ("torch", "tensorflow", "keras", "jax")
HEAVY = ("sympy", "numpy", "matplotlib", "jinja2", "pydantic", "starlette", "uvicorn", *FRAMEWORKS)


@pytest.mark.parametrize("command", ["--help", "build --help", "design --help", "--version", "schema"])
def test_help_imports_nothing_heavy(command):
    code = f"""
import sys
from actgen.cli import run
code = run({command.split()!r})
heavy = [name for name in {HEAVY!r} if name in sys.modules]
sys.exit(f"imported {{heavy}}" if heavy else code)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_importing_the_package_is_light():
    code = f"import sys, actgen; sys.exit(any(name in sys.modules for name in {(*HEAVY, 'click', 'rich')!r}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_version(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"actgen {actgen.__version__}\n"


def test_schema_is_what_the_package_holds(capsys):
    assert run(["schema"]) == 0
    out = capsys.readouterr().out
    assert out == schema_file().read_text(encoding="utf-8")
    assert json.loads(out)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell, capsys):
    assert run(["completion", shell]) == 0
    assert "_ACTGEN_COMPLETE" in capsys.readouterr().out


def test_completion_knows_the_targets(actgen):
    for command, more in (("verify", []), ("build", ["plain,cuda-extension", "plain,pdf"])):
        words = f"actgen {command} --target "
        done = actgen(_ACTGEN_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD="3")
        assert done.stdout.splitlines() == ["plain,torch", "plain,keras", "plain,jax", "plain,javascript", *more]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build"], "Missing argument 'SPEC...'"),
        (["build", "nowhere.yaml"], "there is no nowhere.yaml"),
        (["check", "-"], "- is a stream, not a file"),
        (["check", "/dev/null"], "/dev/null is a stream, not a file"),
        (["build", "*.nothing"], "there is no spec in *.nothing"),
        (["bild"], "No such command 'bild'"),
        (["build", ".", "--target", "caffe"], "'caffe' is not one of torch, keras, jax"),
        (["build", ".", "--jobs", "0"], "0 is not in the range x>=1"),
        (["build", ".", "--output-format", "xml"], "'xml' is not one of"),
        (["build", "a.yaml", "--check", "--diff"], "exclude each other"),
        (["build", "a.yaml", "--no-verify", "--require", "torch"], "nothing is verified"),
        (["design", "--port", "65536"], "65536 is not in the range"),
        (["design", "--time-limit", "0"], "0.0 is not in the range x>0"),
        (["show", "nowhere.yaml"], "does not exist"),
        (["completion", "tcsh"], "'tcsh' is not one of"),
    ],
)
def test_wrong_usage_is_2(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("")
    assert run(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_near_name_is_suggested(capsys, write, monkeypatch, tmp_path):
    write("selu_variation")
    monkeypatch.chdir(tmp_path)
    assert run(["check", "specs/selu_variaton.yaml"]) == 2
    assert "did you mean specs/selu_variation.yaml?" in " ".join(capsys.readouterr().err.split())


@pytest.fixture
def broken(monkeypatch):
    def fail(*arguments, **options):
        raise LookupError("no such row")

    monkeypatch.setattr("actgen.pipeline.checking.check", fail)


def test_an_internal_error_says_what_to_report(broken, write, capsys):
    assert run(["check", str(write())]) == 2
    err = capsys.readouterr().err
    assert "this is a bug in actgen: LookupError: no such row" in err
    assert f"actgen {actgen.__version__}, Python 3." in err
    assert "Traceback" not in err


@pytest.mark.parametrize("where", ["before", "after", "variable"])
def test_debug_shows_the_traceback(where, broken, write, capsys, monkeypatch):
    arguments = ["check", str(write())]
    if where == "variable":
        monkeypatch.setenv("ACTGEN_DEBUG", "1")
    else:
        arguments.insert(0 if where == "before" else 2, "--debug")
    assert run(arguments) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_bug(write):
    command = f"{sys.executable} -m actgen schema | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_an_unwritable_folder_is_trouble_and_no_bug(write, capsys, tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be")
    assert run(["new", "ramp", "--out", str(tmp_path / "out" / "deeper")]) == 2
    assert "bug" not in capsys.readouterr().err

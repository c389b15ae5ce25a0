import json
import os
import pty
import subprocess
import sys

import pytest

from actgen.cli import run
from actgen.emit.manifest import read_manifest

BAD = "actgen: 1\nname: {name}\nexpression: alpa * x\n"


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)


def build(*arguments):
    return run(["build", "--no-verify", *map(str, arguments)])


def test_build_goes_to_generated_and_says_so(write, tmp_path, capsys):
    assert build(write()) == 0
    assert capsys.readouterr().out == (
        "built       generated/tilt  NOT VERIFIED\nbuilt       generated/actgen_native\n"
        "built       generated/assets\nbuilt       generated/index.html\n1 spec: 1 built\n"
    )
    assert read_manifest(tmp_path / "generated" / "tilt") is not None
    assert build("specs") == 0
    assert capsys.readouterr().out == "up to date  generated/tilt\n1 spec: 1 up to date\n"


def test_a_bad_spec_is_1_with_its_place(write, tmp_path, capsys):
    write()
    path = write("wrong", BAD)
    assert build("specs") == 1
    captured = capsys.readouterr()
    assert "error[ACT302]" in captured.out
    assert f"--> {path.relative_to(tmp_path)}:3:13" in captured.out
    assert "failed      specs/wrong.yaml\n" in captured.out
    assert captured.out.endswith("2 specs: 1 built, 1 failed\n")
    assert captured.err == ""
    there = {p.name for p in (tmp_path / "generated").iterdir()}
    assert there == {".actgen", "actgen_native", "assets", "index.html", "manifest.json", "tilt"}


def test_check_and_diff_are_1_when_stale(write, tmp_path, capsys):
    path = write()
    build(path)
    assert run(["build", "--no-verify", "--check", str(path)]) == 0
    path.write_text(path.read_text().replace("0.5", "0.25"))
    before = tree(tmp_path)
    capsys.readouterr()
    assert run(["build", "--no-verify", "--check", "--output-format", "concise", str(path)]) == 1
    out = capsys.readouterr().out
    assert "error[ACT802] generated/tilt/tilt_torch.py is not what a build writes" in out
    assert "stale       generated/tilt\n" in out
    assert run(["build", "--no-verify", "--diff", str(path)]) == 1
    assert "--- generated/tilt/tilt_torch.py\n+++ generated/tilt/tilt_torch.py\n" in capsys.readouterr().out
    assert tree(tmp_path) == before


def test_two_activations_have_an_index_that_check_knows(write, tmp_path, capsys):
    write("ramp")
    write("tilt")
    assert build("specs") == 0
    names = ("ramp  NOT VERIFIED", "tilt  NOT VERIFIED", "actgen_native", "assets", "index.html")
    lines = [f"built       generated/{name}" for name in names]
    assert capsys.readouterr().out.splitlines() == [*lines, "2 specs: 2 built"]
    assert build("specs") == 0
    assert "index" not in capsys.readouterr().out
    index = tmp_path / "generated" / "README.md"
    index.write_text(index.read_text() + "more")
    assert run(["build", "--no-verify", "--check", "--output-format", "concise", "specs/ramp.yaml"]) == 1
    out = capsys.readouterr().out
    assert "error[ACT802] generated/README.md is not what a build writes" in out
    assert "up to date  generated/ramp\nstale       generated/index.html\n1 spec: 1 up to date\n" in out
    assert run(["build", "--no-verify", "--diff", "specs/ramp.yaml"]) == 1
    assert "--- generated/README.md\n+++ generated/README.md\n" in capsys.readouterr().out


def test_findings_as_json_and_nothing_else(write, capsys):
    write()
    write("wrong", BAD)
    assert run(["build", "--no-verify", "--output-format", "json", "specs"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["code"], found["path"], found["line"], found["column"]) == ("ACT302", "specs/wrong.yaml", 3, 13)


def test_findings_for_github(write, capsys):
    write("wrong", BAD)
    assert run(["check", "--output-format", "github", "specs/wrong.yaml"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("::error title=actgen ACT302,file=specs/wrong.yaml,line=3,col=13,")
    assert len(out.splitlines()) == 1


def test_check_derives_and_writes_nothing(write, tmp_path, capsys):
    write()
    write(
        "flat", "actgen: 1\nname: flat\nexpression: Piecewise((0, x > 0), (x, True))\nchecks: {smoothness: {x: C2}}\n"
    )
    before = tree(tmp_path)
    assert run(["check", "specs/tilt.yaml"]) == 0
    assert capsys.readouterr().out == "1 spec: 1 good\n"
    run(["check", "specs"])
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("smoothness: {x: C1}", "ACT614"),
        ("points: [{at: {x: 1}, y: 2}]", "ACT611"),
        ("points: [{at: {x: -1}, dx: 1}]", "ACT611"),
    ],
)
def test_check_decides_what_needs_no_samples(claim, code, write, capsys):
    path = write("ramp", "actgen: 1\nname: ramp\nexpression: max(x, 0)\nchecks:\n  " + claim + "\n")
    assert run(["check", str(path)]) == 1
    out = capsys.readouterr().out
    assert f"error[{code}]" in out
    assert "1 spec: 1 failed\n" in out


def test_check_runs_no_framework(write):
    code = """
import sys
from actgen.cli import run
run(["check", "specs"])
sys.exit(bool({"torch", "jax", "keras"} & {*sys.modules}))
"""
    write()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1 spec: 1 good\n")


def test_check_finds_names_that_clash(write, capsys):
    write("ramp")
    write("tilt").write_text((write("ramp")).read_text())
    assert run(["check", "specs"]) == 1
    assert "ACT207" in capsys.readouterr().out


def test_new_writes_a_spec_that_builds(tmp_path, capsys):
    assert run(["new", "my_ramp"]) == 0
    assert "next: actgen build my_ramp.yaml" in capsys.readouterr().out
    assert run(["check", "my_ramp.yaml"]) == 0
    assert build("my_ramp.yaml") == 0
    assert "class MyRamp" in (tmp_path / "generated" / "my_ramp" / "my_ramp_torch.py").read_text()


def test_new_never_overwrites(tmp_path, capsys):
    (tmp_path / "my_ramp.yaml").write_text("mine")
    assert run(["new", "my_ramp"]) == 1
    assert "my_ramp.yaml exists" in capsys.readouterr().out
    assert (tmp_path / "my_ramp.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["Ramp", "2x", "lambda", "native", "a b", "a # b", "../up", "a\nb: 1", "", "_x", "x" * 65]
)
def test_new_refuses_what_is_no_name(name, tmp_path):
    assert run(["new", name]) == 1
    assert list(tmp_path.rglob("*")) == []


def test_show(write, capsys):
    path = str(write())
    shown = {}
    for form in ("math", "latex", "program", "torch", "keras", "jax", "kernel"):
        assert run(["show", path, "--as", form]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        shown[form] = captured.out
    assert "f = x          if x > 0\n    alpha * x  otherwise\n" in shown["math"]
    assert r"\alpha" in shown["latex"]
    assert "y = where(" in shown["program"]
    assert "import torch" in shown["torch"]
    assert "import keras" in shown["keras"]
    assert "import jax" in shown["jax"]
    assert "namespace actgen_kernels {" in shown["kernel"]


def test_show_is_what_build_writes(write, tmp_path, capsys):
    path = write()
    build(path)
    capsys.readouterr()
    run(["show", str(path), "--as", "torch"])
    assert capsys.readouterr().out == (tmp_path / "generated" / "tilt" / "tilt_torch.py").read_text()


def test_show_of_a_bad_spec_keeps_standard_output_clean(write, capsys):
    assert run(["show", str(write("wrong", BAD))]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "ACT302" in captured.err


def test_verify_needs_files(write, capsys):
    assert run(["verify", str(write())]) == 1
    assert "generated/tilt/tilt_torch.py is missing" in capsys.readouterr().out


def test_verify_finds_an_edit_and_writes_nothing(write, tmp_path, capsys):
    path = write()
    build(path, "--target", "torch")
    before = tree(tmp_path)
    assert run(["verify", "--require", "torch", str(path)]) == 0
    assert "good        specs/tilt.yaml  torch ok" in capsys.readouterr().out.replace(f"{tmp_path}/", "")
    assert tree(tmp_path) == before
    module = tmp_path / "generated" / "tilt" / "tilt_torch.py"
    text = module.read_text()
    assert "alpha * x" in text
    module.write_text(text.replace("alpha * x", "alpha * x * 1.01"))
    assert run(["verify", str(path)]) == 1
    assert "error[ACT601] torch" in capsys.readouterr().out


def through_a_terminal(tmp_path, *arguments, **environment):
    """What a terminal shows of a command."""
    main, side = pty.openpty()
    command = [sys.executable, "-m", "actgen", *arguments]
    with subprocess.Popen(
        command, stdin=side, stdout=side, stderr=side, cwd=tmp_path, env={**_ENVIRONMENT, **environment}
    ) as child:
        import os

        os.close(side)
        chunks = []
        while True:
            try:
                chunk = os.read(main, 65536)
            except OSError:
                break
            if not chunk:
                break
            chunks.append(chunk)
        child.wait(timeout=120)
        os.close(main)
    return b"".join(chunks).decode()


_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "COLUMNS": "200"}


def test_a_terminal_has_colours_and_progress_unless_told_otherwise(write, tmp_path):
    write("ramp", BAD)
    write("wrong", BAD)
    shown = through_a_terminal(tmp_path, "build", "--no-verify", "specs")
    assert "\x1b[1;31merror[ACT302]" in shown
    assert "building" in shown
    plain = through_a_terminal(tmp_path, "check", "specs", NO_COLOR="1")
    assert "error[ACT302]" in plain
    assert "\x1b[" not in plain


def test_a_pipe_has_neither(write, actgen):
    write("ramp", BAD)
    write("wrong", BAD)
    done = actgen("build", "--no-verify", "specs")
    assert (done.returncode, done.stderr) == (1, "")
    assert "\x1b" not in done.stdout


def test_warnings_alone_are_good(write, capsys):
    parameter = "alpha: {init: 0.5, nominal: 9, bounds: [0, 1]}"
    path = write("dull", f"actgen: 1\nname: dull\nparameters:\n  {parameter}\nexpression: alpha * x\n")
    assert run(["check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "warning[ACT410]" in out
    assert "1 spec: 1 good, 1 warning\n" in out


def test_what_is_not_installed_reads_not_run(write, capsys, monkeypatch):
    monkeypatch.setattr("actgen.verify.verify.missing", lambda runner: runner.needs)
    path = str(write())
    assert run(["build", path]) == 0
    assert (
        "built       generated/tilt  torch NOT RUN, keras NOT RUN, jax NOT RUN, javascript NOT RUN\n"
        in capsys.readouterr().out
    )
    assert run(["build", "--require", "jax", path]) == 1
    out = capsys.readouterr().out
    assert "error[ACT606]" in out
    assert "failed" in out


@pytest.mark.parametrize("command", [["show"], ["solve", "--for", "mean = 0"], ["check"], ["analyse"]])
def test_a_pipe_is_refused_and_not_waited_for(command, capsys):
    os.mkfifo("pipe.yaml")
    assert run([*command, "pipe.yaml"]) == 2
    assert "pipe.yaml is a stream, not a file" in capsys.readouterr().err

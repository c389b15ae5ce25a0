"""What a person who watches a terminal is told while a build works."""

import pytest

from actgen.cli.progress import progress, words
from actgen.pipeline.progress import Part
from actgen.pipeline.results import Stage


@pytest.mark.parametrize(
    ("news", "shown"),
    [
        (Stage.CERTIFYING, "certifying"),
        (Part(Stage.VERIFYING, "torch", "begun"), "verifying torch"),
        (Part(Stage.VERIFYING, "torch", "done", "value 0.5 ulp"), "torch value 0.5 ulp"),
        (Part(Stage.PRINTING, "jax", "done"), "jax done"),
    ],
)
def test_stages_and_their_parts_in_words(news, shown):
    assert words(news) == shown


@pytest.mark.parametrize("total", [1, 3])
def test_a_terminal_sees_the_stage_and_what_is_finished(total, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress(total, "building") as step:
        step.stage(Part(Stage.VERIFYING, "torch", "begun"))
        step("tilt")
    shown = capsys.readouterr().err
    assert "building" in shown
    assert "tilt" in shown


def test_nothing_is_shown_where_nobody_watches(capsys):
    with progress(1, "building") as step:
        step.stage(Stage.VERIFYING)
    assert capsys.readouterr().err == ""

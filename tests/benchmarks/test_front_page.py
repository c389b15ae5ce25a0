"""The tables of the front page are what the kept figures give; nothing is measured here."""

import json
from pathlib import Path

import pytest
from accuracy import with_summary
from marked import replaced
from performance.front_page import GPU_SIZE, read_gpu, tables
from performance.goals import MEDIUM
from performance.results import Part, read
from performance.subjects import SUBJECTS
from speed import with_times

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "benchmarks"
README = (ROOT / "README.md").read_text(encoding="utf-8")
FACTS = {"CPU": "a fast one", "cores": "2", "PyTorch": "2.13", "date": "2026-11-27", "commit": "abc"}
GPU = Part(facts={**FACTS, "GPU": "a GPU"})


def row(candidate, both_ms, **cells):
    place = {"framework": "torch", "subject": "gelu", "dtype": "float32", "size": MEDIUM}
    return {**place, "candidate": candidate, "both_ms": both_ms, **cells}


def gelu(cpu, gpu=GPU):
    [line] = [line for line in tables(cpu, gpu)[:8] if line.startswith("| GELU")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_times_on_the_front_page_are_the_kept_ones():
    assert with_times(README, read(KEPT / "speed.json")) == README, (
        "python benchmarks/speed.py --redraw --readme README.md"
    )


def test_the_errors_on_the_front_page_are_the_kept_ones():
    found = json.loads((KEPT / "accuracy.json").read_text(encoding="utf-8"))
    assert with_summary(README, found) == README, "python benchmarks/accuracy.py --readme README.md"


def test_every_subject_has_a_time_of_ours_on_both_devices():
    for part, size in ((read(KEPT / "speed.json")["cpu"], MEDIUM), (read_gpu(KEPT / "gpu.json"), GPU_SIZE)):
        for dtype in ("float32", "bfloat16"):
            found = {r["subject"] for r in part.of(dtype=dtype, size=size, candidate="actgen")}
            assert found == {subject.name for subject in SUBJECTS}


def test_the_fastest_is_marked_whoever_it_is():
    ours = gelu(Part(FACTS, (row("native", 2.0), row("naive", 8.126), row("actgen", 1.5))))
    assert ours[1:5] == ["8.13", "2.00", "–", "**1.50**"]
    theirs = gelu(Part(FACTS, (row("native", 2.0), row("actgen", 104.0), row("compile(actgen)", 1.0))))
    assert theirs[1:5] == ["–", "**2.00**", "–", "104"]


def test_other_frameworks_sizes_and_formats_are_left_out():
    others = (row("native", 1.0, framework="jax"), row("native", 1.0, size=7), row("native", 1.0, dtype="bfloat16"))
    assert gelu(Part(FACTS, (*others, row("native", 3.0))))[1:5] == ["–", "**3.00**", "–", "–"]


def test_the_conditions_name_the_machine_the_day_and_other_work():
    busy = Part({**FACTS, "load before": "0.89"}, ())
    cpu, gpu = tables(busy, GPU)[-2:]
    assert cpu.startswith(
        "CPU: a fast one, 2 cores, 10⁶ numbers, PyTorch 2.13, 2026-11-27, commit abc. The machine had"
    )
    assert "load 0.89" in cpu
    assert gpu == "GPU: a GPU, 2 cores, 10⁸ numbers, PyTorch 2.13, 2026-11-27, commit abc."


def test_a_part_between_marks_is_replaced_and_nothing_else():
    page = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n"
    assert replaced(page, "x", ["| 1 |", "| 2 |"]) == "a\n<!-- x -->\n| 1 |\n| 2 |\n<!-- /x -->\nb\n"
    with pytest.raises(ValueError, match="<!-- y -->"):
        replaced(page, "y", [])

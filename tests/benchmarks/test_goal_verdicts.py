"""Goals are held against figures that were kept; nothing is timed here."""

import json

import pytest
from performance.goals import GOALS, Bandwidth, Figure, Goal, Most, Ratio
from performance.judging import judged, rounded
from performance.measuring import Plan, figures
from performance.page import goals_table, page, summary
from performance.plots import apart, plots
from performance.results import Found, Part, read, write
from performance.subjects import SUBJECTS

SIZE = 1_000_000
NAMES = [subject.name for subject in SUBJECTS]


def row(subject, candidate, both_ms, **cells):
    place = {"framework": "torch", "subject": subject, "dtype": "float32", "size": SIZE, "elements": SIZE}
    times = {"forward_ms": both_ms / 3, "both_ms": both_ms, "forward_bw": 0.5, "both_bw": 1 / both_ms, "saved": 0.0}
    return {**place, "candidate": candidate, **times, **cells}


def part(*rows, **others):
    return {"cpu": Part(rows=rows, **others)}


def ratio(bound, **measure):
    return Goal("fast", Ratio("naive", "elu", SIZE, **measure), "at least", bound, "×")


def test_a_ratio_is_met_at_its_bound_and_missed_below():
    parts = part(row("elu", "naive", 30.0), row("elu", "actgen", 2.0))
    met, missed = judged(ratio(15), parts), judged(ratio(15.001), parts)
    assert (met.value, met.met, met.word, met.wanted) == (15, True, "yes", "≥ 15×")
    assert (met.measured, met.peer) == ("15× (2 ms)", "naive 30 ms")
    assert (missed.met, missed.word, missed.measured) == (False, "**missed**", "15× (2 ms)")


def test_what_was_not_measured_is_neither_met_nor_missed():
    assert judged(ratio(15), {}).measured == "NOT RUN: nothing was measured yet"
    assert judged(ratio(15), part()).measured == "NOT RUN: not in this run"
    assert judged(ratio(15, device="cuda"), part()).measured == "NOT RUN: no GPU"
    absent = judged(ratio(15, framework="jax"), part(missing={"jax": "No module named 'jax'"}))
    assert (absent.met, absent.word, absent.measured) == (None, "NOT RUN", "NOT RUN: No module named 'jax'")
    parts = part(row("elu", "naive", 30.0), missing={"torch elu": "out of memory"})
    assert judged(ratio(15), parts).reason == "out of memory"


def test_a_fast_kernel_that_is_known_to_be_wrong_misses():
    rows = row("elu", "naive", 30.0), row("elu", "actgen", 2.0)
    wrong = judged(ratio(2), part(*rows, certificates={"elu": "samples: FAILED"}))
    assert (wrong.met, wrong.measured) == (False, "15× (2 ms); its certificate says FAILED")
    assert judged(ratio(2), part(*rows, certificates={"elu": "samples: PASSED"})).met


def test_a_bandwidth_stands_beside_the_best_that_is_not_ours():
    goal = Goal("BW", Bandwidth("elu", SIZE), "at least", 0.8)
    rows = row("elu", "naive", 8.0), row("elu", "native", 1.6), row("elu", "actgen", 1.25)
    verdict = judged(goal, part(*rows, row("elu", "compile(actgen)", 1.0)))
    assert (verdict.value, verdict.met, verdict.peer) == (0.8, True, "native 0.625")


def test_the_most_is_over_all_subjects_or_not_run():
    goal = Goal("saved", Most("saved", SIZE), "at most", 0)
    rows = [row(name, c, 1.0, saved=s) for name in NAMES for c, s in (("naive", 21.0), ("actgen", 0.0))]
    assert judged(goal, part(*rows)).met
    assert judged(goal, part(*rows)).peer == "naive, up to 21"
    assert judged(goal, part(*rows[:-1])).met is None
    rows[-1] = {**rows[-1], "saved": 1e-6}
    verdict = judged(goal, part(*rows))
    assert (verdict.met, verdict.wanted, verdict.measured) == (False, "0", "1e-06")


def test_a_figure_is_met_up_to_its_bound():
    goal = Goal("build", Figure("build"), "at most", 0.8, " s")
    assert judged(goal, part(figures={"build": Found(0.8, "make 2 s")})).met
    assert judged(goal, part(figures={"build": Found(0.8000001)})).measured == "0.801 s"
    assert judged(goal, part(figures={"build": Found(float("nan"))})).met is False
    assert judged(goal, part(missing={"build": "no compiler"})).reason == "no compiler"


@pytest.mark.parametrize(
    ("value", "down", "up"),
    [(1.9999, "1.99", "2"), (14.99, "14.9", "15"), (2.0, "2", "2"), (4.321e-7, "4.32e-07", "4.33e-07"), (0, "0", "0")],
)
def test_numbers_are_never_rounded_in_our_favour(value, down, up):
    assert (rounded(value, up=False), rounded(value, up=True)) == (down, up)


def test_every_goal_is_about_something_that_a_full_run_measures():
    for goal in GOALS:
        measure = goal.measure
        cells = Plan(measure.device, tuple(NAMES)).cells
        if isinstance(measure, Ratio | Bandwidth):
            assert measure.subject in NAMES
            assert (measure.dtype, measure.size) in cells
        elif isinstance(measure, Most):
            assert ("float32", measure.size) in cells


def test_bits_that_differ_between_runs_or_threads_are_counted_by_case():
    def run(**bits):
        return {"bits": {"elu float32": bits}, "errors": {"selu_variation": {"naive": 0.01, "actgen": 2e-7}}}

    same = {"actgen": ["a", "a"], "naive": ["a", "b"]}
    found = figures([run(**same), run(**same)])
    assert (found["varying bits"], found["gradient error"].value) == (Found(0, "naive 1; of 1 cases"), 2e-7)
    assert figures([run(**same), run(**{**same, "actgen": ["b", "b"]})])["varying bits"].value == 1


def test_results_are_kept_and_become_a_page_and_pictures_without_timing(tmp_path):
    rows = [row("elu", c, ms * n, elements=n) for n in (1000, SIZE) for c, ms in (("naive", 3.0), ("actgen", 1.0))]
    parts = part(*rows, facts={"CPU": "a fast one"}, figures={"help": Found(0.1)}, missing={"jax": "no JAX"})
    write(tmp_path / "speed.json", parts)
    assert read(tmp_path / "speed.json") == parts
    assert json.loads((tmp_path / "speed.json").read_text())["cpu"]["facts"] == {"CPU": "a fast one"}
    assert read(tmp_path / "none.json") == {}
    drawn = plots(parts)
    assert list(drawn) == ["cpu_time.svg", "cpu_bandwidth.svg"]
    assert all(text.startswith("<?xml") for _, text in drawn.values())
    text = page(parts, [("plots/cpu_time.svg", "time")])
    assert "| `actgen --help` | ≤ 0.15 s | 0.1 s | yes |  |" in text
    assert "| JAX: LearnableSELU f+b over jit of naive, 1e6 | ≥ 15× | NOT RUN: no JAX | NOT RUN |  |" in text
    assert "![time](plots/cpu_time.svg)" in text
    assert "| ELU | 1,000,000 | naive | 1e+06 | 3e+06 |" in text


def test_the_table_counts():
    goals = [ratio(15), ratio(16), ratio(1, framework="jax")]
    parts = part(row("elu", "naive", 30.0), row("elu", "actgen", 2.0))
    lines = goals_table([judged(goal, parts) for goal in goals])
    assert lines[0].startswith("1 of 3 met, 1 missed, 1 NOT RUN.")
    assert len(lines) == 2 + 2 + 3


def test_figures_beside_other_work_are_marked():
    assert "other work (load 2.50)" in summary(part(facts={"load before": "2.50"}))[0]
    assert not any("other work" in line for line in summary(part(facts={"load before": "0.10"})))


def test_labels_are_moved_apart_about_their_mean():
    assert apart([0.1, 0.5, 0.9], 0.1) == [0.1, 0.5, 0.9]
    assert apart([0.5, 0.5], 0.1) == pytest.approx([0.45, 0.55])
    assert apart([0.3, 0.49, 0.5, 0.51], 0.1) == pytest.approx([0.3, 0.4, 0.5, 0.6])


def test_sizes_of_channels_are_near_what_is_asked_for():
    for subject in SUBJECTS:
        for size in (1_000, 10_000, 100_000, SIZE, 10_000_000, 50_000_000):
            got = 1
            for number in subject.shape(size):
                got *= number
            assert abs(got / size - 1) < 0.06

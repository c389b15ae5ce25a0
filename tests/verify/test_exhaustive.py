"""Going through all of float32, tried on some of it: faults are found, parts make the whole, a run goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from actgen.activation import Input
from actgen.formats import LAST, Array, by_ordinal, ordinals
from actgen.verify import verify as verification
from actgen.verify.exhaustive import whole as walking
from actgen.verify.exhaustive.blocks import Blocks
from actgen.verify.exhaustive.chunks import Chunk, Division
from actgen.verify.exhaustive.merging import merged
from actgen.verify.exhaustive.state import load
from actgen.verify.exhaustive.whole import MODES, Gone, Whole, blocks_of, gone_through
from actgen.verify.frameworks import Runner, runners
from actgen.verify.inputs import EVERY
from actgen.verify.judging import Judge
from actgen.verify.measured import text
from actgen.verify.oracle import Oracle
from actgen.verify.report import Cell, Level
from actgen.verify.screen import ProgramScreen
from actgen.verify.truths import Truths
from tests.verify.test_checker import unit, wrong_between
from tests.verify.toys import ToyScreen, activation, write

TORCH = runners("torch", False)[0]
ONE = int(ordinals(np.array(-1.0)))
AROUND = Division(chunk=1 << 13, block=1 << 11, low=ONE - 10_000, high=ONE + 10_000)


@cache
def blocks(size: int = AROUND.block) -> Blocks:
    made = unit()
    truths = Truths(made.activation, Oracle(made.activation), ProgramScreen(made.program))
    return blocks_of(Judge(made.activation, truths), {"x": [0.0]}, size)


def right(chunk: Chunk) -> dict[str, Array]:
    """What the program gives, rounded."""
    found = ProgramScreen(unit().program).values({"x": chunk.inputs()})
    with np.errstate(over="ignore"):
        values = {wrt: found["y", wrt].astype(np.float32) for wrt in (None, "x")}
    return {"function": values[None][None], "partials": values["x"][None, None]}


def cells(chunk: Chunk, measured: Mapping[str, Array], size: int = AROUND.block) -> dict[str, Cell]:
    return {c.mode: c for c in merged(blocks(size).cells(TORCH, chunk, measured))}


def whole_chunk() -> Chunk:
    return Chunk(AROUND.low, AROUND.high + 1, special=True)


def test_chunks_hold_every_number_once_and_what_has_no_ordinal() -> None:
    assert Division().size == 2**32 - 2 * (2**23 - 1) + 2  # a NaN of each sign stands for 2^23 - 1
    chunks = Division().chunks()
    assert (chunks[0].first, chunks[-1].stop) == (-LAST, LAST + 1)
    assert all(one.stop == other.first for one, other in pairwise(chunks))
    some = replace(AROUND, chunk=1 << 10, every=4).chunks()
    assert {other.first - one.first for one, other in pairwise(some)} == {1 << 12}
    assert [chunk.special for chunk in some] == [False] * (len(some) - 1) + [True]
    parts = [chunk.inputs() for chunk in AROUND.chunks()]
    found = np.concatenate(parts)
    assert np.array_equal(found[:-3], by_ordinal(np.arange(AROUND.low, AROUND.high + 1)))
    assert np.array_equal(np.signbit(found[-3:]), [True, False, True])
    assert found[-3] == 0
    assert np.isnan(found[-2:]).all()


@pytest.mark.parametrize("chunk", [Chunk(5, 13, special=True), Chunk(-3, 9), Chunk(0, 8, special=True)])
def test_blocks_are_the_chunk_in_order(chunk: Chunk) -> None:
    found = np.full(chunk.size, 7.5)
    for block, part in chunk.blocks(4):
        found[part] = block.inputs()
    np.testing.assert_array_equal(found, chunk.inputs())


def test_right_results_are_good_and_all_are_counted() -> None:
    for cell in cells(whole_chunk(), right(whole_chunk())).values():
        assert cell.level is Level.GOOD
        assert (cell.points, cell.dataset) == (20_001 + 3, EVERY)
        assert sum(cell.histogram) == cell.points
        assert 0.45 < cell.worst <= 0.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("place", [0, 1_234, 8_191, 8_192, 20_000])
def test_one_result_that_is_off_by_ten_ulps_is_found_and_placed(mode: str, place: int) -> None:
    chunk = whole_chunk()
    measured = right(chunk)
    row = measured[mode].reshape(-1)
    row[place] += np.float32(10) * np.spacing(row[place])
    found = cells(chunk, measured)
    assert found[mode].level is Level.WRONG
    assert 9.4 < found[mode].worst < 10.6
    assert found[mode].where["x"] == chunk.inputs()[place]
    assert found[mode].got == row[place]
    assert all(cell.level is Level.GOOD for other, cell in found.items() if other != mode)


@pytest.mark.parametrize("place", [3_000, -1, -2, -3])
@pytest.mark.parametrize("value", [np.nan, np.inf, 3.0])
def test_one_result_of_a_wrong_kind(place: int, value: float) -> None:
    chunk = whole_chunk()
    measured = right(chunk)
    row = measured["partials"].reshape(-1)
    if np.isnan(row[place]) and np.isnan(value):
        return
    row[place] = value
    cell = cells(chunk, measured)["partials"]
    assert cell.level is Level.WRONG
    assert cell.nan + cell.infinite + cell.finite + (cell.worst > 1e5) >= 1
    np.testing.assert_equal(cell.where["x"], chunk.inputs()[place])


def test_a_wrong_program_that_agrees_with_itself_is_found_and_right_files_are_not_blamed_for_it() -> None:
    low, high = by_ordinal(np.array([ONE - 3_000, ONE + 3_000], dtype=np.int64)).tolist()
    screen = ProgramScreen(wrong_between(low, high, 1 + 1e-5))
    chunk, astray = whole_chunk(), replace(blocks(), screen=screen)
    found = screen.values({"x": chunk.inputs()})
    rows = {mode: found["y", wrt].astype(np.float32) for mode, wrt in (("function", None), ("partials", "x"))}
    wrong = merged(
        astray.cells(TORCH, chunk, {"function": rows["function"][None], "partials": rows["partials"][None, None]})
    )
    assert [c.level for c in wrong] == [Level.WRONG] * 2
    assert all(low < c.where["x"] < high for c in wrong)
    blamed = merged(astray.cells(TORCH, chunk, right(chunk)))
    assert [c.level for c in blamed] == [Level.GOOD] * 2
    lacking = Gone(blamed, chunk.size).undecided()
    assert 0 < lacking["y", None] < 2 * 4_093 + 6_000


def spoiled() -> dict[str, Array]:
    """Results with faults of every kind, many of them alike."""
    measured = right(whole_chunk())
    generator = np.random.default_rng(1)
    for mode in MODES:
        row = measured[mode].reshape(-1)
        for place, ulps in zip(generator.integers(0, 20_000, 12).tolist(), [1, 1, 3, 3, 9, 9] * 2, strict=True):
            row[place] += np.float32(ulps) * np.spacing(row[place])
    measured["function"][0, [55, 9_000]] = np.nan
    return measured


@pytest.mark.parametrize("size", [1 << 9, 1 << 12])
@pytest.mark.parametrize("measured", [right(whole_chunk()), spoiled()], ids=["right", "spoiled"])
def test_the_cells_of_parts_merge_to_those_of_the_whole(size: int, measured: dict[str, Array]) -> None:
    parts = cells(whole_chunk(), measured, size)
    assert repr(parts) == repr(cells(whole_chunk(), measured, 1 << 20))
    backwards = list(blocks(size).cells(TORCH, whole_chunk(), measured))[::-1]
    assert all(repr(c) == repr(parts[c.mode]) for c in merged(backwards))


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Whole:
    """A run on planted faults; see `stopping`."""
    everything = spoiled()

    @contextmanager
    def measuring(runner: Runner, request: object, modes: object, chunks: list[Chunk], limit_s: float) -> Iterator:
        def results() -> Iterator[tuple[Chunk, dict[str, Array]]]:
            for chunk in chunks:
                start = chunk.first - AROUND.low
                part = slice(start, start + chunk.size)
                yield chunk, {mode: found[..., part] for mode, found in everything.items()}

        yield results()

    monkeypatch.setattr(walking, "measuring", measuring)
    return Whole(("torch",), tmp_path, "key", division=AROUND)


def request(tmp_path: Path) -> dict[str, object]:
    module = tmp_path / "bend_torch.py"
    if not module.is_file():
        module.write_text("# one", encoding="utf-8")
    return {"module": str(module), "device": "cpu"}


def stopping(whole: Whole, after: int) -> Whole:
    """Ctrl-C comes after so many chunks."""

    def on_part(name: str, runner: str, done: int, total: int) -> None:
        if done == after:
            raise KeyboardInterrupt

    return replace(whole, on_part=on_part)


def test_a_resumed_run_equals_an_uninterrupted_one(whole: Whole, tmp_path: Path) -> None:
    for after in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            gone_through(stopping(whole, after), TORCH, request(tmp_path), blocks())
    told = []
    resumed = gone_through(replace(whole, on_part=lambda *a: told.append(a)), TORCH, request(tmp_path), blocks())
    assert told == [("bend", "torch", 2, 3), ("bend", "torch", 3, 3)]
    (tmp_path / "other").mkdir()
    fresh = gone_through(replace(whole, folder=tmp_path / "other"), TORCH, request(tmp_path), blocks())
    assert repr(resumed) == repr(fresh)
    assert repr({c.mode: c for c in fresh.cells}) == repr(cells(whole_chunk(), spoiled()))
    assert fresh.undecided() == {}
    assert repr(gone_through(stopping(whole, 1), TORCH, request(tmp_path), blocks())) == repr(fresh)


def test_an_old_state_is_not_gone_on_from(whole: Whole, tmp_path: Path) -> None:
    wanted = request(tmp_path)

    def begins(changed: Whole, runner: Runner = TORCH, asked: Mapping[str, object] = wanted) -> bool:
        with pytest.raises(KeyboardInterrupt):
            gone_through(stopping(whole, 1), TORCH, request(tmp_path), blocks())
        told = []
        gone_through(replace(changed, on_part=lambda *a: told.append(a[2])), runner, asked, blocks())
        whole.state_file(unit().activation, TORCH).unlink()
        return told[0] == 0

    assert not begins(whole)
    assert begins(replace(whole, key="another actgen, or another framework"))
    assert begins(replace(whole, division=replace(AROUND, chunk=1 << 14)))
    assert begins(whole, asked={**wanted, "device": "cuda"})
    (tmp_path / "bend_torch.py").write_text("# two", encoding="utf-8")
    assert not begins(whole, asked=request(tmp_path))
    path = whole.state_file(unit().activation, TORCH)
    gone_through(whole, TORCH, wanted, blocks())
    (tmp_path / "bend_torch.py").write_text("# three", encoding="utf-8")
    assert load(path, whole.key_of(TORCH, {**wanted, "exhaustive": []})).done == 0


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"key": "k", "done": 1, "seconds": 0, "cells": [{}]})])
def test_a_state_that_cannot_be_read_is_a_new_beginning(text: str, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(text, encoding="utf-8")
    assert load(tmp_path / "state.json", "k").done == 0


def measured_by_a_process(folder: Path) -> Gone:
    made = activation()
    judge = Judge(made, Truths(made, Oracle(made), ToyScreen()))
    wanted = {"module": str(folder / "toy_torch.py"), "device": "cpu", "peers": None, "function": "toy"}
    wanted |= {"inputs": 1, "parameters": 1, "single": True, "framework": "torch"}
    return gone_through(Whole(("torch",), folder, "k", division=AROUND), TORCH, wanted, blocks_of(judge, {}, 1 << 11))


def test_a_process_measures_the_file(tmp_path: Path) -> None:
    write(tmp_path, "torch")
    found = measured_by_a_process(tmp_path)
    assert found.failure is None
    assert found.undecided() == {}
    assert [(c.mode, c.wrt, c.points, c.level) for c in found.cells] == [
        ("function", None, AROUND.size, Level.GOOD),
        ("partials", "x", AROUND.size, Level.GOOD),
        ("partials", "a", AROUND.size, Level.GOOD),
    ]
    assert found.cells[0].where["a"] == 1.5


def test_a_file_that_is_wrong_at_two_numbers_is_found(tmp_path: Path) -> None:
    low, high = by_ordinal(np.array([ONE - 9_998, ONE - 9_995], dtype=np.int64)).tolist()
    write(tmp_path, "torch", f" * (1 + 1e-6 * ((x > {low!r}) & (x < {high!r})))")
    (wrong,) = [c for c in measured_by_a_process(tmp_path).cells if c.level is Level.WRONG]
    assert wrong.wrt == "x"
    assert low < wrong.where["x"] < high
    assert sum(wrong.histogram[4:]) == 2


def test_a_process_says_why_it_ended(tmp_path: Path) -> None:
    (tmp_path / "toy_torch.py").write_text("raise RuntimeError('no such thing')\n", encoding="utf-8")
    gone = measured_by_a_process(tmp_path)
    assert gone.failure is not None
    assert "no such thing" in gone.failure
    assert gone.cells == ()


def test_what_was_found_is_in_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = cells(whole_chunk(), spoiled())["partials"]
    monkeypatch.setattr(verification, "grids", lambda *_: ())
    monkeypatch.setattr(verification, "gone_through", lambda *_: Gone((wrong,), AROUND.size, "the process was killed"))
    write(tmp_path, "torch")
    wish = Whole(("torch",), tmp_path, "key", division=AROUND)
    report = verification.verify(activation(), tmp_path, ("torch",), screen=ToyScreen(), whole=wish)
    assert {d.code for d in report.diagnostics} == {"ACT602", "ACT604"}
    assert report.statuses == {"torch": "FAILED"}
    (cell,) = [c for c in json.loads(text(report))["frameworks"]["torch"]["cells"] if c["inputs"] == "all 2^32"]
    assert cell["points"] == "20004 (all 2^32 of float32)"


def test_several_inputs_are_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "grids", lambda *_: ())
    gate = replace(activation(), inputs=(Input("x", "x"), Input("g", "g")))
    report = verification.verify(gate, tmp_path, frameworks=(), whole=Whole(("torch",), tmp_path, "key"))
    (found,) = [d for d in report.diagnostics if d.code == "ACT619"]
    assert "2 inputs (x, g)" in found.message
    assert report.ok

"""Going through all floats with a kernel, tried on some of them: faults are found, counts are right, a run goes on."""

from dataclasses import replace

import numpy as np
import pytest
from spec_units import catalogue

from actgen.backends.kernel import BACKEND
from actgen.formats import FORMATS, ordinals
from actgen.native.runtime.cache import Cache
from actgen.native.runtime.compiler import find_compiler
from actgen.program.precision import MovingZeros
from actgen.verify.exhaustive.state import load
from actgen.verify.kernels import exhaustive, measuring
from actgen.verify.kernels.calling import Header
from actgen.verify.kernels.doubts import doubt
from actgen.verify.kernels.exhaustive import Extent, Whole, gone_through
from actgen.verify.kernels.measuring import Subject, measured
from actgen.verify.oracle import Oracle
from actgen.verify.report import Level
from actgen.verify.ulp import errors
from actgen.verify.verify import breakpoints_of

NEGATIVE = Extent(0xC0000000, 0xC0040000, 1 << 17)  # from -2 on, in two chunks


@pytest.fixture(scope="session")
def libraries(tmp_path_factory):
    return Cache(tmp_path_factory.mktemp("kernels"))


@pytest.fixture
def right(libraries, monkeypatch):
    monkeypatch.setattr(exhaustive, "_CONFIRMED", 500)
    monkeypatch.setattr(exhaustive, "near", lambda places: np.zeros(0, dtype=np.int64))
    unit = catalogue("elu")
    compiler = find_compiler()
    assert compiler is not None
    header = Header(BACKEND.files(unit)["elu_kernel.h"], "elu")
    moving = MovingZeros(frozenset())
    return Subject(unit.activation, unit.program, moving, breakpoints_of(unit.derivation), header, compiler, libraries)


def in_float32_only(subject):
    """The same with a header that is wrong by 16 ulp near -2, in float32 alone."""
    text = "results[0] = "
    start = subject.header.text.index(text) + len(text)
    end = subject.header.text.index(";", start)
    value = subject.header.text[start:end]
    wrong = f"sizeof(T) == 4 & inputs[0] < T(-2) & inputs[0] > T(-2.001) ? T({value}) * T(1.000002) : T({value})"
    header = subject.header.text.replace(text + value, text + wrong, 1)
    return replace(subject, header=replace(subject.header, text=header))


def test_counts_are_those_of_the_oracle(right, tmp_path):
    state = gone_through(right, Whole(tmp_path / "state.json", "key", extent=NEGATIVE))
    cells = {c.wrt: c for c in state.cells}
    assert {c.points for c in state.cells} == {NEGATIVE.size}
    assert {sum(c.histogram) for c in state.cells} == {NEGATIVE.size}
    assert all(c.level is Level.GOOD and c.dataset == "all 2^32 of float32" for c in state.cells)
    x = np.arange(0xC0000000, 0xC0040000, 61, dtype=np.uint32).view(np.float32).astype(np.float64)
    columns = {"x": x, "alpha": np.ones_like(x)}
    values, partials = right.compiled("float32").results(columns)
    for wrt, got in ((None, values[0]), ("x", partials[0, 0]), ("alpha", partials[0, 1])):
        truth = Oracle(right.activation).values("y", wrt, columns)
        found = errors(got, truth.hi, truth.lo, FORMATS["float32"])
        assert found.ulps.max() <= cells[wrt].worst
        share = cells[wrt].histogram[0] / NEGATIVE.size
        assert abs((found.ulps <= 0.5).mean() - share) < 0.02


def test_a_fault_in_float32_alone_is_found_at_its_floats(right, tmp_path):
    state = gone_through(in_float32_only(right), Whole(tmp_path / "state.json", "key", extent=NEGATIVE))
    value, slope, _ = state.cells
    assert value.level is Level.WRONG
    assert 15 < value.worst < 50
    assert -2.001 < value.where["x"] < -2
    assert slope.level is Level.GOOD


def test_a_run_goes_on_where_it_was(right, tmp_path, monkeypatch):
    path, parts = tmp_path / "state.json", []

    def stop(done, total):
        parts.append((done, total))
        if done == 1 and len(parts) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gone_through(right, Whole(path, "key", stop, NEGATIVE))
    again = gone_through(right, Whole(path, "key", stop, NEGATIVE))
    assert parts == [(0, 2), (1, 2), (1, 2), (2, 2)]
    once = gone_through(right, Whole(tmp_path / "other.json", "key", extent=NEGATIVE))
    assert again.cells == once.cells
    monkeypatch.setattr(exhaustive, "_Walk", None)
    assert gone_through(right, Whole(path, "key", extent=NEGATIVE)).cells == once.cells
    assert load(path, "another key").done == 0


def test_what_the_oracle_contradicts_is_in_doubt_up_to_its_neighbours():
    checked = np.array([-10, -3, 0, 4, 100])
    assert doubt(checked, np.ones(5, dtype=bool)) is None
    found = doubt(checked, np.array([True, True, False, True, True]))
    assert found is not None
    assert ordinals(found.asked).tolist() == [-2, -1, 0, 1, 2, 3]
    assert found.count == 6


def test_of_many_in_doubt_a_part_is_asked_and_the_rest_counted():
    checked = np.array([0, 1_000_000, 2_000_000])
    found = doubt(checked, np.array([True, False, True]))
    assert found is not None
    assert found.count == 1_999_999
    assert len(found.asked) == 4096
    assert ordinals(found.asked)[[0, -1]].tolist() == [1, 1_999_999]


def test_the_sweep_finds_a_fault_too(right, monkeypatch):
    monkeypatch.setattr(measuring, "samples", lambda *given, thorough: ())
    monkeypatch.setattr(measuring, "PRECISIONS", {"float32": "float32", "float16": "float16"})
    cells = [c for c in measured(in_float32_only(right)) if c.wrt is None]
    levels = {c.dataset: c.level for c in cells}
    assert levels["sweep of float32"] is Level.WRONG
    assert levels["every float16"] is Level.GOOD

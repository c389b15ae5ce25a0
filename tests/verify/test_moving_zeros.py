"""All floats beside a zero that moves with a parameter: excused in ulps of the largest addend, and nothing else is."""

from dataclasses import replace

import numpy as np
import pytest
from spec_units import catalogue

from actgen.backends.kernel import BACKEND
from actgen.formats import FORMATS
from actgen.native.runtime.cache import Cache
from actgen.native.runtime.compiler import find_compiler
from actgen.pipeline.certifying import subject_of
from actgen.program.precision import MovingZeros
from actgen.verify.addends import ulps_of_addends
from actgen.verify.exhaustive.whole import nominal
from actgen.verify.kernels import exhaustive
from actgen.verify.kernels.exhaustive import Extent, Whole, gone_through
from actgen.verify.oracle import Oracle
from actgen.verify.report import Level
from actgen.verify.ulp import errors

ZERO = -7.0721326  # of the slope, at the nominal parameters
AROUND = Extent(0xC0E20000, 0xC0E60000, 1 << 17)  # -7.0625 to -7.1875
MOVING = "beside a zero that moves with a parameter, where errors are counted in ulps of the largest addend"


@pytest.fixture(scope="session")
def libraries(tmp_path_factory):
    return Cache(tmp_path_factory.mktemp("kernels"))


@pytest.fixture
def subject(libraries, monkeypatch):
    monkeypatch.setattr(exhaustive, "_CONFIRMED", 500)
    monkeypatch.setattr(exhaustive, "near", lambda places: np.zeros(0, dtype=np.int64))
    unit, compiler = catalogue("selu_variation"), find_compiler()
    assert compiler is not None
    header = BACKEND.files(unit)["selu_variation_kernel.h"]
    return replace(subject_of(unit, header, compiler), cache=libraries)


def with_slope(subject, changed):
    """The same with another slope, in float32 alone; `changed` is C++ of the slope s and the input x."""
    start = subject.header.text.index("results[0] = ", subject.header.text.index("void partials(")) + len(
        "results[0] = "
    )
    end = subject.header.text.index(";", start)
    slope = subject.header.text[start:end]
    other = f"[&] {{ T s = T({slope}); return sizeof(T) == 4 ? T({changed}) : s; }}()"
    text = subject.header.text[:start] + other + subject.header.text[end:]
    return replace(subject, header=replace(subject.header, text=text))


def slope(subject, path):
    state = gone_through(subject, Whole(path / "state.json", "key", extent=AROUND))
    (cell,) = (c for c in state.cells if c.wrt == "x")
    assert all(c.level is Level.GOOD for c in state.cells if c is not cell)
    return cell


def beyond(subject):
    """Of all the floats, how many slopes are beyond the promise by the oracle, and the worst in ulps of an addend."""
    x = np.arange(AROUND.first, AROUND.stop, dtype=np.uint32).view(np.float32).astype(np.float64)
    x = x[np.abs(x - ZERO) < 2e-3]
    columns = {"x": x, **{n: np.full_like(x, v) for n, v in nominal(subject.activation).items()}}
    got, truth = (
        subject.compiled("float32").results(columns)[1][0, 0],
        Oracle(subject.activation).values("y", "x", columns),
    )
    wrong = errors(got, truth.hi, truth.lo, FORMATS["float32"]).ulps > 8
    alpha, beta, gamma, omega = (columns[n] for n in ("alpha", "beta", "gamma", "omega"))
    addends = columns["lambda"] * np.maximum(alpha * beta * np.exp(beta * x), np.abs(gamma * omega * np.cos(omega * x)))
    return int(wrong.sum()), ulps_of_addends(addends, got, truth.hi, truth.lo, FORMATS["float32"])[wrong].max()


def test_beside_the_zero_errors_are_counted_in_ulps_of_the_largest_addend(subject, tmp_path):
    cell = slope(subject, tmp_path)
    assert cell.level is Level.GOOD
    assert cell.points == AROUND.size
    (excused,) = cell.excused
    points, worst = beyond(subject)
    assert excused.reason == MOVING
    assert abs(excused.points - points) <= 0.01 * points
    assert excused.points > 500
    assert excused.ulps == pytest.approx(worst)
    assert excused.ulps < 4
    assert sum(cell.histogram) == AROUND.size - excused.points
    assert 7 < cell.worst <= 8


def test_where_no_zero_is_known_to_move_the_same_is_wrong(subject, tmp_path):
    cell = slope(replace(subject, moving=MovingZeros(frozenset())), tmp_path)
    assert cell.level is Level.WRONG
    assert cell.worst > 1000
    assert abs(cell.where["x"] - ZERO) < 1e-5


def test_a_fault_beside_the_zero_is_found(subject, tmp_path):
    cell = slope(with_slope(subject, "x > -7.07214f & x < -7.07213f ? s + 2e-7f : s"), tmp_path)
    assert cell.level is Level.WRONG
    assert -7.07214 < cell.where["x"] < -7.07213
    assert cell.excused
    assert all(e.ulps <= 8 for e in cell.excused)


def test_a_fault_away_from_the_zero_is_found(subject, tmp_path):
    cell = slope(with_slope(subject, "x > -7.15f & x < -7.1499f ? s * 1.000002f : s"), tmp_path)
    assert cell.level is Level.WRONG
    assert 8 < cell.worst < 50
    assert -7.15 < cell.where["x"] < -7.1499


def test_a_wrong_kind_beside_the_zero_is_found(subject, tmp_path):
    cell = slope(with_slope(subject, "x == -7.0721325f ? actgen::not_a_number<T>() : s"), tmp_path)
    assert cell.level is Level.WRONG
    assert cell.nan == 1
    assert cell.where["x"] == float(np.float32(-7.0721325))

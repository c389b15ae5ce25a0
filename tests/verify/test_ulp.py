"""Ulps, kinds of errors, formats and patterns."""

from __future__ import annotations

import math

import numpy as np
import pytest

from actgen.formats import FORMATS, LAST, by_ordinal, every_16_bits, ordinals, spacing
from actgen.verify.patterns import around, binades, neighbour, to_format
from actgen.verify.ulp import errors


def judge(measured: float, hi: float, lo: float = 0.0, name: str = "float64", flush: bool = False) -> dict[str, float]:
    found = errors(np.array([measured]), np.array([hi]), np.array([lo]), FORMATS[name], flush=flush)
    return {kind: getattr(found, kind)[0] for kind in ("ulps", "nan", "infinite", "finite", "zeroed", "sign")}


@pytest.mark.parametrize("name", FORMATS)
def test_spacing_is_numpys(name: str) -> None:
    if name == "bfloat16":
        assert spacing(np.array([1.0, 1.5, 2.0]), FORMATS[name]).tolist() == [2.0**-7, 2.0**-7, 2.0**-6]
        return
    kind = getattr(np, name)
    values = np.array([1.0, 0.75, -3.0, 1e-5, float(np.finfo(kind).smallest_subnormal) * 3]).astype(kind)
    expected = np.abs(np.spacing(values)).astype(np.float64)
    assert spacing(values.astype(np.float64), FORMATS[name]).tolist() == expected.tolist()


def test_errors_below_one_ulp_are_measured() -> None:
    assert judge(1.0, 1.0, 2.0**-54)["ulps"] == 0.25
    assert judge(1.0 + 2.0**-52, 1.0)["ulps"] == 1
    assert judge(float(np.float32(0.1)), 0.1, name="float32")["ulps"] == pytest.approx(0.2, abs=0.01)


def test_subnormals_have_a_floor() -> None:
    assert judge(0.0, 5e-324)["ulps"] == 1
    assert judge(5e-324, 0.0, lo=0.0)["ulps"] == 1


@pytest.mark.parametrize(
    ("measured", "hi", "kind"),
    [
        (math.nan, 1.0, "nan"),
        (math.nan, math.inf, "nan"),
        (math.inf, 1.0, "infinite"),
        (-math.inf, math.inf, "infinite"),
        (1.0, math.nan, "finite"),
        (1.0, math.inf, "finite"),
        (0.0, 1e-300, "zeroed"),
        (-1.0, 1.0, "sign"),
    ],
)
def test_kinds(measured: float, hi: float, kind: str) -> None:
    found = judge(measured, hi)
    assert [k for k in ("nan", "infinite", "finite", "zeroed", "sign") if found[k]] == [kind]


@pytest.mark.parametrize(("measured", "hi"), [(math.nan, math.nan), (math.inf, math.inf), (-0.0, 0.0)])
def test_right_ends(measured: float, hi: float) -> None:
    assert judge(measured, hi)["ulps"] == 0


def test_overflow_belongs_to_the_format() -> None:
    assert judge(math.inf, 3.5e38, name="float32")["ulps"] == 0
    assert judge(math.inf, 3.0e38, name="float32")["infinite"]
    assert judge(math.inf, 65520.0, name="float16")["ulps"] == 0


def test_flushing_is_accepted_only_in_its_profile() -> None:
    assert judge(0.0, 1e-310)["ulps"] > 1e12
    assert judge(0.0, 1e-310, flush=True)["ulps"] == 0
    assert judge(0.0, 3e-308, flush=True)["zeroed"]


def test_every_pattern_is_there() -> None:
    for name in ("float16", "bfloat16"):
        values = every_16_bits(name)
        assert len(values) == 65536
        assert np.isinf(values).sum() == 2
    assert np.isnan(every_16_bits("float16")).sum() == 2046
    assert np.isnan(every_16_bits("bfloat16")).sum() == 254


def test_ordinals_number_float32_in_order() -> None:
    places = np.arange(-LAST, LAST + 1, 99_991, dtype=np.int64)
    values = by_ordinal(places)
    assert (np.diff(values) > 0).all()
    assert np.array_equal(ordinals(values), places)
    assert by_ordinal(np.array([0, 1, -1, LAST])).tolist() == [0.0, 2.0**-149, -(2.0**-149), math.inf]


@pytest.mark.parametrize("name", FORMATS)
def test_binades_are_all_reached(name: str) -> None:
    form = FORMATS[name]
    _, exponents = np.frexp(binades(name, 1))
    assert set(range(form.lowest + 1, 1 - form.lowest)) <= set(exponents.tolist())


def test_bfloat16_rounds_like_torch() -> None:
    import torch

    values = np.random.default_rng(3).normal(size=1000) * np.logspace(-42, 38, 1000)
    expected = torch.from_numpy(values).to(torch.bfloat16).to(torch.float64).numpy()
    once = torch.from_numpy(values.astype(np.float32)).to(torch.bfloat16).to(torch.float64).numpy()
    found = to_format(values, "bfloat16")
    assert ((found == expected) | (found == once)).all()


def test_neighbours_are_numpys() -> None:
    for value in (1.0, -1.0, 0.0, 2.0, 1.5, 2.0**-126, -(2.0**-130)):
        up = float(np.nextafter(np.float32(value), np.float32(np.inf)))
        down = float(np.nextafter(np.float32(value), np.float32(-np.inf)))
        assert neighbour(value, FORMATS["float32"], 1) == up
        assert neighbour(value, FORMATS["float32"], -1) == down
        assert around(value, "float32") == [value, up, down]

"""Certificates: the same text for the same figures, kept as long as what they are bound to stands, and no longer."""

import json
from dataclasses import fields, replace

import pytest
from spec_units import catalogue

from actgen.backends.kernel import BACKEND
from actgen.verify.kernels.certificate import Bound, bound, kept, not_run, results, text, was_run
from actgen.verify.report import Cell, Level

TO = Bound(*(f.name * 3 for f in fields(Bound)))


def cell(**changes):
    plain = Cell(
        runner="kernel",
        output="y",
        wrt=None,
        dtype="float32",
        dataset="sweep of float32",
        mode="function",
        profile="ieee",
        points=10,
        worst=1.23456,
        where={"x": float("inf")},
        got=1.0,
        truth=1.0,
        nan=0,
        infinite=0,
        finite=0,
        zeroed=0,
        sign=0,
        edge=None,
        excused=(),
        level=Level.GOOD,
        histogram=(9, 0, 0, 1, 0, 0, 0),
    )
    return replace(plain, **changes)


MEASURED, WHOLE = results([cell()]), results([cell(dataset="all 2^32 of float32")], total=12)
TEXT = text("tilt", TO, MEASURED, WHOLE)


def test_the_text_is_json_with_a_line_for_each_result():
    content = json.loads(TEXT)
    assert content["measured"]["status"] == content["exhaustive"]["status"] == "PASSED"
    row = content["measured"]["results"][0]
    assert (row["worst_ulp"], row["where"], row["inputs"]) == (1.235, {"x": "inf"}, "sweep")
    assert "not_compared" not in row
    assert content["exhaustive"]["results"][0]["not_compared"] == 2
    assert sum('"of": "y"' in line for line in TEXT.splitlines()) == 2
    assert text("tilt", TO, *(content[part] for part in ("measured", "exhaustive"))) == TEXT


def test_a_wrong_result_is_no_pass_and_neither_is_what_was_not_run():
    assert results([cell(), cell(level=Level.WRONG)])["status"] == "FAILED"
    assert not_run("why") == {"status": "NOT RUN", "reason": "why"}
    assert not was_run(not_run("why"))
    assert not was_run(None)
    assert was_run(MEASURED)


def test_both_parts_are_kept_while_everything_stands():
    assert kept(TEXT, TO) == (MEASURED, WHOLE)
    assert kept(TEXT, replace(TO, kernel="other comments")) == (MEASURED, WHOLE)


@pytest.mark.parametrize("changed", ["code", "math", "drivers", "parameters", "nominal"])
def test_what_is_bound_to_something_else_is_not_kept(changed):
    measured, whole = kept(TEXT, replace(TO, **{changed: "other"}))
    assert measured is None
    assert whole == (WHOLE if changed in ("drivers", "parameters") else None)


@pytest.mark.parametrize(
    "broken",
    [None, "", "[]", "{", TEXT.replace("1.235", "0.235", 1), TEXT.replace('"method": 2', '"method": 0'), TEXT[:-200]],
)
def test_an_altered_or_broken_certificate_is_not_kept(broken):
    assert kept(broken, TO) == (None, None)


def test_comments_of_the_header_change_one_hash_alone():
    unit = catalogue("elu")
    header = BACKEND.files(unit)["elu_kernel.h"]
    before, after = bound(unit.activation, header), bound(unit.activation, f"// more\n{header}")
    assert {f.name for f in fields(Bound) if getattr(before, f.name) != getattr(after, f.name)} == {"kernel"}
    other = bound(unit.activation, header.replace("T(1)", "T(2)"))
    assert {f.name for f in fields(Bound) if getattr(before, f.name) != getattr(other, f.name)} == {"kernel", "code"}

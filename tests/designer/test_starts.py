import math

import pytest

from actgen.designer.answers import answer
from actgen.designer.starts import NAME, STARTS, starts


@pytest.mark.parametrize("index", range(len(STARTS)), ids=[s.id for s in STARTS])
def test_every_start_is_a_spec_without_findings(index):
    text = starts("my_own")[index]["text"]
    found = answer("mathematics", text, "my_own.yaml")
    assert found["diagnostics"] == []
    assert (found["activation"]["name"], found["activation"]["title"]) == ("my_own", "My own")


def test_every_start_has_its_curve():
    curves = {start["id"]: dict(start["curve"]) for start in starts("my_own")}
    assert curves["pieces"][2.0] == 2.0
    assert curves["formula"][-1.0] == pytest.approx(-1 / (1 + math.e), rel=1e-15)
    assert curves["gate"][1.0] == pytest.approx(1 / (1 + math.exp(-1)), rel=1e-15)
    assert all(math.isfinite(y) and len(curve) == 65 for curve in curves.values() for y in curve.values())


@pytest.mark.parametrize("name", ["a: 1\nname: evil", "null", "1x", "x y", "torch nn", "#"])
def test_what_is_no_name_is_not_written_into_a_start(name):
    for start in starts(name):
        assert f"name: {NAME}\n" in start["text"]

"""The parts of the pages' scripts that need no browser, in Node."""

from pathlib import Path
from typing import Any

import mpmath
import pytest
from javascript_files import evaluated

from actgen.docs.page_assets import asset_files


def run(scripts: str, program: str, folder: Path) -> Any:
    for name in scripts.split():
        (folder / f"{name}.js").write_text(asset_files()[f"{name}.js"], encoding="utf-8")
    loaded = "\n".join(f'require("./{name}.js");' for name in scripts.split())
    return evaluated(f"const {{ actgen }} = (globalThis.actgen ??= {{}}, globalThis);\n{loaded}\n{program}", folder)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("1/3", "0.333333"),
        ("-2.5", "−2.5"),
        ("1e-7", "1e−7"),
        ("123456789", "1.23457e8"),
        ("100000", "100000"),
        ("Infinity", "∞"),
        ("-Infinity", "−∞"),
        ("NaN", "undefined"),
    ],
)
def test_numbers_as_people_read_them(tmp_path: Path, value: str, shown: str) -> None:
    assert run("numbers", f"actgen.formatNumber({value})", tmp_path) == shown


def test_numbers_as_people_type_them(tmp_path: Path) -> None:
    good = {"1": 1, "-2.5": -2.5, "−2,5": -2.5, ".5": 0.5, "1e-3": 0.001, " 7 ": 7, "5.": 5}
    texts = [*good, "", "x", "1.x", "1e", "0x10", "1 2", "alert(1)"]
    found = run("numbers", f"{texts!r}.map((text) => actgen.parseNumber(text))", tmp_path)
    assert found == [*good.values(), *[None] * 7]
    assert run("numbers", "actgen.parseNumber('-inf') === -Infinity", tmp_path) is True


def test_quantiles_of_the_normal_distribution(tmp_path: Path) -> None:
    places = [1e-12, 1e-5, 0.02, 0.02425, 0.3, 0.5, 0.77, 0.98, 0.99999]
    found = run("distribution", f"{places!r}.map((p) => actgen.normalQuantile(p))", tmp_path)
    for p, z in zip(places, found, strict=True):
        with mpmath.workdps(40):
            exact = float(mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(p) - 1))
        assert z == pytest.approx(exact, rel=2e-9, abs=2e-9)


def test_a_distribution_of_two_inputs_is_spread_evenly(tmp_path: Path) -> None:
    program = """
const forward = (a, b) => [a * b];
const product = { inputs: ["a", "b"], parameters: [], outputs: ["y"], forward };
const found = actgen.distribution(product, { parameters: {}, output: "y", mean: 0, deviation: 2 });
const mass = found.densities.reduce((sum, d) => sum + d, 0) * (found.edges[1] - found.edges[0]);
[found.mean, found.deviation, found.atoms.length, mass]
"""
    mean, deviation, atoms, mass = run("distribution", program, tmp_path)
    assert mean == pytest.approx(0, abs=5e-3)
    assert deviation == pytest.approx(4, rel=5e-3)
    assert atoms == 0
    assert mass == pytest.approx(1, abs=2e-3)


def test_curves_are_broken_at_jumps_and_poles_and_nowhere_else(tmp_path: Path) -> None:
    program = """
const xs = actgen.grid(-2, 2, 401, [0.5]);
const holes = (f, places) => actgen.ordinates(f, xs, places).filter((y) => y === null).length;
const [kink, jump] = [(x) => Math.abs(x - 0.5), (x) => (x > 0.5 ? 1 : 0)];
[xs.includes(0.5), holes(kink, [0.5]), holes(jump, [0.5]), holes((x) => 1 / x, [])]
"""
    assert run("curves", program, tmp_path) == [True, 0, 1, 1]


def test_the_vertical_range_is_not_a_poles(tmp_path: Path) -> None:
    program = "actgen.verticalRange([actgen.grid(-2, 2, 400, []).map((x) => 1 / x)])"
    low, high = run("curves", program, tmp_path)
    assert -60 < low < -5
    assert 5 < high < 60
    assert run("curves", "actgen.verticalRange([[3, 3, null]])", tmp_path) == [1.5, 4.5]


def test_zones_without_a_gradient(tmp_path: Path) -> None:
    program = """
const xs = actgen.grid(-4, 4, 801, []);
[(x) => (x < 0 ? 0 : 1), (x) => x, Math.exp].map((f) => actgen.regions(xs, xs.map((x) => f(x))))
"""
    dead, none, saturated = run("curves regions", program, tmp_path)
    assert [(r["kind"], r["from"]) for r in dead] == [("dead", -4)]
    assert none == []  # a derivative that passes zero is alive
    assert [(r["kind"], r["from"]) for r in saturated] == [("saturated", -4)]
    assert saturated[0]["to"] == pytest.approx(4 - 4.605, abs=0.02)

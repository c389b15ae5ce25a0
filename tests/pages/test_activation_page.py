import math
import re
from pathlib import Path
from typing import Any

import pytest
from pages_driving import address_of, fill, readout, settled, shown_units, unnamed_controls

from actgen.verify.oracle import Oracle


def shown(site: Path, name: str, state: str = "") -> str:
    return f"{(site / name / f'{name}.html').as_uri()}{state and f'#{state}'}"


def oracle(name: str, at: dict[str, float], wrt: str | None = None, output: str = "y") -> float:
    truth = Oracle(shown_units()[name].activation)
    return truth.value(output, at) if wrt is None else truth.partial(output, wrt, at)


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.75])
def test_a_typed_parameter_moves_every_curve_to_what_the_oracle_says(site: Path, visit: Any, alpha: float) -> None:
    page = visit(shown(site, "elu", "at=-1.5"))
    fill(page, "α", str(alpha))
    at = {"x": -1.5, "alpha": alpha}
    assert readout(page) == {
        "f": pytest.approx(oracle("elu", at), rel=1e-12),
        "f′": pytest.approx(oracle("elu", at, "x"), rel=1e-12),
        "∂f/∂α": pytest.approx(oracle("elu", at, "alpha"), rel=1e-12),
    }


def test_a_slider_moves_the_curve_too(site: Path, visit: Any) -> None:
    page = visit(shown(site, "snake", "at=2"))
    slider = page.get_by_role("slider", name="a, slider")
    before = readout(page)["f"]
    slider.focus()
    for _ in range(8):
        slider.press("ArrowRight")
    a = float(page.get_by_label("a", exact=True).input_value())
    assert a > shown_units()["snake"].activation.parameters[0].nominal.value
    after = readout(page)["f"]
    assert after != before
    assert after == pytest.approx(oracle("snake", {"x": 2.0, "a": a}), rel=1e-6)


def test_a_drawn_curve_is_the_activation(site: Path, visit: Any) -> None:
    """The points that uPlot was given, not only the number beside them."""
    page = visit(shown(site, "gelu"))
    role = "(series) => series.role === 'value'"
    xs, ys = page.evaluate(f"() => [explorer.chart.data[0], explorer.chart.series.find({role}).ys]")
    assert len(xs) > 300
    for x, y in list(zip(xs, ys, strict=True))[::37]:
        assert y == pytest.approx(oracle("gelu", {"x": x}), rel=1e-12, abs=1e-300)


def test_what_is_no_number_is_marked_and_changes_nothing(site: Path, visit: Any) -> None:
    page = visit(shown(site, "elu", "at=-1"))
    before = readout(page)
    box = page.get_by_label("α", exact=True)
    fill(page, "α", "1.x")
    assert box.get_attribute("aria-invalid") == "true"
    assert readout(page) == before
    box.blur()
    assert box.input_value() == "1"
    assert box.get_attribute("aria-invalid") is None


def test_values_follow_the_pointer_and_a_click_pins_them(site: Path, visit: Any) -> None:
    page = visit(shown(site, "gelu"))
    box = page.locator("[data-part=chart] .u-over").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 50)
    settled(page)
    place = float(page.locator("#readout-at").input_value())
    low, high = page.evaluate("() => explorer.view.x")
    assert place == pytest.approx(low + 0.25 * (high - low), abs=0.02)
    assert readout(page)["f"] == pytest.approx(oracle("gelu", {"x": place}), rel=1e-3)
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + 50)
    page.mouse.move(5, 5)
    settled(page)
    assert float(page.locator("#readout-at").input_value()) == pytest.approx(place, rel=1e-3)
    assert float(address_of(page)["at"]) == pytest.approx(place, rel=1e-3)


def test_limits_at_infinity_can_be_asked_for(site: Path, visit: Any) -> None:
    page = visit(shown(site, "elu"))
    fill(page, "At x =", "-inf")
    found = readout(page)
    assert (found["f"], found["f′"]) == (-1.0, 0.0)


def test_keys_move_and_zoom_and_the_address_brings_the_view_back(site: Path, visit: Any) -> None:
    page = visit(shown(site, "elu"))
    chart = page.locator("[data-part=chart]")
    first = page.evaluate("() => explorer.view")
    chart.focus()
    chart.press("ArrowRight")
    chart.press("+")
    page.wait_for_timeout(250)
    view = page.evaluate("() => explorer.view")
    assert view["x"][1] - view["x"][0] == pytest.approx((first["x"][1] - first["x"][0]) / 1.25)
    assert sum(view["x"]) > sum(first["x"])
    fill(page, "α", "0.25")
    page.wait_for_timeout(250)
    again = visit(page.url)
    assert again.evaluate("() => explorer.view.x") == pytest.approx(view["x"], rel=1e-4)
    assert again.get_by_label("α", exact=True).input_value() == "0.25"
    chart.press("0")
    page.wait_for_timeout(250)
    assert "view.x" not in address_of(page)


def test_dragging_moves_the_view(site: Path, visit: Any) -> None:
    page = visit(shown(site, "elu"))
    box = page.locator("[data-part=chart] .u-over").bounding_box()
    low, high = page.evaluate("() => explorer.view.x")
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 100, steps=4)
    page.mouse.up()
    page.wait_for_timeout(100)
    moved = page.evaluate("() => explorer.view.x")
    assert moved[0] - low == pytest.approx(100 / box["width"] * (high - low), rel=0.02)
    assert page.evaluate("() => explorer.readout.pinned") == 1  # a drag is no click


def test_breakpoints_are_named_by_their_smoothness_which_follows_the_parameters(site: Path, visit: Any) -> None:
    page = visit(shown(site, "elu"))
    note = page.locator("#picture-note")
    assert "Breakpoint at x = 0: C¹." in note.text_content()
    fill(page, "α", "0.5")
    assert "Breakpoint at x = 0: C⁰." in note.text_content()
    jumps = visit(shown(site, "hardshrink")).locator("#picture-note").text_content()
    assert "Breakpoint at x = −0.5: jump." in jumps
    assert "Breakpoint at x = 0.5: jump." in jumps


def test_a_learned_breakpoint_moves_with_its_parameter(site: Path, visit: Any) -> None:
    page = visit(shown(site, "hardshrink"))
    name = shown_units()["hardshrink"].activation.parameters[0].name
    label = page.evaluate("() => explorer.data.parameters[0].symbol")
    fill(page, label, "1.25")
    note = page.locator("#picture-note").text_content()
    assert "Breakpoint at x = 1.25: jump." in note, name


def test_dead_and_saturated_zones_are_told_apart(site: Path, visit: Any) -> None:
    zones = "() => explorer.regions.map(({ kind, from, to }) => [kind, from, to])"
    [[kind, low, high]] = visit(shown(site, "hardshrink")).evaluate(zones)
    assert kind == "dead"
    assert (low, high) == pytest.approx((-0.5, 0.5), abs=0.03)
    [[kind, low, high]] = visit(shown(site, "elu")).evaluate(zones)
    assert kind == "saturated"
    assert high == pytest.approx(math.log(0.01), abs=0.05)


def test_the_distribution_that_comes_out(site: Path, visit: Any) -> None:
    page = visit(shown(site, "hardshrink"))
    found = page.evaluate("() => explorer.flow.found")
    [atom] = found["atoms"]
    assert atom["value"] == 0
    assert atom["share"] == pytest.approx(math.erf(0.5 / math.sqrt(2)), abs=1e-3)
    assert found["mean"] == pytest.approx(0, abs=1e-9)
    gelu = visit(shown(site, "gelu")).evaluate("() => explorer.flow.found")
    assert gelu["mean"] == pytest.approx(1 / (2 * math.sqrt(math.pi)), abs=2e-4)
    wider = visit(shown(site, "gelu", "normal.deviation=2")).evaluate("() => explorer.flow.found")
    assert wider["mean"] > gelu["mean"]


def test_a_gate_shows_one_input_and_the_others_as_sliders(site: Path, visit: Any) -> None:
    page = visit(shown(site, "swiglu", "at=0.75"))
    fill(page, "value", "-2")
    at = {"gate": 0.75, "value": -2.0}
    assert readout(page)["f"] == pytest.approx(oracle("swiglu", at), rel=1e-12)
    axis = "() => explorer.chart.plot.axes[0].label"
    assert page.evaluate(axis) == "gate"
    page.get_by_label("Along", exact=True).select_option("value")
    settled(page)
    assert page.evaluate(axis) == "value"
    assert page.get_by_label("gate", exact=True).is_visible()
    assert readout(page)["∂f/∂value"] == pytest.approx(oracle("swiglu", {"gate": 1.0, "value": 0.75}, "value"))


def test_several_outputs_are_chosen_from(site: Path, visit: Any) -> None:
    page = visit(shown(site, "spiral", "at=0.5"))
    real = readout(page)
    page.get_by_label("Output", exact=True).select_option("im")
    settled(page)
    assert list(readout(page).values()) != list(real.values())
    assert readout(page)["im"] == pytest.approx(oracle("spiral", {"x": 0.5}, output="im"))


def test_formulas_are_typeset_without_a_fault(site: Path, visit: Any) -> None:
    for name in ("elu", "spiral"):
        page = visit(shown(site, name))
        assert page.locator(".math").count() == page.locator(".math .katex").count() > 3
        assert page.locator(".katex-error").count() == 0


def test_tabs_of_code_and_copying(site: Path, visit: Any) -> None:
    page = visit(shown(site, "elu"))
    first = page.get_by_role("tab", name="PyTorch")
    first.focus()
    first.press("ArrowRight")
    assert page.get_by_role("tab", name="Keras").get_attribute("aria-selected") == "true"
    assert page.locator("#panel-keras").is_visible()
    assert not page.locator("#panel-pytorch").is_visible()
    page.get_by_role("button", name="Copy elu_keras.py").click()
    page.get_by_role("button", name="Copy elu_keras.py").filter(has_text="Copied").wait_for()
    page.evaluate("() => document.body.append(document.createElement('textarea'))")
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    assert page.locator("textarea").input_value() == (site / "elu" / "elu_keras.py").read_text(encoding="utf-8")


def test_the_theme_is_the_systems_until_it_is_chosen(site: Path, visit: Any) -> None:
    page = visit(shown(site, "elu"), dark=True)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("[data-theme-button]").click()
    settled(page)
    light = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == light
    assert visit(shown(site, "elu")).evaluate(ground) == light


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_window(site: Path, visit: Any, width: int) -> None:
    for name in ("elu", "spiral"):
        page = visit(shown(site, name), width=width, height=800)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["elu", "swiglu", "spiral"])
def test_every_control_has_a_name(site: Path, visit: Any, name: str) -> None:
    page = visit(shown(site, name))
    controls, nameless = unnamed_controls(page)
    assert controls > 12
    assert nameless == []


def test_without_scripts_the_page_still_reads(site: Path, visit: Any) -> None:
    page = visit(shown(site, "elu"), java_script_enabled=False)
    text = page.locator("main").inner_text()
    assert "Exponential linear unit" in text
    assert re.search(r"\\alpha", text)
    assert page.locator("noscript img, img[src='elu.svg']").count() == 1

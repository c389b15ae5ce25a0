"""The live page, served by a real designer, in a real browser."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from designers import Running
from pages_designer import OTHER, PLAIN
from pages_driving import readout, settled, text_of, unnamed_controls, wait_for_value, write
from spec_units import unit

from actgen.verify.oracle import Oracle


def value(text: str, x: float) -> float:
    return Oracle(unit(text).activation).value("y", {"x": x})


def test_curves_follow_the_formula_and_a_bad_one_leaves_the_last(page: Any) -> None:
    assert readout(page)["f"] == pytest.approx(value(PLAIN, 1.0), rel=1e-12)
    write(page, OTHER)
    page.wait_for_timeout(200)
    wait_for_value(page, value(OTHER, 1.0))
    write(page, OTHER.replace("cos(", "cso("))
    page.locator("#findings pre").wait_for()
    shown = page.locator("#findings pre").text_content()
    assert shown == (
        "error[ACT303] there is no function `cso`\n"
        "  --> tilt.yaml:6:34\n"
        "   |\n"
        " 6 | expression: x*sigmoid(x) + alpha*cso(2*x)\n"
        "   |                                  ^^^\n"
        "did you mean `cos`?"
    )
    assert page.locator("#stale").is_visible()
    assert readout(page)["f"] == pytest.approx(value(OTHER, 1.0), rel=1e-12)
    assert page.locator("#editor mark").text_content() == "cso"
    page.locator("#findings button").click()
    area = "document.querySelector('#spec')"
    assert page.evaluate(f"() => {area}.value.slice({area}.selectionStart, {area}.selectionEnd)") == "cso"
    write(page, PLAIN)
    page.locator("#stale").wait_for(state="hidden", timeout=20_000)
    assert page.locator("#findings li").count() == 0


def test_long_help_is_seen_whole_on_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    write(page, f"{PLAIN}regularizer: 3\n")
    shown = page.locator("#findings pre")
    shown.wait_for()
    *_, caret, words = shown.text_content().split("\n")
    assert caret == "   | ^^^^^^^^^^^"
    assert words.startswith("the keys here are `actgen`, `name`")
    assert words.endswith("`checks`")
    assert shown.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth")


def test_sliders_work_and_stay_where_they_are_while_the_formula_changes(page: Any) -> None:
    page.get_by_label("α", exact=True).fill("2")
    settled(page)
    assert readout(page)["f"] == pytest.approx(value(PLAIN.replace("0.5", "2"), 1.0), rel=1e-12)
    write(page, OTHER)
    after = value(OTHER.replace("0.5", "2"), 1.0)
    wait_for_value(page, after)


def test_saving_writes_the_file(page: Any, file: Path) -> None:
    assert page.locator("#saved").text_content() == "saved"
    write(page, OTHER)
    assert page.locator("#saved").text_content() == "unsaved"
    page.keyboard.press("Control+s")
    page.locator("#saved[data-state=saved]").wait_for()
    assert file.read_text() == OTHER


def test_what_was_typed_a_moment_ago_is_saved_and_no_field_loses_its_text(page: Any, file: Path) -> None:
    page.route("**/api/edit", lambda route: (time.sleep(0.4), route.continue_()))  # a busy machine
    page.get_by_role("tab", name="Form", exact=True).click()
    form = page.locator("#panel-form")
    form.get_by_label("Title", exact=True).fill("Wave")
    form.get_by_label("alpha", exact=True).fill("0.75")
    form.get_by_label("Formula", exact=True).fill("x*sigmoid(x) + alpha*sin(3*x)")
    with page.expect_response("**/api/save"):
        page.keyboard.press("Control+s")
    page.locator("#saved[data-state=saved]").wait_for()
    text = PLAIN.replace("Tilt", "Wave").replace("0.5", "0.75").replace("sin(x)", "sin(3*x)")
    assert (file.read_text(), form.get_by_label("Title", exact=True).input_value()) == (text, "Wave")


def test_a_file_that_changed_on_disk_is_not_lost(page: Any, file: Path) -> None:
    write(page, OTHER)
    elsewhere = PLAIN.replace("Tilt", "Elsewhere")
    file.write_text(elsewhere)
    page.locator("#save").click()
    page.locator("#conflict").wait_for()
    assert file.read_text() == elsewhere
    page.get_by_role("button", name="Overwrite it with mine").click()
    page.locator("#conflict").wait_for(state="hidden")
    assert file.read_text() == OTHER


def test_the_panels_tell_what_comes_of_it(page: Any) -> None:
    page.locator("#panel-formulas .katex").nth(2).wait_for(timeout=60_000)
    for name, words in {
        "Program": "sigmoid",
        "PyTorch": "import torch",
        "JAX": "import jax",
        "JavaScript": "activations",
        "Kernel": "struct tilt",
    }.items():
        page.get_by_role("tab", name=name).click()
        panel = page.locator("[data-panel]:not([hidden])")
        panel.get_by_text(words).first.wait_for(timeout=60_000)
        assert panel.get_by_role("button", name="Copy").count() == 1


def test_a_function_from_the_list_lands_at_the_cursor(page: Any) -> None:
    page.get_by_role("textbox", name="Spec").focus()
    page.keyboard.press("Control+End")
    page.get_by_text("What can I write?").click()
    page.get_by_role("button", name="clip", exact=True).click()
    page.keyboard.type("x/2")
    text = page.get_by_role("textbox", name="Spec").input_value()
    assert text.endswith("clip(x/2, x, x)")


def test_building_shows_its_progress_and_what_came_of_it(page: Any, folder: Path) -> None:
    page.get_by_role("button", name="Build", exact=True).click()
    page.locator("#stages li[data-state=now]").wait_for(timeout=60_000)
    page.locator("#outcome .verdict").wait_for(timeout=400_000)
    assert page.locator("#outcome .verdict").text_content() == "Built and in place."
    assert page.locator("#stages li[data-state=done]").count() == page.locator("#stages li").count()
    assert page.locator("#parts tbody th").all_text_contents() == ["PyTorch", "Keras", "JAX", "JavaScript"]
    assert page.locator("#parts td[data-state=begun]").count() == 0
    assert re.search(r"PyTorch\s+✓\s+✓\s+value [\d.]+ ulp", page.locator("#parts").inner_text())
    assert "from tilt_torch import Tilt, tilt" in page.locator("#outcome").inner_text()
    assert page.get_by_role("link", name="Open its page").get_attribute("href").endswith("/tilt/tilt.html")
    assert (folder / "generated" / "tilt" / "tilt_torch.py").is_file()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_every_control_has_a_name(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 850})
    settled(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    controls, nameless = unnamed_controls(page)
    assert controls > 30
    assert nameless == []


def test_the_form_and_the_text_are_one(page: Any, file: Path) -> None:
    page.get_by_role("tab", name="Form", exact=True).click()
    page.get_by_label("Name of a new parameter").fill("beta")
    page.get_by_label("Its initial value").fill("0.25")
    page.get_by_role("form", name="A new parameter").get_by_role("button", name="Add").click()
    page.locator("#panel-form").get_by_label("beta", exact=True).wait_for()
    formula = page.locator("#panel-form").get_by_label("Formula", exact=True)
    formula.fill("x*sigmoid(x) + alpha*sin(x) + beta*cso(x)")
    page.locator("#panel-form .fault", has_text="did you mean `cos`?").wait_for()
    assert formula.get_attribute("aria-invalid") is not None
    formula.fill("x*sigmoid(x) + alpha*sin(x) + beta*cos(x)")
    text = PLAIN.replace("alpha: 0.5\n", "alpha: 0.5\n  beta: 0.25\n").replace("sin(x)", "sin(x) + beta*cos(x)")
    wait_for_value(page, value(text, 1.0))
    assert page.locator("#spec").input_value() == text


def test_a_name_is_typed_over_and_every_use_follows(page: Any) -> None:
    page.get_by_role("tab", name="Form", exact=True).click()
    page.get_by_label("Name of parameter alpha").fill("weight")
    page.keyboard.press("Tab")
    renamed = PLAIN.replace("alpha", "weight")
    assert text_of(page, renamed)
    page.locator("#field-parameters-weight:focus").wait_for()
    page.get_by_label("Name of input x").fill("u")
    page.keyboard.press("Enter")
    formula = "u*sigmoid(u) + weight*sin(u)"
    declared = renamed.split("expression")[0].replace("parameters", "inputs: [u]\nparameters")
    assert text_of(page, f"{declared}expression: {formula}\n")
    page.locator("#undo").click()
    assert text_of(page, renamed)
    page.locator("#undo").click()
    assert text_of(page, PLAIN)


def test_a_name_that_is_taken_is_refused_beside_it_and_no_parameter_is_overwritten(page: Any) -> None:
    page.get_by_role("tab", name="Form", exact=True).click()
    name = page.get_by_label("Name of parameter alpha")
    name.fill("x")
    page.keyboard.press("Enter")
    page.locator("#panel-form .fault", has_text="there is an input `x` already").wait_for()
    assert name.input_value() == "alpha"
    page.get_by_label("Name of a new parameter").fill("alpha")
    page.get_by_label("Its initial value").fill("9")
    page.keyboard.press("Enter")
    assert not page.get_by_label("Name of a new parameter").evaluate("input => input.checkValidity()")
    page.wait_for_timeout(300)
    assert text_of(page, PLAIN)


def test_an_emptied_formula_says_that_the_spec_still_has_the_old_one(page: Any) -> None:
    page.get_by_role("tab", name="Form", exact=True).click()
    formula = page.locator("#panel-form").get_by_label("Formula", exact=True)
    formula.fill("")
    page.locator("#panel-form .fault", has_text="the spec still says").wait_for()
    formula.blur()
    assert formula.input_value() == "x*sigmoid(x) + alpha*sin(x)"


def test_a_form_of_what_is_no_yaml_leads_to_the_text(page: Any) -> None:
    write(page, "name: [broken\n")
    page.locator("#findings pre").wait_for()
    page.get_by_role("tab", name="Form", exact=True).click()
    page.get_by_role("button", name="Go to the text").click()
    assert page.locator("#spec:focus").is_visible()
    write(page, PLAIN)
    page.get_by_role("tab", name="Form", exact=True).click()
    page.locator("#panel-form").get_by_label("Formula", exact=True).wait_for()


def test_a_phone_with_an_error_shows_every_button_and_a_conflict(page: Any, file: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 850})
    write(page, OTHER.replace("cos(", "cso("))
    page.locator("#health").wait_for()
    box = page.get_by_role("button", name="Theme").bounding_box()
    assert box["x"] + box["width"] <= 390
    file.write_text(PLAIN.replace("Tilt", "Elsewhere"))
    page.locator("#save").click()
    page.locator("#conflict").wait_for()
    page.wait_for_function("() => document.querySelector('#conflict').getBoundingClientRect().bottom <= innerHeight")


def test_values_of_the_sliders_become_the_initial_ones(page: Any) -> None:
    page.get_by_label("α", exact=True).fill("1.75")
    settled(page)
    page.get_by_role("button", name="Make these the initial values").click()
    assert text_of(page, PLAIN.replace("0.5", "1.75"))


def test_pieces_come_and_go_and_every_step_is_undone(page: Any) -> None:
    page.get_by_role("tab", name="Form", exact=True).click()
    page.get_by_role("button", name="Split into pieces").click()
    page.get_by_label("Condition of piece 1").fill("x > -1")
    page.get_by_label("Value of piece 2").fill("alpha*x")
    before, formula = PLAIN.split("expression: ")
    pieces = f"{before}expression:\n  - when: x > -1\n    value: {formula}  - otherwise: alpha*x\n"
    assert text_of(page, pieces)
    page.get_by_role("button", name="Remove piece 1").click()
    assert text_of(page, f"{before}expression: alpha*x\n")
    page.locator("#undo").click()
    assert text_of(page, pieces)
    while page.locator("#undo").is_enabled():
        page.locator("#undo").click()
    assert text_of(page, PLAIN)
    page.locator("#panel-form").get_by_label("Formula", exact=True).wait_for()


def test_a_parameter_has_bounds_and_a_shape(page: Any) -> None:
    page.get_by_role("tab", name="Form", exact=True).click()
    page.get_by_label("alpha: lower bound").fill("0")
    assert text_of(page, PLAIN.replace("0.5", "{init: 0.5, bounds: [0, .inf]}"))
    page.get_by_label("alpha: upper bound").fill("2")
    page.get_by_label("per channel").check()
    page.get_by_label("learned").uncheck()
    written = "{init: 0.5, bounds: [0, 2], shape: channel, learnable: false}"
    assert text_of(page, PLAIN.replace("0.5", written))


def test_a_name_that_is_not_declared_becomes_a_parameter(page: Any) -> None:
    write(page, PLAIN.replace("sin(x)", "sin(kappa*x)"))
    page.get_by_role("button", name="Make kappa a parameter").click()
    assert text_of(page, PLAIN.replace("sin(x)", "sin(kappa*x)").replace("0.5\n", "0.5\n  kappa: 1\n"))
    page.get_by_label("κ", exact=True).wait_for()


def test_requirements_are_solved_beside_the_sliders(page: Any) -> None:
    page.get_by_label("Find values for which").fill("f'(0) = 5/4, menn = 0")
    page.get_by_role("button", name="Find").click()
    page.locator(".found pre", has_text="`menn` is nothing that can be required").wait_for()
    page.get_by_label("Find values for which").fill("f'(0) = 5/4")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Use these values").click()
    assert text_of(page, PLAIN.replace("0.5", "3/4"))
    assert float(page.get_by_label("α", exact=True).input_value()) == 0.75


def test_a_new_spec_starts_from_one_of_several(designer: Running, file: Path, visit: Any) -> None:
    file.unlink()
    found = visit(designer.url, expected=("409 (Conflict)",))
    found.get_by_role("button", name="Two pieces").click()
    assert found.locator("#starts").is_hidden()
    found.get_by_label("Value of piece 2").wait_for()
    assert found.get_by_label("Value of piece 1").input_value() == "x"
    assert not file.exists()

"""An activation of one's own, made with the live page alone: inputs, parameters, requirements, what is kept."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from pages_designer import OTHER, PLAIN
from pages_driving import readout, settled, text_of, wait_for_value, write
from spec_units import unit

from actgen.verify.oracle import Oracle

KINKED = (
    "actgen: 1\nname: bend\nparameters:\n  alpha: 0.25\n  beta: 1\nexpression:\n"
    "  - when: x > 0\n    value: x\n  - otherwise: alpha*(exp(beta*x) - 1)\n"
)


@pytest.fixture
def form(page: Any) -> Any:
    page.get_by_role("tab", name="Form", exact=True).click()
    return page.locator("#panel-form")


def test_an_input_is_added_named_used_and_removed(page: Any, form: Any) -> None:
    page.get_by_role("button", name="Add an input").click()
    page.locator("#panel-form .fault", has_text="the input `gate` is not used").wait_for()
    page.get_by_label("Name of input gate").and_(page.locator(":focus")).wait_for()
    page.keyboard.type("z")
    page.keyboard.press("Enter")
    declared = PLAIN.replace("parameters", "inputs: [x, z]\nparameters")
    assert text_of(page, declared)
    form.get_by_label("Formula", exact=True).fill("x*sigmoid(x) + alpha*sin(x)*z")
    page.get_by_role("combobox", name="Along").wait_for()
    page.get_by_role("button", name="Add an input").click()
    assert text_of(page, declared.replace("[x, z]", "[x, z, gate]").replace("sin(x)", "sin(x)*z"))
    page.get_by_role("button", name="Remove gate").first.click()
    assert text_of(page, declared.replace("sin(x)", "sin(x)*z"))


def test_a_parameter_that_is_not_used_goes_with_one_click(page: Any, form: Any) -> None:
    form.get_by_label("Formula", exact=True).fill("x*sigmoid(x)")
    form.get_by_role("button", name="Remove alpha", exact=True).click()
    assert text_of(page, PLAIN.replace("parameters:\n  alpha: 0.5\n", "").replace(" + alpha*sin(x)", ""))


def test_gamma_is_a_parameter_like_others(page: Any) -> None:
    write(page, PLAIN.replace("sin(x)", "sin(x)*gamma"))
    page.get_by_role("button", name="Make gamma a parameter").click()
    page.get_by_label("γ", exact=True).wait_for()


def test_the_slider_of_what_is_renamed_stays_where_it_is(page: Any, form: Any) -> None:
    page.get_by_label("α", exact=True).fill("2")
    settled(page)
    page.get_by_label("Partial derivative").select_option("none")
    moved = readout(page)["f"]
    page.get_by_label("Name of parameter alpha").fill("weight")
    page.keyboard.press("Enter")
    assert text_of(page, PLAIN.replace("alpha", "weight"))
    page.locator("#control-weight").wait_for()
    settled(page)
    assert (page.locator("#control-weight").input_value(), readout(page)["f"]) == ("2", moved)
    page.locator("#undo").click()
    page.locator("#control-alpha").wait_for()
    assert page.locator("#control-alpha").input_value() == "2"


def test_a_parameter_that_takes_the_place_of_another_begins_at_its_own_value(page: Any) -> None:
    page.get_by_label("α", exact=True).fill("2")
    settled(page)
    write(page, PLAIN.replace("alpha: 0.5", "kappa: 0.75").replace("alpha", "kappa"))
    page.locator("#control-kappa").wait_for()
    assert page.locator("#control-kappa").input_value() == "0.75"


def test_what_a_requirement_leaves_free_is_kept(page: Any) -> None:
    write(page, KINKED)
    page.locator("#control-beta").wait_for()
    page.get_by_label("Find values for which").fill("C1 at 0")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep alpha as in the spec").click()
    page.get_by_role("button", name="Use these values").click()
    assert text_of(page, KINKED.replace("beta: 1", "beta: 4"))


def test_a_formula_that_takes_a_while_says_that_the_picture_is_older(page: Any) -> None:
    page.route("**/api/draw", lambda route: (time.sleep(1.5), route.continue_()))
    write(page, OTHER)
    page.locator("#stale", has_text="takes a while").wait_for()
    page.locator("#stale").wait_for(state="hidden")
    wait_for_value(page, Oracle(unit(OTHER).activation).value("y", {"x": 1.0}))


def test_taking_the_file_from_disk_is_undone(page: Any, file: Path) -> None:
    write(page, OTHER)
    file.write_text(PLAIN.replace("Tilt", "Elsewhere"))
    page.locator("#save").click()
    page.get_by_role("button", name="Take the file from disk").click()
    assert text_of(page, PLAIN.replace("Tilt", "Elsewhere"))
    page.locator("#saved[data-state=saved]").wait_for()
    page.locator("#undo").click()
    assert text_of(page, OTHER)


def test_a_build_of_what_has_changed_on_disk_says_so(page: Any, file: Path) -> None:
    file.write_text(PLAIN.replace("Tilt", "Elsewhere"))
    page.locator("#build").click()
    page.locator("#conflict").wait_for()
    assert page.locator("#verdict").text_content() == "tilt.yaml has changed on disk"


def test_escape_takes_a_new_name_back_and_stays_there(page: Any, form: Any) -> None:
    name = page.get_by_label("Name of parameter alpha")
    name.fill("other")
    page.keyboard.press("Escape")
    assert name.and_(page.locator(":focus")).input_value() == "alpha"


def test_long_words_are_seen_whole_and_findings_wrap(page: Any, form: Any) -> None:
    form.get_by_label("Summary").fill("A summary that is much longer than its box is wide, and goes on for a while")
    form.get_by_label("alpha", exact=True).fill("0.5 + 0.25 + one_name_that_is_long_enough_not_to_fit")
    page.locator("#findings .said").first.wait_for()
    for box in (form.get_by_label("Summary"), page.locator("#findings .said").first):
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight + 2")


def test_a_build_that_is_refused_shows_why_and_no_notes(page: Any) -> None:
    said = [
        {"severity": severity, "rendered": f"{severity}[ACT600] of {severity}\n  --> tilt.yaml:6:1\n"}
        for severity in ("note", "warning", "error")
    ]
    result = {"event": "result", "outcome": "failed", "diagnostics": said, "verified": None, "usage": [], "page": None}
    events = [{"event": "started", "revision": "0"}, result, {"event": "ended", "outcome": "failed"}]
    page.route("**/api/build", lambda route: route.fulfill(status=202, json={}))
    page.route("**/api/build/events", lambda route: route.fulfill(body="".join(f"{json.dumps(e)}\n" for e in events)))
    page.locator("#build").click()
    page.locator("#outcome .verdict").wait_for()
    assert page.locator("#outcome .said").all_text_contents() == [
        "error[ACT600] of error\n",
        "warning[ACT600] of warning\n",
    ]

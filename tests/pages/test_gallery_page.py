from pathlib import Path
from typing import Any

import pytest
from pages_driving import address_of, settled, shown_units, unnamed_controls

from actgen.docs.entry import entry
from actgen.docs.gallery_page import gallery_page


def opened(site: Path, visit: Any, state: str = "", **more: Any) -> Any:
    return visit(f"{(site / 'index.html').as_uri()}{state and f'#{state}'}", **more)


def shown(page: Any) -> list[str]:
    return page.evaluate(
        "() => [...document.querySelectorAll('[data-folder]:not([hidden])')].map((c) => c.dataset.folder)"
    )


def test_every_activation_is_there_by_title(site: Path, visit: Any) -> None:
    page = opened(site, visit)
    titles = [unit.activation.title for unit in shown_units().values()]
    assert page.locator(".cards h2").all_text_contents() == sorted(titles, key=str.casefold)
    page.get_by_role("link", name="Spiral").click()
    assert page.locator("h1").text_content() == "Spiral"
    page.get_by_role("link", name="actgen").click()
    page.locator(".cards").wait_for()
    assert len(shown(page)) == len(titles)


def test_search_goes_through_names_and_summaries(site: Path, visit: Any) -> None:
    page = opened(site, visit)
    page.get_by_role("searchbox").fill("error")
    assert shown(page) == ["gelu"]
    page.get_by_role("searchbox").fill("silu gate")
    assert shown(page) == ["swiglu"]
    page.get_by_role("searchbox").fill("no such thing")
    assert shown(page) == []
    assert page.get_by_role("status").text_content() == f"0 of {len(shown_units())} activations"


def test_filters_say_how_many_are_left_and_add_up(site: Path, visit: Any) -> None:
    page = opened(site, visit)
    page.get_by_role("button", name="gate").click()
    settled(page)
    assert shown(page) == ["swiglu"]
    assert page.get_by_role("button", name="several outputs").is_disabled()
    assert page.get_by_role("button", name="gate").get_attribute("aria-pressed") == "true"
    assert address_of(page) == {"with": "gate"}
    assert shown(opened(site, visit, "with=gate")) == ["swiglu"]


def test_several_are_compared_in_one_picture(site: Path, visit: Any) -> None:
    page = opened(site, visit)
    assert page.locator("#compared").is_hidden()
    for title in ("Gaussian error linear unit", "Exponential linear unit"):
        page.get_by_label(f"Compare {title}").check()
    page.wait_for_function("() => document.querySelector('#compared canvas')")
    assert address_of(page) == {"compare": "gelu,elu"}
    again = opened(site, visit, "compare=gelu,elu&slope=1")
    again.wait_for_function("() => document.querySelector('#compared canvas')")
    assert again.get_by_label("Derivatives").is_checked()
    again.get_by_role("button", name="Remove Exponential linear unit from the comparison").click()
    assert address_of(again) == {"compare": "gelu", "slope": "1"}


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_its_window_and_every_control_has_a_name(site: Path, visit: Any, width: int) -> None:
    page = opened(site, visit, "compare=elu,gelu,swiglu", width=width)
    settled(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    controls, nameless = unnamed_controls(page)
    assert controls > 12
    assert nameless == []


@pytest.mark.parametrize("damage", [{"card": None}, {"card": {}}, {"card": {"title": 1}}, {"title": 1}])
def test_a_folder_that_tells_nothing_is_left_out(damage: dict[str, object]) -> None:
    sound = dict(entry(shown_units()["elu"]))
    page = gallery_page({"elu": sound, "broken": {**sound, **damage}})
    assert 'data-folder="elu"' in page
    assert "broken" not in page


def test_what_a_manifest_says_is_text() -> None:
    sound = entry(shown_units()["elu"])
    assert sound["card"] is not None
    hostile = '"><script>alert(1)</script>'
    card = {**sound["card"], "title": hostile, "summary": hostile, "tags": [hostile], "shown": hostile}
    page = gallery_page({"elu": {**sound, "picture": hostile, "card": card}})
    assert "<script>alert" not in page
    assert '""><' not in page

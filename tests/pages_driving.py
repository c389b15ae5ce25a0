"""How the tests of pages read and use them."""

from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from spec_units import catalogue, spec, unit

from actgen.backends.base import Unit

_CONTROLS = {"button", "checkbox", "combobox", "link", "radio", "searchbox", "slider", "spinbutton", "tab", "textbox"}


_SPIRAL = spec(
    """
title: Spiral
outputs:
  re: x * cos(turn * x)
  im: x * sin(turn * x)
parameters:
  turn: {init: 1, bounds: [0.25, 4], description: how fast it turns}
""",
    "spiral",
)


@cache
def shown_units() -> dict[str, Unit]:
    """What the tests of pages look at: kinks, jumps, a gate, two outputs, a learned parameter."""
    return {name: catalogue(name) for name in ("elu", "gelu", "hardshrink", "snake", "swiglu")} | {
        "spiral": unit(_SPIRAL)
    }


def settled(page: Any) -> None:
    """Waits until the page has drawn what it was told."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def readout(page: Any) -> dict[str, float]:
    """The values beside the picture, in full."""
    script = (
        "() => [...document.querySelectorAll('[data-part=readout] dt')]"
        ".map((dt) => [dt.textContent, dt.nextElementSibling.dataset.value])"
    )
    return {name: float(value.replace("Infinity", "inf")) for name, value in page.evaluate(script)}


def fill(page: Any, label: str, text: str) -> None:
    """Types into a box, and waits until the page has drawn."""
    page.get_by_label(label, exact=True).fill(text)
    settled(page)


def address_of(page: Any) -> dict[str, str]:
    """The state in the address."""
    page.wait_for_timeout(250)
    return dict(parse_qsl(urlsplit(page.url).fragment))


def unnamed_controls(page: Any) -> tuple[int, list[str]]:
    """How many controls the accessibility tree has, and those that have no name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    controls = [n for n in nodes if not n.get("ignored") and n.get("role", {}).get("value") in _CONTROLS]
    nameless = [str(n["role"]["value"]) for n in controls if not n.get("name", {}).get("value", "").strip()]
    return len(controls), nameless


def write(page: Any, text: str) -> None:
    page.get_by_role("textbox", name="Spec").fill(text)


def wait_for_value(page: Any, expected: float) -> None:
    """Until the first nine digits stand beside the picture."""
    page.locator(f"[data-part=readout] dd[data-value^='{repr(expected)[:10]}']").wait_for(timeout=20_000)


def text_of(page: Any, expected: str) -> str:
    """The spec, as soon as it is the expected one."""
    page.wait_for_function("(text) => document.querySelector('#spec').value === text", arg=expected, timeout=20_000)
    return page.locator("#spec").input_value()

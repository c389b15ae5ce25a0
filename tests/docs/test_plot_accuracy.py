"""The picture of the accuracy."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from actgen.docs.plot_accuracy import svg
from actgen.verify.profile import BINS, Profile

EDGES = np.linspace(-0x7F800000, 0x7F800001, BINS + 1).astype(np.int64)


def profile(form: str, wrt: str | None, worst: float, wrong: tuple[int, ...] = (), name: str = "") -> Profile:
    mask = np.zeros(BINS, dtype=bool)
    mask[list(wrong)] = True
    return Profile("torch", form, "y", wrt, "float32", EDGES, np.full(BINS, worst), mask, name)


def drawn(*profiles: Profile) -> tuple[str, ElementTree.Element]:
    text = svg(profiles, "a <title> & more", "x", {"torch": "ok 2.13.0+cpu"})
    return text, ElementTree.fromstring(text)


def curves(root: ElementTree.Element) -> list[str]:
    return [i for e in root.iter() if (i := e.get("id", "")).startswith("curve-")]


def test_a_panel_for_the_value_and_one_for_the_derivative_with_every_form() -> None:
    forms = [("textbook", 1e5, (3, 4, 200)), ("built-in", 30.0, ()), ("actgen", 0.5, ())]
    text, root = drawn(*(profile(form, wrt, *rest, name="torch.nn.T") for form, *rest in forms for wrt in (None, "x")))  # pyright: ignore
    assert sorted(curves(root)) == sorted(2 * ["curve-textbook", "curve-built-in", "curve-actgen"])
    assert "prefers-color-scheme: dark" in text
    assert [e.text for e in root.iter("{http://www.w3.org/2000/svg}title")] == [
        "a <title> & more: the error over all of float32, in ulps"
    ]
    assert len(text) < 150_000


def test_what_is_of_a_wrong_kind_stands_at_the_top_in_its_colour() -> None:
    def bars(*wrong: int) -> int:
        text, _ = drawn(profile("actgen", None, 0.5, wrong))
        return text.count("fill: #0072b2")

    none = bars()  # the style sheet names the colour too
    assert (bars(7, 8, 9), bars(7, 8, 9, 100)) == (none + 1, none + 2)


def test_without_a_built_in_and_without_numbers_there_is_still_a_picture() -> None:
    _, root = drawn(profile("textbook", None, np.nan, tuple(range(BINS))), profile("actgen", None, 0.0))
    assert sorted(curves(root)) == ["curve-actgen", "curve-textbook"]


def test_derivatives_in_parameters_and_other_runners_are_left_out() -> None:
    other = Profile("jax", "actgen", "y", None, "float32", EDGES, np.zeros(BINS), np.zeros(BINS, dtype=bool))
    _, root = drawn(profile("actgen", None, 0.5), profile("actgen", "a", 9.0), other)
    assert curves(root) == ["curve-actgen"]

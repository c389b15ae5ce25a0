import re

from spec_units import catalogue, hostile

from actgen.docs.gallery import gallery


def test_sorted_complete_and_the_same_in_any_order() -> None:
    units = [catalogue(name) for name in ("swiglu", "selu_variation", "relu", "complex_soft_exponential")]
    page = gallery(units)
    assert page == gallery(reversed(units))
    links = re.findall(r"^## \[.*\]\((\w+)/README\.md\)$", page, re.MULTILINE)
    assert links == ["complex_soft_exponential", "relu", "selu_variation", "swiglu"]
    assert page.count("_thumbnail.svg)") == 4
    assert "4 activations" in page
    assert "smoothness $`C^0`$ · learns $`\\lambda`$, $`\\alpha`$" in page
    assert "2 inputs" in page
    assert "2 outputs" in page


def test_hostile_text_stays_text() -> None:
    page = gallery([hostile()])
    assert "<script" not in page
    assert len(re.findall(r"^```", page, re.MULTILINE)) == 2
    assert "](http://x.test" not in page

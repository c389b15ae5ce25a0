import json
import re

import pytest
from spec_units import catalogue, hostile

from actgen.docs.entry import entry
from actgen.docs.gallery import gallery


def test_sorted_complete_and_the_same_in_any_order() -> None:
    entries = {
        name: entry(catalogue(name)) for name in ("swiglu", "selu_variation", "relu", "complex_soft_exponential")
    }
    page = gallery(entries)
    assert page == gallery(dict(reversed(entries.items())))
    assert page == gallery(json.loads(json.dumps(entries)))
    links = re.findall(r"^## \[.*\]\((\w+)/README\.md\)$", page, re.MULTILINE)
    assert links == ["complex_soft_exponential", "relu", "selu_variation", "swiglu"]
    assert page.count("_thumbnail.svg)") == 4
    assert "4 activations" in page
    assert "smoothness $C^0$ · learns $\\lambda$, $\\alpha$" in page
    assert "2 inputs" in page
    assert "2 outputs" in page
    assert "[PyTorch](relu/relu_torch.py) · [Keras](relu/relu_keras.py) · [JAX](relu/relu_jax.py)" in page


def test_the_table_of_pictures_is_a_table() -> None:
    relu = entry(catalogue("relu"))
    for count in range(1, 12):
        page = gallery({f"relu_{n}": relu for n in range(count)})
        rows = [line for line in page.splitlines() if line.startswith("|")]
        assert {row.count("|") for row in rows} == {min(count, 5) + 1}
        assert len(rows) == 2 + -(-count // 5)
        assert "\n\n\n" not in page


def test_only_what_was_printed_is_linked() -> None:
    page = gallery({"relu": entry(catalogue("relu"), ["torch"])})
    assert "1 activation," in page
    assert "[PyTorch](relu/relu_torch.py)" in page
    assert "Keras" not in page


def test_formulas_are_whole() -> None:
    """The index has no room for the abbreviations of the pages."""
    shown = entry(catalogue("complex_soft_exponential"))["formulas"]
    assert len(shown) == 2
    assert not any(re.search(r"u_\{?\d", formula) for formula in shown)


@pytest.mark.parametrize("damage", [{}, {"title": 1}, {"formulas": "x"}, {"sources": ["relu_torch.py"]}])
def test_a_folder_without_an_entry_shows_by_name(damage: dict[str, object]) -> None:
    sound: dict[str, object] = dict(entry(catalogue("relu")))
    page = gallery({"a_b": {**sound, **damage} if damage else {}})
    assert r"## [a\_b](a_b/README.md)" in page
    assert "svg" not in page


def test_hostile_text_stays_text() -> None:
    page = gallery({"hostile": entry(hostile())})
    assert "<script" not in page
    assert len(re.findall(r"^\$\$$", page, re.MULTILINE)) == 2
    assert not re.search(r"^```", page, re.MULTILINE)
    assert "](http://x.test" not in page
    assert len([line for line in page.splitlines() if line.startswith("|")]) == 3

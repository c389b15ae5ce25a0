"""Formulas in Markdown arrive whole where they are shown: on GitHub, and in Jupyter."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_readers import in_jupyter, on_github, written
from nasty_specs import NASTY
from spec_units import SPECS, UNSEEN, catalogue, derived, hostile, unit

from actgen.docs.equations import equations
from actgen.docs.markdown import readme
from actgen.docs.markdown_math import display_math, inert, inline_math

ROOT = Path(__file__).parents[2]
PARTS = [
    *(
        "x",
        "12",
        "1.",
        "\\alpha",
        "_{1}",
        "_2",
        "^{2}",
        "}_{i}",
        " _x_ ",
        "*",
        "**",
        "~",
        "~~",
        "|",
        "\\|",
        "<b>",
        "< 3",
    ),
    *(
        "\\{",
        "\\}",
        "\\left[",
        "\\right](",
        "](x)",
        "![",
        "\\,",
        "\\;",
        "\\!",
        "\\:",
        "\\\\",
        " \\\\[4pt]\n",
        "\\\\[10pt]\n",
    ),
    *("\n", "\n- ", "\n+ ", "\n# ", "\n> ", "\n=", "\n1. ", "&", "&amp;", " ", "-", "'", "(", ")", "/", ":", "\n\n"),
]


def arrives(page: str, formula: str) -> None:
    assert on_github(page) == written(page) == in_jupyter(page) == [formula]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=12).map("".join))
@example("\\left[x\\right](y)")
@example("}_{i} x_{j}")
@example("a\n- b")
def test_whatever_a_formula_holds_it_arrives_as_it_is_written(latex: str) -> None:
    body = f"a{latex} b"
    arrives(f"text\n\n{display_math(body)}\n\ntext\n", inert(body))
    line = inert(" ".join(body.split()))
    arrives(f"| what | is |\n| --- | --- |\n| at {inline_math(body)}: 1 | 2 |\n", line)


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"x_{1} + \alpha_{2}", r"x_{1} + \alpha_{2}"),
        (r"\hat{x}_{1}", r"\hat{x}_ {1}"),
        ("x & 1 \\\\[4pt]\ny & 2", "x & 1 \\cr\ny & 2"),
        ("x & 1 \\\\[10pt]\ny & 2", "x & 1 \\vphantom{\\bigg(} \\cr\ny & 2"),
        (r"\{a,\,b\}", r"\lbrace a,\thinspace b\rbrace"),
        (r"\left|x\right|", r"\left\vert x\right\vert"),
        ("x<y", r"x\lt y"),
        ("a\n-b", "a -b"),
    ],
)
def test_signs_that_mean_something_in_markdown_become_words(latex: str, shown: str) -> None:
    assert inert(latex) == shown


def test_a_formula_that_is_written_plainly_does_not_arrive() -> None:
    """The readers of this test see what they are for."""
    page = "$$\nx & 1 \\\\\n\\{y\\} *a* b*\n$$\n"
    assert on_github(page) != written(page) == in_jupyter(page)
    spelled_for_github_alone = "$`x`$\n\n```math\ny\n```\n"
    assert in_jupyter(spelled_for_github_alone) == ["`x`"]


@pytest.mark.parametrize(
    "path", [*sorted(SPECS.glob("*.yaml")), *sorted(UNSEEN.glob("*.yaml"))[::7]], ids=lambda p: p.stem
)
def test_the_equations_of_every_activation_arrive(path: Path) -> None:
    shown = equations(derived(path))
    every = (*shown.formulas, *shown.formula_definitions, *shown.partials, *shown.partial_definitions)
    page = "\n\n".join(map(display_math, every))
    assert on_github(page) == in_jupyter(page) == [inert(equation) for equation in every]


@pytest.mark.parametrize("name", ["selu_variation", "swiglu", "snake"])
def test_every_formula_of_a_page_arrives(name: str) -> None:
    page = readme(catalogue(name))
    assert len(written(page)) > 10
    assert on_github(page) == in_jupyter(page) == written(page)


def test_text_with_dollars_is_no_formula() -> None:
    for page in (readme(hostile()), readme(unit(NASTY["text"]))):
        assert on_github(page) == in_jupyter(page) == written(page)
        assert not {"y", "d"} & set(written(page))


def test_the_front_page_arrives() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert on_github(text) == in_jupyter(text) == written(text)
    assert len(written(text)) == 1

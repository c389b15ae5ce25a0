"""The pages in `generated/`, as they lie there."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_readers import in_jupyter, on_github, written

from actgen.pipeline.picture import README

GENERATED = Path(__file__).parents[2] / "generated"
PAGES = sorted(GENERATED.glob(f"**/{README}"))


def targets(text: str) -> list[str]:
    """Where the links and pictures of a page lead."""
    tokens = [child for token in MarkdownIt().enable("table").parse(text) for child in token.children or ()]
    return [str(t.attrs.get("href") or t.attrs["src"]) for t in tokens if t.type in ("link_open", "image")]


def test_there_is_a_page_for_every_activation_and_an_index() -> None:
    assert {page.parent for page in PAGES} >= {GENERATED, *(path.parent for path in GENERATED.glob("*/*.tex"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_links_and_pictures_lead_to_files_that_are_there(page: Path) -> None:
    found = [unquote(target) for target in targets(page.read_text(encoding="utf-8"))]
    near = [target for target in found if not re.match(r"[a-z]+:", target)]
    assert near
    assert [target for target in near if not (page.parent / target).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_formulas_arrive_on_github_and_in_jupyter(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert written(text)
    assert on_github(text) == in_jupyter(text) == written(text)

"""The project's own pages: links lead somewhere, commands exist, quotations are true."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from spec_units import derived

import actgen
from actgen.activation import Activation
from actgen.cli.app import cli
from actgen.designer import codes as designer
from actgen.docs.equations import equations
from actgen.pipeline import codes
from actgen.solving import codes as solving
from actgen.spec.reader import read_text
from actgen.symbolic.derivation import Derivation
from actgen.symbolic.derive import derive
from actgen.verify import report
from actgen.verify.standards import LIMITS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
HOMES = ("actgen", "benchmarks")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, kind: str) -> list[str]:
    return [body for found, body in FENCE.findall(page.read_text(encoding="utf-8")) if found == kind]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)]+)\)", prose):
        path = target.split("#")[0]
        if path and not re.match(r"https?:", path):
            assert (page.parent / path).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z]+)\b(?=[`\s]*(?:#|`|$))", text, re.MULTILINE):
        assert target in targets
    for command, rest in re.findall(r"\bactgen (build|check|verify|design|show|new|schema)\b([^`\n#]*)", text):
        help_text = CliRunner().invoke(cli, [command, "--help"]).output
        for option in re.findall(r"(?<!\S)--[a-z-]+", rest):
            assert option in help_text, f"actgen {command} has no {option}"


def test_the_spec_on_the_front_page_is_the_one_in_the_catalogue() -> None:
    """Laid out for half a page: without what documents it, and with a list of pieces."""
    [quoted] = blocks(ROOT / "README.md", "yaml")
    shown, diagnostics = read_text(quoted, "selu_variation.yaml")
    assert shown is not None
    assert not diagnostics
    whole = derived(ROOT / "specs" / "selu_variation.yaml").activation
    for one in ("name", "class_name", "title"):
        assert getattr(shown, one) == getattr(whole, one)
    assert shown.nominal() == whole.nominal()
    assert equations(derivation(shown)) == equations(derivation(whole))
    assert max(map(len, quoted.splitlines())) < 50, "too wide to stand beside the code"


def derivation(activation: Activation) -> Derivation:
    found, _ = derive(activation)
    assert found is not None
    return found


def test_the_lines_on_the_front_page_are_those_of_the_generated_file() -> None:
    [quoted] = [b for b in blocks(ROOT / "README.md", "python") if "dalpha" in b]
    text = (ROOT / "generated" / "selu_variation" / "selu_variation_torch.py").read_text(encoding="utf-8")
    lines = iter(map(str.strip, text[text.index("def _partials") :].splitlines()))
    for line in quoted.splitlines():
        assert line in lines, f"not in the file, or not in this order: {line}"


def test_files_that_the_architecture_names_exist() -> None:
    for page in (ROOT / "docs" / "ARCHITECTURE.md", ROOT / "docs" / "ADDING.md", ROOT / "docs" / "NUMERICS.md"):
        names = re.findall(r"`(?:actgen/)?((?:[a-z_]+/)*[a-z_0-9]+\.py)`", page.read_text(encoding="utf-8"))
        known = {path.relative_to(ROOT).as_posix() for home in HOMES for path in (ROOT / home).rglob("*.py")}
        for name in names:
            assert any(path == name or path.endswith(f"/{name}") for path in known), f"{page.name}: {name}"


def test_the_limits_on_the_pages_are_those_that_are_enforced() -> None:
    text = (ROOT / "docs" / "NUMERICS.md").read_text(encoding="utf-8")
    assert f"| float32 | float64 | 0.6 ulp | {LIMITS['float32']:g} ulp |" in text
    assert f"| bfloat16, float16 | float32, or float64 | 0.51 ulp | {LIMITS['bfloat16']:g} ulp |" in text
    assert LIMITS["float16"] == LIMITS["bfloat16"]
    assert LIMITS["float64"] == pytest.approx(1e-9 * 2**52)


def test_the_page_of_codes_lists_every_code_and_what_to_do() -> None:
    text = (ROOT / "docs" / "CODES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(ACT\d{3})` \| (.+?) \| (.+) \|$", text, re.MULTILINE)
    known = {**report.CODES, **solving.CODES, **codes.CODES, **designer.CODES}
    assert {code: meaning for code, meaning, _ in rows} == known
    assert [code for code, _, _ in rows] == sorted(code for code, _, _ in rows)
    assert all(remedy for _, _, remedy in rows)


def test_every_code_that_is_used_has_a_meaning() -> None:
    for folder, known in (("verify", report.CODES), ("pipeline", codes.CODES), ("designer", designer.CODES)):
        sources = (path.read_text(encoding="utf-8") for path in (ROOT / "actgen" / folder).glob("*.py"))
        assert {c for s in sources for c in re.findall(r'"(ACT[689]\d\d)"', s)} == set(known)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_into_a_page_lead_to_a_heading(page: Path) -> None:
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    for path, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", prose):
        assert anchor in anchors(page.parent / path if path else page), f"{path}#{anchor}"


def test_the_version_is_the_same_everywhere() -> None:
    assert f"version: {actgen.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {actgen.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

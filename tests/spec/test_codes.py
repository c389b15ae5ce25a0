import re
from pathlib import Path

from actgen.spec.codes import CODES
from actgen.symbolic.findings import CODES as MATHEMATICS

ROOT = Path(__file__).parents[2]
READER = [path for path in (ROOT / "actgen" / "spec").glob("*.py") if path.name != "codes.py"]
ELSEWHERE = {
    "ACT001",
    "ACT003",
    "ACT016",
    "ACT207",
}  # test_reader.py and test_source.py


def codes_in(paths):
    return {code for path in paths for code in re.findall(r"ACT\d{3}", path.read_text(encoding="utf-8"))}


def test_the_table_is_complete():
    assert codes_in(READER) == set(CODES)
    assert list(CODES) == sorted(CODES)


def test_every_code_has_an_example():
    assert codes_in((ROOT / "tests" / "spec" / "bad").glob("*.expected")) | ELSEWHERE == set(CODES)


def test_the_reference_lists_every_code():  # tests/docs/test_project_pages.py has those of verification and files
    text = (ROOT / "docs" / "SPEC.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(ACT\d\d\d)` \| (.+?) \|$", text, re.MULTILINE)
    known = {**CODES, **MATHEMATICS}
    assert rows == [(code, meaning.replace("|", "\\|")) for code, meaning in known.items()]

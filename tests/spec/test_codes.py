import re
from pathlib import Path

from actgen.spec.codes import CODES
from actgen.symbolic.findings import CODES as MATHEMATICS
from actgen.verify.report import CODES as VERIFICATION

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


def test_the_reference_lists_every_code():
    text = (ROOT / "docs" / "SPEC.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(ACT\d\d\d)` \| (.+?) \|$", text, re.MULTILINE)
    known = {**CODES, **MATHEMATICS, **dict(sorted(VERIFICATION.items()))}
    assert rows[: len(known)] == [(code, meaning.replace("|", "\\|")) for code, meaning in known.items()]
    files = {code for code in codes_in((ROOT / "actgen" / "pipeline").glob("*.py")) if code > "ACT7"}
    assert [code for code, _ in rows[len(known) :]] == sorted(files)

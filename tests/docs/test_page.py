import json
import re

import pytest
from catalogue_folders import GENERATED
from spec_units import catalogue, hostile, spec, unit

from actgen.docs.certificate_words import certificate_words
from actgen.docs.page import page, with_certificate
from actgen.docs.page_assets import GALLERY_SCRIPTS, PAGE_SCRIPTS, asset_files
from actgen.docs.page_data import as_script, page_data
from actgen.resources import source_files

FILES = {"sample_torch.py": "import torch  # <b>\n", "sample.js": "// </script>\n", "sample_kernel.h": "// &\n"}


def data_of(text: str) -> dict[str, object]:
    (found,) = re.findall(r'<script type="application/json" id="activation">(.*?)</script>', text, re.DOTALL)
    return json.loads(found)


def test_what_a_spec_says_is_text_on_the_page() -> None:
    text = page(hostile(), {})
    assert "<script>alert" not in text
    assert "javascript:alert" not in "".join(re.findall(r'href="([^"]*)"', text))
    assert data_of(text)["name"] == "hostile"
    assert "\\u003c" in as_script({"a": "</script><!--"})
    assert "<" not in as_script({"a": "</script><!--"})


def test_everything_that_it_loads_is_there() -> None:
    text = page(catalogue("elu"), FILES)
    loaded = re.findall(r'(?:src|href)="\.\./assets/([^"]+)"', text)
    assert set(loaded) <= set(asset_files())
    assert [name for name in loaded if name in PAGE_SCRIPTS] == list(PAGE_SCRIPTS)
    assert set(GALLERY_SCRIPTS) <= set(asset_files())
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text.split('<section id="references"')[0])


def test_sources_stand_on_it_word_for_word() -> None:
    text = page(unit(spec("expression: tanh(x)\n")), FILES, ["torch", "javascript"])
    assert "import torch  # &lt;b&gt;\n" in text
    assert "// &lt;/script&gt;\n" in text
    assert re.findall(r'role="tab" id="tab-(\w+)"', text) == ["pytorch", "javascript", "kernel"]


def test_sliders_reach_from_bound_to_bound_or_around_the_nominal_value() -> None:
    body = (
        "parameters:\n  a: {init: 1, bounds: [0.5, 2]}\n  b: {init: 3, bounds: [0, .inf]}\n  c: -10\n  d: 0.25\n"
        "expression: a*x + b*x + c*x + tanh(d*x)\nchecks: {domain: {d: [0, 1], x: [-2, 4]}}\n"
    )
    data = page_data(unit(spec(body)))
    assert {p["name"]: p["range"] for p in data["parameters"]} == {
        "a": [0.5, 2.0],
        "b": [0.0, 9.0],
        "c": [-30.0, 10.0],
        "d": [0.0, 1.0],
    }
    assert data["inputs"][0]["range"] == [-2.0, 4.0]
    assert [p["symbol"] for p in page_data(catalogue("selu_variation"))["parameters"]] == ["λ", "α", "β", "γ", "ω"]


def certificate(name: str) -> str:
    return (GENERATED / name / "certificate.json").read_text(encoding="utf-8")


def test_a_certificate_in_words_says_what_is_in_it() -> None:
    words = certificate_words(certificate("elu"))
    content = json.loads(certificate("elu"))
    assert (words.status, words.verdict) == ("passed", "Passed.")
    worst = max(r["worst_ulp"] for r in content["exhaustive"]["results"] if r["of"] == "y")
    first = words.sentences[0]
    assert first.startswith("At all 4,294,967,296 numbers of float32, at the nominal parameters, the value is within ")
    assert f"within {worst:.3g} ulp (promised 4)" in first
    assert first.endswith("no wrong NaN, infinity, zero or sign.")
    assert any("65,536 numbers of bfloat16" in s for s in words.sentences)


def test_what_was_not_tried_is_said() -> None:
    sentences = certificate_words(certificate("swiglu")).sentences
    assert sentences[0] == "Not all numbers of float32 were tried: there are 2^64 pairs of inputs and more."
    failed = certificate("elu").replace('"status": "PASSED"', '"status": "FAILED"').replace('"sign": 0', '"sign": 7', 1)
    words = certificate_words(failed)
    assert (words.status, words.verdict) == ("failed", "Failed.")
    assert any("7 wrong NaN" in s for s in words.sentences)
    unmeasured = json.dumps({**json.loads(certificate("elu")), "measured": {"status": "NOT RUN", "reason": "x"}})
    assert certificate_words(unmeasured).status == "open"


def test_what_is_beyond_the_promise_is_said_beside_passed() -> None:
    words = certificate_words(certificate("gelu_tanh"))
    assert words.verdict == "Passed, but less accurate than promised in places."
    assert "Less accurate than promised, and no error, in float64." in words.sentences


@pytest.mark.parametrize("before", [None, "elu", "gelu"])
def test_a_certificate_is_put_in_without_the_rest_of_the_page(before: str | None) -> None:
    first = None if before is None else certificate(before)
    text = page(catalogue("elu"), FILES, certificate=first)
    assert with_certificate(text, certificate("elu")) == page(catalogue("elu"), FILES, certificate=certificate("elu"))


def test_assets_shape_what_actgen_writes() -> None:
    names = {path.name for path in source_files()}
    assert {"page.css", "explorer.js", "katex.css", "activation.html.j2"} <= names

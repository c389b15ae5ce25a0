"""Builds from the page: their events, their files, and what a cancelled one leaves."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from designers import START
from filelock import FileLock

from actgen.emit.manifest import read_manifest

QUICK = {"verify": False, "targets": ["torch"]}


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def events(designer):
    with designer.client.stream("GET", "/api/build/events") as answer:
        assert answer.headers["content-type"] == "application/x-ndjson"
        for line in answer.iter_lines():
            yield json.loads(line)


@pytest.fixture
def designer(run):
    with run("tilt.yaml", "--out", "made") as found:
        yield found


def test_a_build_says_what_it_does_and_a_cancelled_one_leaves_what_stood(designer, tmp_path):
    revision = designer.post("save", {"text": START, "revision": None}).json()["revision"]
    assert designer.post("build", {"revision": revision, **QUICK}).status_code == 202
    assert designer.post("build", {"revision": revision, **QUICK}).json()["error"] == "building"
    found = list(events(designer))
    assert found[0] == {"event": "started", "revision": revision}
    assert [e["stage"] for e in found if e["event"] == "stage"] == ["compiling", "printing", "certifying", "installing"]
    assert found[-1] == {"event": "ended", "outcome": "built"}
    parts = [(e["stage"], e["name"], e["state"]) for e in found if e["event"] == "part"]
    assert parts == [("printing", "torch", "done")]
    result = found[-2]
    assert (result["event"], result["name"], result["folder"]) == ("result", "tilt", "made/tilt")
    assert (result["diagnostics"], result["verified"]) == ([], None)
    assert {"tilt_torch.py", "manifest.json"} <= {*result["written"]}
    assert read_manifest(tmp_path / "made" / "tilt") is not None
    assert list(events(designer)) == found
    [usage] = result["usage"]
    assert usage == {
        "framework": "PyTorch",
        "imported": "from tilt_torch import Tilt, tilt",
        "called": "y = tilt(x)",
    }
    assert result["page"] is None

    before = tree(tmp_path / "made")
    revision = designer.post("save", {"text": START.replace("0.5", "0.25"), "revision": revision}).json()["revision"]
    assert designer.post("build", {"revision": revision}).status_code == 202
    following = events(designer)
    assert [next(following)["event"], next(following)["event"]] == ["started", "stage"]
    assert designer.post("build/cancel", {}).json() == {"cancelled": True}
    assert list(following)[-1] == {"event": "ended", "outcome": "cancelled"}
    assert tree(tmp_path / "made") == before
    assert designer.post("build/cancel", {}).json() == {"cancelled": False}


def test_a_build_cancelled_while_its_files_are_put_in_place_says_what_it_built(designer, tmp_path):
    revision = designer.post("save", {"text": START, "revision": None}).json()["revision"]
    hidden = tmp_path / "made" / ".actgen"
    hidden.mkdir(parents=True)
    with ThreadPoolExecutor() as threads:
        with FileLock(hidden / "lock"):
            assert designer.post("build", {"revision": revision, **QUICK}).status_code == 202
            following = events(designer)
            assert any(event.get("stage") == "installing" for event in following)
            cancelling = threads.submit(designer.post, "build/cancel", {})
            for _ in range(20):  # by then the designer has seen it, however slow it is
                assert designer.get("spec").status_code == 200
                time.sleep(0.05)
            assert not cancelling.done()
        assert cancelling.result().json() == {"cancelled": True}
    result, ended = following
    assert (result["outcome"], ended) == ("built", {"event": "ended", "outcome": "built"})
    assert {*result["written"]} == {path.name for path in (tmp_path / "made" / "tilt").iterdir()}


def test_a_bad_spec_fails_with_its_findings_and_the_end_does_not_wait(designer, tmp_path):
    revision = designer.post("save", {"text": START.replace("alpha *", "alpa *"), "revision": None}).json()["revision"]
    assert designer.post("build", {"revision": revision, **QUICK}).status_code == 202
    *_, result, ended = events(designer)
    assert (result["outcome"], ended) == ("failed", {"event": "ended", "outcome": "failed"})
    assert "--> tilt.yaml:4:" in result["diagnostics"][0]["rendered"]
    revision = designer.post("save", {"text": START, "revision": revision}).json()["revision"]
    assert designer.post("build", {"revision": revision}).status_code == 202
    following = events(designer)
    assert next(following)["event"] == "started"
    assert designer.interrupt() == 130
    assert list(following)[-1] == {"event": "ended", "outcome": "cancelled"}
    assert not (tmp_path / "made").exists()


def test_the_page_of_what_was_built_opens_without_a_token(designer):
    revision = designer.post("save", {"text": START, "revision": None}).json()["revision"]
    body = {"revision": revision, "verify": False, "targets": ["torch", "javascript"]}
    assert designer.post("build", body).status_code == 202
    *_, result, _ = events(designer)
    home = designer.url.split("/#")[0]
    page = httpx2.get(home + result["page"])
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    key = result["page"].split("/")[2]
    for other in (
        result["page"].replace(key, "x" * len(key)),
        f"/built/{key}/../tilt.yaml",
        f"/built/{key}/%2e%2e/tilt.yaml",
    ):
        assert httpx2.get(home + other).status_code == 404

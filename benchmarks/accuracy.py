"""Measures our files, the textbook formula and each framework's own function by one metric, against exact arithmetic.

    python benchmarks/accuracy.py --out benchmarks/ACCURACY.md --readme README.md

Every activation of the catalogue at its nominal parameters, in PyTorch, JAX and Keras on TensorFlow, eagerly: the worst
error in ulps of the values and of the derivatives with respect to the inputs, by `actgen verify`'s points and oracle,
and how many results are of a wrong kind. The textbook form and the built-in are differentiated by the framework, and
compute in the dtype that they are given. `--kept FILE` holds what was measured: a run that was interrupted goes on.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marked import replaced
from pages import page, summary

from actgen.pipeline.stages import derive_spec
from actgen.verify.figures import edges, worst
from actgen.verify.measured import machine
from actgen.verify.peers.comparing import ACTGEN, BUILT_IN, TEXTBOOK, Wanted
from actgen.verify.report import Cell, Peer
from actgen.verify.verify import verify

ROOT = Path(__file__).resolve().parents[1]
FRAMEWORKS = ("torch", "jax", "keras")


def measured(spec: Path, framework: str) -> dict[str, Any]:
    """One spec in one framework: versions, and for each form a figure in each format or the reason why not."""
    derivation = derive_spec(spec).derivation
    if derivation is None:
        raise RuntimeError(f"{spec} has errors")
    activation = derivation.activation
    report = verify(
        activation,
        ROOT / "generated" / activation.name,
        frameworks=(framework,),
        derivation=derivation,
        wanted=Wanted((framework,), (ACTGEN, TEXTBOOK, BUILT_IN)),
        limit_s=900,
    )
    if not report.frameworks[0].cells:
        raise RuntimeError(f"{activation.name}: {report.frameworks[0].reason}")
    return {
        "versions": dict(report.frameworks[0].versions or {}),
        "status": report.frameworks[0].status.value,
        "forms": {peer.form: _form(peer) for peer in report.peers},
    }


def _form(peer: Peer) -> dict[str, Any]:
    rows = {}
    for dtype in dict.fromkeys(c.dtype for c in peer.cells):
        cells = [c for c in peer.cells if c.dtype == dtype]
        rows[dtype] = [_worst([c for c in cells if (c.wrt is None) == of_value]) for of_value in (True, False)]
    return {"function": peer.name, "reason": peer.reason, "rows": rows}


def _worst(cells: Sequence[Cell]) -> dict[str, Any] | None:
    """The largest error, and how many results are wrong; an edge, which fails no build, counts here."""
    found = worst(cells, {})
    if found is None:
        return None
    at_edge = edges(cells)
    wrong = {**found.wrong, **({"edge": at_edge} if at_edge else {})}
    return {"ulps": found.finite, "wrong": wrong, "at": dict(found.where)}


def main() -> None:
    """Prints what is being measured, and writes the page after every spec."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="where to write the page")
    parser.add_argument("--readme", type=Path, help="a page whose summary to replace")
    parser.add_argument("--kept", type=Path, default=ROOT / "benchmarks" / "accuracy.json", help="the figures as JSON")
    parser.add_argument("--framework", choices=FRAMEWORKS, action="append", help="only this one; may be repeated")
    parser.add_argument("specs", nargs="*", type=Path, default=sorted((ROOT / "specs").glob("*.yaml")))
    options = parser.parse_args()
    found: dict[str, Any] = json.loads(options.kept.read_text()) if options.kept.exists() else {}
    found["catalogue"] = sorted(path.stem for path in (ROOT / "specs").glob("*.yaml"))
    for framework in options.framework or FRAMEWORKS:
        for spec in options.specs:
            if spec.stem in found.get(framework, {}):
                continue
            start = time.monotonic()
            found.setdefault("machine", machine())
            found.setdefault(framework, {})[spec.stem] = measured(spec, framework)
            options.kept.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            print(f"{framework} {spec.stem}: {time.monotonic() - start:.0f} s", flush=True)
    if options.out:
        options.out.write_text(page(found), encoding="utf-8")
    if options.readme:
        options.readme.write_text(with_summary(options.readme.read_text(encoding="utf-8"), found), encoding="utf-8")


def with_summary(text: str, found: Mapping[str, Any]) -> str:
    """A page with the summary between its marks."""
    return replaced(text, "accuracy", summary(found))


if __name__ == "__main__":
    main()

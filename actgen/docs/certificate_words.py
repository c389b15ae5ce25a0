"""What `certificate.json` says of a fused kernel, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actgen.verify.report import Level

_VERDICTS = {"PASSED": "Passed.", "FAILED": "Failed."}
_OPENING = "The fused kernel was held against exact arithmetic, value and every derivative."
_COARSE = "Passed, but less accurate than promised in places."
_ALL = "all 2^32"
_SIXTEEN = {"bfloat16": "all 65,536 numbers of bfloat16", "float16": "all 65,536 numbers of float16"}


@dataclass(frozen=True, slots=True)
class Words:
    """A certificate for readers.

    Attributes:
        status: `passed`, `failed`, or `open` where nothing was measured.
        verdict: the same as a word.
        opening: what was done.
        sentences: how accurate the kernel was found, the widest claims first.
    """

    status: str
    verdict: str
    opening: str
    sentences: tuple[str, ...]


def certificate_words(text: str) -> Words:
    """The words for the text of a certificate that this version of actgen wrote."""
    content = json.loads(text)
    status = content["measured"]["status"]
    return Words(
        status=status.lower() if status in _VERDICTS else "open",
        verdict=_verdict(content),
        opening=_OPENING if status in _VERDICTS else "The fused kernel has not been held against exact arithmetic yet.",
        sentences=tuple(_sentences(content)),
    )


def _sentences(content: Mapping[str, Any]) -> Iterator[str]:
    promise = content["promise_ulp"]
    measured, exhaustive = _results(content["measured"]), _results(content["exhaustive"])
    whole = [r for r in exhaustive if r["inputs"] == _ALL]
    if whole:
        yield _sentence(f"At {_whole(whole)}, at the nominal parameters", whole, promise["float32"])
    elif reason := content["exhaustive"].get("reason"):
        yield f"Not all numbers of float32 were tried: {reason.replace('`', '')}."
    sweep = [r for r in measured if r["format"] == "float32" and r["inputs"] != "at other parameters"]
    if sweep:
        yield _sentence(f"At {_points(sweep)} numbers of float32 spread over all of them", sweep, promise["float32"])
    other = [r for r in measured if r["format"] == "float32" and r["inputs"] == "at other parameters"]
    if other:
        yield _sentence(f"At {_points(other)} points with other parameters", other, promise["float32"])
    for precision, name in _SIXTEEN.items():
        if rows := [r for r in measured if r["format"] == precision and r["inputs"] == "all 65536"]:
            yield _sentence(f"At {name}", rows, promise[precision])
    if rows := [r for r in measured if r["format"] == "float64"]:
        yield _sentence(f"At {_points(rows)} numbers of float64", rows, promise["float64"])
    yield from _apart((*measured, *exhaustive))


def _apart(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What is beyond the promise, and why that is no failure."""
    coarse = sorted({_named(row["format"]) for row in rows if row["level"] == Level.COARSE.value})
    edges = sorted({_named(row["format"]) for row in rows if row["level"] == Level.EDGE.value})
    reasons = sorted({apart["reason"] for row in rows for apart in row.get("not_held", ())})
    if coarse:
        yield f"Less accurate than promised, and no error, in {', '.join(coarse)}."
    if edges:
        yield f"Wrong only at the edge of a format or of a parameter in {', '.join(edges)}."
    if reasons:
        yield f"Counted apart, by reason: {'; '.join(reasons)}."


def _named(precision: str) -> str:
    return "float32 computed in float64" if precision == "exact" else precision


def _verdict(content: Mapping[str, Any]) -> str:
    rows = (*_results(content["measured"]), *_results(content["exhaustive"]))
    status = content["measured"]["status"]
    if status == "PASSED" and any(row["level"] == Level.COARSE.value for row in rows):
        return _COARSE
    return _VERDICTS.get(status, "Not measured.")


def _results(section: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return section.get("results", ())


def _whole(rows: Sequence[Mapping[str, Any]]) -> str:
    left = max(r.get("not_compared", 0) for r in rows)
    whole = "all 4,294,967,296 numbers of float32"
    return f"{whole} but {left:,}" if left else whole


def _points(rows: Iterable[Mapping[str, Any]]) -> str:
    return f"{max(r['points'] for r in rows):,}"


def _sentence(where: str, rows: Sequence[Mapping[str, Any]], promise: str) -> str:
    """The worst errors of the value and of the derivatives beside what is promised."""
    held_value, _, held_slopes = promise.partition(", derivatives ")
    values = [r for r in rows if not r["of"].startswith("∂")]
    slopes = [r for r in rows if r["of"].startswith("∂")]
    parts = [f"the value is within {_worst(values)} ulp (promised {held_value})"] if values else []
    parts += [f"every derivative within {_worst(slopes)} (promised {held_slopes})"] if slopes else []
    wrong = sum(r[kind] for r in rows for kind in ("nan", "infinite", "finite", "zeroed", "sign"))
    return f"{where}, {' and '.join(parts)}; {'no' if not wrong else f'{wrong:,}'} wrong NaN, infinity, zero or sign."


def _worst(rows: Iterable[Mapping[str, Any]]) -> str:
    return f"{max(float(r['worst_ulp']) for r in rows):.3g}"

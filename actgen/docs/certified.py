"""What a kernel's certificate says, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from actgen.verify.report import Level

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_KINDS = {"values": lambda row: "∂" not in row["of"], "derivatives": lambda row: "∂" in row["of"]}


def certificate_words(text: str) -> tuple[str, ...]:
    """Sentences about what was measured of the kernel, and one about all floats.

    Args:
        text: the certificate, as `actgen.verify.kernels.certificate.text` wrote it.
    """
    content: Mapping[str, Any] = json.loads(text)
    measured, whole = content["measured"], content["exhaustive"]
    rows = measured.get("results", ())
    return (
        f"{_status('All 16-bit floats, samples, a sweep and other parameters', measured)}.",
        *apart(rows),
        f"{_status('All 2³² numbers of float32, at the nominal parameters', whole)}{_worst(whole)}.",
    )


def _status(what: str, section: Mapping[str, Any]) -> str:
    reason = section.get("reason")
    shown = re.sub(r"\^(\d+)", lambda power: power[1].translate(_RAISED), f" ({reason})" if reason else "")
    return f"{what}: {section['status']}{shown}"


def apart(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Sentences on what of some results is beyond the promise, and why that is no failure."""
    held = tuple(rows)
    coarse = sorted({_named(row["format"]) for row in held if row["level"] == Level.COARSE.value})
    edges = sorted({_named(row["format"]) for row in held if row["level"] == Level.EDGE.value})
    reasons = sorted({apart["reason"] for row in held for apart in row.get("not_held", ())})
    if coarse:
        yield f"Less accurate than promised, and no error, in {', '.join(coarse)}."
    if edges:
        yield f"Wrong only at the edge of a format or of a parameter in {', '.join(edges)}."
    if reasons:
        yield f"Counted apart, by reason: {'; '.join(reasons)}."


def _named(precision: str) -> str:
    return "float32 computed in float64" if precision == "exact" else precision


def _worst(section: Mapping[str, Any]) -> str:
    """The worst errors, of the values and of the derivatives."""
    rows = section.get("results", ())
    worst = {kind: [float(r["worst_ulp"]) for r in rows if belongs(r)] for kind, belongs in _KINDS.items()}
    shown = " and ".join(f"{max(found):g} ulp ({kind})" for kind, found in worst.items() if found)
    return f", with worst errors of {shown}" if shown else ""

"""A key inside `{ }` that its value runs into: `{alpha:1.0}` is to YAML one key without a value; found and mended."""

from __future__ import annotations

import re
from dataclasses import replace

from actgen.spec.findings import Findings, quoted
from actgen.spec.tree import Entry, Scalar

_RUN_TOGETHER = re.compile(r"(?P<key>[A-Za-z_]\w*)(?P<mark>:|\s*=(?!=)\s*)(?P<value>(?!//)\S.*)", re.ASCII | re.DOTALL)


def mend_colon(entry: Entry, findings: Findings) -> Entry:
    """The entry as it was meant, after a finding if `: ` is not what stands between its key and its value."""
    value, key = entry.value, entry.key
    if not isinstance(value, Scalar) or not value.is_null or value.text or key.style != "plain":
        return entry
    found = _RUN_TOGETHER.fullmatch(key.text)
    if found is None:
        return entry
    mark = key.source.text.index(found["mark"], key.start)
    start = mark + len(found["mark"])
    colon = found["mark"] == ":"
    message = "a blank is missing after `:`" if colon else "`:` and a blank stand between a key and its value"
    meant = f"{found['key']}: {found['value']}"
    findings.error("ACT015", message, key.source.span(mark, start), f"write {quoted(meant)}")
    name = replace(key, text=found["key"], end=key.start + len(found["key"]))
    return Entry(name, Scalar(found["value"], "plain", key.source, start, key.end))

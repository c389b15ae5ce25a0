"""ruamel.yaml's parser events composed into a tree; what a spec may not use is reported on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from actgen.diagnostics import Span
from actgen.spec.characters import FORBIDDEN, character_name
from actgen.spec.colons import mend_colon
from actgen.spec.commas import mend_entries, mend_items
from actgen.spec.findings import Findings, quoted
from actgen.spec.limits import MAX_ALIASED_NODES, MAX_YAML_DEPTH, MAX_YAML_NODES
from actgen.spec.scanner import SpecScanner
from actgen.spec.tree import Entry, Items, Keyed, Scalar, SourceText, Style, Tree
from actgen.spec.yaml_errors import explain

_TAG = re.compile(r"(?:&\S*\s+)?(!\S*)")
_LATEX_LETTERS = {"\x07": "a", "\x08": "b", "\t": "t", "\x0b": "v", "\x0c": "f", "\r": "r", "\x1b": "e", "\x00": "0"}


class _StopError(Exception):
    """The rest of the file cannot be composed; the reason is among the findings."""


def compose(source: SourceText, findings: Findings) -> Tree | None:
    """The first document as a tree, or None after a finding."""
    composer = _Composer(source, findings)
    try:
        for event in _events(source):
            composer.take(event)
    except _StopError:
        return None
    except (YAMLError, ValueError, OverflowError) as error:
        problem = (error.problem or "") if isinstance(error, MarkedYAMLError) else ""
        index = _place(error)
        message, help = explain(problem, source.text, index)
        start = min(index, len(source.text.rstrip()))
        findings.error("ACT004", message, source.span(start, start + 1), help)
        return None
    if composer.root is None:
        findings.error(
            "ACT015", "the file is empty", source.span(0, 0), "`actgen new NAME` writes a spec to begin with"
        )
    return composer.root


def _place(error: Exception) -> int:
    """Where the fault lies: where something was opened if its end is missing, else where reading stopped."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return 0
    opened, stopped = error.context_mark, error.problem_mark
    begins = any(word in (error.context or "") for word in ("quoted scalar", "flow", "simple key"))
    if opened is not None and begins and opened.line < stopped.line:
        return int(opened.index)
    return int(stopped.index)


class _Yaml(YAML):
    def __init__(self) -> None:
        super().__init__(typ="safe", pure=True)
        self.Scanner = SpecScanner

    def official_plug_ins(self) -> list[str]:
        """None: ruamel.yaml would search its folder for modules to import each time a parser is made."""
        return []


def _events(source: SourceText) -> Iterator[Event]:
    return cast("Iterator[Event]", _Yaml().parse(source.text))


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    event: MappingStartEvent | SequenceStartEvent
    items: list[Tree] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    key: Tree | None = None
    size: int = 1


@dataclass(slots=True)
class _Composer:
    source: SourceText
    findings: Findings
    root: Tree | None = None
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Tree, int]] = field(default_factory=dict)
    nodes: int = 0
    aliased: int = 0
    documents: int = 0

    def take(self, event: Event) -> None:
        """Add one event to the tree."""
        match event:
            case DocumentStartEvent():
                self._document(event)
            case ScalarEvent():
                self._common(event)
                self._add(self._scalar(event), event.anchor, 1)
            case MappingStartEvent() | SequenceStartEvent():
                self._common(event)
                self.stack.append(_Open(event))
                if len(self.stack) > MAX_YAML_DEPTH:
                    message = f"lists and mappings are nested over {MAX_YAML_DEPTH} deep"
                    self._stop("ACT014", message, event, "no part of a spec is deeper than 6")
            case MappingEndEvent() | SequenceEndEvent():
                self._close(event)
            case AliasEvent():
                self._alias(event)
            case _:
                pass

    def _document(self, event: DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            self.findings.error(
                "ACT009", "a second YAML document begins here", self._span(event), "one file describes one activation"
            )
            raise _StopError

    def _common(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        self.nodes += 1
        if self.nodes > MAX_YAML_NODES:
            message = f"the file has over {MAX_YAML_NODES:,} keys and values"
            self._stop("ACT014", message, event, "one spec describes one activation; is this the right file?")
        if event.tag is not None and (tag := _TAG.match(self.source.text, event.start_mark.index)):
            help = "remove it: the format itself says what each value is"
            self.findings.error("ACT007", "YAML tags are not allowed", self.source.span(*tag.span(1)), help)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        style = cast("Style", event.style or "plain")
        start, end = event.start_mark.index, event.end_mark.index
        scalar = Scalar(event.value, style, self.source, self._past_properties(start, style), end)
        if style == '"' and self._has_bad_escape(scalar):
            # The rest of the reader sees text that can be printed and encoded.
            return replace(scalar, text=FORBIDDEN.sub("\ufffd", scalar.text))
        return scalar

    def _past_properties(self, start: int, style: str) -> int:
        """Where the scalar itself begins, past an anchor or a tag."""
        text = self.source.text
        while (text[start : start + 1] in ("&", "!") and style != "plain") or text[start : start + 1] == "&":
            while start < len(text) and text[start] not in " \t\n":
                start += 1
            while start < len(text) and text[start] in " \t\n":
                start += 1
        return start

    def _has_bad_escape(self, scalar: Scalar) -> bool:
        """Whether an escape stands for a character that no spec may hold; a finding if so."""
        raw = self.source.text[scalar.start : scalar.end]
        bad = FORBIDDEN.search(scalar.text)
        position = bad.start() if bad else scalar.text.find("\t") if "\\t" in raw else -1
        if position < 0:
            return False
        character = scalar.text[position]
        letter = _LATEX_LETTERS.get(character)
        escape = f"`\\{letter}` in double quotes" if letter else "this escape"
        is_half = "\ud800" <= character <= "\udfff"
        help = "write the whole character itself" if is_half else "remove it"
        if letter:
            help = "in single quotes a backslash is only a backslash"
        message = f"{escape} is the character {character_name(character)}"
        self.findings.error("ACT011", message, scalar.part(position, position + 1), help)
        return True

    def _close(self, event: MappingEndEvent | SequenceEndEvent) -> None:
        done = self.stack.pop()
        end = max(event.end_mark.index, done.event.start_mark.index + 1)
        start = done.event.start_mark.index
        end = start + len(self.source.text[start:end].rstrip())
        span = self.source.span(start, end)
        self._add(self._collection(done, span), done.event.anchor, done.size)

    def _collection(self, done: _Open, span: Span) -> Items | Keyed:
        flow = done.event.flow_style
        if isinstance(done.event, SequenceStartEvent):
            return Items(tuple(mend_items(done.items, self.findings) if flow else done.items), span)
        entries = done.entries
        if flow:
            entries = mend_entries([mend_colon(entry, self.findings) for entry in entries], self.findings)
        return self._unique(entries, span)

    def _alias(self, event: AliasEvent) -> None:
        found = self.anchors.get(event.anchor or "")
        if found is None:
            name = f"*{event.anchor}"
            anchor = quoted(f"&{event.anchor}")
            help = f"in an expression, quote the text; else define {anchor} above"
            self._stop("ACT013", f"{quoted(name)} has no anchor above it", event, help)
            return
        tree, size = found
        self.aliased += size
        if self.aliased > MAX_ALIASED_NODES:
            message = f"the aliases of this file stand for over {MAX_ALIASED_NODES:,} keys and values"
            self._stop("ACT010", message, event, "write the values out")
        self._add(tree, None, size)

    def _add(self, tree: Tree, anchor: str | None, size: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = (tree, size)
        if not self.stack:
            self.root = self.root or tree
            return
        parent = self.stack[-1]
        parent.size += size
        if isinstance(parent.event, SequenceStartEvent):
            parent.items.append(tree)
        elif parent.key is None:
            parent.key = tree
        else:
            self._entry(parent, parent.key, tree)

    def _entry(self, parent: _Open, key: Tree, value: Tree) -> None:
        parent.key = None
        if not isinstance(key, Scalar):
            self.findings.error("ACT015", "a key must be a word, not a list or a mapping", key.span)
        elif key.text == "<<" and key.style == "plain":
            self.findings.error("ACT008", "YAML merge keys are not allowed", key.span, "write the keys out")
        else:
            parent.entries.append(Entry(key, value))

    def _unique(self, entries: list[Entry], span: Span) -> Keyed:
        unique: dict[str, Entry] = {}
        twice: dict[str, Entry] = {}
        for entry in entries:
            first = unique.setdefault(entry.key.text, entry)
            if first is not entry:
                message = f"the key {quoted(entry.key.text)} stands twice; the first is on line {first.key.span.line}"
                self.findings.error("ACT005", message, entry.key.span, "remove one of the two")
                twice[entry.key.text] = entry
        return Keyed(unique, span, twice)

    def _span(self, event: Event) -> Span:
        start, end = event.start_mark.index, event.end_mark.index
        written = self.source.text[start:end].split("\n", 1)[0].rstrip()
        return self.source.span(start, start + max(len(written), 1))

    def _stop(self, code: str, message: str, event: Event, help: str) -> None:
        self.findings.error(code, message, self._span(event), help)
        raise _StopError

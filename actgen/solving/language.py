"""Requirement text to values: a fixed list of forms, and expressions that go through the spec's whitelist parser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actgen.activation import Activation, Smoothness
from actgen.diagnostics import Diagnostic, Span
from actgen.formula import Formula
from actgen.solving.requirement import LimitAt, Moment, MomentIs, Requirement, Smooth, Symmetric, ValueAt
from actgen.spec.expression import Scope, read_value
from actgen.spec.findings import Findings, TooManyFaultsError, nearest, quoted
from actgen.spec.limits import MAX_REQUIREMENTS
from actgen.spec.survey import survey
from actgen.spec.tree import Scalar, SourceText

_LEVELS = {
    "C0": Smoothness.C0,
    "C1": Smoothness.C1,
    "C2": Smoothness.C2,
    "Cinf": Smoothness.CINF,
    "continuous": Smoothness.C0,
    "smooth": Smoothness.CINF,
}
_SYMMETRIES = {"even": 1, "odd": -1}
_SMOOTH = re.compile(r"(?P<level>C(?:0|1|2|inf)|continuous|smooth)(?:\s+at\s+(?P<place>.+))?", re.ASCII | re.DOTALL)
_OUTPUT = re.compile(r"(?P<output>[A-Za-z][A-Za-z0-9_]*)\.(?=[A-Za-z])", re.ASCII)
_CALL = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_]*)(?P<primes>'{0,4})\s*\((?P<place>.*)\)", re.ASCII | re.DOTALL)
_SLOPE = re.compile(r"d(?P<name>[A-Za-z][A-Za-z0-9_]*)/d(?P<input>\w+)\s*\((?P<place>.*)\)", re.ASCII | re.DOTALL)
_LIMIT = re.compile(r"limit\s+at\s+(?P<place>.+)", re.ASCII)
_EXPECTATION = re.compile(r"E\[\s*(?P<name>\w+)(?P<prime>'?)\s*(?P<square>(?:\^|\*\*)\s*2)?\s*\]", re.ASCII)
_INFINITY = re.compile(r"(?P<sign>[-+]?)\s*(?:oo|\.?inf|infinity)", re.ASCII)
_FORMS = (
    "write `C1 at 0`, `f(1) = 1`, `f'(0) = 1`, `f(-oo) = 0`, `odd`, `mean = 0`, `variance = 1`, `second_moment = 1`, "
    "`slope_moment = 1` or `gain = 1`, with commas between"
)
_INSTEAD = {
    "min": "name the place too: `f'(c) = 0, f(c) = -1`, where c is a number or a parameter",
    "max": "name the place too: `f'(c) = 0, f(c) = 1`, where c is a number or a parameter",
    "range": "require its ends one by one: `f(-oo) = -1, f(oo) = 1`",
    "lipschitz": "require the slope where it is steepest: `f'(0) = 1`",
    "chi": "at variance 1 and the gain of `analyse`, it is `slope_moment` over `second_moment`",
    "monotone": "it can be claimed under `checks`; require a slope at a place",
}
"""What people ask for and is none of the forms, and what says the same."""


def read_requirements(
    texts: Sequence[str], activation: Activation, name: str = "--for"
) -> tuple[tuple[Requirement, ...], tuple[Diagnostic, ...]]:
    """The requirements of some texts, in order, and what is wrong with them.

    Args:
        texts: each holds requirements with commas between.
        activation: whose outputs and parameters may be named.
        name: what diagnostics call the place of the texts.
    """
    findings = Findings()
    found: list[Requirement] = []
    try:
        for line, text in enumerate(texts):
            source = SourceText(name, "\n" * line + " ".join(text.splitlines()))
            found += _Reader(source, line, activation, findings).run()
    except TooManyFaultsError:
        pass
    return tuple(found), findings.in_order()


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the text without blanks at its ends."""

    source: SourceText
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def span(self) -> Span:
        return self.source.span(self.start, max(self.end, self.start + 1))

    def part(self, start: int, end: int) -> _Part:
        """`text[start:end]`."""
        inner = self.text[start:end]
        start += len(inner) - len(inner.lstrip())
        return _Part(self.source, self.start + start, self.start + start + len(inner.strip()))

    def group(self, match: re.Match[str], name: str) -> _Part:
        return self.part(*match.span(name))


class _Reader:
    def __init__(self, source: SourceText, start: int, activation: Activation, findings: Findings) -> None:
        self.whole = _Part(source, start, len(source.text))
        self.activation = activation
        self.findings = findings
        self.scope = Scope(names=frozenset(p.name for p in activation.parameters))

    def run(self) -> Iterator[Requirement]:
        if len(self.whole.text) > MAX_REQUIREMENTS:
            self._error("ACT701", f"the text is longer than {MAX_REQUIREMENTS} characters", self.whole)
            return
        for item in _split(self.whole):
            found = self._requirement(item)
            if found is not None:
                yield found

    def _requirement(self, item: _Part) -> Requirement | None:
        if not item.text:
            self._error("ACT701", "a requirement is missing here", item)
            return None
        output, rest = self._output(item)
        if output is None:
            return None
        smooth = _SMOOTH.fullmatch(rest.text)
        if smooth is not None:
            place = None if smooth["place"] is None else self._expression(rest.group(smooth, "place"))
            if smooth["place"] is not None and place is None:
                return None
            return Smooth(output, _LEVELS[smooth["level"]], place, item.text, item.span)
        if rest.text in _SYMMETRIES:
            return Symmetric(output, _SYMMETRIES[rest.text], item.text, item.span)
        left, equals, _ = rest.text.partition("=")
        if not equals:
            known = [*_LEVELS, *_SYMMETRIES, *(m.value for m in Moment)]
            word = (rest.text.split() or [""])[0]
            help = _INSTEAD.get(word) or nearest(word, known)
            self._error("ACT701", f"{quoted(rest.text)} is no requirement", rest, help)
            return None
        right = self._expression(rest.part(len(left) + 1, len(rest.text)))
        return self._equation(output, rest.part(0, len(left)), right, item)

    def _output(self, item: _Part) -> tuple[str | None, _Part]:
        """The output that an item is about, and what it says of it."""
        names = [o.name for o in self.activation.outputs]
        match = _OUTPUT.match(item.text)
        if match is not None:
            if match["output"] not in names:
                where = item.group(match, "output")
                help = nearest(match["output"], names) or f"its outputs: {', '.join(names)}"
                self._error("ACT702", f"{self.activation.name} has no output {quoted(match['output'])}", where, help)
                return None, item
            return match["output"], item.part(match.end(), len(item.text))
        if len(names) == 1:
            return names[0], item
        called = re.match(r"\w+", item.text, re.ASCII)
        if called is not None and called[0] in names:
            return called[0], item
        help = f"write `{names[0]}.mean = 0` or the like; its outputs: {', '.join(names)}"
        self._error("ACT702", "with several outputs, a requirement says which it is about", item, help)
        return None, item

    def _equation(self, output: str, left: _Part, right: Formula | None, item: _Part) -> Requirement | None:
        moment = self._moment(output, left)
        if moment is not None:
            return None if right is None else MomentIs(output, moment, right, item.text, item.span)
        at_end = _LIMIT.fullmatch(left.text)
        if at_end is not None:
            end = _INFINITY.fullmatch(at_end["place"])
            if end is None:
                help = "a limit is required at -oo or oo; a value at a place is `f(1) = 1`"
                self._error("ACT701", "this is no end of the line", left.group(at_end, "place"), help)
                return None
            return self._limit(output, 0, -1 if end["sign"] == "-" else 1, right, left, item)
        slope = _SLOPE.fullmatch(left.text)
        match = slope or _CALL.fullmatch(left.text)
        if match is None or not self._is_function(match["name"], output):
            help = _INSTEAD.get(left.text) or nearest(left.text, [m.value for m in Moment])
            self._error("ACT701", f"{quoted(left.text)} is nothing that can be required", left, help)
            return None
        if slope is not None and slope["input"] not in [i.name for i in self.activation.inputs]:
            self._error("ACT701", f"{quoted(slope['input'])} is not an input", left.group(slope, "input"))
            return None
        order = 1 if slope is not None else len(match["primes"])
        end = _INFINITY.fullmatch(match["place"].strip())
        if end is not None:
            return self._limit(output, order, -1 if end["sign"] == "-" else 1, right, left, item)
        place = self._expression(left.group(match, "place"))
        return None if place is None or right is None else ValueAt(output, order, place, right, item.text, item.span)

    def _limit(
        self, output: str, order: int, side: int, right: Formula | None, left: _Part, item: _Part
    ) -> Requirement | None:
        if order:
            self._error("ACT701", "only the function itself may be given a limit", left)
            return None
        return None if right is None else LimitAt(output, side, right, item.text, item.span)

    def _moment(self, output: str, left: _Part) -> Moment | None:
        match = _EXPECTATION.fullmatch(left.text)
        if match is not None and self._is_function(match["name"], output):
            if match["prime"]:
                return Moment.SLOPE_MOMENT if match["square"] else Moment.SLOPE_MEAN
            return Moment.SECOND_MOMENT if match["square"] else Moment.MEAN
        return next((m for m in Moment if m.value == left.text), None)

    def _is_function(self, name: str, output: str) -> bool:
        return name in ("f", output, "limit")

    def _expression(self, part: _Part) -> Formula | None:
        own = Findings()
        scalar = Scalar(part.text, "plain", part.source, part.start, part.end)
        formula = read_value(scalar, self.scope, own)
        if formula is not None:
            survey(formula, {}, own, part.span)
        self.findings.take(own)
        return None if own.failed else formula

    def _error(self, code: str, message: str, part: _Part, help: str | None = None) -> None:
        self.findings.error(code, message, part.span, help or _FORMS)


def _split(whole: _Part) -> Iterator[_Part]:
    """The stretches between the commas that stand outside of parentheses."""
    depth = begin = 0
    text = whole.text
    for index, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if character == "," and depth <= 0:
            yield whole.part(begin, index)
            begin = index + 1
    yield whole.part(begin, len(text))

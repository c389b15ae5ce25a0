"""Prints results: findings in the chosen format, and, for people, one line for each spec and a summary."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from actgen.cli import figures
from actgen.diagnostics import Diagnostic, Severity, has_errors

if TYPE_CHECKING:
    from actgen.pipeline import BuildReport
    from actgen.pipeline.checking import CheckResult

_COLOURS = {"built": "green", "up to date": None, "stale": "yellow", "failed": "red", "good": "green", "note": "blue"}
_COUNTED = (Severity.WARNING, Severity.NOTE)


class Report:
    """Prints what a command found.

    Args:
        output_format: full, concise, json or github; only the first two add lines for people.
        quiet: no summary.
        verbose: notes are printed one by one for people too, who otherwise get one line about those of a spec.
        err: findings go to standard error, because standard output carries something else.
    """

    def __init__(self, output_format: str, *, quiet: bool = False, verbose: bool = False, err: bool = False) -> None:
        self.format, self.err = output_format, err
        self.human = output_format in ("full", "concise") and not quiet
        self.sums_up = self.human and not verbose
        self.colour = wants_colour(sys.stderr if err else sys.stdout)

    def findings(self, diagnostics: Sequence[Diagnostic], sources: Mapping[str, str] | None = None) -> int:
        """Prints the findings; the exit code is 1 if one is an error.

        Args:
            diagnostics: what was found.
            sources: texts that are no files, by the name that the findings give them.
        """
        from actgen.rendering import render

        shown = tuple(d for d in diagnostics if not (self.sums_up and d.severity is Severity.NOTE))
        text = render(shown, self.format, sources=sources, colour=self.colour)
        if text:
            click.echo(text, err=self.err, nl=not text.endswith("\n"), color=self.colour)
        return int(has_errors(diagnostics))

    def built(self, done: BuildReport) -> int:
        """Prints a build's differences, findings, outcomes and a summary; the exit code is 1 unless all is good."""
        for result in (*done.specs, *done.shared):
            click.echo(result.diff, nl=False)
        self.findings(done.diagnostics)
        if self.human:
            for result in done.specs:
                where = str(result.folder or result.spec)
                self._line(result.outcome.value, where, _statuses(result.verified, result.outcome.value))
                self._notes(result.diagnostics, f"{where}/measured.json has them" if result.ok else "")
            for shared in done.shared:
                if shared.outcome.value != "up to date":
                    self._line(shared.outcome.value, str(shared.path), "")
        self._summary([r.outcome.value for r in done.specs], done.diagnostics)
        return int(not done.ok)

    def checked(self, results: Sequence[CheckResult]) -> int:
        """Prints findings, statuses and a summary; the exit code is 1 if a finding is an error."""
        self.findings([d for r in results for d in r.diagnostics])
        for result in results if self.human else ():
            if result.verified is not None:
                self._line("good" if result.ok else "failed", str(result.spec), _statuses(result.verified))
                self._notes(result.diagnostics)
                for line in (*figures.table(result.figures), *result.remarks):
                    click.echo(f"{'':<12}{line}")
        outcomes = ["good" if r.ok else "failed" for r in results]
        self._summary(outcomes, [d for r in results for d in r.diagnostics])
        return int(not all(r.ok for r in results))

    def verified(self, results: Sequence[CheckResult]) -> int:
        """As `checked`, with the figures; as JSON an object of `findings` and `figures`."""
        if self.format != "json":
            return self.checked(results)
        from actgen.rendering import as_json

        found = {
            "findings": as_json(d for r in results for d in r.diagnostics),
            "figures": [figures.as_json(str(r.spec), figure) for r in results for figure in r.figures],
            "not_compared": [{"spec": str(r.spec), "reason": remark} for r in results for remark in r.remarks],
        }
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return int(not all(r.ok for r in results))

    def _line(self, outcome: str, where: str, notes: str) -> None:
        word = click.style(f"{outcome:<10}", fg=_COLOURS[outcome])
        click.echo(f"{word}  {where}{'  ' if notes else ''}{notes}", color=self.colour)

    def _notes(self, diagnostics: Sequence[Diagnostic], elsewhere: str = "") -> None:
        """One line for all notes of a spec, unless they were printed one by one."""
        count = sum(d.severity is Severity.NOTE for d in diagnostics)
        if count and self.sums_up:
            ways = "; ".join(filter(None, ("--verbose prints them", elsewhere)))
            results = "result" if count == 1 else "results"
            self._line(
                "note",
                f"{count} {results} beyond what the arithmetic can hold: listed, not held (docs/NUMERICS.md)",
                ways,
            )

    def _summary(self, outcomes: Sequence[str], diagnostics: Sequence[Diagnostic]) -> None:
        if not self.human:
            return
        counts = [f"{outcomes.count(o)} {o}" for o in _COLOURS if o in outcomes]
        for severity in _COUNTED:
            if count := sum(d.severity is severity for d in diagnostics):
                counts.append(f"{count} {severity.value}{'s' if count > 1 else ''}")
        click.echo(f"{len(outcomes)} spec{'s' if len(outcomes) != 1 else ''}: {', '.join(counts)}")


def wants_colour(stream: object) -> bool:
    """Whether text for this stream should be coloured: only on a terminal, and not under NO_COLOR."""
    is_terminal = getattr(stream, "isatty", lambda: False)()
    return bool(is_terminal) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _statuses(verified: Mapping[str, str] | None, outcome: str = "") -> str:
    if verified is not None:
        return ", ".join(f"{framework} {status}" for framework, status in verified.items())
    return "NOT VERIFIED" if outcome == "built" else ""

"""`let`, `expression` and `outputs`: formulas in the scope of a spec's names, measured and checked for use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from actgen.activation import Let
from actgen.diagnostics import Span
from actgen.formula import Branches, Formula, Logic, Piece, names
from actgen.spec.bounds import read_bounds
from actgen.spec.declarations import Declarations
from actgen.spec.expression import Scope, read_condition, read_value
from actgen.spec.findings import Findings, listed, quoted
from actgen.spec.initial import beginning, required
from actgen.spec.pieces import check_total
from actgen.spec.schema import ConstantModel, PieceModel
from actgen.spec.survey import Facts, survey
from actgen.spec.tree import Items, Scalar, Tree, is_faulty


@dataclass(slots=True)
class Formulas:
    """Reads formulas in order. `whole` is false once one of them could not be read, so that nothing is known of use."""

    declared: Declarations
    findings: Findings
    entries: dict[str, Let] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    whole: bool = True
    arguments: frozenset[str] = field(init=False)
    outputs: frozenset[str] = field(init=False)
    hidden: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.arguments = frozenset(self.declared.of("input", "parameter"))
        self.outputs = frozenset(self.declared.of("output")) or frozenset({"y"})
        self.hidden = set(self.declared.of("let entry"))

    def let(self, name: str, entry: Scalar | list[PieceModel] | ConstantModel, place: Tree) -> None:
        """Read one `let` entry; the ones after it may use it."""
        if isinstance(entry, ConstantModel):
            self._constant(name, entry, place)
            return
        formula = self._read(entry, place)
        self.facts[name] = Facts(1, 1)
        if formula is None:
            self.whole = False
            return
        self.facts[name] = survey(formula, self.facts, self.findings, place.span)
        self.entries[name] = Let(name, formula, self.declared.spans[name])

    def _constant(self, name: str, entry: ConstantModel, place: Tree) -> None:
        """Read a constant by requirement: a value inside its bounds stands in for it until it is solved."""
        self.facts[name] = Facts(1, 1)
        own = Findings()
        bounds = read_bounds(entry.bounds, place, own)
        if entry.solve is None and not is_faulty(place):
            message, span = f"the constant {quoted(name)} has no `solve`", self.declared.spans[name]
            own.error("ACT102", message, span, "write `{solve: 'mean = 0, variance = 1'}`, or a formula")
        self.findings.take(own)
        if entry.solve is None or own.failed or is_faulty(place):
            self.whole = False
            return
        wanted = required(entry.solve)
        start = beginning(bounds, wanted.span).formula
        assert start is not None
        self.entries[name] = Let(name, start, self.declared.spans[name], wanted, bounds)

    def miss(self, name: str) -> None:
        """Know of a `let` entry that has been reported and says nothing that could be read."""
        self.whole = False
        self.facts[name] = Facts(1, 1)

    def output(self, entry: Scalar | list[PieceModel], place: Tree) -> Formula | None:
        """Read the formula of an output, or None after a finding."""
        formula = self._read(entry, place)
        if formula is None:
            self.whole = False
        else:
            survey(formula, self.facts, self.findings, place.span)
        return formula

    def check_use(self, outputs: Mapping[str, tuple[Formula, Span]]) -> None:
        """Findings for names that no output uses, and outputs that use no input."""
        used: set[str] = set()
        for name, (formula, span) in outputs.items():
            reached = self._reached(formula)
            used |= reached
            if self.declared.of("input") and not reached & set(self.declared.of("input")):
                message = f"the output {quoted(name)} depends on no input"
                inputs = listed(self.declared.of("input"))
                self.findings.error("ACT402", message, span, f"use {inputs}, or name other inputs under `inputs`")
        for name in self.declared.of("input", "parameter", "let entry"):
            # An `x` that nobody wrote and nobody uses has been reported: the outputs depend on no input.
            if name not in used and not (name == "x" and self.declared.x_is_given):
                message = f"the {self.declared.roles[name]} {quoted(name)} is not used"
                self.findings.error("ACT401", message, self.declared.spans[name], "use it, or remove it")

    def _reached(self, formula: Formula) -> set[str]:
        """Every name that a formula uses, by way of `let` too."""
        reached: set[str] = set()
        waiting = list(names(formula))
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                if name in self.entries:
                    waiting.extend(names(self.entries[name].formula))
        return reached

    def _scope(self) -> Scope:
        return Scope(
            names=self.arguments | self.facts.keys(),
            hidden=self.hidden - self.facts.keys(),
            unread=self.facts.keys() - self.entries.keys(),
            outputs=self.outputs,
        )

    def _read(self, entry: Scalar | list[PieceModel], place: Tree) -> Formula | None:
        if isinstance(entry, Scalar):
            return read_value(entry, self._scope(), self.findings)
        places = place.items if isinstance(place, Items) else ()
        pieces = [self._piece(piece, where) for piece, where in zip(entry, places, strict=True)]
        faulty = is_faulty(place)
        if not pieces and not faulty:
            help = "write `- {when: x > 0, value: x}` and `- {otherwise: 0}`"
            self.findings.error("ACT112", "the list of pieces is empty", place.span, help)
        if faulty or not pieces or any(piece is None for piece in pieces):
            return None
        branches = Branches(tuple(piece for piece in pieces if piece is not None), place.span)
        return branches if check_total(branches, self.findings) else None

    def _piece(self, piece: PieceModel, place: Tree) -> Piece | None:
        scope = self._scope()
        value = None if piece.value is None else read_value(piece.value, scope, self.findings)
        condition = None if piece.when is None else read_condition(piece.when, scope, self.findings)
        if piece.otherwise is not None:
            otherwise = read_value(piece.otherwise, scope, self.findings)
            if piece.when is not None or piece.value is not None:
                self._malformed(place)
                return None
            return None if otherwise is None else Piece(otherwise, Logic("true", (), place.span), place.span)
        if piece.when is None or piece.value is None:
            given, missing = ("value", "when") if piece.when is None else ("when", "value")
            self._malformed(place, f"; this one has `{given}` and no `{missing}`" if piece.when or piece.value else "")
            return None
        return None if value is None or condition is None else Piece(value, condition, place.span)

    def _malformed(self, place: Tree, fault: str = "") -> None:
        if is_faulty(place):
            return
        message = "a piece is `when` with `value`, or `otherwise` alone" + fault
        self.findings.error("ACT112", message, place.span, "write `{when: x > 0, value: x}` or `{otherwise: 0}`")

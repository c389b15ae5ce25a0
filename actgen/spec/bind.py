"""From a validated model to the Activation: every part bound, and what the parts say together checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from actgen.activation import (
    Activation,
    Combine,
    Input,
    Output,
    OutputChecks,
    Parameter,
    SpecSource,
    Value,
)
from actgen.diagnostics import Span
from actgen.formula import Formula
from actgen.spec.checks import bind_domain, bind_output_checks, without_unknown_outputs
from actgen.spec.declarations import Declarations, declare
from actgen.spec.documentation import line, reference, tags, text
from actgen.spec.findings import Findings, quoted
from actgen.spec.formulas import Formulas
from actgen.spec.keys import mend_keys
from actgen.spec.length import is_too_long
from actgen.spec.naming import check_activation_name, check_class_name, class_name, code_name, title
from actgen.spec.parameters import bind_parameter
from actgen.spec.schema import FORMAT_VERSION, OneOutputModel, OutputsModel
from actgen.spec.tree import Items, Keyed, Scalar, find, is_faulty, key_span
from actgen.spec.validation import validate

_VERSION = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")


def bind(tree: Keyed, source: SpecSource, findings: Findings) -> Activation | None:
    """The activation that a spec describes, or None if it has an error.

    Args:
        tree: the file's mapping.
        source: what the activation keeps of its file.
        findings: where faults go; every fault of the file is found in one run.
    """
    if not _is_this_format(tree, findings):
        return None
    tree = mend_keys(tree, findings)
    if is_too_long(tree, findings):
        return None
    if "outputs" in tree.entries:
        spec, sound = validate(without_unknown_outputs(tree, findings), OutputsModel, findings)
    else:
        spec, sound = validate(tree, OneOutputModel, findings)
    assert isinstance(sound, Keyed)
    return _Binder(spec, tree, sound, source, findings).bind()


def _is_this_format(tree: Keyed, findings: Findings) -> bool:
    """False after a finding if the file claims another version: by whose rules is not known."""
    entry = tree.entries.get("actgen")
    if entry is None or not isinstance(entry.value, Scalar) or entry.value.style != "plain":
        return True
    version = entry.value.text
    if not _VERSION.fullmatch(version) or version.removeprefix("+") == str(FORMAT_VERSION):
        return True
    help = f"this actgen reads format {FORMAT_VERSION}; a newer format needs a newer actgen"
    findings.error("ACT105", f"there is no format version {quoted(version)}", entry.value.span, help)
    return False


@dataclass(slots=True)
class _Binder:
    spec: OneOutputModel | OutputsModel
    written: Keyed
    sound: Keyed
    source: SpecSource
    findings: Findings
    declared: Declarations = field(init=False)

    def bind(self) -> Activation | None:
        self._header()
        self.declared = declare(self.written, self.findings)
        inputs = self._inputs()
        parameters = self._parameters()
        formulas = self._let()
        outputs = self._outputs(formulas)
        checks = self._checks()
        domain = self._domain()
        fields = {
            "title": line(self.spec.title, self.findings),
            "summary": text(self.spec.summary, self.findings),
            "tags": tags(self.spec.tags, self.findings),
            "references": tuple(
                reference(entry, find(self.sound, ("references", index)), self.findings)
                for index, entry in enumerate(self.spec.references or [])
            ),
        }
        combine = self._combine()
        if self.findings.failed or self.spec.name is None:
            return None
        name = self.spec.name.text
        return Activation(
            name=name,
            class_name=self.spec.class_.text if self.spec.class_ is not None else class_name(name),
            source=self.source,
            inputs=inputs,
            parameters=parameters,
            outputs=tuple(
                Output(output, code_name(output), formula, checks.get(output, OutputChecks()), span)
                for output, (formula, span) in outputs.items()
            ),
            let=tuple(formulas.entries.values()),
            combine=combine,
            dim=-1 if self.spec.dim is None else self.spec.dim,
            channel_dim=1 if self.spec.channel_dim is None else self.spec.channel_dim,
            domain=domain,
            **{**fields, "title": fields["title"] or title(name)},
        )

    def _present(self, key: str) -> bool:
        """Whether a key stands in the file, in order or not, or is meant by one that does."""
        return key in self.written.entries or key in self.written.faulty

    def _header(self) -> None:
        name, class_ = self.spec.name, self.spec.class_
        start = Span(self.source.path, 1, 1, 1, 1)
        if not self._present("actgen"):
            self.findings.error(
                "ACT102", "the key `actgen` is missing", start, f"begin with `actgen: {FORMAT_VERSION}`"
            )
        if not self._present("name"):
            self.findings.error("ACT102", "the key `name` is missing", start, "add `name: my_activation`")
        if name is not None:
            check_activation_name(name.text, name.span, self.findings)
        if class_ is not None:
            check_class_name(class_.text, class_.span, self.findings)

    def _inputs(self) -> tuple[Input, ...]:
        place = find(self.sound, ("inputs",))
        faulty = is_faulty(place)
        if self.spec.inputs is not None and not self.spec.inputs and not faulty:
            self.findings.error("ACT110", "`inputs` is empty", place.span, "leave the key out for one input, `x`")
        if self.spec.inputs is None:
            spans = {"x": Span(self.source.path, 1, 1, 1, 1)}
        else:
            spans = {scalar.text: scalar.span for scalar in self.spec.inputs}
        return tuple(Input(name, code_name(name), span) for name, span in spans.items())

    def _parameters(self) -> tuple[Parameter, ...]:
        bound: list[Parameter] = []
        for name, entry in (self.spec.parameters or {}).items():
            place = find(self.sound, ("parameters", name))
            span = key_span(self.sound, ("parameters", name))
            parameter = bind_parameter(name, entry, place, span, self.findings)
            if parameter is not None:
                bound.append(parameter)
        return tuple(bound)

    def _let(self) -> Formulas:
        formulas = Formulas(self.declared, self.findings)
        entries = self.spec.let or {}
        for name in self.declared.of("let entry"):
            if name not in entries:
                formulas.miss(name)
        for name, entry in entries.items():
            formulas.let(name, entry, find(self.sound, ("let", name)))
        return formulas

    def _outputs(self, formulas: Formulas) -> dict[str, tuple[Formula, Span]]:
        spec, found = self.spec, self.findings
        if spec.expression is not None and isinstance(spec, OutputsModel):
            help = "keep `expression` for one output, `outputs` for several"
            found.error(
                "ACT109", "`expression` and `outputs` exclude each other", key_span(self.sound, ("expression",)), help
            )
        given = {"y": spec.expression} if spec.expression is not None else {}
        paths: dict[str, tuple[str, ...]] = {"y": ("expression",)}
        if isinstance(spec, OutputsModel):
            given |= spec.outputs or {}
            paths |= {name: ("outputs", name) for name in spec.outputs or {}}
            self._count_outputs(spec)
        elif not self._present("expression"):
            start = Span(self.source.path, 1, 1, 1, 1)
            found.error("ACT102", "the formula is missing", start, "add `expression: …`, or `outputs` for several")
        outputs: dict[str, tuple[Formula, Span]] = {}
        for name, entry in given.items():
            formula = formulas.output(entry, find(self.sound, paths[name]))
            if formula is not None:
                outputs[name] = formula, key_span(self.sound, paths[name])
        wanted = self.declared.of("output") or ["y"]
        if formulas.whole and self.declared.sound and all(name in outputs for name in wanted):
            formulas.check_use(outputs)
        return outputs

    def _count_outputs(self, spec: OutputsModel) -> None:
        place = find(self.written, ("outputs",))
        if spec.outputs is not None and isinstance(place, Keyed) and len(place.entries) + len(place.faulty) < 2:
            message = "`outputs` names two or more outputs"
            span = key_span(self.written, ("outputs",))
            self.findings.error("ACT110", message, span, "write one output as `expression`")

    def _combine(self) -> Combine:
        if self.spec.combine is not None and isinstance(self.spec, OneOutputModel):
            message = "`combine` says how several outputs are returned, and there is one"
            self.findings.error("ACT411", message, key_span(self.sound, ("combine",)), "remove the key")
        return self.spec.combine or Combine.TUPLE

    # Checks.

    def _checks(self) -> dict[str, OutputChecks]:
        checks = self.spec.checks
        if checks is None:
            return {}
        place = find(self.sound, ("checks",))
        if isinstance(self.spec, OneOutputModel):
            assert self.spec.checks is not None
            return {"y": bind_output_checks(self.spec.checks, place, self.declared, self.findings)}
        return {
            name: bind_output_checks(entry, find(place, (name,)), self.declared, self.findings)
            for name, entry in (checks.model_extra or {}).items()
        }

    def _domain(self) -> dict[str, tuple[Value, Value]]:
        checks = self.spec.checks
        place = find(self.sound, ("checks", "domain"))
        return {} if checks is None else bind_domain(checks.domain, place, self.declared, self.findings)


def is_mapping(tree: Scalar | Items | Keyed, findings: Findings) -> bool:
    """Whether a file holds a mapping at all; a finding if not."""
    if isinstance(tree, Keyed):
        return True
    help = "a spec is `key: value` lines; `actgen new NAME` writes one to begin with"
    findings.error("ACT015", "a spec is a mapping of keys to values", tree.span, help)
    return False

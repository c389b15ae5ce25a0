"""`<name>.html`: the page of one activation with its picture to play with. It needs no network, only `../assets/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from actgen.analysis.analyse import analyse
from actgen.analysis.report import Analysis
from actgen.backends.base import KERNEL_HEADER, Unit
from actgen.docs import html
from actgen.docs.accuracy import accuracy_note
from actgen.docs.bibliography import bibtex, markdown_references
from actgen.docs.certificate_words import certificate_words
from actgen.docs.equations import equations
from actgen.docs.page_assets import ASSETS, PAGE_SCRIPTS
from actgen.docs.page_data import as_script, page_data
from actgen.docs.parameters import parameter_table
from actgen.docs.properties import breakpoint_rows, property_rows
from actgen.docs.proved import analysis_rows
from actgen.docs.tags import tags
from actgen.docs.text import code, one_line
from actgen.docs.usage import examples
from actgen.emit.header import origin
from actgen.emit.templates import render

GALLERY = "index.html"
_CERTIFICATE = ("<!-- certificate -->", "<!-- end of the certificate -->")
_LANGUAGES = {".py": "python", ".js": "javascript", ".h": "cpp", ".yaml": "yaml"}


@dataclass(frozen=True, slots=True)
class Source:
    """A tab: what it is called, an identifier for it, the file and its text, and how it is used."""

    title: str
    id: str
    file: str
    text: str
    language: str
    usage: str = ""


def page(
    unit: Unit,
    files: Mapping[str, str],
    targets: Sequence[str] | None = None,
    *,
    verified: bool = True,
    picture: str | None = None,
    certificate: str | None = None,
    analysis: Analysis | None = None,
) -> str:
    """The whole text.

    Args:
        unit: what to show.
        files: what lies beside the page, name to text.
        targets: the backends that printed a file; None for all.
        verified: else the page says that nothing was.
        picture: the file that shows the accuracy, if it lies beside the page.
        certificate: the text of the kernel's certificate.
        analysis: what is proved of it; made if it is not given.
    """
    activation, analysis = unit.activation, analysis or analyse(unit.derivation)
    title = one_line(activation.title)
    summary = one_line(activation.summary) if activation.summary else ""
    return render(
        "page/activation.html.j2",
        {
            **_mathematics(unit, analysis),
            "header": origin(activation.source.file_name, activation.source.sha256),
            "title": title,
            "summary": summary,
            "description": summary or f"{title}: curves, derivatives, code and accuracy.",
            "tags": tags(analysis, activation),
            "assets": f"../{ASSETS}",
            "scripts": PAGE_SCRIPTS,
            "gallery": f"../{GALLERY}",
            "several_inputs": len(activation.inputs) > 1,
            "sources": tuple(sources(unit, files, targets)),
            "files": sorted({*files, *([picture] if picture else [])}),
            "verified": verified,
            "certificate": between(certificate_section(certificate)),
            "picture": picture,
            "accuracy": html.block(accuracy_note(unit, code(activation.source.file_name).strip("`"))),
            "references": _references(unit),
            "data": as_script(page_data(unit)),
        },
    )


def _mathematics(unit: Unit, analysis: Analysis) -> Mapping[str, object]:
    """What the formulas' part of a page is filled with."""
    return {
        "name": unit.activation.name,
        "equations": equations(unit.derivation),
        "properties": "".join(_properties(unit, analysis)),
    }


def _properties(unit: Unit, analysis: Analysis) -> Iterator[str]:
    nominal = bool(unit.activation.parameters)
    heading = "value, at the nominal parameters" if nominal else "value"
    yield html.table(("property", heading), [(row.label, row.value) for row in property_rows(unit)])
    if proved := analysis_rows(analysis):
        yield f"<h3>Proved{', at the nominal parameters' if nominal else ''}</h3>\n"
        yield html.table(("what", "is"), [(row.label, row.value) for row in proved])
    if points := breakpoint_rows(unit):
        several = len(unit.activation.outputs) > 1
        yield f"<h3>Breakpoints{', at the nominal parameters' if nominal else ''}</h3>\n"
        rows = [(*((p.output,) if several else ()), p.place, p.smoothness, p.proof) for p in points]
        yield html.table((*(("output",) if several else ()), "where", "smoothness", "proof"), rows)
    if unit.activation.parameters:
        table = parameter_table(unit)
        yield "<h3>Parameters</h3>\n"
        yield html.table(table.header, table.rows)


def sources(unit: Unit, files: Mapping[str, str], targets: Sequence[str] | None = None) -> Iterator[Source]:
    """A tab for each framework, then the kernel and the spec."""
    activation = unit.activation
    for example in examples(activation, targets):
        if example.file in files:
            yield _source(example.framework, example.file, files[example.file], example.code)
    kernel = f"{activation.name}{KERNEL_HEADER}"
    if kernel in files:
        yield _source("Kernel", kernel, files[kernel])


def _source(title: str, file: str, text: str, usage: str = "") -> Source:
    return Source(title, title.lower(), file, text, _LANGUAGES[PurePath(file).suffix], usage)


def _references(unit: Unit) -> str:
    lines = [f"- {line}" for line in markdown_references(unit.activation.references)]
    entries = bibtex(unit.activation)
    return html.block("\n".join(lines)) + (html.block(f"```bibtex\n{entries}\n```") if entries else "")


def certificate_section(certificate: str | None) -> str:
    """What a page says about the fused kernel; nothing where there is none."""
    if certificate is None:
        return ""
    return render("page/certificate.html.j2", {"words": certificate_words(certificate)})


def between(section: str) -> str:
    """A section between the marks by which `with_certificate` finds it."""
    return f"{_CERTIFICATE[0]}\n{section}{_CERTIFICATE[1]}"


def with_certificate(text: str, certificate: str) -> str:
    """A page with what it says about the fused kernel said anew."""
    before, _, rest = text.partition(_CERTIFICATE[0])
    _, _, after = rest.partition(_CERTIFICATE[1])
    return f"{before}{between(certificate_section(certificate))}{after}" if after else text

"""The pages that show what a build measured, and the picture of the accuracy, drawn from a verification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actgen.backends.base import Unit
    from actgen.pipeline.stages import Rendered, Verified

README = "README.md"


def accuracy_picture(name: str) -> str:
    """The picture's file name."""
    return f"{name}_accuracy.svg"


def draw_accuracy(unit: Unit, verified: Verified) -> str | None:
    """The picture as SVG; None where no framework ran."""
    if not verified.profiles:
        return None
    from actgen.docs.plot_accuracy import svg

    return svg(verified.profiles, unit.activation.title, unit.activation.inputs[0].name, verified.statuses)


def last_pages(
    unit: Unit, rendered: Rendered, *, verified: bool, pictured: bool, certificate: str | None
) -> Mapping[str, str]:
    """The pages that show what a build measured, or kept of an earlier one.

    Args:
        unit: what to show.
        rendered: the files that were printed.
        verified: whether they were.
        pictured: whether the picture of the accuracy lies beside them.
        certificate: the text of the kernel's certificate.
    """
    from actgen.docs.markdown import readme
    from actgen.docs.page import page
    from actgen.docs.page_data import has_page, page_name
    from actgen.pipeline.stages import has_kernel

    name, targets = unit.activation.name, rendered.targets
    picture = accuracy_picture(name) if pictured else None
    found: dict[str, str] = {}
    if has_page(targets):
        found[page_name(name)] = page(
            unit,
            rendered.files,
            targets,
            verified=verified,
            picture=picture,
            certificate=certificate,
            analysis=rendered.analysis,
        )
    if pictured:
        kernel, checked = has_kernel(rendered.files), f"test_{name}.py" in rendered.files
        found[README] = readme(
            unit,
            targets,
            verified=verified,
            picture=picture,
            kernel=kernel,
            checked=checked,
            analysis=rendered.analysis,
        )
    return found

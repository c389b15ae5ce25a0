"""The picture of the accuracy on an activation's page: drawn from a verification, and shown where it lies."""

from __future__ import annotations

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


def with_picture(unit: Unit, rendered: Rendered, *, verified: bool) -> str:
    """The page, showing the picture."""
    from actgen.docs.markdown import readme
    from actgen.pipeline.stages import has_kernel

    kernel = has_kernel(rendered.files)
    picture = accuracy_picture(unit.activation.name)
    return readme(unit, rendered.targets, verified=verified, picture=picture, kernel=kernel)

"""Everything that documents one activation: file name to text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actgen.analysis.report import Analysis
from actgen.backends.base import Unit
from actgen.docs import latex, markdown, plot
from actgen.docs.sampling import panels


def files(
    unit: Unit,
    targets: Sequence[str] | None = None,
    *,
    verified: bool = True,
    kernel: bool = False,
    checked: bool = True,
    analysis: Analysis | None = None,
) -> Mapping[str, str]:
    """`README.md`, the LaTeX fragment, the plot and its thumbnail.

    Args:
        unit: what to document.
        targets: the backends that printed a file, for the usage examples; None for all.
        verified: else the page says that nothing was.
        kernel: whether the header of a kernel lies beside the page.
        checked: whether the user's own check does.
        analysis: what is proved of it; made if it is not given.
    """
    activation = unit.activation
    shown = panels(unit)
    return {
        "README.md": markdown.readme(
            unit, targets, verified=verified, kernel=kernel, checked=checked, analysis=analysis
        ),
        f"{activation.name}.tex": latex.document(unit.derivation),
        f"{activation.name}.svg": plot.svg(shown, f"{activation.title}: the function and its derivatives"),
        f"{activation.name}_thumbnail.svg": plot.thumbnail(shown[0], activation.title),
    }

"""What a build tells while it works: each stage as it begins, and what every target has come to within it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from actgen.pipeline.results import Stage

if TYPE_CHECKING:
    from actgen.pipeline.stages import Verified
    from actgen.verify.figures import Figure, Worst

_SHOWN = "float32"


@dataclass(frozen=True, slots=True)
class Part:
    """What one target, or one framework, has come to within a stage.

    Attributes:
        stage: printing or verifying.
        name: of the target.
        state: `begun`, `done` or `failed`; `absent` where the framework is not installed.
        words: the figures, or what is missing.
    """

    stage: Stage
    name: str
    state: Literal["begun", "done", "failed", "absent"]
    words: str = ""


Tell = Callable[[Stage | Part], None]
"""Is told of each stage as it begins, and of its parts as they come."""


def tell_nobody(news: Stage | Part) -> None:
    """Nobody listens."""


def printing(tell: Tell) -> Callable[[str, str], None]:
    """Tells what became of a target that was printed, or lacks something."""
    return lambda target, lacking: tell(Part(Stage.PRINTING, target, "failed" if lacking else "done", lacking))


def verifying(tell: Tell) -> Callable[[str], None]:
    """Tells that the process of a framework begins."""
    return lambda framework: tell(Part(Stage.VERIFYING, framework, "begun"))


def verdicts(found: Verified) -> Iterator[Part]:
    """What became of each framework, with the worst of its figures in float32."""
    for framework, status in found.statuses.items():
        ours = [f for f in found.figures if f.form == "actgen" and f.dtype == _SHOWN and _runs(f, framework)]
        words = [*_worst("value", (f.value for f in ours)), *_worst("derivatives", (f.derivative for f in ours))]
        yield Part(Stage.VERIFYING, framework, _state(status), ", ".join(words) or status)


def _runs(figure: Figure, framework: str) -> bool:
    return figure.runner == framework or figure.runner.startswith(f"{framework}[")


def _state(status: str) -> Literal["done", "failed", "absent"]:
    if status.startswith("ok"):
        return "done"
    return "absent" if status.startswith("NOT RUN") else "failed"


def _worst(name: str, errors: Iterable[Worst | None]) -> list[str]:
    worst = max((error.ulps for error in errors if error is not None), default=None)
    return [] if worst is None else [f"{name} {worst:.2g} ulp"]

"""The goals, as data. What is timed, and what BW and f+b are, says `page.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from performance.subjects import SUBJECTS

Device = Literal["cpu", "cuda"]
Column = Literal["both_ms", "backward_ms"]

SMALL, MEDIUM, LARGE, HUGE = 10_000, 1_000_000, 50_000_000, 2**27


@dataclass(frozen=True, slots=True)
class Ratio:
    """A peer's time over ours."""

    peer: str
    subject: str
    size: int
    dtype: str = "float32"
    column: Column = "both_ms"
    ours: str = "actgen"
    framework: str = "torch"
    device: Device = "cpu"


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """Least traffic of f+b over its time, as a fraction of a copy's."""

    subject: str
    size: int
    dtype: str = "float32"
    device: Device = "cpu"


@dataclass(frozen=True, slots=True)
class Most:
    """The largest number in a column, over all subjects in float32."""

    column: str
    size: int
    device: Device = "cpu"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a process of its own found."""

    key: str
    device: Device = "cpu"


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted.

    Attributes:
        what: in words.
        measure: what is compared with the bound.
        sense: on which side of it the measured number is to be.
        bound: the number.
        unit: after numbers.
    """

    what: str
    measure: Ratio | Bandwidth | Most | Figure
    sense: Literal["at least", "at most"]
    bound: float
    unit: str = ""


_SELU, _SNAKE = "selu_variation", "snake"
_CPU = (
    Goal("LearnableSELU f+b over naive, 1e6", Ratio("naive", _SELU, MEDIUM), "at least", 15, "×"),
    Goal("LearnableSELU f+b over naive, 5e7", Ratio("naive", _SELU, LARGE), "at least", 20, "×"),
    Goal("LearnableSELU f+b over compile, 1e6", Ratio("compile(naive)", _SELU, MEDIUM), "at least", 2, "×"),
    Goal("LearnableSELU f+b over compile, 5e7", Ratio("compile(naive)", _SELU, LARGE), "at least", 1.8, "×"),
    Goal("LearnableSELU f+b, BW at 5e7", Bandwidth(_SELU, LARGE), "at least", 0.80),
    Goal("Snake per channel f+b over naive, 1e6", Ratio("naive", _SNAKE, MEDIUM), "at least", 10, "×"),
    Goal("Snake per channel f+b over naive, 5e7", Ratio("naive", _SNAKE, LARGE), "at least", 10, "×"),
    Goal("Snake per channel f+b over compile, 5e7", Ratio("compile(naive)", _SNAKE, LARGE), "at least", 2, "×"),
    Goal("Snake per channel f+b, BW at 5e7", Bandwidth(_SNAKE, LARGE), "at least", 0.95),
    Goal("ELU f+b over native, 1e6", Ratio("native", "elu", MEDIUM), "at least", 2, "×"),
    Goal("Mish f+b over native, 1e6", Ratio("native", "mish", MEDIUM), "at least", 5, "×"),
    Goal("GELU f+b over native, 1e6", Ratio("native", "gelu", MEDIUM), "at least", 1.1, "×"),
    Goal("SiLU f+b over native, 1e6", Ratio("native", "silu", MEDIUM), "at least", 1, "×"),
    Goal("LearnableSELU bfloat16 f+b over naive, 1e6", Ratio("naive", _SELU, MEDIUM, "bfloat16"), "at least", 10, "×"),
    Goal("LearnableSELU bfloat16, error of parameters' gradients, 1e6", Figure("gradient error"), "at most", 1e-6),
    Goal("LearnableSELU f+b over naive, 1e4 (overhead)", Ratio("naive", _SELU, SMALL), "at least", 4, "×"),
    Goal("bytes an element saved for backward beyond the arguments, all subjects", Most("saved", MEDIUM), "at most", 0),
    Goal("parameters' gradients whose bits vary with run or threads (1, 2)", Figure("varying bits"), "at most", 0),
    Goal(
        "JAX: LearnableSELU f+b over jit of naive, 1e6",
        Ratio("jit(naive)", _SELU, MEDIUM, ours="jit(actgen)", framework="jax"),
        "at least",
        15,
        "×",
    ),
)
_GPU = (
    *(
        Goal(f"GPU: {s.title} f+b, BW at 2^27", Bandwidth(s.name, HUGE, device="cuda"), "at least", 0.85)
        for s in SUBJECTS
    ),
    Goal("GPU: LearnableSELU f+b over naive, 2^27", Ratio("naive", _SELU, HUGE, device="cuda"), "at least", 8, "×"),
    Goal(
        "GPU: LearnableSELU f+b over compile, 2^27",
        Ratio("compile(naive)", _SELU, HUGE, device="cuda"),
        "at least",
        0.95,
        "×",
    ),
    Goal(
        "GPU: Snake per channel, backward over compile, 2^27",
        Ratio("compile(naive)", _SNAKE, HUGE, column="backward_ms", device="cuda"),
        "at least",
        1.4,
        "×",
    ),
    Goal("GPU: launches in backward, all subjects", Most("backward_launches", HUGE, device="cuda"), "at most", 2),
)
_COMMANDS = (
    Goal("one spec, cold: sources only", Figure("build.sources"), "at most", 0.8, " s"),
    Goal(
        "`actgen build --no-verify` of one spec, cold: with pages and plots",
        Figure("build.pages"),
        "at most",
        2.5,
        " s",
    ),
    Goal("`actgen build --no-verify` of one spec, nothing changed", Figure("build.again"), "at most", 0.15, " s"),
    Goal("one kernel compiled at its first use", Figure("kernel"), "at most", 1, " s"),
    Goal("`actgen --help`", Figure("help"), "at most", 0.15, " s"),
)
GOALS: tuple[Goal, ...] = (*_CPU, *_GPU, *_COMMANDS)

"""What the timing process is asked for: plain data that crosses to it as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actgen.activation import Activation
from actgen.verify.peers.agreeing import called, candidate
from actgen.verify.peers.textbook import encoded


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to time.

    Attributes:
        sizes: elements.
        formats: of the inputs.
        channels: so many, of inputs (N, channels, length), with a value of each parameter for each; None for one.
        device: "cpu" or "cuda".
        threads: of the processor; None for as many as PyTorch takes.
        seconds: for each candidate and pass, roughly.
    """

    sizes: tuple[int, ...] = (10_000, 1_000_000)
    formats: tuple[str, ...] = ("float32",)
    channels: int | None = None
    device: str = "cpu"
    threads: int | None = None
    seconds: float = 1.0


def request_for(activation: Activation, module: Path, wanted: Wanted) -> dict[str, Any]:
    """The request for an activation whose generated file is `module`."""
    row, reason = candidate(activation, "torch")
    return {
        "module": str(module.resolve()),
        "function": activation.name,
        "inputs": [i.name for i in activation.inputs],
        "single": len(activation.outputs) == 1,
        "parameters": [[p.name, p.nominal.value] for p in activation.parameters],
        "textbook": encoded(activation),
        "built-in": row
        and {
            "name": called("torch", row),
            "public": row.public,
            "options": dict(row.options),
            "takes": {argument: name for argument, name in row.takes.items() if name in activation.nominal()},
            "gate": row.gate,
            "tolerance": row.tolerance,
        },
        "no built-in": reason,
        "sizes": list(wanted.sizes),
        "formats": list(wanted.formats),
        "channels": wanted.channels,
        "device": wanted.device,
        "threads": wanted.threads,
        "seconds": wanted.seconds,
    }

"""The timing process: `python -m actgen.bench.run_torch REQUEST.json` prints a JSON object a line.

First what ran, `{"torch": ..., "device": ..., "fused": ...}`; then a row for each candidate, and remarks in between.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from actgen.bench.timing import Function, rows
from actgen.verify.peers.textbook import evaluated

_SEED = 0


def main() -> None:
    """Does what the request says."""
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if request["threads"]:
        torch.set_num_threads(request["threads"])
    ours = _module(Path(request["module"]))
    on_gpu = request["device"] == "cuda"
    device = torch.cuda.get_device_name() if on_gpu else f"{torch.get_num_threads()} CPU threads"
    fused = getattr(ours, "_fused", None) is not None and not on_gpu
    _say({"torch": str(torch.__version__), "device": device, "fused": fused})
    function = getattr(ours, request["function"])
    layer = _built_in(request)
    if layer is not None and (other := _disagreement(request, layer, function)):
        _say({"remark": other})
        layer = None
    for form in request["formats"]:
        for size in request["sizes"]:
            arguments = _arguments(request, size, getattr(torch, form))
            for row in rows(
                dict(_candidates(request, function, layer, ours)),
                arguments,
                len(request["inputs"]),
                request["seconds"],
                request["device"],
            ):
                _say({"format": form, "size": size, **asdict(row)})


def _say(content: Mapping[str, Any]) -> None:
    print(json.dumps(content), flush=True)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python module")
    found = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = found
    spec.loader.exec_module(found)
    return found


def _candidates(
    request: Mapping[str, Any], function: Function, layer: torch.nn.Module | None, ours: ModuleType
) -> Iterator[tuple[str, Function]]:
    """What is timed; the compiler starts afresh, since of one function it takes eight variants only."""
    torch.compiler.reset()
    naive = _naive(request)
    yield "naive", naive
    if layer is not None:
        yield request["built-in"]["name"], _called(request, layer.float())
    yield "compile(naive)", torch.compile(naive)
    if getattr(ours, "_fused", None) is not None:
        yield "actgen, unfused", _unfused(ours, function)
    yield "actgen", function
    yield "compile(actgen)", torch.compile(function)


def _unfused(ours: Any, function: Function) -> Function:
    """The same file without its kernel."""

    def run(*arguments: Tensor) -> Tensor | tuple[Tensor, ...]:
        fused, ours._fused = ours._fused, None
        try:
            return function(*arguments)
        finally:
            ours._fused = fused

    return run


def _arguments(request: Mapping[str, Any], size: int, dtype: torch.dtype) -> list[Tensor]:
    """Normal samples, flat or (N, channels, length), and the parameters; all want gradients."""
    device, channels = request["device"], request["channels"]
    generator = torch.Generator(device).manual_seed(_SEED)
    length = 4096 if channels is None or size >= 4096 * channels else max(1, size // channels)
    shape = (size,) if channels is None else (max(1, size // (channels * length)), channels, length)
    inputs = [torch.randn(shape, device=device, generator=generator).to(dtype) for _ in request["inputs"]]
    wide = torch.float64 if dtype == torch.float64 else torch.float32
    values = [torch.full((channels or 1,), v, device=device, dtype=wide) for _, v in request["parameters"]]
    return [t.requires_grad_() for t in (*inputs, *values)]


def _naive(request: Mapping[str, Any]) -> Function:
    """The formula as it is written, in PyTorch's operations, through autograd."""
    names = [*request["inputs"], *(name for name, _ in request["parameters"])]
    count, channels, single = len(request["inputs"]), request["channels"], request["single"]

    def run(*arguments: Tensor) -> Tensor | tuple[Tensor, ...]:
        dtype = arguments[0].dtype
        held = [p.to(dtype) if channels is None else p.to(dtype).view(1, -1, 1) for p in arguments[count:]]
        given = dict(zip(names, (*arguments[:count], *held), strict=True))
        found = evaluated(request["textbook"], given, "torch", {"torch": torch})
        return found[0] if single else tuple(found)

    return run


def _built_in(request: Mapping[str, Any]) -> torch.nn.Module | None:
    """PyTorch's own layer at the nominal parameters, if there is one."""
    row = request["built-in"]
    if row is None or request["channels"] is not None:
        return None
    nominal = dict(request["parameters"])
    taken = {argument: nominal[name] for argument, name in row["takes"].items()}
    layer: torch.nn.Module = getattr(torch.nn, row["public"])(**row["options"], **taken)
    return layer.to(request["device"]).eval()


def _called(request: Mapping[str, Any], layer: torch.nn.Module) -> Function:
    """The layer as a function of our arguments."""
    count = len(request["inputs"])
    if request["built-in"]["gate"]:
        return lambda *arguments: layer(torch.cat(arguments[:count], -1))
    return lambda *arguments: layer(arguments[0])


def _disagreement(request: Mapping[str, Any], layer: torch.nn.Module, function: Function) -> str:
    """Empty if the layer is this activation: the same values in float64 at ordinary points."""
    like = {"dtype": torch.float64, "device": request["device"]}
    points = torch.linspace(-9.87, 9.91, 199, **like)
    inputs = [points.roll(71 * place) for place in range(len(request["inputs"]))]
    values = [torch.tensor([value], **like) for _, value in request["parameters"]]
    got, wanted = _called(request, layer.double())(*inputs), function(*inputs, *values)
    assert isinstance(got, Tensor)
    assert isinstance(wanted, Tensor)
    same = torch.allclose(got, wanted, rtol=request["built-in"]["tolerance"], atol=request["built-in"]["tolerance"])
    return "" if same else f"{request['built-in']['name']} is another function than this {request['function']}"


if __name__ == "__main__":
    main()

"""A few points of an activation's curve, for a picture that says what kind it is."""

from __future__ import annotations

from functools import lru_cache

_REACH, _POINTS = 4.0, 65


@lru_cache(maxsize=16)
def curve(text: str) -> tuple[tuple[float, float], ...]:
    """Points (x, f(x)) for x from -4 to 4, of the first output at the nominal parameters; beside 1 for other inputs.

    Args:
        text: a spec without errors.
    """
    import numpy as np

    from actgen.spec.reader import read_text
    from actgen.verify.oracle import Oracle

    activation, findings = read_text(text, "thumbnail.yaml")
    assert activation is not None, findings
    x = np.linspace(-_REACH, _REACH, _POINTS)
    columns = {i.name: np.ones_like(x) for i in activation.inputs[1:]}
    columns |= {p.name: np.full_like(x, p.nominal.value) for p in activation.parameters}
    columns[activation.inputs[0].name] = x
    values = Oracle(activation).values(activation.outputs[0].name, None, columns)
    return tuple(zip(x.tolist(), values.hi.tolist(), strict=True))

"""A device without float64, as a TPU is: everything in float32, and still no NaN, infinity or zero that is wrong."""

from __future__ import annotations

from pathlib import Path

import jax
import jax.numpy as jnp
import narrow_device
import numpy as np
import pytest
from emitted_modules import imported
from catalogue_folders import SPECS

from actgen.backends.base import backend
from actgen.pipeline.stages import compile_spec


@pytest.mark.parametrize("name", ["elu", "silu", "softplus", "tanh"])
def test_float32_inside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    unit = compile_spec(SPECS / f"{name}.yaml").unit
    assert unit is not None
    for file, text in backend("jax").files(unit).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    module = imported(tmp_path, f"{name}_jax", f"narrow_{name}_jax")
    monkeypatch.setattr(module, "_widest", lambda: jnp.float32)

    def compute(values: np.ndarray) -> dict[str, np.ndarray]:
        y, pull = jax.vjp(getattr(module, name), jnp.asarray(values, jnp.float32))
        assert f"f64[{len(values)}]" not in str(jax.make_jaxpr(getattr(module, name))(y))
        return {"y": np.asarray(y, np.float64), "x": np.asarray(pull(jnp.ones_like(y))[0], np.float64)}

    assert not narrow_device.complaint(name, compute, flushes=True)

"""Runs one framework's comparison in a child process and hands back its findings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from builtin_table import BUILT_INS


def complaints(framework: str, emit: Callable[[str, set[str]], Path]) -> dict[str, str]:
    """Label of each row to what differs from the built-in; empty text where nothing does."""
    folder = emit(framework, {row.spec for row in BUILT_INS[framework]})
    command = [sys.executable, str(Path(__file__).with_name(f"compare_{framework}.py")), str(folder)]
    environment = os.environ | {"KERAS_BACKEND": "tensorflow", "JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])

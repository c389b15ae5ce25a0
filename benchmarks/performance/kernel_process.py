"""Compiles one kernel at its first use: `python -m performance.kernel_process NAME` prints the seconds.

The cache is where the environment variable `ACTGEN_CACHE` says; it should be empty.
"""

from __future__ import annotations

import sys
import time

from actgen.native.runtime.kernels import beside
from performance.generated import GENERATED


def main() -> None:
    """Does it, for float32."""
    name = sys.argv[1]
    kernels = beside(str(GENERATED / name / f"{name}_torch.py"), name)
    start = time.perf_counter()
    if kernels is None or kernels.kernel("float32", short_rows=False) is None:
        raise SystemExit(f"{name} has no kernel here")
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main()

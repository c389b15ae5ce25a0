"""Fused kernels for activations that actgen has generated; needs the standard library and a C++ compiler alone.

A generated file uses it by itself where it can be imported and the activation's `<name>_kernel.h` lies beside the file.
`ACTGEN_NATIVE=0` turns it off. Nothing here changes with the activation: the package is copied, as it is, from actgen.
"""

from .library import ABI
from .settings import is_enabled, precision, set_precision

__all__ = ["ABI", "is_enabled", "precision", "set_precision"]

"""The fixtures that building needs."""

from spec_files import actgen, kernels_are_not_measured, write

__all__ = ["actgen", "kernels_are_not_measured", "write"]

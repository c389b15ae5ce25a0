"""Which values of a kernel need float64 for its results to be right in float32."""

from actgen.program.precision.search import Limits, Wide, wide_nodes

__all__ = ["Limits", "Wide", "wide_nodes"]

"""How a kernel holds each of its values for its results to be right in float32."""

from actgen.program.precision.far import GROWING, OF_ANGLES, Far
from actgen.program.precision.forms import kernel_program
from actgen.program.precision.halves import Kernel, searched_kernel
from actgen.program.precision.levels import Level, Levels
from actgen.program.precision.moving import MovingZeros
from actgen.program.precision.remembered import remembered_kernel
from actgen.program.precision.search import Chosen, chosen_levels, moving_zeros
from actgen.program.precision.trials import Limits

__all__ = [
    "GROWING",
    "OF_ANGLES",
    "Chosen",
    "Far",
    "Kernel",
    "Level",
    "Levels",
    "Limits",
    "MovingZeros",
    "chosen_levels",
    "kernel_program",
    "moving_zeros",
    "remembered_kernel",
    "searched_kernel",
]

"""The whole way from spec to files: the only package that knows every stage.

Importing it is cheap: a stage is imported when it first runs.
"""

from actgen.pipeline.building import build
from actgen.pipeline.results import BuildReport, BuildResult, Outcome, SharedResult
from actgen.pipeline.stages import Compiled, compile_spec, render_files

__all__ = ["BuildReport", "BuildResult", "Compiled", "Outcome", "SharedResult", "build", "compile_spec", "render_files"]

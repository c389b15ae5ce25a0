"""The codes of what the pipeline itself finds: about files and targets."""

from __future__ import annotations

CODES: dict[str, str] = {
    "ACT801": "a file that a build writes is missing",
    "ACT802": "a file is not what a build writes",
    "ACT803": "a file is left over from an earlier build",
    "ACT811": "a framework lacks an operation that the formula needs (a warning, unless it was asked for by name)",
    "ACT821": "the file of a new spec exists",
    "ACT822": "a setting names no parameter of the activation",
    "ACT831": "there is no C++ compiler: what the certificate says of the kernel is NOT RUN (warning)",
    "ACT832": "the kernel cannot be compiled or loaded",
    "ACT833": "the kernel was found wrong when all of float32 was gone through",
    "ACT841": "the program that makes a document is not installed",
    "ACT842": "the program that makes a document failed",
}
"""Code to meaning. `docs/CODES.md` lists this table, with what to do."""

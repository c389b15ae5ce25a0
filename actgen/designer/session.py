"""All that lives as long as the designer: the spec, the processes, the builds."""

from __future__ import annotations

import asyncio
from pathlib import Path

from actgen.designer.builds import Builds
from actgen.designer.built import Built
from actgen.designer.document import Document
from actgen.designer.drawing import Drawing
from actgen.designer.mathematics import Mathematician
from actgen.designer.scripts import Scripts

LIMIT_S = 10.0
"""Seconds that a question about a spec's mathematics may take, unless the user says otherwise."""


class Session:
    """One spec that is being designed.

    Three processes do mathematics, so that curves never wait for a proof, nor a proof for a search in a source.

    Attributes:
        document: the spec's file.
        builds: what is built from it.
        built: the output folder.
        scripts: what was compiled to JavaScript.
        first: draws.
        second: proves and compiles.
        third: answers what somebody has to ask for.
    """

    def __init__(self, document: Document, out: Path, limit_s: float = LIMIT_S) -> None:
        self.document = document
        self.scripts = Scripts()
        self.built = Built(out)
        self.builds = Builds(Path(document.shown), out, self.built.page)
        self.first, self.second, self.third = Drawing(limit_s), Mathematician(limit_s), Mathematician(limit_s)
        self._all = (self.first, self.second, self.third)
        self._ended = False

    def start(self) -> None:
        """Starts the processes."""
        for mathematician in self._all:
            mathematician.start()

    async def end(self) -> None:
        """Ends every process, and whatever waits for one."""
        if not self._ended:
            self._ended = True
            await asyncio.gather(self.builds.cancel(), *(mathematician.end() for mathematician in self._all))

"""What was built, for the browser: pages open from the server, under an address that nobody can guess."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from starlette.staticfiles import StaticFiles


class Built(StaticFiles):
    """The output folder, which need not be there yet. A page that is opened anew has no token to send.

    Attributes:
        address: where the folder is, without a slash at its end.
    """

    def __init__(self, out: Path) -> None:
        super().__init__(directory=out.resolve(), check_dir=False)
        self.address = f"/built/{secrets.token_urlsafe(24)}"

    def page(self, name: str) -> str:
        """The address of an activation's page."""
        return f"{self.address}/{name}/{name}.html"

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Where a file is. Links that lead in a circle lead to no file: nobody's fault but the folder's."""
        try:
            return super().lookup_path(path)
        except OSError as error:
            if error.errno == errno.ELOOP:
                return "", None
            raise

    async def check_config(self) -> None:
        """Nothing to check: what is not there is not found."""

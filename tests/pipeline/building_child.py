"""A program that builds with a verifier of its own: `building_child.py MODE JOBS OUT SPEC…`.

`slow` announces itself and sleeps until it is ended; `die` ends its own process; `fine` and `real` find nothing wrong.
All but `real` print files of their own, quickly. The patches stand at module level, so that worker processes, which
import this file, have them too.
"""

import os
import signal
import sys
import time
from pathlib import Path

import actgen.pipeline.produce
from actgen.cli import run
from actgen.pipeline.stages import Rendered, Verified

MODE = sys.argv[1]


def render(unit, targets, verified, tell):
    text = unit.activation.source.text
    return Rendered({f"{n}_{unit.activation.name}.txt": f"{n}: {text}" for n in range(20)}, ("torch",), ())


def verify_files(unit, folder, targets, require, pictured, tell):
    if MODE == "slow":
        Path(sys.argv[3]).with_name(f"verifying-{os.getpid()}").touch()
        time.sleep(300)
    if MODE == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return Verified({"torch": "ok"}, "{}", ())


actgen.pipeline.produce.verify_files = verify_files
if MODE != "real":
    actgen.pipeline.produce.render = render

if __name__ == "__main__":
    sys.exit(run(["build", "--jobs", sys.argv[2], "--out", *sys.argv[3:]]))

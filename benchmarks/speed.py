"""Times the generated files against what people write and what frameworks ship, and holds the figures against goals.

    python benchmarks/speed.py [--device cuda] [--quick]

It prints a line for each figure and the table of goals, and writes `speed.json`, `SPEED.md` and `plots/` into the
folder `benchmarks`; with `--quick`, which is for a look in some minutes, or `--subject`, into `build/speed`. Figures of
a CPU and of a GPU lie side by side; a run replaces those of its device. `--redraw` makes page and plots again, without
timing. What the words mean stands on the page. `--readme README.md` also writes the tables of the front page, in which
the GPU's figures are those that `gpu.py` kept.

On a GPU it needs PyTorch and this repository, and no network; `--only-figures` writes `speed.json` alone, and elsewhere
`--add FILE` takes the parts of such a file in.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from marked import replaced  # noqa: E402 - found by the line above
from performance.front_page import read_gpu, tables  # noqa: E402
from performance.measuring import Plan, measured  # noqa: E402
from performance.page import page, summary  # noqa: E402
from performance.results import Part, read, write  # noqa: E402
from performance.subjects import SUBJECTS  # noqa: E402

_SECONDS, _QUICKLY = 0.4, 0.05


def main() -> None:
    """Does what the options say."""
    options = _options()
    is_whole = not options.quick and not options.subject
    folder = options.folder or (ROOT / "benchmarks" if is_whole else ROOT / "build" / "speed")
    kept = folder / "speed.json"
    parts = {**read(kept), **(read(options.add) if options.add else {})}
    if not options.redraw and not options.add:
        parts = _timed(options, kept, parts)
    if parts:
        write(kept, parts)
    if not options.only_figures:
        _draw(folder, parts)
    if options.readme:
        options.readme.write_text(with_times(options.readme.read_text(encoding="utf-8"), parts), encoding="utf-8")
    print("\n".join(summary(parts)))


def with_times(text: str, parts: Mapping[str, Part]) -> str:
    """A page with the tables of times between their marks."""
    return replaced(text, "speed", tables(parts["cpu"], read_gpu(ROOT / "benchmarks" / "gpu.json")))


def _options() -> argparse.Namespace:
    names = [subject.name for subject in SUBJECTS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="where to run")
    parser.add_argument("--quick", action="store_true", help="few sizes and short runs, into build/speed")
    parser.add_argument("--seconds", type=float, help=f"for each candidate and pass (default: {_SECONDS})")
    parser.add_argument("--threads", type=int, help="of the processor (default: as many as PyTorch takes)")
    parser.add_argument("--subject", choices=names, action="append", help="only this one; may be repeated")
    parser.add_argument("--folder", type=Path, help="where the results are")
    parser.add_argument("--redraw", action="store_true", help="measure nothing; make page and plots again")
    parser.add_argument("--add", type=Path, help="measure nothing; take in the parts of this speed.json")
    parser.add_argument("--readme", type=Path, help="a page whose tables of times to write anew")
    parser.add_argument("--only-figures", action="store_true", help="write no page and no plots")
    return parser.parse_args()


def _timed(options: argparse.Namespace, kept: Path, parts: Mapping[str, Part]) -> dict[str, Part]:
    """All parts, that of the device measured anew; written down after each step."""
    subjects = tuple(options.subject or (subject.name for subject in SUBJECTS))
    seconds = options.seconds or (_QUICKLY if options.quick else _SECONDS)
    found, start = dict(parts), time.monotonic()
    for words, part in measured(Plan(options.device, subjects, options.quick, seconds, options.threads)):
        found[options.device] = part
        write(kept, found)
        print(f"{time.monotonic() - start:5.0f} s  {words}", flush=True)
    return found


def _draw(folder: Path, parts: Mapping[str, Part]) -> None:
    """Writes the pictures, and the page that shows them."""
    from performance.plots import plots

    (folder / "plots").mkdir(parents=True, exist_ok=True)
    shown = []
    for name, (words, text) in plots(parts).items():
        (folder / "plots" / name).write_text(text, encoding="utf-8")
        shown.append((f"plots/{name}", words))
    (folder / "SPEED.md").write_text(page(parts, shown), encoding="utf-8")


if __name__ == "__main__":
    main()

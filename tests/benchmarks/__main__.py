"""`make bench`: every figure as one JSON line on stdout; progress on stderr.

Each line has our figure, a bare reference that does the same work in the same run, and their ratio; only ratios of
one run are worth quoting. Each group runs in a process of its own, on servers of its own. `--only NAME` (several
times) runs single groups, `--quick` shows in a minute or two that everything works.
"""

import argparse
import subprocess
import sys
import time

from tests.benchmarks import stand

GROUPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "letter": (("letter",),),
    "rules": (("rules",),),
    "engine": (("engine",),),
    "process": (("transitions",),),
    "rows": (("engine_rows",),),
    "submit": (("submitting",),),
    "pages": (("pages",),),
    "form": (("applying",),),
    "booking": (("booking",), ("booking", "--commit-delay", "1000"), ("sellout",)),
    "places": (("places",),),
    "queue": (("desk_queue",),),
    "release": (("release",),),
    "search": (("searching",),),
    "files": (("uploading",),),
}
QUICK = {
    "letter": ("--letters", "3", "--many", "20"),
    "rules": ("--rounds", "5"),
    "engine": ("--rounds", "3"),
    "transitions": ("--seconds", "1"),
    "engine_rows": ("--cases", "30000", "--rounds", "10"),
    "submitting": ("--drafts", "20", "--jobs", "100"),
    "pages": ("--count", "5", "--seconds", "2"),
    "applying": ("--count", "3", "--seconds", "4"),
    "booking": ("--seconds", "1", "--cases", "4000"),
    "sellout": ("--rounds", "3", "--seconds", "5", "--cases", "4000"),
    "places": ("--slots", "50000", "--rounds", "5", "--seconds", "2"),
    "release": ("--rounds", "20"),
    "uploading": ("--count", "3"),
    "searching": ("--large", "50000", "--rounds", "5"),
    "desk_queue": ("--large", "30000", "--rounds", "2", "--seconds", "2"),
}


def run(name: str, *, quick: bool) -> bool:
    """Run one group; whether it worked."""
    worked = True
    for module, *options in GROUPS[name]:
        began = time.monotonic()
        command = [
            sys.executable,
            "-m",
            f"tests.benchmarks.{module}",
            *options,
            *(QUICK[module] if quick else ()),
        ]
        done = subprocess.run(command, cwd=stand.ROOT, check=False)
        worked = worked and done.returncode == 0
        stand.progress(
            f"{name}: {'done' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s"
        )
    return worked


def main() -> int:
    """Run what was asked for; 1 when something failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=sorted(GROUPS), help="only this group")
    parser.add_argument("--quick", action="store_true", help="few repetitions on little data")
    options = parser.parse_args()
    results = [run(name, quick=options.quick) for name in options.only or GROUPS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

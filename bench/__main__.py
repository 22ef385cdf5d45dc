"""`make bench`: what we measure, one small module each; `make bench ONLY=name` runs one."""

import importlib
import os
import sys

MEASURES = ("start",)


def main() -> int:
    """Run the measures and print one line per figure."""
    for name in [os.environ["ONLY"]] if os.environ.get("ONLY") else MEASURES:
        for figure, value in importlib.import_module(f"bench.{name}").measure():
            print(f"{name:<12} {figure:<40} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

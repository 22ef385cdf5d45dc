"""`make bench`: what we measure, one small module each; `make bench ONLY=name` runs one, `ONLY=a,b` two."""

import importlib
import json
import os
import platform
import sys
from pathlib import Path

from bench.figure import Figure

MEASURES = ("start", "intake", "clocks", "desk", "stream", "similar")


def main() -> int:
    """Run the measures, print one line per figure, and leave the same as `bench.json` in the data directory."""
    wanted = os.environ.get("ONLY", "").split(",") if os.environ.get("ONLY") else MEASURES
    unknown = [name for name in wanted if name not in MEASURES]
    if unknown:
        print(f"No measure named {', '.join(unknown)}. There are: {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    results = Path(os.environ.get("GONGZHI_DATA", "var")) / "bench.json"
    print(f"{machine()}\n")
    print(f"{'measure':<10} {'figure':<58} {'value':>12} {'unit':<10} {'ceiling':>12} {'ratio':>6}  aim")
    figures: list[tuple[str, Figure]] = []
    for name in wanted:
        for figure in importlib.import_module(f"bench.{name}").measure():
            print(line(name, figure), flush=True)
            figures.append((name, figure))
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps([as_json(*one) for one in figures], indent=1, ensure_ascii=False) + "\n")
    print(f"\nThe same in {results}")
    return 0


def machine() -> str:
    """What these figures were taken on."""
    load = os.getloadavg()[0]
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f}"


def line(measure: str, figure: Figure) -> str:
    ceiling = "" if figure.ceiling is None else f"{figure.ceiling:,.1f}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return f"{measure:<10} {figure.name:<58} {figure.value:>12,.2f} {figure.unit:<10} {ceiling:>12} {ratio:>6}  {figure.aim}"


def as_json(measure: str, figure: Figure) -> dict[str, object]:
    return {
        "name": f"{measure}: {figure.name}",
        "value": figure.value,
        "unit": figure.unit,
        "ceiling": figure.ceiling,
        "ratio": figure.ratio,
    }


if __name__ == "__main__":
    sys.exit(main())

"""Where the demo county's files are kept; see data/demo/README.md for what they are."""

from pathlib import Path

DEMO_COUNTY = "330122"
DATA = Path(__file__).resolve().parent / "data" / "demo"

"""Every write of the territory: one transaction each, one revision with its actor."""

from gongzhi.territory.operations.boundaries import import_boundaries
from gongzhi.territory.operations.changes import apply_changes
from gongzhi.territory.operations.demo import load_demo
from gongzhi.territory.operations.divisions import import_divisions
from gongzhi.territory.operations.grids import add_grids, end_grid

__all__ = ["add_grids", "apply_changes", "end_grid", "import_boundaries", "import_divisions", "load_demo"]

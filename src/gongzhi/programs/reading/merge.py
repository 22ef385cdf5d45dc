"""Laying one definition over another: a program's defaults under its kinds, a county's differences over both."""

from gongzhi.programs.reading.marked import Node


def merge(under: Node, over: Node) -> Node:
    """Mappings are joined key by key, anything else is replaced, and an empty value takes the key away."""
    lower, upper = under.mapping, over.mapping
    if lower is None or upper is None:
        return over
    joined = dict(lower)
    for key, node in upper.items():
        if node.value is None:
            joined.pop(key, None)
        elif key in joined:
            joined[key] = merge(joined[key], node)
        else:
            joined[key] = node
    return Node(joined, over.file, over.line)

"""Gongzhi (共治): the open platform with which a county or city runs its safety plan."""

VERSION = "0.1.0"  # as in pyproject.toml

"""Working copies of files: what they show stays, what they say about their makers goes."""

from gongzhi.tips.cleaning.cleaning import Cleaned, clean

__all__ = ["Cleaned", "clean"]

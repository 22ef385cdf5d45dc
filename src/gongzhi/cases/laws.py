"""The laws the fold looks things up in: stored definitions and calendars, cached for the life of the process."""

from gongzhi.base import calendars
from gongzhi.cases.rules import Laws
from gongzhi.programs import queries as programs

LAWS = Laws(kind=programs.kind, calendar=calendars.version)

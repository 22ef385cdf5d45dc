"""One small module per command; each reads its arguments and calls one part's operation."""

from gongzhi.config.commands import (
    chains,
    messages,
    migrate,
    prepare,
    processes,
    programs,
    replay,
    run,
    territory,
    token,
)

ALL = (run, prepare, migrate, processes, programs, territory, chains, replay, token, messages)

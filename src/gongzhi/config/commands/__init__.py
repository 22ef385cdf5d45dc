"""One small module per command; each reads its arguments and calls one part's operation."""

from gongzhi.config.commands import (
    backup,
    calendar,
    chains,
    dependencies,
    erasing,
    files,
    keys,
    messages,
    migrate,
    people,
    prepare,
    processes,
    programs,
    replay,
    run,
    territory,
    token,
)

ALL = (
    *(run, prepare, migrate, processes, programs, territory, people, calendar, files, backup),
    *(chains, erasing, keys, replay, token, messages, dependencies),
)

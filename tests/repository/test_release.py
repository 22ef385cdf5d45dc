"""What a newcomer gets: locked packages, migrations that match, a command that explains itself."""

import argparse
import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from gongzhi.config import cli
from tests.repository.source import REPOSITORY

LOCKS = ("requirements.txt", "requirements-dev.txt")


@pytest.mark.parametrize(
    "name", [*LOCKS, "requirements.in", "requirements-dev.in", "Makefile", "pyproject.toml"]
)
def test_no_file_names_a_package_registry(name):
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    assert (
        re.findall(r"--(?:extra-)?index-url|--find-links|https?://\S*(?:simple|pypi|mirror)\S*", text) == []
    )


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name):
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text).strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_django_has_nothing_to_complain_about():
    call_command("check", fail_level="WARNING")


def _commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield below
                yield from _commands(below)


@pytest.mark.parametrize("command", list(_commands(cli.parser())), ids=lambda parser: parser.prog)
def test_a_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([*command.prog.split()[1:], "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert command.description.split()[0] in shown
    assert [
        action.dest for action in command._actions if not action.help and action.metavar != "COMMAND"
    ] == []

"""`gongzhi dependencies`: what others' code this cell runs, and whether a known weakness is in it."""

import argparse
from email.message import Message
from importlib import metadata
from typing import Any

import httpx

from gongzhi.config.commands.adding import command
from gongzhi.config.words import gettext as _

ADVISORIES = "https://api.osv.dev"  # open, no account; https://google.github.io/osv.dev/post-v1-querybatch/
AT_ONCE = 500
COULD_NOT_CHECK = 3

Package = tuple[str, str]  # name, version


def add(choices: Any) -> None:
    """Put the command on the command line."""
    own = command(
        choices,
        "dependencies",
        _("List the packages this cell runs and their licences; --check asks for known weaknesses."),
        run,
    )
    own.add_argument(
        "--check",
        action="store_true",
        help=_("ask the advisory service: 0 none known, 1 some found, 3 it could not be asked"),
    )
    own.add_argument("--service", default=ADVISORIES, help=_("the advisory service (%(default)s)"))


def run(asked: argparse.Namespace) -> int:
    """Print the inventory, or check it."""
    packages = installed()
    if asked.check:
        return check(packages, asked.service)
    for name, version in packages:
        print(f"{name}=={version}  {licence(name)}")
    return 0


def installed() -> list[Package]:
    """The packages of this environment, as they are installed and not as they are wished."""
    return sorted({(d.metadata["Name"].lower(), d.version) for d in metadata.distributions()})


def licence(name: str) -> str:
    """What a package says about its licence, in one line."""
    about: Message = metadata.metadata(name)  # type: ignore[assignment]
    classified = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if "License" in line]
    told = about.get("License-Expression") or "; ".join(classified) or about.get("License") or "?"
    return str(told).strip().splitlines()[0]


def check(packages: list[Package], service: str) -> int:
    """Ask the advisory service about every package; never says "none" when it could not ask."""
    try:
        found = {package: ids for part in _chunks(packages) for package, ids in _ask(part, service)}
    except (httpx.HTTPError, ValueError, KeyError) as problem:
        print(
            _("Could not check: the advisory service was not reached ({reason}).").format(
                reason=type(problem).__name__
            )
        )
        return COULD_NOT_CHECK
    weak = {package: ids for package, ids in found.items() if ids}
    for (name, version), ids in weak.items():
        print(f"{name}=={version}: {', '.join(ids)}")
    print(
        _("{count} packages checked, {weak} with a known weakness").format(count=len(found), weak=len(weak))
    )
    return 1 if weak else 0


def _chunks(packages: list[Package]) -> list[list[Package]]:
    return [packages[start : start + AT_ONCE] for start in range(0, len(packages), AT_ONCE)]


def _ask(packages: list[Package], service: str) -> list[tuple[Package, list[str]]]:
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": v} for name, v in packages]
    answer = httpx.post(f"{service}/v1/querybatch", json={"queries": queries}, timeout=20)
    results = answer.raise_for_status().json()["results"]
    if len(results) != len(packages):
        raise ValueError("the service answered something else than it was asked")
    return [
        (package, [weakness["id"] for weakness in result.get("vulns", [])])
        for package, result in zip(packages, results, strict=True)
    ]

"""Every setting comes from the environment; this is where each one is read and checked."""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from gongzhi.base import postgres
from gongzhi.base.address import Network
from gongzhi.base.keeping import keep
from gongzhi.config.words import gettext as _

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EMAIL_BACKENDS = {
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "memory": "django.core.mail.backends.locmem.EmailBackend",
}


class EnvironmentProblem(Exception):
    """A setting or the machine is not as it must be; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Env:
    """The settings of one process, checked."""

    data_dir: Path
    keys_dir: Path
    heads_dir: Path
    programs_dir: Path
    host: str
    port: int
    stream_port: int
    public_url: str
    stream_url: str
    allowed_hosts: list[str]
    trusted_origins: list[str]
    https: bool
    debug: bool
    demo: bool
    second_factor: str
    reports_per_address: int
    hotline_addresses: tuple[Network, ...]
    password_days: int
    idle_minutes: int
    idle_minutes_admin: int
    session_hours: int
    session_hours_admin: int
    confirm_minutes: int
    oidc: dict[str, str]
    oidc_hosts: tuple[str, ...]
    secret_key: str
    database_url: str
    owner_url: str
    engine_url: str
    database: dict[str, Any]
    web_workers: int
    web_threads: int
    postgres_user: str
    tiles_url: str
    tiles_attribution: str
    email_backend: str
    email_host: str
    email_port: int
    email_user: str
    email_password: str
    email_tls: bool
    email_from: str
    crypto: str
    log: str
    metrics_key: str
    wal_archive: Path | None

    @property
    def embedded(self) -> bool:
        """True when the cell keeps its own PostgreSQL in the data directory."""
        return not self.database_url


def read(environ: Mapping[str, str] | None = None) -> Env:
    """All settings from the environment, or an EnvironmentProblem naming the one that is wrong."""
    e = _Reader(os.environ if environ is None else environ)
    data_dir = Path(e.text("GONGZHI_DATA", "./var")).expanduser().absolute()
    keys_dir = Path(e.text("GONGZHI_KEYS", str(data_dir / "keys"))).expanduser().absolute()
    port = e.whole("GONGZHI_PORT", 8000, 1, 65534)
    public_url = e.url("GONGZHI_PUBLIC_URL", f"http://127.0.0.1:{port}")
    database_url = e.text("DATABASE_URL")
    return Env(
        data_dir=data_dir,
        keys_dir=keys_dir,
        heads_dir=Path(e.text("GONGZHI_HEADS", str(data_dir / "heads"))).expanduser().absolute(),
        programs_dir=Path(e.text("GONGZHI_PROGRAMS", str(_programs_beside_the_code()))).absolute(),
        host=e.text("GONGZHI_HOST", "127.0.0.1"),
        port=port,
        stream_port=e.whole("GONGZHI_STREAM_PORT", port + 1, 1, 65535),
        public_url=public_url.rstrip("/"),
        stream_url=e.url("GONGZHI_STREAM_URL", "").rstrip("/"),
        allowed_hosts=_allowed_hosts(e.items("GONGZHI_ALLOWED_HOSTS"), public_url),
        trusted_origins=[_origin(public_url)],
        https=e.yes("GONGZHI_HTTPS", public_url.startswith("https://")),
        debug=e.yes("GONGZHI_DEBUG", False),
        demo=e.yes("GONGZHI_DEMO", True),
        second_factor=e.choice("GONGZHI_SECOND_FACTOR", _factor_default(e), ("required", "optional")),
        reports_per_address=e.whole("GONGZHI_REPORTS_PER_ADDRESS", 300, 0, 1_000_000),
        hotline_addresses=e.networks("GONGZHI_HOTLINE_ADDRESSES"),
        password_days=e.whole("GONGZHI_PASSWORD_DAYS", 0, 0, 3650),
        idle_minutes=e.whole("GONGZHI_IDLE_MINUTES", 480, 5, 10080),
        idle_minutes_admin=e.whole("GONGZHI_IDLE_MINUTES_ADMIN", 30, 5, 480),
        session_hours=e.whole("GONGZHI_SESSION_HOURS", 168, 1, 720),
        session_hours_admin=e.whole("GONGZHI_SESSION_HOURS_ADMIN", 12, 1, 24),
        confirm_minutes=e.whole("GONGZHI_CONFIRM_MINUTES", 10, 1, 60),
        oidc=_city_sign_on(e),
        oidc_hosts=e.hosts("GONGZHI_OIDC_HOSTS"),
        secret_key=e.text("GONGZHI_SECRET_KEY") or _kept_secret(keys_dir / "django.key"),
        database_url=database_url,
        owner_url=e.text("DATABASE_OWNER_URL", database_url),
        engine_url=e.text("DATABASE_ENGINE_URL", database_url),
        database=_database(database_url, data_dir, keys_dir),
        web_workers=e.whole("GONGZHI_WEB_WORKERS", 2, 1, 64),
        web_threads=e.whole("GONGZHI_WEB_THREADS", 32, 1, 128),
        postgres_user=e.text("GONGZHI_POSTGRES_USER"),
        tiles_url=e.text("GONGZHI_TILES_URL"),
        tiles_attribution=e.text("GONGZHI_TILES_ATTRIBUTION"),
        email_backend=EMAIL_BACKENDS[
            e.choice("GONGZHI_EMAIL", "smtp" if e.text("GONGZHI_EMAIL_HOST") else "console", EMAIL_BACKENDS)
        ],
        email_host=e.text("GONGZHI_EMAIL_HOST", "localhost"),
        email_port=e.whole("GONGZHI_EMAIL_PORT", 25, 1, 65535),
        email_user=e.text("GONGZHI_EMAIL_USER"),
        email_password=e.text("GONGZHI_EMAIL_PASSWORD"),
        email_tls=e.yes("GONGZHI_EMAIL_TLS", False),
        email_from=e.text("GONGZHI_EMAIL_FROM", "gongzhi@localhost"),
        crypto=e.choice("GONGZHI_CRYPTO", "international", ("international", "national")),
        log=e.choice("GONGZHI_LOG", "lines", ("lines", "json")),
        metrics_key=e.text("GONGZHI_METRICS_KEY"),
        wal_archive=e.folder("GONGZHI_WAL_ARCHIVE"),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    environ: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def items(self, name: str) -> list[str]:
        return [item.strip() for item in self.text(name).split(",") if item.strip()]

    def networks(self, name: str) -> tuple[Network, ...]:
        try:
            return tuple(ipaddress.ip_network(item, strict=False) for item in self.items(name))
        except ValueError as error:
            words = _(
                "{name}={text}: write network addresses separated by commas, such as 192.0.2.7 or 10.20.0.0/16."
            )
            raise EnvironmentProblem(words.format(name=name, text=self.text(name))) from error

    def hosts(self, name: str) -> tuple[str, ...]:
        found = tuple(item.lower() for item in self.items(name))
        if any(urlsplit(f"https://{host}").netloc != host or "@" in host for host in found):
            raise EnvironmentProblem(
                _("{name}={text}: write host names separated by commas, such as login.example.org.").format(
                    name=name, text=self.text(name)
                )
            )
        return found

    def folder(self, name: str) -> Path | None:
        text = self.text(name)
        return Path(text).expanduser().absolute() if text else None

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
            raise EnvironmentProblem(
                _("{name}={text}: write a whole number from {least} to {most}.").format(
                    name=name, text=text, least=least, most=most
                )
            )
        return int(text)

    def yes(self, name: str, default: bool) -> bool:
        return self.choice(name, "yes" if default else "no", ("yes", "no", "1", "0", "true", "false")) in (
            "yes",
            "1",
            "true",
        )

    def choice(self, name: str, default: str, allowed: Any) -> str:
        text = self.text(name, default).lower()
        if text not in allowed:
            raise EnvironmentProblem(
                _("{name}={text}: write one of {allowed}.").format(
                    name=name, text=text, allowed=", ".join(allowed)
                )
            )
        return text

    def url(self, name: str, default: str) -> str:
        text = self.text(name, default)
        parts = urlsplit(text)
        if text and not (parts.scheme in ("http", "https") and parts.hostname):
            raise EnvironmentProblem(
                _("{name}={text}: write a full address, such as https://example.org.").format(
                    name=name, text=text
                )
            )
        return text


def parse_database_url(url: str) -> dict[str, Any]:
    """A `postgresql://` address, TCP or socket, as Django's database settings."""
    try:
        if urlsplit(url).scheme not in ("postgresql", "postgres"):
            raise psycopg.ProgrammingError("postgresql://")
        parts = {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
    except (psycopg.ProgrammingError, ValueError) as error:
        raise EnvironmentProblem(
            _("DATABASE_URL can't be read. Write it as postgresql://user:password@host:5432/database.")
        ) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _database(database_url: str, data_dir: Path, keys_dir: Path) -> dict[str, Any]:
    return parse_database_url(database_url or postgres.Server(data_dir, keys_dir).url(postgres.APP))


def _factor_default(e: _Reader) -> str:
    """The demo opens with one command and a printed password; a real cell asks for more."""
    return "optional" if e.yes("GONGZHI_DEMO", True) else "required"


def _city_sign_on(e: _Reader) -> dict[str, str]:
    """The city's own sign-on; empty unless an issuer is named."""
    issuer = e.url("GONGZHI_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return {}
    if not issuer.startswith("https://") and urlsplit(issuer).hostname not in (
        "127.0.0.1",
        "localhost",
        "::1",
    ):
        raise EnvironmentProblem(
            _("GONGZHI_OIDC_ISSUER={issuer}: write an https address.").format(issuer=issuer)
        )
    client, secret = e.text("GONGZHI_OIDC_CLIENT"), e.text("GONGZHI_OIDC_SECRET")
    if not (client and secret):
        raise EnvironmentProblem(
            _("GONGZHI_OIDC_ISSUER is set: set GONGZHI_OIDC_CLIENT and GONGZHI_OIDC_SECRET too.")
        )
    claim = e.text("GONGZHI_OIDC_CLAIM", "preferred_username")
    return {
        "issuer": issuer,
        "client": client,
        "secret": secret,
        "claim": claim,
        "name": e.text("GONGZHI_OIDC_NAME"),
    }


def _allowed_hosts(asked: list[str], public_url: str) -> list[str]:
    named = urlsplit(public_url).hostname or ""
    return list(dict.fromkeys([*LOOPBACK, named, *asked]))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _programs_beside_the_code() -> Path:
    return Path(__file__).resolve().parents[3] / "programs"


def _kept_secret(path: Path) -> str:
    try:
        return keep(path, secrets.token_urlsafe(50))
    except OSError as error:
        raise EnvironmentProblem(
            _(
                "No permission to write {path}. Give it to this user, or set GONGZHI_DATA to another folder."
            ).format(path=path.parent)
        ) from error

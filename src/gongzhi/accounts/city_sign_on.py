"""A city's own sign-on by OpenID Connect: it opens existing accounts and makes none.

Authorization code with PKCE, state and nonce. The ID token's signature, issuer, audience, times and nonce are checked
by PyJWT and here. An account is opened by issuer and `sub` (`city_links`); only an account nobody came to yet is found
by the claim that holds our user name. No claim is stored.
(django-allauth's provider sends no nonce, leaves the signature unchecked and stores all claims: see decision 0021.)
"""

import base64
import hashlib
import hmac
import logging
import secrets
import unicodedata
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import jwt
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _

from gongzhi.accounts import city_links
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import NotAllowed, Refused
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind

BEGUN, LASTS = "city_sign_on", 600  # seconds
SIGNED_BY = ["RS256", "ES256", "PS256"]
PATIENCE = httpx.Timeout(5)
LEEWAY = 60  # seconds that two clocks may differ

logger = logging.getLogger(__name__)


def name() -> str:
    """What the button says; empty when there is no such sign-on here."""
    sign_on: Mapping[str, str] = settings.GONGZHI_OIDC
    return (sign_on["name"] or _("City sign-on")) if sign_on else ""


def begin(session: SessionBase, *, back: str, onward: str, now: datetime) -> str:
    """Where to send the browser; what it must bring back stays in its session."""
    verifier, state, nonce = (secrets.token_urlsafe(32) for _each in range(3))
    session[BEGUN] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": onward,
        "at": now.timestamp(),
    }
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": settings.GONGZHI_OIDC["client"],
        "redirect_uri": back,
        "scope": "openid profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    try:
        return f"{_address(_discovered(), 'authorization_endpoint')}?{urlencode(asked)}"
    except (httpx.HTTPError, KeyError, ValueError) as error:
        raise Refused(
            _("The city's sign-on does not answer. Sign in with your password, or try again later."),
            code="city_sign_on",
        ) from error


def finish(
    session: SessionBase, *, told: Mapping[str, str], back: str, now: datetime
) -> tuple[uuid.UUID, str]:
    """Who came back, and where they wanted to go; anything that does not fit is refused and noted."""
    begun = session.pop(BEGUN, None)
    try:
        person = _person(_claims(begun, told, back, now), session, now)
    except (httpx.HTTPError, jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
        audit.note(
            kind=AuditKind.SIGN_IN_FAILED,
            by=SYSTEM,
            now=now,
            data={"way": "city", "why": type(error).__name__},
            succeeded=False,
        )
        raise NotAllowed(
            _("The city's sign-on did not confirm who you are. Try again, or sign in with your password."),
            code="city_sign_on",
        ) from error
    return person, str(begun["next"])


def _claims(begun: Any, told: Mapping[str, str], back: str, now: datetime) -> Mapping[str, Any]:
    if not begun or now.timestamp() - begun["at"] > LASTS:
        raise ValueError("not begun here, or too long ago")
    if not hmac.compare_digest(told.get("state", ""), begun["state"]):
        raise ValueError("state")
    found = _discovered()
    token = _exchange(found, told["code"], begun["verifier"], back)
    claims = _verified(found, token)
    if not hmac.compare_digest(str(claims.get("nonce", "")), begun["nonce"]):
        raise ValueError("nonce")
    return claims


def _discovered() -> Mapping[str, Any]:
    issuer = settings.GONGZHI_OIDC["issuer"]
    answer = httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=PATIENCE).raise_for_status()
    found: Mapping[str, Any] = answer.json()
    if str(found["issuer"]).rstrip("/") != issuer:
        raise ValueError("issuer")
    return found


def _address(found: Mapping[str, Any], what: str) -> str:
    """An address from the discovery document: at the issuer's own host, or https at one the settings name."""
    address, issuer = str(found[what]), settings.GONGZHI_OIDC["issuer"]
    named = urlsplit(address).scheme == "https" and _host(address)[1] in settings.GONGZHI_OIDC_HOSTS
    if not named and _host(address) != _host(issuer):
        logger.warning(
            "The city's sign-on names an address elsewhere: %s. Add the host to GONGZHI_OIDC_HOSTS if it is theirs.",
            what,
        )
        raise ValueError(what)
    return address


def _host(address: str) -> tuple[str, str]:
    """The scheme and the host, with the port where one is written."""
    parts = urlsplit(address.lower())
    return parts.scheme, parts.netloc.removesuffix(":443" if parts.scheme == "https" else ":80")


def _exchange(found: Mapping[str, Any], code: str, verifier: str, back: str) -> str:
    sign_on = settings.GONGZHI_OIDC
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    known = httpx.BasicAuth(sign_on["client"], sign_on["secret"])
    answer = httpx.post(_address(found, "token_endpoint"), data=sent, auth=known, timeout=PATIENCE)
    return str(answer.raise_for_status().json()["id_token"])


def _verified(found: Mapping[str, Any], token: str) -> Mapping[str, Any]:
    sign_on = settings.GONGZHI_OIDC
    keys = jwt.PyJWKSet.from_dict(
        httpx.get(_address(found, "jwks_uri"), timeout=PATIENCE).raise_for_status().json()
    )
    header = jwt.get_unverified_header(token)
    key = next(key for key in [*keys.keys, None] if key is None or key.key_id == header.get("kid"))
    if key is None:
        raise ValueError("kid")
    claims: Mapping[str, Any] = jwt.decode(
        token,
        key.key,
        algorithms=SIGNED_BY,
        audience=sign_on["client"],
        issuer=found["issuer"],
        leeway=LEEWAY,
        options={"require": ["exp", "iat", "iss", "aud", "sub"]},
    )
    if claims.get("azp", sign_on["client"]) != sign_on["client"]:
        raise ValueError("azp")
    return claims


def _person(claims: Mapping[str, Any], session: SessionBase, now: datetime) -> uuid.UUID:
    told = unicodedata.normalize("NFKC", str(claims.get(settings.GONGZHI_OIDC["claim"], ""))).strip().lower()
    issuer, sub = settings.GONGZHI_OIDC["issuer"], str(claims["sub"])
    if not sub:
        raise ValueError("sub")
    return city_links.owner(issuer=issuer, sub=sub, username=told, session=session, now=now)

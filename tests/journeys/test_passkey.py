"""A passkey in a real browser with a virtual authenticator, under our content security policy."""

import re

import pytest

from tests.journeys.conftest import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def at_localhost(town: Town) -> Town:
    """Passkeys belong to names: the same cell, under its name."""
    return Town(town.url.replace("127.0.0.1", "localhost"), town.password, town.database)


def test_a_passkey_is_set_up_and_opens_the_account(town: Town, open_page):
    here, page = at_localhost(town), open_page()
    refused = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    own = keys.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    here.sign_in(page, "verifier")
    page.goto(f"{here.url}/account/second-factor/passkey/")
    page.fill("input[name=name]", "办公电脑")
    page.click("[data-passkey-start]")
    page.wait_for_url(re.compile("/account/second-factor/codes/"))
    page.goto(f"{here.url}/account/")
    assert "办公电脑" in page.inner_text("main")
    page.click(".account-top form button")
    page.wait_for_url(re.compile("/sign-in/"))

    page.fill("input[name=username]", "verifier")
    page.fill("input[name=password]", town.password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sign-in/second/"))
    keys.send("WebAuthn.setUserVerified", {"authenticatorId": own, "isUserVerified": True})
    page.click("[data-passkey-start]")
    page.wait_for_url(re.compile("/desk/"))

    page.goto(f"{here.url}/account/second-factor/")
    page.click(".spread button")
    page.wait_for_selector(".messages")
    assert "办公电脑" not in page.inner_text("main")
    assert refused == []


def test_without_its_passkey_the_password_opens_nothing(town: Town, open_page):
    here, page = at_localhost(town), open_page()
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    own = keys.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    here.sign_in(page, "handler2")
    page.goto(f"{here.url}/account/second-factor/passkey/")
    page.fill("input[name=name]", "测试")
    page.click("[data-passkey-start]")
    page.wait_for_url(re.compile("/account/second-factor/codes/"))

    stranger = open_page()
    others = stranger.context.new_cdp_session(stranger)
    others.send("WebAuthn.enable")
    others.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    stranger.goto(f"{here.url}/sign-in/")
    stranger.fill("input[name=username]", "handler2")
    stranger.fill("input[name=password]", town.password)
    stranger.keyboard.press("Enter")
    stranger.wait_for_url(re.compile("/sign-in/second/"))
    stranger.click("[data-passkey-start]")
    stranger.wait_for_selector("[data-passkey-failed]:not([hidden])")
    stranger.goto(f"{here.url}/desk/")
    assert "/sign-in/" in stranger.url

    page.goto(f"{here.url}/account/second-factor/")
    page.click(".spread button")  # leave the town as it was
    page.wait_for_selector(".messages")
    keys.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": own})

"""The two suites of ciphers a cell may choose from. Pure: keys and bytes in, bytes out.

A sealed value starts with its cipher's id and is opened by that id for ever, whatever suite is chosen now.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as any_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32  # of every key we keep; a cipher with shorter keys derives its own
SM4_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher that seals and authenticates, and a keyed digest, under one id."""

    name: str
    id: bytes
    seal: Callable[[bytes, bytes, bytes, bytes], bytes]  # key, nonce, data, bound to
    open: Callable[[bytes, bytes, bytes, bytes], bytes]
    mac: Callable[[bytes, bytes], bytes]  # key, data


def _hmac_sha256(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def _hmac_sm3(key: bytes, data: bytes) -> bytes:
    digest = any_hmac.HMAC(key, hashes.SM3())
    digest.update(data)
    return digest.finalize()


def _aes_seal(key: bytes, nonce: bytes, data: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, data, bound_to)


def _aes_open(key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, sealed, bound_to)


def sm4_gcm_seal(key: bytes, nonce: bytes, data: bytes, bound_to: bytes) -> bytes:
    """SM4-GCM as RFC 8998 has it: the ciphertext and its tag."""
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(bound_to)
    return cipher.update(data) + cipher.finalize() + cipher.tag


def sm4_gcm_open(key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """What `sm4_gcm_seal` sealed; raises InvalidTag when it was tampered with."""
    mode = modes.GCM(nonce, sealed[-TAG_BYTES:])
    cipher = Cipher(algorithms.SM4(key), mode).decryptor()
    cipher.authenticate_additional_data(bound_to)
    return cipher.update(sealed[:-TAG_BYTES]) + cipher.finalize()


def _sm4_key(key: bytes) -> bytes:
    """SM4 takes 128 bits: drawn from the whole key, so that no two ciphers ever share one."""
    return _hmac_sm3(key, b"sm4-gcm")[:SM4_KEY_BYTES]


INTERNATIONAL = Suite("international", b"\x01", _aes_seal, _aes_open, _hmac_sha256)
NATIONAL = Suite(
    "national",
    b"\x02",
    lambda key, nonce, data, bound_to: sm4_gcm_seal(_sm4_key(key), nonce, data, bound_to),
    lambda key, nonce, sealed, bound_to: sm4_gcm_open(_sm4_key(key), nonce, sealed, bound_to),
    _hmac_sm3,
)
SUITES = {suite.name: suite for suite in (INTERNATIONAL, NATIONAL)}
BY_ID = {suite.id: suite for suite in SUITES.values()}


def seal(suite: Suite, key: bytes, data: bytes, bound_to: bytes) -> bytes:
    """The suite's id, a fresh nonce, and the sealed bytes."""
    nonce = os.urandom(NONCE_BYTES)
    return suite.id + nonce + suite.seal(key, nonce, data, bound_to)


def open_sealed(key: bytes, blob: bytes, bound_to: bytes) -> bytes:
    """Open by the id the bytes begin with."""
    suite = of(blob)
    return suite.open(key, blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :], bound_to)


def of(blob: bytes) -> Suite:
    """The suite a value was made with."""
    suite = BY_ID.get(bytes(blob[:1]))
    if suite is None:
        raise ValueError(f"unknown cipher {bytes(blob[:1])!r}")
    return suite

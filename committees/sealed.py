"""The one module for cryptography: sealing personal data and its equality twin.

A sealed value is `<key id>.<base64 of nonce + AES-256-GCM ciphertext>`; the twin is an HMAC-SHA-256
of the normalised value, so that equality can be asked without opening. Keys come from
`settings.SEALING_KEYS` (`id:base64,id:base64`; the first seals, all open) and never lie in the
database or its backup. The twin's key derives from the *last* key of the list, so a new key put in
front leaves every stored twin valid. An SM4/SM3 provider may stand in through `SEALING_PROVIDER`.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

NONCE_BYTES = 12


class SealBroken(ValueError):
    """A sealed value was made with an unknown key or was altered."""


class AesGcm:
    """AES-256-GCM with HMAC-SHA-256 twins."""

    def __init__(self, keys: str) -> None:
        pairs = [part.split(":", 1) for part in keys.split(",") if part]
        self.boxes = {key_id: AESGCM(base64.b64decode(raw)) for key_id, raw in pairs}
        self.sealing_id = pairs[0][0]
        oldest = base64.b64decode(pairs[-1][1])
        twin_key = HKDF(SHA256(), 32, None, b"liaison twin").derive(oldest)
        self.keyed = hmac.new(twin_key, digestmod="sha256")  # a copy takes half of a new one

    def seal(self, plain: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        box = self.boxes[self.sealing_id].encrypt(nonce, plain.encode(), None)
        return f"{self.sealing_id}.{base64.b64encode(nonce + box).decode()}"

    def open(self, sealed: str) -> str:
        key_id, _, encoded = sealed.partition(".")
        try:
            raw = base64.b64decode(encoded)
            plain = self.boxes[key_id].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None)
        except (KeyError, ValueError, InvalidTag) as broken:
            raise SealBroken(key_id) from broken
        return plain.decode()

    def seal_bytes(self, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        box = self.boxes[self.sealing_id].encrypt(nonce, plain, None)
        return self.sealing_id.encode() + b"." + nonce + box

    def open_bytes(self, sealed: bytes) -> bytes:
        key_id, _, raw = sealed.partition(b".")
        try:
            return self.boxes[key_id.decode()].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None)
        except (KeyError, ValueError, InvalidTag) as broken:
            raise SealBroken(key_id) from broken

    def twin(self, plain: str) -> str:
        mac = self.keyed.copy()
        mac.update(plain.encode())
        return mac.hexdigest()


@lru_cache(maxsize=4)
def _provider(path: str, keys: str) -> Any:
    return import_string(path)(keys)


def provider() -> Any:
    return _provider(settings.SEALING_PROVIDER, settings.SEALING_KEYS)


def seal(plain: str) -> str:
    return provider().seal(plain)


def seal_each(plains: Iterable[str]) -> list[str]:
    """Each text sealed by itself; blank stays blank. For thousands at once."""
    sealed = provider().seal
    return [sealed(plain) if plain else plain for plain in plains]


def unseal(sealed: str) -> str:
    return provider().open(sealed)


def seal_bytes(plain: bytes) -> bytes:
    """A file sealed as `seal` seals a text, without base64."""
    return provider().seal_bytes(plain)


def unseal_bytes(sealed: bytes) -> bytes:
    return provider().open_bytes(sealed)


def twin(plain: str) -> str:
    """64 hex characters, equal for equal values; safe to index, useless without the key."""
    return provider().twin(plain)


def one_way(secret: str, *, purpose: str) -> str:
    """A keyed hash of a short secret (slip code, receipt number): cannot be searched offline."""
    return twin(f"{purpose}\x1f{secret}")


def normal_phone(raw: str) -> str:
    """Digits only, without the country code: `+86 139-0000-0001` → `13900000001`."""
    digits = "".join(ch for ch in raw if ch.isdigit())
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def masked_phone(phone: str) -> str:
    """`13900000001` → `139****0001`; anything shorter than seven digits shows nothing."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "*" * len(phone)


class SealedField(models.TextField):
    """A text kept sealed in its column and plain on the instance; it cannot be filtered by."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return unseal(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return seal(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class TwinField(models.CharField):
    """The HMAC twin of a sealed field, made on every save; NULL where nothing is sealed."""

    def __init__(self, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.update(max_length=64, null=True, blank=True, editable=False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        plain = getattr(model_instance, self.source)
        value = twin(plain) if plain else None
        setattr(model_instance, self.attname, value)
        return value

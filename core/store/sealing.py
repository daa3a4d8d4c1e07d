"""This is the place where a cell is sealed: AES-256-GCM, bound to its table, person, row and column."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from itertools import count

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import StoreDamaged

_VERSION = b"\x01"
_NONCE = 12


class Box:
    """Seals and opens with one key. A sealed cell is: version byte, 96-bit random nonce, ciphertext with its tag."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, *where: str) -> bytes:
        """`where` names the cell (table, person, row, column); the same must be said to open it."""
        nonce = os.urandom(_NONCE)
        return _VERSION + nonce + self._aead.encrypt(nonce, plain, _place(where))

    def open(self, sealed: bytes, *where: str) -> bytes:
        """The plain bytes. Raises StoreDamaged naming the cell when key, place or content do not fit."""
        if sealed[:1] != _VERSION:
            raise StoreDamaged("cell_damaged", place="/".join(where))
        try:
            return self._aead.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _place(where))
        except (InvalidTag, ValueError) as error:
            raise StoreDamaged("cell_damaged", place="/".join(where)) from error


def new_key() -> bytes:
    """A random 256-bit key."""
    return AESGCM.generate_key(256)


def new_id() -> str:
    """A random id of 120 bits in lower-case letters and digits: says nothing, sorts nowhere, fits an address."""
    return base64.b32encode(os.urandom(15)).decode("ascii").lower()


def new_ids() -> Iterator[str]:
    """Ids with one random beginning (80 bits) and a number: rows that come together lie together in an index."""
    start = base64.b32encode(os.urandom(10)).decode("ascii").lower()
    return (f"{start}{number:08x}" for number in count())


def _place(where: tuple[str, ...]) -> bytes:
    return "\x1f".join(where).encode()

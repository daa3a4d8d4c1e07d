"""This is the place where the master key comes from, and where every other key is derived from it."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import StoreLocked
from core.store.sealing import Box

KEY_BYTES = 32
_NEED = "32 bytes as base64 or hex, in HEALTHBOARD_KEY or in this file"


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where the master key is expected: its text from the environment ("" when not set there), else a file."""

    text: str = field(repr=False)
    path: Path

    @property
    def name(self) -> str:
        """How the place is called in an error."""
        return "HEALTHBOARD_KEY" if self.text else str(self.path)

    def read(self) -> bytes | None:
        """The master key, or None where there is none yet. Raises StoreLocked where it is malformed or open to others."""
        if self.text:
            return _decoded(self.text, self.name)
        try:
            opened = self.path.stat()
            if os.name == "posix" and stat.S_IMODE(opened.st_mode) & 0o077:
                raise StoreLocked("key_file_open", place=str(self.path), need="chmod 600: only its owner may read it")
            return _decoded(self.path.read_text("ascii", "replace"), self.name)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreLocked("key_unreadable", place=str(self.path), need="a file this account can read") from error

    def create(self) -> bytes:
        """Make a new random key in the file (0600, in a folder of 0700), or read the one that another process just made."""
        key = os.urandom(KEY_BYTES)
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self.path.with_name(f".{self.path.name}.{os.getpid()}.{key[:4].hex()}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(made, self.path)  # appears whole or not at all, and never over another key
        except FileExistsError:
            return self.read() or key
        finally:
            made.unlink()
        return key

    def missing(self) -> StoreLocked:
        return StoreLocked("key_missing", place=self.name, need=_NEED)

    def wrong(self) -> StoreLocked:
        return StoreLocked("key_wrong", place=self.name, need="the key this store was made with")


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The keys derived from the master key by HKDF-SHA256, each for one purpose alone."""

    database: bytes
    """SQLCipher's raw key."""
    wrapping: Box
    """Wraps the data key of each person."""
    system: Box
    """Seals what belongs to nobody in particular: accounts, panels, preferences."""
    archive: Box
    """Seals the parts of a backup."""
    index: bytes
    """Keys the HMACs that stand for a text in a plain column."""
    chain: bytes
    """Keys the chain of the audit trail."""

    @classmethod
    def derive(cls, master: bytes) -> Keyring:
        def part(purpose: str) -> bytes:
            return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"healthboard/1/" + purpose.encode()).derive(master)

        return cls(
            database=part("database"),
            wrapping=Box(part("wrapping")),
            system=Box(part("system")),
            archive=Box(part("archive")),
            index=part("index"),
            chain=part("chain"),
        )

    def mark(self, purpose: str, *parts: str | bytes) -> bytes:
        """A keyed 128-bit fingerprint of some texts: equal texts are found again, and nothing of them can be read."""
        message = b"".join(len(p).to_bytes(4, "big") + p for p in (purpose.encode(), *map(_as_bytes, parts)))
        return hmac.digest(self.index, message, "sha256")[:16]


def _as_bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")


def _decoded(text: str, place: str) -> bytes:
    text = text.strip()
    try:
        key = (
            bytes.fromhex(text)
            if len(text) == 2 * KEY_BYTES
            else base64.b64decode(text, altchars=b"-_" if _urlsafe(text) else None, validate=True)
        )
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreLocked("key_malformed", place=place, need=_NEED)
    return key


def _urlsafe(text: str) -> bool:
    return "-" in text or "_" in text

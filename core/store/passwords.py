"""This is the place where passwords become argon2id hashes, at most two at a time: each takes 64 MiB for a tenth of a second."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2


class Argon2Passwords:
    """Satisfies `core.ports.Passwords`. The work is done in threads of its own, never in the caller's."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()  # argon2id at RFC 9106's second recommended setting
        self._workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")

    def hash(self, password: str) -> str:
        return self._workers.submit(self._hasher.hash, _bytes(password)).result()

    def verify(self, password_hash: str, password: str) -> bool:
        """False also for a hash that is none."""
        return self._workers.submit(self._verify, password_hash, _bytes(password)).result()

    def close(self) -> None:
        self._workers.shutdown()

    def _verify(self, password_hash: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")

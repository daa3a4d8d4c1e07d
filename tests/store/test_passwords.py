"""Passwords are kept as argon2id hashes, checked off the caller's thread, never more than two at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

from core.store.passwords import Argon2Passwords


@pytest.fixture(scope="module")
def passwords() -> Argon2Passwords:
    return Argon2Passwords()


def test_the_right_password_opens_and_others_do_not(passwords: Argon2Passwords) -> None:
    kept = passwords.hash("correct horse 电池")
    assert kept.startswith("$argon2id$")
    assert "correct" not in kept
    assert passwords.verify(kept, "correct horse 电池")
    assert not passwords.verify(kept, "correct horse")
    assert passwords.hash("correct horse 电池") != kept


@pytest.mark.parametrize("broken", ["", "plain", "$argon2id$v=19$m=65536,t=3,p=4$x$y"])
def test_a_hash_that_is_none_opens_for_nobody(passwords: Argon2Passwords, broken: str) -> None:
    assert not passwords.verify(broken, "")


def test_never_more_than_two_at_once() -> None:
    class Watched(PasswordHasher):
        now, most, lock = 0, 0, threading.Lock()

        def hash(self, password: str | bytes, **_: object) -> str:
            with self.lock:
                Watched.now += 1
                Watched.most = max(Watched.most, Watched.now)
            time.sleep(0.02)
            with self.lock:
                Watched.now -= 1
            return threading.current_thread().name

    passwords = Argon2Passwords(Watched())
    with ThreadPoolExecutor(8) as callers:
        names = list(callers.map(passwords.hash, ["x"] * 8))
    assert Watched.most == 2
    assert all(name.startswith("passwords") for name in names)
    passwords.close()

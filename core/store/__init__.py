"""This is the place where everything is kept: encrypted, audited, on SQLCipher or PostgreSQL. Begin at `open_store`."""

from core.store.opening import StoreSettings, store_exists
from core.store.passwords import Argon2Passwords
from core.store.restoring import restore
from core.store.sql_store import SqlStore, open_store

__all__ = ["Argon2Passwords", "SqlStore", "StoreSettings", "open_store", "restore", "store_exists"]

"""This is the place where a store is opened: the key found or made, the database connected, its tables brought up to date.

No key is ever made where a database already is, and a key that does not fit is found out before anything is written.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import sqlcipher3.dbapi2 as sqlcipher
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from core.errors import SourceUnavailable, StoreDamaged, StoreLocked
from core.store.engine import FILE_NAME, postgres_engine, sqlite_engine
from core.store.keys import KeyPlace, Keyring
from core.store.schema import migrate, one_at_a_time, revision_of
from core.store.staging import sweep
from core.store.tables import store_facts
from core.store.vault import Vault

_CHECK = "key_check"


class StoreSettings(Protocol):
    """What the store needs of core/settings.py."""

    @property
    def home(self) -> Path: ...
    @property
    def database_url(self) -> SecretStr: ...
    @property
    def key(self) -> SecretStr: ...
    @property
    def key_path(self) -> Path: ...


def key_place(settings: StoreSettings) -> KeyPlace:
    return KeyPlace(settings.key.get_secret_value(), settings.key_path)


def database_file(settings: StoreSettings) -> Path:
    return settings.home / FILE_NAME


def store_exists(settings: StoreSettings) -> bool:
    """Whether there is a database with anything in it: false before the first run."""
    if not settings.database_url.get_secret_value():
        path = database_file(settings)
        return path.exists() and path.stat().st_size > 0
    engine = postgres_engine(settings.database_url.get_secret_value())
    try:
        with engine.connect() as connection:
            return revision_of(connection) != "" and connection.execute(select(store_facts.c.name)).first() is not None
    except OperationalError as error:
        raise _unreachable() from error
    finally:
        engine.dispose()


def open_vault(settings: StoreSettings) -> Vault:
    """Find or make the key, connect, migrate. Raises StoreLocked without the right key, and says where it is expected."""
    place = key_place(settings)
    master = place.read()
    if master is None:
        if store_exists(settings):
            raise place.missing()
        make_home(settings.home)
        master = place.create()
    make_home(settings.home)
    keys = Keyring.derive(master)
    engine = connect(settings, keys, database_file(settings))
    try:
        _unlock(engine, keys, place)
    except BaseException:
        engine.dispose()
        raise
    sweep(settings.home)
    return Vault(engine, keys, settings.home)


def connect(settings: StoreSettings, keys: Keyring, path: Path) -> Engine:
    """The engine of the settings; `path` is used where no server is named."""
    url = settings.database_url.get_secret_value()
    return postgres_engine(url) if url else sqlite_engine(path, keys.database)


def make_home(home: Path) -> None:
    """The data folder, for its owner alone where it is made here."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(home, os.W_OK):
        raise StoreLocked("home_not_writable", place=str(home), need="a data folder this account can write to")


def note_key(connection: Connection, keys: Keyring) -> None:
    """Leave in an empty database what later tells whether a key is its own."""
    sealed = keys.system.seal(b"this key", "store_facts", "", _CHECK, "value")
    connection.execute(insert(store_facts), {"name": _CHECK, "sealed_value": sealed})


def _unlock(engine: Engine, keys: Keyring, place: KeyPlace) -> None:
    try:
        with engine.connect() as connection:
            if revision_of(connection):
                one_at_a_time(connection)  # another first run may be about to leave its key check
                _check_key(connection, keys, place)
        migrate(engine)
        with engine.begin() as connection:
            one_at_a_time(connection)
            _check_key(connection, keys, place)
    except OperationalError as error:
        raise _unreachable() from error
    except (DatabaseError, sqlcipher.DatabaseError) as error:
        if "not a database" in str(error) or "malformed" in str(error):
            raise place.wrong() from error
        raise


def _check_key(connection: Connection, keys: Keyring, place: KeyPlace) -> None:
    sealed = connection.execute(select(store_facts.c.sealed_value).where(store_facts.c.name == _CHECK)).scalar()
    if sealed is None:
        if connection.execute(text("SELECT 1 FROM persons UNION ALL SELECT 1 FROM audit_lines LIMIT 1")).first():
            raise StoreDamaged("key_check_missing", place="store_facts")
        note_key(connection, keys)
        return
    try:
        keys.system.open(sealed, "store_facts", "", _CHECK, "value")
    except StoreDamaged as error:
        raise place.wrong() from error


def _unreachable() -> SourceUnavailable:
    return SourceUnavailable("database_unreachable", place="HEALTHBOARD_DATABASE_URL", need="a server that answers")

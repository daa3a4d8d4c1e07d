"""This is the place where each test of the store gets a store of its own, on both databases."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from core.settings import Settings, load_settings
from core.store import SqlStore, open_store
from core.store.engine import postgres_engine
from core.store.schema import migrate
from tests.store import postgres

GIVEN_URL = os.environ.get("HEALTHBOARD_TEST_DATABASE_URL", "")  # before the environment is cleaned for the tests
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgres))


class Databases:
    """PostgreSQL databases for tests: each begins as a copy of one whose tables are already made."""

    def __init__(self, url: str) -> None:
        self._url, self._made = url, 0
        self._name = f"hb_test_{os.getpid()}"
        self._do(f"CREATE DATABASE {self._name}")
        engine = postgres_engine(url.format(self._name))
        migrate(engine)
        engine.dispose()

    def new(self, *, empty: bool = False) -> str:
        self._made += 1
        name = f"{self._name}_{self._made}"
        self._do(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {self._name} STRATEGY FILE_COPY"))
        return self._url.format(name)

    def drop(self) -> None:
        for number in range(1, self._made + 1):
            self._do(f"DROP DATABASE IF EXISTS {self._name}_{number} WITH (FORCE)")
        self._do(f"DROP DATABASE {self._name} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        with psycopg.connect(self._url.format("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The server of HEALTHBOARD_TEST_DATABASE_URL (its last part is a database that is left alone), else one of our own."""
    if GIVEN_URL:
        before, _, after = GIVEN_URL.partition("?")
        made = Databases(before.rsplit("/", 1)[0] + "/{}" + ("?" + after if after else ""))
        yield made
        made.drop()
        return
    programs = postgres.programs()
    if programs is None:
        pytest.skip("no PostgreSQL: install it (Debian: postgresql) or set HEALTHBOARD_TEST_DATABASE_URL")
    with postgres.server(programs) as url:
        yield Databases(url)


@pytest.fixture
def new_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Settings]:
    """Makes settings of a data folder (and database) nobody has used yet: `new_settings("postgresql")`."""
    made = 0

    def make(database: str, **given: object) -> Settings:
        nonlocal made
        made += 1
        url = request.getfixturevalue("databases").new(empty=True) if database == "postgresql" else ""
        return load_settings(**{"home": tmp_path / f"home{made}", "database_url": url, **given})

    return make


@pytest.fixture(params=DATABASES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The settings of an empty store, on each database."""
    url = request.getfixturevalue("databases").new() if request.param == "postgresql" else ""
    return load_settings(home=tmp_path / "home", database_url=url)


@pytest.fixture
def store(settings: Settings) -> Iterator[SqlStore]:
    """An empty store, on each database."""
    opened = open_store(settings)
    yield opened
    opened.close()

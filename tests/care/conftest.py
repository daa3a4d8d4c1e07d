"""This is the place where both stores are opened for the tests of the use cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import load_settings
from core.store import SqlStore, open_store
from tests.care.memory_store import MemoryStore


@pytest.fixture
def memory_store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def sql_store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(load_settings(home=tmp_path / "home"))
    yield store
    store.close()

"""This is the place where the tests of the screens get their store: the real one, filled with the demo people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import demo
from core.ports import Ports
from core.settings import Settings
from core.wiring import build


@pytest.fixture(scope="session")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """The demo, as `healthboard demo` fills it; read by many tests, so none of them may change a record."""
    made = build(Settings(home=tmp_path_factory.mktemp("screens"), demo=True))
    demo.fill(made)
    yield made
    made.store.close()


@pytest.fixture
def own_ports(tmp_path: object) -> Iterator[Ports]:
    """The demo for one test alone, which may change it."""
    made = build(Settings(home=tmp_path, demo=True))  # type: ignore[arg-type]
    demo.fill(made)
    yield made
    made.store.close()

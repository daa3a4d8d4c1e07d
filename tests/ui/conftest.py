"""This is the place where the tests of the screens get their store: the real one, filled with the demo people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.ports import Ports
from core.settings import Settings
from core.wiring import build


@pytest.fixture(scope="session")
def ports(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """The demo, as `healthboard demo` fills it; read by many tests, so none of them may change a record."""
    yield from copied(filled, tmp_path_factory.mktemp("screens") / "home")


@pytest.fixture
def own_ports(filled: Path, tmp_path: Path) -> Iterator[Ports]:
    """The demo for one test alone, which may change it."""
    yield from copied(filled, tmp_path / "home")


def copied(filled: Path, home: Path) -> Iterator[Ports]:
    shutil.copytree(filled, home)
    made = build(Settings(home=home, demo=True))
    yield made
    made.store.close()


@pytest.fixture(autouse=True, scope="session")
def quick_runs() -> Iterator[None]:
    """Streamlit's AppTest looks through every installed package for components at each run; ours are given as code, so there is nothing to find."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)
        yield

"""This is the place where the tests of trends find the published vectors, where they are present."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def clinical(shared_data: Path) -> Path:
    """Published numbers and vectors; not part of this repository, so their tests are skipped where they are absent."""
    folder = shared_data.parent / "clinical"
    if not folder.is_dir():
        pytest.skip(f"no clinical reference at {folder}")
    return folder

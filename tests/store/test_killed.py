"""A program that is killed in the middle of an import leaves the store as it was before."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import Settings
from core.store import open_store
from core.store.staging import FOLDER
from tests.store.given import EVENT, bring, everything, incoming, profile, shown

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("where", ["reading", "merging", "finished"])
def test_killed_in_the_middle_is_as_before(settings: Settings, where: str) -> None:
    store = open_store(settings)
    person = store.add_person(profile(), EVENT).person_id
    bring(store, person, [incoming("1", 1.0, version="1")])
    before = everything(store)
    store.close()

    url = settings.database_url.get_secret_value()
    command = [sys.executable, "-m", "tests.store.killed", str(settings.home), url, person, where]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == where
        running.kill()
        assert running.wait(20) == -signal.SIGKILL

    (settings.home / FOLDER / "left.db").write_bytes(b"what a killed program leaves where files keep their names")
    store = open_store(settings)
    assert everything(store) == before
    assert shown(store, person) == [1.0]
    assert store.verify()["ok"] == 1
    assert list((settings.home / FOLDER).iterdir()) == []
    assert bring(store, person, [incoming("2")]).outcomes == ("stored",)
    store.close()


def test_an_import_of_many_records_needs_little_memory(tmp_path: Path) -> None:
    """20,000 records of 1 KB and more are gathered and merged within 75 MB above the start: caches, not records."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.store.many", str(tmp_path), "20000"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    grown, kept = (int(word) for word in said.stdout.split())
    assert kept == 20_000
    assert grown < 75, f"{grown} MB above the start"

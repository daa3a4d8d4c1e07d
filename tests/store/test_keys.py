"""Without the right key nothing opens, nothing is written, and the error says where the key is expected."""

from __future__ import annotations

import base64
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import BadInput, SourceUnavailable, StoreDamaged, StoreLocked
from core.settings import Settings, load_settings
from core.store import open_store, store_exists
from core.store.engine import FILE_NAME
from core.store.keys import KeyPlace, Keyring
from core.store.sealing import Box, new_key
from tests.store.conftest import DATABASES
from tests.store.given import EVENT, profile, run

NewSettings = Callable[..., Settings]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_run_makes_a_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    assert not store_exists(settings)
    open_store(settings).close()
    assert (mode(settings.key_path), mode(settings.key_path.parent), mode(settings.home)) == (0o600, 0o700, 0o700)
    assert mode(settings.home / FILE_NAME) == 0o600
    assert store_exists(settings)


@pytest.mark.parametrize("database", DATABASES)
def test_a_lost_key_is_never_replaced(new_settings: NewSettings, database: str) -> None:
    settings = new_settings(database)
    open_store(settings).close()
    settings.key_path.unlink()
    with pytest.raises(StoreLocked, match="key_missing") as refused:
        open_store(settings)
    assert refused.value.facts["place"] == str(settings.key_path)
    assert not settings.key_path.exists()


@pytest.mark.parametrize("database", DATABASES)
def test_a_wrong_key_is_found_out_before_anything_is_written(new_settings: NewSettings, database: str) -> None:
    settings = new_settings(database)
    store = open_store(settings)
    store.add_person(profile(), EVENT)
    store.close()
    right = settings.key_path.read_bytes()
    kept = (settings.home / FILE_NAME).read_bytes() if database == "sqlite" else b""
    settings.key_path.write_bytes(base64.b64encode(os.urandom(32)))
    with pytest.raises(StoreLocked, match="key_wrong") as refused:
        open_store(settings)
    assert str(settings.key_path) in str(refused.value)
    assert kept == ((settings.home / FILE_NAME).read_bytes() if database == "sqlite" else b"")
    settings.key_path.write_bytes(right)
    store = open_store(settings)
    assert [person.profile.name for person in store.people(None, EVENT)] == ["Ada Example"]
    store.close()


@pytest.mark.parametrize(
    "write",
    [lambda key: key.hex(), lambda key: base64.b64encode(key).decode(), lambda key: base64.urlsafe_b64encode(key).decode() + "\n"],
)
def test_a_key_may_come_from_the_environment(tmp_path: Path, write: Callable[[bytes], str]) -> None:
    key = b"\xfb\xff" * 16
    store = open_store(load_settings(home=tmp_path / "home", key=write(key)))
    store.add_person(profile(), EVENT)
    store.close()
    assert not (tmp_path / "home" / "keys").exists()
    again = open_store(load_settings(home=tmp_path / "home", key=key.hex()))
    assert len(again.people(None, EVENT)) == 1
    again.close()
    with pytest.raises(StoreLocked, match="HEALTHBOARD_KEY"):
        open_store(load_settings(home=tmp_path / "home", key=os.urandom(32).hex()))


@pytest.mark.parametrize("text", ["short", "a" * 63, base64.b64encode(bytes(31)).decode(), "not base64!" * 4])
def test_a_malformed_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(StoreLocked, match="key_malformed") as refused:
        open_store(load_settings(home=tmp_path / "home", key=text))
    assert text not in str(refused.value)


@pytest.mark.parametrize("loose", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, loose: int) -> None:
    settings = load_settings(home=tmp_path / "home")
    open_store(settings).close()
    settings.key_path.chmod(loose)
    with pytest.raises(StoreLocked, match=r"key_file_open.*chmod 600"):
        open_store(settings)


def test_a_key_file_may_lie_elsewhere(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home", key_file=tmp_path / "secrets" / "key")
    open_store(settings).close()
    assert settings.key_path == tmp_path / "secrets" / "key"
    assert mode(settings.key_path) == 0o600
    assert not (settings.home / "keys").exists()


def test_two_first_runs_at_once_make_one_key(tmp_path: Path) -> None:
    place = KeyPlace("", tmp_path / "keys" / "master.key")
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: place.create(), range(8)))
    assert keys == {place.read()}
    assert [path.name for path in place.path.parent.iterdir()] == ["master.key"]


@pytest.mark.parametrize("database", DATABASES)
def test_two_first_runs_at_once_make_one_store(new_settings: NewSettings, database: str) -> None:
    settings = new_settings(database)
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _: open_store(settings), range(4)))
    for number, store in enumerate(stores):
        store.add_person(profile(str(number)), EVENT)
    assert len(stores[0].people(None, EVENT)) == 4
    assert stores[0].verify_audit().broken_at == 0
    for store in stores:
        store.close()


def test_a_database_whose_key_check_was_removed_does_not_open(settings: Settings) -> None:
    store = open_store(settings)
    store.add_person(profile(), EVENT)
    run(store, "DELETE FROM store_facts")
    store.close()
    with pytest.raises(StoreDamaged, match="key_check_missing"):
        open_store(settings)


def test_keys_for_different_purposes_differ_and_do_not_show() -> None:
    one, other = Keyring.derive(b"1" * 32), Keyring.derive(b"2" * 32)
    assert len({one.database, one.index, one.chain, other.database, other.index, other.chain}) == 6
    assert one.mark("a", "bc") != one.mark("ab", "c") != one.mark("a", "b", "c")
    for text in (repr(one), str(one), repr(KeyPlace("secret", Path("x")))):
        assert "1111" not in text and "secret" not in text and one.index.hex() not in text


def test_a_cell_opens_in_its_own_place_alone() -> None:
    box = Box(new_key())
    sealed = box.seal(b"120 mmHg", "records", "ada", "r1", "item")
    assert box.open(sealed, "records", "ada", "r1", "item") == b"120 mmHg"
    places = (
        ("originals", "ada", "r1", "item"),
        ("records", "ben", "r1", "item"),
        ("records", "ada", "r2", "item"),
        ("records", "ada", "r1", "head"),
    )
    for place in places:
        with pytest.raises(StoreDamaged) as refused:
            box.open(sealed, *place)
        assert "120" not in str(refused.value)
    for damaged in (b"", sealed[:-1], sealed[:1], b"\x02" + sealed[1:], sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]):
        with pytest.raises(StoreDamaged):
            box.open(damaged, "records", "ada", "r1", "item")


def test_a_server_that_does_not_answer_and_an_address_that_is_none_say_so(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="HEALTHBOARD_DATABASE_URL"):
        open_store(load_settings(home=tmp_path, key="ab" * 32, database_url="postgresql://nobody:secret@127.0.0.1:1/none"))
    for url in ("mysql://x", "nonsense"):
        with pytest.raises(BadInput, match="HEALTHBOARD_DATABASE_URL"):
            open_store(load_settings(home=tmp_path, key="ab" * 32, database_url=url))

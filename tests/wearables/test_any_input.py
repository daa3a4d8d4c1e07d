"""This is the place where every reader of device files is given anything at all: it raises nothing, and what it yields can be kept."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.samples import Tally
from core.ports import Upload
from core.sources.wearables.form import HEAD_BYTES, Format
from core.sources.wearables.package import WearablePackage, recognised
from core.sources.wearables.registry import MODULES, formats
from tests.conftest import ROOT
from tests.wearables.csv_given import member
from tests.wearables.mutate import accounted, attempts, promises, whole
from tests.wearables.seeds import Seed, found_formats, seeds

EACH = 60
"""Damaged files of each format in the suite; tests/wearables/mutate.py makes as many as one likes."""
FORMATS = list(found_formats().values())
KEYS = [one.key for one in FORMATS]


def test_every_format_has_files_to_be_damaged() -> None:
    assert set(KEYS) == set(seeds()) == set(MODULES)


@pytest.mark.parametrize("form", FORMATS, ids=KEYS)
def test_its_own_files_are_recognised_first_and_something_comes_of_them(form: Format) -> None:
    for seed in seeds()[form.key]:
        asked = next((one.key for one in formats() if one.recognises(seed.content[:HEAD_BYTES], seed.name)), None)
        assert asked == form.key, seed.name
        assert promises(form, member(seed.content, seed.name), seed.content).total() > 0


@pytest.mark.parametrize("form", FORMATS, ids=KEYS)
def test_damaged_files_raise_nothing(form: Format) -> None:
    for _, one in attempts(form.key, EACH):
        promises(form, member(one.content, one.name), one.content)


@pytest.mark.parametrize("form", FORMATS, ids=KEYS)
@settings(max_examples=25)
@given(data=st.binary(max_size=400), at=st.integers(0, 3000))
def test_any_bytes_alone_or_put_into_a_file_raise_nothing(form: Format, data: bytes, at: int) -> None:
    seed = seeds()[form.key][0]
    for content in (data, seed.content[:at] + data, seed.content[:at] + data + seed.content[at:]):
        promises(form, member(content, seed.name), content)


@pytest.mark.parametrize("form", FORMATS, ids=KEYS)
def test_files_of_all_others_raise_nothing(form: Format) -> None:
    for others in seeds().values():
        promises(form, member(others[0].content, others[0].name), others[0].content)


def test_every_reason_and_every_format_has_its_words() -> None:
    words = _keys()
    missing = set()
    for form in FORMATS:
        files = [*seeds()[form.key], *(one for _, one in attempts(form.key, EACH))]
        for one in files:
            missing |= {tally.why for tally in form.read(member(one.content, one.name)) if isinstance(tally, Tally)} - words
    assert not missing
    assert {f"format.{key}" for key in KEYS} <= _keys("")


def _keys(prefix: str = "reason.") -> set[str]:
    catalogue = read_po((ROOT / "core/ui/locale/en/healthboard.po").open("rb"))
    ids = [one.id if isinstance(one.id, str) else one.id[0] for one in catalogue if one.id]
    return {one.removeprefix(prefix) for one in ids if one.startswith(prefix)}


def packed(files: list[Seed]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(files):
            archive.writestr(f"{number}/{one.name}", one.content)
    return made.getvalue()


def check(package: WearablePackage | None) -> None:
    for one in package.batches() if package else ():
        accounted(one) if isinstance(one, Tally) else whole(one)


def test_everything_in_one_archive_is_read_and_accounted_for() -> None:
    package = recognised([Upload("all.zip", io.BytesIO(packed([one for files in seeds().values() for one in files])))])
    assert package is not None
    assert set(package.formats) == set(MODULES)
    check(package)


def test_damaged_archives_raise_nothing() -> None:
    whole_zip = packed([files[0] for files in seeds().values() if len(files[0].content) < 60_000])
    for content in (whole_zip, gzip.compress(b"".join(seeds()["plain_csv"][0]._replace(name="").content for _ in range(9)))):
        for number in range(0, len(content), max(1, len(content) // 30)):
            broken = bytearray(content)
            broken[number] ^= 0x5A
            check(recognised([Upload("x", io.BytesIO(bytes(broken)))]))
            check(recognised([Upload("x", io.BytesIO(content[:number]))]))

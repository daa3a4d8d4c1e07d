"""An upload is opened file by file, each told by its content; bombs and damage stay small and are accounted for."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from core.domain.samples import Samples, Tally
from core.ports import Upload
from core.sources.wearables.limits import Limits
from core.sources.wearables.package import WearablePackage, recognised
from core.sources.wearables.registry import MODULES, formats

WEIGHT = b"time,value,unit,signal\n2026-03-01T08:00:00Z,80,kg,weight\n2026-03-02T08:00:00Z,81,kg,weight\n"
FHIR = b'{"resourceType": "Observation", "id": "1", "status": "final"}'


def upload(content: bytes, name: str = "data") -> Upload:
    return Upload(name, io.BytesIO(content))


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_of_", "/"), content)
    return made.getvalue()


def entries(package: WearablePackage | None) -> tuple[int, list[Tally]]:
    assert package is not None
    found = list(package.batches())
    return sum(len(one.columns) for one in found if isinstance(one, Samples)), [one for one in found if isinstance(one, Tally)]


def test_every_format_is_there_under_its_own_key() -> None:
    assert [one.key for one in formats()] == list(MODULES)


@pytest.mark.parametrize("content", [WEIGHT, gzip.compress(WEIGHT), zipped(a_of_weights=WEIGHT)], ids=["bare", "gzip", "zip"])
def test_a_file_is_told_by_its_content_whatever_it_lies_in(content: bytes) -> None:
    package = recognised([upload(content)])
    assert entries(package) == (2, [])
    assert package is not None and package.formats == ("plain_csv",)
    assert package.digest == recognised([upload(content, "other name")]).digest  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "content",
    [b"", FHIR, b"\x00\x01", b"a,b\n1,2\n", zipped(a=FHIR), b"PK\x03\x04 broken", b"<ClinicalDocument/>"],
    ids=["empty", "fhir", "bytes", "a table", "fhir in a zip", "broken zip", "c-cda"],
)
def test_what_is_no_devices_is_left_to_others(content: bytes) -> None:
    assert recognised([upload(content)]) is None


def test_every_file_of_an_archive_is_accounted_for() -> None:
    content = zipped(w=WEIGHT, clinical_of_one=FHIR, notes=b"hello there", __MACOSX_of_w=b"junk")
    count, tallies = entries(recognised([upload(content)]))
    assert count == 2
    assert sorted((one.outcome, one.why) for one in tallies) == [
        ("not_followed", "not_a_measurement_file"),
        ("not_followed", "record_inside_export"),
        ("not_followed", "system_file"),
    ]


def test_the_same_again_is_the_same_each_time() -> None:
    package = recognised([upload(zipped(w=WEIGHT, x=WEIGHT))])
    assert entries(package) == entries(package) == (4, [])


def test_progress_ends_at_the_whole() -> None:
    seen: list[tuple[int, int]] = []
    package = recognised([upload(zipped(w=WEIGHT, x=WEIGHT))])
    assert package is not None
    list(package.batches(lambda done, total: seen.append((done, total))))
    assert seen[-1][0] == seen[-1][1]
    assert [done / total for done, total in seen] == sorted(done / total for done, total in seen)


def test_a_bomb_is_refused_and_the_rest_is_read() -> None:
    head = WEIGHT + b"2026-03-03T08:00:00Z,82,kg,weight\n"
    bomb = head + b" " * 60_000_000
    package = recognised([upload(zipped(bomb=bomb, w=WEIGHT))], Limits(ratio_from=1_000_000))
    count, tallies = entries(package)
    assert count >= 2
    assert ("refused", "packed_too_tightly") in {(one.outcome, one.why) for one in tallies}


def test_more_than_the_limit_is_refused() -> None:
    package = recognised([upload(zipped(w=WEIGHT * 40))], Limits(total_bytes=2_000))
    assert package is None or "too_large" in {one.why for one in entries(package)[1]}
    many = zipped(**{f"f{n}": WEIGHT for n in range(30)})
    assert recognised([upload(many)], Limits(members=5)) is None


def test_damage_in_one_member_loses_only_that_one() -> None:
    content = bytearray(zipped(a=WEIGHT * 50, b=WEIGHT))
    content[60:70] = b"\xff" * 10
    package = recognised([upload(bytes(content))])
    count, tallies = entries(package)
    assert count >= 2
    assert {one.outcome for one in tallies} <= {"refused", "not_followed"}


def test_a_path_on_disk_is_read_like_an_upload(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_bytes(WEIGHT)
    assert entries(recognised([Upload("w.csv", tmp_path / "w.csv")])) == (2, [])

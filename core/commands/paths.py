"""This is the place where the paths given to `import` become parcels: what belongs together is read together.

A file is a parcel of its own, kept whole or not at all. The NDJSON files of one folder are one parcel, as a bulk export comes
in several (its Conditions may stand before its Patients). A folder is searched for .json, .ndjson, .jsonl, .gz, .zip, .xml,
.fhir, .csv, .fit and .db files, also in folders below it; other files in it, and tables that are no device's, are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.care.parcels import Parcel
from core.errors import BadInput
from core.ports import Upload

SUFFIXES = frozenset({".json", ".ndjson", ".jsonl", ".gz", ".zip", ".xml", ".fhir", ".csv", ".fit", ".db"})
TABLES = (".csv", ".db")
LINES = (".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz")


def parcels(paths: Sequence[Path], source: str) -> tuple[tuple[Parcel, ...], int]:
    """The parcels of these paths, and how many files in folders were passed over. Raises BadInput for a path that isn't there."""
    found: list[tuple[str, Path]] = []
    passed_over = 0
    for path in paths:
        if path.is_dir():
            inside = sorted(_files_in(path))
            wanted = [(f"{path.name}/{one.relative_to(path).as_posix()}", one) for one in inside if _is_wanted(one)]
            passed_over += len(inside) - len(wanted)
            found += wanted
        elif path.exists():
            found.append((path.name, path))
        else:
            raise BadInput("no_such_path", place=str(path), need="a file or folder that exists")
    if not found:
        raise BadInput("nothing_to_import", place="PATH", need="at least one file")
    return tuple(_grouped(found, source)), passed_over


def _is_wanted(file: Path) -> bool:
    """By its suffix; of tables and databases, which may be anything, only those that a device's format knows."""
    suffix = file.suffix.lower()
    if suffix not in TABLES:
        return suffix in SUFFIXES
    from core.sources.wearables.package import recognised

    return recognised([Upload(file.name, file)]) is not None


def _files_in(folder: Path) -> Iterator[Path]:
    try:
        for one in folder.rglob("*"):
            hidden = any(part.startswith(".") for part in one.relative_to(folder).parts)
            if one.is_file() and not hidden:
                yield one
    except OSError as error:
        raise BadInput("folder_unreadable", place=str(folder), need="a folder that can be read") from error


def _grouped(found: Sequence[tuple[str, Path]], source: str) -> Iterator[Parcel]:
    folders: dict[Path, list[tuple[str, Path]]] = {}
    for name, path in found:
        if name.lower().endswith(LINES):
            folders.setdefault(path.parent, []).append((name, path))
    seen: set[Path] = set()
    for name, path in found:
        together = folders.get(path.parent, []) if name.lower().endswith(LINES) else []
        if len(together) < 2:
            yield Parcel(name, (Upload(path.name, path),), source)
        elif path.parent not in seen:
            seen.add(path.parent)
            label = f"{path.parent.name}/*.ndjson"
            yield Parcel(label, tuple(Upload(one.name, one) for _, one in together), source)

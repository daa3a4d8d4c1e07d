"""This is the place where it is measured how many of the medicines in a folder of FHIR files are understood, and by what.

    python -m benchmarks.medicine_coverage FOLDER [--json] [--codes-only]

Every MedicationRequest, MedicationStatement and Medication counts once, whatever its status, as the reader gives it (referenced and contained Medications
resolved). "Understood" means that all ingredients are known; a medicine read in part, or not at all, is listed with its name. With --codes-only all words
are taken away first: what is left is what the codes alone tell.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.domain.codes import Concept
from core.domain.records import Incoming
from core.errors import FileRefused
from core.medications.ingredients import INGREDIENTS, taken
from core.medications.tables import load
from core.ports import Upload
from core.rules import ShippedTables
from core.sources.fhir.package import FhirReader

KINDS = ("MedicationRequest", "MedicationStatement", "Medication")


@dataclass
class Coverage:
    """What was found: how many of each kind, and of them by how they were read ("" is understood)."""

    kinds: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    names: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.read.values())

    @property
    def share(self) -> float:
        return self.read[""] / self.total if self.total else 0.0


def concepts(folder: Path) -> Iterator[tuple[str, Concept]]:
    """(kind, concept) of every medicine in the folder's .json and .ndjson files."""
    for path in sorted(one for one in folder.rglob("*") if one.suffix in (".json", ".ndjson") and one.is_file()):
        try:
            package = FhirReader().open([Upload(path.name, path)])
        except FileRefused:
            continue
        for entry in package.entries():
            if isinstance(entry, Incoming) and entry.item is not None and entry.kind in KINDS:
                yield entry.kind, entry.item.concept


def measure(folder: Path, codes_only: bool = False) -> Coverage:
    """Read every medicine of the folder."""
    table = load(ShippedTables().read, (INGREDIENTS,)).of(INGREDIENTS)
    found = Coverage()
    for kind, concept in concepts(folder):
        shown = concept.title
        if codes_only:
            concept = Concept(tuple(replace(one, display="") for one in concept.codings))
        unread = taken("", concept, table).unread
        found.kinds[kind] += 1
        found.read[unread] += 1
        if unread:
            found.names[unread, shown] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--codes-only", action="store_true")
    given = parser.parse_args()
    began = time.perf_counter()
    found = measure(given.folder, given.codes_only)
    report = {
        "medicines": found.total,
        "kinds": dict(found.kinds),
        "understood": found.read[""],
        "share": round(found.share, 4),
        "not_understood": {why: n for why, n in found.read.most_common() if why},
        "seconds": round(time.perf_counter() - began, 1),
        "names": [[why, name, n] for (why, name), n in found.names.most_common(50)],
    }
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    sys.exit(0 if found.total else 1)


if __name__ == "__main__":
    main()

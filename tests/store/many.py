"""This is the place where many records are imported in a process of its own, to see how much memory that takes."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from core.domain.ledger import LedgerLine
from core.settings import load_settings
from core.store import open_store
from tests.memory import peak_megabytes
from tests.store.given import EVENT, NOW, head, incoming, profile


def main(home: str, number: str) -> None:
    store = open_store(load_settings(home=Path(home)))
    person = store.add_person(profile(), EVENT).person_id
    with store.importing(head(), EVENT, person_id=person) as importing:  # a small one first: what only the start takes
        importing.put(person, incoming("first"))
        importing.finish(finished_at=NOW)
    entry, before = incoming(), peak_megabytes()
    with store.importing(head(), EVENT, person_id=person) as importing:
        for count in range(int(number)):
            raw = json.dumps({"id": count, "text": f"{count} " * 150}).encode()
            outcome, record_id = importing.put(person, replace(entry, record_id=str(count), raw=raw, fact=f"fact {count}"))
            importing.line(person, LedgerLine(f"entry[{count}]", "Observation", outcome, "", record_id))
        ledger = importing.finish(finished_at=NOW)
    print(peak_megabytes() - before, ledger.entries)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

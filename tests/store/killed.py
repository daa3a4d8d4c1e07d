"""This is the place where an import runs that a test will kill: it says on its output how far it has come."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from core.settings import load_settings
from core.store import open_store
from core.store.importing import merging
from tests.store.given import EVENT, head, incoming


def say(word: str) -> None:
    print(word, flush=True)
    sys.stdin.readline()  # waits here until it is killed or told to go on


def main(home: str, url: str, person: str, where: str) -> None:
    store = open_store(load_settings(home=Path(home), database_url=url))
    if where == "merging":  # in the middle of the one transaction: the records are written, the ledger is not
        merging._write_ledgers = lambda *_: say("merging")
    with store.importing(head("killed.json"), EVENT, person_id=person) as importing:
        for number in range(3000):
            importing.put(person, incoming(f"k{number}", float(number)))
        if where == "reading":
            say("reading")
        importing.finish(finished_at=datetime(2026, 3, 1, tzinfo=UTC))
        if where == "finished":
            say("finished")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""This is the place where the commands about records are: import, pull, people, show, export."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.care import export, people, pulls, records, sources
from core.care.access import COMMAND_LINE
from core.care.desk_views import FileOutcome, ImportReport, PanelQuery
from core.care.parcels import Watch, import_parcels
from core.care.placing import Whose
from core.commands.answer import Answer, bar, note, table
from core.commands.paths import parcels
from core.commands.showing import rows
from core.domain.ledger import LedgerLine, Outcome
from core.domain.records import KINDS_SHOWN, Standing
from core.errors import BadInput
from core.ports import Ports, ServerLogin, SourceInfo
from core.ui.words import words

MOST_LINES = 1000
EVERYBODY = 1_000_000


def import_paths(ports: Ports, given: Namespace) -> Answer:
    """Bring files and folders in; the ledger of it all."""
    found, passed_over = parcels(given.paths, given.source)
    if passed_over:
        note(f"{passed_over} files in folders are of other kinds and were passed over")
    with bar("import") as progress:
        made = import_parcels(ports, COMMAND_LINE, Whose(given.person or "", given.new, subject=given.subject), found, Watch(progress))
    return _reported(made)


def pull(ports: Ports, given: Namespace) -> Answer:
    """Bring a patient in from a FHIR server: what is new since the last time where that is known, else (or with --full) all."""
    whose = Whose(given.person or "", given.new)
    login = ServerLogin(given.server, given.patient, _token(given.token_file))
    known = None if given.full or not whose.person_id else _known_source(ports, whose.person_id, login)
    with bar("pull", " entries") as progress:
        if known and not login.token:
            made = pulls.pull_again(ports, COMMAND_LINE, whose.person_id, known.source_id, watch=Watch(progress))
        else:
            login = replace(login, since=known.next_since if known else "")
            made = pulls.pull(ports, COMMAND_LINE, whose, login, given.source, Watch(progress))
    return _reported(made)


def list_people(ports: Ports, given: Namespace) -> Answer:
    """Who is kept here."""
    view = people.panel(ports, COMMAND_LINE, PanelQuery(page_size=EVERYBODY))
    lines = view.lines
    document = {
        "people": [
            {
                "id": one.person_id, "name": one.name, "birth_date": one.birth_date or None, "gender": one.gender or None,
                "records": one.records, "quarantined": one.quarantined, "synthetic": one.synthetic,
            }
            for one in lines
        ]
    }  # fmt: skip
    shown = [[one.person_id, one.name or "-", one.birth_date or "-", one.gender or "-", str(one.records)] for one in lines]
    return Answer(document, table([["ID", "NAME", "BORN", "GENDER", "RECORDS"], *shown]) if shown else ["nobody is kept here yet"])


def show(ports: Ports, given: Namespace) -> Answer:
    """What is on record about a person, value by value."""
    shelf = records.shelf(ports, COMMAND_LINE, given.person)
    wanted = set(Standing) if given.all else {Standing.CURRENT, Standing.QUARANTINED}
    kinds = {kind.casefold(): kind for kind in KINDS_SHOWN}
    if given.kind and given.kind.casefold() not in kinds and not given.all:
        raise BadInput("unknown_kind", place="--kind", need="a resource type that is shown, such as Observation")
    found = [
        row
        for record in shelf.records
        if record.standing in wanted and given.kind.casefold() in ("", record.item.kind.casefold())
        for row in rows(record, shelf.person.synthetic)
    ]
    who = shelf.person
    person = {
        "id": who.person_id, "name": who.name, "birth_date": who.birth_date or None, "gender": who.gender or None,
        "deceased": who.deceased or None, "synthetic": who.synthetic,
    }  # fmt: skip
    kept_raw = [{"kind": kind, "count": count} for kind, count in shelf.raw_counts]
    return Answer({"person": person, "items": found, "kept_raw": kept_raw}, _as_table(who.name, found))


def export_person(ports: Ports, given: Namespace) -> Answer:
    """Write a record out as FHIR, a table or a summary; the suffix says which."""
    out: Path = given.out
    say = words(given.language)
    match out.suffix.lower():
        case ".json":
            made = export.bundle(ports, COMMAND_LINE, given.person)
        case ".csv":
            made = export.csv(ports, COMMAND_LINE, given.person, say)
        case ".pdf":
            made = export.summary_pdf(ports, COMMAND_LINE, given.person, say, given.language)
        case _:
            raise BadInput("export_suffix", place="--out", need="a name that ends in .json, .csv or .pdf")
    try:
        out.write_bytes(made.content)
    except OSError as error:
        raise BadInput("not_writable", place=str(out), need="a file that can be written") from error
    left_out = [{"record": record_id, "reason": reason} for record_id, reason in made.left_out]
    document = {"out": str(out), "bytes": len(made.content), "media_type": made.media_type, "left_out": left_out}
    return Answer(document, [f"{out}: {len(made.content)} bytes"])


def _known_source(ports: Ports, person_id: str, login: ServerLogin) -> SourceInfo | None:
    """The source that an earlier pull of this patient from this server made."""
    address = login.base_url.rstrip("/")
    connected = sources.overview(ports, COMMAND_LINE, person_id).sources
    return next(
        (s for s in connected if s.kind == "server" and (s.address.rstrip("/"), s.patient_ref) == (address, login.patient_id)), None
    )


def _token(file: Path | None) -> str:
    """The bearer token in a file; a token on the command line would be seen by everybody on the machine."""
    if file is None:
        return ""
    try:
        token = sys.stdin.readline() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("token_unreadable", place="--token-file", need="a text file that holds the token") from error
    if not token.strip() or len(token.strip().split()) != 1:
        raise BadInput("token_unreadable", place="--token-file", need="one token and nothing else")
    return token.strip()


def _reported(made: ImportReport) -> Answer:
    counts = dict(made.counts)
    lines = [line for file in made.files for line in file.lines]
    left_out = sum(file.lines_left_out for file in made.files) + max(0, len(lines) - MOST_LINES)
    document: dict[str, Any] = {
        "entries": made.entries,
        **counts,
        "people": len(made.person_ids),
        "seconds": made.seconds,
        "person_ids": list(made.person_ids),
        "lines": [_line(line) for line in lines[:MOST_LINES]],
        "lines_left_out": left_out,
        "files": [_file(file) for file in made.files],
    }
    refused_whole = all(file.refused for file in made.files)
    said = [f"{outcome.value.replace('_', ' '):14}{counts[outcome.value]:>9}" for outcome in Outcome]
    odd = [f"{line.outcome.value}: {line.path}: {line.reason}{_times(line.count)}" for line in lines[:20]]
    more = [f"... and {len(lines) - 20 + left_out} more; --json tells the first {MOST_LINES}"] if len(lines) > 20 else []
    head = [f"{'entries':14}{made.entries:>9}", *said, *(f"person {person_id}" for person_id in made.person_ids), f"{made.seconds} s"]
    return Answer(document, [*head, *odd, *more], 1 if refused_whole else 0)


def _line(line: LedgerLine) -> dict[str, Any]:
    reason = line.reason or None
    return {"path": line.path, "kind": line.kind or None, "outcome": line.outcome.value, "reason": reason, "count": line.count}


def _times(count: int) -> str:
    return f" ({count} times)" if count != 1 else ""


def _file(file: FileOutcome) -> dict[str, Any]:
    counts = dict(file.ledger.counts) if file.ledger else {}
    problems = list(file.ledger.problems) if file.ledger else []
    complete = file.ledger.complete if file.ledger else False
    return {
        "file": file.name, "entries": sum(counts.values()), **counts, "refused_whole": file.refused or None,
        "state": file.ledger.state if file.ledger else "failed", "complete": complete, "problems": problems, "person_ids": list(file.person_ids),
    }  # fmt: skip


def _as_table(name: str, found: list[dict[str, Any]]) -> list[str]:
    if not found:
        return [f"{name}: nothing on record"]
    shown = [
        [
            (row["time"] or "-")[:19], row["kind"], (row["display"] or row["code"] or "-")[:40],
            " ".join(str(part) for part in (row["bound"], row["value"], row["unit"]) if part is not None)[:30],
            row["status"] or "-", row["problem"] or row["standing"], ", ".join(row["sources"])[:40],
        ]
        for row in found
    ]  # fmt: skip
    return table([["TIME", "KIND", "WHAT", "VALUE", "STATUS", "STANDING", "SOURCES"], *shown])

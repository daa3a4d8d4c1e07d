"""This is the place where the commands that look after the store are: audit, backup, restore, verify, erase-person."""

from __future__ import annotations

from argparse import Namespace

from core import store, wiring
from core.care import admin, upkeep
from core.care.access import COMMAND_LINE, Action
from core.commands.answer import Answer, bar
from core.domain.audit import AuditEvent
from core.errors import BadInput
from core.ports import Ports
from core.settings import Settings


def audit_verify(ports: Ports, given: Namespace) -> Answer:
    """Walk the audit trail's chain."""
    with bar("audit", "lines") as progress:
        check = admin.verify_audit(ports, COMMAND_LINE, progress)
    whole = not check.broken_at
    document = {"ok": whole, "lines": check.lines, "broken_at": check.broken_at or None, "why": check.why or None}
    said = f"{check.lines} lines, the chain is whole" if whole else f"line {check.broken_at} does not fit: {check.why}"
    return Answer(document if whole else {"error": "audit_broken", **document}, [said], 0 if whole else 1)


def backup(ports: Ports, given: Namespace) -> Answer:
    """Write a copy of the store."""
    if given.out.exists() and not given.force:
        raise BadInput("file_exists", place=str(given.out), need="a name that is free, or --force")
    with bar("backup") as progress:
        upkeep.backup(ports, COMMAND_LINE, given.out, progress)
    size = given.out.stat().st_size
    return Answer({"out": str(given.out), "bytes": size}, [f"{given.out}: {size} bytes, readable with this store's key only"])


def verify(ports: Ports, given: Namespace) -> Answer:
    """Open everything once."""
    with bar("verify", "records") as progress:
        found = dict(upkeep.verify(ports, COMMAND_LINE, progress))
    whole = bool(found.get("ok"))
    lines = [f"{name}: {value}" for name, value in found.items()]
    return Answer(found if whole else {"error": "store_damaged", **found}, lines, 0 if whole else 1)


def restore(settings: Settings, given: Namespace) -> Answer:
    """Fill an empty data folder from a backup."""
    now = wiring.SystemClock().now()
    event = AuditEvent(now, COMMAND_LINE.account_id, COMMAND_LINE.role.value, Action.KEEP_STORE.value, "", "system", "restore")
    with bar("restore", " rows") as progress:
        rows = store.restore(settings, given.backup, event, progress)
    return Answer(
        {"restored": sum(rows.values()), "tables": dict(rows)}, [f"{sum(rows.values())} rows restored; now run: healthboard verify"]
    )


def erase_person(ports: Ports, given: Namespace) -> Answer:
    """Erase a person for good."""
    if not given.yes:
        raise BadInput("not_confirmed", place="--yes", need="your word that this person is to be erased for good")
    with bar("erase", "records") as progress:
        upkeep.erase_person(ports, COMMAND_LINE, given.person, progress)
    return Answer({"erased": given.person}, [f"{given.person} is erased; backups made earlier still hold this person"])

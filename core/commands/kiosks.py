"""This is the place where the kiosks that may send visits here are added, listed and revoked from the command line: kiosks add, kiosks list, kiosks revoke."""

from __future__ import annotations

from argparse import Namespace

from core.care import kiosk_registry
from core.care.access import COMMAND_LINE
from core.care.kiosk_registry import KioskLine
from core.commands.answer import Answer, table
from core.ports import Ports


def add(ports: Ports, given: Namespace) -> Answer:
    """Add a kiosk; the key is printed this once."""
    new = kiosk_registry.add(ports, COMMAND_LINE, given.name, given.place)
    document = {"kiosk": new.kiosk.kiosk_id, "name": new.kiosk.name, "key": new.key}
    return Answer(document, [f"{new.kiosk.name} is {new.kiosk.kiosk_id}. Its key, shown only now:", new.key])


def show(ports: Ports, given: Namespace) -> Answer:
    """Every kiosk there ever was."""
    lines = kiosk_registry.listed(ports, COMMAND_LINE)
    rows = [[one.kiosk.kiosk_id, one.kiosk.name, one.kiosk.place, _state(one), _at(one), _waits(one)] for one in lines]
    document = {"kiosks": [_told(one) for one in lines]}
    return Answer(
        document, table([["ID", "NAME", "PLACE", "STATE", "HEARD FROM", "WAITS"], *rows]) if rows else ["there is no kiosk yet"]
    )


def revoke(ports: Ports, given: Namespace) -> Answer:
    """Revoke a kiosk's key."""
    kiosk_registry.revoke(ports, COMMAND_LINE, given.kiosk)
    return Answer({"revoked": given.kiosk}, [f"the key of {given.kiosk} opens nothing any more"])


def _told(one: KioskLine) -> dict[str, object]:
    kiosk, beat = one.kiosk, one.kiosk.beat
    return {
        "kiosk": kiosk.kiosk_id, "name": kiosk.name, "place": kiosk.place, "state": _state(one), "created_at": kiosk.created_at.isoformat(),
        "seen_at": kiosk.seen_at.isoformat() if kiosk.seen_at else None, "version": beat.version if beat else None, "queued": beat.queued if beat else None,
        "oldest_at": beat.oldest_at.isoformat() if beat and beat.oldest_at else None,
        "bluetooth": beat.bluetooth if beat else None, "camera": beat.camera if beat else None,
    }  # fmt: skip


def _state(one: KioskLine) -> str:
    if one.kiosk.revoked_at is not None:
        return "revoked"
    if one.kiosk.is_account:
        return "account"
    return "late" if one.late and one.kiosk.seen_at else "never heard" if one.late else "alive"


def _at(one: KioskLine) -> str:
    return one.kiosk.seen_at.isoformat(timespec="minutes") if one.kiosk.seen_at else "-"


def _waits(one: KioskLine) -> str:
    return str(one.kiosk.beat.queued) if one.kiosk.beat else "-"

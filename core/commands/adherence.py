"""This is the place where `healthboard adherence` is: what was taken in recent weeks, by day and by medicine, as JSON or a table."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from core.care import adherence
from core.care.access import COMMAND_LINE
from core.care.dose_views import AdherenceLine, AdherenceView
from core.commands.answer import Answer, table
from core.commands.series import day
from core.medications.pdc import Covered
from core.ports import Ports


def show(ports: Ports, given: Namespace) -> Answer:
    """Days, medicines and the proportion of days covered. Exit status 0 also where nothing is known: "nothing_logged" and the reasons are the answer.
    Raises NotFound (no such person), BadInput (weeks, a day that can't be)."""
    asked = day(given.as_of, "--as-of")
    document = _document(given.person, adherence.view(ports, COMMAND_LINE, given.person, given.weeks, asked), asked is not None)
    return Answer(document, _lines(document))


def _document(person_id: str, found: AdherenceView, past: bool) -> dict[str, Any]:
    return {
        "person": person_id,
        "as_of": found.last.isoformat() if past else found.made_at.isoformat(timespec="seconds"),
        "from": found.first.isoformat(),
        "until": found.last.isoformat(),
        "zone": found.zone,
        "logged_since": found.logged_since.isoformat() if found.logged_since else None,
        "state": "logged" if found.logged_since else "nothing_logged",
        "days": [
            {"day": one.day.isoformat(), "due": one.due, "taken": one.taken, "skipped": one.skipped, "unlogged": one.due - one.taken - one.skipped, "state": one.state}
            for one in found.days
        ],
        "medicines": [_medicine(one) for one in found.lines],
        "on_time_within_minutes": 60,
    }  # fmt: skip


def _medicine(one: AdherenceLine) -> dict[str, Any]:
    """`taken_of_logged` is null where nothing is logged: not nought."""
    logged = one.taken + one.skipped
    return {
        "id": one.medicine_id or None,
        "title": one.title,
        "state": "logged" if logged else "nothing_logged" if one.due else "nothing_planned",
        "due": one.due,
        "taken": one.taken,
        "skipped": one.skipped,
        "unlogged": one.unlogged,
        "on_time": one.on_time,
        "taken_of_logged": one.taken / logged if logged else None,
        "reasons": [{"code": code, "count": count} for code, count in one.reasons],
        "pdc": _pdc(one),
    }


def _pdc(one: AdherenceLine) -> dict[str, Any]:
    if one.pdc is None or one.pdc_days is None or one.pdc_threshold is None:
        return {"value": None, "why": one.pdc_why}
    days, period = one.pdc_days
    reached = Covered(days, period, one.pdc_threshold).reached
    return {"value": one.pdc, "covered_days": days, "period_days": period, "threshold": one.pdc_threshold, "reached": reached, "why": None}


def _lines(document: dict[str, Any]) -> Sequence[str]:
    rows = [["MEDICINE", "DUE", "TAKEN", "SKIPPED", "NOT LOGGED", "ON TIME", "DAYS COVERED"]]
    for one in document["medicines"]:
        covered = one["pdc"]
        said = covered["why"].replace("_", " ") if covered["value"] is None else f"{covered['value']:.1%} ({covered['covered_days']}/{covered['period_days']})"
        rows.append([one["title"], *(str(one[key]) for key in ("due", "taken", "skipped", "unlogged", "on_time")), said])
    head = f"{document['from']} to {document['until']} ({document['zone']})"
    return [head, *([] if document["logged_since"] else ["nothing logged yet"]), *table(rows)]

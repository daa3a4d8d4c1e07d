"""This is the place where `healthboard alerts list`, `alerts ack` and `on-call` are: what is open, who was told, and who is on call, from the command line."""

from __future__ import annotations

import re
from argparse import Namespace
from datetime import datetime
from typing import Any

from core.care import alerts, on_call
from core.care.access import COMMAND_LINE, Action, require
from core.care.alert_views import AlertView
from core.care.on_call_hours import Rota, Shift
from core.commands.answer import Answer, note, table
from core.errors import BadInput, NotFound
from core.medications.terms import DAYS
from core.ports import Ports
from core.trends.judgement import Severity

_SHIFT = re.compile(r"^\s*([a-z,]+)\s+(\d\d:\d\d)-(\d\d:\d\d)\s+(\S+)\s*$")


def show(ports: Ports, given: Namespace) -> Answer:
    """Open alerts, of one person with what became of each letter, or of all. What could not be read is said, and the exit status is then 1."""
    if given.person:
        one = alerts.alerts_of(ports, COMMAND_LINE, given.person)
        found, damaged, broken = one.alerts, [given.person] if one.damaged else [], [given.person] if one.broken else []
        unseen, seen_at = int(one.looked_at is None and not one.damaged), one.worker_seen_at
    else:
        panel = alerts.panel(ports, COMMAND_LINE)
        found, damaged, broken = panel.alerts, list(panel.damaged), list(panel.broken)
        unseen, seen_at = panel.unseen, panel.worker_seen_at
    document = {
        "alerts": [_alert(one) for one in found], "unreadable": damaged, "partly_unreadable": broken, "not_looked_at": unseen, "worker_seen_at": _time(seen_at),
    }  # fmt: skip
    if damaged:
        note(f"{len(damaged)} people's alerts can't be read.")
    rows = [["ID", "NAME", "SEVERITY", "STATE", "ABOUT", "SINCE", "NEXT"], *(_row(one) for one in found)]
    return Answer(document, [f"{len(found)} open alerts", *(table(rows) if found else [])], int(bool(damaged)))


def acknowledge(ports: Ports, given: Namespace) -> Answer:
    """Take an alert in somebody's name. ID is as `alerts list` says it: the person, a slash, the alert. Raises BadInput, NotFound."""
    person_id, slash, alert_id = given.alert.partition("/")
    if not slash:
        raise BadInput("bad_choice", place="ID", need="PERSON/ALERT, as `healthboard alerts list` says it")
    alerts.acknowledge(ports, COMMAND_LINE, person_id, alert_id, given.why, given.by)
    return Answer({"acknowledged": given.alert, "by": given.by}, [f"{given.alert} is taken by {given.by}."])


def who_is_on_call(ports: Ports, given: Namespace) -> Answer:
    """Who is on call for each panel now, and where nobody is in the next seven days."""
    view = on_call.view(ports, COMMAND_LINE)
    document = {
        "at": _time(view.made_at), "unreadable": view.damaged,
        "panels": [
            {
                "panel": one.panel_id, "name": one.name, "list": "own" if one.own else "all" if one.rota else None, "zone": one.rota.zone if one.rota else None,
                "now": [{"account": account, "name": name} for account, name in one.now], "gap_now": one.gap,
                "gaps": [[_time(first), _time(last)] for first, last in one.gaps], "stand_in": [name for _, name in one.stand_in],
            }
            for one in view.panels
        ],
    }  # fmt: skip
    rows = [["PANEL", "NAME", "ON CALL NOW", "GAPS IN SEVEN DAYS"]]
    for one in view.panels:
        who = (
            ", ".join(name for _, name in one.now)
            or f"nobody; told instead: {', '.join(name for _, name in one.stand_in) or 'nobody'}"
        )
        rows.append([one.panel_id, one.name, who, str(len(one.gaps))])
    return Answer(document, table(rows), int(view.damaged))


def set_on_call(ports: Ports, given: Namespace) -> Answer:
    """Put a list in the place of a panel's ("": of the one for all). Each shift: "mon,tue 08:00-20:00 name,name". Without shifts the list is removed."""
    if not given.shift:
        on_call.remove_rota(ports, COMMAND_LINE, given.panel)
        return Answer({"removed": given.panel}, [f"Panel {given.panel or '(all)'} has no list of its own any more."])
    rota = Rota(given.panel, given.zone, tuple(_shift(ports, text) for text in given.shift))
    on_call.set_rota(ports, COMMAND_LINE, rota)
    return Answer({"panel": given.panel, "shifts": len(rota.shifts)}, [f"{len(rota.shifts)} shifts are kept."])


def _shift(ports: Ports, text: str) -> Shift:
    found = _SHIFT.match(text)
    if found is None:
        raise BadInput("bad_choice", place="--shift", need="such as: mon,tue,wed 08:00-20:00 jordan,sam")
    days = DAYS if found[1] == "daily" else tuple(found[1].split(","))
    names = found[4].split(",")
    known = {one.username: one.account_id for one in ports.store.accounts(_event(ports))}
    missing = [name for name in names if name not in known]
    if missing:
        raise NotFound("account_not_found", account=missing[0][:40])
    return Shift(days, found[2], found[3], tuple(known[name] for name in names))


def _event(ports: Ports) -> Any:
    return require(ports, COMMAND_LINE, Action.SET_ON_CALL).event("accounts")


def _alert(one: AlertView) -> dict[str, Any]:
    return {
        "id": f"{one.person_id}/{one.alert_id}", "name": one.name or None, "about": one.title.code.removeprefix("alert.rule."), "facts": dict(one.title.facts),
        "severity": Severity(one.severity).word, "state": one.state, "raised_at": _time(one.raised_at), "measured_at": _time(one.measured_at),
        "worst": one.worst, "unit": one.unit or None, "taken_by": one.taken_by or None, "taken_at": _time(one.taken_at), "held_until": _time(one.held_until),
        "next": {"at": _time(one.next.at), "kind": one.next.kind, "to": one.next.to or None} if one.next else None, "unreached": list(one.unreached),
        "evidence": [{"rule": e.rule, "at": _time(e.at), "facts": dict(e.says.facts), "source": e.source, "status": e.status} for e in one.evidence],
        "timeline": [
            {
                "at": _time(line.at), "kind": line.kind, "state": line.state, "who": line.who or None, "why": line.why or None, "to": line.to or None,
                "letter": line.told.state if line.told else None,
                "deliveries": [
                    {"to": s.name or None, "channel": s.channel, "state": s.state, "at": _time(s.at), "tries": s.tries, "maybe_twice": s.maybe_twice, "why": s.why or None}
                    for s in (line.told.sendings if line.told else ())
                ],
            }
            for line in one.timeline
        ],
    }  # fmt: skip


def _row(one: AlertView) -> list[str]:
    following = f"{one.next.kind} {one.next.to} {_time(one.next.at)}" if one.next else ""
    about = one.title.code.removeprefix("alert.rule.")
    return [
        f"{one.person_id}/{one.alert_id}", one.name, Severity(one.severity).word, one.state, about, _time(one.raised_at) or "", " ".join(following.split()),
    ]  # fmt: skip


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None

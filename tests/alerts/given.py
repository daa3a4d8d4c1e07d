"""This is the place where readings for the tests of alerts are made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.alerts.readings import Issue, Reading, reading
from core.alerts.replay import Act, Replayed, replay
from core.alerts.rules_json import in_use
from core.alerts.rules_table import RULES
from core.alerts.states import Alert

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def at(day: float) -> datetime:
    return START + timedelta(days=day)


def one(day: float, value: float, unit: str = "lb", signal: str = "weight", zone: str = "UTC") -> Reading:
    made = reading((at(day), ZoneInfo(zone)), signal, value, unit, int(day * 24) + 1000)
    assert not isinstance(made, Issue)
    return made


def weights(*pairs: tuple[float, float], unit: str = "lb") -> list[Reading]:
    return [one(day, value, unit) for day, value in pairs]


def run(readings: list[Reading], *acts: Act, until: float | None = None, rules=RULES) -> Replayed:  # type: ignore[no-untyped-def]
    return replay(in_use(rules), readings, acts, None if until is None else at(until))


def gain(said: Replayed) -> Alert:
    """The one alert about a gain of weight."""
    found = [alert for alert in said.alerts if alert.family == "weight_gain"]
    assert len(found) == 1, [alert.alert_id for alert in said.alerts]
    return found[0]


def events(alert: Alert) -> list[str]:
    return [entry.kind.value for entry in alert.timeline]


def act(day: float, what: str, where: str = "", direction: str = "", hours: float = 0.0) -> Act:
    return Act(at(day), what, "nurse", "seen", where, direction, hours, int(day * 24) + 5000)

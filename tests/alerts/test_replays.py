"""Series of weights that nobody wrote down beforehand, against the two published rules read plainly: whenever those fire, an alert is open."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.alerts.readings import Reading
from core.alerts.replay import Replayed
from core.alerts.rules_table import FIVE_POUNDS
from tests.alerts.given import START, act, at, run

STEP = st.tuples(st.sampled_from([0.1, 0.4, 1, 1, 1, 2, 3, 8, 15]), st.floats(-3, 3.5).map(lambda x: round(x, 2)))


def series(begin: float, steps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    day, value = 0.0, begin
    found = [(day, value)]
    for gap, change in steps:
        day, value = day + gap, min(max(value + change, begin * 0.9), begin * 1.3)
        found.append((day, round(value, 2)))
    return found


def readings(pairs: list[tuple[float, float]]) -> list[Reading]:
    return [Reading(at(day), at(day).toordinal(), "weight", value, line) for line, (day, value) in enumerate(pairs, start=2)]


def plainly(rows: list[Reading]) -> Reading | None:
    """The first reading at which 0.9 kg in a day or five pounds in a week are reached, read as they are printed."""
    for place, later in enumerate(rows):
        for earlier in rows[:place]:
            days, rise = later.day - earlier.day, later.value - earlier.value
            if (days <= 1 and rise >= 0.9) or (days <= 7 and rise >= FIVE_POUNDS):
                return later
    return None


SERIES = st.builds(series, st.floats(60, 130).map(lambda x: round(x, 1)), st.lists(STEP, min_size=1, max_size=25))


def said_of(replayed: Replayed) -> list[tuple[object, ...]]:
    return [(alert.alert_id, alert.state, alert.severity, alert.raised_at, alert.worst) for alert in replayed.alerts]


@settings(max_examples=150, deadline=None)
@given(pairs=SERIES)
def test_whenever_the_published_rules_fire_an_alert_is_open_and_stays_open(pairs: list[tuple[float, float]]) -> None:
    rows = readings(pairs)
    first = plainly(rows)
    if first is None:
        return
    alerts = [alert for alert in run(rows, until=pairs[-1][0] + 60).alerts if alert.family == "weight_gain"]
    assert alerts
    assert alerts[0].raised_at <= first.at
    assert alerts[0].open


@settings(max_examples=80, deadline=None)
@given(pairs=SERIES, data=st.data())
def test_order_duplicates_and_units_change_nothing(pairs: list[tuple[float, float]], data: st.DataObject) -> None:
    rows = readings(pairs)
    plain = said_of(run(rows))
    assert said_of(run(data.draw(st.permutations(rows)))) == plain
    assert said_of(run([*rows, *rows])) == plain
    noisy = [Reading(row.at, row.day, row.signal, row.value / 0.45359237 * 0.45359237, row.line) for row in rows]
    assert [one[:4] for one in said_of(run(noisy))] == [one[:4] for one in plain]


@settings(max_examples=50, deadline=None)
@given(pairs=SERIES, weeks=st.integers(-50, 50))
def test_the_same_series_at_another_time_is_the_same_story(pairs: list[tuple[float, float]], weeks: int) -> None:
    rows = readings(pairs)
    away = timedelta(weeks=weeks)
    moved = [Reading(row.at + away, row.day + 7 * weeks, row.signal, row.value, row.line) for row in rows]
    told = [[(entry.at - START, entry.kind) for entry in alert.timeline] for alert in run(rows).alerts]
    assert [[(entry.at - away - START, entry.kind) for entry in alert.timeline] for alert in run(moved).alerts] == told


@settings(max_examples=80, deadline=None)
@given(pairs=SERIES, more=st.floats(0.91, 3), hours=st.integers(1, 168), what=st.sampled_from(["ack", "snooze", "act"]))
def test_what_was_taken_or_snoozed_comes_back_when_it_gets_worse_by_a_step(
    pairs: list[tuple[float, float]], more: float, hours: int, what: str
) -> None:
    rows = readings(pairs)
    open_now = [alert for alert in run(rows).alerts if alert.family == "weight_gain"]
    if not open_now:
        return
    last, worst = pairs[-1][0], open_now[0].worst
    further = Reading(
        at(last + 0.02), at(last + 0.02).toordinal(), "weight", round(min(worst + more, rows[-1].value * 1.07), 3), 999
    )
    if further.value < worst + 0.9:
        return
    taken = act(last + 0.01, what, "" if what == "snooze" else "weight", "high", float(hours))
    alert = next(alert for alert in run([*rows, further], taken).alerts if alert.family == "weight_gain")
    assert alert.held_until is None
    assert not alert.taken
    assert alert.timeline[-1].at == further.at


def test_a_snooze_on_a_signal_or_a_direction_holds_no_other() -> None:
    rows = readings([(0, 80), (1, 84)])
    low = [Reading(at(1), at(1).toordinal(), "spo2", 90), Reading(at(1.01), at(1).toordinal(), "spo2", 90)]
    for mute in (act(0.5, "snooze", "sbp", "high", 100), act(0.5, "snooze", "", "low", 100)):
        told = {alert.signal: alert.held_until for alert in run([*rows, *low], mute).alerts}
        assert told["weight"] is None
    told = {alert.signal: alert.held_until for alert in run([*rows, *low], act(0.5, "snooze", "", "high", 100)).alerts}
    assert told["spo2"] is None

"""This is the place where the views of one kind of signal become files: what is drawn or listed, one line each, as spreadsheets open it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import StringIO

from core.care.missing import MissingView
from core.care.special_views import ActiveView, DayCurves, FindingsView, PressureView, RestingView, SleepView
from core.ui.missing_words import missing_reason
from core.ui.sentences import sentence
from core.ui.trend_parts import harmless
from core.ui.words import Words


def curves(t: Words, found: DayCurves, unit: str) -> bytes:
    """A day out of many: the time of day, the percentiles, how many samples and days stand behind them."""
    head = [t("trends.csv_time_of_day"), *(t("trends.csv_percentile", percent=percent) for percent in found.percent), t("table.unit"), t("trends.samples"), t("trends.csv_days")]
    rows = []
    for at, minute in enumerate(found.minute.tolist()):
        numbers = [f"{number:g}" if number == number else "" for number in found.curves[:, at].tolist()]
        rows.append([f"{minute // 60:02d}:{minute % 60:02d}", *numbers, unit, int(found.count[at]), int(found.days[at])])
    return _written(head, rows)


def nights(t: Words, view: SleepView) -> bytes:
    """The nights, minutes in each stage."""
    stages = ("asleep", "deep", "light", "rem", "awake", "in_bed")
    head = [t("sleep.night"), *(t("trends.csv_minutes", what=t("state_of." + stage)) for stage in stages), t("sleep.awakenings")]
    return _written(head, ([one.day, *(f"{getattr(one, stage):g}" for stage in stages), one.awakenings] for one in view.nights))


def findings(t: Words, view: FindingsView) -> bytes:
    """What the device said."""
    head = [t("table.when"), t("findings.said"), t("findings.lasted"), t("findings.device")]
    return _written(head, ([one.when, t("state_of." + one.state), one.seconds or "", harmless(one.device)] for one in view.findings))


def missing(t: Words, view: MissingView) -> bytes:
    """Every day with its state and reason, for the signal and then for each device."""
    head = [t("table.when"), t("findings.device"), t("table.state"), t("trends.csv_why"), t("trends.samples")]
    everything = [(one, "") for one in view.days] + [(one, stream.device or stream.source) for stream in view.streams for one in stream.days]
    rows = ([one.day.isoformat(), harmless(device), t("missing." + one.state), missing_reason(t, one.why), one.have] for one, device in everything)
    return _written(head, rows)


def resting(t: Words, view: RestingView) -> bytes:
    """The nights with their resting pulse and what was usual."""
    head = [t("sleep.night"), t("signal.rhr"), t("resting.usual"), t("resting.filled")]
    rows = zip(view.day.tolist(), view.rate.tolist(), view.baseline.tolist(), view.filled.tolist(), strict=True)
    return _written(head, ([_day(day), rate, usual, t("value.yes") if filled else ""] for day, rate, usual, filled in rows))


def active(t: Words, view: ActiveView) -> bytes:
    """The active minutes of each day."""
    head = [t("table.when"), t("active.moderate"), t("active.vigorous")]
    rows = zip(view.day.tolist(), view.moderate.tolist(), view.vigorous.tolist(), strict=True)
    return _written(head, ([_day(day), moderate, vigorous] for day, moderate, vigorous in rows))


def _day(wall: int) -> str:
    return datetime.fromtimestamp(wall / 1e9, UTC).date().isoformat()


def pressure(t: Words, view: PressureView) -> bytes:
    """The sentences of the home average."""
    return _written([t("trends.csv_signal")], ([sentence(t, fact)] for fact in (view.average, *view.halves, *view.notes, view.weeks)))


def _written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")

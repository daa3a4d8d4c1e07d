"""This is the place where the views of one kind of signal become files: what is drawn or listed, one line each, as spreadsheets open it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from core.care.missing import MissingView
from core.care.special_views import DayCurves, FindingsView, PressureView, SleepView
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


def pressure(t: Words, view: PressureView) -> bytes:
    """The sentences of the home average."""
    return _written([t("trends.csv_signal")], ([sentence(t, fact)] for fact in (view.average, *view.halves, *view.notes, view.weeks)))


def _written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")

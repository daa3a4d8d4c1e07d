"""This is the place where it is checked that a chart shows the facts of its view, and nothing else."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.care.views import MedicineSpan, TrendColumns
from core.domain.records import SourceMark
from core.ui import charts, trend_parts
from core.ui.axes import MOST_TICKS, local_ms, ticks
from core.ui.lanes import MOST_LANES, lanes
from core.ui.spark import sparkline
from core.ui.words import languages, words
from tests.ui.given import CUFF, DAY_NS, NOW, trend_view

T = words("en")


def marks(figure: object) -> list:  # type: ignore[type-arg]
    return [trace for trace in figure.data if "markers" in (trace.mode or "") and trace.yaxis in ("y", "y2")]  # type: ignore[attr-defined]


def test_a_gap_stays_a_gap() -> None:
    figure = charts.chart(T, trend_view(), "light")
    line = next(trace for trace in figure.data if trace.mode == "lines+markers" and trace.yaxis == "y")
    holes = np.isnan(np.asarray(line.y, dtype=float))
    assert holes.sum() == 1
    assert any(note.text == T("trends.gap_short") for note in figure.layout.annotations)


def test_a_line_joins_dense_points_only() -> None:
    seldom = replace(trend_view(), columns=(TrendColumns("sbp", CUFF, np.arange(6, dtype="int64") * 30 * DAY_NS, np.arange(6.0)),), gaps=())
    figure = charts.chart(T, seldom, "light")
    assert [trace.mode for trace in figure.data if trace.yaxis == "y"] == ["markers"]


def test_every_point_is_where_it_was_measured() -> None:
    view = trend_view()
    shown = [(x, y) for trace in marks(charts.chart(T, view, "light")) for x, y in zip(trace.x, trace.y, strict=True) if not np.isnan(y)]
    given = [(ms, v) for c in view.columns for ms, v in zip(local_ms(c.time, UTC), c.value, strict=True)]
    assert len(shown) == len(given)
    assert np.allclose(np.array(sorted(shown)), np.array(sorted(given)))


def test_sources_differ_by_shape_and_by_colour() -> None:
    found = {(trace.marker.symbol.removesuffix("-open"), trace.marker.color) for trace in marks(charts.chart(T, trend_view(), "light"))}
    assert len({shape for shape, _ in found}) == len({colour for _, colour in found}) == 2


def test_a_limit_value_is_an_open_mark_with_its_sign() -> None:
    open_marks = [trace for trace in marks(charts.chart(T, trend_view(), "light")) if trace.marker.symbol.endswith("-open")]
    assert [tuple(trace.text) for trace in open_marks] == [("<",)]
    assert len(open_marks[0].x) == 1


def test_the_target_is_a_band_with_an_edge_and_words() -> None:
    figure = charts.chart(T, trend_view(), "light")
    assert [shape.y0 for shape in figure.layout.shapes if shape.type == "line" and shape.yref == "y"] == [135.0]
    assert "Target: below 135" in [note.text for note in figure.layout.annotations]


def test_the_time_axis_is_true_and_its_ticks_are_few_and_in_the_language() -> None:
    for language in languages():
        for days in (7, 30, 90, 365, 1826, 20000):
            found = ticks(words(language), NOW - timedelta(days=days), NOW)
            assert 1 <= len(found.at) <= MOST_TICKS + 1
            assert list(found.at) == sorted(found.at)
    assert "月" in ticks(words("zh_Hans"), NOW - timedelta(days=90), NOW).text[0]


def test_ticks_stand_at_local_midnight_where_the_clock_changes() -> None:
    t = words("en", ZoneInfo("Europe/Berlin"))
    found = ticks(t, datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 10, 29, tzinfo=UTC))
    assert all(ms % 86_400_000 == 0 for ms in found.at)


def test_medicines_lie_below_with_their_start_and_stop() -> None:
    shown = lanes(T, trend_view())
    assert [(lane.title, lane.starts, lane.stops) for lane in shown] == [("Ramipril 5 mg", False, True), ("Amlodipine 5 mg", True, False)]


def test_medicines_outside_the_time_or_without_a_start_are_not_drawn() -> None:
    spans = (MedicineSpan("Old", "2010", "2011", "a"), MedicineSpan("Unknown", "", "2026-10-01", "b"), MedicineSpan("Later", "2030-01-01", "", "c"))
    assert lanes(T, trend_view(medicines=spans)) == ()


def test_many_medicines_don_t_bury_the_chart() -> None:
    spans = tuple(MedicineSpan(f"M{i}", "2020-01-01", "", str(i)) for i in range(30))
    assert len(lanes(T, trend_view(medicines=spans))) == MOST_LANES


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_two_thousand_points_are_a_small_message(theme: str) -> None:
    time = int(NOW.timestamp() * 1e9) - np.arange(2000, dtype="int64")[::-1] * 3600 * 10**9
    view = trend_view(columns=(TrendColumns("sbp", CUFF, time, 120 + np.sin(np.arange(2000)) * 20),), gaps=(), bands=())
    size = len(charts.chart(T, view, theme).to_json())
    assert size < 62_000


def test_an_ordinary_chart_is_a_small_message() -> None:
    assert len(charts.chart(T, trend_view(), "light").to_json()) < 20_000


def test_a_hostile_source_name_is_no_markup() -> None:
    evil = SourceMark("s", "file", "<b>%{x}</b>")
    view = trend_view(columns=tuple(replace(c, source=evil) for c in trend_view().columns))
    drawn = json.loads(charts.chart(T, view, "light").to_json())
    assert "<b>" not in json.dumps(drawn["data"])
    assert "<b>" not in trend_parts.legend(T, view) + trend_parts.values_table(T, replace(view, rows=tuple(replace(r, sources=(evil,)) for r in view.rows)), view.rows, "x")


def test_a_chart_without_points_is_drawn_without_fail() -> None:
    empty = trend_view(columns=(), bands=(), gaps=(), rows=(), medicines=())
    assert charts.chart(T, empty, "light").layout.height > 0


@pytest.mark.parametrize("language", languages())
def test_sentence_legend_and_table_say_what_the_picture_shows(language: str) -> None:
    t = words(language)
    view = trend_view()
    assert "Cuff at home" in trend_parts.legend(t, view)
    assert t("trends.bounded") in trend_parts.legend(t, view)
    table = trend_parts.values_table(t, view, view.rows, "x")
    assert table.count("<tr>") == len(view.rows) + 1
    assert t("trends.left_out", n=1) in trend_parts.said(t, view)
    assert trend_parts.alt(t, view)


def test_the_csv_holds_every_row_and_no_formula() -> None:
    view = trend_view()
    evil = replace(view, rows=tuple(replace(row, sources=(SourceMark("x", "file", "=1+1"),)) for row in view.rows))
    rows = list(csv.reader(StringIO(trend_parts.values_csv(T, evil).decode("utf-8-sig"))))
    assert len(rows) == len(view.rows) + 1
    assert rows[1][:4] == ["2026-11-20", "140", "88", "mm[Hg]"]
    assert rows[1][4] == "'=1+1"


def test_a_sparkline_is_one_small_picture_with_a_sentence() -> None:
    points = [(i * 86400.0, 100 + i % 7) for i in range(30)]
    drawn = sparkline(points, (None, 110.0), "Thirty values")
    assert 'alt="Thirty values"' in drawn
    assert len(drawn) < 2500


def test_a_sparkline_breaks_at_a_silence_and_leaves_out_a_lonely_start() -> None:
    run = [(1e8 + i * 86400.0, float(i % 5)) for i in range(20)]
    broken = sparkline([*run[:10], *[(t + 60 * 86400, v) for t, v in run[10:]]], None, "x")
    assert broken.count("M") > sparkline(run, None, "x").count("M")
    assert sparkline([(0.0, 3.0), *run], None, "x") == sparkline(run, None, "x")


@pytest.mark.parametrize("points", [[], [(0.0, 1.0)]])
def test_fewer_than_two_points_are_no_sparkline(points: list[tuple[float, float]]) -> None:
    assert sparkline(points, None, "x") == ""

"""This is the place where it is checked that Trends draws several signals on one axis, takes orders, and keeps what a person writes."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise

import numpy as np
import pytest

from core.care import notes, pictures, sessions
from core.care.access import COMMAND_LINE
from core.care.picture_views import Cells, Happening, Part, Picture, PictureQuery
from core.care.special_views import Share
from core.domain.audit import AuditEvent
from core.domain.samples import Columns, Note, Samples, SeriesChoices
from core.ports import ImportHead, Ports
from core.ui import cell_marks, charts, picture_parts, special_parts
from core.ui.chart_tools import instant_of
from core.ui.words import languages, words
from tests.ui.given import DAY_NS, NOW, trend_view
from tests.ui.visitor import Visitor

T = words("en")
HOUR, MINUTE = 3600 * 10**9, 60 * 10**9


def cells(name: str, kind: str, days: list[int], middle: float = 60.0) -> Cells:
    start = np.array(days, dtype=np.int64) * DAY_NS + 20_700 * DAY_NS
    value = np.full(len(days), middle)
    spread = value if kind == "band" else np.full(len(days), np.nan)
    return Cells(name, kind, "1d", start, start + DAY_NS, value, spread - 5, spread + 5, spread - 20, spread + 40, np.full(len(days), 9), np.ones(len(days), dtype=bool))


def picture(*parts: Part, **more: object) -> Picture:
    query = PictureQuery(tuple(part.signal for part in parts))
    return replace(Picture(1, NOW, query, NOW - timedelta(days=90), NOW, "UTC", parts), **more)


def pulse(**more: object) -> Part:
    view = replace(trend_view(columns=(), bands=(), gaps=(), rows=(), sentence=()), signal="hr", label="signal.hr", unit="/min")
    return replace(Part("hr", "average", view, (cells("hr", "band", [0, 1, 2, 5, 6]),), every="1d"), **more)


def steps() -> Part:
    view = replace(trend_view(columns=(), bands=(), gaps=(), rows=(), sentence=()), signal="steps", label="signal.steps", unit="{steps}")
    return Part("steps", "cumulative", view, (cells("Watch", "bar", [0, 1, 2], 4000), cells("Phone", "bar", [1, 3], 1000)), every="1d")


def test_signals_stand_below_one_another_on_one_time_axis() -> None:
    figure = charts.stack(T, picture(pulse(), steps(), Part("blood_pressure", "event", trend_view())), "light", zoom=True)
    axes = [figure.layout[name] for name in ("yaxis", "yaxis2", "yaxis3", "yaxis4")]
    domains = [axis.domain for axis in axes]
    assert all(above[0] >= below[1] for above, below in pairwise(domains))
    assert {trace.xaxis for trace in figure.data} <= {None, "x"}
    assert figure.layout.dragmode == "zoom"
    assert not figure.layout.xaxis.fixedrange
    assert all(axis.fixedrange for axis in axes)


def test_days_without_samples_stay_empty_in_bands_lines_and_bars() -> None:
    figure = charts.stack(T, picture(pulse(), steps()), "light")
    line = next(trace for trace in figure.data if trace.customdata is not None)
    assert np.isnan(np.asarray(line.y, dtype=float)).sum() == 1
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [len(bar.x) for bar in bars] == [3, 2]
    assert figure.layout.barmode == "stack"
    assert figure.layout.yaxis2.range[0] == 0
    assert figure.layout.yaxis2.range[1] >= 5000


def test_the_band_reaches_to_the_extremes_of_every_day() -> None:
    ribbons = [trace for trace in charts.stack(T, picture(pulse()), "light").data if trace.fill == "toself"]
    assert (np.nanmin(ribbons[0].y), np.nanmax(ribbons[0].y)) == (40.0, 100.0)
    assert cell_marks.reach(pulse(), "hr") == (40.0, 100.0)


def test_a_day_that_is_not_over_is_paler() -> None:
    part = steps()
    open_day = replace(part.cells[0], whole=np.array([True, True, False]))
    bar = next(trace for trace in charts.stack(T, picture(replace(part, cells=(open_day,))), "light").data if trace.type == "bar")
    assert list(bar.marker.opacity) == [1.0, 1.0, 0.55]


def test_happenings_have_a_mark_a_line_and_their_words() -> None:
    happened = (Happening(20_701 * DAY_NS, "note", "<b>Flu</b>", "n1"), Happening(20_702 * DAY_NS, "visit", "Check-up"))
    figure = charts.stack(T, picture(pulse(), happenings=happened), "light")
    texts = [text for trace in figure.data for text in (trace.text if trace.text is not None else ())]
    assert T("trends.event", kind=T("trends.event_visit"), text="Check-up") in texts
    assert not any("<b>" in str(text) for text in texts)
    assert len([shape for shape in figure.layout.shapes if shape.type == "line" and shape.yref == "paper"]) == 2


@pytest.mark.parametrize("language", languages())
def test_everything_that_is_drawn_is_said_and_in_the_legend(language: str) -> None:
    t = words(language)
    drawn = picture(pulse(), replace(steps(), before=(cells("Watch", "bar", [0, 1]),)), happenings=(Happening(0, "note", "Flu", "n1"),))
    legend = picture_parts.legend(t, drawn)
    for word in ("Watch", "Phone", t("trends.median_by_1d"), t("trends.band_words"), t("trends.before_mark"), t("trends.event_lane")):
        assert word in legend
    assert t("signal.hr") in picture_parts.alt(t, drawn)
    assert picture_parts.cells_table(t, drawn.parts[0], "x").count("<tr>") == 6
    assert picture_parts.cells_table(t, drawn.parts[1], "x").count("<tr>") == 5


def test_the_file_holds_what_is_shown_and_no_formula() -> None:
    evil = replace(steps(), cells=(replace(steps().cells[0], name="=1+1"),))
    rows = list(csv.reader(StringIO(picture_parts.picture_csv(T, picture(pulse(), evil, Part("blood_pressure", "event", trend_view()))).decode("utf-8-sig"))))
    assert len(rows) == 1 + 5 + 3 + 40
    assert {row[-1] for row in rows[1:] if row[0] == T("signal.steps")} == {"'=1+1"}
    assert all(len(row) == len(rows[0]) for row in rows)


def test_a_hostile_device_name_is_no_markup() -> None:
    evil = replace(steps(), cells=(replace(steps().cells[0], name="<img src=x>%{x}"),))
    drawn = picture(evil)
    assert "<img src=x" not in json.dumps(json.loads(charts.stack(T, drawn, "light").to_json())["data"])
    assert "<img src=x" not in picture_parts.legend(T, drawn) + picture_parts.cells_table(T, evil, "x")


def test_a_part_of_nothing_has_words_and_no_bar() -> None:
    bar = special_parts.tir_bar(T, (Share("tir", 100.0, 70, 180), Share("tar2", 0.0, 251, None)), "mg/dL")
    assert bar.count('style="flex-grow') == 1
    assert T("glucose.range_tar2") in bar


def test_the_axis_s_clock_becomes_an_instant() -> None:
    from zoneinfo import ZoneInfo

    wall = datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp() * 1000
    assert instant_of(wall, ZoneInfo("Asia/Kolkata")) == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


# the page ---------------------------------------------------------------------------------------------------------------


def own_person(ports: Ports) -> str:
    account = next(one for one in sessions.demo_accounts(ports) if one.role == "patient")
    return ports.store.account(account.account_id).persons[0]


def with_devices(ports: Ports) -> str:
    """A watch and a phone of the first demo patient: two weeks of pulse, steps, sleep and a sensor."""
    person_id, now = own_person(ports), ports.clock.now()
    event = AuditEvent(now, "system", "system", "import_records", person_id)
    midnight = int(now.timestamp()) // 86_400 * 86_400 * 10**9
    every_ten = midnight - 20 * DAY_NS + np.arange(20 * 144, dtype=np.int64) * 10 * MINUTE
    hourly = midnight - 20 * DAY_NS + np.arange(20 * 24, dtype=np.int64) * HOUR
    nightly = np.array([midnight - day * DAY_NS - HOUR for day in range(20)], dtype=np.int64)
    head = ImportHead("file", "Watch export", "export.zip", now)
    with ports.store.importing_samples(head, "digest", event, person_id=person_id) as importing:
        importing.append(person_id, Samples("hr", Columns.of(every_ten, 60 + np.arange(len(every_ten)) % 30), "Watch"))
        importing.append(person_id, Samples("steps", Columns.of(hourly, np.full(len(hourly), 300.0), hourly + HOUR), "Watch"))
        importing.append(person_id, Samples("steps", Columns.of(hourly, np.full(len(hourly), 250.0), hourly + HOUR), "Phone"))
        importing.append(person_id, Samples("sleep_stage", Columns.of(nightly, np.full(20, 3.0), nightly + 7 * HOUR), "Watch"))
        importing.append(person_id, Samples("rhythm_flag", Columns.of([midnight - DAY_NS], [0.0]), "Watch"))
        importing.append(person_id, Samples("cgm_glucose", Columns.of(every_ten, np.full(len(every_ten), 120.0)), "Sensor"))
        importing.step(1)
        importing.finish(finished_at=now)
    ports.store.save_series_choices(person_id, SeriesChoices(zone="UTC"), event)
    return person_id


def opened(ports: Ports, language: str = "en", **asked: str) -> Visitor:
    visitor = Visitor(ports).speak(language).sign_in("patient")
    for name, value in asked.items():
        visitor.app.query_params[name] = value
    return visitor.go("trends")


def test_the_page_from_pulse_to_missing_days(own_ports: Ports) -> None:
    with_devices(own_ports)
    visitor = opened(own_ports, signal="hr", **{"with": "steps,sleep_stage", "range": "1M"})
    assert visitor.problems == []
    assert visitor.app.multiselect(key="trend_with").value == ["steps", "sleep_stage"]
    for text in (T("signal.hr"), T("state_of.light"), T("trends.median_by_1d")):
        assert text in visitor.text
    assert "because Watch told of the same time" in visitor.text
    for look in ("hours", "missing", "time"):
        visitor.app.segmented_control(key="trend_look").set_value(look).run()
        assert visitor.problems == []
    assert visitor.app.query_params["with"] == "steps,sleep_stage"


@pytest.mark.parametrize(
    "signal, look, said",
    [("cgm_glucose", "typical", "glucose.curves"), ("sleep_stage", "nights", "sleep.choose"), ("rhythm_flag", "findings", "caution.vendor_finding"), ("blood_pressure", "home", "pressure.protocol")],
)
@pytest.mark.parametrize("language", languages())
def test_every_kind_has_its_view_in_both_languages(own_ports: Ports, language: str, signal: str, look: str, said: str) -> None:
    with_devices(own_ports)
    visitor = opened(own_ports, language, signal=signal, range="1M")
    visitor.app.segmented_control(key="trend_look").set_value(look).run()
    assert visitor.problems == []
    assert words(language)(said) in visitor.text


def test_zooming_asks_for_finer_data_and_goes_back(own_ports: Ports) -> None:
    with_devices(own_ports)
    visitor = opened(own_ports, signal="hr", range="1M")
    visitor.app.button(key="trend_closer").click().run()
    visitor.app.button(key="trend_closer").click().run()
    assert visitor.problems == []
    assert not visitor.app.button(key="trend_whole").disabled
    visitor.app.button(key="trend_earlier").click().run()
    visitor.app.button(key="trend_whole").click().run()
    assert visitor.app.button(key="trend_whole").disabled
    assert visitor.problems == []


def test_a_source_is_left_out_and_taken_in_again(own_ports: Ports) -> None:
    with_devices(own_ports)
    visitor = opened(own_ports, signal="steps", range="1M")
    box = next(one for one in visitor.app.checkbox if "Watch" in one.label)
    box.uncheck().run()
    assert visitor.problems == []
    assert "because Watch told of the same time" not in visitor.text
    assert "Phone" in visitor.text
    next(one for one in visitor.app.checkbox if "Watch" in one.label).check().run()
    assert "because Watch told of the same time" in visitor.text


def test_a_note_can_be_written_and_is_shown_and_taken_back_by_the_person_alone(own_ports: Ports) -> None:
    person_id = with_devices(own_ports)
    visitor = opened(own_ports, signal="hr", range="1M")
    visitor.app.button(key="trend_note").click().run()
    assert visitor.problems == []
    assert visitor.app.text_area(key="note_text").value == ""
    note_id = notes.add(own_ports, COMMAND_LINE, person_id, own_ports.clock.now(), Note("", 0, "Started <b>running</b>"))
    assert "&lt;b&gt;running" in visitor.go("trends").markup
    carer = Visitor(own_ports).sign_in("caregiver").go("trends")
    assert carer.problems == []
    assert T("trends.add_note") not in carer.markup
    visitor.app.button(key=f"remove_{note_id}").click().run()
    assert "running" not in visitor.text


def test_the_file_is_made_when_it_is_asked_for_and_leaves_a_line(own_ports: Ports) -> None:
    person_id = with_devices(own_ports)
    query = PictureQuery(("steps",), "1M")
    view = pictures.picture(own_ports, COMMAND_LINE, person_id, query)
    rows = list(csv.reader(StringIO(picture_parts.picture_csv(T, view).decode("utf-8-sig"))))
    watch = [float(row[3]) for row in rows[1:] if row[-1] == "Watch"]
    assert len(watch) == 20
    assert set(watch[1:]) == {7200.0}
    notes.add(own_ports, COMMAND_LINE, person_id, own_ports.clock.now(), Note("", 0, "Flu"))
    assert pictures.picture(own_ports, COMMAND_LINE, person_id, query).happenings[-1].text == "Flu"

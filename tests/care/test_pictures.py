"""This is the place where it is tested what the Trends page is given: pictures of several signals, and the views of one kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.care import findings, glucose_day, home_readings, hours, nights, notes, offers, pictures, trends
from core.care.access import COMMAND_LINE
from core.care.picture_views import Cells, Part, Picture, PictureQuery
from core.domain.people import Preferences, Role
from core.domain.samples import FLOATING, IMPLAUSIBLE, UNVALIDATED, Columns, Note, Samples, SeriesChoices
from core.errors import BadInput, NotFound
from core.ports import ImportHead, Ports
from core.ui import charts
from core.ui.words import words
from tests.care.given import NOW, add_account, add_person, event, ports_with, signed_in
from tests.care.test_views import about, keep, observation

MINUTE, HOUR, DAY = 60 * 10**9, 3600 * 10**9, 86_400 * 10**9
ZONE = "Europe/Berlin"


@pytest.fixture
def ports() -> Ports:
    return ports_with()


@pytest.fixture
def person_id(ports: Ports) -> str:
    return add_person(ports)


def at(day: int, hour: float = 0.0, zone: str = ZONE) -> int:
    """The ns of an hour of a local day so many days before today."""
    local = datetime(2026, 11, 21, tzinfo=ZoneInfo(zone)) - timedelta(days=day)
    return round(local.timestamp()) * 10**9 + round(hour * HOUR)


def bring_in(ports: Ports, person_id: str, *samples: Samples, label: str = "Export", zone: str = ZONE) -> None:
    head = ImportHead("file", label, label + ".zip", NOW)
    with ports.store.importing_samples(head, label, event(), person_id=person_id) as importing:
        for one in samples:
            importing.append(person_id, one)
        importing.step(1)
        importing.finish(finished_at=NOW)
    if zone:
        ports.store.save_series_choices(person_id, replace(ports.store.series_choices(person_id), zone=zone), event())


def minutes_of(days: Iterable[int], value: float = 60.0, first: int = 0, last: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """A level each ten minutes between two hours, the lowest and highest of a day told apart by the day."""
    starts, values = [], []
    for day in days:
        clock = np.arange(first * 6, last * 6) * 10 * MINUTE
        starts.append(at(day) + clock)
        level = value + 10 * np.sin(clock / DAY * 2 * np.pi)
        level[3], level[-4] = value - 20 - day % 7, value + 60 + day % 11
        values.append(level)
    return np.concatenate(starts), np.concatenate(values)


def draw(ports: Ports, person_id: str, *signals: str, span: str = "3M", **more: object) -> Picture:
    return pictures.picture(ports, COMMAND_LINE, person_id, PictureQuery(signals, span, **more))  # type: ignore[arg-type]


def codes(part: Part) -> list[str]:
    return [fact.code for fact in part.facts]


def by_name(part: Part) -> dict[str, Cells]:
    return {cells.name: cells for cells in part.cells}


def test_everything_that_is_there_is_offered_in_groups_with_its_newest_time(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, observation("w1", "29463-7", 70, "kg"))
    starts, values = minutes_of(range(1, 4))
    bring_in(ports, person_id, Samples("hr", Columns.of(starts, values), "Watch"), Samples("sbp", Columns.of([at(2, 8)], [130.0]), "Cuff"))
    view = offers.offers(ports, COMMAND_LINE, person_id, trends.shelf(ports, COMMAND_LINE, person_id))
    found = {group.group: [offer.signal for offer in group.offers] for group in view.groups}
    assert found == {"heart": ["blood_pressure", "hr"], "body": ["weight"]}
    pulse = view.groups[0].offers[1]
    assert (pulse.count, pulse.sources, pulse.newest[:10]) == (len(values), ("Watch",), "2026-11-20")


def test_a_year_of_minutes_is_a_small_message_with_every_daily_extreme(ports: Ports, person_id: str) -> None:
    starts = at(364) + np.arange(364 * 1440, dtype=np.int64) * MINUTE
    values = 70 + np.random.default_rng(1).normal(0, 8, len(starts)).round(1)
    store = _Bins(ports, [Samples("hr", Columns.of(starts, values), "Watch")])
    part = draw(store.ports, person_id, "hr", span="1Y").parts[0]
    local = starts + np.array([ZoneInfo(ZONE).utcoffset(datetime.fromtimestamp(s / 1e9, UTC)).total_seconds() * 1e9 for s in starts[::1440]], dtype=np.int64).repeat(1440)  # type: ignore[union-attr]
    cells = part.cells[0]
    for row in (0, 100, 200, len(cells) - 2):
        mine = values[(local >= cells.start[row]) & (local < cells.end[row])]
        assert (cells.least[row], cells.most[row], cells.count[row]) == (mine.min(), mine.max(), len(mine))
    figure = charts.stack(words("en"), draw(store.ports, person_id, "hr", span="1Y"), "light", zoom=True)
    assert len(figure.to_json()) < 300_000


class _Bins:
    """A store that holds one big series (the plain one would need an object for each sample)."""

    def __init__(self, ports: Ports, samples: list[Samples]) -> None:
        from core.domain.bins import bins_of
        from core.domain.samples import BinStrand, Strand, Stream
        from core.domain.signals import SIGNALS

        inner = ports.store
        inner.save_series_choices(next(iter(inner.kept.people)), SeriesChoices(zone=ZONE), event())  # type: ignore[attr-defined]
        made = [
            (Stream(f"t{n}", "s", one.signal, one.device, one.grain, len(one.columns), int(one.columns.start[0]), int(one.columns.end[-1])), one.columns)
            for n, one in enumerate(samples)
        ]

        class Big:
            def __getattr__(self, name: str) -> object:
                return getattr(inner, name)

            def streams(self, person_id: str, event: object) -> tuple[Stream, ...]:
                return tuple(stream for stream, _ in made)

            def _cut(self, start: datetime, end: datetime) -> list[tuple[Stream, Columns]]:
                low, high = round(start.timestamp()) * 10**9, round(end.timestamp()) * 10**9
                return [(stream, columns.take((columns.start >= low) & (columns.start < high))) for stream, columns in made]

            def strands(self, person_id: str, signals: object, start: datetime, end: datetime, event: object) -> tuple[Strand, ...]:
                return tuple(Strand(stream, columns) for stream, columns in self._cut(start, end) if stream.signal in signals and len(columns))  # type: ignore[operator]

            def bins(self, person_id: str, signals: object, start: datetime, end: datetime, event: object) -> tuple[BinStrand, ...]:
                found = [(s, c) for s, c in self._cut(start, end) if s.signal in signals and len(c)]  # type: ignore[operator]
                return tuple(BinStrand(stream, bins_of(columns, SIGNALS[stream.signal])) for stream, columns in found)

        self.ports = replace(ports, store=Big())  # type: ignore[arg-type]


def test_a_watch_and_a_phone_do_not_count_twice_and_what_is_left_out_is_said(ports: Ports, person_id: str) -> None:
    starts = np.array([at(day, hour) for day in range(1, 8) for hour in (9, 12, 15)], dtype=np.int64)
    watch = Columns.of(starts, np.full(21, 500.0), starts + HOUR)
    phone = Columns.of(np.append(starts, at(3, 20)), np.full(22, 450.0), np.append(starts, at(3, 20)) + HOUR)
    bring_in(ports, person_id, Samples("steps", watch, "Apple Watch"), Samples("steps", phone, "iPhone"))
    part = draw(ports, person_id, "steps", span="1M").parts[0]
    used = {device.key: (device.used, device.left_out, device.instead) for device in part.devices}
    assert used == {"Apple Watch": (21, 0, ()), "iPhone": (1, 21, ("Apple Watch",))}
    assert by_name(part)["Apple Watch"].middle.tolist() == [1500.0] * 7
    assert by_name(part)["iPhone"].middle.tolist() == [450.0]
    without = draw(ports, person_id, "steps", span="1M", off=("Apple Watch",)).parts[0]
    assert by_name(without)["iPhone"].middle.sum() == 22 * 450.0
    assert [device.on for device in without.devices] == [False, True]


def test_days_are_the_person_s_own_also_where_only_the_clock_is_known(ports: Ports, person_id: str) -> None:
    local = np.array([(date(2026, 11, 10) - date(1970, 1, 1)).days * DAY + round(23.5 * HOUR)], dtype=np.int64)
    bring_in(ports, person_id, Samples("steps", Columns.of(local, [100.0], local + MINUTE, 0, FLOATING), "Band"), zone="Asia/Kolkata")
    part = draw(ports, person_id, "steps", span="1M").parts[0]
    assert [datetime.fromtimestamp(s / 1e9, UTC).date() for s in part.cells[0].start.tolist()] == [date(2026, 11, 10)]


def test_an_unknown_zone_is_said(ports: Ports, person_id: str) -> None:
    bring_in(ports, person_id, Samples("steps", Columns.of([at(2, 9)], [10.0], [at(2, 10)]), "Band"), zone="")
    assert [fact.code for fact in draw(ports, person_id, "steps").said] == ["trends.zone_unknown"]
    actor = signed_in(ports, add_account(ports, Role.PATIENT, "casey", persons=(person_id,)))
    ports.store.save_preferences(actor.account_id, Preferences(timezone=ZONE))
    view = pictures.picture(ports, actor, person_id, PictureQuery(("steps",)))
    assert (view.zone, view.said) == (ZONE, ())


def test_a_change_is_said_with_its_interval_or_how_many_days_are_lacking(ports: Ports, person_id: str) -> None:
    low, level = minutes_of(range(15, 45), 60.0)
    high, risen = minutes_of(range(1, 15), 72.0)
    bring_in(ports, person_id, Samples("hr", Columns.of(np.append(low, high), np.append(level, risen)), "Watch"))
    part = draw(ports, person_id, "hr", start="2026-11-07T00:00:00+01:00", end="2026-11-21T00:00:00+01:00").parts[0]
    change = next(fact for fact in part.facts if fact.code == "trends.change_up")
    assert change.facts["low"] <= change.facts["shift"] <= change.facts["high"]
    assert (change.facts["shift"], change.facts["days"]) == (12.0, 14)
    fresh = add_person(ports)
    few, values = minutes_of(range(1, 4))
    bring_in(ports, fresh, Samples("hr", Columns.of(few, values), "Watch"))
    lacking = next(fact for fact in draw(ports, fresh, "hr", span="1W").parts[0].facts if fact.code == "trends.change_needs")
    assert lacking.facts["n"] == 5
    assert "trends.usual_needs" in codes(draw(ports, fresh, "hr", span="1W").parts[0])


def test_the_usual_range_is_the_person_s_own_and_what_stands_out_is_said(ports: Ports, person_id: str) -> None:
    days = list(range(1, 30))
    starts = np.array([at(day, 12) for day in days], dtype=np.int64)
    amounts = np.array([15_000.0 if day == 1 else 6000.0 + 100 * (day % 5) for day in days])
    bring_in(ports, person_id, Samples("steps", Columns.of(starts, amounts, starts + HOUR), "Watch"))
    part = draw(ports, person_id, "steps", span="1M").parts[0]
    assert "trends.stands_out" in codes(part)
    [usual] = [band for band in part.trend.bands if band.kind == "usual"]
    assert 6000 <= (usual.low or 0) < (usual.high or 0) <= 6400


def test_missing_days_stay_empty_and_say_why(ports: Ports, person_id: str) -> None:
    starts, values = minutes_of(day for day in range(1, 40) if day not in (10, 11, 12))
    bring_in(ports, person_id, Samples("hr", Columns.of(starts, values), "Watch"))
    part = draw(ports, person_id, "hr", span="1M").parts[0]
    [gap] = part.trend.gaps
    assert (gap.start, gap.end) == (at(12), at(9))
    assert gap.why.startswith("missing.why.")
    assert part.missing is not None
    assert sum(n for state, n, _ in part.missing.parts if state == "not_worn") == 3
    assert len(part.cells[0]) == 28


def test_zooming_in_shows_every_sample_again(ports: Ports, person_id: str) -> None:
    starts, values = minutes_of(range(1, 60))
    bring_in(ports, person_id, Samples("hr", Columns.of(starts, values), "Watch"))
    whole = draw(ports, person_id, "hr", span="3M").parts[0]
    assert not whole.trend.columns
    assert len(whole.cells[0]) == 59
    first, last = (datetime.fromtimestamp(at(day) / 1e9, UTC).isoformat() for day in (6, 4))
    close = draw(ports, person_id, "hr", span="3M", start=first, end=last).parts[0]
    assert [len(column.time) for column in close.trend.columns] == [288]
    assert not close.cells


def test_thinning_keeps_the_extremes_of_every_day(ports: Ports, person_id: str) -> None:
    starts, values = minutes_of(range(1, 14))
    bring_in(ports, person_id, Samples("hr", Columns.of(starts, values), "Watch"))
    [column] = draw(ports, person_id, "hr", span="3M", most=100, start="2026-11-08T00:00:00+01:00", end="2026-11-21T00:00:00+01:00").parts[0].trend.columns
    assert len(column.time) < 150
    for day in range(1, 14):
        inside = (column.time >= at(day)) & (column.time < at(day - 1))
        mine = values[(starts >= at(day)) & (starts < at(day - 1))]
        assert column.value[inside].min() == pytest.approx(mine.min(), abs=0.05)
        assert column.value[inside].max() == pytest.approx(mine.max(), abs=0.05)


def test_the_time_before_lies_under_this_one(ports: Ports, person_id: str) -> None:
    starts = np.array([at(day, 12) for day in range(1, 15)], dtype=np.int64)
    bring_in(ports, person_id, Samples("steps", Columns.of(starts, np.arange(14.0) + 1, starts + HOUR), "Watch"))
    part = draw(ports, person_id, "steps", span="1W", compare=True).parts[0]
    assert part.before
    assert part.before[0].start.min() >= part.cells[0].start.min() - DAY
    assert part.before[0].middle.max() == 14.0
    assert not draw(ports, person_id, "steps", span="1W").parts[0].before


def test_a_cuff_joins_the_record_s_readings_in_the_same_table(ports: Ports, person_id: str) -> None:
    keep(ports, person_id, observation("w1", "29463-7", 70, "kg"))
    bring_in(ports, person_id, Samples("weight", Columns.of([at(3, 7), at(2, 7)], [71.0, 500.0], quality=[0, IMPLAUSIBLE]), "Scale"))
    part = draw(ports, person_id, "weight").parts[0]
    assert [row.values[0][1] for row in part.trend.rows] == [70.0, 71.0]
    assert {column.source.label for column in part.trend.columns} == {"Clinic", "Scale"}
    only = draw(ports, person_id, "weight", off=("Clinic",)).parts[0]
    assert [row.values[0][1] for row in only.trend.rows] == [71.0]


def test_what_is_measured_without_a_cuff_says_so_and_gets_no_verdict(ports: Ports, person_id: str) -> None:
    for device, bits, upper in (("Cuff", 0, 150.0), ("Glasses", UNVALIDATED, 170.0)):
        when = [at(2, 8 if device == "Cuff" else 9)]
        bring_in(
            ports, person_id, Samples("sbp", Columns.of(when, [upper], quality=bits), device),
            Samples("dbp", Columns.of(when, [90.0], quality=bits), device), label=device,
        )  # fmt: skip
    part = draw(ports, person_id, "blood_pressure").parts[0]
    assert part.cautions == ("caution.cuffless",)
    assert {row.sources[0].label: row.state for row in part.trend.rows} == {"Cuff": "watch", "Glasses": "unknown"}


def test_visits_and_notes_lie_on_the_axis(ports: Ports, person_id: str) -> None:
    visit = about("Encounter", "e1", status="finished", period={"start": "2026-11-03T10:00:00Z"}, type=[{"text": "Check-up"}])
    visit["class"] = {"code": "AMB"}
    keep(ports, person_id, visit, observation("w1", "29463-7", 70, "kg"))
    note_id = notes.add(ports, COMMAND_LINE, person_id, datetime(2026, 11, 5, 8, tzinfo=UTC), Note("", 0, "  Started  a diet "))
    found = [(one.kind, one.text, one.note_id) for one in draw(ports, person_id, "weight", span="1M").happenings]
    assert found == [("visit", "Check-up", ""), ("note", "Started a diet", note_id)]
    assert draw(ports, person_id, "weight", span="1D").happenings == ()
    notes.remove(ports, COMMAND_LINE, person_id, note_id)
    assert [one.kind for one in draw(ports, person_id, "weight", span="1M").happenings] == ["visit"]
    with pytest.raises(NotFound):
        notes.remove(ports, COMMAND_LINE, person_id, note_id)


@pytest.mark.parametrize("text, kind, ahead", [("", "note", 0), ("x" * 300, "note", 0), ("Flu", "diagnosis", 0), ("Flu", "note", 800)])
def test_a_note_that_is_none_is_refused(ports: Ports, person_id: str, text: str, kind: str, ahead: int) -> None:
    with pytest.raises(BadInput):
        notes.add(ports, COMMAND_LINE, person_id, NOW + timedelta(days=ahead), Note("", 0, text, kind))


@pytest.mark.parametrize(
    "query",
    [
        PictureQuery(("nope",)), PictureQuery(("hr",), "9Z"), PictureQuery(("hr",), start="x", end="y"), PictureQuery(("hr",) * 5),
        PictureQuery(("hr",), start="2026-11-01T00:00:00Z", end="2026-11-01T00:00:10Z"),
    ],
)  # fmt: skip
def test_a_query_that_is_none_is_refused(ports: Ports, person_id: str, query: PictureQuery) -> None:
    with pytest.raises(BadInput):
        pictures.picture(ports, COMMAND_LINE, person_id, query)


def test_sleep_stages_are_hours_of_the_day_on_which_the_night_ends(ports: Ports, person_id: str) -> None:
    edges = [at(2, 23), at(1, 1), at(1, 3), at(1, 6)]
    stages = Columns.of(edges[:-1], [3.0, 4.0, 5.0], edges[1:])
    bring_in(ports, person_id, Samples("sleep_stage", stages, "Ring"))
    part = draw(ports, person_id, "sleep_stage", span="1M").parts[0]
    assert {name: cells.middle.tolist() for name, cells in by_name(part).items()} == {"light": [2.0], "deep": [2.0], "rem": [3.0]}
    view = nights.view(ports, COMMAND_LINE, person_id, trends.shelf(ports, COMMAND_LINE, person_id), PictureQuery(("sleep_stage",), "1M"))
    assert view.night is not None
    assert (view.night.day, view.night.asleep, view.night.deep) == ("2026-11-20", 420.0, 120.0)
    assert (view.regularity.code, view.regularity.facts["n"]) == ("declined.enough_nights", 6)
    assert view.stage.tolist() == [3, 4, 5]


def test_a_typical_day_of_glucose_is_in_the_reader_s_unit_or_declined(ports: Ports, person_id: str) -> None:
    starts = at(15) + np.arange(15 * 288, dtype=np.int64) * 5 * MINUTE
    values = np.where(np.arange(len(starts)) % 4 == 0, 200.0, 110.0)
    bring_in(ports, person_id, Samples("cgm_glucose", Columns.of(starts, values), "Sensor"))
    actor = signed_in(ports, add_account(ports, Role.PATIENT, "casey", persons=(person_id,)))
    ports.store.save_preferences(actor.account_id, Preferences(labs="mmol/L"))
    view = glucose_day.view(ports, actor, person_id, trends.shelf(ports, actor, person_id))
    assert view.unit == "mmol/L"
    assert {share.code: share.percent for share in view.shares} == {"tbr2": 0.0, "tbr1": 0.0, "tir": 75.0, "tar1": 25.0, "tar2": 0.0}
    assert view.target == (3.9, 10.0)
    assert view.curves is not None
    assert np.nanmax(view.curves.curves) == pytest.approx(11.1, abs=0.05)
    fresh = add_person(ports)
    bring_in(ports, fresh, Samples("cgm_glucose", Columns.of(starts[-288 * 3 :], values[-288 * 3 :]), "Sensor"))
    declined = glucose_day.view(ports, COMMAND_LINE, fresh, trends.shelf(ports, COMMAND_LINE, fresh)).declined
    assert declined is not None
    assert (declined.code, declined.facts["more"]) == ("declined.enough_days", 11)


def test_the_heart_by_hour_of_the_local_day(ports: Ports, person_id: str) -> None:
    starts = np.concatenate([at(day) + np.arange(24, dtype=np.int64) * HOUR for day in range(1, 6)])
    bring_in(ports, person_id, Samples("hr", Columns.of(starts, np.tile(np.arange(24) + 50.0, 5)), "Watch"))
    shelf = trends.shelf(ports, COMMAND_LINE, person_id)
    view = hours.view(ports, COMMAND_LINE, person_id, shelf, PictureQuery(("hr",), "1M"))
    assert view.curves is not None
    assert view.curves.curves[2].tolist() == (np.arange(24) + 50.0).tolist()
    assert view.said[0].facts["low_hour"] == "00:00"
    few = hours.view(ports, COMMAND_LINE, person_id, shelf, PictureQuery(("hr",), "1D"))
    assert few.curves is None
    assert few.declined is not None
    with pytest.raises(BadInput):
        hours.view(ports, COMMAND_LINE, person_id, shelf, PictureQuery(("weight",)))


def test_the_home_average_takes_cuffs_only_and_drops_the_first_day(ports: Ports, person_id: str) -> None:
    when = [at(day, hour) for day in range(1, 5) for hour in (7, 7.05, 20, 20.05)]
    upper = [180.0 if day == 4 else 130.0 for day in range(1, 5) for _ in range(4)]
    bring_in(
        ports, person_id, Samples("sbp", Columns.of(when, upper), "Cuff"), Samples("dbp", Columns.of(when, np.full(16, 80.0)), "Cuff"),
        Samples("sbp", Columns.of([at(1, 12)], [190.0], quality=UNVALIDATED), "Ring"), Samples("dbp", Columns.of([at(1, 12)], [99.0], quality=UNVALIDATED), "Ring"),
    )  # fmt: skip
    view = home_readings.view(ports, COMMAND_LINE, person_id, trends.shelf(ports, COMMAND_LINE, person_id))
    assert (view.average.code, view.average.facts["sbp"], view.average.facts["n"]) == ("pressure.average", 130, 12)
    assert [fact.code for fact in view.halves] == ["pressure.mornings", "pressure.evenings"]
    assert ("pressure.cuffless", 1) in [(fact.code, fact.facts.get("n")) for fact in view.notes]
    off = home_readings.view(ports, COMMAND_LINE, person_id, trends.shelf(ports, COMMAND_LINE, person_id), ("Cuff",))
    assert off.average.code == "declined.only_cuffless"


def test_a_watch_s_flag_is_listed_as_the_watch_s_own(ports: Ports, person_id: str) -> None:
    bring_in(ports, person_id, Samples("rhythm_flag", Columns.of([at(3, 4), at(2, 4)], [0.0, 1.0]), "Watch"))
    shelf = trends.shelf(ports, COMMAND_LINE, person_id)
    view = findings.view(ports, COMMAND_LINE, person_id, shelf, PictureQuery(("rhythm_flag",), "1M"))
    assert [(one.state, one.device) for one in view.findings] == [("high_rate", "Watch"), ("irregular", "Watch")]
    part = draw(ports, person_id, "rhythm_flag", span="1M").parts[0]
    assert part.cautions == ("caution.vendor_finding",)
    assert codes(part) == ["trends.times"]
    with pytest.raises(BadInput):
        findings.view(ports, COMMAND_LINE, person_id, shelf, PictureQuery(("hr",)))


def test_what_is_measured_once_a_night_is_compared_with_the_nights_before(ports: Ports, person_id: str) -> None:
    when = [at(day, 6) for day in range(40)]
    rates = [66.0 if day < 14 else 58.0 + day % 3 for day in range(40)]
    bring_in(ports, person_id, Samples("rhr", Columns.of(when, rates), "Ring"))
    part = draw(ports, person_id, "rhr", start="2026-11-08T00:00:00+01:00", end="2026-11-22T00:00:00+01:00").parts[0]
    change = next(fact for fact in part.facts if fact.code == "trends.change_up")
    assert (change.facts["shift"], change.facts["from_value"], change.facts["to_value"]) == (7.0, 59.0, 66.0)
    assert not {fact.code for fact in part.trend.sentence} & {"change.rising", "change.compared"}
    assert len(part.trend.rows) == 14
    seldom = add_person(ports)
    bring_in(ports, seldom, Samples("rhr", Columns.of(when[::7], rates[::7]), "Ring"))
    assert draw(ports, seldom, "rhr").parts[0].facts == ()


@pytest.mark.parametrize("most_raw", [10**9, 0])
def test_a_summary_never_adds_to_its_own_device_however_it_is_read(
    ports: Ports, person_id: str, monkeypatch: pytest.MonkeyPatch, most_raw: int
) -> None:
    """Samples or quarter hours: the watch's daily total of a day with minutes is left out, that of a day without counts."""
    monkeypatch.setattr("core.care.counting.MOST_RAW", most_raw)
    starts = at(3) + np.arange(1440, dtype=np.int64) * MINUTE
    fine = Samples("steps", Columns.of(starts, np.full(1440, 5.0), starts + MINUTE), "Watch", "1min")
    whole = Samples("steps", Columns.of([at(4), at(3)], [3000.0, 7000.0], [at(3), at(2)]), "Watch", "1d")
    bring_in(ports, person_id, fine, whole)
    cells = draw(ports, person_id, "steps", span="1W").parts[0].cells[0]
    assert sorted(cells.middle.tolist()) == [3000.0, 7200.0]

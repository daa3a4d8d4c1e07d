"""A signal as a table: the same from prepared quarter hours as from the samples, on the person's days, with records beside devices."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from core.care import series, series_choices
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.care.series import SeriesTable
from core.domain.samples import FLOATING, IMPLAUSIBLE, UTC_ONLY, Columns, Samples
from core.errors import BadInput
from core.ports import ImportHead, Ports
from core.trends.periods import EVERY
from tests.care.given import NOW, add_person, bring, bundle, event, heart_rate, patient, ports_with
from tests.care.stores import STORES

START = datetime(2026, 3, 27, tzinfo=UTC)
MINUTE = 60 * 10**9


@pytest.fixture(params=STORES)
def ports(request: pytest.FixtureRequest) -> Ports:
    return ports_with(request.getfixturevalue(request.param))


@pytest.fixture
def person(ports: Ports) -> str:
    person_id = add_person(ports)
    series_choices.set_zone(ports, COMMAND_LINE, person_id, "Europe/Berlin")
    return person_id


def keep(ports: Ports, person_id: str, *batches: Samples) -> None:
    with ports.store.importing_samples(ImportHead("file", "Watch", "w", NOW), str(len(batches)), event(), person_id=person_id) as importing:
        for batch in batches:
            importing.append(person_id, batch)
        importing.finish(finished_at=NOW)


def minutes(signal: str, n: int, offset: int = UTC_ONLY, device: str = "Watch") -> Samples:
    rng = np.random.default_rng(n)
    start = int(START.timestamp()) * 10**9 + np.sort(rng.choice(6 * 24 * 60, n, replace=False)) * MINUTE
    lasts = MINUTE if signal == "steps" else 0
    quality = np.where(rng.random(n) < 0.02, IMPLAUSIBLE, 0)
    return Samples(signal, Columns.of(start, rng.integers(40, 120, n).astype(float), start + lasts, quality, offset), device)


def table(ports: Ports, person_id: str, signal: str, every: str, *days: date) -> SeriesTable:
    span = (days[0], days[-1]) if days else (None, None)
    return series.table(ports, COMMAND_LINE, person_id, signal, span, every)


@pytest.mark.parametrize("signal", ["hr", "steps"])
@pytest.mark.parametrize("offset", [UTC_ONLY, FLOATING, 330])
def test_quarter_hours_and_samples_make_the_same_table(
    ports: Ports, person: str, signal: str, offset: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(ports, person, minutes(signal, 3000, offset))
    for every in EVERY:
        for days in ((), (date(2026, 3, 28), date(2026, 3, 30)), (date(2026, 3, 29), date(2026, 3, 29))):
            quick = table(ports, person, signal, every, *days)
            with monkeypatch.context() as patched:
                patched.setattr(series, "_alone", lambda *_: False)
                plain = table(ports, person, signal, every, *days)
            assert (quick.time, quick.count, quick.source, quick.low, quick.high) == (
                plain.time, plain.count, plain.source, plain.low, plain.high,
            )  # fmt: skip
            assert quick.value == pytest.approx(plain.value, abs=1e-5)
            if not days:
                assert quick.implausible == plain.implausible and quick.implausible


def test_a_record_and_a_device_stand_side_by_side(ports: Ports, person: str) -> None:
    profile = patient("p1", "Example", "Casey", "1970-04-02")
    bring(ports, bundle(profile, heart_rate("o1", 72)), whose=Whose(person))
    keep(ports, person, minutes("hr", 10))
    found = table(ports, person, "hr", "raw")
    assert set(found.source) == {"Watch", "file0.json"}
    assert len(found.time) == len(found.value) == len(found.source) <= 11


def test_a_device_that_is_switched_off_is_left_out(ports: Ports, person: str) -> None:
    watch, phone = minutes("steps", 50), minutes("steps", 50)
    doubled = Columns(phone.columns.start, phone.columns.end, phone.columns.value * 2, phone.columns.quality, phone.columns.offset)
    keep(ports, person, watch, Samples("steps", doubled, "Phone"))
    both = table(ports, person, "steps", "1mo")
    assert both.discarded == (("Phone", "overlap", sum(both.count)),)
    doubled_sums = pytest.approx([value * 2 for value in both.value])
    series_choices.switch(ports, COMMAND_LINE, person, "Watch", False)
    assert list(table(ports, person, "steps", "1mo").value) == doubled_sums
    assert set(table(ports, person, "steps", "1mo").source) == {"Phone"}
    series_choices.switch(ports, COMMAND_LINE, person, "Watch", True)
    series_choices.set_order(ports, COMMAND_LINE, person, "steps", ["Phone"])
    assert list(table(ports, person, "steps", "1mo").value) == doubled_sums


def test_what_reaches_into_a_day_counts_for_it_and_a_night_is_whole(ports: Ports, person: str) -> None:
    def at(day: int, hour: int, minute: int = 0) -> int:
        return round(datetime(2026, 5, day, hour, minute, tzinfo=UTC).timestamp()) * 10**9

    walk = Columns.of([at(1, 23, 50)], [100.0], [at(2, 0, 10)], 0, 0)
    night = Columns.of([at(1, 22), at(1, 23), at(2, 2)], [3.0, 4.0, 5.0], [at(1, 23), at(2, 2), at(2, 6)], 0, 0)
    keep(ports, person, Samples("steps", walk, "Watch"), Samples("sleep_stage", night, "Watch"))
    second = date(2026, 5, 2)
    steps = table(ports, person, "steps", "1d", second)
    assert ([text[:10] for text in steps.time], steps.value) == (["2026-05-02"], (50.0,))
    assert table(ports, person, "steps", "raw", second).time == ()
    for days in ((), (second,)):
        slept = table(ports, person, "sleep_stage", "1d", *days)
        assert ([text[:10] for text in slept.time], slept.value) == (["2026-05-02"], (8.0,))
    assert table(ports, person, "sleep_stage", "1d", date(2026, 5, 1)).time == ()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nothing", (None, None), "1d"), "unknown_signal"),
        (("hr", (None, None), "2d"), "unknown_step"),
        (("hr", (date(2026, 2, 2), date(2026, 2, 1)), "1d"), "days_backwards"),
    ],
)
def test_what_cannot_be_asked(ports: Ports, person: str, arguments: tuple[str, tuple[date | None, date | None], str], code: str) -> None:
    signal, span, every = arguments
    with pytest.raises(BadInput, match=code):
        series.table(ports, COMMAND_LINE, person, signal, span, every)


def test_nothing_is_an_empty_table(ports: Ports, person: str) -> None:
    for every in ("raw", *EVERY):
        found = table(ports, person, "hr", every)
        assert (found.time, found.value, found.discarded) == ((), (), ())



def test_a_records_own_offset_says_which_day_it_was(ports: Ports, person: str) -> None:
    """Half past midnight in India is the day before in UTC; a bare day is that day wherever one lives."""
    night = heart_rate("o1", 60) | {"effectiveDateTime": "2026-11-10T00:30:00+05:30"}
    day = heart_rate("o2", 70) | {"effectiveDateTime": "2026-11-12"}
    bring(ports, bundle(patient("p1", "Example", "Casey", "1970-04-02"), night, day), whose=Whose(person))
    series_choices.set_zone(ports, COMMAND_LINE, person, "Pacific/Auckland")
    assert [text[:10] for text in table(ports, person, "hr", "1d").time] == ["2026-11-10", "2026-11-12"]

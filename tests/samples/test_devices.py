"""This is the place where it is tested that the told people's devices agree with their lives, and come in whole by the ordinary import."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import pytest

from core.domain.samples import Samples, Tally
from core.ports import Upload
from core.samples import SEED, SamplePerson, generate
from core.samples.devices import Devices, devices, zones
from core.samples.devices.body import Rhythm as BodyRhythm
from core.samples.devices.body import night, pulse, walks
from core.samples.devices.clockface import Clock, midnight, wall
from core.samples.devices.record import pressures, values
from core.sources.wearables.package import recognised
from core.trends.columns import ns
from tests.samples.conftest import TODAY, Shelf

WITH_DEVICES = ("margaret-ellis", "wang-jianguo", "aisha-okafor")
NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
SECOND = 1_000_000_000


def brought(people: tuple[SamplePerson, ...], slug: str, today: date = TODAY) -> Devices:
    found = devices(next(one for one in people if one.slug == slug), today)
    assert found is not None
    return found


def read(told: Devices) -> tuple[dict[tuple[str, str], tuple[np.ndarray, np.ndarray, np.ndarray]], list[Tally]]:
    """(start, end, value) of each signal and device as our readers find them, on the stored clock, and what became no sample."""
    parts: dict[tuple[str, str], list[Samples]] = {}
    tallies = []
    for file in told.files:
        package = recognised([Upload(file.name, io.BytesIO(file.content))])
        assert package is not None, file.name
        for one in package.batches():
            if isinstance(one, Samples):
                parts.setdefault((one.signal, one.device), []).append(one)
            else:
                tallies.append(one)
    joined = {}
    for key, several in parts.items():
        start, end, value = (np.concatenate([getattr(one.columns, name) for one in several]) for name in ("start", "end", "value"))
        order = np.argsort(start, kind="stable")
        joined[key] = start[order], end[order], value[order]
    return joined, tallies


@pytest.fixture(scope="module")
def told(shelf: Shelf) -> dict[str, Devices]:
    return {slug: brought(shelf.people, slug) for slug in WITH_DEVICES}


@pytest.fixture(scope="module")
def columns(told: dict[str, Devices]) -> dict[str, dict[tuple[str, str], tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    return {slug: read(one)[0] for slug, one in told.items()}


def home(shelf: Shelf, slug: str) -> bytes:
    person = next(one for one in shelf.people if one.slug == slug)
    return next(file.content for file in person.files if file.name == "home.json")


def test_the_same_day_and_seed_give_the_same_bytes(shelf: Shelf, told: dict[str, Devices]) -> None:
    again = generate(TODAY)
    assert {slug: brought(again, slug) for slug in WITH_DEVICES} == told


def test_another_seed_gives_other_numbers(shelf: Shelf, told: dict[str, Devices]) -> None:
    for person in generate(TODAY, SEED + 1):
        if person.slug in WITH_DEVICES:
            other = devices(person, TODAY, SEED + 1)
            assert other is not None
            assert all(one.content != two.content for one, two in zip(other.files, told[person.slug].files, strict=True))


def test_only_three_people_have_devices_and_everybody_lives_somewhere(shelf: Shelf) -> None:
    assert [one.slug for one in shelf.people if devices(one, TODAY)] == list(WITH_DEVICES)
    assert set(zones()) == {one.slug for one in shelf.people}
    assert all(ZoneInfo(zone) for zone in zones().values())


@pytest.mark.parametrize("slug", WITH_DEVICES)
def test_our_readers_take_every_entry(told: dict[str, Devices], slug: str) -> None:
    """But the profile of an Apple Health export, which is no measurement."""
    _, tallies = read(told[slug])
    assert [(one.outcome, one.why) for one in tallies] == ([("not_followed", "profile")] if slug == "aisha-okafor" else [])


def test_each_file_is_recognised_as_what_it_is(told: dict[str, Devices]) -> None:
    found = {}
    for slug, one in told.items():
        for file in one.files:
            package = recognised([Upload(file.name, io.BytesIO(file.content))])
            assert package is not None
            found[slug, file.name] = package.formats
    assert found.pop(("aisha-okafor", "export.zip")) == ("apple_health",)
    assert set(found.values()) == {("plain_csv",)}


@pytest.mark.parametrize("slug", WITH_DEVICES)
def test_nothing_lies_after_the_last_day(told: dict[str, Devices], columns: dict[str, object], slug: str) -> None:
    end = ns(datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC))
    ahead = 8 * 3600 * SECOND if slug == "wang-jianguo" else 0  # his files show the clock alone
    for start, last, _ in columns[slug].values():  # type: ignore[attr-defined]
        assert int(last.max()) - ahead <= end
        assert int(start.max()) - ahead > end - 10 * 86_400 * SECOND or len(start) == 1
    assert all(one.at * SECOND <= end for one in told[slug].happened)


def test_the_files_are_small(told: dict[str, Devices]) -> None:
    assert sum(len(file.content) for one in told.values() for file in one.files) < 1_500_000


def test_margarets_cuff_has_what_her_diary_has_and_the_first_day_too(shelf: Shelf, columns: dict[str, object]) -> None:
    start, _, high = columns["margaret-ellis"]["sbp", "Upper-arm cuff"]  # type: ignore[index]
    measured = dict(zip((start // SECOND).tolist(), high.tolist(), strict=True))
    first = midnight(NEW_YORK, TODAY - timedelta(days=7))
    diary = {at: one for at, one in pressures(home(shelf, "margaret-ellis")).items() if at >= first}
    assert len(diary) >= 24
    assert {at: measured[at] for at in diary} == {at: high for at, (high, _) in diary.items()}
    days = Counter(datetime.fromtimestamp(at, NEW_YORK).date() for at in measured)
    assert min(days) == TODAY - timedelta(days=49)
    assert set(days.values()) <= {2, 4}
    assert 3 <= 49 - len(days) <= 12  # days not measured


def test_margarets_weights_agree_with_the_record(shelf: Shelf, columns: dict[str, object]) -> None:
    start, _, weight = columns["margaret-ellis"]["weight", "Bathroom scale"]  # type: ignore[index]
    first = int(start[0]) // SECOND
    diary = {at: value for at, value in values(home(shelf, "margaret-ellis"), "29463-7", "kg").items() if at >= first}
    measured = dict(zip((start // SECOND).tolist(), weight.tolist(), strict=True))
    assert len(diary) >= 3
    assert {at: measured[at] for at in diary} == diary
    assert abs(float(np.median(weight)) - float(np.median(list(diary.values())))) < 1.0


def test_the_sensor_draws_the_diarys_curve_and_adds_the_steps_between(shelf: Shelf, columns: dict[str, object]) -> None:
    start, _, glucose = columns["wang-jianguo"]["cgm_glucose", "动态血糖仪"]  # type: ignore[index]
    sensed = dict(zip(start.tolist(), (glucose / 18.0182).tolist(), strict=True))
    compared = missing = 0
    for _, _, body in shelf.resources("wang-jianguo", "home.json"):
        if "valueSampledData" not in body:
            continue
        begins = datetime.fromisoformat(body["effectivePeriod"]["start"]).replace(tzinfo=UTC)
        for number, word in enumerate(body["valueSampledData"]["data"].split()):
            at = ns(begins) + number * 900 * SECOND
            if word == "E":
                missing += at not in sensed
            elif at in sensed:
                compared += 1
                assert sensed[at] == pytest.approx(float(word), abs=1e-6)
    assert compared > 14 * 96 * 0.97
    assert missing == 12
    steps = Counter(np.diff(start).tolist())
    assert steps[300 * SECOND] > 0.99 * len(start) - 1
    gaps = [gap for gap in steps if gap > 900 * SECOND]
    assert len(gaps) >= 3  # lost contact, a new sensor, a day never fetched


def test_the_bands_heart_beats_slower_by_night(columns: dict[str, object]) -> None:
    start, _, rate = columns["wang-jianguo"]["hr", "手环"]  # type: ignore[index]
    hour = start // (3600 * SECOND) % 24
    night_rate, day_rate = float(np.median(rate[(hour >= 1) & (hour < 5)])), float(np.median(rate[(hour >= 9) & (hour < 20)]))
    resting = float(np.median(columns["wang-jianguo"]["rhr", "手环"][2]))  # type: ignore[index]
    assert resting - 3 <= night_rate <= resting + 6 < day_rate


def test_aishas_resting_pulse_is_that_of_the_record_and_rises_with_the_fever(shelf: Shelf, columns: dict[str, object]) -> None:
    start, _, resting = columns["aisha-okafor"]["rhr", "Aisha’s watch"]  # type: ignore[index]
    measured = dict(zip((start // SECOND).tolist(), resting.tolist(), strict=True))
    diary = values(home(shelf, "aisha-okafor"), "40443-4", "/min")
    both = measured.keys() & diary.keys()
    assert len(both) > 40
    assert all(measured[at] == diary[at] for at in both)
    recent = resting[-60:]
    high = np.flatnonzero(recent > np.median(recent) + 5)
    assert len(high) == 3
    assert high[-1] - high[0] == 2


def test_aishas_sundays_have_the_steps_of_the_record(shelf: Shelf, columns: dict[str, object]) -> None:
    start, end, steps = columns["aisha-okafor"]["steps", "Aisha’s watch"]  # type: ignore[index]
    told, shares = values(home(shelf, "aisha-okafor"), "55423-8", "{steps}"), []
    zone = ZoneInfo("America/Los_Angeles")
    for at, total in told.items():
        day = datetime.fromtimestamp(at, zone).date()
        if at * SECOND < start[0] or day == TODAY - timedelta(days=365):
            continue
        first, last = (midnight(zone, one) * SECOND for one in (day, day + timedelta(days=1)))
        here = (start >= first) & (start < last)
        covered = (start <= at * SECOND) & (end > at * SECOND)
        assert covered.any()
        assert float(steps[here].sum()) <= total + 60  # less where the watch was charging
        shares.append(float(steps[here].sum()) / total)
    assert len(shares) > 40
    assert np.median(shares) > 0.97
    assert min(shares) > 0.6


def test_no_stretch_of_one_device_overlaps_another_of_the_same_kind(columns: dict[str, object]) -> None:
    for slug in WITH_DEVICES:
        for (signal, device), (start, end, _) in columns[slug].items():  # type: ignore[attr-defined]
            if signal in ("steps", "sleep_stage", "workout"):
                assert bool((end > start).all()), (slug, signal, device)
                assert bool((start[1:] >= end[:-1]).all()), (slug, signal, device)


def test_a_week_of_aishas_year_was_written_by_another_clock(told: dict[str, Devices]) -> None:
    with zipfile.ZipFile(io.BytesIO(told["aisha-okafor"].files[0].content)) as archive:
        text = archive.read("apple_health_export/export.xml").decode()
    assert '<MetadataEntry key="HKTimeZone" value="Europe/London"/>' in text
    offsets = Counter(line.split('startDate="')[1][20:25] for line in text.splitlines() if "HeartRate\"" in line and "<Record" in line)
    assert set(offsets) >= {"-0700", "-0800"}
    assert len(offsets) == 3


@pytest.mark.parametrize("today", [date(2026, 3, 30), date(2026, 11, 2), date(2028, 2, 29)])
def test_changes_of_the_clock_and_turns_of_the_year_are_lived_through(today: date) -> None:
    people = generate(today)
    for slug in WITH_DEVICES:
        one = brought(people, slug, today)
        found, tallies = read(one)
        assert [each.outcome for each in tallies] == (["not_followed"] if slug == "aisha-okafor" else [])
        assert found
        assert [each.at for each in one.happened if each.kind == "connected"]
        for signal, device in found:
            start, end, _ = found[signal, device]
            if signal == "hr" and slug == "aisha-okafor":
                assert set(np.diff(start[start > start[-1] - 3 * 86_400 * SECOND]).tolist()) <= {
                    360 * SECOND * number for number in range(1, 130)
                }
            assert bool((end >= start).all())


def test_the_clock_shows_what_a_clock_there_shows() -> None:
    clock = Clock((0, NEW_YORK), (wall(NEW_YORK, date(2026, 7, 1), 12 * 3600), SHANGHAI))
    at = [
        wall(NEW_YORK, date(2026, 3, 8), 7 * 3600), wall(NEW_YORK, date(2026, 1, 1), 0), wall(SHANGHAI, date(2026, 7, 3), 3600),
    ]  # fmt: skip
    assert clock.stamps(at) == ["2026-03-08T07:00:00-04:00", "2026-01-01T00:00:00-05:00", "2026-07-03T01:00:00+08:00"]
    assert clock.stamps(at[:1], spaced=True) == ["2026-03-08 07:00:00 -0400"]
    assert clock.naive(at[2:]) == ["2026-07-03 01:00:00"]
    assert clock.stamps([]) == []


def test_a_day_of_the_clocks_change_has_its_own_length() -> None:
    assert midnight(NEW_YORK, date(2026, 3, 9)) - midnight(NEW_YORK, date(2026, 3, 8)) == 23 * 3600
    assert midnight(NEW_YORK, date(2026, 11, 2)) - midnight(NEW_YORK, date(2026, 11, 1)) == 25 * 3600


def test_a_night_is_told_without_holes_and_a_day_of_walks_has_its_steps(shelf: Shelf) -> None:
    import random

    chance = random.Random(1)
    stages = night(chance, 0, 7 * 3600)
    assert (stages[0].start, stages[-1].end) == (0, 7 * 3600)
    assert all(one.end == two.start for one, two in pairwise(stages))
    assert {one.name for one in stages} >= {"light", "deep", "rem"}
    day = walks(chance, 8 * 3600, 22 * 3600, 8000)
    assert 7900 <= sum(one.steps for one in day) <= 8000
    rates = pulse(chance, np.arange(0, 7 * 3600, 300), np.full(84, 60.0), BodyRhythm([(0, 7 * 3600)], ()))
    assert 52 <= rates.min() <= rates.max() <= 75


def test_jianguos_tables_are_written_in_chinese(told: dict[str, Devices]) -> None:
    phone = next(file for file in told["wang-jianguo"].files if file.name == "phone.csv")
    rows = list(csv.reader(io.StringIO(phone.content.decode())))
    assert rows[0] == ["时间", "结束时间", "数值", "单位", "指标", "设备"]
    assert {row[5] for row in rows[1:]} == {"手机"}


def test_the_profile_of_the_export_is_hers(shelf: Shelf, told: dict[str, Devices]) -> None:
    person = next(one for one in shelf.people if one.slug == "aisha-okafor")
    born = next(r["birthDate"] for r in (e["resource"] for e in orjson.loads(person.files[0].content)["entry"]) if r["resourceType"] == "Patient")
    with zipfile.ZipFile(io.BytesIO(told["aisha-okafor"].files[0].content)) as archive:
        assert f'DateOfBirth="{born}"'.encode() in archive.read("apple_health_export/export.xml")[:20_000]

"""Reading Apple's export.xml: what becomes what, by which clock, and what is left when the file is damaged or hostile."""

from __future__ import annotations

import io
import random
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.samples import ESTIMATED, FLOATING, MANUAL, UNVALIDATED, UTC_ONLY, Samples, Tally
from core.domain.signals import SIGNALS
from core.domain.signals_table import CYCLE_FLOW, RHYTHM_FLAGS, SLEEP_STAGES, WORKOUTS
from core.errors import FileRefused
from core.samples.exports.apple import write_apple_export
from core.sources.wearables import apple_sink, apple_xml
from core.sources.wearables.apple_cda import FORMAT as CDA
from core.sources.wearables.apple_health import FORMAT
from core.sources.wearables.apple_plain import Plain
from core.sources.wearables.apple_route import FORMAT as ROUTE
from core.sources.wearables.apple_types import KINDS
from core.sources.wearables.form import HEAD_BYTES, Member

Q, C = "HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier"
WHEN = "2023-07-04 08:00:00 -0400"


class Drops(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(7)


def member(content: bytes, stream: type[io.BytesIO] = io.BytesIO) -> Member:
    return Member("apple_health_export/export.xml", len(content), lambda: stream(content))


def parsed(content: bytes | str, stream: type[io.BytesIO] = io.BytesIO) -> list[Samples | Tally]:
    return list(FORMAT.read(member(content.encode() if isinstance(content, str) else content, stream)))


def record(
    kind: str, value: str | None = "1", unit: str | None = "count", start: str = WHEN, end: str | None = None, **more: str
) -> str:
    inside = more.pop("inside", "")
    given = {
        "type": kind,
        "sourceName": "Health",
        "unit": unit,
        "creationDate": start,
        "startDate": start,
        "endDate": end or start,
        "value": value,
    }
    written = " ".join(f'{name}="{text}"' for name, text in {**given, **more}.items() if text is not None)
    return f"<Record {written}>{inside}</Record>\n" if inside else f"<Record {written}/>\n"


def metadata(key: str, value: str) -> str:
    return f'<MetadataEntry key="{key}" value="{value}"/>'


def export(*elements: str, head: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<HealthData locale="en_US">\n<ExportDate value="{WHEN}"/>\n{"".join(elements)}</HealthData>\n'


def samples(batches: Iterable[Samples | Tally], signal: str = "") -> list[tuple[str, str, int, int, float, int, int]]:
    """Every sample as (signal, device, start, end, value, quality, offset)."""
    rows = []
    for batch in batches:
        if isinstance(batch, Samples) and signal in ("", batch.signal):
            c = batch.columns
            rows += [
                (batch.signal, batch.device, int(c.start[n]), int(c.end[n]), float(c.value[n]), int(c.quality[n]), int(c.offset[n]))
                for n in range(len(c))
            ]
    return sorted(rows)


def tallies(batches: Iterable[Samples | Tally]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for batch in batches:
        if isinstance(batch, Tally):
            found[batch.outcome, batch.why] += batch.count
    return found


def entries(batches: Iterable[Samples | Tally]) -> int:
    return sum(len(batch.columns) if isinstance(batch, Samples) else batch.count for batch in batches)


def ns(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z").timestamp()) * 1_000_000_000


# ------------------------------------------------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("kind", "value", "unit", "signal", "canonical"),
    [
        ("StepCount", "329", "count", "steps", 329),
        ("DistanceWalkingRunning", "0.5", "mi", "distance", 804.672),
        ("DistanceSwimming", "50", "yd", "distance", 45.72),
        ("DistanceCycling", "1.2", "km", "distance", 1200),
        ("ActiveEnergyBurned", "12.5", "Cal", "energy_active", 12.5),
        ("BasalEnergyBurned", "100", "kJ", "energy_basal", 23.90057),
        ("AppleExerciseTime", "1", "min", "active_minutes", 1),
        ("FlightsClimbed", "3", "count", "floors", 3),
        ("HeartRate", "72", "count/min", "hr", 72),
        ("HeartRate", "1.2", "count/s", "hr", 72),
        ("RestingHeartRate", "58", "count/min", "rhr", 58),
        ("HeartRateVariabilitySDNN", "45.1", "ms", "hrv_sdnn", 45.1),
        ("RespiratoryRate", "14", "count/min", "rr", 14),
        ("BodyTemperature", "98.6", "degF", "temp", 37),
        ("BodyTemperature", "310.15", "K", "temp", 37),
        ("AppleSleepingWristTemperature", "35.5", "degC", "skin_temp", 35.5),
        ("BodyMass", "160", "lb", "weight", 72.5747792),
        ("BodyMass", "11", "st", "weight", 69.85322498),
        ("LeanBodyMass", "55", "kg", "lean_mass", 55),
        ("Height", "5.5", "ft", "height", 167.64),
        ("BodyMassIndex", "22.5", "count", "bmi", 22.5),
        ("WaistCircumference", "32", "in", "waist", 81.28),
        ("PeakExpiratoryFlowRate", "7", "L/s", "peak_flow", 420),
        ("BloodGlucose", "5.5", "mmol&lt;180.1558800000541&gt;/L", "glucose", 99.1001),
        ("BloodPressureSystolic", "16", "kPa", "sbp", 120.009872),
        ("OxygenSaturation", "0.97", "%", "spo2", 97),
        ("OxygenSaturation", "97", "%", "spo2", 97),
        ("OxygenSaturation", "1", "%", "spo2", 100),
        ("BodyFatPercentage", "0.215", "%", "body_fat", 21.5),
    ],
)
def test_a_quantity_comes_in_the_signals_own_unit(kind: str, value: str, unit: str, signal: str, canonical: float) -> None:
    found = samples(parsed(export(record(Q + kind, value, unit))))
    assert [row[0] for row in found] == [signal]
    assert found[0][4] == pytest.approx(canonical)
    assert found[0][5] == 0


def test_every_kind_leads_to_a_signal_there_is() -> None:
    assert {kind.signal for kind in KINDS.values() if kind.signal} <= set(SIGNALS)


def test_oxygen_uptake_is_an_estimate_unless_it_was_tested() -> None:
    estimate = record(f"{Q}VO2Max", "41", "mL/min·kg")
    tested = record(f"{Q}VO2Max", "43", "mL/min·kg", inside=metadata("HKVO2MaxTestType", "1"))
    assert [(row[4], row[5]) for row in samples(parsed(export(estimate, tested)))] == [(41, ESTIMATED), (43, 0)]


def test_stages_of_sleep_keep_their_names() -> None:
    stages = {
        "InBed": "in_bed",
        "Awake": "awake",
        "Asleep": "asleep",
        "AsleepUnspecified": "asleep",
        "AsleepCore": "light",
        "AsleepDeep": "deep",
        "AsleepREM": "rem",
    }
    for written, stage in stages.items():
        found = samples(parsed(export(record(f"{C}SleepAnalysis", f"HKCategoryValueSleepAnalysis{written}", None))))
        assert [(row[0], SLEEP_STAGES[int(row[4])]) for row in found] == [("sleep_stage", stage)]


def test_what_a_watch_flagged_has_no_value_and_is_kept() -> None:
    flags = {
        "IrregularHeartRhythmEvent": "irregular",
        "HighHeartRateEvent": "high_rate",
        "LowHeartRateEvent": "low_rate",
        "LowCardioFitnessEvent": "low_cardio_fitness",
    }
    for written, flag in flags.items():
        for value in (None, "HKCategoryValueNotApplicable"):
            found = samples(parsed(export(record(C + written, value, None))))
            assert [(row[0], RHYTHM_FLAGS[int(row[4])]) for row in found] == [("rhythm_flag", flag)]


def test_bleeding_is_what_the_person_noted() -> None:
    light = record(f"{C}MenstrualFlow", "HKCategoryValueMenstrualFlowLight", None)
    newer = record(f"{C}MenstrualFlow", "HKCategoryValueVaginalBleedingHeavy", None)
    between = record(f"{C}IntermenstrualBleeding", "HKCategoryValueNotApplicable", None)
    found = samples(parsed(export(light, newer, between)))
    assert sorted(CYCLE_FLOW[int(row[4])] for row in found) == ["heavy", "light", "spotting"]
    assert all(row[5] == MANUAL for row in found)


def test_two_symptoms_at_once_stay_two_and_one_without_severity_is_not_guessed() -> None:
    told = [
        record(f"{C}{what}", f"HKCategoryValueSeverity{how}", None)
        for what, how in (("Headache", "Severe"), ("Nausea", "Mild"), ("Fever", "Unspecified"))
    ]
    batches = parsed(export(*told, record(f"{C}Coughing", "HKCategoryValueSeverityNotPresent", None)))
    assert [(row[1], row[4]) for row in samples(batches)] == [
        ("Health (Coughing)", 0),
        ("Health (Headache)", 8),
        ("Health (Nausea)", 2),
    ]
    assert tallies(batches) == {("not_followed", "severity_not_said"): 1}


def test_a_mood_from_very_unpleasant_to_very_pleasant() -> None:
    felt = f'<StateOfMind sourceName="Health" startDate="{WHEN}" endDate="{WHEN}" valence="-0.5"/>'
    assert [row[:1] + row[4:6] for row in samples(parsed(export(felt)))] == [("mood", 2.5, MANUAL)]


def test_workouts_say_what_was_done() -> None:
    made = [
        f'<Workout workoutActivityType="HKWorkoutActivityType{what}" duration="30" sourceName="Watch" startDate="{WHEN}" endDate="2023-07-04 08:30:00 -0400">'
        f'{metadata("HKIndoorWorkout", "0")}<WorkoutEvent type="HKWorkoutEventTypePause" date="{WHEN}"/><WorkoutStatistics type="x" sum="9"/>'
        '<WorkoutRoute sourceName="Watch"><FileReference path="/workout-routes/a.gpx"/></WorkoutRoute></Workout>'
        for what in ("Running", "TraditionalStrengthTraining", "Curling")
    ]
    batches = parsed(export(*made))
    found = samples(batches)
    assert sorted(WORKOUTS[int(row[4])] for row in found) == ["other", "running", "strength"]
    assert {row[3] - row[2] for row in found} == {1800 * 10**9}
    assert tallies(batches) == {
        ("not_followed", "not_a_measurement"): 3,
        ("not_followed", "summary_of_others"): 3,
        ("not_followed", "workout_route"): 3,
    }


def test_what_was_typed_in_is_marked() -> None:
    batches = parsed(
        export(
            *(record(f"{Q}BodyMass", "70", "kg", inside=metadata("HKWasUserEntered", said)) for said in ("1", "0", "true", "YES"))
        )
    )
    assert Counter(row[5] for row in samples(batches)) == {MANUAL: 3, 0: 1}


def test_sugar_of_a_sensor_is_told_from_a_prick_of_the_finger() -> None:
    sensor = record(f"{Q}BloodGlucose", "110", "mg/dL", sourceName="Dexcom G6")
    pricked = record(f"{Q}BloodGlucose", "104", "mg/dL", sourceName="Dexcom G6", inside=metadata("HKWasUserEntered", "1"))
    meter = record(f"{Q}BloodGlucose", "99", "mg/dL", sourceName="Contour")
    by_device = record(
        f"{Q}BloodGlucose", "5", "mmol/L", sourceName="Diary", device="&lt;&lt;HKDevice: 0x1&gt;, name:FreeStyle Libre 3&gt;"
    )
    found = samples(parsed(export(sensor, pricked, meter, by_device)))
    assert [(row[0], row[1], row[4]) for row in found] == [
        ("cgm_glucose", "Dexcom G6", 110), ("cgm_glucose", "Diary", pytest.approx(90.091)), ("glucose", "Contour", 99), ("glucose", "Dexcom G6", 104),
    ]  # fmt: skip


def test_a_blood_pressure_without_a_cuff_is_marked() -> None:
    found = samples(
        parsed(
            export(
                record(f"{Q}BloodPressureSystolic", "120", "mmHg", sourceName="Aktiia"),
                record(f"{Q}BloodPressureSystolic", "121", "mmHg"),
            )
        )
    )
    assert [(row[1], row[5]) for row in found] == [("Aktiia", UNVALIDATED), ("Health", 0)]


def test_the_devices_name_loses_its_odd_spaces() -> None:
    assert samples(parsed(export(record(f"{Q}StepCount", sourceName="Casey’s Apple\u00a0Watch "))))[0][1] == "Casey’s Apple Watch"


# ------------------------------------------------------------------------------------------------------------ what cannot be taken


@pytest.mark.parametrize(
    ("made", "outcome", "why"),
    [
        (record(f"{Q}BodyMass", "70", None), "quarantined", "unit_missing"),
        (record(f"{Q}BodyMass", "70", "bushel"), "quarantined", "unit_unknown"),
        (record(f"{Q}BodyMass", "70", "count/min"), "quarantined", "unit_unfit"),
        (record(f"{Q}BodyMass", None, "kg"), "refused", "value_missing"),
        (record(f"{Q}BodyMass", "heavy", "kg"), "refused", "not_a_number"),
        (record(f"{Q}BodyMass", "7_0", "kg"), "refused", "not_a_number"),
        (record(f"{Q}BodyMass", "nan", "kg"), "refused", "not_a_number"),
        (record(f"{Q}HeartRate", "0", "count/min"), "not_followed", "no_reading"),
        (record(f"{Q}StepCount", start="2023-02-30 08:00:00 -0400"), "refused", "time_invalid"),
        (record(f"{Q}StepCount", start="yesterday"), "refused", "time_invalid"),
        (record(f"{Q}StepCount", start=""), "refused", "time_invalid"),
        (record(f"{Q}StepCount", start="0001-01-01 00:00:00 +0000"), "refused", "time_out_of_reach"),
        (record(f"{Q}StepCount", start=WHEN, end="2023-07-04 07:00:00 -0400"), "refused", "ends_before_start"),
        (record(f"{C}SleepAnalysis", "HKCategoryValueSleepAnalysisLucid", None), "quarantined", "value_unknown"),
        (record(f"{Q}WalkingHeartRateAverage", "99", "count/min"), "not_followed", "summary_of_others"),
        (record(f"{Q}DietaryWater", "250", "mL"), "not_followed", "kind_not_taken"),
        (record(f"{C}MindfulSession", "HKCategoryValueNotApplicable", None), "not_followed", "kind_not_taken"),
        (record("HKQuantityTypeIdentifierOfNextYear"), "not_followed", "unknown_type"),
        ("<Record/>", "not_followed", "unknown_type"),
        ("<SomethingElse a='1'/>", "not_followed", "unknown_type"),
        ('<ActivitySummary activeEnergyBurned="1" activeEnergyBurnedGoal="600"/>', "not_followed", "summary_of_others"),
        ('<Me HKCharacteristicTypeIdentifierDateOfBirth="1980-01-01"/>', "not_followed", "profile"),
        ('<ClinicalRecord type="x" resourceFilePath="/clinical-records/a.json"/>', "not_followed", "in_another_file"),
    ],
)
def test_what_cannot_be_taken_is_counted_with_its_reason(made: str, outcome: str, why: str) -> None:
    batches = parsed(export(made, record(f"{Q}StepCount", "5")))
    assert tallies(batches) == {(outcome, why): 1}
    assert [row[4] for row in samples(batches)] == [5]


def test_single_heartbeats_are_counted() -> None:
    beats = (
        "<HeartRateVariabilityMetadataList>"
        + '<InstantaneousBeatsPerMinute bpm="97" time="4:17:18.57 pm"/>' * 3
        + "</HeartRateVariabilityMetadataList>"
    )
    assert tallies(parsed(export(record(f"{Q}HeartRateVariabilitySDNN", "45", "ms", inside=beats)))) == {
        ("not_followed", "single_beats"): 3
    }


def pressure(wrap: bool, *, typed: bool = False) -> str:
    inside = metadata("HKWasUserEntered", "1") if typed else ""
    pair = record(f"{Q}BloodPressureSystolic", "131", "mmHg", inside=inside) + record(
        f"{Q}BloodPressureDiastolic", "84", "mmHg", inside=inside
    )
    return (
        f'<Correlation type="HKCorrelationTypeIdentifierBloodPressure" sourceName="Health" startDate="{WHEN}">{pair}</Correlation>'
        if wrap
        else pair
    )


def test_a_blood_pressure_is_not_counted_twice() -> None:
    for order in ((False, True), (True, False)):
        batches = parsed(export(*map(pressure, order)))
        assert [(row[0], row[4]) for row in samples(batches)] == [("dbp", 84), ("sbp", 131)]
        assert tallies(batches) == {("duplicate", "inside_correlation"): 2}


def test_a_blood_pressure_that_stands_only_inside_a_correlation_is_taken() -> None:
    batches = parsed(export(pressure(True, typed=True), record(f"{Q}StepCount")))
    assert [(row[0], row[4], row[5]) for row in samples(batches)] == [("dbp", 84, MANUAL), ("sbp", 131, MANUAL), ("steps", 1, 0)]
    assert not tallies(batches)


# ------------------------------------------------------------------------------------------------------------ clocks


@pytest.mark.parametrize(
    "written", ["2023-07-04 08:00:00 +0530", "2024-02-29 23:59:59 -0330", "1999-12-31 00:00:00 +1400", "2023-11-05 01:30:00 -0400"]
)
def test_the_offset_is_kept_as_it_is_written(written: str) -> None:
    found = samples(parsed(export(record(f"{Q}StepCount", start=written))))[0]
    stood = datetime.strptime(written, "%Y-%m-%d %H:%M:%S %z")
    assert (found[2], found[6]) == (ns(written), (stood.utcoffset() or timedelta()).total_seconds() // 60)


@pytest.mark.parametrize(
    ("written", "at", "offset"),
    [
        ("2024-09-21 7:57:00\u202fam +1000", "2024-09-21 07:57:00 +1000", 600),
        ("2016-01-01 12:05:06 PM -0800", "2016-01-01 12:05:06 -0800", -480),
        ("2016-01-01 12:05:06 a.m. -0800", "2016-01-01 00:05:06 -0800", -480),
        ("2016-01-01 下午3:02:03 +0800", "2016-01-01 15:02:03 +0800", 480),
        ("20150616071820-0700", "2015-06-16 07:18:20 -0700", -420),
        ("2023-07-04T08:00:00+05:45", "2023-07-04 08:00:00 +0545", 345),
        ("2023-07-04T08:00:00Z", "2023-07-04 08:00:00 +0000", UTC_ONLY),
        ("2023-07-04 08:00:00", "2023-07-04 08:00:00 +0000", FLOATING),
    ],
)
def test_other_ways_of_writing_a_time_are_read(written: str, at: str, offset: int) -> None:
    among = [record(f"{Q}StepCount", start=WHEN), record(f"{Q}StepCount", "2", start=written), record(f"{Q}StepCount", start=WHEN)]
    found = samples(parsed(export(*among)))
    assert [(row[2], row[6]) for row in found if row[4] == 2] == [(ns(at), offset)]
    assert [(row[2], row[6]) for row in found if row[4] == 1] == [(ns(WHEN), -240)] * 2


def test_a_named_zone_gives_the_offset_and_leaves_the_instant() -> None:
    winter, summer = "2023-01-04 23:00:00 -0400", "2023-07-04 23:00:00 -0400"
    zone = metadata("HKTimeZone", "Asia/Kolkata")
    made = [
        record(f"{Q}HeartRate", "60", "count/min", start=at, inside=metadata("HKTimeZone", "America/New_York"))
        for at in (winter, summer)
    ]
    odd = [
        record(f"{Q}HeartRate", "70", "count/min", start=summer, inside=metadata("HKTimeZone", name))
        for name in ("Nowhere/Land", "../../etc/passwd", "")
    ]
    found = samples(parsed(export(*made, record(f"{Q}StepCount", start=summer, inside=zone), *odd)))
    assert [(row[2], row[6]) for row in found if row[4] == 60] == [(ns(winter), -300), (ns(summer), -240)]
    assert [(row[2], row[6]) for row in found if row[0] == "steps"] == [(ns(summer), 330)]
    assert [row[6] for row in found if row[4] == 70] == [-240] * 3


def test_all_days_of_four_centuries_are_where_the_calendar_has_them() -> None:
    days = [datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(0, 73_000, 7)]
    made = [record(f"{Q}StepCount", start=day.strftime("%Y-%m-%d 12:34:56 +0000")) for day in days]
    found = [row[2] for row in samples(parsed(export(*made)))]
    assert found == [(int(day.timestamp()) + 45_296) * 10**9 for day in days]


# ------------------------------------------------------------------------------------------------------------ hostile and damaged


ATTACKS = [
    "<!DOCTYPE HealthData [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>",
    '<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE HealthData [<!ENTITY x PUBLIC "a" "http://127.0.0.1/x">]>',
    '<!DOCTYPE HealthData [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
    "<!DOCTYPE HealthData [<!ENTITY % p \"<!ENTITY q 'r'>\"> %p;]>",
    '<!DOCTYPE HealthData SYSTEM "http://127.0.0.1/x.dtd">',
    '<!DOCTYPE HealthData [<!ELEMENT Record (a>  <!ENTITY x "y">]>',
    '<!DOCTYPE HealthData [<!NOTATION n SYSTEM "n"><!ENTITY x SYSTEM "a.gif" NDATA n>]>',
]


@pytest.mark.parametrize("head", ATTACKS)
def test_entities_of_any_kind_end_the_reading(head: str) -> None:
    content = export(record(f"{Q}StepCount"), "<Record sourceName='&j;' type='&x;'/>" * 100, head=head)
    tracemalloc.start()
    batches = parsed(content)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert [(batch.outcome, batch.why, batch.count) for batch in batches if isinstance(batch, Tally)] == [
        ("refused", "xml_entities", 1)
    ]
    assert not samples(batches)


@pytest.mark.parametrize("content", ["<HealthData>" + "<Record>" * 400_000, "<HealthData>" + "<a>" * 400_000 + "</a>" * 400_000])
def test_endless_nesting_is_refused(content: str) -> None:
    assert ("refused", "nested_too_deep") in tallies(parsed(content))


@pytest.mark.parametrize("filler", ["x", "<", "< !"])
def test_an_endless_attribute_or_comment_is_refused_early(filler: str) -> None:
    start = "<HealthData><!--" if filler != "x" else '<HealthData><Record type="'
    piece = filler.encode() * (60_000_000 // len(filler))

    class Counting(io.BytesIO):
        read_so_far = 0

        def read(self, size: int | None = -1) -> bytes:
            got = super().read(size)
            Counting.read_so_far += len(got)
            return got

    batches = parsed(start.encode() + piece, Counting)
    assert tallies(batches)["refused", "entry_too_large"] == 1
    assert Counting.read_so_far < 20_000_000


def test_names_without_end_do_not_fill_the_memory() -> None:
    content = "<HealthData>" + "".join(f"<n{n}/>" for n in range(200_000)) + "</HealthData>"
    batches = parsed(content)
    assert tallies(batches)["refused", "entry_too_large"] == 1
    assert sum(isinstance(batch, Tally) for batch in batches) < 600


def test_apples_own_document_type_is_read_past_even_where_it_is_broken() -> None:
    for head in (
        "<!DOCTYPE HealthData [\n<!ELEMENT HealthData (Record*)>\n<!ATTLIST Record type CDATA #REQUIRED>\n]>\n",
        "<!DOCTYPE HealthData [\n<!ATTLIST Record\n  type\n<!ELEMENT x>\n>]>\n",
    ):
        batches = parsed(export(record(f"{Q}StepCount", "3"), head=head))
        assert [row[4] for row in samples(batches)] == [3]
        assert not tallies(batches)


def test_control_bytes_are_taken_out_wherever_they_stand() -> None:
    made = record(f"{Q}StepCount", "12", sourceName="Wat\x0bch\x01\x1f") * 3
    content = export(
        made, record(f"{Q}BodyMass", "7\x000", "k\x08g"), record(f"{Q}BodyMass", "71", "kg", sourceName="a&#x1F;b&#0;c&#65;")
    )
    for stream in (io.BytesIO, Drops):
        batches = parsed(content, stream)
        assert [(row[1], row[4]) for row in samples(batches)] == [("Watch", 12.0)] * 3 + [("Health", 70.0), ("abcA", 71.0)]
        assert not tallies(batches)


def test_bytes_that_are_no_text_cost_nothing_but_themselves() -> None:
    content = export(record(f"{Q}StepCount", "12", sourceName="Watch QQ")).encode().replace(b"QQ", b"\xff\xc3")
    assert [(row[1], row[4]) for row in samples(parsed(content))] == [("Watch \ufffd\ufffd", 12)]


def test_it_makes_no_difference_in_which_pieces_the_file_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    target = io.BytesIO()
    write_apple_export(target, days=2)
    whole = parsed(target.getvalue())
    monkeypatch.setattr(apple_sink, "HOLD", 1)
    in_drops = parsed(target.getvalue()[:120_000] + b"</HealthData>", Drops)
    at_once = parsed(target.getvalue()[:120_000] + b"</HealthData>")
    assert samples(in_drops) == samples(at_once)
    assert tallies(in_drops) == tallies(at_once)
    monkeypatch.setattr("core.sources.wearables.apple_xml._PIECE", 3_001)
    again = parsed(target.getvalue())
    assert samples(again) == samples(whole)
    assert tallies(again) == tallies(whole)
    assert any(row[5] & MANUAL for row in samples(whole) if row[0] == "height") or not samples(whole, "height")


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "gb18030", "shift_jis", "windows-1252"]
)
def test_other_encodings_are_read(encoding: str) -> None:
    name = {"gb18030": "小明的手表", "shift_jis": "時計", "utf-16": "小明的手表"}.get(encoding, "Zoë")
    declared = encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    content = export(record(f"{Q}StepCount", "4", sourceName=name)).replace("UTF-8", declared).encode(encoding)
    assert FORMAT.recognises(content[:HEAD_BYTES], "x")
    for stream in (io.BytesIO, Drops) if encoding not in ("utf-16", "utf-32", "utf-16-le", "utf-16-be") else (io.BytesIO,):
        assert [(row[1], row[4]) for row in samples(parsed(content, stream))] == [(name, 4)]


@pytest.mark.parametrize("encoding", ["klingon", "zlib", "idna", "unicode_escape", "rot13", "utf-16"])
def test_an_encoding_that_is_none_costs_names_at_most(encoding: str) -> None:
    content = export(record(f"{Q}StepCount", "4", sourceName="Zo\u00eb")).replace("UTF-8", encoding)
    assert [(row[1], row[4]) for row in samples(parsed(content))] == [("Zo\u00eb", 4)]
    assert [(row[1], row[4]) for row in samples(parsed(content.encode("latin-1")))] == [("Zo\ufffd", 4)]


def test_a_file_that_breaks_off_keeps_what_came_before() -> None:
    content = export(*(record(f"{Q}StepCount", str(n)) for n in range(40))).encode()
    ends = [n for n in range(len(content)) if content[n - 2 : n] == b"/>"]
    for cut in range(150, len(content) - 14, 97):
        batches = parsed(content[:cut])
        whole = sum(end <= cut for end in ends) - 1
        assert [row[4] for row in samples(batches)] == list(map(float, range(max(whole, 0))))
        assert tallies(batches) == {("refused", "cut_short"): 1}


@pytest.mark.parametrize(
    "broken",
    [
        '<Record type="HKQuantityTypeIdentifierStepCount" value=5/>', "<Record type='a' type='b'/>", "<Record <<<< />", "</Record>", "<Record value='&nbsp;'/>",
        "<Record type='a></Record>\n", "<Record Health Mate App Version='2' value='1'/>", "<3/>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<Record></Recxrd>", "]]>\n& <",
        "<HealthData x=>", "<Record type='a'", "<?xml version='1.0'?>",
    ],
)  # fmt: skip
def test_damage_costs_the_entry_it_is_in(broken: str) -> None:
    batches = parsed(export(record(f"{Q}StepCount", "1") * 3, broken, "\n", record(f"{Q}StepCount", "2") * 3))
    found = Counter(row[4] for row in samples(batches))
    assert found[1] == 3
    assert found[2] >= 2
    assert sum(count for (outcome, _), count in tallies(batches).items() if outcome == "refused") in (1, 2)


def test_damage_inside_a_correlation_does_not_double_what_follows() -> None:
    broken = pressure(True).replace("</Record>", "").replace('unit="mmHg"', "unit=mmHg", 1)
    batches = parsed(export(pressure(False), broken, pressure(True), record(f"{Q}StepCount", "7")))
    assert [(row[0], row[4]) for row in samples(batches)] == [("dbp", 84), ("sbp", 131), ("steps", 7)]


def test_a_damaged_archive_keeps_what_came_before_and_passes_the_reason_on() -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            got = super().read(100_000)
            if not got:
                raise FileRefused("archive_damaged")
            return got

    content = export(*(record(f"{Q}StepCount", str(n)) for n in range(2_000))).encode()
    read: list[Samples | Tally] = []
    with pytest.raises(FileRefused, match="archive_damaged"):
        for batch in FORMAT.read(member(content, Torn)):
            read.append(batch)
    assert len(samples(read)) == 2_000


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 1000, b"<HealthData/>", b"<HealthData>", b"PK\x03\x04", b"\xff\xfe", b"<", b"&", bytes(range(256)) * 9],
)
def test_anything_may_be_read(content: bytes) -> None:
    assert all(isinstance(batch, Samples | Tally) for batch in parsed(content))


# ------------------------------------------------------------------------------------------------------------ the two ways


def both_ways(
    content: bytes, monkeypatch: pytest.MonkeyPatch, piece: int
) -> tuple[list[Samples | Tally], list[Samples | Tally], int]:
    """By pattern where it is plain, by the parser alone, and how many pieces were plain."""
    plain: list[bool] = []
    by_pattern = Plain.take

    def watched(self: Plain, text: bytes) -> bool:
        plain.append(by_pattern(self, text))
        return plain[-1]

    with monkeypatch.context() as patched:
        patched.setattr(apple_xml, "_PIECE", piece)
        patched.setattr(Plain, "take", watched)
        fast = parsed(content)
        patched.setattr(Plain, "take", lambda self, text: False)
        return fast, parsed(content), sum(plain)


@pytest.mark.parametrize("piece", [2_000, 40_000])
def test_plain_stretches_come_out_as_the_parser_has_them(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    target = io.BytesIO()
    write_apple_export(target, days=3, seed=11)
    fast, slow, plain = both_ways(target.getvalue(), monkeypatch, piece)
    assert plain > 20
    assert samples(fast) == samples(slow)
    assert tallies(fast) == tallies(slow)


def test_names_addresses_and_metadata_of_every_record_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def one(n: int) -> str:
        notes = (
            metadata("HKMetadataKeySyncIdentifier", f"id-{n}")
            + metadata("HKWasUserEntered", str(n % 3))
            + metadata("HKTimeZone", "Asia/Kolkata" if n % 2 else "x&amp;y")
        )
        shown = f'sourceName="Tom &amp; Jerry&apos;s {n % 4}" sourceVersion="{n}" device="&lt;&lt;HKDevice: 0x{n:x}&gt;, name:G{n % 9}&gt;" unit="mg/dL"'
        times = f'creationDate="{WHEN}" startDate="2023-07-04 08:{n // 60 % 60:02d}:{n % 60:02d} -0400" endDate="2023-07-04 10:00:00 -0400"'
        return f'<Record type="{Q}BloodGlucose" {shown} {times} value="{n + 70}">\n {notes} </Record>\n'

    content = export(
        *(one(n) for n in range(600)), *(record(f"{Q}StepCount", "4&#50;", unit="count", sourceName="a\nb") for _ in range(9))
    ).encode()
    fast, slow, plain = both_ways(content, monkeypatch, 4_000)
    assert plain > 20
    assert samples(fast) == samples(slow)
    assert {row[1] for row in samples(fast)} == {f"Tom & Jerry's {n}" for n in range(4)} | {"a b"}
    assert sum(bool(row[5] & MANUAL) for row in samples(fast)) == 200
    assert Counter(row[6] for row in samples(fast, "glucose")) == {330: 300, -240: 300}


@pytest.mark.parametrize(("before", "after"), [("<!--", "-->"), ("<Note><![CDATA[", "]]></Note>"), ("<?note ", "?>")])
def test_a_record_in_a_remark_is_none_however_long_the_remark(before: str, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    remark = before + record(f"{Q}StepCount", "1000") * 200 + after
    content = export(record(f"{Q}StepCount", "1") * 200, remark, record(f"{Q}StepCount", "2") * 200).encode()
    fast, slow, _ = both_ways(content, monkeypatch, 3_000)
    assert Counter(row[4] for row in samples(fast)) == Counter(row[4] for row in samples(slow)) == {1: 200, 2: 200}


# ------------------------------------------------------------------------------------------------------------ recognising


def test_it_is_known_by_its_content_and_not_by_its_name() -> None:
    made = export(record(f"{Q}StepCount")).encode()
    document = (
        b'<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Health Data Export</title></ClinicalDocument>'
    )
    route = b'<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Apple Health Export"><trk/></gpx>'
    assert [
        FORMAT.recognises(head, "apple_health_export/export.xml") for head in (made, document, route, b"", b"<HealthDat", b"{}")
    ] == [True] + [False] * 5
    assert FORMAT.recognises(made[:200], "apple_health_export/导出.xml")
    assert [CDA.recognises(head, "export_cda.xml") for head in (made, document, route)] == [False, True, False]
    assert not CDA.recognises(document.replace(b"Health Data Export", b"Discharge"), "letter.xml")
    assert [ROUTE.recognises(head, "a.gpx") for head in (made, document, route)] == [False, False, True]
    assert tallies(ROUTE.read(member(route))) == {("not_followed", "workout_route"): 1}
    assert tallies(CDA.read(member(document))) == {("not_followed", "ccda_not_yet"): 1}


# ------------------------------------------------------------------------------------------------------------ whole exports


def test_the_exports_of_other_projects_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "wearable" / "apple"
    old, new = ((folder / name).read_bytes() for name in ("export6s3sample.xml", "healthkit-to-sqlite-export.xml"))
    assert FORMAT.recognises(old[:HEAD_BYTES], "") and FORMAT.recognises(new[:HEAD_BYTES], "")
    batches = parsed(old)
    assert entries(batches) == 10 + 5 + 2 + 1 + 1  # steps, distances, summaries, workout, profile
    steps = samples(batches, "steps")
    assert sum(row[4] for row in steps) == 2517
    assert {(row[1], row[6]) for row in steps} == {("Health", 60)}
    assert sum(row[4] for row in samples(batches, "distance")) == pytest.approx(19.43)
    assert samples(batches, "workout")[0][1] == "NJR Apple Watch"
    batches = parsed(new)
    assert entries(batches) == 1 + 1 + 1 + 2 + 1 + 1  # BMI, heart rate, workout, summaries, profile, route
    assert samples(batches, "hr") == [
        ("hr", "Apple Watch", ns("2018-09-10 02:28:55 -0700"), ns("2018-09-10 02:28:55 -0700"), 72, 0, -420)
    ]
    assert samples(batches, "bmi")[0][4:6] == (22.5312, 0)
    # the exporter wrote a November morning with July's offset; the workout names its zone, and so its own
    assert samples(batches, "workout")[0][4:] == (WORKOUTS.index("running"), 0, -480)


def test_a_made_export_comes_back_whole_and_its_steps_are_the_true_ones() -> None:
    target = io.BytesIO()
    truth = write_apple_export(target, days=40, seed=3, start=datetime(2023, 2, 20, tzinfo=UTC).date())  # over the spring change
    batches = parsed(target.getvalue())
    beats = tallies(batches)["not_followed", "single_beats"]
    others = sum(count for name, count in truth.elements.items() if name not in ("ExportDate", "Correlation"))
    assert entries(batches) == sum(truth.records.values()) + truth.in_correlations + others + beats
    assert tallies(batches)["duplicate", "inside_correlation"] == truth.in_correlations > 0
    for signal, kind in {
        "hr": "HeartRate",
        "energy_active": "ActiveEnergyBurned",
        "sbp": "BloodPressureSystolic",
        "rhr": "RestingHeartRate",
    }.items():
        assert len(samples(batches, signal)) == truth.records[Q + kind]
    watch = [row for row in samples(batches, "steps") if "Watch" in row[1]]
    phone = [row for row in samples(batches, "steps") if "iPhone" in row[1]]
    covered = {(row[2], row[3]) for row in watch}
    days: Counter[object] = Counter()
    for row in watch + [row for row in phone if (row[2], row[3]) not in covered]:
        days[datetime.fromtimestamp(row[2] / 1e9 + row[6] * 60, UTC).date()] += row[4]
    assert len(phone) > len(covered & {(row[2], row[3]) for row in phone}) > 0
    assert {day: total for day, total in days.items() if total} == {day: total for day, total in truth.steps.items() if total}
    assert {row[6] for row in watch} == {-300, -240}


def test_the_same_seed_makes_the_same_export_and_the_size_is_kept() -> None:
    one, two, other = io.BytesIO(), io.BytesIO(), io.BytesIO()
    made = write_apple_export(one, megabytes=3, seed=5)
    write_apple_export(two, megabytes=3, seed=5)
    write_apple_export(other, megabytes=3, seed=6)
    assert one.getvalue() == two.getvalue() != other.getvalue()
    assert made.bytes == len(one.getvalue())
    assert 3_000_000 <= made.bytes < 4_500_000


# ------------------------------------------------------------------------------------------------------------ anything at all


def valid() -> bytes:
    target = io.BytesIO()
    write_apple_export(target, days=1, seed=8)
    content = target.getvalue()
    records = content.split(b"\n <Record ")
    return b"\n <Record ".join([*records[:3], *records[3:-1:40], records[-1]])


def mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at = chance.randrange(len(changed))
        how = chance.randrange(4)
        if how == 0:
            changed[at] = chance.randrange(256)
        elif how == 1:
            del changed[at : at + chance.randrange(1, 60)]
        elif how == 2:
            changed[at:at] = bytes(chance.choice(b'<>&"/=\x00\xff ]') for _ in range(chance.randrange(1, 5)))
        else:
            changed[at:at] = changed[at : at + chance.randrange(400)]
        if not changed:
            return b""
    return bytes(changed)


def check_mutation(content: bytes, whole: int, seed: int) -> None:
    chance = random.Random(seed)
    changed = mutated(content, chance)
    batches = parsed(changed)
    for batch in batches:
        if isinstance(batch, Samples):
            assert batch.signal in SIGNALS
            assert np.isfinite(batch.columns.value).all()
            assert (batch.columns.end >= batch.columns.start).all()
        else:
            assert batch.count > 0
    if not tallies(batches)["refused", "cut_short"] and b"<!ENTITY" not in changed:
        assert entries(batches) > whole * 0.5


@pytest.mark.parametrize("piece", [1_500, 1 << 18])
def test_no_damage_raises_and_little_of_it_costs_little(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apple_xml, "_PIECE", piece)
    content = valid()
    whole = entries(parsed(content))
    for seed in range(200):
        check_mutation(content, whole, seed)


@given(st.binary(max_size=300), st.integers(0, 2_000))
def test_any_bytes_in_the_middle_are_survived(junk: bytes, at: int) -> None:
    content = export(record(f"{Q}StepCount") * 8).encode()
    batches = parsed(content[:at] + junk + content[at:])
    assert all(isinstance(batch, Samples | Tally) for batch in batches)
    FORMAT.recognises(junk, "")

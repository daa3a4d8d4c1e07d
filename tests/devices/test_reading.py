"""What devices send, by vectors worked out by hand from the profiles, and on any bytes whatever."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kiosk.collecting import doubts
from core.kiosk.devices import DOUBTS, DROPPED
from core.kiosk.terms import Device, Measure
from core.sources.devices.hearing import Hearing
from core.sources.devices.layouts import unpack
from core.sources.devices.meaning import MEASUREMENTS, Sent, asked_for, clock, joined, meal_of, text, understood
from core.sources.devices.numbers import Special, Stamp, float32, sfloat, stamp
from core.sources.devices.tables import (
    BODY,
    CUFF,
    FINAL,
    GLUCOSE,
    GLUCOSE_CONTEXT,
    HEART,
    LAYOUTS,
    OXIMETER,
    PRESSURE,
    RACP,
    SERVICES,
    SPOT,
    STATUS,
    THERMOMETER,
    VALUES,
    WEIGHT,
)
from core.sources.devices.validated import Validated, validated
from core.sources.devices.whose import Arrival, Visit, decide

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
SINCE = NOW - timedelta(minutes=6)


def hexed(said: str) -> bytes:
    return bytes.fromhex(said)


@pytest.mark.parametrize(("raw", "value"), [
    (0x0072, 114.0), (0xF16E, 36.6), (0x0000, 0.0), (0x0FFF, -1.0), (0x1002, 20.0), (0x8001, 1e-8), (0x7001, 1e7), (0xF801, Special.AMBIGUOUS), (0xF803, -204.5),
    (0x07FD, 2045.0), (0x07FE, Special.ABOVE), (0x07FF, Special.NAN), (0x0800, Special.NRES), (0x0801, Special.RESERVED), (0x0802, Special.BELOW), (0x0803, -2045.0),
    (0xF7FF, Special.AMBIGUOUS),
])  # fmt: skip
def test_short_floats(raw: int, value: object) -> None:
    assert sfloat(raw) == value


@pytest.mark.parametrize(("raw", "value"), [
    (0xFF00016E, 36.6), (0xFE000E4C, 36.6), (0x00000064, 100.0), (0x01FFFFFF, -10.0), (0x007FFFFD, 8388605.0), (0x007FFFFE, Special.ABOVE), (0x007FFFFF, Special.NAN),
    (0x00800000, Special.NRES), (0x00800001, Special.RESERVED), (0x00800002, Special.BELOW), (0xFF7FFFFF, Special.AMBIGUOUS),
])  # fmt: skip
def test_long_floats(raw: int, value: object) -> None:
    assert float32(raw) == value


@pytest.mark.parametrize(("seven", "moment"), [
    ("ea070304 0a1e05", datetime(2026, 3, 4, 10, 30, 5)), ("0000 0304 0a1e05", None), ("ea07 0004 0a1e05", None), ("ea07 0300 0a1e05", None), ("ea07 021e 0a1e05", None),
    ("ea07 0304 180000", None), ("ffff ffff ffffff", None),
])  # fmt: skip
def test_times_a_device_does_not_know_are_none(seven: str, moment: datetime | None) -> None:
    assert stamp(hexed(seven)).moment == moment


# Flags 0x1E: mmHg, time, pulse, user, status. 128/79, mean 95; 2026-03-04 10:30:05; pulse 71; user 1; status 0x0027: moved, loose, irregular, position.
WHOLE = "1e 8000 4f00 5f00 ea0703040a1e05 4700 01 2700"


def test_a_blood_pressure_with_everything() -> None:
    sent = understood(PRESSURE, hexed(WHOLE))
    assert dict(sent.values) == {"sbp": 128.0, "dbp": 79.0, "hr": 71.0}
    assert sent.stamp == Stamp(2026, 3, 4, 10, 30, 5)
    assert (sent.user, sent.why) == (1, "")
    assert sent.flags == ("moved", "cuff_loose", "irregular_pulse", "position")
    assert sent.doubts == ("moved", "cuff_loose", "position")


@pytest.mark.parametrize(("characteristic", "data", "values", "flags"), [
    (PRESSURE, "01 abf0 6bf0 7ef0", {"sbp": 128.3, "dbp": 80.3}, ()),  # 17.1/10.7 kPa
    (PRESSURE, "14 8000 4f00 5f00 ff07 0800", {"sbp": 128.0, "dbp": 79.0}, ("pulse_above_range",)),  # the pulse is NaN
    (WEIGHT, "00 be36", {"weight": 70.07}, ()),  # 14014 x 0.005 kg
    (WEIGHT, "01 483c", {"weight": 69.998}, ()),  # 15432 x 0.01 lb
    (WEIGHT, "0e be36 ea0703040a1e05 02 f500 b006", {"weight": 70.07}, ()),
    (BODY, "0004 d600 be36", {"weight": 70.07}, ()),
    (SPOT, "00 6100 4200", {"spo2": 97.0, "hr": 66.0}, ()),
    (SPOT, "06 6100 4200 8041 300000", {"spo2": 97.0, "hr": 66.0}, ("validated", "qualified", "questionable", "poor_signal", "low_perfusion")),
    (OXIMETER, "1f 6100 4200 6000 4100 6200 4300 2000 000000 2af0", {"spo2": 97.0, "hr": 66.0}, ()),
    (THERMOMETER, "04 6e0100ff 06", {"temp": 36.6}, ("site_mouth",)),
    (THERMOMETER, "01 da0300ff", {"temp": 37.0}, ()),  # 98.6 F
    (GLUCOSE, "02 0700 ea0703040a1e05 68b0 11", {"glucose": 104.0}, ("sample_capillary_whole",)),  # 104e-5 kg/L
    (GLUCOSE, "06 0700 ea0703040a1e05 3ac0 12", {"glucose": 104.5}, ("sample_capillary_plasma",)),  # 58e-4 mol/L
    (HEART, "00 48", {"hr": 72.0}, ()),
    (HEART, "17 4800 0004 1004", {"hr": 72.0}, ()),  # two bytes, contact, intervals
])  # fmt: skip
def test_values_in_our_units(characteristic: int, data: str, values: dict[str, float], flags: tuple[str, ...]) -> None:
    sent = understood(characteristic, hexed(data))
    assert (dict(sent.values), sent.flags, sent.why) == (values, flags, "")


@pytest.mark.parametrize(("characteristic", "data", "why"), [
    (PRESSURE, "", "damaged"), (PRESSURE, "00", "damaged"), (PRESSURE, WHOLE[:-2], "damaged"), (PRESSURE, WHOLE + "00", "damaged"),
    (PRESSURE, "00 ff07 4f00 5f00", "no_value"), (PRESSURE, "00 8000 0008 5f00", "no_value"), (PRESSURE, "00 fe07 4f00 5f00", "above_range"),
    (WEIGHT, "00 ffff", "not_measured"), (BODY, "0004 ffff ffff", "not_measured"), (BODY, "0000 d600", "no_value"), (BODY, "00", "damaged"),
    (SPOT, "02 6100 4200 2000", "unfinished"), (SPOT, "02 6100 4200 0004", "unfit"), (SPOT, "02 6100 4200 0080", "unfit"), (SPOT, "04 6100 4200 000800", "unfit"),
    (OXIMETER, "04 6100 4200 4000", "unfinished"), (THERMOMETER, "00 ffff7f00", "no_value"),
    (GLUCOSE, "02 0700 ea0703040a1e05 68b0 1a", "control_solution"), (GLUCOSE, "02 0700 ea0703040a1e05 68b0 41", "control_solution"),
    (GLUCOSE, "0a 0700 ea0703040a1e05 fe07 11 2000", "above_range"), (GLUCOSE, "0a 0700 ea0703040a1e05 0208 11 0000", "below_range"),
    (GLUCOSE, "0a 0700 ea0703040a1e05 68b0 11 0400", "unfit"), (GLUCOSE, "00 0700 ea0703040a1e05", "no_value"), (HEART, "04 48", "unfit"), (HEART, "01 48", "damaged"),
])  # fmt: skip
def test_what_is_no_reading_says_why(characteristic: int, data: str, why: str) -> None:
    sent = understood(characteristic, hexed(data))
    assert (sent.why, sent.why in DROPPED) == (why, True)


def test_a_damaged_packet_says_where() -> None:
    assert understood(PRESSURE, hexed(WHOLE)[:12]).place == "blood_pressure.time: truncated"
    assert understood(PRESSURE, hexed(WHOLE) + b"\0").place == "blood_pressure.byte 19: too_long"


def test_fields_that_nobody_knows_yet_are_left_alone() -> None:
    sent = understood(PRESSURE, hexed("80 8000 4f00 5f00 010203"))
    assert (sent.why, sent.values["sbp"]) == ("", 128.0)


def test_a_clock_that_is_not_set_and_a_time_fault_are_no_time() -> None:
    assert understood(SPOT, hexed("11 6100 4200 ea0703040a1e05")).stamp is None
    assert understood(GLUCOSE, hexed("0a 0700 ea0703040a1e05 68b0 11 0008")).stamp is None
    assert understood(GLUCOSE, hexed("03 0700 ea0703040a1e05 ff7f 68b0 11")).stamp is None
    assert understood(GLUCOSE, hexed("03 0700 ea0703040a1e05 c4ff 68b0 11")).offset == timedelta(hours=-1)


def test_user_255_is_nobody() -> None:
    assert understood(WEIGHT, hexed("04 be36 ff")).user is None


def test_two_halves_of_two_people_are_no_measurement() -> None:
    first, second = understood(BODY, hexed("0410 d600 01")), understood(BODY, hexed("0414 d600 02 be36"))
    assert (first.more, second.more) == (True, True)
    assert joined(first, second).why == "damaged"
    assert joined(first, understood(BODY, hexed("0414 d600 01 be36"))).values["weight"] == 70.07
    assert joined(first, first).why == "no_value"


@given(st.sampled_from(sorted(MEASUREMENTS)), st.binary(max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_bytes_say_something_and_never_raise(characteristic: int, data: bytes) -> None:
    sent = understood(characteristic, data)
    assert not sent.why or sent.why in DROPPED
    assert all(isinstance(value, float) for value in sent.values.values())
    if sent.more:
        assert joined(sent, sent).more is False
    measure = next((one for one, chars in FINAL.items() if characteristic in chars), Measure.BLOOD_PRESSURE)
    verdict = decide([Arrival(sent, NOW)], Visit(measure, SINCE), None)
    assert (verdict.reading is None) == bool(verdict.dropped)
    meal_of(data), asked_for(data), clock(data), text(data)


@given(st.sampled_from([one for one in sorted(LAYOUTS) if one != HEART]), st.binary(min_size=40, max_size=40), st.integers(0, 39))
@settings(max_examples=200, deadline=None)
def test_a_packet_cut_anywhere_is_either_whole_or_faulty(characteristic: int, data: bytes, cut: int) -> None:
    layout = LAYOUTS[characteristic]
    whole, part = unpack(layout, data), unpack(layout, data[:cut])
    assert part.fault or set(part.fields) == set(whole.fields)
    assert all(whole.fields[name] == value for name, value in part.fields.items())


@given(st.integers(-2045, 2045), st.integers(-8, 7))
@settings(max_examples=100, deadline=None)
def test_short_floats_come_back(mantissa: int, exponent: int) -> None:
    assert sfloat((exponent & 0xF) << 12 | (mantissa & 0xFFF)) == float(f"{mantissa}e{exponent}")


# ------------------------------------------------------------------------------------------------------------------ whose


def pressure(at: datetime | None, user: int | None = None, sbp: float = 128.0, **more: object) -> Sent:
    when = Stamp(at.year, at.month, at.day, at.hour, at.minute, at.second) if at else None
    return Sent(PRESSURE, {"sbp": sbp, "dbp": 79.0}, stamp=when, user=user, **more)  # type: ignore[arg-type]


def told(*sent: Sent, user: int | None = None, ahead: timedelta | None = None, live: int = 0) -> tuple[float | None, list[str]]:
    found = [Arrival(one, NOW, n >= len(sent) - live) for n, one in enumerate(sent)]
    verdict = decide(found, Visit(Measure.BLOOD_PRESSURE, SINCE, user, ahead), None)
    return verdict.reading.values["sbp"] if verdict.reading else None, [one.why for one in verdict.dropped]


def test_only_what_was_measured_in_this_visit_counts() -> None:
    before, mine = pressure(SINCE - timedelta(seconds=6), sbp=180.0), pressure(NOW - timedelta(minutes=1))
    assert told(before) == (None, ["before_visit"])
    assert told(before, mine) == (128.0, ["before_visit"])
    assert told(pressure(NOW - timedelta(minutes=3), sbp=140.0), mine) == (128.0, ["older"])


def test_a_clock_that_nobody_measured_must_be_right() -> None:
    assert told(pressure(NOW + timedelta(seconds=59))) == (128.0, [])
    assert told(pressure(NOW + timedelta(seconds=61))) == (None, ["clock_ahead"])
    assert told(pressure(NOW + timedelta(hours=24)), ahead=timedelta(hours=24)) == (128.0, [])
    assert told(pressure(SINCE + timedelta(hours=23)), ahead=timedelta(hours=24)) == (None, ["before_visit"])
    assert told(pressure(NOW), ahead=timedelta(days=-400)) == (None, ["clock_ahead"])


def test_without_a_time_only_what_comes_alone_counts() -> None:
    assert told(pressure(None)) == (128.0, [])
    assert told(pressure(None), pressure(None, sbp=150.0)) == (None, ["no_time", "no_time"])
    assert told(pressure(None), pressure(NOW, sbp=150.0)) == (150.0, ["no_time"])
    assert told(pressure(None, stored=True)) == (None, ["no_time"])


def test_another_user_of_the_device_is_not_this_person() -> None:
    assert told(pressure(NOW, user=2), user=1) == (None, ["other_user"])
    assert told(pressure(NOW, user=2), pressure(NOW, user=1, sbp=133.0), user=1) == (133.0, ["other_user"])
    assert told(pressure(NOW, user=2), pressure(NOW, user=1)) == (None, ["which_user", "which_user"])
    assert told(pressure(NOW, user=1), user=1) == (128.0, [])


def test_what_was_seen_being_measured_needs_no_clock() -> None:
    assert told(pressure(datetime(2010, 1, 1, tzinfo=UTC)), live=1) == (128.0, [])
    assert told(pressure(datetime(2010, 1, 1, tzinfo=UTC)), pressure(datetime(2010, 1, 2, tzinfo=UTC)), live=2) == (
        None,
        ["before_visit", "before_visit"],
    )
    assert told(pressure(SINCE - timedelta(minutes=1)), live=1, ahead=timedelta()) == (None, ["before_visit"])


def hearing(measure: Measure) -> Hearing:
    return Hearing(Visit(measure, SINCE), Device(), lambda: NOW)


def test_what_comes_while_the_device_still_measures_is_not_its_result() -> None:
    now, cuff, stored = hearing(Measure.BLOOD_PRESSURE), hexed("00 8000 ff07 ff07"), hexed("02 b400 6400 7d00 da0701010a0000")
    for char, data in ((CUFF, cuff), (PRESSURE, stored), (CUFF, cuff)):
        now.hear(char, data)
    assert (now.decide().reading, [one.why for one in now.left()]) == (None, ["before_visit"])
    now.hear(PRESSURE, stored[:-1] + b"\x01")  # and nothing that comes later is
    assert (now.decide().reading, [one.why for one in now.left()]) == (None, ["before_visit"])
    again = hearing(Measure.BLOOD_PRESSURE)
    for char, data in ((CUFF, cuff), (PRESSURE, stored)):
        again.hear(char, data)
    taken = again.decide().reading
    assert taken is not None
    assert taken.values["sbp"] == 180.0


@given(
    st.sampled_from(Measure),
    st.lists(
        st.tuples(st.sampled_from([*sorted(VALUES), GLUCOSE_CONTEXT, RACP, 0x2A00]), st.binary(max_size=22), st.booleans()),
        max_size=12,
    ),
)
@settings(max_examples=200, deadline=None)
def test_whatever_a_device_sends_in_whatever_order_a_reading_is_one_that_can_be(
    measure: Measure, packets: list[tuple[int, bytes, bool]]
) -> None:
    now = hearing(measure)
    for characteristic, data, over in packets:
        now.hear(characteristic, data)
        if not over:
            continue
        taken = now.decide()
        assert all(one.why in DROPPED for one in now.left())
        if taken.reading is not None:
            assert doubts(measure, taken.reading.values) == ()
            assert SINCE - timedelta(seconds=5) <= taken.reading.at <= NOW


def test_what_cannot_be_is_not_taken_and_an_odd_pulse_is_left_out() -> None:
    assert told(pressure(NOW, sbp=70.0)) == (None, ["implausible"])
    odd = Sent(PRESSURE, {"sbp": 128.0, "dbp": 79.0, "hr": 900.0}, stamp=pressure(NOW).stamp)
    reading = decide([Arrival(odd, NOW)], Visit(Measure.BLOOD_PRESSURE, SINCE), None).reading
    assert reading is not None
    assert (dict(reading.values), reading.flags) == ({"sbp": 128.0, "dbp": 79.0}, ("pulse_left_out",))


@given(
    st.lists(st.tuples(st.integers(-100_000, 100_000), st.sampled_from([None, 1, 2]), st.booleans()), max_size=6),
    st.sampled_from([None, 1]),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_nothing_before_the_visit_or_of_another_user_is_ever_taken(
    things: list[tuple[int, int | None, bool]], user: int | None, read: bool
) -> None:
    sent = [
        pressure(NOW + timedelta(seconds=seconds) if stamped else None, who, sbp=90.0 + n)
        for n, (seconds, who, stamped) in enumerate(things)
    ]
    verdict = decide(
        [Arrival(one, NOW) for one in sent], Visit(Measure.BLOOD_PRESSURE, SINCE, user, timedelta() if read else None), None
    )
    assert len(verdict.dropped) + (verdict.reading is not None) == len(things)
    if verdict.reading is not None:
        assert SINCE - timedelta(seconds=5) <= verdict.reading.at <= NOW
        _, who, stamped = things[int(verdict.reading.values["sbp"]) - 90]
        assert user is None or who in (None, user)
        assert stamped or len(things) == 1


# ----------------------------------------------------------------------------------------------------------------- tables


def test_every_measure_has_its_service_and_its_characteristics() -> None:
    assert set(SERVICES) == set(FINAL) == set(Measure)
    assert {one for chars in FINAL.values() for one in chars} | {CUFF} <= set(VALUES)
    for characteristic, fields in STATUS.items():
        assert set(fields) <= {field.name for field in LAYOUTS[characteristic].fields}


def test_every_doubt_a_device_can_say_is_known_to_the_screens() -> None:
    assert {bit.code for fields in STATUS.values() for bits in fields.values() for bit in bits if bit.effect == "doubt"} == set(
        DOUBTS
    )


def test_what_a_device_calls_itself_is_one_printable_line() -> None:
    assert text(b"Acme\0junk") == "Acme"
    assert text(b"<b>\n\x1b[31m" + b"x" * 200) == "<b> [31m" + "x" * 52
    assert text(b"\xff\xfe") == ""


def test_no_device_is_called_validated_without_a_source() -> None:
    assert validated("Acme", "BP-1") == "unknown"
    rows = (Validated("Acme", "BP-1", "yes", "a page, 2026-01-01"), Validated("Acme", "BP-2", "yes", ""))
    assert [validated("ACME", model, rows) for model in ("bp-1", "BP-2", "BP-10", "")] == ["yes", "unknown", "unknown", "unknown"]


def test_answers_to_a_request_for_records() -> None:
    assert [asked_for(bytes(one)) for one in ((6, 0, 1, 1), (6, 0, 1, 6), (6, 0, 1, 2), (6, 0, 1, 99), (5, 0, 1, 0), (6, 0, 4, 1), (6,), ())] == [
        "done", "none", "refused", "refused", "", "", "", "",
    ]  # fmt: skip
    assert clock(struct.pack("<H8B", 2026, 3, 4, 10, 30, 0, 3, 0, 0)) == Stamp(2026, 3, 4, 10, 30, 0)
    assert clock(bytes(10)) is None

"""This is the place where single days are made on which one thing went wrong, and the calendar must name it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from time import process_time

import numpy as np
import pytest

from core.care.access import COMMAND_LINE
from core.care.missing import MissingView, calendar
from core.domain.plausible import marked
from core.domain.samples import FLOATING, UTC_ONLY, Columns, Samples, SyncEvent
from core.errors import BadInput
from core.samples.faults import FaultyLife, FaultyStream
from core.trends.contact import Reach, contact
from core.trends.day_counts import Came, stream_days
from core.trends.day_slots import NIGHTLY, Axis
from core.trends.missing import NOT_MISSING, REASONS, STATES, judged
from core.trends.wear import wear
from tests.samples.faulty_store import ports_of

FIRST = date(2024, 3, 1)
HOUR, DAY = 3_600_000_000_000, 86_400_000_000_000
ZERO = (FIRST - date(1970, 1, 1)).days * DAY
DAYS = 40
LATE = ZERO + 400 * DAY
"""An import long after: the file was old when it came."""


def at(day: int, hour: float = 0) -> int:
    return ZERO + day * DAY + round(hour * HOUR)


def every(
    signal: str,
    minutes: int,
    *,
    without: Sequence[tuple[int, int]] = (),
    days: int = DAYS,
    device: str = "Watch",
    value: float = 70.0,
) -> Samples:
    """Samples around the clock, but for stretches of hours (from, to) since the start."""
    start = np.arange(at(0), at(days), minutes * HOUR // 60)
    for first, last in without:
        start = start[(start < at(0, first)) | (start >= at(0, last))]
    return marked(Samples(signal, Columns.of(start, np.full(len(start), value)), device), LATE)


def daily(
    signal: str, hour: float, *, without: Sequence[int] = (), step: int = 1, device: str = "Watch", value: float = 60.0
) -> Samples:
    start = [at(day, hour) for day in range(0, DAYS, step) if day not in without]
    return marked(Samples(signal, Columns.of(start, np.full(len(start), value)), device), LATE)


def whole_file(last: int = DAYS) -> SyncEvent:
    return SyncEvent("s", "import", LATE, at(0), at(last) - 1)


def life(samples: Sequence[Samples], events: Sequence[SyncEvent] = (), now: int = LATE + DAY) -> FaultyLife:
    return FaultyLife("UTC", FIRST, DAYS, now, tuple(FaultyStream("s", one, ()) for one in samples), tuple(events), ())


def asked(given: FaultyLife, signal: str, days: int = DAYS) -> MissingView:
    return calendar(ports_of(given), COMMAND_LINE, "p", signal, FIRST, FIRST + timedelta(days=days - 1))


def odd_days(view: MissingView) -> dict[int, str]:
    """The days that are not simply received."""
    return {n: one.state for n, one in enumerate(view.days) if one.state != "received"}


def test_a_day_without_any_sign_of_the_device_was_not_worn() -> None:
    view = asked(life([every("hr", 5, without=[(10 * 24, 11 * 24)])], [whole_file()]), "hr")
    assert odd_days(view) == {10: "not_worn"}
    assert (view.days[10].have, view.days[10].expected, view.days[10].why) == (0, 288, "no_wear")
    assert view.said.parts == (("not_worn", 1, "day"),)


def test_a_signal_that_stops_while_the_watch_is_worn_was_not_returned() -> None:
    heart = every("hr", 5, without=[(10 * 24, 11 * 24)])
    assert odd_days(asked(life([heart, every("spo2", 30, value=97.0)], [whole_file()]), "hr")) == {10: "returned_none"}


def test_a_night_without_sleep_is_not_worn_unless_the_pulse_went_on() -> None:
    asleep = [at(day, 23) for day in range(-1, DAYS - 1) if day not in (9, 19)]
    sleep = Samples("sleep_stage", Columns.of(asleep, np.full(len(asleep), 2.0), np.array(asleep) + 8 * HOUR), "Watch")
    pulse = every("hr", 5, without=[(19 * 24 + 21, 20 * 24 + 8)])
    view = asked(life([sleep, pulse], [whole_file()]), "sleep_stage")
    assert odd_days(view) == {10: "returned_none", 20: "not_worn"}
    assert view.unit == "night" and "sleep_stage" in NIGHTLY
    assert view.said.parts == (("not_worn", 1, "night"), ("returned_none", 1, "night"))


def test_half_a_day_is_partly() -> None:
    view = asked(life([every("hr", 5, without=[(10 * 24 + 9, 10 * 24 + 21)])], [whole_file()]), "hr")
    assert odd_days(view) == {10: "partly"}
    assert (view.days[10].have, view.days[10].expected) == (144, 288)


def test_half_of_the_samples_all_over_a_day_is_partly_too() -> None:
    whole = every("cgm_glucose", 5, value=110.0).columns
    thinned = np.ones(len(whole), dtype=bool)
    thinned[10 * 288 : 11 * 288 : 2] = False
    view = asked(life([Samples("cgm_glucose", whole.take(thinned), "Sensor")], [whole_file()]), "cgm_glucose")
    assert odd_days(view) == {10: "partly"}


def test_values_that_cannot_be_are_out_of_range() -> None:
    whole = every("hr", 5).columns
    value = np.where((whole.start >= at(10)) & (whole.start < at(11)), 900.0, whole.value)
    heart = marked(Samples("hr", Columns.of(whole.start, value), "Watch"), LATE)
    view = asked(life([heart], [whole_file()]), "hr")
    assert odd_days(view) == {10: "out_of_range"}
    assert view.days[10].have == 0


def test_a_failed_try_explains_the_day_it_asked_for_also_where_one_old_file_holds_the_rest() -> None:
    heart = every("hr", 5, without=[(10 * 24, 11 * 24), (20 * 24, 21 * 24)])
    named = SyncEvent("s", "failed", at(11, 1), at(10), at(11), "http_503")
    unnamed = SyncEvent("s", "failed", at(20, 23), why="timed_out")
    view = asked(life([heart], [named, unnamed, whole_file()]), "hr")
    assert odd_days(view) == {10: "sync_failed", 20: "sync_failed"}
    assert [view.days[n].facts["failure"] for n in (10, 20)] == ["http_503", "timed_out"]


def test_a_failed_try_that_was_made_good_explains_nothing() -> None:
    failed = SyncEvent("s", "failed", at(11, 1), at(10), at(11), "http_503")
    assert odd_days(asked(life([every("hr", 5)], [failed, whole_file()]), "hr")) == {}


def test_a_catch_up_that_still_had_nothing_says_that_it_was_not_worn() -> None:
    syncs = [SyncEvent("s", "import", at(day + 1, 1), at(day), at(day + 1) - 1) for day in range(DAYS) if day not in (9, 10, 11)]
    catch_up = SyncEvent("s", "import", at(12, 2), at(9), at(12) - 1)
    failed = [SyncEvent("s", "failed", at(day, 1), at(day - 1), at(day), "http_503") for day in (10, 11)]
    heart = every("hr", 5, without=[(10 * 24, 11 * 24)])
    assert odd_days(asked(life([heart], sorted([*syncs, catch_up, *failed], key=lambda one: one.at_ns)), "hr")) == {10: "not_worn"}


def test_an_empty_answer_is_returned_none() -> None:
    heart = every("hr", 5, without=[(10 * 24, 11 * 24)])
    empty = SyncEvent("s", "empty", at(11, 1), at(10), at(11))
    assert odd_days(asked(life([heart], [empty, whole_file()]), "hr")) == {10: "returned_none"}


def test_an_empty_answer_of_a_watch_that_says_it_was_off_is_not_worn() -> None:
    heart = every("hr", 5, without=[(10 * 24, 11 * 24)])
    off = Samples("worn", Columns.of([at(10)], [0.0], [at(11)]), "Watch")
    empty = SyncEvent("s", "empty", at(11, 1), at(10), at(11))
    assert odd_days(asked(life([heart, off], [empty, whole_file()]), "hr")) == {10: "not_worn"}


def test_consent_and_connection_explain_their_days() -> None:
    events = [
        SyncEvent("s", "consent_withdrawn", at(10)), SyncEvent("s", "consent_given", at(15)),
        SyncEvent("s", "disconnected", at(20, 12)), SyncEvent("s", "connected", at(24, 12)), whole_file(),
    ]  # fmt: skip
    heart = every("hr", 5, without=[(10 * 24, 15 * 24), (20 * 24 + 12, 24 * 24 + 12)])
    found = odd_days(asked(life([heart], events), "hr"))
    assert {n for n, state in found.items() if state == "consent_withdrawn"} == set(range(10, 15))
    assert {n for n, state in found.items() if state == "not_connected"} == {21, 22, 23}
    assert {n for n, state in found.items() if state == "partly"} == {20, 24}


def test_before_the_first_and_after_the_last_file_nobody_was_connected() -> None:
    heart = every("hr", 5, without=[(0, 5 * 24), (30 * 24, 40 * 24)])
    view = asked(life([heart], [SyncEvent("s", "import", LATE, at(5), at(30) - 1)]), "hr")
    assert set(odd_days(view)) == {0, 1, 2, 3, 4, *range(30, 40)}
    assert {view.days[n].why for n in range(5)} == {"before_first"}
    assert {view.days[n].why for n in range(30, 40)} == {"not_asked"}


def test_a_source_without_events_answers_for_the_time_between_its_first_and_last_sample() -> None:
    assert odd_days(asked(life([every("hr", 5, without=[(10 * 24, 11 * 24)])]), "hr")) == {10: "not_worn"}


def test_a_covered_device_is_counted_elsewhere_and_the_signal_is_received() -> None:
    def walks(device: str) -> Samples:
        start = np.arange(at(0), at(DAYS), HOUR)
        return Samples("steps", Columns.of(start, np.full(len(start), 300.0), start + HOUR), device)

    view = asked(life([walks("Watch"), walks("Phone")], [whole_file()]), "steps")
    assert odd_days(view) == {}
    phone = next(one for one in view.streams if one.device == "Phone")
    assert {one.state for one in phone.days} == {"duplicate_discarded"}


def test_two_parts_that_make_a_day_are_a_day() -> None:
    one = every("hr", 5, without=[(10 * 24 + 12, 11 * 24)])
    other = every("hr", 5, without=[(0, 10 * 24 + 12), (11 * 24, 12 * 24)], device="Ring")
    view = asked(life([one, other], [whole_file()]), "hr")
    assert view.days[10].state == "received" and view.days[10].why == "together"


def test_a_weekly_weight_is_not_missing_on_the_other_six_days() -> None:
    view = asked(life([daily("weight", 7, step=7, value=80.0)], [whole_file()]), "weight")
    assert view.counts["received"] == 6
    assert {one.why for one in view.days if one.have == 0} <= NOT_MISSING | {"not_asked"}
    assert view.said.parts == () or view.said.parts[0][0] == "not_connected"


def test_a_daily_weight_that_was_forgotten_was_not_used() -> None:
    view = asked(life([daily("weight", 7, without=[10], value=80.0), every("hr", 5, device="Watch")], [whole_file()]), "weight")
    assert odd_days(view) == {10: "not_worn"}
    assert view.days[10].why == "not_used"


def test_one_of_two_pressures_is_partly() -> None:
    start = sorted([at(day, hour) for day in range(DAYS) for hour in (8, 20) if (day, hour) != (10, 20)])
    cuff = Samples("sbp", Columns.of(start, np.full(len(start), 130.0)), "Cuff")
    view = asked(life([cuff], [whole_file()]), "sbp")
    assert odd_days(view) == {10: "partly"}
    assert (view.days[10].have, view.days[10].expected) == (1, 2)


def test_a_watch_in_a_drawer_that_writes_zeros_was_not_worn() -> None:
    start = np.arange(at(0), at(DAYS), HOUR)
    value = np.where((start >= at(10)) & (start < at(12)), 0.0, 200.0)
    view = asked(life([Samples("steps", Columns.of(start, value, start + HOUR), "Watch")], [whole_file()]), "steps")
    assert odd_days(view) == {10: "not_worn", 11: "not_worn"}
    assert view.days[10].why == "zeros"


def test_a_signal_nobody_ever_sent_is_not_connected() -> None:
    view = asked(life([every("hr", 5)], [whole_file()]), "spo2")
    assert {one.state for one in view.days} == {"not_connected"}
    assert {one.why for one in view.days} == {"never"}
    assert view.streams == ()


def test_today_is_partly_at_most_and_days_to_come_are_nobodys_fault() -> None:
    heart = every("hr", 5, days=20)
    event = SyncEvent("s", "import", at(19, 15), at(0), at(19, 15))
    view = asked(
        life([Samples("hr", heart.columns.take(heart.columns.start < at(19, 15)), "Watch")], [event], now=at(19, 15)), "hr"
    )
    assert (view.days[19].state, view.days[19].why) == ("partly", "day_not_over")
    assert {one.why for one in view.days[20:]} == {"day_to_come"}
    assert view.said.parts == ()
    assert view.said.facts == {"days": 19, "received": 19, "unit": "day", "by_itself": 1}


def test_many_small_imports_are_a_connection_and_answer_for_what_lies_between_them() -> None:
    heart = every("hr", 5, without=[(10 * 24, 15 * 24)])
    syncs = [SyncEvent("s", "import", LATE + day, at(day), at(day + 1) - 1) for day in range(DAYS) if not 10 <= day < 15]
    assert odd_days(asked(life([heart], syncs), "hr")) == dict.fromkeys(range(10, 15), "not_worn")


def test_two_files_with_weeks_between_them_answer_for_themselves_alone() -> None:
    heart = every("hr", 5, without=[(10 * 24, 25 * 24)])
    files = [SyncEvent("s", "import", LATE, at(0), at(10) - 1), SyncEvent("s", "import", LATE + 1, at(25), at(DAYS) - 1)]
    assert odd_days(asked(life([heart], files), "hr")) == dict.fromkeys(range(10, 25), "not_connected")


@pytest.mark.parametrize("offset", [UTC_ONLY, FLOATING, 60])
def test_no_clock_of_the_file_moves_the_missing_day(offset: int) -> None:
    whole = every("hr", 5).columns
    local_days = (whole.start + (0 if offset == FLOATING else HOUR)) // DAY
    kept = whole.take(local_days != at(10) // DAY)
    made = Samples("hr", Columns.of(kept.start, kept.value, kept.end, 0, offset), "Watch")
    given = life([made], [SyncEvent("s", "import", LATE, int(kept.start[0]), int(kept.end[-1]))])
    view = calendar(ports_of(given, "Africa/Lagos"), COMMAND_LINE, "p", "hr", FIRST, FIRST + timedelta(days=DAYS - 2))
    assert odd_days(view) == {10: "not_worn"}


def test_every_day_of_any_span_has_exactly_one_state_and_the_counts_are_of_all_days() -> None:
    view = asked(life([every("hr", 5)], [whole_file()]), "hr", days=700)
    assert len(view.days) == 700 == sum(view.counts.values())
    assert set(view.counts) == set(STATES)
    assert {one.why for one in view.days} <= set(REASONS)
    assert sum(count for _, count, _ in view.runs) == 700


@pytest.mark.parametrize(("signal", "first", "last", "code"), [
    ("nothing", FIRST, FIRST, "unknown_signal"), ("hr", FIRST, FIRST - timedelta(days=1), "days_backwards"),
    ("hr", date(1990, 1, 1), FIRST, "too_many_days"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused(signal: str, first: date, last: date, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        calendar(ports_of(life([])), COMMAND_LINE, "p", signal, first, last)
    assert refused.value.code == code


def test_the_clock_of_the_test_is_read_and_no_other() -> None:
    assert ports_of(life([], now=at(3))).clock.now() == datetime(2024, 3, 4, tzinfo=UTC)


def test_a_daily_sum_beside_its_minutes_is_not_counted_with_them() -> None:
    minutes = np.arange(at(0), at(DAYS), HOUR // 60)
    fine = Samples("steps", Columns.of(minutes, np.full(len(minutes), 5.0), minutes + HOUR // 60), "Watch")
    midnights = np.array([at(day) for day in range(DAYS)])
    sums = Samples("steps", Columns.of(midnights, np.full(DAYS, 7200.0), midnights + DAY), "Watch", "1d")
    view = asked(life([fine, sums], [whole_file()]), "steps")
    assert {(one.have, one.expected) for one in view.days} == {(1440, 1440)}
    assert len(view.streams) == 1


def test_a_year_of_twenty_streams_is_judged_in_no_time() -> None:
    heart, zone = every("hr", 5, without=[(10 * 24, 11 * 24)]).columns, 365
    axis = Axis.of("hr", ZERO // DAY, zone)
    local = (heart.start[:, None] + np.arange(0, zone, DAYS)[None, :] * DAY).ravel()
    came = Came(
        local, local, np.full(len(local), 70.0), np.zeros(len(local), dtype=np.uint8), np.ones(len(local), dtype=bool), local
    )
    days = stream_days(axis, ("hr", "average"), [came], np.zeros((zone, 24), dtype=bool), axis.first)
    reach = Reach(axis.start, axis.end, at(zone), np.zeros(zone, dtype=np.int64))
    asked_for = contact([whole_file(zone)], reach)
    signs = wear(axis, [])
    started = process_time()
    for _ in range(20):
        judged(days, signs, asked_for, axis, at(zone))
    assert process_time() - started < 0.5  # 50 ms on a quiet machine; tests run beside one another

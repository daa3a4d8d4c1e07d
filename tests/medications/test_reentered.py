"""A schedule goes back into the form as it came out of it, and nothing of anybody else's does."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.medications.entered import KINDS, Entered, dosages, wanting
from core.medications.expanding import following
from core.medications.reading import regimen
from core.medications.reentered import entered_of
from tests.medications.test_entered import NOW, SHANGHAI, START

AMOUNTS = st.sampled_from((0.5, 1.0, 2.0, 20.0))
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def schedules(draw: st.DrawFn) -> Entered:
    kind = draw(st.sampled_from(KINDS))
    times = tuple(sorted(draw(st.sets(CLOCKS, max_size=4))))
    days = tuple(draw(st.lists(st.sampled_from(("mon", "wed", "sun")), unique=True, max_size=3)))
    apart = kind in ("daily", "weekdays", "every_days", "cycle") and draw(st.booleans())
    each = tuple(draw(st.lists(AMOUNTS, min_size=len(times), max_size=len(times)))) if apart else ()
    amount = None if each else draw(st.none() | AMOUNTS)
    start, end = draw(st.sampled_from((None, START))), draw(st.sampled_from((None, date(2027, 1, 1))))
    every, on, off = draw(st.integers(2, 30)), draw(st.integers(1, 30)), draw(st.integers(1, 30))
    unit = "tablet" if amount or each else ""
    needed = {"least": draw(st.integers(0, 24)), "most": draw(st.integers(0, 9)), "reason": draw(st.sampled_from(("", "pain")))}
    return Entered(kind, times, every, days, on, off, amount, unit, start, end, first=draw(CLOCKS), each=each, **needed)


@given(schedules())
def test_what_the_form_made_comes_back_as_the_same_doses(said: Entered) -> None:
    made = dosages(said, SHANGHAI.zone)
    back = entered_of(made, SHANGHAI.zone)
    if wanting(said):
        assert back is None
        return
    assert back is not None
    assert (back.kind, dosages(back, SHANGHAI.zone)) == (
        said.kind if said.kind != "every_days" or said.every > 1 else "daily",
        made,
    )


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("timing", "repeat", "timeOfDay", "period", "doseAndRate", "x")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(ANY_JSON, max_size=3))
def test_what_others_wrote_never_gets_in_and_never_breaks_it(kept: list[Any]) -> None:
    back = entered_of(tuple(kept), "UTC")
    assert back is None or dosages(back, "UTC") == tuple(kept)


def test_a_dosage_with_something_beside_it_is_not_put_into_the_form() -> None:
    (made,) = dosages(Entered("daily", (time(8),), amount=1, unit="tablet"), "UTC")
    assert entered_of((made,), "UTC") is not None
    assert entered_of(({**made, "patientInstruction": "with water"},), "UTC") is None


def test_two_in_the_morning_and_one_in_the_evening_are_that_many_then() -> None:
    said = Entered("daily", (time(8), time(20)), unit="tablet", start=START, each=(2.0, 1.0))
    found = regimen(list(dosages(said, SHANGHAI.zone)), START.isoformat())
    assert found.asked == ()
    assert [dose.amount.low if dose.amount else None for dose in following(found, SHANGHAI, NOW, 4)] == [2.0, 1.0, 2.0, 1.0]


def test_an_amount_for_a_time_that_is_missing_or_said_twice_is_asked_for() -> None:
    assert wanting(Entered("daily", (time(8), time(20)), each=(1.0,))) == "each"
    assert wanting(Entered("daily", (time(8), time(8)), each=(1.0, 2.0))) == "each"
    assert wanting(Entered("daily", (time(8), time(9)), each=(1.0, 0.0))) == "each"

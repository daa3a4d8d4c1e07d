"""Counts of logged doses, whatever was logged: nothing is counted twice, nothing is lost, and the time asked for cuts nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.doses import DoseAnswer, DoseState, KeptDose, PlannedDose
from core.medications.adherence import counts, day_of, days, logged_since, tallies

NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
ZONES = st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns"])
FIRST, LAST = date(2026, 3, 20), date(2026, 4, 5)


@st.composite
def kept(draw: st.DrawFn) -> KeptDose:
    at = NOW + timedelta(minutes=draw(st.integers(-8 * 1440, 4 * 1440)))
    state = draw(st.sampled_from(list(DoseState)))
    answer = DoseAnswer(state, at + timedelta(minutes=draw(st.integers(-90, 90))), draw(st.sampled_from(["", "forgot", "cost"]))) if state in ("taken", "skipped") else None
    medicine = draw(st.sampled_from("ab"))
    planned = PlannedDose(f"{medicine}/{at}", medicine, medicine.upper(), at, draw(ZONES), as_needed=draw(st.booleans()))
    return KeptDose(f"{medicine}{at}", "p", planned, state, answer)


@given(st.lists(kept(), max_size=20))
def test_days_and_medicines_count_the_same_doses(doses: list[KeptDose]) -> None:
    cells, lines = days(doses, FIRST, LAST, NOW), tallies(doses, NOW)
    for what in ("due", "taken", "skipped"):
        assert sum(getattr(one, what) for one in cells) == sum(getattr(one, what) for one in lines)
    assert sum(one.due + one.to_come for one in cells) == sum(counts(one) for one in doses)


@given(st.lists(kept(), max_size=20))
def test_what_is_due_is_taken_skipped_or_not_logged(doses: list[KeptDose]) -> None:
    for one in tallies(doses, NOW):
        assert one.due == one.taken + one.skipped + one.unlogged
        assert one.on_time <= one.taken
        assert sum(count for _, count in one.reasons) == one.skipped
        assert (one.share is None) == (one.taken + one.skipped == 0)


@given(st.lists(kept(), max_size=20))
def test_a_day_on_which_nothing_was_logged_is_never_all_or_some(doses: list[KeptDose]) -> None:
    logged = {day_of(one) for one in doses if one.state in (DoseState.TAKEN, DoseState.SKIPPED) and not one.planned.as_needed}
    for cell in days(doses, FIRST, LAST, NOW):
        assert (cell.state in ("all", "some", "skipped")) == (cell.day in logged)


@given(st.lists(kept(), max_size=20))
def test_logging_began_on_the_first_day_with_an_answer(doses: list[KeptDose]) -> None:
    answered = [day_of(one) for one in doses if one.state in (DoseState.TAKEN, DoseState.SKIPPED)]
    assert logged_since(doses) == (min(answered) if answered else None)

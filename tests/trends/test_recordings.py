"""Ten-second answers become one answer of a recording: neither an alarm nor an all-clear by a minority, and nothing that was declined is smoothed over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.checks import CheckKind, CheckResult, Declined, Finding, ModelRef, Quality
from core.trends.recordings import joined, loudest

MODEL = ModelRef("rhythm", "1", "d", "edge")


def piece(says: Finding | Declined, pulse: float | None = 70.0, **measures: float) -> CheckResult:
    reasons = says.reasons if isinstance(says, Declined) else ()
    return CheckResult(CheckKind.RHYTHM, Quality(reasons, measures), says, 0.5, MODEL, None, pulse)


AF = piece(Finding("possible_irregular", 0.9, (("af", 0.9), ("sinus", 0.1))), 110.0)
SINUS = piece(Finding("no_irregularity_seen", 0.1, (("af", 0.1), ("sinus", 0.9))), 60.0)
NOISY = piece(Declined("poor_quality", ("signal_noisy",)), None)
UNSURE = piece(Declined("uncertain"), 80.0)
DEAD = piece(Declined("model_unavailable"), None)
PIECES = st.lists(st.sampled_from([AF, SINUS, NOISY, UNSURE, DEAD]), min_size=1, max_size=30)


def said(*pieces: CheckResult) -> str:
    answer = joined(pieces).answer
    return answer.decision if isinstance(answer, Finding) else answer.why


def test_pieces_vote() -> None:
    assert said(AF, AF, SINUS) == "possible_irregular"
    assert said(AF, SINUS) == "possible_irregular"
    assert said(SINUS, SINUS, UNSURE) == "no_irregularity_seen"
    assert said(AF, SINUS, SINUS) == "uncertain"
    assert said(AF, NOISY, NOISY, NOISY) == "possible_irregular"


def test_one_clean_piece_of_many_is_no_all_clear() -> None:
    assert said(SINUS, NOISY, NOISY, NOISY) == "uncertain"


def test_where_no_piece_answered_the_commonest_reason_is_said() -> None:
    assert joined((NOISY, NOISY, UNSURE)).answer == Declined("poor_quality", ("signal_noisy",))
    assert joined((NOISY, NOISY)).quality.reasons == ("signal_noisy",)
    assert said(DEAD, NOISY, NOISY) == said(DEAD, SINUS, SINUS) == "model_unavailable", (
        "what is still to be asked about comes before what is wrong with the rest"
    )
    assert said(DEAD, AF, SINUS) == "possible_irregular"
    assert joined((UNSURE, UNSURE, NOISY)).quality.reasons == ()


def test_a_recording_of_one_piece_is_that_piece() -> None:
    assert joined((AF,)) is AF
    with pytest.raises(ValueError, match="at least one"):
        joined(())


def test_numbers_are_of_the_pieces_they_rest_on() -> None:
    found = joined((AF, AF, replace(SINUS, pulse=None)))
    assert found.answer == Finding(
        "possible_irregular", pytest.approx(0.9), (("af", pytest.approx(0.9)), ("sinus", pytest.approx(0.1)))
    )
    assert (found.pulse, found.model, found.leaning) == (110.0, MODEL, None)
    assert (found.quality.measures["pieces"], found.quality.measures["pieces_used"]) == (3.0, 3.0)
    minority = joined((AF, SINUS, SINUS))
    assert minority.leaning is not None
    assert minority.leaning.decision == "possible_irregular"


def test_the_picture_shown_is_of_the_piece_that_speaks_most() -> None:
    stronger = replace(AF, answer=Finding("possible_irregular", 0.95))
    assert loudest((NOISY, SINUS, AF, stronger, AF)) == 3
    assert loudest((NOISY, NOISY)) == 0


@given(PIECES, st.randoms())
def test_the_order_of_the_pieces_changes_no_answer(pieces: list[CheckResult], random: object) -> None:
    turned = list(pieces)
    random.shuffle(turned)  # type: ignore[attr-defined]
    found = [one.answer for one in pieces if isinstance(one.answer, Finding)]
    if found:
        assert said(*pieces) == said(*turned)
    irregular = sum(one.decision == "possible_irregular" for one in found)
    if said(*pieces) == "possible_irregular":
        assert 2 * irregular >= len(found) > 0
    if said(*pieces) == "no_irregularity_seen":
        assert irregular == 0
        assert 2 * len(found) >= len(pieces)

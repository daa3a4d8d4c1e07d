"""What was raised for each hundred patient-days, and waiting times in which what still waits counts."""

from __future__ import annotations

import pytest

from core.panel.burden import Raised, burden, in_time
from core.panel.terms import DAY

NOW = 1_800_000_000.0
HOUR = 3600.0


def ago(days: float) -> float:
    return NOW - days * DAY


def test_days_count_from_when_somebody_came() -> None:
    raised = [
        Raised("a", 2, ago(3)),
        Raised("a", 3, ago(2), ago(1.5)),
        Raised("b", 2, ago(1)),
        Raised("stranger", 3, ago(1)),
        Raised("b", 1, ago(40), ago(39), ago(39)),
    ]
    found = burden(raised, {"a": ago(400), "b": ago(7)}, NOW)
    assert (found.count, found.people, found.patient_days) == (3, 2, pytest.approx(35.0))
    assert found.per_100 == pytest.approx(300 / 35)
    assert found.by_severity == ((3, 1), (2, 2))
    assert (found.open, found.unseen) == (3, 2)


def test_nobody_and_nothing() -> None:
    nothing = burden([], {}, NOW)
    assert (nothing.count, nothing.per_100, nothing.half_seen_after, nothing.top_share) == (0, None, None, None)
    assert burden([], {"a": ago(30)}, NOW).per_100 == 0.0


def test_what_still_waits_makes_the_waiting_longer() -> None:
    quick = [Raised("a", 1, ago(10), ago(10) + hours * HOUR) for hours in (1, 2, 3)]
    assert burden(quick, {"a": ago(30)}, NOW).half_seen_after == pytest.approx(2.0)
    waiting = [*quick, *(Raised("a", 1, ago(9)) for _ in range(4))]
    assert burden(waiting, {"a": ago(30)}, NOW).half_seen_after is None, "more than half is still unseen"
    assert burden([*quick, Raised("a", 1, NOW - HOUR / 2)], {"a": ago(30)}, NOW).half_seen_after == pytest.approx(2.0)


def test_the_tenth_with_the_most() -> None:
    raised = [*(Raised("p0", 1, ago(1)) for _ in range(9)), Raised("p1", 1, ago(1))]
    found = burden(raised, {f"p{at}": ago(30) for at in range(10)}, NOW)
    assert found.top_share == pytest.approx(0.9)


def test_in_time_is_not_known_while_it_still_may_be() -> None:
    assert in_time([], NOW, DAY) is None
    assert in_time([Raised("a", 0, ago(0.5))], NOW, DAY) is None
    assert in_time([Raised("a", 0, ago(2), ago(1.5))], NOW, DAY) is True
    assert in_time([Raised("a", 0, ago(2), ago(1.5)), Raised("a", 0, ago(3))], NOW, DAY) is False
    assert in_time([Raised("a", 0, NOW + DAY)], NOW, DAY) is None


def test_what_happens_later_is_not_known_yet() -> None:
    later = burden([Raised("a", 2, ago(2), NOW + DAY, NOW + DAY), Raised("a", 2, NOW + 1)], {"a": ago(30)}, NOW)
    assert (later.count, later.open, later.unseen) == (1, 1, 1)

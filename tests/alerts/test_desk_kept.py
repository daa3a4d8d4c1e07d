"""What is kept of a desk comes back the same: all of it is plain values."""

from __future__ import annotations

import msgspec

from core.alerts import desk as desks
from core.alerts.desk import Desk, Mute
from core.alerts.happening import Happening
from core.alerts.judge_all import judge
from core.alerts.own import Own
from core.alerts.readings import Reading
from core.alerts.states import Event, Kind
from core.trends.judgement import Severity
from tests.alerts.given import at, one, weights


def rows() -> list[Reading]:
    return [
        *weights((0, 200), (1, 205)),
        *(one(day, 66 + day % 3, "/min", "hr") for day in range(8)),
        one(8, 99, "/min", "hr"),
        one(8, 165, "mm[Hg]", "sbp"),
    ]


def full() -> Desk:
    desk = judge(Desk(), [], [], Own(), at(0))
    for day in (1, 8):
        desk = judge(desk, rows(), [Happening("stock_out", "k", at(0.5), "m1", facts=(("left", 0), ("name", "x")))], Own(), at(day))
    desk = desks.snoozed(desk, Mute("high", "sbp", at(9), Severity.ACT_SOON, "nurse", "known"), (("sbp", 165.0),), "s", at(8.1))
    desk = desks.undelivered(desk, desk.alerts[0].alert_id, Event("u", Kind.UNDELIVERED, to="patient", why="gone"), at(8.2))
    return desks.acted(desk, Kind.RESOLVED, "weight", ("r", "nurse", "seen"), at(8.3))[0]


def test_a_desk_comes_back_the_same() -> None:
    desk = full()
    assert len(desk.alerts) >= 5
    assert desk.mutes
    assert desk.told
    assert desk.settled
    text = msgspec.json.encode(desk)
    again = msgspec.json.decode(text, type=Desk)
    assert again == desk
    assert judge(again, rows(), [], Own(), at(9)) == judge(desk, rows(), [], Own(), at(9)), "and goes on the same"

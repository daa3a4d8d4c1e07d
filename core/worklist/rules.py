"""This is the place where the rules of the worklist are rows: what puts a person where, by which source, and how well that was checked.

`status`: "verified" was read in the named text; "memory" is from memory; "house" is a choice of this product and no guideline's. All of it is for the
team's eyes. What other parts judge already (a severe blood pressure, a very low glucose, a critical result, an answer about self-harm, an average above
target) comes as their notice and is only given a place here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.worklist.terms import DATA, DAY, NEVER, NOW, TODAY, WAITING, WEEK

VERIFIED, MEMORY, HOUSE = "verified", "memory", "house"
_NEWS2 = "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017"
_HEART = "Self-care in heart failure as commonly taught: 2 lb in a day, 5 lb in a week"
_HERE = "Healthboard"
_NOTICE = "as its notice says"
_ALERT = "as its alert says"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the lane it puts a person in, the order within the lane (`severity`, the greater the earlier), and where it is from. What waits longer than
    `late_after` seconds rises to `late_lane`. What `stays` is moved down by no look: only by somebody who takes it, does it, or ends it with a reason."""

    key: str
    lane: str
    severity: int
    source: str
    status: str
    late_after: float | None = None
    late_lane: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A row of limits: at or beyond `limit` (`side` -1 at or below, 1 at or above) the rule holds."""

    rule: str
    signal: str
    side: int
    limit: float


RULES: Mapping[str, Rule] = {
    one.key: one
    for one in (
        Rule("alert_now", NOW, 95, _ALERT, HOUSE, stays=True),
        Rule("message_urgent", NOW, 92, _HERE, HOUSE, stays=True),
        Rule("notice_now", NOW, 90, _NOTICE, HOUSE),
        Rule("news2_high", NOW, 80, _NEWS2, VERIFIED),
        Rule("vital_red", NOW, 70, _NEWS2, VERIFIED),
        Rule("alert_soon", TODAY, 62, _ALERT, HOUSE, stays=True),
        Rule("notice_soon", TODAY, 60, _NOTICE, HOUSE),
        Rule("news2_medium", TODAY, 58, _NEWS2, VERIFIED),
        Rule("weight_day", TODAY, 55, _HEART, MEMORY),
        Rule("weight_week", TODAY, 55, _HEART, MEMORY),
        Rule("stock_out", TODAY, 50, _HERE, HOUSE),
        Rule("message_late", TODAY, 49, _HERE, HOUSE, stays=True),
        Rule("review_soon", TODAY, 48, _HERE, HOUSE, 2 * DAY, NOW),
        Rule("review_other", WEEK, 38, _HERE, HOUSE, 3 * DAY, TODAY),
        Rule("task_nobody", WEEK, 39, _HERE, HOUSE, 1 * DAY, TODAY, stays=True),
        Rule("task_late", WEEK, 37, _HERE, HOUSE, 1 * DAY, TODAY, stays=True),
        Rule("alert_watch", WEEK, 37, _ALERT, HOUSE, stays=True),
        Rule("message_waits", WEEK, 36, _HERE, HOUSE, 2 * DAY, TODAY, stays=True),
        Rule("request_refill", WEEK, 36, _HERE, HOUSE, 2 * DAY, TODAY),
        Rule("request_question", WEEK, 36, _HERE, HOUSE, 2 * DAY, TODAY),
        Rule("silent", DATA, 34, _HERE, HOUSE),
        Rule("silent_long", WEEK, 34, _HERE, HOUSE),
        Rule("unusual", WEEK, 32, _HERE, HOUSE),
        Rule("drift", WEEK, 31, _HERE, HOUSE),
        Rule("together", WEEK, 31, _HERE, HOUSE),
        Rule("doses_fewer", WEEK, 30, _HERE, HOUSE),
        Rule("visit_wish", WEEK, 35, _HERE, HOUSE, 2 * DAY, TODAY, stays=True),
        Rule("visit_unsaid", WEEK, 29, _HERE, HOUSE, 7 * DAY, TODAY, stays=True),
        Rule("stock_low", WEEK, 28, _HERE, HOUSE, 7 * DAY, TODAY),
        Rule("notice_watch", WEEK, 20, _NOTICE, HOUSE),
        Rule("unreadable", DATA, 90, _HERE, HOUSE),
        Rule("broken", DATA, 88, _HERE, HOUSE),
        Rule("bad_value", DATA, 80, _HERE, HOUSE),
        Rule("bad_time", DATA, 80, _HERE, HOUSE),
        Rule("deceased", DATA, 70, _HERE, HOUSE),
        Rule("old", DATA, 10, _HERE, HOUSE),
        Rule("notice_data", DATA, 20, _NOTICE, HOUSE),
        Rule("alert_had", WAITING, 30, _ALERT, HOUSE, 1 * DAY, TODAY, stays=True),
        Rule("task_planned", WAITING, 12, _HERE, HOUSE, stays=True),
        Rule("photo_awaited", WAITING, 10, _HERE, HOUSE, 7 * DAY, WEEK),
        Rule("never_any", NEVER, 0, _HERE, HOUSE),
    )
}
"""Every rule."""

LIMITS: tuple[Limit, ...] = (
    Limit("vital_red", "rr", -1, 8), Limit("vital_red", "rr", 1, 25), Limit("vital_red", "spo2", -1, 91),
    Limit("vital_red", "sbp", -1, 90), Limit("vital_red", "sbp", 1, 220),
    Limit("vital_red", "hr", -1, 40), Limit("vital_red", "hr", 1, 131), Limit("vital_red", "temp", -1, 35.0),
    Limit("news2_high", "news2", 1, 7), Limit("news2_medium", "news2", 1, 5),
)  # fmt: skip
"""NEWS2: three points for one measure (SpO2 on scale 1), and the whole score where somebody recorded one. Of two rows that hold the first speaks."""

LIMITS_OF: Mapping[str, tuple[Limit, ...]] = {
    signal: tuple(one for one in LIMITS if one.signal == signal) for signal in dict.fromkeys(one.signal for one in LIMITS)
}

TURNS: Mapping[str, int] = {"hr": 1, "spo2": -1, "rr": 1, "temp": 1, "weight": 1, "glucose": 1}
"""Which way an unusual value is worth a look this week: 1 up, -1 down; both for the others. The other way is looked after by limits and notices (house)."""
NOISE: Mapping[str, float] = {
    "sbp": 5.0,
    "dbp": 5.0,
    "hr": 3.0,
    "spo2": 0.7,
    "rr": 1.0,
    "temp": 0.2,
    "weight": 0.3,
    "glucose": 10.0,
}
"""The least spread that a signal's usual range is given, in its unit: nobody's values differ less than measuring does (house). Only these signals are held
against what is usual."""
UNUSUAL, DRIFT, TOGETHER, USUAL_DAYS = 1.5, 1.0, 0.8, 3
"""So many spreads away from the middle of at least so many days before is unusual: for the newest value, for the mean of the last days, and for all
signals together (house; chosen
on the made-up cohort of benchmarks/worklist.py, with another seed than it is reported with)."""
SIGNIFICANT_FOR = 14 * DAY
"""A value that old says nothing about what is usual now; a red one stays until a newer one or somebody ends it."""
LONG_SILENCE, GIVEN_UP, OLD = 1.5, 180.0, 365.0
"""A silence so many times longer than what is unusual is looked after this week, not only explained; after so many days the habit was given up; and
where nothing has come for so many days nobody knows how the person is, habit or not (house)."""

NOTICES: Mapping[int, str] = {3: "notice_now", 2: "notice_soon", 1: "notice_watch", -1: "notice_data"}
"""The rule of a notice, by its severity."""
NOTICES_OF_DATA = frozenset(
    {
        "attention.see_original",
        "attention.quarantined",
        "attention.retracted_lately",
        "attention.allergies_not_recorded",
        "attention.no_records",
        "attention.series_stopped",
    }
)
"""Notices that say something about the data and not about the person."""

HOLDS: Mapping[str, float] = {NOW: 1 * DAY, TODAY: 3 * DAY, WEEK: 7 * DAY, DATA: 14 * DAY, WAITING: 7 * DAY}
"""How long a look at a reason of a lane is good for; then it is due again, though nothing has changed (house). Nothing ends because it was seen once."""

MINUTE, HOUR = 60.0, 3600.0
ALLOWED: Mapping[str, float] = {NOW: 30 * MINUTE, TODAY: 8 * HOUR, WEEK: 7 * DAY, DATA: 14 * DAY}
"""So long after its evidence a reason of a lane should have been seen by somebody (house; a clinic may want others). Where the time of the evidence is not
known, nothing is said about when it is due."""
OWN_TIME = frozenset({"task_planned", "task_late", "task_nobody"})
"""Their `at` is when they are due itself."""

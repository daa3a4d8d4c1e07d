"""This is the place where a rule of an alert is described and checked: what it looks at, its limit, how sure it must be, and where its number is from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from core.domain.signals import SIGNALS
from core.errors import BadInput
from core.trends.judgement import Severity
from core.trends.published import STATUSES

THRESHOLD, GAIN, DRIFT, BASELINE, MISSING, NEWS, EVENT = "threshold", "gain", "drift", "baseline", "missing", "news2", "event"
RHYTHM, MEDICINE, QUESTIONNAIRE, IMAGE, SILENT = "rhythm", "medicine", "questionnaire", "image", "silent"
COMBINED = "combined"
HAPPENING_KINDS = (EVENT, RHYTHM, MEDICINE, QUESTIONNAIRE, IMAGE)
"""Kinds of rules about what isn't measured (happening.py)."""
KINDS = (THRESHOLD, GAIN, DRIFT, BASELINE, MISSING, SILENT, NEWS, COMBINED, *HAPPENING_KINDS)
HIGH, LOW, NONE = "high", "low", "none"
DIRECTIONS = (HIGH, LOW, NONE)
BACK_IN_RANGE, DATA_AGAIN = "back_in_range", "data_again"
DOSE_LOGGED, STOCK_FILLED, REVIEWED, NO_LONGER_TAKEN, NOT_EXPECTED = (
    "dose_logged",
    "stock_filled",
    "reviewed",
    "no_longer_taken",
    "not_expected",
)
RECOVERIES = ("", BACK_IN_RANGE, DATA_AGAIN, DOSE_LOGGED, STOCK_FILLED, REVIEWED, NO_LONGER_TAKEN, NOT_EXPECTED)
"""The named recovery rules. "" is none: a person has to end it. back_in_range: two readings in a row, an hour or more apart, that are inside the limit.
data_again: a reading came. not_expected: a pause or a new due date says that none was due. The others: what the happening was about is over (its value is 0 now)."""

EVENT_SIGNALS = {
    "phq9_item9": (0.0, 3.0), "skin_check": (0.0, 1.0), "irregular_rhythm": (0.0, 1.0),
    "on_oxygen": (0.0, 1.0), "acvpu": (0.0, 4.0), "spo2_scale2": (0.0, 1.0),
    "dose_missed": (0.0, 1.0), "dose_not_logged": (0.0, 1.0), "interaction": (0.0, 1.0), "stock_out": (0.0, 1.0), "wound_growing": (0.0, 1.0), "silence": (0.0, 36500.0), "news2_three": (0.0, 1.0),
}  # fmt: skip
"""What isn't a measured signal and can stand in a series all the same, with the range of its values (no unit). phq9_item9: 0 not at all to 3 nearly every
day. skin_check and irregular_rhythm: 1 where the check says so. on_oxygen, acvpu (0 alert to 4 unresponsive) and spo2_scale2 belong to NEWS2. dose_missed, dose_not_logged: a critical
dose; interaction: a serious one that is new; stock_out: nothing left (1: it is so, 0: it is over). wound_growing: 1 where the growth is clear. silence: days without anything from a source; news2_three: 1 where one part of a NEWS2 is 3."""


@dataclass(frozen=True, slots=True)
class Part:
    """A signal of a combined rule, where it goes, and the least spread that is taken for it (in its unit; `percent`: of the level)."""

    signal: str
    direction: str
    spread: float
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `limit` is in the signal's canonical unit (gain and drift: the rise; baseline: the multiple of the person's own spread; missing: days;
    news2: the score; event: the least value); inclusive unless `strict`.

    combined: the sum of how far its `parts` are from the person's own levels, in spreads, over the root of how many they are.

    `group`: alerts of one group and direction are one alert. `within` are the days looked back, `least` the fewest days to compare with, `floor` the
    smallest difference that counts whatever the spread (percent of the level where `percent`), `span` the days whose middle is the present (drift). `confirm`: how many readings in a row must say it before
    the rule has its full severity; until then it is WATCH. `at_once`: from so many times the distance of a baseline rule one reading is enough (0: never), and
    `only_from` is the value from which it speaks at all, however far that is from the person's level (0: any). `step`: how much further it must go to be raised again. `recovery`: how it may end without a
    person. `team`: only where the team has set it."""

    key: str
    kind: str
    signal: str
    direction: str
    limit: float
    severity: Severity
    source: str
    year: int
    status: str
    group: str = ""
    strict: bool = False
    within: int = 0
    least: int = 0
    floor: float = 0.0
    percent: bool = False
    span: int = 3
    at_once: float = 0.0
    only_from: float = 0.0
    parts: tuple[Part, ...] = ()
    confirm: int = 1
    step: float = 0.0
    recovery: str = ""
    team: bool = False

    @property
    def family(self) -> str:
        return self.group or self.key


def checked(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules, each held against the schema. Raises BadInput that names the row and the need."""
    found = tuple(rules)
    keys: set[str] = set()
    for rule in found:
        need = _need(rule) or ("a key of its own" if rule.key in keys else "")
        if need:
            raise BadInput("bad_rule", place=f"rule {rule.key[:40] or '(no key)'}", need=need)
        keys.add(rule.key)
    return found


def _need(rule: Rule) -> str:
    known = rule.signal in SIGNALS or rule.signal in EVENT_SIGNALS or (rule.kind == NEWS and rule.signal == NEWS)
    back = rule.kind in (GAIN, DRIFT, BASELINE, COMBINED)
    wants = (
        (bool(rule.key) and rule.key.replace("_", "").isalnum() and len(rule.key) <= 60, "a key of letters, digits and _"),
        (rule.kind in KINDS, "kind: " + ", ".join(KINDS)),
        (known, "signal: a key of the table of signals"),
        (rule.direction in DIRECTIONS, "direction: " + ", ".join(DIRECTIONS)),
        (isfinite(rule.limit) and abs(rule.limit) < 1e6, "limit: a number"),
        (rule.kind not in (GAIN, DRIFT, BASELINE, MISSING) or rule.limit > 0, "limit: above 0"),
        (rule.severity >= Severity.WATCH, "severity: watch, soon or now"),
        (bool(rule.source.strip()), "source"),
        (1900 < rule.year < 2100, "year"),
        (rule.status in STATUSES, "status: " + ", ".join(STATUSES)),
        (rule.recovery in RECOVERIES, "recovery: back_in_range, data_again or none"),
        (1 <= rule.confirm <= 5, "confirm: 1 to 5"),
        (not (rule.severity is Severity.ACT_NOW and rule.confirm > 1), "confirm: 1, what is severe never waits"),
        (isfinite(rule.step) and rule.step >= 0, "step: 0 or more"),
        (isfinite(rule.floor) and rule.floor >= 0, "floor: 0 or more"),
        (1 <= rule.within <= 90 if back else rule.within == 0, "within: 1 to 90 days for a change, none else"),
        (not back or 0 <= rule.least <= rule.within, "least: no more days than within"),
        (rule.at_once == 0 or (rule.kind == BASELINE and 1 <= rule.at_once <= 10), "at_once: 1 to 10 for a baseline rule, else 0"),
        (isfinite(rule.only_from) and (rule.only_from == 0 or rule.kind == BASELINE), "only_from: a value for a baseline rule, else 0"),
        ((rule.kind == COMBINED) == (len(rule.parts) >= 2), "parts: two or more for a combined rule, else none"),
        (1 <= rule.span <= 14, "span: 1 to 14 days"),
        (not (rule.signal == "weight" and rule.kind in (GAIN, DRIFT) and rule.recovery), "recovery: none, a gain of weight stays open until someone acts"),
    )  # fmt: skip
    return next((need for fine, need in wants if not fine), "")

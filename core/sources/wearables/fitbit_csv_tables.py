"""This is the place where the tables of a Fitbit archive stand as rows: by which columns one is known, what is taken, how its times are.

Column names are written without case and with spaces for underscores, as `fitbit_takeout_csv` folds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.domain.samples import ESTIMATED
from core.sources.wearables.clock import MINUTE
from core.sources.wearables.csv_columns import Leave, Take

DAY_OF, AT, SPAN = "day", "at", "span"
"""Whether a row belongs to the day that its time names, to the moment, or lasts from one column's time to another's."""

_NONE = (0.0, -1.0)
_SATURATION_NONE = (0.0, -1.0, 50.0)
"""50 stands for a minute in which none could be found: every value below 70 of long exports is exactly 50 (community; unverified)."""
NOT_KEPT, PART, SCORE = Leave("signal_not_kept"), Leave("part_of_another"), Leave("score_not_kept")
ROUTE, UNKNOWN = Leave("workout_route"), Leave("unknown_type")
UNCLEAR = Leave("signal_unclear", "quarantined")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that has all of `needs`: its columns in `takes`, all others with `rest` (only those that begin with one of `counted`,
    where that is not empty). `times` are the columns of start and end; `named` a word that the file's name must hold too."""

    needs: frozenset[str]
    takes: Mapping[str, Take | Leave] = field(default_factory=dict)
    how: str = AT
    times: tuple[str, ...] = ("timestamp",)
    rest: Leave = NOT_KEPT
    counted: tuple[str, ...] = ()
    named: str = ""


def _table(
    needs: str, takes: Mapping[str, Take | Leave] | None = None, when: str = "timestamp", rest: Leave = NOT_KEPT,
    counted: tuple[str, ...] = (), named: str = "",
) -> Table:  # fmt: skip
    """`when` names the column of the moment, those of start and end, or is DAY_OF."""
    times = ("timestamp",) if when == DAY_OF else tuple(when.split(","))
    how = DAY_OF if when == DAY_OF else SPAN if len(times) == 2 else AT
    return Table(frozenset(needs.split(",")), takes or {}, how, times, rest, counted, named)


def _minute(signal: str, mult: float = 1.0, lasts: int = MINUTE) -> Take:
    return Take(signal, mult, grain="1min", lasts=lasts)


def _day(signal: str, mult: float = 1.0, quality: int = 0) -> Take:
    return Take(signal, mult, grain="1d", quality=quality, none=_NONE)


_RMSSD = Take("hrv_rmssd", grain="5min", lasts=5 * MINUTE, none=_NONE)
_RHR, _HR = _day("rhr"), Take("hr", none=_NONE)

CLASSIC = (
    _table("sleep start,sleep end,nightly temperature", {"nightly temperature": _day("skin_temp")}, "sleep start,sleep end"),
    _table("timestamp,rmssd,nremhr", {"rmssd": _day("hrv_rmssd")}, DAY_OF),
    _table("timestamp,rmssd,coverage", {"rmssd": _RMSSD}),
    _table("timestamp,bucket values"),
    _table("timestamp,daily respiratory rate", {"daily respiratory rate": _day("rr")}, DAY_OF),
    _table("timestamp,full sleep breathing rate", {"full sleep breathing rate": _day("rr")}, rest=PART),
    _table("timestamp,average value,lower bound,upper bound", {"average value": _day("spo2")}, DAY_OF, rest=PART),
    _table("timestamp,value", {"value": Take("spo2", none=_SATURATION_NONE)}, named="spo2"),
    _table("recorded time,temperature", {}, when="recorded time"),
    _table("date time,heart zone id,total minutes", when="date time"),
    _table("timestamp,infrared to red signal ratio"),
    _table("sleep log entry id,timestamp,overall score", {"resting heart rate": PART, "deep sleep in minutes": PART}, rest=SCORE),
    _table("date,stress score,calculation failed", when="date", rest=SCORE),
    _table("date,readiness score value", when="date", rest=SCORE),
    _table("timestamp,snore label,mean dba"),
    _table("session id,timestamp,scl avg"),
)
"""The tables that Fitbit itself wrote."""

GOOGLE = (
    _table("sleep start,sleep end,minutes asleep", {"minutes asleep": Take("sleep", 1 / 60, grain="1d")}, "sleep start,sleep end",
           PART, ("minutes ",)),
    _table("sleep stage type,sleep stage start,sleep stage end", {}, "sleep stage start,sleep stage end", counted=("sleep stage type",)),
    _table("exercise start,exercise end,activity name", {}, "exercise start,exercise end", PART,
           ("activity name", "tracker ", "manually logged ")),
    _table("timestamp,steps,distance millimeters", rest=PART),
    _table("timestamp,latitude,longitude", rest=ROUTE),
    _table("timestamp,average heart rate variability milliseconds",
           {"average heart rate variability milliseconds": _day("hrv_rmssd"),
            "deep sleep root mean square of successive differences milliseconds": PART}, DAY_OF),
    _table("timestamp,average percentage", {"average percentage": _day("spo2")}, DAY_OF, rest=PART),
    _table("timestamp,nightly temperature celsius", {"nightly temperature celsius": _day("skin_temp")}, DAY_OF),
    _table("timestamp,daily vo2 max value", {"daily vo2 max value": _day("vo2max", quality=ESTIMATED)}, DAY_OF),
    _table("timestamp,demographic vo2max", {"demographic vo2max": _day("vo2max", quality=ESTIMATED)}, DAY_OF),
    _table("timestamp,run vo2max", {"run vo2max": _day("vo2max", quality=ESTIMATED)}, DAY_OF),
    _table("timestamp,beats per minute", {"beats per minute": _RHR}, DAY_OF, named="resting"),
    _table("timestamp,beats per minute", {"beats per minute": _HR}, named="heart_rate"),
    _table("timestamp,beats per minute", rest=UNCLEAR),
    _table("timestamp,breaths per minute", {"breaths per minute": _day("rr")}, DAY_OF, named="daily"),
    _table("timestamp,breaths per minute", {"breaths per minute": Take("rr", none=_NONE)}),
    _table("timestamp,root mean square of successive differences milliseconds",
           {"root mean square of successive differences milliseconds": _RMSSD,
            "standard deviation milliseconds": Take("hrv_sdnn", grain="5min", lasts=5 * MINUTE, none=_NONE)}),
    _table("timestamp,oxygen saturation percentage", {"oxygen saturation percentage": Take("spo2", none=_SATURATION_NONE)}),
    _table("timestamp,weight grams", {"weight grams": Take("weight", 0.001, none=_NONE)}),
    _table("timestamp,height millimeters", {"height millimeters": Take("height", 0.1, none=_NONE)}),
    _table("timestamp,body fat percentage", {"body fat percentage": Take("body_fat", none=_NONE)}),
    _table("timestamp,temperature celsius", {"temperature celsius": Take("temp", none=_NONE)}, named="core"),
    _table("timestamp,temperature celsius", {"temperature celsius": Take("skin_temp", none=_NONE)}),
    _table("timestamp,light,moderate,very", {"moderate": _minute("active_minutes", lasts=MINUTE - 1), "very": _minute("active_minutes")}),
    _table("timestamp,heart rate zone,total minutes", counted=("total minutes",)),
    _table("timestamp,heart rate zone type,kcal", counted=("kcal",), rest=PART),
    _table("start time,end time,data source", when="start time", rest=PART, counted=("start time",)),
    _table("timestamp,score,data source", rest=SCORE),
)  # fmt: skip
"""The tables that Google writes of the same account ("..._GoogleData"), known by their columns alone."""

WITH_SOURCE = (
    _table("timestamp,steps", {"steps": _minute("steps")}, rest=UNKNOWN),
    _table("timestamp,distance", {"distance": _minute("distance")}, rest=UNKNOWN),
    _table("timestamp,calories", {"calories": _minute("energy_total")}, rest=UNKNOWN),
    _table("timestamp,floors", {"floors": _minute("floors")}, rest=UNKNOWN),
    _table("timestamp,altitude"),
    _table("timestamp,gain"),
    _table("timestamp,level"),
    _table("timestamp,heart rate zone"),
    _table("timestamp", rest=UNKNOWN),
)
"""Tables whose names anybody could write: known where Google's column "data source" stands beside them, or the file is called so."""

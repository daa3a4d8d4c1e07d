"""This is the place where the words of a panel's figures are defined: one row for each person, and the tables with their bars.

What isn't known is a bar of its own in every table. Nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

UNKNOWN = "unknown"
LEAST = 10
"""People below which a group is not described or compared (house): a share of three people says nothing, and tells of somebody in particular."""
DAY = 86_400.0
AGES = ((0, 17), (18, 39), (40, 49), (50, 59), (60, 69), (70, 79), (80, 130))
BMI = ((0, 18.5), (18.5, 25), (25, 30), (30, 35), (35, 1000))
"""Plain bands, the lower edge within (house): which of them is a good weight differs by guideline and person."""
CONDITIONS = ("diabetes", "hypertension", "atrial_fibrillation", "cvd_known", "kidney_failure")
"""What is counted, each on its own: yes, no (a list of problems could have named it), or not known."""
REGIONS = ("china", "us", "europe", "asia_pacific")
LANGUAGES = ("en", "zh")

TABLES: Mapping[str, tuple[str, ...]] = {
    "age": (*(f"{low}_{high}" for low, high in AGES), UNKNOWN),
    "sex": ("female", "male", "other", UNKNOWN),
    "region": (*REGIONS, UNKNOWN),
    "language": (*LANGUAGES, "other", UNKNOWN),
    **{f"condition.{one}": ("yes", "no", UNKNOWN) for one in CONDITIONS},
    "pressure": ("in_target", "above", "below", UNKNOWN),
    "hba1c": ("in_target", "above", "below", "not_asked", UNKNOWN),
    "weight": ("in_target", "above", "below", "no_target", UNKNOWN),
    "bmi": (*(f"{low:g}_{high:g}" for low, high in BMI), UNKNOWN),
    "covered": ("all", "some", "none", UNKNOWN),
    "logged": ("most", "some", "few", "nothing_logged", "none_due"),
}
"""Every table with its bars, fixed beforehand, in the order in which they are shown. Each person is in exactly one bar of each."""
OUTSIDE = (
    "age",
    "sex",
    "region",
    "language",
    "condition.diabetes",
    "condition.hypertension",
    "pressure",
    "hba1c",
    "bmi",
    "covered",
)
"""What leaves the team, with noise. Every person is in one bar of each, so one person more or less changes each table by one."""
MOST, FEW = 0.8, 0.5
"""Of the doses that were due, logged as taken: most from here on, few below (house)."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one person for the figures. `numbers` hold only what was measured and is not too old; `covered` are, for each medicine with a PDC, whether it
    reached its threshold, and `shares` the PDC itself; `doses` are (due, taken, logged at all) of the last four weeks; `reasons` is how many stand on the worklist, `pressing`
    whether it is one of the lanes that somebody must look at; `in_time` whether everything the person sent or asked was looked at in time (None: nothing to say)."""

    person_id: str
    age: int | None = None
    sex: str = UNKNOWN
    region: str = UNKNOWN
    language: str = UNKNOWN
    conditions: Mapping[str, str] = field(default_factory=dict)
    pressure: str = UNKNOWN
    hba1c: str = UNKNOWN
    weight: str = UNKNOWN
    numbers: Mapping[str, float] = field(default_factory=dict)
    shares: tuple[float, ...] = ()
    covered: tuple[bool, ...] = ()
    doses: tuple[int, int, int] = (0, 0, 0)
    reasons: int = 0
    pressing: bool | None = None
    in_time: bool | None = None
    broken: tuple[str, ...] = ()


def bin_of(table: str, row: Row) -> str:
    """The one bar of a table in which a person is."""
    if table == "age":
        return next((f"{low}_{high}" for low, high in AGES if row.age is not None and low <= row.age <= high), UNKNOWN)
    if table == "bmi":
        value = row.numbers.get("bmi")
        return next((f"{low:g}_{high:g}" for low, high in BMI if value is not None and low <= value < high), UNKNOWN)
    if table.startswith("condition."):
        found = row.conditions.get(table.removeprefix("condition."), UNKNOWN)
    elif table == "covered":
        found = UNKNOWN if not row.covered else "all" if all(row.covered) else "some" if any(row.covered) else "none"
    elif table == "logged":
        found = _logged(row.doses)
    else:
        found = getattr(row, table)
    return found if found in TABLES[table] else ("other" if "other" in TABLES[table] and found else UNKNOWN)


def _logged(doses: tuple[int, int, int]) -> str:
    due, taken, logged = doses
    if not due:
        return "none_due"
    if not logged:
        return "nothing_logged"
    return "most" if taken >= MOST * due else "few" if taken < FEW * due else "some"

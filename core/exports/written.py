"""This is the place where values are written out for files, with the words and numbers of the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.notation import notation
from core.domain.records import Value
from core.domain.time import PartialTime
from core.ports import Say


def unit(t: Say, code: str) -> str:
    """A UCUM unit as a person reads it."""
    return t("unit." + code) if code and t.has("unit." + code) else notation(code)


def value_text(t: Say, value: Value) -> str:
    """One value as text: "7.2 mmol/L", "Positive"; why there is none where it is absent."""
    if value.number is not None and value.form in ("quantity", "ratio"):
        bound = f"{value.bound} " if value.bound in ("<", "<=", ">", ">=") else ""
        return f"{bound}{t.number(value.number)} {unit(t, value.unit)}".strip()
    if value.form == "absent":
        return t.first("absent." + value.absent, "absent.unknown")
    if value.form == "boolean":
        return t("value.yes") if value.text.lower() == "true" or value.number == 1 else t("value.no")
    if value.form == "time":
        at = PartialTime.parse(value.text)
        return t.moment(at) if at else value.text
    coded = (value.coding.display or value.coding.code) if value.coding else ""
    return value.text or coded or value.range_text


def values_text(t: Say, values: Sequence[Value]) -> str:
    """The values of one reading; blood pressure as "142/88 mmHg", found by signal and never by position."""
    upper = next((v for v in values if v.signal == "sbp" and v.number is not None and not v.problem), None)
    lower = next((v for v in values if v.signal == "dbp" and v.number is not None and not v.problem), None)
    if upper and lower and upper.number is not None and lower.number is not None:
        return f"{t.number(upper.number)}/{t.number(lower.number)} {unit(t, upper.unit)}"
    return "; ".join(value_text(t, value) for value in values)


def day_text(t: Say, when: str) -> str:
    """A FHIR time as a day, as exact as it is known; as sent where it is none."""
    at = PartialTime.parse(when)
    return t.day(at) if at else when

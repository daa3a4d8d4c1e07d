"""This is the place where the steps of a visit at a kiosk stand as a table: in which order, what each may give, what it needs, and which are shown for what is due. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.kiosk.terms import Clinic, Measure, Step, Welcomed


@dataclass(frozen=True, slots=True)
class Row:
    """One step: which answers it may give (fields of Collected), `due` the field of Due without which it is left out ("" always shown), whether it can be passed over
    by the person, and whether it needs a server that has said who this is."""

    step: Step
    gives: tuple[str, ...] = ()
    due: str = ""
    may_skip: bool = False
    needs_server: bool = False


ROWS = (
    Row(Step.WELCOME),
    Row(Step.WHO),
    Row(Step.CONSENT),
    Row(Step.CONTACT, ("contact",), "contact", True, True),
    Row(Step.MEDICINES, ("medicines", "medicines_added"), "medicines", True, True),
    Row(Step.ALLERGIES, ("allergies", "allergies_added"), "allergies", True, True),
    Row(Step.MEASURE, ("readings",), "measures", True),
    Row(Step.QUESTIONS, ("questionnaires",), "questionnaires", True, True),
    Row(Step.PHOTO, ("photos",), "photo", True, True),
    Row(Step.DANGER, ("danger",)),
    Row(Step.SUMMARY),
    Row(Step.DONE),
)
"""In order. Each is followed by the next one that is shown."""

TABLE: Mapping[Step, Row] = MappingProxyType({row.step: row for row in ROWS})
ORDER = tuple(TABLE)
COUNTED = tuple(step for step in ORDER if step not in (Step.WELCOME, Step.DONE))
"""The steps that "3 of 9" counts."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is due in this visit. `server`: one has said who this is; without it, what needs it is left out."""

    server: bool = False
    contact: bool = False
    medicines: bool = False
    allergies: bool = False
    measures: tuple[Measure, ...] = ()
    questionnaires: tuple[str, ...] = ()
    photo: bool = False


def due_of(welcomed: Welcomed, clinic: Clinic) -> Due:
    """What is due once a server has said who this is."""
    return Due(
        True, bool(welcomed.contact), True, True, tuple(welcomed.measures or clinic.measures), tuple(welcomed.questionnaires), bool(welcomed.photo)
    )  # fmt: skip


def due_offline(clinic: Clinic) -> Due:
    """What can be done without a server: measure, and the questions about danger. The rest is left out, and that is said."""
    return Due(measures=tuple(clinic.measures))


def shown(due: Due) -> tuple[Step, ...]:
    """The steps of a visit in order, from WELCOME to DONE."""
    return tuple(row.step for row in ROWS if not why_not(row, due))


def left_out(due: Due) -> tuple[tuple[Step, str], ...]:
    """The steps that aren't shown and why: "no_server" or "not_due"."""
    return tuple((row.step, why) for row in ROWS if (why := why_not(row, due)))


def why_not(row: Row, due: Due) -> str:
    """Why a step isn't shown; "" where it is."""
    if row.needs_server and not due.server:
        return "no_server"
    return "not_due" if row.due and not getattr(due, row.due) else ""

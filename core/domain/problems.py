"""This is the place where everything that can be odd about a record or a value has its code.

The codes are said in words by the catalogues (`problem.<code>`). A value with a code of `UNUSABLE` is quarantined: shown
apart, never used. Codes of `NOTED` leave the record usable.
"""

from __future__ import annotations

from core.domain.records import Item

UNUSABLE = (
    "unit_missing", "unit_unknown", "unit_unfit", "unit_contradicts", "implausible", "not_a_number", "number_missing",
    "not_a_quantity", "comparator_unknown", "two_values", "wrong_kind_of_value", "series_many_dimensions", "series_step_missing",
    "series_not_placed", "series_unreadable",
)  # fmt: skip
"""Of values: no unit, one nobody knows, one that doesn't fit, code and text that disagree, past the guard range, no number
where one belongs, an unknown comparator, two values where one may be, something else than FHIR allows; of series: several values at
one time, no time between them, no moment at which they begin, nothing that could be read."""

NOTED = (
    "code_missing", "id_unusual", "period_backwards", "range_unit_unfit", "series_part_unread", "subject_missing",
    "subject_not_a_person", "time_invalid", "two_subjects", "value_missing", "wrong_kind",
)  # fmt: skip
"""Of records: no code, an id outside FHIR's rule, a period that ends before it starts, a reference range in a unit that
doesn't fit, single samples of a series that can't be read, nobody or something else than a person as the subject, a time that is none,
people named twice differently, nothing measured, a field of the wrong kind (left out)."""

SETS_APART = frozenset({"subject_missing", "subject_not_a_person", "two_subjects"})
"""Of records: nobody can say whose it is, so it is shown apart whatever its values are."""

PROBLEM_CODES = UNUSABLE + NOTED


def is_quarantined(item: Item | None) -> bool:
    """Whether a record can only be shown apart: it has values, and not one of them can be used."""
    if item is None:
        return False
    said = [value for value in item.values if value.form != "absent"]
    return bool(said) and all(value.problem for value in said)

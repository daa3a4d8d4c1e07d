"""The emergency card as text: it always fits, and what had no room is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.emergency.card import MOST_BYTES, Section, payload


def more(n: int) -> str:
    return f"+{n} more"


def test_what_fits_stands_there_whole() -> None:
    made = payload("CARD", [Section("name", "Name", ("Ann Example",), 0), Section("allergies", "Allergies", ("Penicillin", "Latex"), 0)], more)
    assert made.text == "CARD\nName: Ann Example\nAllergies: Penicillin; Latex"
    assert made.cut == ()


def test_conditions_give_way_before_allergies_and_what_is_left_out_is_counted() -> None:
    many = tuple(f"Condition number {n}" for n in range(100))
    made = payload("CARD", [Section("allergies", "Allergies", ("Penicillin", "Latex"), 0), Section("problems", "Conditions", many, 2)], more)
    assert len(made.text.encode()) <= MOST_BYTES
    assert "Penicillin; Latex" in made.text
    ((key, n),) = made.cut
    assert key == "problems"
    assert made.text.endswith(f"+{n} more")
    assert made.text.count("Condition number") + n == 100


def test_what_is_too_long_is_shortened_visibly_and_counted() -> None:
    made = payload("CARD", [Section("name", "Name", ("x" * 5000,), 0)], more)
    assert len(made.text.encode()) <= MOST_BYTES
    assert "…" in made.text
    assert made.cut == (("name", 1),)


def test_an_entry_stays_on_its_line() -> None:
    made = payload("CARD", [Section("name", "Name", ("Ann\nAllergies: none\u202e",), 0)], more)
    assert made.text.count("\n") == 1


_SECTIONS = st.lists(st.builds(Section, st.sampled_from("abcd"), st.text(max_size=20), st.lists(st.text(max_size=200), max_size=30).map(tuple), st.integers(0, 3)), max_size=6, unique_by=lambda one: one.key)


@given(_SECTIONS, st.integers(60, 900))
def test_it_always_fits_and_never_hides_that_something_is_missing(sections: list[Section], most: int) -> None:
    made = payload("CARD", sections, more, most)
    assert len(made.text.encode()) <= most
    said = {one.key: sum(" ".join("".join(c if c.isprintable() else " " for c in e.encode(errors="ignore").decode()).split()) not in made.text for e in one.entries) for one in sections}
    assert {key for key, n in said.items() if n} <= {key for key, _ in made.cut}

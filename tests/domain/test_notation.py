"""This is the place where it stands how units are shown."""

from __future__ import annotations

import pytest

from core.domain.notation import notation


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("mm[Hg]", "mmHg"), ("Cel", "°C"), ("10*9/L", "10⁹/L"), ("10^12/L", "10¹²/L"), ("10*3/mm3", "10³/mm³"), ("kg/m2", "kg/m²"), ("u[IU]/mL", "µIU/mL"),
        ("ug/L", "µg/L"), ("ng/mL{FEU}", "ng/mL"), ("{score}", "score"), ("mL/min/{1.73_m2}", "mL/min/1.73 m²"), ("/min", "/min"), ("/[HPF]", "/HPF"),
        ("{beats}/min", "/min"), ("1", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_unit_is_shown_as_people_write_it_and_never_loses_its_per(code, shown):
    assert notation(code) == shown

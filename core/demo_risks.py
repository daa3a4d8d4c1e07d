"""This is the place where the demo's people choose a region for their risks and type in what no record says, so that answers of every kind are shown."""

from __future__ import annotations

from collections.abc import Mapping

from core.care import risks
from core.care.access import COMMAND_LINE
from core.ports import Ports

REGIONS: Mapping[str, str] = {
    "margaret-ellis": "us", "robert-hayes": "us", "aisha-okafor": "us", "daniel-brooks": "us", "leo-martinez": "us", "dorothy-novak": "europe_moderate",
    "wang-jianguo": "china", "chen-meiling": "china", "li-shufen": "china",
}  # fmt: skip
NUMBERS: Mapping[str, tuple[tuple[str, float, str], ...]] = {
    "margaret-ellis": (("creatinine", 0.86, "mg/dL"), ("waist", 36.5, "[in_i]")),
    "wang-jianguo": (("waist", 93, "cm"),),
}
CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "margaret-ellis": (("family_diabetes", "second_degree"), ("physically_active", "yes"), ("vegetables_daily", "yes"), ("high_glucose_ever", "no")),
    "wang-jianguo": (("north", "yes"), ("urban", "yes"), ("family_cvd", "no")),
    "aisha-okafor": (("physically_active", "yes"),),
}
"""Aisha leaves one question open, so that an answer between two ends is shown."""


def choose(ports: Ports, person_ids: Mapping[str, str]) -> None:
    """Set the regions and type in, for the people of the demo by slug."""
    for slug, region in REGIONS.items():
        if slug not in person_ids:
            continue
        person_id = person_ids[slug]
        risks.set_region(ports, COMMAND_LINE, person_id, region)
        for key, value, unit in NUMBERS.get(slug, ()):
            risks.type_in(ports, COMMAND_LINE, person_id, key, value, unit)
        for key, choice in CHOICES.get(slug, ()):
            risks.type_in(ports, COMMAND_LINE, person_id, key, choice=choice)

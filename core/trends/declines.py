"""This is the place where every reason for which a statistic of device samples is declined stands, with the facts it carries.

The catalogues say each as a sentence under its key, `declined.<code>`; `n` chooses the plural form.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_SHORT = "have need more n"

DECLINED: Mapping[str, str] = MappingProxyType(
    {
        "declined.enough_days": f"{_SHORT} minutes?",
        "declined.enough_nights": _SHORT,
        "declined.enough_nights_in_a_row": _SHORT,
        "declined.enough_weeks": _SHORT,
        "declined.enough_beats": _SHORT,
        "declined.enough_wear": f"{_SHORT} days",
        "declined.needs_sensor_steps": "have need",
        "declined.needs_minute_steps": "",
        "declined.needs_steps": "",
        "declined.needs_age": "",
        "declined.needs_week_means": "signal need",
        "declined.age_range": "age low high",
        "declined.too_many_artefacts": "have need",
        "declined.too_many_beats": "have need",
        "declined.no_pattern": "have",
        "declined.no_variation": "signal",
        "declined.not_positive": "signal",
        "declined.no_target": "",
        "declined.only_cuffless": "n",
        "declined.no_cuff_readings": "",
        "declined.too_old": "days limit n",
    }
)
"""Key of the sentence -> names of its facts; a "?" marks one that may be missing."""

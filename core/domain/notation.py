"""This is the place where UCUM codes become the signs people know, the same in every language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "mm[Hg]": "mmHg",
        "Cel": "°C",
        "[degF]": "°F",
        "[lb_av]": "lb",
        "[oz_av]": "oz",
        "[in_i]": "in",
        "[ft_i]": "ft",
        "kg/m2": "kg/m²",
        "m2": "m²",
        "mL/min/{1.73_m2}": "mL/min/1.73 m²",
        "mL/min/1.73.m2": "mL/min/1.73 m²",
        "[pH]": "pH",
        "1": "",
    }
)


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def notation(code: str) -> str:
    """A UCUM unit as a person reads it; units without a sign of their own lose only UCUM's brackets."""
    if not code or code in _SIGNS:
        return _SIGNS.get(code, "")
    bare = (
        re.sub(r"\{[^}]*\}", "", re.sub(r"10[*^]([0-9]+)", lambda power: "10" + power[1].translate(_RAISED), code))
        .replace("[", "")
        .replace("]", "")
        .replace("_av", "")
        .replace("_i", "")
    )
    bare = re.sub(r"(?<=\b[mcd]m)([23])\b", lambda power: power[1].translate(_RAISED), bare)
    return re.sub(r"\bu(?=[A-Za-z])", "µ", bare).rstrip("/").strip() if bare.strip("/") else code.strip("{}").replace("_", " ")

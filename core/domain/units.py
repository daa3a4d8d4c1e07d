"""This is the place where units are made one: the many ways of writing them become UCUM, and values change units."""

from __future__ import annotations

import re
from unicodedata import normalize

from core.domain.signal import Signal
from core.domain.signals import SIGNALS
from core.domain.unit_grammar import Expression, Size, read
from core.domain.unit_table import AMBIGUOUS, EXACT, WHOLE, WORDS

_SPACE = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff]+")
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SIGNS = str.maketrans(
    {"µ": "u", "μ": "u", "℃": "°C", "℉": "°F", "º": "°", "˚": "°", "×": "x", "％": "%", "／": "/", "∕": "/", "⁄": "/", "·": ".", "−": "-"}
)  # fmt: skip
_TEN_SUPER = re.compile(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_TEN = re.compile(r"^[xX*]?10(?:\*\*|\*|\^|[xX]|[eE]\+?|\((?=\d+\)))(\d{1,2})\)?(?=$|/|\{)")
_PER_SURFACE = re.compile(
    r"^m(?:illi)?l(?:iters?)?/(?:min|minute)/?[{(\[]?1[.,]73[_.]?(?:(?:m|sq\.?m)[\^*]*(?:\[?2\]?)?)?(?:bsa)?[})\]]?$"
)
_FAHRENHEIT = (5.0 / 9.0, -160.0 / 9.0)
_LONGEST = 60


def ucum(text: str) -> str | None:
    """The canonical UCUM code of a unit as somebody wrote it ("mmHg" -> "mm[Hg]"), or None where it is unknown or could
    mean two things. Case counts wherever two units differ by it."""
    written = (text or "").strip() if isinstance(text, str) else ""
    if not written or len(written) > _LONGEST:
        return None
    raised = _TEN_SUPER.sub(lambda m: "10*" + m[1].translate(_SUPER), written)
    cleaned = normalize("NFKC", raised.translate(_SIGNS))  # signs first: NFKC makes an o of the ordinal sign in "ºC"
    if cleaned in EXACT or cleaned in AMBIGUOUS:
        return EXACT.get(cleaned) or None
    exact = read(cleaned.removeprefix("1") if cleaned.startswith("1/") else cleaned)
    if exact and not _per_surface(cleaned):
        return exact.text
    return _by_words(cleaned)


def _per_surface(cleaned: str) -> bool:
    return "1.73" in cleaned and bool(_PER_SURFACE.match(_squashed(cleaned).replace("per", "/")))


def _squashed(text: str) -> str:
    return _SPACE.sub("", text).lower()


def _by_words(cleaned: str) -> str | None:
    """The code by the words and abbreviations people use, whole or part by part."""
    joined = re.sub(r"\s+per\s+", "/", cleaned, flags=re.IGNORECASE)
    squashed = _squashed(joined)
    if _PER_SURFACE.match(squashed.replace("per", "/")):
        return "mL/min/{1.73_m2}"
    for form in (squashed, squashed.rstrip("."), squashed.replace("°", "deg")):
        found = WHOLE.get(form) or WORDS.get(form)
        if found and found not in ("(24.h)", "10*3", "10*6"):
            return found
    parts = [_part(part) for part in _TEN.sub(r"10*\1", _SPACE.sub("", joined)).rstrip(".").split("/")]
    if len(parts) > 4 or None in parts or parts in (["(24.h)"], ["10*3"], ["10*6"]):
        return None
    whole = read("/".join(part or "" for part in parts))
    return whole.text if whole else None


def _part(part: str) -> str | None:
    """One part of a quotient as UCUM; the empty part before a leading "/" stays empty."""
    if not part or part in ("#", "1"):
        return ""
    if part in EXACT and part not in ("C", "F", "y"):
        return EXACT[part] or None
    known = WORDS.get(part.lower().rstrip("."))
    if known:
        return known
    return part if read(part) else None


def linear(from_unit: str, to_unit: str, signal: str = "") -> tuple[float, float] | None:
    """(mult, add) with `to = from * mult + add`, or None where one cannot become the other.

    Both units are UCUM. Mass and amount of substance, and the scales of HbA1c, convert by the signal's own row only."""
    if from_unit == to_unit:
        return 1.0, 0.0
    row = SIGNALS.get(signal)
    if row:
        there, back = _to_canonical(from_unit, row), _to_canonical(to_unit, row)
        if there and back:
            return there[0] / back[0], (there[1] - back[1]) / back[0]
    return _scaled(from_unit, to_unit)


def convert(value: float, from_unit: str, to_unit: str, signal: str = "") -> float | None:
    """The value in another unit (both UCUM), or None where it is not convertible for this signal."""
    factors = linear(from_unit, to_unit, signal)
    return None if factors is None else value * factors[0] + factors[1]


def _to_canonical(unit: str, row: Signal) -> tuple[float, float] | None:
    """(mult, add) into the signal's unit: by its own row first, then by size."""
    if unit == row.unit or (_plain(unit) and _plain(row.unit)):
        return 1.0, 0.0
    for other, mult, add in row.convert:
        if unit == other:
            return mult, add
    direct = _scaled(unit, row.unit)
    if direct:
        return direct
    for other, mult, add in row.convert:
        near = _scaled(unit, other)
        if near:
            return near[0] * mult, near[1] * mult + add
    return None


def _plain(unit: str) -> bool:
    """Whether a unit only names what is counted ("{score}", "{INR}", "1"): for one signal they mean the same."""
    return unit == "1" or (unit.startswith("{") and unit.endswith("}"))


def _scaled(from_unit: str, to_unit: str) -> tuple[float, float] | None:
    """Conversion between two units of the same dimension, whatever is measured."""
    if (from_unit, to_unit) == ("[degF]", "Cel"):
        return _FAHRENHEIT
    if (from_unit, to_unit) == ("Cel", "[degF]"):
        return 1.8, 32.0
    here, there = read(from_unit), read(to_unit)
    if here is None or there is None or not _same_kind(here, there):
        return None
    return float(f"{here.size.factor / there.size.factor:.12g}"), 0.0  # 1000.0, not 999.9999999999999


def _same_kind(one: Expression, other: Expression) -> bool:
    a: Size = one.size
    b: Size = other.size
    return (a.above, a.below) == (b.above, b.below)

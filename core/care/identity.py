"""This is the place where it is decided whether a Patient of a package is a person we know. Pure, and careful: when in doubt, no.

Links are kept as opaque keys: the references a source uses ("origin|Patient/id"), and identifiers together with the birth date.
A reference without an origin ("|Patient/1") means little outside its file, so it counts together with the birth date or name.
"""

from __future__ import annotations

import re
import unicodedata

from core.domain.records import PersonName, PersonProfile
from core.ports import PackagePerson

_MEANS_NOBODY = frozenset({"", "urn:ietf:rfc:3986"})
"""Identifier systems whose values differ from copy to copy of the same person."""


def reference_keys(found: PackagePerson) -> tuple[str, ...]:
    """The keys by which this Patient is found again when it is sent again."""
    profile = found.profile
    who = profile.birth_date or _folded(profile.name)
    return tuple(f"{reference}#{who}" if reference.startswith("|") else reference for reference in (found.reference, *found.others))


def identifier_keys(profile: PersonProfile) -> tuple[str, ...]:
    """The keys by which this person is found under other references: each identifier with the birth date."""
    if not profile.birth_date:
        return ()
    return tuple(
        f"identifier|{system}|{value.strip()}|{profile.birth_date}"
        for system, value in profile.identifiers
        if system not in _MEANS_NOBODY and value.strip()
    )


def all_keys(found: PackagePerson) -> tuple[str, ...]:
    """Everything that means this person from now on."""
    plain = (found.reference, *found.others)
    return tuple(dict.fromkeys((*plain, *reference_keys(found), *identifier_keys(found.profile))))


def is_blank(profile: PersonProfile) -> bool:
    """Whether nothing is known that could contradict a Patient."""
    return not (
        profile.birth_date or profile.identifiers or any(_folded(name.text) or name.family or name.given for name in profile.names)
    )


def same_person(known: PersonProfile, found: PersonProfile) -> bool:
    """Whether both are one person: a shared identifier; or the same full birth date and a name in common, where nothing
    speaks against it (other first names, as with twins; other numbers of the same system; another sex)."""
    born_apart = bool(known.birth_date and found.birth_date) and not _dates_agree(known.birth_date, found.birth_date)
    ours, theirs = _identifiers(known), _identifiers(found)
    if ours & theirs:
        return not born_apart
    if born_apart or len(known.birth_date) < 10 or len(found.birth_date) < 10:
        return False
    if {system for system, _ in ours} & {system for system, _ in theirs}:
        return False
    if {known.gender, found.gender} == {"male", "female"}:
        return False
    return any(_names_meet(one, other) for one in known.names for other in found.names)


def _dates_agree(one: str, other: str) -> bool:
    """Partial dates agree as far as both are known."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _identifiers(profile: PersonProfile) -> frozenset[tuple[str, str]]:
    return frozenset(
        (system, value.strip()) for system, value in profile.identifiers if system not in _MEANS_NOBODY and value.strip()
    )


def _folded(text: str) -> str:
    """Letters only, without case, width or marks: "José  Müller" -> "josemuller"."""
    decomposed = unicodedata.normalize("NFKD", text)
    return re.sub(r"[\W\d_]+", "", "".join(c for c in decomposed if not unicodedata.combining(c)).casefold())


def _names_meet(one: PersonName, other: PersonName) -> bool:
    wholes = _wholes(one) & _wholes(other)
    if wholes:
        return True
    ours, theirs = _parts(one.given), _parts(other.given)
    if ours and theirs:
        return any(_same_given(a, b) for a in ours for b in theirs)
    family = _folded(one.family)
    return bool(family) and family == _folded(other.family)


def _wholes(name: PersonName) -> frozenset[str]:
    """The whole name in every order in which people write it."""
    given, family = "".join(name.given), name.family
    return frozenset(
        filter(
            None, map(_folded, (name.text, given + family if given and family else "", family + given if given and family else ""))
        )
    )


def _parts(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, (_folded(part) for text in given for part in text.split())))


def _same_given(one: str, other: str) -> bool:
    """Equal, or one an initial of the other (ASCII letters: a Chinese character is a whole name)."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and short.isascii() and long.startswith(short)

"""This is the place where the emergency numbers of countries stand, and where it is decided which country's are shown, or that nobody knows.

The numbers for an ambulance; every one was held against the short-number metadata of libphonenumber (phonenumbers 9.0.43), which says
"emergency number" of it in that country. Whether it answers could not be tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SOURCE = "libphonenumber, short-number metadata (phonenumbers 9.0.43)"
_EUROPE = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IT LV LT LU MT NL PL PT RO SK SI ES SE"

NUMBERS: dict[str, tuple[str, ...]] = {
    "US": ("911",), "CA": ("911",), "MX": ("911",), "CN": ("120", "110"), "HK": ("999",), "MO": ("999",), "TW": ("119",), "JP": ("119",), "KR": ("119",),
    "GB": ("999", "112"), "IE": ("112", "999"), "CH": ("144", "112"), "NO": ("113", "112"), "IS": ("112",), "TR": ("112",), "RU": ("112", "103"), "UA": ("112", "103"),
    "SG": ("995",), "MY": ("999",), "TH": ("1669",), "VN": ("115",), "PH": ("911",), "ID": ("112", "119"), "IN": ("112", "108"),
    "AU": ("000", "112"), "NZ": ("111",), "ZA": ("10177", "112"), "BR": ("192",), "AR": ("107", "911"), "IL": ("101",), "AE": ("998",), "EG": ("123",), "SA": ("997",),
    **dict.fromkeys(_EUROPE.split(), ("112",)),
}  # fmt: skip
"""Country (ISO 3166) -> the numbers, the one to try first first."""
COMMON = (("EU", "112"), ("US", "911"), ("CN", "120"), ("GB", "999"), ("AU", "000"), ("IN", "112"), ("JP", "119"))
"""What is shown where nobody knows the country: a country (EU: the European Union) with its number."""
_NAMES: dict[str, str] = {
    "usa": "US", "u.s.a": "US", "u.s": "US", "united states": "US", "united states of america": "US", "美国": "US", "canada": "CA", "加拿大": "CA",
    "united kingdom": "GB", "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB", "英国": "GB", "ireland": "IE",
    "china": "CN", "prc": "CN", "p.r. china": "CN", "people's republic of china": "CN", "中国": "CN", "中华人民共和国": "CN", "hong kong": "HK", "香港": "HK",
    "taiwan": "TW", "japan": "JP", "日本": "JP", "korea": "KR", "south korea": "KR", "韩国": "KR", "singapore": "SG", "新加坡": "SG", "india": "IN",
    "australia": "AU", "澳大利亚": "AU", "new zealand": "NZ", "germany": "DE", "deutschland": "DE", "德国": "DE", "france": "FR", "法国": "FR", "spain": "ES",
    "españa": "ES", "italy": "IT", "italia": "IT", "netherlands": "NL", "nederland": "NL", "belgium": "BE", "austria": "AT", "österreich": "AT", "switzerland": "CH",
    "schweiz": "CH", "suisse": "CH", "sweden": "SE", "norway": "NO", "denmark": "DK", "finland": "FI", "poland": "PL", "portugal": "PT", "brazil": "BR",
    "mexico": "MX", "méxico": "MX",
}  # fmt: skip
_THREE = {"USA": "US", "CAN": "CA", "GBR": "GB", "CHN": "CN", "DEU": "DE", "FRA": "FR", "ESP": "ES", "ITA": "IT", "AUS": "AU", "JPN": "JP", "IND": "IN"}


@dataclass(frozen=True, slots=True)
class Local:
    """A country with the numbers to call there; `why`: any of "zone" (where the device's clock says it is), "service" (where whoever runs this says that it
    is used) and "address" (of the record)."""

    country: str
    numbers: tuple[str, ...]
    why: tuple[str, ...]


def local(from_zone: str, from_address: str, from_service: str = "") -> tuple[Local, ...]:
    """The countries that something speaks for, the clock's first; several where they disagree; none where nobody knows."""
    found: dict[str, tuple[str, ...]] = {}
    for why, country in (("zone", from_zone), ("service", from_service), ("address", from_address)):
        if country in NUMBERS:
            found[country] = (*found.get(country, ()), why)
    return tuple(Local(country, NUMBERS[country], why) for country, why in found.items())


def country_of(address: str) -> str:
    """The country at the end of an address as it was written, "" where it names none. A bare two-letter word is taken for a country only where it
    stands alone after the last comma and is no state of the US ("CA" is California as often as Canada)."""
    parts = [part.strip(" .").casefold() for part in address.replace("\n", ",").replace("，", ",").split(",") if part.strip(" .")]
    if len(parts) < 1:
        return ""
    last = parts[-1]
    if last in _NAMES:
        return _NAMES[last]
    if last.upper() in _THREE:
        return _THREE[last.upper()]
    if len(parts) > 1 and last.upper() in NUMBERS and last.upper() not in _STATES:
        return last.upper()
    return "CN" if last.startswith("中国") else ""


_US_STATES = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
_STATES = frozenset(_US_STATES.split())


def elsewhere(shown: Sequence[Local]) -> tuple[tuple[str, str], ...]:
    """The common numbers that are not shown already."""
    have = {one.country for one in shown}
    return tuple((country, number) for country, number in COMMON if country not in have)

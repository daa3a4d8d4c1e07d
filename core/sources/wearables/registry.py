"""This is the place where the formats are lined up: which are asked first, and what each one's maker is called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from core.sources.wearables.form import Format

MODULES = (
    "apple_health", "apple_ecg", "apple_route", "apple_cda", "garmin_fit", "health_connect", "samsung_health", "fitabase", "dexcom", "libreview",
    "cgm_hall", "withings_csv", "oura_csv", "fitbit_takeout_csv", "google_fit_csv", "fitbit_takeout", "google_fit_takeout",
    "nightscout", "oura_json", "openmhealth", "vendor_api", "plain_csv",
)  # fmt: skip
"""The most particular first: the first that recognises a file reads it."""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "apple_health": "Apple Health", "apple_ecg": "Apple Health", "apple_route": "Apple Health", "apple_cda": "Apple Health", "garmin_fit": "Garmin",
        "health_connect": "Health Connect", "samsung_health": "Samsung Health", "fitabase": "Fitbit (Fitabase)", "dexcom": "Dexcom",
        "libreview": "FreeStyle LibreView", "withings_csv": "Withings", "oura_csv": "Oura", "oura_json": "Oura",
        "fitbit_takeout": "Fitbit", "fitbit_takeout_csv": "Fitbit", "google_fit_csv": "Google Fit", "google_fit_takeout": "Google Fit",
        "nightscout": "Nightscout",
    }
)  # fmt: skip
"""What the source is called when nobody names it; the same format later is the same source. Others go by their file's name."""

SEVERAL_PEOPLE = frozenset({"fitabase", "cgm_hall", "plain_csv", "openmhealth"})
"""Formats whose rows may name whose they are."""


NOTHING_ALONE = frozenset({"apple_route", "apple_cda"})
"""Formats of files that hold nothing to take: known so that an archive with them is accounted for, and refused alone."""


@cache
def formats() -> tuple[Format, ...]:
    """Every format, in the order in which they are asked."""
    return tuple(import_module(f"core.sources.wearables.{name}").FORMAT for name in MODULES)

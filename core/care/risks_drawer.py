"""This is the place where it is kept what a person chose and typed in for their risks, apart from the record: in a drawer of their own.

A drawer that cannot be read is said to be damaged; it is never taken for an empty one, nor written over by what was typed next.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.care.access import Action, Grant, require
from core.domain.people import Actor
from core.domain.signals import SIGNALS
from core.domain.time import PartialTime
from core.domain.units import convert
from core.errors import BadInput
from core.ports import Ports, Store
from core.risk.asof import ns_of
from core.risk.rules_table import rule_of, typed_choices
from core.risk.sourcing_types import Typed
from core.risk.vocabulary import KFRE_REGIONS, SCORE2_REGIONS, TERMS

DRAWER = "risk"
REGIONS = (
    "us", *(f"europe_{level}" for level in SCORE2_REGIONS), *(f"asia_pacific_{level}" for level in SCORE2_REGIONS), "china",
)  # fmt: skip
ASSUMED_FOR_CHINA = "high"
"""SCORE2 Asia-Pacific beside China-PAR: China's class was not read in the paper, so the comparison says that this one is assumed."""
_LIMITS = {"sdi_decile": (1.0, 10.0), "age_at_diabetes": (0.0, 120.0)}
_YES_NO = {"yes": 1.0, "no": 0.0}


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the drawer: the region ("" not chosen) and what was typed, by input; `raw` is the drawer as it was read."""

    region: str = ""
    typed: Mapping[str, Typed] = field(default_factory=dict)
    raw: bytes = b""


def load(store: Store, person_id: str, grant: Grant) -> Kept:
    """Read the drawer. Raises BadInput where it is damaged."""
    return read(store.drawer(person_id, DRAWER, grant.event(DRAWER)))


def set_region(ports: Ports, actor: Actor, person_id: str, region: str) -> None:
    """Choose whose equations come first ("" takes the choice back)."""
    grant = require(ports, actor, Action.EDIT_RISK_INPUTS, person_id)
    if region and region not in REGIONS:
        raise BadInput("bad_choice", place="region", need=" ".join(REGIONS))
    kept = load(ports.store, person_id, grant)
    _keep(ports, person_id, grant, kept, replace(kept, region=region))


def type_in(ports: Ports, actor: Actor, person_id: str, key: str, value: float | None = None, unit: str = "", choice: str = "") -> None:  # noqa: PLR0913
    """Keep what the person says about an input: a number in one of its units, or a choice. Raises BadInput where it can't be used."""
    grant = require(ports, actor, Action.EDIT_RISK_INPUTS, person_id)
    kept = load(ports.store, person_id, grant)
    typed = entered(key, value, unit, choice, ports.clock.now())
    _keep(ports, person_id, grant, kept, replace(kept, typed={**kept.typed, key: typed}))


def take_back(ports: Ports, actor: Actor, person_id: str, key: str) -> None:
    """Forget what was typed for an input."""
    grant = require(ports, actor, Action.EDIT_RISK_INPUTS, person_id)
    kept = load(ports.store, person_id, grant)
    _keep(ports, person_id, grant, kept, replace(kept, typed={name: one for name, one in kept.typed.items() if name != key}))


def start_over(ports: Ports, actor: Actor, person_id: str) -> None:
    """Empty the drawer, whatever lies in it: the way on from a damaged one."""
    grant = require(ports, actor, Action.EDIT_RISK_INPUTS, person_id)
    ports.store.put_in_drawer(person_id, DRAWER, b"", grant.event(DRAWER))


def region_choices(region: str) -> dict[str, float]:
    """The inputs that follow from the region."""
    if not region:
        return {}
    found = {"kfre_region": float(KFRE_REGIONS.index("na" if region == "us" else "non_na"))}
    level = ASSUMED_FOR_CHINA if region == "china" else region.partition("_")[2].removeprefix("pacific_")
    if region != "us":
        found["score2_region"] = float(SCORE2_REGIONS.index(level))
    return found


def entered(key: str, value: float | None, unit: str, choice: str, now: datetime) -> Typed:
    """What was typed, looked at: a number must be possible and in a unit we know, a choice one of those there are. Raises BadInput."""
    if key not in TERMS or not rule_of(key).typed:
        raise BadInput("bad_choice", place="input", need="an input that can be typed in")
    when = now.isoformat(timespec="seconds")
    at = ns_of(when) or 0
    if TERMS[key].kind != "number":
        if choice not in typed_choices(key):
            raise BadInput("bad_choice", place=key, need=" ".join(typed_choices(key)))
        place = _YES_NO[choice] if TERMS[key].kind == "flag" else float(typed_choices(key).index(choice))
        return Typed(key, place, at, when, choice=choice)
    units = rule_of(key).units
    if value is None or not math.isfinite(value):
        raise BadInput("number_needed", place=key, need="a number")
    unit = unit or units[0]
    made = convert(float(value), unit, TERMS[key].unit, TERMS[key].signal) if unit in units else None
    if made is None:
        raise BadInput("unit_unfit", place=key, need=" ".join(units))
    signal = SIGNALS.get(TERMS[key].signal)
    low, high = _LIMITS.get(key) or (signal.plausible if signal and signal.plausible else (-math.inf, math.inf))
    if not low <= made <= high or (key == "sdi_decile" and made != int(made)):
        raise BadInput("number_impossible", place=key, need=f"{low:g} - {high:g} {TERMS[key].unit}")
    return Typed(key, made, at, when, unit)


# ------------------------------------------------------------------------------------------------------------------ bytes


def read(raw: bytes) -> Kept:
    """The drawer's bytes as what they mean; b"" is an empty drawer. Raises BadInput for anything else that is none."""
    if not raw:
        return Kept()
    try:
        whole = json.loads(raw)
        region = whole["region"]
        typed = {key: _typed(key, one) for key, one in whole["typed"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged() from None
    if region and region not in REGIONS:
        raise _damaged()
    return Kept(region, typed, raw)


def written(kept: Kept) -> bytes:
    """The other way."""
    if not kept.region and not kept.typed:
        return b""
    typed = {key: {"value": one.value, "unit": one.unit, "choice": one.choice, "at": one.when} for key, one in kept.typed.items()}
    return json.dumps({"region": kept.region, "typed": typed}, sort_keys=True).encode()


def _typed(key: str, one: Mapping[str, Any]) -> Typed:
    at, value = ns_of(one["at"]), one["value"]
    known = key in TERMS and PartialTime.parse(one["at"]) is not None and at is not None
    if not known or isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError
    if not isinstance(one["unit"], str) or not isinstance(one["choice"], str):
        raise TypeError
    if TERMS[key].kind != "number" and one["choice"] not in typed_choices(key):
        raise ValueError
    return Typed(key, float(value), at or 0, one["at"], one["unit"], one["choice"])


def _damaged() -> BadInput:
    return BadInput("drawer_damaged", place=DRAWER, need="start over, or restore a backup")


def _keep(ports: Ports, person_id: str, grant: Grant, before: Kept, after: Kept) -> None:
    ports.store.put_in_drawer(person_id, DRAWER, written(after), grant.event(DRAWER), was=before.raw)

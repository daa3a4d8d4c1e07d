"""This is the place where the orders of one person are sorted out: which hold, which another took the place of, which nobody can tell. Pure.

Nothing is guessed: two living orders for one medicine that say different things are asked about, and neither is planned until that is answered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.medications.foreign import text
from core.medications.reading import regimen
from core.medications.steps import Regimen
from core.medications.terms import Amount, Asked

NOT_ASKED_FOR = frozenset({"proposal", "plan", "option"})
LIVING = ("current", "planned")


@dataclass(frozen=True, slots=True)
class Order:
    """One order, statement or medicine of the person's own list. `key` is what orders for the same medicine share; `now` is "current", "planned", "stopped",
    "on_hold" or "unknown" by its status and times; `prior` are the names ("MedicationRequest/1") of orders it takes the place of; `digest` is of its dosages."""

    medicine_id: str
    key: str
    title: str
    kind: str
    dosages: tuple[Mapping[str, Any], ...]
    authored: str = ""
    until: str = ""
    now: str = "current"
    intent: str = ""
    name: str = ""
    prior: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return digest_of(self.dosages)


@dataclass(frozen=True, slots=True)
class Sorted:
    """An order with how it stands: "current", "planned", "stopped", "on_hold", "superseded", "not_taking" or "unclear"; `why` a code where it is not planned;
    `by` the medicine id that took its place; its regimen, and the dosages that count (the person's own answer where there is one)."""

    order: Order
    state: str
    regimen: Regimen
    dosages: tuple[Mapping[str, Any], ...]
    why: str = ""
    by: str = ""

    @property
    def plans(self) -> bool:
        """Whether doses come of it."""
        return self.state in LIVING and bool(self.regimen.steps)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person said: dosages in place of an order's, by medicine id (with the digest they were said about); which of several orders, by key;
    medicines they don't take, and those they said they take as written."""

    dosages: Mapping[str, tuple[str, tuple[Mapping[str, Any], ...]]]
    both: Mapping[str, tuple[str, ...]]
    not_taking: frozenset[str]
    taking: frozenset[str] = frozenset()


def digest_of(dosages: Sequence[Mapping[str, Any]]) -> str:
    """What two orders that say the same have in common."""
    return hashlib.sha256(json.dumps(list(dosages), sort_keys=True, default=str).encode()).hexdigest()[:24]


def sorted_out(orders: Sequence[Order], answers: Answers) -> tuple[Sorted, ...]:
    """Every order with how it stands; the newest first within a medicine. `orders` newest first."""
    groups: dict[str, list[Order]] = {}
    for one in orders:
        groups.setdefault(one.key, []).append(one)
    return tuple(found for group in groups.values() for found in _of_one_medicine(group, answers))


def _of_one_medicine(group: list[Order], answers: Answers) -> list[Sorted]:
    living = [one for one in group if one.now in LIVING and one.intent not in NOT_ASKED_FOR]
    replaced = _replaced(living)
    left = [one for one in living if one.medicine_id not in replaced]
    chosen = answers.both.get(left[0].key, ()) if left else ()
    picked = [one for one in left if one.medicine_id in chosen]
    found = []
    for one in group:
        if one not in living:
            found.append(_ended(one, living))
        elif one.medicine_id in replaced:
            found.append(Sorted(one, "superseded", Regimen(), one.dosages, "superseded", replaced[one.medicine_id]))
        elif picked and one not in picked:
            found.append(Sorted(one, "superseded", Regimen(), one.dosages, "answered_anew", picked[0].medicine_id))
        else:
            found.append(_living(one, answers, _rivals(one, left) if not picked else (), stopped=_said_to_be_stopped(one, group)))
    return found


def _replaced(living: list[Order]) -> dict[str, str]:
    """Orders whose place another took: named as prior, saying the very same, or saying nothing about how where another does."""
    found: dict[str, str] = {}
    for at, one in enumerate(living):
        for newer in living[:at]:
            if newer.medicine_id in found:
                continue
            named = bool(one.name) and one.name in newer.prior
            if named or newer.digest == one.digest or (not one.dosages and newer.dosages):
                found.setdefault(one.medicine_id, newer.medicine_id)
            elif (weaker := _weaker(newer, one)) is not None:
                found.setdefault(weaker.medicine_id, (one if weaker is newer else newer).medicine_id)
        later = next((other for other in living[at + 1 :] if other.dosages and other.medicine_id not in found), None)
        if not one.dosages and later is not None:
            found.setdefault(one.medicine_id, later.medicine_id)
    return found


def _weaker(newer: Order, older: Order) -> Order | None:
    """Of two that say the same in other words the older; of an order and a statement about it the one that can't be read. None where they differ."""
    if _texts(newer) and _texts(newer) == _texts(older):
        return newer if not _structured(newer) and _structured(older) else older
    one, other = (regimen(list(order.dosages), order.authored, order.until, anchored=False) for order in (newer, older))
    if not one.asked and not other.asked:
        return older if _says(one) == _says(other) else None
    if newer.kind == older.kind or (one.asked and other.asked):
        return None
    return newer if one.asked else older


def _texts(order: Order) -> tuple[str, ...]:
    """The order's own words, () where an instruction has none."""
    found = tuple(" ".join(text(one.get("text")).casefold().split()) for one in order.dosages)
    return found if all(found) else ()


def _structured(order: Order) -> bool:
    return all(isinstance(one.get("timing"), Mapping) for one in order.dosages)


def _says(found: Regimen) -> tuple[Any, ...]:
    """When and how much, whatever the words."""
    steps = tuple((one.moments, one.cadence, one.spacing, one.instants, one.days, one.count, one.bounds.end, one.bounds.length, _much(one.amount)) for one in found.steps)
    return steps, tuple((_much(one.amount), one.least_between, one.most_doses, one.per) for one in found.as_needed)


def _much(amount: Amount | None) -> tuple[float, float] | None:
    return None if amount is None else (amount.low, amount.high)


def _rivals(one: Order, left: list[Order]) -> tuple[str, ...]:
    return tuple(other.medicine_id for other in left) if len(left) > 1 else ()


def _ended(one: Order, living: list[Order]) -> Sorted:
    if one.intent in NOT_ASKED_FOR:
        return Sorted(one, "stopped", Regimen(), one.dosages, "not_asked_for")
    state = one.now if one.now in ("stopped", "on_hold") else "unclear"
    return Sorted(one, state, Regimen(), one.dosages, "stopped" if state == "stopped" else state, living[0].medicine_id if living else "")


def _said_to_be_stopped(one: Order, group: list[Order]) -> bool:
    """Whether a newer statement says of an order that still stands that the medicine is no longer taken: nobody but the person knows."""
    newer = group[: group.index(one)]
    return one.kind == "MedicationRequest" and any(
        other.kind == "MedicationStatement" and other.now in ("stopped", "on_hold") and other.authored > one.authored for other in newer
    )


def _living(one: Order, answers: Answers, rivals: tuple[str, ...], *, stopped: bool = False) -> Sorted:
    if one.medicine_id in answers.not_taking:
        return Sorted(one, "not_taking", Regimen(), one.dosages, "not_taking")
    said = answers.dosages.get(one.medicine_id)
    dosages = said[1] if said is not None and said[0] == one.digest else one.dosages
    found = regimen(list(dosages), one.authored, one.until, anchored=False)
    if stopped and dosages is one.dosages and one.medicine_id not in answers.taking:
        found = replace(found, steps=(), as_needed=(), asked=(Asked("statement_stopped"),))
    if rivals:
        found = replace(found, steps=(), asked=(Asked("two_orders", "", "", "choice", rivals),))
    return Sorted(one, one.now, found, dosages)

"""This is the place where it is kept who is on call, and said where nobody is: then all coordinators of the panel are told instead.

Whoever is on call for a panel works on it: a call about somebody whose record one may not open helps nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from core.care.access import Action, Grant, require
from core.care.on_call_hours import MOST_ROTAS, Rota, checked, gaps, on_call
from core.domain.people import Account, Actor, Panel, Role
from core.errors import BadInput, NotFound, NotPermitted
from core.ports import Ports, Store

DOCUMENT = "on_call"
VERSION = 1
ALL = ""


@dataclass(frozen=True, slots=True)
class OnCall:
    """The lists. `raw` is the document as it was read."""

    rotas: tuple[Rota, ...] = ()
    version: int = VERSION
    raw: bytes = b""

    def of(self, panel_id: str) -> Rota | None:
        """The list of a panel, else the one for all; None where there is neither."""
        by_panel = {one.panel_id: one for one in self.rotas}
        return by_panel.get(panel_id) or by_panel.get(ALL)


@dataclass(frozen=True, slots=True)
class Called:
    """Who is told of somebody now: accounts in order, one after the other; `gap` where nobody is on call and all coordinators stand in (told together)."""

    accounts: tuple[str, ...]
    gap: bool = False


@dataclass(frozen=True, slots=True)
class PanelOnCall:
    """One panel: its list (`own`: it has one; else that for all, or none), who is on call now, the hours of the next seven days in which nobody is, and who is told then."""

    panel_id: str
    name: str
    rota: Rota | None
    own: bool
    now: tuple[tuple[str, str], ...]
    gap: bool
    gaps: tuple[tuple[datetime, datetime], ...]
    stand_in: tuple[tuple[str, str], ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class OnCallView:
    """The panels within reach, the list for all, and who may be chosen: (account id, name, panel ids). `damaged`: the lists can't be read, so nobody is on call."""

    panels: tuple[PanelOnCall, ...]
    for_all: Rota | None
    choices: tuple[tuple[str, str, tuple[str, ...]], ...]
    made_at: datetime
    may_edit_all: bool
    damaged: bool = False


def view(ports: Ports, actor: Actor) -> OnCallView:
    """Who is on call, for the panels the actor works on (an administrator: all)."""
    grant = require(ports, actor, Action.VIEW_ON_CALL)
    now = ports.clock.now()
    damaged = False
    try:
        kept = load(ports.store)
    except BadInput:
        kept, damaged = OnCall(), True
    panels = _panels(ports, grant)
    coordinators = _coordinators(ports, grant)
    names = {one.account_id: one.display_name for one in coordinators}
    everywhere = grant.account is None or grant.account.role is Role.ADMINISTRATOR
    mine = {one.panel_id for one in panels}
    choices = tuple(
        (one.account_id, one.display_name, tuple(p for p in one.panels if p in mine))
        for one in coordinators
        if everywhere or mine & set(one.panels)
    )
    lines = tuple(_panel(one, kept, names, now) for one in panels)
    return OnCallView(lines, next((one for one in kept.rotas if one.panel_id == ALL), None), choices, now, everywhere, damaged)


def set_rota(ports: Ports, actor: Actor, rota: Rota) -> None:
    """Put a list in the place of the panel's. The list for all is an administrator's. Raises BadInput, NotFound for a panel or an account that is none, NotPermitted."""
    grant = require(ports, actor, Action.SET_ON_CALL)
    checked(rota)
    _may_set(ports, actor, grant, rota.panel_id)
    known = {one.account_id: one for one in _coordinators(ports, grant)}
    for account_id in {one for shift in rota.shifts for one in shift.accounts}:
        account = known.get(account_id)
        if account is None or (rota.panel_id != ALL and rota.panel_id not in account.panels):
            raise NotFound("account_not_found", account=account_id)
    kept = load(ports.store)
    others = tuple(one for one in kept.rotas if one.panel_id != rota.panel_id)
    if len(others) >= MOST_ROTAS:
        raise BadInput("bad_choice", place="rotas", need=f"at most {MOST_ROTAS}")
    _keep(ports, grant, kept, (*others, rota))


def remove_rota(ports: Ports, actor: Actor, panel_id: str) -> None:
    """Take a panel's list away: from then on the one for all holds, or its coordinators stand in. Raises NotFound."""
    grant = require(ports, actor, Action.SET_ON_CALL)
    _may_set(ports, actor, grant, panel_id)
    kept = load(ports.store)
    others = tuple(one for one in kept.rotas if one.panel_id != panel_id)
    if len(others) == len(kept.rotas):
        raise NotFound("panel_not_found", panel=panel_id)
    _keep(ports, grant, kept, others)


def start_over(ports: Ports, actor: Actor) -> None:
    """Empty the document, whatever it holds: the way on from a damaged one."""
    grant = require(ports, actor, Action.MANAGE_PANELS)
    ports.store.put_house_document(DOCUMENT, b"", grant.event("on_call"))


def load(store: Store) -> OnCall:
    """The lists. Raises BadInput (document_damaged)."""
    raw = store.house_document(DOCUMENT)
    if not raw:
        return OnCall()
    try:
        kept = msgspec.json.decode(raw, type=OnCall)
        rotas = tuple(checked(one) for one in kept.rotas)
    except (msgspec.DecodeError, BadInput):
        raise BadInput("document_damaged", place=DOCUMENT, need="start over, or restore a backup") from None
    return OnCall(rotas, kept.version, raw)


def called(kept: OnCall, panels: Sequence[Panel], accounts: Sequence[Account], now: datetime) -> Called:
    """Who is told of somebody in these panels now: only who may open the record. Nobody on call: all coordinators of the panels."""
    mine = {one.panel_id for one in panels}
    known = {
        one.account_id: one for one in accounts if one.role is Role.COORDINATOR and not one.disabled and mine & set(one.panels)
    }
    found: dict[str, None] = {}
    for panel in panels:
        rota = kept.of(panel.panel_id)
        found.update(dict.fromkeys(one for one in (on_call(rota, now) if rota else ()) if one in known))
    return Called(tuple(found)) if found else Called(tuple(known), gap=True)


# ------------------------------------------------------------------------------------------------------------------ parts


def _panel(panel: Panel, kept: OnCall, names: dict[str, str], now: datetime) -> PanelOnCall:
    rota = kept.of(panel.panel_id)
    stand_in = tuple((one, names[one]) for one in panel.coordinators if one in names)
    on = tuple((one, names[one]) for one in (on_call(rota, now) if rota else ()) if one in names and one in panel.coordinators)
    without = gaps(rota or Rota(panel.panel_id, "UTC"), now)
    own = rota is not None and rota.panel_id == panel.panel_id
    return PanelOnCall(panel.panel_id, panel.name, rota, own, on, not on, without, stand_in, may_edit=True)


def _panels(ports: Ports, grant: Grant) -> tuple[Panel, ...]:
    account = grant.account
    if account is not None and account.role is Role.COORDINATOR:
        return ports.store.panels(account.panels) if account.panels else ()
    return ports.store.panels()


def _coordinators(ports: Ports, grant: Grant) -> tuple[Account, ...]:
    found = ports.store.accounts(grant.event("accounts"))
    return tuple(one for one in found if one.role is Role.COORDINATOR and not one.disabled)


def _may_set(ports: Ports, actor: Actor, grant: Grant, panel_id: str) -> None:
    """A coordinator those of their own panels; the list for all is an administrator's."""
    if panel_id == ALL:
        require(ports, actor, Action.MANAGE_PANELS)
        return
    if grant.account is not None and grant.account.role is Role.COORDINATOR and panel_id not in grant.account.panels:
        ports.store.append_audit(replace(grant.event(Action.SET_ON_CALL.value), action="refused"))
        raise NotPermitted(action=Action.SET_ON_CALL.value)
    if not ports.store.panels((panel_id,)):
        raise NotFound("panel_not_found", panel=panel_id)


def _keep(ports: Ports, grant: Grant, kept: OnCall, rotas: tuple[Rota, ...]) -> None:
    body = msgspec.json.encode(replace(kept, rotas=rotas, raw=b""))
    ports.store.put_house_document(DOCUMENT, body, grant.event("on_call"), was=kept.raw)

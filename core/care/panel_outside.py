"""This is the place where a panel's counts leave the team: with noise, once, and kept in a ledger of what that spent. No person's data and no true count is in what
is handed out.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from core.care.access import Action, Grant, require
from core.care.panel_facts import Told, everybody, known_of
from core.care.panel_views import OutsideView, PanelShelf, SpendingView
from core.domain.people import Actor
from core.errors import BadInput, Conflict, NotFound
from core.panel import noise
from core.panel.privacy import BUDGET, USUAL, Release, Spending, cost_of, quarter_of, read, with_release, written
from core.panel.shares import counted
from core.panel.terms import OUTSIDE
from core.ports import Ports

DOCUMENT = "panel_privacy"
TRIES = 20


def release(ports: Ports, actor: Actor, panel_id: str = "", epsilon: float = USUAL / 1000, told: Told | None = None) -> OutsideView:
    """The counts of a panel ("": of everybody) with noise. Asked again in the same quarter, the answer of then. Raises BadInput (bad_epsilon, budget_spent,
    ledger_damaged), NotFound for a panel that is none; Conflict where others kept being faster."""
    grant = require(ports, actor, Action.VIEW_PANEL_COUNTS)
    cost, now = cost_of(epsilon), ports.clock.now()
    quarter = quarter_of(now)
    panels = ports.store.panels(None)
    if panel_id and panel_id not in {one.panel_id for one in panels}:
        raise NotFound("no_such_panel", panel=panel_id)
    names = tuple((one.panel_id, one.name) for one in panels)
    within = next((one.persons for one in panels if panel_id and one.panel_id == panel_id), None)
    true: dict[str, dict[str, int]] = {}
    for _ in range(TRIES):
        body = ports.store.house_document(DOCUMENT)
        spending = read(body)
        if (known := spending.kept(quarter, panel_id, cost)) is not None:
            return _view(known, spending, names, again=True)
        if cost > spending.left(quarter):
            raise BadInput("budget_spent", place="epsilon", need=f"{max(0, spending.left(quarter)) / 1000:g}")
        true = true or _true(ports, grant, within, now, told)
        made = Release(
            secrets.token_hex(8), quarter, now, actor.display_name or actor.account_id, panel_id, cost, _noised(true, cost)
        )
        after = with_release(spending, made)
        try:
            ports.store.put_house_document(DOCUMENT, written(after), grant.event(made.release_id), was=body)
        except Conflict:
            continue  # somebody else's release came first: this one was never shown, and is decided anew
        return _view(made, after, names, again=False)
    raise Conflict("document_changed", place=DOCUMENT)


def spending_of(ports: Ports, actor: Actor) -> SpendingView:
    """What left so far and what is left of the quarter's budget. Spends nothing. Raises BadInput (ledger_damaged)."""
    require(ports, actor, Action.VIEW_PANEL_COUNTS)
    quarter = quarter_of(ports.clock.now())
    spending = read(ports.store.house_document(DOCUMENT))
    names = tuple((one.panel_id, one.name) for one in ports.store.panels(None))
    return SpendingView(quarter, BUDGET / 1000, spending.left(quarter) / 1000, tuple(reversed(spending.releases)), names)


def _true(
    ports: Ports, grant: Grant, within: tuple[str, ...] | None, now: datetime, told: Told | None
) -> dict[str, dict[str, int]]:
    """The counts as they are. They leave this module with noise only."""
    people = everybody(ports, grant, within)
    living = {one: person for one, person in people.items() if person is None or not person.profile.deceased}
    known = known_of(ports, grant, living, (PanelShelf(), now, "", told))
    return counted([one.row for one in known.values()])


def _noised(true: dict[str, dict[str, int]], cost: int) -> dict[str, dict[str, int]]:
    each = cost / 1000 / len(OUTSIDE)
    return {table: dict(zip(true[table], noise.noised(tuple(true[table].values()), each), strict=True)) for table in OUTSIDE}


def _view(made: Release, spending: Spending, names: tuple[tuple[str, str], ...], *, again: bool) -> OutsideView:
    each = made.each / 1000
    return OutsideView(
        made, made.cost / 1000, each, noise.within(each), again, spending.left(made.quarter) / 1000, BUDGET / 1000, names
    )

"""This is the place where it is kept which advice a person was shown first, and where an order of cards is judged from what people did.

Of looks by the person only: nobody else can answer. With the order drawn (the setting `advice_explore`) other orders can be judged; without it only the one
that was shown, and of the others it is said that nothing can be said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from core.advice import shown
from core.advice.offpolicy import ORDERS, Judged, Seen, judged
from core.advice.ranking import choices, counted
from core.advice.saying import DRAWER as SAID
from core.advice.saying import read as read_said
from core.advice.terms import Said
from core.care.access import Action, Grant, reach, require
from core.care.advice_views import AdviceView
from core.domain.people import Actor
from core.errors import BadInput, Conflict
from core.ports import Ports


@dataclass(frozen=True, eq=False)
class OrderView:
    """Of everybody within reach: looks that are old enough to be judged, those that are too young, people whose log is damaged, what was said, and what is
    said of each order."""

    people: int
    looks: int
    young: int
    damaged: int
    said: Mapping[str, int]
    exploring: bool
    orders: tuple[Judged, ...]


def coin_of(person_id: str, at: datetime) -> str:
    """What the order of a day (UTC) is drawn from: the same for everybody who looks."""
    return f"{person_id}|{at.date().isoformat()}"


def note_shown(ports: Ports, actor: Actor, person_id: str, view: AdviceView) -> None:
    """Keep which cards came first on this look; the first look of a day counts, and the same again writes nothing. Raises BadInput (drawer_damaged),
    Conflict."""
    grant = require(ports, actor, Action.ANSWER_ADVICE, person_id)
    kinds = {rule: row.kind for rule, row in view.rows.items()}
    heard = read_said(ports.store.drawer(person_id, SAID, grant.event(shown.DRAWER)))
    newest = {one.rule: one for one in sorted(heard, key=lambda one: one.at) if one.at <= view.made_at}
    counts = counted((kinds[one.rule], one.said) for one in newest.values() if one.rule in kinds)
    made = choices(view.advice.cards, kinds, counts, tried=ports.explore_advice)
    raw = ports.store.drawer(person_id, shown.DRAWER, grant.event(shown.DRAWER))
    body = shown.written(shown.with_choices(shown.read(raw), made, view.made_at))
    if body != raw:
        ports.store.put_in_drawer(person_id, shown.DRAWER, body, grant.event(shown.DRAWER), was=raw)


def report(ports: Ports, actor: Actor) -> OrderView:
    """What the order that ships, and the table's own, would have come to, over everybody within reach."""
    grant = require(ports, actor, Action.VIEW_WORKLIST)
    within = None if grant.account is None else reach(ports, grant.account)
    event = grant.event(shown.DRAWER)
    people = [one.person_id for one in ports.store.people(within, event)]
    today = ports.clock.now().date()
    seen: list[Seen] = []
    young = damaged = 0
    said: Counter[str] = Counter()
    for person_id in people:
        try:
            looks = shown.read(ports.store.drawer(person_id, shown.DRAWER, event))
        except BadInput:
            damaged += 1
            continue
        ripe = [one for one in looks if one.ripe(today)]
        young += len(looks) - len(ripe)
        said.update(one.said or "nothing" for one in ripe)
        seen += [Seen(person_id, one.choice, one.said == "done") for one in ripe]
    orders = tuple(judged(name, seen, order) for name, order in ORDERS.items())
    return OrderView(len(people), len(seen), young, damaged, dict(said), ports.explore_advice, orders)


def note_said(ports: Ports, grant: Grant, person_id: str, said: Said) -> None:
    """Keep what was said beside the look it belongs to. What the person said is kept already: a log that is damaged, or was changed meanwhile, costs one
    word of the report (which counts damaged logs) and not their answer."""
    with suppress(BadInput, Conflict):
        raw = ports.store.drawer(person_id, shown.DRAWER, grant.event(shown.DRAWER))
        body = shown.written(shown.with_said(shown.read(raw), said.rule, said.said, said.at))
        if body != raw:
            ports.store.put_in_drawer(person_id, shown.DRAWER, body, grant.event(shown.DRAWER), was=raw)

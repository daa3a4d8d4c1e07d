"""This is the place where it is found out who looks after whom: the coordinators that can sign in, by the panels they work on and the people in these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.domain.people import Account, Panel, Role
from core.errors import NotFound
from core.ports import Ports


@dataclass(frozen=True, slots=True)
class Team:
    """Who works on which panels now. `names` also of those who can't sign in any more or left: somebody may have been theirs."""

    panels: tuple[Panel, ...] = ()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    by_person: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, person_id: str) -> tuple[str, ...]:
        """The account ids of those who look after this person."""
        return tuple(dict.fromkeys(one for panel_id in self.by_person.get(person_id, ()) for one in self.members.get(panel_id, ())))

    def has(self, person_id: str, account_id: str) -> bool:
        return bool(account_id) and account_id in self.of(person_id)

    def name(self, account_id: str) -> str:
        return self.names.get(account_id, "")


def team(ports: Ports, panels: Iterable[Panel], named: Sequence[str] = ()) -> Team:
    """The team of these panels, for a use case that has asked for access; `named`: further accounts whose names are wanted."""
    chosen = tuple(panels)
    known: dict[str, Account | None] = {}
    for account_id in dict.fromkeys((*(one for panel in chosen for one in panel.coordinators), *named)):
        known[account_id] = _account(ports, account_id)
    members = {
        panel.panel_id: tuple(one for one in panel.coordinators if _works_on(known[one], panel.panel_id)) for panel in chosen
    }
    by_person: dict[str, list[str]] = {}
    for panel in chosen:
        for person_id in panel.persons:
            by_person.setdefault(person_id, []).append(panel.panel_id)
    names = {key: one.display_name or one.username for key, one in known.items() if one is not None}
    return Team(chosen, members, names, {key: tuple(found) for key, found in by_person.items()})


def _works_on(account: Account | None, panel_id: str) -> bool:
    return account is not None and account.role is Role.COORDINATOR and not account.disabled and panel_id in account.panels


def _account(ports: Ports, account_id: str) -> Account | None:
    try:
        return ports.store.account(account_id) if account_id else None
    except NotFound:
        return None

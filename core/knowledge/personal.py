"""This is the place where the graph is cut down to one person: what is theirs, the rules it touches, and how one leads to the other. Pure, and bounded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import networkx as nx

from core.knowledge.terms import Node
from core.knowledge.walking import Link, node, touching

MOST_THINGS, MOST_RULES = 80, 120
"""How many of a person's things, and of rules, are shown at most; how many more there are is said."""
SPEAKS, WORKED_OUT, WATCHES, TOGETHER = "speaks", "worked_out", "watches", "together"
STATES = (SPEAKS, WORKED_OUT, WATCHES, TOGETHER)
"""Why a rule is shown: it says something now; all that an equation needs is there; it watches something they have; it is about two of their things at once."""
_EVERYBODY = frozenset({"fact:age", "fact:sex", "fact:region_china"})


@dataclass(frozen=True, slots=True)
class RuleHere:
    """A rule that touches something of theirs. `severity`: how soon it matters, where it speaks (as its own table counts; 0: not at all)."""

    rule: Node
    state: str
    severity: int
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """The person's part of the graph. `silent` counts rules that touch something and are not shown; `hidden` links that are for clinicians, or not verified."""

    things: tuple[str, ...]
    rules: tuple[RuleHere, ...]
    silent: int
    hidden: int
    more_things: int
    more_rules: int


@dataclass(frozen=True, slots=True)
class Mine:
    """What a person has: `things`, ids of nodes in the order in which they are shown; of those the ingredients they are allergic to (`allergies`) and those they
    take (`taken`); `speaking`, rules that say something now, with how soon it matters; `answered`, equations that have an answer."""

    things: tuple[str, ...]
    allergies: Collection[str] = ()
    taken: Collection[str] = ()
    speaking: Mapping[str, int] = field(default_factory=dict)
    answered: Collection[str] = ()

    def fits(self, link: Link) -> bool:
        """What is about an allergen is about those who are allergic to it, and what is about a medicine about those who take it."""
        if link.thing not in self.allergies:
            return link.relation != "allergen"
        return link.relation == "allergen" or link.thing in self.taken


def cut(graph: nx.MultiDiGraph, mine: Mine, *, clinician: bool) -> Cut:
    """Somebody who is no clinician gets verified relations alone."""
    known = [one for one in dict.fromkeys(mine.things) if one in graph]
    links: dict[str, list[Link]] = {}
    hidden = 0
    for thing in known[:MOST_THINGS]:
        for link in filter(mine.fits, touching(graph, thing)):
            if clinician or (link.status == "verified" and not node(graph, link.rule).clinician):
                links.setdefault(link.rule, []).append(link)
            else:
                hidden += 1
    made = [found for rule, every in links.items() if (found := _here(node(graph, rule), every, mine)) is not None]
    made.sort(key=lambda one: (STATES.index(one.state), -one.severity, one.rule.node_id))
    return Cut(
        tuple(known[:MOST_THINGS]),
        tuple(made[:MOST_RULES]),
        len(links) - len(made),
        hidden,
        max(0, len(known) - MOST_THINGS),
        max(0, len(made) - MOST_RULES),
    )


def _here(rule: Node, links: list[Link], mine: Mine) -> RuleHere | None:
    every = tuple(links)
    if rule.node_id in mine.speaking:
        return RuleHere(rule, SPEAKS, mine.speaking[rule.node_id], every)
    if rule.kind == "equation":
        return RuleHere(rule, WORKED_OUT, 0, every) if rule.node_id in mine.answered else None
    if rule.table == "alerts":
        return RuleHere(rule, WATCHES, 0, every)
    return RuleHere(rule, TOGETHER, 0, every) if _several(rule, every) else None


def _several(rule: Node, links: Iterable[Link]) -> bool:
    """Whether a rule about medicines has two of the person's things: both sides of a pair, or the medicine and what has to be known for it."""
    if rule.table not in ("interactions", "kidney", "cautions", "genes"):
        return False
    own = [link for link in links if link.thing not in _EVERYBODY]
    return len({link.thing for link in own}) > 1 and len({link.relation for link in own}) > 1

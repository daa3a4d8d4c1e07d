"""This is the place where the elements of an Apple Health export are taken one by one, as little as can be done for each.

A record that stands inside a correlation (the two halves of a blood pressure) also stands outside, says Apple; it is counted as
a duplicate once its twin was seen, and taken where it has none. Metadata matter in four cases: typed in by the person, the
zone it was recorded in, how oxygen uptake was tested, and the mood of a State of Mind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from core.domain.samples import Samples, Tally
from core.sources.wearables.apple_groups import Group
from core.sources.wearables.apple_types import ELEMENTS, MOOD, kind_of
from core.sources.wearables.collect import Collector

HOLD = 40_000
"""Records that wait before they become columns."""
_FEW_NAMES, _MANY_GROUPS, _MOST_TWINS = 500, 4_000, 200_000
NOTED = frozenset({"HKWasUserEntered", "HKTimeZone", "HKVO2MaxTestType"})
"""The keys of metadata that matter."""
_YES = frozenset({"1", "true", "yes"})
_FIELDS = (
    ("type",),
    ("sourceName", "source"),
    ("unit",),
    ("startDate", "date"),
    ("endDate", "startDate", "date"),
    ("value", "valence"),
)

Starts = Callable[[str, list[str]], None]


class _Child(NamedTuple):
    """A record inside a correlation."""

    type: str
    source: str
    unit: str
    start: str
    end: str
    value: str


class Sink:
    """Takes elements from `start` (a function, made once by `starts`) and gives Samples and tallies by `ready` and `rest`."""

    def __init__(self, name: str) -> None:
        self.name, self.opened = name, 0
        self._groups: dict[tuple[str, str, str], Group] = {}
        self._current: Group | None = None
        self._collected = Collector()
        self._kinds: set[str] = set()
        self._children: list[tuple[_Child, Group]] = []
        self._twins: set[_Child] = set()
        self.by_opening: dict[tuple[str, str], Group] = {}
        self._layouts: dict[tuple[str, ...], tuple[int, ...]] = {}
        self.inside = False
        self.entered: Callable[[], None] = lambda: None

    def starts(self) -> Starts:
        """The handler of a starting element: (name, [attribute, value, attribute, value ...])."""
        layouts, groups, metadata = self._layouts, self._groups, self._metadata

        def start(name: str, attributes: list[str]) -> None:
            self.opened += 1
            if name == "Record" and not self.inside:
                names = tuple(attributes[::2])
                layout = layouts.get(names) or self._layout(names)
                attributes.append("")
                kind, source, unit, begins, ends, value = layout
                key = (attributes[kind], attributes[source], attributes[unit])
                group = groups.get(key) or self._group(key, attributes)
                group.rows += (attributes[begins], attributes[ends], attributes[value])
                self._current = group
            elif name == "MetadataEntry":
                metadata(attributes)
            else:
                self._other(name, attributes)

        return start

    def ready(self) -> Iterator[Samples]:
        """What has gathered, once it is worth it."""
        if sum(len(group.rows) for group in self._groups.values()) >= 3 * HOLD:
            yield from self._flush()
            if len(self._groups) > _MANY_GROUPS:
                self.by_opening.clear()
                for key in [key for key, group in self._groups.items() if not group.rows]:
                    del self._groups[key]

    def rest(self) -> Iterator[Samples | Tally]:
        self._current = None
        yield from self._flush()
        for child, alone in self._children:
            if child in self._twins or len(self._twins) >= _MOST_TWINS or not alone.kind.signal:
                self.odd(child.type, "duplicate", "inside_correlation")
            else:
                group = self._groups.setdefault(child[:3], Group(*child[:3], alone.kind))
                group.rows += child[3:]
                group.typed |= {group.last} if alone.typed else set()
                self._twins.add(child)
        self._children.clear()
        yield from self._flush()
        yield from self._collected.rest()

    def odd(self, kind: str, outcome: str, why: str, count: int = 1) -> None:
        """An entry that becomes no sample. Past some hundred different kinds (no export has them) they go without a name."""
        if kind not in self._kinds and len(self._kinds) >= _FEW_NAMES:
            kind = ""
        self._kinds.add(kind)
        self._collected.odd(self.name, kind[:100], outcome, why, count)

    def ended(self, name: str) -> None:
        """An element inside a correlation has ended, or the correlation itself: metadata that follow are not the record's."""
        if name == "Record":
            self._current = None
        elif name == "Correlation":
            self.inside, self._current = False, None

    def _path(self, kind: str) -> str:
        return f"{self.name}/{kind[:100]}"

    def _flush(self) -> Iterator[Samples]:
        for group in self._groups.values():
            if group.kind.paired and len(self._twins) < _MOST_TWINS:
                rows = group.rows
                self._twins.update(
                    _Child(group.type, group.source, group.unit, *rows[at : at + 3])
                    for at in range(0, len(rows), 3)  # type: ignore[arg-type]
                )
            yield from group.columns(self._path(group.type), self.odd, hold_back=group is self._current)

    def _layout(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Where each field's value stands among the attributes; -1 where it is not there (an empty text is put last)."""
        found = tuple(next((2 * names.index(name) + 1 for name in field if name in names), -1) for field in _FIELDS)
        if len(self._layouts) < _FEW_NAMES:
            self._layouts[names] = found
        return found

    def _group(self, key: tuple[str, str, str], attributes: list[str]) -> Group:
        kind, source, unit = key
        known = self._groups[key] = Group(kind, source, unit, kind_of(kind))
        names = attributes[:-1:2]
        known.device = attributes[2 * names.index("device") + 1] if "device" in names else ""
        return known

    def group_of(self, attributes: list[str]) -> Group:
        """The group of a record with these attributes."""
        names = tuple(attributes[::2])
        layout = self._layouts.get(names) or self._layout(names)
        attributes.append("")
        key = (attributes[layout[0]], attributes[layout[1]], attributes[layout[2]])
        return self._groups.get(key) or self._group(key, attributes)

    def all_closed(self) -> None:
        """No record is open: what metadata come are not its."""
        self._current = None

    def _metadata(self, attributes: list[str]) -> None:
        if self._current is not None and len(attributes) >= 4 and attributes[1] in NOTED:
            self.note(self._current, attributes[1], attributes[3])

    @staticmethod
    def note(group: Group, key: str, value: str) -> None:
        """Keep what metadata say of a group's newest record."""
        if key == "HKTimeZone":
            group.zones[group.last] = value
        elif key == "HKWasUserEntered" and value.strip().lower() in _YES:
            group.typed.add(group.last)
        elif key == "HKVO2MaxTestType" and value.strip() == "1":
            group.measured.add(group.last)

    def _other(self, name: str, attributes: list[str]) -> None:
        if name == "Record":
            self._child(attributes)
        elif name == "Correlation":
            self.inside, self._current = True, None
            self.entered()
        elif name == "Workout":
            given = dict(zip(attributes[::2], attributes[1::2], strict=True))
            self._take("Workout", given, given.get("workoutActivityType", ""))
        elif "StateOfMind" in name:
            given = dict(zip(attributes[::2], attributes[1::2], strict=True))
            self._take("HKStateOfMind", given, given.get("valence", ""))
        else:
            why = ELEMENTS.get(name)
            if why is None or why in ("profile", "in_another_file", "kind_not_taken"):
                self._current = None
            if why != "":
                self.odd(name, "not_followed", why or "unknown_type")

    def _take(self, kind: str, given: dict[str, str], value: str) -> None:
        start = given.get("startDate", given.get("date", ""))
        key = (kind, given.get("sourceName", given.get("source", "")), "")
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(*key, MOOD if kind == "HKStateOfMind" else kind_of(kind))
        group.rows += (start, given.get("endDate", start), value)
        self._current = group

    def _child(self, attributes: list[str]) -> None:
        """A record inside a correlation: remembered until all twins were seen."""
        names = tuple(attributes[::2])
        attributes.append("")
        child = _Child(*(attributes[at] for at in self._layouts.get(names) or self._layout(names)))
        if len(self._children) < _MOST_TWINS:
            group = Group(child.type, child.source, child.unit, kind_of(child.type), rows=list(child[3:]))
            self._children.append((child, group))
            self._current = group
        else:
            self.odd(child.type, "duplicate", "inside_correlation")

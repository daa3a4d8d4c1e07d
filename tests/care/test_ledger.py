"""This is the place where imports of mixed and damaged records are made at random: every entry is accounted for exactly once."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from core.care.placing import Whose
from core.domain.ledger import Outcome
from core.domain.records import Record, Standing
from core.ports import Ports
from tests.care.given import add_person, bring, bundle, event, heart_rate, patient, ports_with

CASES = Path(__file__).parents[2] / "fhir_samples" / "cases"


def _resources() -> list[dict[str, Any]]:
    """Every resource of the hard cases that is one."""
    found = []
    for path in sorted(CASES.glob("*.input.json")):
        try:
            document = orjson.loads(path.read_bytes())
        except orjson.JSONDecodeError:
            continue
        listed = document.get("entry", []) if isinstance(document, dict) else []
        found += [e["resource"] for e in listed if isinstance(e, dict) and isinstance(e.get("resource"), dict)]
    return found


RESOURCES = _resources()
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 300), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)
)
JUNK = st.one_of(SCALARS, st.lists(SCALARS, max_size=2), st.dictionaries(st.text(max_size=5), SCALARS, max_size=2))


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A resource of the cases, as it is or with one place changed, taken away or doubled."""
    resource = json.loads(json.dumps(draw(st.sampled_from(RESOURCES))))
    for _ in range(draw(st.integers(0, 2))):
        node: Any = resource
        while isinstance(node, dict | list) and node:
            key = draw(st.sampled_from(sorted(node))) if isinstance(node, dict) else draw(st.integers(0, len(node) - 1))
            if draw(st.booleans()) or not isinstance(node[key], dict | list):
                change = draw(st.sampled_from(["replace", "remove"]))
                if change == "replace":
                    node[key] = draw(JUNK)
                else:
                    del node[key]
                break
            node = node[key]
    return resource


ENTRIES = st.lists(st.one_of(mutated(), JUNK), max_size=8)


def _document(entries: list[Any]) -> bytes:
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in entries]}).encode()


def _sums(made: Any, entries: int) -> None:
    counts = dict(made.counts)
    assert set(counts) == {outcome.value for outcome in Outcome}
    assert sum(counts.values()) == entries
    told = Counter(line.outcome.value for file in made.files for line in file.lines)
    assert all(told[name] == count for name, count in counts.items() if name not in ("stored", "unchanged"))
    assert all(line.reason for file in made.files for line in file.lines), [
        line for file in made.files for line in file.lines if not line.reason
    ]


@settings(max_examples=150)
@given(ENTRIES)
def test_whatever_comes_in_is_accounted_for_once(entries: list[Any]) -> None:
    made = bring(ports_with(), _document(entries))
    _sums(made, len(entries) if entries else made.entries)


@settings(max_examples=150)
@given(ENTRIES)
def test_for_a_given_person_too_and_the_second_time_changes_nothing(entries: list[Any]) -> None:
    ports = ports_with()
    whose = Whose(add_person(ports))
    document = _document([patient(), *entries])
    first = bring(ports, document, whose=whose)
    _sums(first, 1 + len(entries))
    before = (_state(ports, whose.person_id), ports.store.revision(whose.person_id))
    second = bring(ports, document, whose=whose)
    _sums(second, 1 + len(entries))
    counts = dict(second.counts)
    assert counts["stored"] == counts["superseded"] == counts["duplicate"] == counts["quarantined"] == counts["kept_raw"] == 0
    assert (_state(ports, whose.person_id), ports.store.revision(whose.person_id)) == before


VERSIONS = st.lists(
    st.builds(
        lambda number, value, status: heart_rate("o1", value, status=status, meta={"versionId": str(number)}),
        st.integers(1, 5), st.integers(40, 59), st.sampled_from(["final", "amended", "entered-in-error"]),
    ),
    min_size=1, max_size=5, unique_by=lambda one: one["meta"]["versionId"],
)  # fmt: skip
OTHERS = st.lists(st.integers(2, 9), max_size=4, unique=True).map(lambda numbers: [heart_rate(f"o{n}", 60 + n) for n in numbers])


@settings(max_examples=100)
@given(VERSIONS, OTHERS, st.randoms(use_true_random=False))
def test_what_is_shown_does_not_depend_on_the_order_or_on_the_cut_into_files(
    versions: list[Any], others: list[Any], chance: Any
) -> None:
    records = [*versions, *others]
    shuffled = chance.sample(records, len(records))
    cut = chance.randint(0, len(shuffled))
    shown = []
    for files in ([records], [shuffled[:cut], shuffled[cut:]]):
        ports = ports_with()
        whose = Whose(add_person(ports))
        for content in files:
            bring(ports, bundle(patient(), *content), whose=whose)
        shown.append(_state(ports, whose.person_id))
    assert shown[0] == shown[1]


def _state(ports: Ports, person_id: str) -> list[str]:
    """What is shown of a person, without our own ids and instants."""
    return sorted(repr((r.standing, r.item, len(r.sources))) for r in _all(ports, person_id))


def _all(ports: Ports, person_id: str) -> tuple[Record, ...]:
    found = ports.store.records(person_id, event(), every_standing=True)
    return tuple(record for record in found if record.standing is not Standing.SUPERSEDED)

"""This is the place where people are kept: a random id, a key of their own, a sealed profile, a revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection, RowMapping, func, insert, select, update

from core.domain.audit import AuditEvent
from core.domain.records import Person, PersonProfile, Standing
from core.errors import NotFound
from core.store.codec import Body, KeptProfile, pack, unpack
from core.store.instants import from_micros, maybe_from_micros, to_micros
from core.store.sealing import Box, new_id
from core.store.tables import persons, records
from core.store.vault import Vault

BATCH = 500
"""How many ids go into one IN (...)."""
_COUNTS = msgspec.json.Decoder(dict[str, int])


class PeopleStore:
    """The store's methods about people."""

    _vault: Vault

    def add_person(self, profile: PersonProfile, event: AuditEvent) -> Person:
        person_id = new_id()
        box, wrapped = self._vault.fresh_key(person_id)
        with self._vault.writing(replace(event, subject_id=person_id)) as connection:
            connection.execute(insert(persons), new_person_row(person_id, box, wrapped, profile, event.at))
        return Person(person_id, profile, 1, event.at, profile.synthetic)

    def person(self, person_id: str, event: AuditEvent) -> Person:
        with self._vault.reading(event) as connection:
            row = connection.execute(select(persons).where(persons.c.person_id == person_id)).mappings().first()
            if row is None:
                raise NotFound("person_not_found", person=person_id)
        return _person(self._vault, row)

    def people(self, person_ids: Sequence[str] | None, event: AuditEvent) -> tuple[Person, ...]:
        """Those that exist, in the order asked for (None: everybody, oldest first). One audit line names them all."""
        seen: list[str] = []
        with self._vault.reading(event, seen) as connection:
            rows = _rows(connection, person_ids)
            seen.extend(row["person_id"] for row in rows)
        return tuple(_person(self._vault, row) for row in rows)

    def person_exists(self, person_id: str) -> bool:
        return self.revision(person_id) > 0

    def revision(self, person_id: str) -> int:
        with self._vault.looking() as connection:
            found = connection.execute(select(persons.c.revision).where(persons.c.person_id == person_id)).scalar()
        return found or 0


def new_person_row(person_id: str, box: Box, wrapped: bytes, profile: PersonProfile, at: datetime) -> dict[str, object]:
    """The row of a new person, at revision 1."""
    return {
        "person_id": person_id,
        "sealed_key": wrapped,
        "sealed_profile": _seal_profile(box, person_id, KeptProfile(profile, profile)),
        "revision": 1,
        "edition": 1,
        "counts": "{}",
        "created_at": to_micros(at),
        "last_at": None,
    }


def renew_person(connection: Connection, box: Box, person_id: str) -> None:
    """After the records have changed: say anew who the person is, count the shelves, and move the revision on."""
    sealed = connection.execute(select(persons.c.sealed_profile).where(persons.c.person_id == person_id)).scalar_one()
    kept = open_profile(box, person_id, sealed)
    shown = merged([*_patient_profiles(connection, box, person_id), kept.given])
    connection.execute(
        update(persons)
        .where(persons.c.person_id == person_id)
        .values(
            sealed_profile=_seal_profile(box, person_id, replace(kept, shown=shown)),
            counts=msgspec.json.encode(_count_shelves(connection, person_id)).decode(),
            revision=persons.c.revision + 1,
            edition=persons.c.edition + 1,
        )
    )


def open_profile(box: Box, person_id: str, sealed: bytes) -> KeptProfile:
    return unpack(KeptProfile, box.open(sealed, "persons", person_id, person_id, "profile"))


def merged(profiles: Sequence[PersonProfile]) -> PersonProfile:
    """One profile: of each field the first that says anything. Synthetic is who was added as such (the last)."""
    found = {field.name: next(filter(None, (getattr(p, field.name) for p in profiles)), None) for field in fields(PersonProfile)}
    said = {name: value for name, value in found.items() if value is not None and name != "synthetic"}
    return PersonProfile(**said, synthetic=profiles[-1].synthetic)


def _seal_profile(box: Box, person_id: str, profile: KeptProfile) -> bytes:
    return box.seal(pack(profile), "persons", person_id, person_id, "profile")


def _patient_profiles(connection: Connection, box: Box, person_id: str) -> list[PersonProfile]:
    """What the Patient records that count now say, the last to arrive first."""
    query = (
        select(records.c.record_id, records.c.sealed_item)
        .where(records.c.person_id == person_id, records.c.kind == "Patient", records.c.standing == Standing.CURRENT.value)
        .order_by(records.c.arrival.desc())
    )
    opened = [box.open(row.sealed_item, "records", person_id, row.record_id, "item") for row in connection.execute(query)]
    return [body.profile for body in (unpack(Body, packed) for packed in opened) if body.profile]


def _count_shelves(connection: Connection, person_id: str) -> dict[str, int]:
    """How many facts stand on each shelf; all that is quarantined counts under that name."""
    query = (
        select(records.c.standing, records.c.shelf, func.count(records.c.fact_mark.distinct()).label("facts"))
        .where(records.c.person_id == person_id, records.c.standing.in_((Standing.CURRENT.value, Standing.QUARANTINED.value)))
        .group_by(records.c.standing, records.c.shelf)
    )
    found: dict[str, int] = {}
    for row in connection.execute(query):
        name = row.shelf if row.standing == Standing.CURRENT.value else Standing.QUARANTINED.value
        found[name] = found.get(name, 0) + row.facts
    return found


def _rows(connection: Connection, person_ids: Sequence[str] | None) -> list[RowMapping]:
    query = select(persons).order_by(persons.c.created_at, persons.c.person_id)
    if person_ids is None:
        return list(connection.execute(query).mappings())
    wanted = list(dict.fromkeys(person_ids))
    found: dict[str, RowMapping] = {}
    for start in range(0, len(wanted), BATCH):
        part = query.where(persons.c.person_id.in_(wanted[start : start + BATCH]))
        found.update({row["person_id"]: row for row in connection.execute(part).mappings()})
    return [found[person_id] for person_id in wanted if person_id in found]


def _person(vault: Vault, row: RowMapping) -> Person:
    person_id = row["person_id"]
    profile = open_profile(vault.unwrap(person_id, row["sealed_key"]), person_id, row["sealed_profile"]).shown
    counts = _COUNTS.decode(row["counts"])
    quarantined = counts.pop(Standing.QUARANTINED.value, 0)
    return Person(
        person_id=person_id,
        profile=profile,
        revision=row["revision"],
        created_at=from_micros(row["created_at"]),
        synthetic=profile.synthetic,
        record_counts=tuple(sorted(counts.items())),
        quarantined=quarantined,
        last_at=maybe_from_micros(row["last_at"]),
    )

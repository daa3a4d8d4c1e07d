from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.kiosk import sealing, wire
from core.kiosk.bundle import transaction
from tests.kiosk.given import AT, unproven, visit

PRIVATE, PUBLIC = sealing.fresh_keys()
SEALED = sealing.seal(PUBLIC, visit(), AT)


def test_the_server_reads_what_was_collected_and_the_bundle_made_from_it() -> None:
    found = sealing.unsealed(PRIVATE, SEALED)
    assert found.collected == visit()
    assert found.bundle == transaction(visit())
    assert sealing.opened(PRIVATE, sealing.seal(PUBLIC, unproven(), AT)) == unproven()
    assert sealing.public_of(PRIVATE) == PUBLIC


def test_nothing_of_the_person_can_be_read_in_it_and_its_length_tells_little() -> None:
    assert b"CANARY" not in SEALED.body
    assert "CANARY" not in repr(SEALED)
    inside = len(SEALED.body) - 9 - 32 - 16
    assert inside % sealing.PADDED_TO == 0
    other = sealing.seal(PUBLIC, visit(medicines_added=("CANARY-Ibuprofen", "x" * 40)), AT)
    assert len(other.body) == len(SEALED.body)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SEALED.body) - 1), st.integers(1, 255))
def test_one_changed_byte_and_it_does_not_open(place: int, change: int) -> None:
    body = bytearray(SEALED.body)
    body[place] ^= change
    with pytest.raises(BadInput):
        sealing.opened(PRIVATE, replace(SEALED, body=bytes(body)))


@pytest.mark.parametrize(
    "changed",
    [
        {"visit_id": "v-2"},
        {"sealed_at": SEALED.sealed_at + timedelta(seconds=1)},
        {"body": SEALED.body[:-1]},
        {"body": SEALED.body + b"\0"},
        {"body": b""},
        {"body": SEALED.body[:9]},
    ],
)
def test_another_id_another_time_or_a_piece_of_it_does_not_open(changed: dict[str, object]) -> None:
    with pytest.raises(BadInput) as caught:
        sealing.opened(PRIVATE, replace(SEALED, **changed))  # type: ignore[arg-type]
    assert caught.value.code == "visit_unreadable"


def test_another_key_is_said_to_be_another_key() -> None:
    other, public = sealing.fresh_keys()
    with pytest.raises(BadInput) as caught:
        sealing.opened(other, SEALED)
    assert caught.value.code == "sealed_to_another_key"
    assert sealing.sealed_to(SEALED) == sealing.key_name(PUBLIC) != sealing.key_name(public)


def test_what_is_too_large_or_no_number_is_refused_before_it_is_sealed() -> None:
    photo = replace(visit().photos[0], content=b"x" * wire.MOST_SEALED)
    with pytest.raises(BadInput) as caught:
        sealing.seal(PUBLIC, visit(photos=(photo,)), AT)
    assert caught.value.code == "visit_too_large"
    odd = replace(visit().readings[0], values={"sbp": float("nan"), "dbp": 70.0})
    for bad in ({"readings": (odd,)}, {"visit_id": "../x"}, {"started_at": AT.replace(tzinfo=None)}):
        with pytest.raises(BadInput):
            sealing.seal(PUBLIC, visit(**bad), AT)


def test_the_largest_visit_fits_through_the_wire() -> None:
    photo = replace(visit().photos[0], content=b"x" * 5_000_000)
    sealed = sealing.seal(PUBLIC, visit(photos=(photo, photo, photo)), AT)
    again = wire.visit_of(wire.headers_of(sealed), sealed.body)
    assert again == sealed
    assert len(sealing.opened(PRIVATE, again).photos) == 3


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_stands_in_a_message_it_is_read_or_refused_without_saying_what_stood_there(body: bytes) -> None:
    for kind in (wire.Asked, wire.Called, sealing.Contents):
        try:
            wire.read(kind, body)
        except BadInput as error:
            assert error.code == "bad_message"


def test_a_refused_message_names_the_place_and_not_the_value() -> None:
    with pytest.raises(BadInput) as caught:
        wire.read(wire.Asked, b'{"proof": {"kind": ["CANARY"]}, "language": "en"}')
    assert "CANARY" not in str(caught.value)
    with pytest.raises(BadInput):
        wire.visit_of({wire.VISIT_HEADER: "v 1", wire.SEALED_HEADER: "1"}, b"x")
    with pytest.raises(BadInput):
        wire.visit_of({wire.VISIT_HEADER: "v1", wire.SEALED_HEADER: "soon"}, b"x")

"""This is the place where tests get a FHIR server: open, protected by a token, or with $everything and pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fhir_server.live import LiveServer, running


@pytest.fixture(scope="module")
def open_server() -> Iterator[LiveServer]:
    """Searches only, no paging: as Medplum's router answers by itself."""
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def full_server() -> Iterator[LiveServer]:
    """A token is demanded, $everything is offered, a page holds 50 records."""
    with running(TOKEN="let-me-in", EVERYTHING="1", PAGE="50") as server:
        yield server

"""This is the place where the store's parts are one: everything that is kept, behind core/ports.py."""

from __future__ import annotations

from core.store.accounts import AccountStore
from core.store.archive import BackupStore
from core.store.checks import CheckStore
from core.store.doors import DoorStore
from core.store.doses import DoseStore
from core.store.drawer import DrawerStore
from core.store.erasing import ErasingStore
from core.store.importing import ImportStore
from core.store.ledgers import LedgerStore
from core.store.opening import StoreSettings, open_vault
from core.store.papers import PaperStore
from core.store.people import PeopleStore
from core.store.reading import RecordStore
from core.store.reminders import ReminderStore
from core.store.requests import RequestStore
from core.store.series import SeriesStore
from core.store.series_facts import SeriesFactStore
from core.store.series_importing import SampleImportStore
from core.store.sessions import SessionStore
from core.store.sources import SourceStore
from core.store.trail import TrailStore
from core.store.vault import Vault
from core.store.verifying import VerifyingStore


class _Series(SeriesStore, SampleImportStore, SeriesFactStore, DoorStore):
    """Everything about what devices recorded."""


class _Doses(DoseStore, ReminderStore, RequestStore, CheckStore, PaperStore):
    """Everything about doses, reminders, what is asked of the care team, what it is shown, and what it works with."""


class _Records(ImportStore, RecordStore, SourceStore, LedgerStore, DrawerStore, _Series):
    """Everything about what is kept of a person."""


class _Upkeep(TrailStore, ErasingStore, BackupStore, VerifyingStore):
    """Everything about the store itself."""


class SqlStore(PeopleStore, _Records, _Doses, AccountStore, SessionStore, _Upkeep):
    """Satisfies `core.ports.Store`. Made by `open_store`; may be used by many threads at once."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def close(self) -> None:
        """Let go of every connection."""
        self._vault.engine.dispose()


def open_store(settings: StoreSettings) -> SqlStore:
    """Open the store of these settings, or begin it: key, database and tables are made on first run.

    Raises StoreLocked (no key, wrong key, a key others can read), StoreDamaged, BadInput or SourceUnavailable.
    """
    return SqlStore(open_vault(settings))

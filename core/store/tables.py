"""This is the place where the tables are: ids, states, counts, our own instants and keyed marks in the open, all else sealed.

Columns named `*_mark` hold keyed HMACs (`Keyring.mark`), columns named `sealed_*` cells of `core.store.sealing`; instants
are microseconds since 1970 in UTC. A change here needs a migration beside it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, SmallInteger, String, Table

metadata = MetaData()

_ID = String(64)
_CODE = String(64)


def _person() -> Column[str]:
    return Column("person_id", _ID, ForeignKey("persons.person_id", ondelete="CASCADE"), nullable=False)


store_facts = Table(
    "store_facts",  # what the store knows of itself: the key check
    metadata,
    Column("name", _CODE, primary_key=True),
    Column("sealed_value", LargeBinary, nullable=False),
)

persons = Table(
    "persons",
    metadata,
    Column("person_id", _ID, primary_key=True),
    Column("sealed_key", LargeBinary, nullable=False),  # the person's data key, wrapped; without it nothing below opens
    Column("sealed_profile", LargeBinary, nullable=False),
    Column("revision", BigInteger, nullable=False),  # grows with every change of what is shown
    Column("edition", BigInteger, nullable=False),  # grows with every change of the records: two writers find each other
    Column("counts", String, nullable=False),  # JSON: shelf (or "quarantined") -> number of facts
    Column("created_at", BigInteger, nullable=False),
    Column("last_at", BigInteger),  # when a record last arrived
)

sources = Table(
    "sources",
    metadata,
    Column("source_id", _ID, primary_key=True),
    _person(),
    Column("source_mark", LargeBinary, nullable=False),
    Column("sealed_source", LargeBinary, nullable=False),
    Column("sealed_token", LargeBinary),
    Column("created_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Index("sources_by_mark", "person_id", "source_mark", unique=True),
)

patient_refs = Table(
    "patient_refs",  # which foreign Patient is which person, as the sources said
    metadata,
    Column("ref_mark", LargeBinary, primary_key=True),
    Column("source_id", _ID, ForeignKey("sources.source_id", ondelete="CASCADE"), primary_key=True),
    _person(),
    Column("linked_at", BigInteger, nullable=False),  # the last to be linked is who is meant
    Index("patient_refs_by_person", "person_id"),
    Index("patient_refs_by_source", "source_id"),
    sqlite_with_rowid=False,
)

records = Table(
    "records",  # every version of everything that was kept
    metadata,
    Column("record_id", _ID, primary_key=True),
    _person(),
    Column("arrival", BigInteger, nullable=False),  # the person's count of versions at arrival
    Column("kind", _CODE, nullable=False),  # a kind we show, or "other." and a mark
    Column("shelf", _CODE, nullable=False),  # the group in which it is shown
    Column("standing", _CODE, nullable=False),
    Column("logical_mark", LargeBinary, nullable=False),  # origin, kind and the source's own id
    Column("content_mark", LargeBinary, nullable=False),
    Column("fact_mark", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("sealed_head", LargeBinary, nullable=False),  # what versions are compared by
    Column("sealed_item", LargeBinary, nullable=False),
    Index("records_by_content", "person_id", "logical_mark", "content_mark", unique=True),
    Index("records_by_fact", "person_id", "fact_mark"),
    Index("records_by_standing", "person_id", "standing", "shelf"),
)

originals = Table(
    "originals",
    metadata,
    Column("record_id", _ID, ForeignKey("records.record_id", ondelete="CASCADE"), primary_key=True),
    _person(),
    Column("sealed_original", LargeBinary, nullable=False),
    Index("originals_by_person", "person_id"),
)

record_sources = Table(
    "record_sources",  # who says so
    metadata,
    Column("person_id", _ID, primary_key=True),
    Column("record_id", _ID, ForeignKey("records.record_id", ondelete="CASCADE"), primary_key=True),
    Column("source_id", _ID, primary_key=True),
    Index("record_sources_by_record", "record_id"),
    sqlite_with_rowid=False,
)

imports = Table(
    "imports",  # one row per import and person; person "" holds the lines that belong to nobody known
    metadata,
    Column("import_id", _ID, primary_key=True),
    Column("person_id", _ID, primary_key=True),
    Column("account_id", _ID, nullable=False),
    Column("source_id", _ID, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("counts", String, nullable=False),  # JSON: outcome -> number
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("sealed_import", LargeBinary, nullable=False),
    Index("imports_by_person", "person_id", "started_at"),
)

ledger_chunks = Table(
    "ledger_chunks",
    metadata,
    Column("import_id", _ID, primary_key=True),
    Column("person_id", _ID, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("counts", String, nullable=False),
    Column("sealed_lines", LargeBinary, nullable=False),
    Index("ledger_chunks_by_person", "person_id"),
)

streams = Table(
    "streams",  # one signal of one device of one source of one person
    metadata,
    Column("stream_id", _ID, primary_key=True),
    _person(),
    Column("source_id", _ID, ForeignKey("sources.source_id", ondelete="CASCADE"), nullable=False),
    Column("signal_mark", LargeBinary, nullable=False),
    Column("stream_mark", LargeBinary, nullable=False),
    Column("samples", BigInteger, nullable=False),
    Column("sealed_stream", LargeBinary, nullable=False),
    Index("streams_by_mark", "person_id", "stream_mark", unique=True),
    Index("streams_by_signal", "person_id", "signal_mark"),
    Index("streams_by_source", "source_id"),
)

series_chunks = Table(
    "series_chunks",  # one month of a stream as sealed columns, and the same in quarter hours where that is much less
    metadata,
    Column("chunk_id", _ID, primary_key=True),
    _person(),
    Column("stream_id", _ID, ForeignKey("streams.stream_id", ondelete="CASCADE"), nullable=False),
    Column("chunk_mark", LargeBinary, nullable=False),
    Column("samples", BigInteger, nullable=False),
    Column("sealed_span", LargeBinary, nullable=False),
    Column("sealed_bins", LargeBinary),
    Column("sealed_columns", LargeBinary, nullable=False),
    Index("series_by_chunk", "person_id", "chunk_mark", unique=True),
    Index("series_by_stream", "stream_id"),
)

series_facts = Table(
    "series_facts",  # what a person chose about their series, wrote at a moment of them, and what happened to their sources
    metadata,
    Column("fact_id", _ID, primary_key=True),
    _person(),
    Column("kind", _CODE, nullable=False),
    Column("source_id", _ID, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("sealed_fact", LargeBinary, nullable=False),
    Index("series_facts_by_person", "person_id", "kind", "at"),
)

import_marks = Table(
    "import_marks",  # how far a stopped import of samples has come, by the digest of its bytes
    metadata,
    Column("person_id", _ID, primary_key=True),  # "" where an import is about whoever it names
    Column("import_mark", LargeBinary, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("sealed_progress", LargeBinary, nullable=False),
)

device_tokens = Table(
    "device_tokens",  # devices that may bring in data for one person
    metadata,
    Column("token_id", _ID, primary_key=True),
    _person(),
    Column("source_id", _ID, ForeignKey("sources.source_id", ondelete="CASCADE"), nullable=False),
    Column("token_mark", LargeBinary, nullable=False, unique=True),
    Column("sealed_label", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index("device_tokens_by_person", "person_id"),
    Index("device_tokens_by_source", "source_id"),
)

seen_keys = Table(
    "seen_keys",  # idempotency keys of what devices sent, and what they were answered
    metadata,
    Column("person_id", _ID, ForeignKey("persons.person_id", ondelete="CASCADE"), primary_key=True),
    Column("key_mark", LargeBinary, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("sealed_answer", LargeBinary, nullable=False),
    Index("seen_keys_by_time", "at"),
)

plan_heads = Table(
    "plan_heads",  # until when a person's doses are planned, at which revision, and when to plan anew
    metadata,
    Column("person_id", _ID, ForeignKey("persons.person_id", ondelete="CASCADE"), primary_key=True),
    Column("planned_until", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("leased_by", _ID, nullable=False),
    Index("plan_heads_by_time", "next_at"),
)

doses = Table(
    "doses",  # every dose that was planned or logged: when it is due and how it stands in the open, the rest sealed
    metadata,
    Column("dose_id", _ID, primary_key=True),
    _person(),
    Column("dose_mark", LargeBinary, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("sealed_dose", LargeBinary, nullable=False),
    Index("doses_by_mark", "person_id", "dose_mark", unique=True),
    Index("doses_by_time", "person_id", "due_at"),
)

reminders = Table(
    "reminders",
    metadata,
    Column("reminder_id", _ID, primary_key=True),
    _person(),
    Column("reminder_mark", LargeBinary, nullable=False),
    Column("kind", _CODE, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("round", Integer, nullable=False),
    Column("next_at", BigInteger),  # when somebody has to look at it; none: never again
    Column("why", _CODE, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("leased_by", _ID, nullable=False),
    Column("sealed_reminder", LargeBinary, nullable=False),
    Index("reminders_by_mark", "person_id", "reminder_mark", unique=True),
    Index("reminders_by_time", "person_id", "due_at"),
    Index("reminders_by_next", "next_at"),
)

deliveries = Table(
    "deliveries",  # one message of a round through one channel to one recipient, written down before it goes out
    metadata,
    Column("delivery_id", _ID, primary_key=True),
    _person(),
    Column("reminder_id", _ID, ForeignKey("reminders.reminder_id", ondelete="CASCADE"), nullable=False),
    Column("delivery_mark", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("sealed_delivery", LargeBinary, nullable=False),
    Index("deliveries_by_mark", "reminder_id", "delivery_mark", unique=True),
    Index("deliveries_by_person", "person_id"),
)

workers = Table(
    "workers",  # who sends reminders, and when each last said that it lives
    metadata,
    Column("worker_id", _ID, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
)

requests = Table(
    "requests",  # what people asked of their care team
    metadata,
    Column("request_id", _ID, primary_key=True),
    _person(),
    Column("about_mark", LargeBinary, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("sealed_request", LargeBinary, nullable=False),
    Index("requests_by_person", "person_id", "state"),
)

feeds = Table(
    "feeds",  # calendar addresses that telephones read
    metadata,
    Column("feed_id", _ID, primary_key=True),
    _person(),
    Column("feed_mark", LargeBinary, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("sealed_feed", LargeBinary, nullable=False),
    Index("feeds_by_person", "person_id"),
)

checks = Table(
    "checks",  # photos and signals that were checked: of what kind, how it stands and when in the open, the rest sealed
    metadata,
    Column("check_id", _ID, primary_key=True),
    _person(),
    Column("check_mark", LargeBinary, nullable=False),  # kind, spot and content: the same again is found; free again once it was withdrawn
    Column("kind", _CODE, nullable=False),
    Column("state", _CODE, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("sealed_check", LargeBinary, nullable=False),
    Index("checks_by_mark", "person_id", "check_mark", unique=True),
    Index("checks_by_time", "person_id", "at"),
    Index("checks_by_state", "state", "at"),
)

check_media = Table(
    "check_media",  # what was checked, and its second picture: apart, since no list needs them
    metadata,
    Column("check_id", _ID, ForeignKey("checks.check_id", ondelete="CASCADE"), primary_key=True),
    _person(),
    Column("sealed_content", LargeBinary, nullable=False),
    Column("sealed_overlay", LargeBinary, nullable=False),
    Index("check_media_by_person", "person_id"),
)

spots = Table(
    "spots",  # places of a body that are photographed again and again
    metadata,
    Column("spot_id", _ID, primary_key=True),
    _person(),
    Column("sealed_spot", LargeBinary, nullable=False),
    Index("spots_by_person", "person_id"),
)

model_switches = Table(
    "model_switches",  # which models of checks an administrator switched on or off; sealed, so that nobody else can
    metadata,
    Column("name", _CODE, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("sealed_switch", LargeBinary, nullable=False),
)

papers = Table(
    "papers",  # what the care team works with: alerts, letters, tasks, visits, threads; of what kind, how it stands and when in the open, the rest sealed
    metadata,
    Column("paper_id", _ID, primary_key=True),
    _person(),
    Column("kind", _CODE, nullable=False),
    Column("paper_mark", LargeBinary, nullable=False),  # kind and key
    Column("parent_mark", LargeBinary, nullable=False),  # key of what it belongs to
    Column("state", _CODE, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("next_at", BigInteger),  # when somebody has to look at it; none: never
    Column("edition", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),  # of the person, that it has taken into account
    Column("lease_until", BigInteger, nullable=False),
    Column("leased_by", _ID, nullable=False),
    Column("sealed_paper", LargeBinary, nullable=False),
    Index("papers_by_mark", "person_id", "paper_mark", unique=True),
    Index("papers_by_parent", "person_id", "parent_mark"),
    Index("papers_by_kind", "kind", "person_id", "state"),
    Index("papers_by_next", "kind", "next_at"),
)

house_documents = Table(
    "house_documents",  # documents of the house that are about nobody: who is on call, templates, ledgers
    metadata,
    Column("name", _CODE, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("sealed_document", LargeBinary, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", _ID, primary_key=True),
    Column("username_mark", LargeBinary, nullable=False, unique=True),
    Column("sealed_account", LargeBinary, nullable=False),
    Column("sealed_password", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("username_mark", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

panels = Table(
    "panels",
    metadata,
    Column("panel_id", _ID, primary_key=True),
    Column("sealed_panel", LargeBinary, nullable=False),
)

sessions = Table(
    "sessions",  # the id itself opens doors, so only its mark is kept
    metadata,
    Column("session_mark", LargeBinary, primary_key=True),
    Column("account_id", _ID, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Index("sessions_by_account", "account_id"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("ticket_mark", LargeBinary, primary_key=True),
    Column("sealed_session", LargeBinary, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("account_id", _ID, primary_key=True),
    Column("sealed_preferences", LargeBinary, nullable=False),
)

audit_lines = Table(
    "audit_lines",  # append-only, each digest holds the one before
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor_id", _ID, nullable=False),
    Column("role", _CODE, nullable=False),
    Column("action", _CODE, nullable=False),
    Column("subject_id", _ID, nullable=False),
    Column("purpose", _CODE, nullable=False),
    Column("what", String, nullable=False),
    Column("session", _CODE, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Index("audit_by_subject", "subject_id", "number"),
)

audit_subjects = Table(
    "audit_subjects",  # the people a line is about when it is about several, as in a list
    metadata,
    Column("subject_id", _ID, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Index("audit_subjects_by_number", "number"),
    sqlite_with_rowid=False,
)

audit_head = Table(
    "audit_head",  # the last line, so that lines cut off the end are missed
    metadata,
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)

PERSONAL = (
    papers, check_media, checks, spots, deliveries, reminders, doses, plan_heads, requests, feeds, ledger_chunks, imports, record_sources, originals, records, series_chunks, streams, series_facts, import_marks, device_tokens,
    seen_keys, patient_refs, sources, persons,
)  # fmt: skip
"""Tables with rows of one person, in an order in which those rows can be deleted."""

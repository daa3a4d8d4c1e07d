"""This is the place where the command line is described: every command with its options and its help."""

from __future__ import annotations

from argparse import SUPPRESS, Action, ArgumentParser, Namespace, RawDescriptionHelpFormatter, _SubParsersAction
from pathlib import Path

from core.commands.later import Later
from core.kiosk.terms import Measure

accounts = Later("accounts")
adherence = Later("adherence")
advice = Later("advice")
alerts = Later("alerts")
alert_desks = Later("alert_desks")
check_labels = Later("check_labels")
keeping = Later("keeping")
kiosk_edge = Later("kiosk_edge")
kiosks = Later("kiosks")
medicine_checks = Later("medicine_checks")
connects = Later("connects")
devices = Later("devices")
missing = Later("missing")
model_repository = Later("model_repository")
monitoring = Later("monitoring")
panel_report = Later("panel_report")
options = Later("options")
photo_checks = Later("photo_checks")
records = Later("records")
risk = Later("risk")
schedule = Later("schedule")
series = Later("series")
serving = Later("serving")
signal_checks = Later("signal_checks")
worklist = Later("worklist")

_Commands = _SubParsersAction  # argparse has no public name for it

_IMPORT = """\
Bring files in: FHIR (a Bundle of any type, one resource, an array, NDJSON, .gz and .zip of these), and what devices and apps
export (docs/SOURCES.md lists them). What a file is, is told by its content.

Each file of records is kept whole or not at all, and one that cannot be read does not stop the others. A device's file is kept
step by step: stopped, the same command goes on where it stopped. The NDJSON files of one folder are
read together, as a bulk export comes in several; files with Patients are read before files without. A folder is searched for
.json .ndjson .jsonl .gz .zip .xml .fhir, also below it.

Whose record it is: with --person, this person's, and everything of other people is refused. Without, each Patient is the person
it was before, else one with the same identifier and birth date, else a new person; with --new, always a new person unless the
very same Patient of the same origin is known. A device's file names nobody as a rule: it is for the --person given, else for the person
of the same bytes before, else a new one. Where it holds several people, --subject says which of them the person is.
"""

_RISK = """\
Apply a published equation or score.

--in: a table (comma, semicolon or tab) with a heading. Columns are named as --list says; capitals, spaces and hyphens do not count. Flags are 1/0,
true/false or yes/no; sex is male or female; a column NAME_unit holds each row's unit of the column NAME. An empty cell, or NA, is not known.
--out: the same columns, one more for each outcome (full precision, a chance as a fraction of 1), and `declined` with the reasons of a row that has
no answer. Nothing is filled in, and nothing is cut to fit.

A row may choose its model itself: prevent (columns model and horizon), kfre (model and years), ckdepi (equation), score2_family (model).
"""


_SAFETY = """\
Check the medicines that are taken now, offline: what influences one another, what is taken twice, allergies and what is like them, kidneys, pregnancy
and age, genes. It needs no store.

What it says: "checked" where nothing was left out; "partly" where anything could not be checked (a medicine that isn't known, no kidney value), each with
its reason; "unavailable" where a table of rules is missing or damaged. Severity: 1 info, 2 caution, 3 serious, 4 contraindicated. The exit
status is 0 also where something was found, and 1 where the file can't be read.
"""


_REPOSITORY = """\
Write the shipped models of photos and signals as the model repository of an NVIDIA Triton server (deploy/README.md says how to start one).

A model that is new gets the next version number; the two newest are loaded, so that an app which was not renewed yet is still answered. Each file is verified
against its card before it is written.
"""


_SCHEDULE = """\
Say when a dosage is due. Named times keep the wall clock over changes of the clock; a spacing such as every 8 hours keeps its hours.

Where nothing says when it begins, it counts from --from. What can't be told without doubt is a question (then nothing is planned); what is taken
when needed has limits and no times. docs/MEDICINES.md says what is understood.
"""


_SIGNAL = """\
Check recordings of a pulse waveform (photoplethysmogram) for an irregular rhythm. A hint for a clinician, made by a research model: it says "possibly
irregular, needs an ECG", "no irregularity seen", or why it says nothing. It needs no store.

FILE: an NPZ, NPY, CSV or JSON file, a folder of these, or a pattern in quotes. NPZ and JSON: `ppg` (one trace, or one row for each segment) and `rate` in
Hz; rows of 1000 numbers without a rate are ten seconds at 100 Hz. CSV: time and value, or values alone with --rate. Each ten seconds get an answer; ten
seconds with a gap are left out and counted. docs/models/RHYTHM.md says how good it is.

--labels: a table with file, label, perhaps segment (from 0) and person: af or another rhythm's name, or 1 and 0. Then sensitivity, specificity and AUROC are
given too, with 95 % intervals that draw people (or files) again.

A file that cannot be read says so in its place, the others go on, and the exit status is 1.
"""


_PHOTO = """\
Check photos of a skin spot or a wound. A hint for a clinician, never a diagnosis: "show it to a clinician soon", "keep watching", the size of a wound, or
why nothing is said. It needs no store, and nothing leaves this machine unless --runner names a server.

FILE: JPEG, PNG or WEBP, a folder of these, or a pattern in quotes. For each: whether it is good enough (with reasons), how far it is from what the model
knows (a multiple of the limit; above 1 nothing is said), probabilities, the decision or why there is none, and which model said so. docs/models says
how good they are.

--labels: a table with file, label, perhaps person. Skin: a class (ACK BCC MEL NEV SCC SEK), or 1 and 0 for "show it soon". Wound: wound or none. Then
sensitivity, specificity and AUROC of what was answered are given, with 95 % intervals that draw people (or files) again, and how many were declined.

--age, --place, --skin-type and --symptom are about every photo of this call. A file that cannot be read says so in its place, the others go on, and the exit
status is 1.
"""


_PANEL = """\
The figures of a panel: who is in it, how many are within target, medicines, groups of people who are alike and how far these can be trusted, gaps between groups,
what is asked and how long it waits, and the work to expect against the staff hours that were entered (docs/PANEL.md).

--outside: for whoever is not of the team. Only counts, with noise (differential privacy). Each release spends --epsilon of a budget for the quarter and is kept:
the same question again has the same answer and spends nothing. When the budget is spent, nothing more leaves.
"""


_EDGE = """\
What one person says and measures is in this process's memory until it is sealed to the server's public key (HPKE); sealed it waits in --home until there is a receipt.
Nothing else is kept: no record, no name, no log of what was said. docs/KIOSK.md says how to set a kiosk up and what can't be promised.
"""


_LABELS = """\
Write the photos that clinicians decided, with what they said they are, as a folder that training reads beside its own data:
python -m models.training.skin --data DIR --reviewed DIR.

People, photos and spots get new names that are made for this export and lead back to nobody. Left out, and counted: what nobody has decided, what was taken
back, what a clinician called unusable, what has no label or one the model doesn't know. Each photo leaves a line in its person's log.
"""


_ALERTS = """\
Play one person's readings through the rules of alerts: what would have been raised, when, on what evidence, by which rule, and who would have been told.
It needs no store, and says nothing about anybody's treatment.

FILE: a table (comma, semicolon or tab) with the columns time, signal, value, unit, perhaps who and why, in any order of rows. time: ISO 8601; without an offset
it is the clock of --zone (default: UTC); a day alone is its noon. signal: a key of the table of signals, such as weight, sbp, dbp, hr, spo2, glucose. Rows
about what people did: signal ack, act or resolve (unit: the alert's family or signal, nothing for all), snooze (value: hours; unit: high or low, or high:weight),
undelivered (unit: who wasn't reached). docs/ALERTS.md says the rest.

--rules: limits set anew, rules switched off, and rules of your own, as JSON. A row that is not understood is listed with its line and what it needs.
"""


def arguments() -> ArgumentParser:
    """The parser of `healthboard`."""
    parser = ArgumentParser(prog="healthboard", description="Keep and show health records. HEALTHBOARD_HOME is the data folder.")
    parser.add_argument("--json", action="store_true", help="print one JSON document on stdout, all else on stderr")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    _about_records(commands)
    _about_the_worklist(commands)
    _about_risk(commands)
    _about_schedules(commands)
    _about_safety(commands)
    _about_alerts(commands)
    _about_on_call(commands)
    _about_photos(commands)
    _about_signals(commands)
    _about_labels(commands)
    _about_servers(commands)
    _about_the_edge(commands)
    _about_kiosks(commands)
    _about_devices(commands)
    _about_model_servers(commands)
    _about_the_store(commands)
    _about_accounts(commands)
    return parser


def _command(commands: _Commands, name: str, about: str, description: str = "") -> ArgumentParser:
    parser: ArgumentParser = commands.add_parser(
        name, help=about, description=description or about[0].upper() + about[1:] + ".", formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", default=SUPPRESS, help="print one JSON document on stdout")
    return parser


def _about_records(commands: _Commands) -> None:
    bring = _command(commands, "import", "bring files and folders in", _IMPORT)
    bring.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    _whose(bring)
    bring.add_argument("--subject", default="", metavar="NAME", help="who the person is in a file that holds several people")
    bring.add_argument("--source", default="", metavar="NAME", help="what the source is called (default: the file's name)")
    bring.set_defaults(command=records.import_paths, needs="store")

    listing = _command(commands, "people", "list who is kept here")
    listing.set_defaults(command=records.list_people, needs="store")

    show = _command(commands, "show", "show what is on record about a person, value by value")
    _person(show)
    show.add_argument("--kind", default="", metavar="KIND", help="only this resource type, such as Observation")
    show.add_argument("--all", action="store_true", help="also what was superseded or retracted, and what is only kept")
    show.set_defaults(command=records.show, needs="store")

    columns = _command(commands, "series", "one signal as columns: time, value, count, min, max, source")
    _person(columns)
    columns.add_argument("--signal", required=True, metavar="KEY", help="a key of the table of signals, such as steps or hr")
    columns.add_argument("--from", dest="first", metavar="DAY", help="the first local day, YYYY-MM-DD (default: all)")
    columns.add_argument("--to", dest="last", metavar="DAY", help="the last local day, included")
    columns.add_argument("--every", choices=("raw", "1h", "1d", "1w", "1mo"), default="1d", help="how it is put together (default: 1d)")
    columns.set_defaults(command=series.show, needs="store")

    month = _command(commands, "monitoring", "remote monitoring of a month: days with data, minutes, and the codes of 2026 they come to")
    month.add_argument("--person", required=True, metavar="ID")
    month.add_argument("--month", required=True, metavar="YYYY-MM")
    month.set_defaults(command=monitoring.show, needs="store")
    why = _command(commands, "missing", "why is there nothing? One line for each day of a signal, with the reason")
    _person(why)
    why.add_argument("--signal", required=True, metavar="KEY", help="a key of the table of signals, such as sleep or hr")
    why.add_argument("--from", dest="first", metavar="DAY", help="the first local day, YYYY-MM-DD (default: four weeks)")
    why.add_argument("--to", dest="last", metavar="DAY", help="the last local day, included (default: today)")
    why.add_argument("--language", default="en", metavar="CODE", help="words of the sentence: en or zh_Hans")
    why.set_defaults(command=missing.show, needs="store")

    zone = _command(commands, "zone", "say in which time zone a person lives, for data without one")
    _person(zone)
    zone.add_argument("--set", dest="zone", metavar="NAME", help="such as Europe/Berlin; without it the zone is shown")
    zone.set_defaults(command=series.zone, needs="store")

    out = _command(commands, "export", "write a record to a file: .json (FHIR R4 Bundle), .csv or .pdf")
    _person(out)
    out.add_argument("--out", required=True, type=Path, metavar="FILE")
    out.add_argument("--language", default="en", metavar="CODE", help="words of the table and the summary: en or zh_Hans")
    out.set_defaults(command=records.export_person, needs="store")


def _about_the_worklist(commands: _Commands) -> None:
    listed = _command(commands, "worklist", "who needs somebody next, and why: everybody on record once, in clinical order")
    listed.add_argument("--at", metavar="WHEN", help="as of this instant, such as 2026-11-21T09:00:00Z (default: now)")
    listed.add_argument("--panel", default="", metavar="ID", help="only the people of this panel")
    listed.set_defaults(command=worklist.show, needs="store")

    panel = _command(commands, "panel-report", "how a panel is as a whole, and what work it will be", _PANEL)
    panel.add_argument("--panel", default="", metavar="ID", help="only the people of this panel (default: everybody)")
    panel.add_argument("--at", metavar="WHEN", help="as of this instant, such as 2026-11-21T09:00:00Z (default: now)")
    panel.add_argument("--outside", action="store_true", help="only counts with noise, for whoever is outside the team")
    panel.add_argument("--epsilon", type=float, default=1.0, metavar="E", help="with --outside: what the release may spend (default: 1)")
    panel.set_defaults(command=panel_report.show, needs="store")


def _about_risk(commands: _Commands) -> None:
    asked = _command(commands, "risk", "apply a published equation or score to a table of people or to a person on record", _RISK)
    asked.add_argument("equation", nargs="?", metavar="EQUATION", help="as --list names it")
    asked.add_argument("--list", action="store_true", help="the equations, with their columns, units, limits, outcomes and sources")
    asked.add_argument("--in", dest="table", type=Path, metavar="FILE", help="a table with a heading (- reads standard input)")
    asked.add_argument("--out", type=Path, metavar="FILE", help="where the answers go (- writes to standard output)")
    asked.add_argument("--person", action=_OfAPerson, metavar="ID", help="a person on record, as `people` lists it")
    asked.add_argument("--as-of", dest="as_of", metavar="DAY", help="with --person: as the record stood at the end of this day, YYYY-MM-DD")
    asked.add_argument("--region", default="", metavar="CODE", help="with --person: in place of the region that was chosen, such as us or europe_moderate")
    asked.set_defaults(command=risk.on_file, needs="nothing", usage=asked.error)


class _OfAPerson(Action):
    """Only what is about a person on record opens the store."""

    def __call__(self, parser: ArgumentParser, namespace: Namespace, values: object, option_string: str | None = None) -> None:
        namespace.person, namespace.command, namespace.needs = values, risk.on_person, "store"


def _about_schedules(commands: _Commands) -> None:
    planned = _command(commands, "schedule", "when a dosage is due: instants, or what has to be asked first", _SCHEDULE)
    planned.add_argument("--dosage", required=True, type=Path, metavar="FILE", help="a FHIR Dosage, a list of them, a MedicationRequest or -Statement (- reads standard input)")
    planned.add_argument("--zone", required=True, metavar="NAME", help="where the person is, such as Europe/Berlin")
    planned.add_argument("--from", dest="start", required=True, metavar="WHEN", help="a local day (from its midnight) or an instant, ISO 8601")
    planned.add_argument("--days", type=int, default=2, metavar="N", help="how many local days (default: 2)")
    planned.add_argument("--habits", default="", metavar="HOURS", help="the person's own hours: wake=07:00,breakfast=07:30,lunch=12:00,dinner=18:30,sleep=22:00")
    planned.set_defaults(command=schedule.schedule, needs="nothing")

    advised = _command(commands, "advise", "what is worth doing for a person: cards with rule, facts and source, what is missing, what is not for them")
    whom = advised.add_mutually_exclusive_group(required=True)
    whom.add_argument("--person", metavar="ID", help="as `people` lists it")
    whom.add_argument("--ranking", action="store_true", help="instead: what other orders of the cards would have come to, over everybody, with intervals")
    advised.add_argument("--at", metavar="WHEN", help="as if it were this moment, ISO 8601 (default: now)")
    advised.add_argument("--language", default="en", metavar="CODE", help="words of the sentences: en or zh_Hans")
    advised.add_argument("--feedback", action="store_true", help="instead: what clinicians of connected systems said to the cards they were shown")
    advised.set_defaults(command=advice.show, needs="store")

    joined = _command(commands, "connects", "how what is known of a person hangs together: things, rules and relations, each with source, year and status")
    _person(joined)
    joined.add_argument("--language", default="en", metavar="CODE", help="words of the sentences: en or zh_Hans")
    joined.set_defaults(command=connects.show, needs="store")

    possible = _command(commands, "options", "treatment options to confirm: why possible, what speaks against each, what is missing; never orders")
    _person(possible)
    possible.add_argument("--language", default="en", metavar="CODE", help="words of the sentences: en or zh_Hans")
    possible.set_defaults(command=options.show, needs="store")

    logged = _command(commands, "adherence", "what was taken in recent weeks, by day and by medicine, and the days that supplies covered")
    _person(logged)
    logged.add_argument("--weeks", type=int, default=5, metavar="N", help="how many weeks, this one included (default: 5)")
    logged.add_argument("--as-of", metavar="DAY", help="as if it were the end of this local day, YYYY-MM-DD (default: now)")
    logged.set_defaults(command=adherence.show, needs="store")


def _about_safety(commands: _Commands) -> None:
    safe = _command(commands, "check-medicines", "check the medicines in a file: interactions, duplicates, allergies, kidneys, genes", _SAFETY)
    safe.add_argument("bundle", type=Path, metavar="FILE", help="a Bundle, one resource, an array or NDJSON of FHIR records of one person")
    safe.add_argument("--subject", default="", metavar="ID", help="whose medicines, in a file that holds several people")
    safe.add_argument("--as-of", dest="day", metavar="DAY", help="as if it were the end of this day, YYYY-MM-DD (default: now)")
    safe.add_argument("--language", default="en", metavar="CODE", help="words of the sentences: en or zh_Hans")
    safe.add_argument("--tables", type=Path, metavar="FOLDER", help="other tables than those that ship (a folder with a manifest.json)")
    safe.set_defaults(command=medicine_checks.show, needs="nothing")


def _about_alerts(commands: _Commands) -> None:
    group = _command(commands, "alerts", "what alerts are open, and try their rules on readings of your own")
    inner = group.add_subparsers(metavar="list|ack|replay", required=True)
    listed = _command(inner, "list", "open alerts: evidence, who was told by which way, and what comes next")
    listed.add_argument("--person", default="", metavar="ID", help="one person's, with what became of each letter (default: everybody's)")
    listed.set_defaults(command=alert_desks.show, needs="store")
    taken = _command(inner, "ack", "take an alert in somebody's name: the chain stops, for a time")
    taken.add_argument("alert", metavar="ID", help="PERSON/ALERT, as the list says it")
    taken.add_argument("--by", required=True, metavar="NAME", help="who takes it")
    taken.add_argument("--why", required=True, metavar="TEXT", help="what they do about it")
    taken.set_defaults(command=alert_desks.acknowledge, needs="store")
    played = _command(inner, "replay", "what alerts a person's readings would have raised, with their states over time", _ALERTS)
    played.add_argument("table", type=Path, metavar="FILE", help="a table with time, signal, value, unit (- reads standard input)")
    played.add_argument("--rules", type=Path, metavar="FILE", help="a team's own limits and rules, as JSON")
    played.add_argument("--zone", metavar="NAME", help="where the person is, such as Europe/Berlin (default: UTC)")
    played.add_argument("--until", metavar="WHEN", help="let the clock go on until then (default: the last row)")
    played.set_defaults(command=alerts.replay_file, needs="nothing")


def _about_on_call(commands: _Commands) -> None:
    group = _command(commands, "on-call", "who is told last where nobody acts on an alert")
    inner = group.add_subparsers(metavar="show|set", required=True)
    _command(inner, "show", "who is on call now, and where nobody is in the next seven days").set_defaults(command=alert_desks.who_is_on_call, needs="store")
    given = _command(inner, "set", "put a list in the place of a panel's; without --shift it is removed")
    given.add_argument("panel", metavar="PANEL", help='the panel\'s id ("": the list for all panels that have none of their own)')
    given.add_argument("--zone", default="UTC", metavar="NAME", help="by whose clock, such as Europe/Berlin (default: UTC)")
    given.add_argument("--shift", action="append", metavar="TEXT", help='"mon,tue 08:00-20:00 name,name": days (or daily), hours, user names in the order they are told')
    given.set_defaults(command=alert_desks.set_on_call, needs="store")


def _about_photos(commands: _Commands) -> None:
    photo = _command(commands, "check-photo", "check photos of a skin spot or a wound", _PHOTO)
    photo.add_argument("paths", nargs="*", metavar="FILE", help="files, folders, patterns")
    photo.add_argument("--kind", required=True, choices=("skin", "wound"), help="what is checked")
    photo.add_argument("--runner", nargs="+", default=["edge"], metavar="edge|server URL", help="where the model runs (default: edge, on this machine)")
    photo.add_argument("--plain-http", action="store_true", help="allow a server without TLS that is not on this machine")
    photo.add_argument("--labels", type=Path, metavar="F.csv", help="what is on the photos: file,label,person")
    photo.add_argument("--masks", type=Path, metavar="DIR", help="wound: write what was taken for wound there, white on black")
    photo.add_argument("--coin", default="", choices=("", "eur_1", "usd_quarter", "cny_1_1999", "cny_1_2019"), help="wound: the coin that lies beside it")
    photo.add_argument("--age", type=int, metavar="YEARS", help="completed years")
    photo.add_argument("--place", default="", metavar="PLACE", help="where the spot is: face, scalp, ear, nose, lip, neck, chest, abdomen, back, arm, forearm ...")
    photo.add_argument("--skin-type", type=int, choices=range(1, 7), metavar="1-6", help="Fitzpatrick skin type")
    photo.add_argument("--symptom", action="append", metavar="NAME", help="itch, grew, hurt, changed, bleed or elevation (NAME=no: it doesn't)")
    photo.set_defaults(command=photo_checks.show, needs="nothing")


def _about_signals(commands: _Commands) -> None:
    pulse = _command(commands, "check-signal", "check recordings of a pulse waveform for an irregular rhythm", _SIGNAL)
    pulse.add_argument("paths", nargs="*", metavar="FILE", help="files, folders, patterns")
    pulse.add_argument("--kind", required=True, choices=("rhythm",), help="what is checked")
    pulse.add_argument("--rate", type=float, metavar="HZ", help="samples a second, where a file doesn't say")
    pulse.add_argument("--runner", nargs="+", default=["edge"], metavar="edge|server URL", help="where the model runs (default: edge, on this machine)")
    pulse.add_argument("--plain-http", action="store_true", help="allow a server without TLS that is not on this machine")
    pulse.add_argument("--labels", type=Path, metavar="F.csv", help="what the segments are: file,segment,label,person")
    pulse.set_defaults(command=signal_checks.show, needs="nothing")


def _about_labels(commands: _Commands) -> None:
    labels = _command(commands, "check-labels", "write photos that clinicians decided as a folder to train with", _LABELS)
    labels.add_argument("--out", required=True, type=Path, metavar="DIR", help="a folder that is empty or not there")
    labels.add_argument("--kind", choices=("skin",), default="skin", help="what was checked (default: skin)")
    labels.set_defaults(command=check_labels.show, needs="store")


def _about_the_edge(commands: _Commands) -> None:
    edge = _command(commands, "kiosk", "be a kiosk: serve its pages to the browser of this machine, and send what is collected to a server", _EDGE)
    edge.add_argument("--server", required=True, metavar="URL", help="the address of the clinic's Healthboard (https)")
    edge.add_argument("--key-file", required=True, type=Path, metavar="FILE", help="the key that was shown when the kiosk was added (mode 0600)")
    edge.add_argument("--home", required=True, type=Path, metavar="DIR", help="where sealed visits wait to be sent")
    edge.add_argument("--port", type=int, default=8601, metavar="N", help="of this machine alone (default: 8601)")
    edge.add_argument("--authority", type=Path, metavar="FILE", help="certificates to trust in place of the system's (PEM)")
    edge.add_argument("--country", default="", metavar="CC", help="whose emergency numbers are shown (ISO 3166, such as GB)")
    edge.add_argument("--device", action="append", metavar="ADDRESS", help="a Bluetooth device of this kiosk; may be repeated (default: whichever answers beside it)")
    edge.add_argument("--device-user", type=int, metavar="N", help="which of the users that the kiosk's devices tell apart is the kiosk's")
    edge.add_argument("--check", action="store_true", help="don't serve: reach the server once, send what waits, say how the kiosk stands")
    edge.add_argument("--again", action="store_true", help="as --check, and put what the server refused back into the queue before")
    edge.set_defaults(command=kiosk_edge.start, needs="nothing")


def _about_devices(commands: _Commands) -> None:
    known = _command(commands, "devices", "the Bluetooth devices beside this machine: which answer, and one measurement as a kiosk takes it (docs/DEVICES.md)")
    inner = known.add_subparsers(metavar="scan|read", required=True)
    kinds = tuple(one.value for one in Measure)
    scan = _command(inner, "scan", "list what answers and can measure")
    scan.add_argument("--kind", choices=kinds, help="only what can measure this (default: anything we read)")
    scan.add_argument("--seconds", type=float, default=8.0, metavar="N", help="how long to look (default: 8)")
    scan.set_defaults(command=devices.scan, needs="nothing")
    read = _command(inner, "read", "wait for one measurement that is made from now on; nothing is stored")
    read.add_argument("--kind", required=True, choices=kinds, help="what is measured")
    read.add_argument("--device", action="append", metavar="ADDRESS", help="only this device; may be repeated (default: the one that answers)")
    read.add_argument("--device-user", type=int, metavar="N", help="only what is of this user of the device")
    read.add_argument("--seconds", type=float, default=180.0, metavar="N", help="how long to wait (default: 180)")
    read.set_defaults(command=devices.read, needs="nothing")


def _about_kiosks(commands: _Commands) -> None:
    known = _command(commands, "kiosks", "add, list and revoke the kiosks that may send visits here")
    inner = known.add_subparsers(metavar="add|list|revoke", required=True)
    add = _command(inner, "add", "let one more kiosk in; its key is printed once")
    add.add_argument("name", help="what people at the clinic call it")
    add.add_argument("--place", default="", metavar="TEXT", help="where it stands")
    add.set_defaults(command=kiosks.add, needs="store")
    every = _command(inner, "list", "list the kiosks: when each was heard from last, what waits on it")
    every.set_defaults(command=kiosks.show, needs="store")
    revoke = _command(inner, "revoke", "let a kiosk's key open nothing from now on")
    revoke.add_argument("kiosk", metavar="ID", help="as `kiosks list` prints it")
    revoke.set_defaults(command=kiosks.revoke, needs="store")


def _about_model_servers(commands: _Commands) -> None:
    out = _command(commands, "export-models", "write the models of photos and signals for a model server (NVIDIA Triton); again: what is new", _REPOSITORY)
    out.add_argument("--out", required=True, type=Path, metavar="DIR", help="the model repository, made where it is missing")
    out.add_argument("--on", choices=("auto", "gpu", "cpu"), default="auto", help="where the server runs them (default: GPUs where it finds any)")
    out.add_argument("--kind", action="append", choices=("skin", "wound", "rhythm"), help="only this model; may be repeated (default: all that ship)")
    out.set_defaults(command=model_repository.export, needs="nothing")


def _about_servers(commands: _Commands) -> None:
    pull = _command(commands, "pull", "bring a patient in from a FHIR server; again: what is new since")
    pull.add_argument("--server", required=True, metavar="URL", help="the server's base address")
    pull.add_argument("--patient", required=True, metavar="ID", help="the patient's id on that server")
    pull.add_argument("--token-file", type=Path, metavar="FILE", help="a file that holds a bearer token (- reads standard input)")
    _whose(pull)
    pull.add_argument("--source", default="", metavar="NAME", help="what the source is called (default: the server's address)")
    pull.add_argument("--full", action="store_true", help="everything again, not only what is new")
    pull.set_defaults(command=records.pull, needs="store")

    serve = _command(commands, "serve", "serve the pages")
    serve.add_argument("--host", metavar="NAME", help="the address to listen on (default: this machine only)")
    serve.add_argument("--port", type=int, metavar="N")
    serve.add_argument("--demo", action="store_true", help="with synthetic people and sign-ins without passwords")
    serve.add_argument("--open", action="store_true", help="open a browser")
    serve.add_argument("--worker", action="store_true", help="also plan doses and send reminders (a worker that ends with the server)")
    serve.set_defaults(command=serving.serve, needs="settings")

    working = _command(commands, "worker", "plan doses, send reminders and take in what devices publish by MQTT, until stopped")
    working.set_defaults(command=serving.work, needs="settings")

    filled = _command(commands, "demo", "put synthetic people and demo sign-ins into an empty store")
    filled.set_defaults(command=serving.fill_demo, needs="store")

    made = _command(commands, "samples", "write the synthetic people to a folder as FHIR files")
    made.add_argument("--out", type=Path, default=Path("fhir_samples"), metavar="FOLDER")
    made.add_argument("--people", type=int, metavar="N", help="a cohort of N people as NDJSON instead of the told lives")
    made.add_argument("--seed", type=int, default=None)
    made.set_defaults(command=serving.samples, needs="nothing")


def _about_the_store(commands: _Commands) -> None:
    audit = _command(commands, "audit", "check the audit trail")
    inner = audit.add_subparsers(metavar="verify", required=True)
    checked = _command(inner, "verify", "walk the hash chain of the audit trail")
    checked.set_defaults(command=keeping.audit_verify, needs="store")

    backup = _command(commands, "backup", "write a copy of the store, encrypted as it is")
    backup.add_argument("--out", required=True, type=Path, metavar="FILE")
    backup.add_argument("--force", action="store_true", help="write over a file that exists")
    backup.set_defaults(command=keeping.backup, needs="store")

    restore = _command(commands, "restore", "put a backup in the place of an empty store; the key must be the backup's")
    restore.add_argument("--from", dest="backup", required=True, type=Path, metavar="FILE")
    restore.set_defaults(command=keeping.restore, needs="settings")

    verify = _command(commands, "verify", "open everything in the store once, and walk the audit trail")
    verify.set_defaults(command=keeping.verify, needs="store")

    erase = _command(commands, "erase-person", "delete a person's key and record for good")
    _person(erase)
    erase.add_argument("--yes", action="store_true", help="yes, for good")
    erase.set_defaults(command=keeping.erase_person, needs="store")


def _about_accounts(commands: _Commands) -> None:
    account = _command(commands, "account", "make and list sign-ins")
    inner = account.add_subparsers(metavar="add|list", required=True)
    add = _command(inner, "add", "make a sign-in; the password is asked for, or read from standard input")
    add.add_argument("username")
    add.add_argument("--role", required=True, choices=("patient", "caregiver", "coordinator", "administrator", "kiosk"))
    add.add_argument("--name", default="", metavar="NAME", help="how the person is called on screens")
    add.add_argument("--person", action="append", metavar="ID", help="whose record (a caregiver: several times)")
    add.add_argument("--panel", action="append", metavar="ID", help="a coordinator's panel")
    add.set_defaults(command=accounts.add, needs="store")
    known = _command(inner, "list", "list the sign-ins")
    known.set_defaults(command=accounts.show, needs="store")


def _person(parser: ArgumentParser) -> None:
    parser.add_argument("--person", required=True, metavar="ID", help="as `people` lists it")


def _whose(parser: ArgumentParser) -> None:
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--person", metavar="ID", help="into this person's record; other people's records are refused")
    whose.add_argument("--new", action="store_true", help="for a new person, whatever the identifiers say")

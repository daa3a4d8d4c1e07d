"""This is the place where a stranger, ended sessions and every role are sent through every use case there is.

The table says who may, written down apart from the code's own table. A use case that isn't in it fails the first test.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

import core.care
from core.care import (
    active,
    adherence,
    admin,
    advice,
    advice_order,
    advice_urgent,
    alert_limits,
    alerting,
    alerts,
    cds,
    check_labels,
    check_models,
    connects,
    contacts,
    device_lines,
    devices,
    dose_plan,
    doses,
    emergency,
    export,
    feeds,
    findings,
    freshness,
    glucose_day,
    home_readings,
    hours,
    kiosk,
    kiosk_again,
    kiosk_clinic,
    kiosk_codes,
    kiosk_desk,
    kiosk_registry,
    kiosk_unmatched,
    lately,
    log,
    manual,
    medicine_answers,
    medicine_book,
    medicine_cards,
    medicine_checks,
    missing,
    monitoring,
    nights,
    notes,
    offers,
    on_call,
    options,
    overview,
    panel_outside,
    panel_report,
    parcels,
    people,
    photo_checks,
    photo_use,
    pictures,
    posting,
    pulls,
    questionnaires,
    reconciliation,
    records,
    reminder_book,
    reminders,
    reminding,
    requests,
    resting,
    reviews,
    risks,
    risks_drawer,
    series,
    series_choices,
    sessions,
    settings_of,
    signal_checks,
    sources,
    task_letters,
    tasks,
    thread_acts,
    thread_desk,
    thread_files,
    thread_hours,
    thread_templates,
    threads,
    today,
    trained,
    trends,
    upkeep,
    visit_calendar,
    visit_day,
    visit_letters,
    visit_prepare,
    visit_room,
    visits,
    worklist,
    worklist_marks,
    worklist_ready,
    worklist_sorting,
)  # fmt: skip
from core.care.access import COMMAND_LINE
from core.care.check_entries import Said, Sent
from core.care.desk_views import NewAccount, PanelQuery
from core.care.panel_views import PanelShelf
from core.care.picture_views import PictureQuery
from core.care.placing import Whose
from core.care.questionnaire_views import Filling
from core.care.task_views import NewTask
from core.care.thread_views import Draft, Given, InboxQuery, Template
from core.care.views import RecordQuery, TrendQuery
from core.care.worklist_views import Look, WorklistShelf, WorkQuery
from core.domain.checks import CheckKind, CheckState, Spot
from core.domain.doses import DoseState
from core.domain.people import Actor, Panel, Preferences, Role
from core.domain.records import PersonProfile
from core.domain.samples import Note
from core.errors import NotPermitted, SessionExpired
from core.medications import book_json
from core.medications.book import Answered, Book, Channel, Choices, Helper, Kind, Measuring, OwnMedicine, ReminderBook, Stock, Trip
from core.medications.reminder_json import DRAWER, written
from core.panel.capacity import Hours
from core.ports import ServerLogin, Upload
from core.questionnaires.instruments import BY_KEY
from core.rules import ShippedTables
from core.ui.words import words
from models.cards import ARTIFACTS
from models.edge import ShippedModel
from tests.care.given import NOW, bundle, clock, event, parcel, patient, signed_in
from tests.care.given_alerts import always, flag, gain
from tests.care.given_checks import PULSE, ToldModels, send, with_models
from tests.care.given_kiosk import damaged_desk, desk_call, kiosk_of, unmatched
from tests.care.given_threads import LONDON
from tests.care.given_visits import booked, later
from tests.care.house import House, build
from tests.channels.fake import KeptMessages

MODEL = ShippedModel(ARTIFACTS / "diabetes")
P, C, CO, A, K, S = Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.KIOSK, Role.SYSTEM
READERS, EVERYBODY = {P, C, CO, S}, {P, C, CO, A, K, S}
DAILY = ({"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}},)
SPOT = Spot("", "", CheckKind.SKIN, "nose", "front", 0.5, 0.2)
LOGIN = ServerLogin("https://server.example/fhir", "1")

Call = Callable[[House, Actor, str], Any]


def upload() -> Upload:
    return Upload("file.json", BytesIO(bundle(patient(family="Own", given="CANARY-OWN"))))


def say(key: str, **facts: object) -> str:
    return key


class Plain:
    """Words that are their keys."""

    def __call__(self, key: str, /, **facts: object) -> str:
        return key

    def day(self, when: object) -> str:
        return str(when)


ABOUT_A_PERSON: dict[str, tuple[set[Role], Call]] = {
    "freshness.revision": (READERS, lambda h, a, p: freshness.revision(h.ports, a, p)),
    "today.view": (READERS, lambda h, a, p: today.view(h.ports, a, p)),
    "records.shelf": (READERS, lambda h, a, p: records.shelf(h.ports, a, p)),
    "records.browse": (READERS, lambda h, a, p: records.browse(h.ports, a, p, RecordQuery())),
    "records.one": (READERS, lambda h, a, p: records.one(h.ports, a, p, h.record)),
    "records.original": (READERS, lambda h, a, p: records.original(h.ports, a, p, h.record)),
    "records.why_odd": (READERS, lambda h, a, p: records.why_odd(h.ports, a, p, h.record)),
    "trends.shelf": (READERS, lambda h, a, p: trends.shelf(h.ports, a, p)),
    "trends.view": (READERS, lambda h, a, p: trends.view(h.ports, a, p, TrendQuery())),
    "medicine_checks.checked": (READERS, lambda h, a, p: medicine_checks.checked(h.ports, a, p, ())),
    "medicine_book.preview": (READERS, lambda h, a, p: medicine_book.preview(h.ports, a, p, DAILY)),
    "medicine_book.set_hours": ({P, S}, lambda h, a, p: medicine_book.set_hours(h.ports, a, p, {"wake": time(6)})),
    "medicine_book.add_trip": ({P, S}, lambda h, a, p: medicine_book.add_trip(h.ports, a, p, Trip(date(2027, 1, 1), None, "Asia/Tokyo"))),
    "medicine_book.remove_trip": ({P, S}, lambda h, a, p: medicine_book.remove_trip(h.ports, a, p, date(2026, 1, 1))),
    "medicine_book.answer": ({P, S}, lambda h, a, p: medicine_book.answer(h.ports, a, p, "m1", Answered("digest", (), DAILY, "", h.ports.clock.now()))),
    "medicine_book.take_answer_back": ({P, S}, lambda h, a, p: medicine_book.take_answer_back(h.ports, a, p, "m1")),
    "medicine_book.add_own": ({P, S}, lambda h, a, p: medicine_book.add_own(h.ports, a, p, OwnMedicine("", "Vitamin D"))),
    "medicine_book.change_own": ({P, S}, lambda h, a, p: medicine_book.change_own(h.ports, a, p, OwnMedicine("own-1", "Vitamin D3"))),
    "medicine_book.end_own": ({P, S}, lambda h, a, p: medicine_book.end_own(h.ports, a, p, "own-1", date(2026, 12, 1))),
    "medicine_book.choose": ({P, S}, lambda h, a, p: medicine_book.choose(h.ports, a, p, "m1", Choices("yes"))),
    "medicine_book.count_stock": ({P, S}, lambda h, a, p: medicine_book.count_stock(h.ports, a, p, "m1", Stock(30, "tablets", h.ports.clock.now()))),
    "medicine_book.forget_stock": ({P, S}, lambda h, a, p: medicine_book.forget_stock(h.ports, a, p, "m1")),
    "medicine_book.choose_both": ({P, S}, lambda h, a, p: medicine_book.choose_both(h.ports, a, p, "metformin", ["m1", "m2"])),
    "medicine_book.start_over": ({P, S}, lambda h, a, p: medicine_book.start_over(h.ports, a, p)),
    "medicine_answers.options": (READERS, lambda h, a, p: medicine_answers.options(h.ports, a, p, "own-1")),
    "medicine_answers.choose": ({P, S}, lambda h, a, p: medicine_answers.choose(h.ports, a, p, "own-1", ["own-1"])),
    "medicine_answers.say_how": ({P, S}, lambda h, a, p: medicine_answers.say_how(h.ports, a, p, "own-1", DAILY)),
    "adherence.view": (READERS, lambda h, a, p: adherence.view(h.ports, a, p)),
    "requests.ask": ({P, S}, lambda h, a, p: requests.ask(h.ports, a, p, "question", requests.About("m2"))),
    "requests.withdraw": ({P, S}, lambda h, a, p: requests.withdraw(h.ports, a, p, _request(h))),
    "requests.answer": ({CO, S}, lambda h, a, p: requests.answer(h.ports, a, p, _request(h), "accepted")),
    "requests.seen": ({CO, S}, lambda h, a, p: requests.seen(h.ports, a, p, _request(h))),
    "threads.begin": ({P, C, CO, S}, lambda h, a, p: threads.begin(h.ports, a, p, _draft(a))),
    "threads.reply": ({P, C, CO, S}, lambda h, a, p: threads.reply(h.ports, a, p, _thread(h), _draft(a))),
    "threads.begin_from_template": ({CO, S}, lambda h, a, p: threads.begin_from_template(h.ports, a, p, "check_in", "token")),
    "threads.mark_read": (READERS, lambda h, a, p: threads.mark_read(h.ports, a, p, _thread(h), 1)),
    "threads.take_back": ({P, C, CO, S}, lambda h, a, p: threads.take_back(h.ports, a, p, *_own_message(h, a))),
    "thread_acts.close": (READERS, lambda h, a, p: thread_acts.close(h.ports, a, p, _thread(h))),
    "thread_acts.reopen": (READERS, lambda h, a, p: thread_acts.reopen(h.ports, a, p, _thread(h))),
    "thread_acts.no_answer": ({CO, S}, lambda h, a, p: thread_acts.no_answer(h.ports, a, p, _thread(h))),
    "thread_acts.handled": ({CO, S}, lambda h, a, p: thread_acts.handled(h.ports, a, p, _thread(h))),
    "thread_acts.interpreter": ({CO, S}, lambda h, a, p: thread_acts.interpreter(h.ports, a, p, _thread(h), True)),
    "thread_acts.assign": ({CO, S}, lambda h, a, p: thread_acts.assign(h.ports, a, p, _thread(h))),
    "thread_acts.team": ({CO, S}, lambda h, a, p: thread_acts.team(h.ports, a, p)),
    "thread_desk.opened": (READERS, lambda h, a, p: thread_desk.opened(h.ports, a, p, _thread(h))),
    "thread_desk.reachable": (READERS, lambda h, a, p: thread_desk.reachable(h.ports, a, p)),
    "thread_files.taken_in": (READERS, lambda h, a, p: thread_files.taken_in(h.ports, a, p, "m1", ())),
    "thread_files.readings": (READERS, lambda h, a, p: thread_files.readings(h.ports, a, p)),
    "thread_files.chosen": (READERS, lambda h, a, p: thread_files.chosen(h.ports, a, p, ())),
    "thread_files.opened": (READERS, lambda h, a, p: thread_files.opened(h.ports, a, p, _file(h))),
    "thread_templates.filled": ({CO, S}, lambda h, a, p: thread_templates.filled(h.ports, a, p, "check_in")),
    "requests.listed": (READERS, lambda h, a, p: requests.listed(h.ports, a, p)),
    "dose_plan.keep_up": (READERS, lambda h, a, p: dose_plan.keep_up(h.ports, a, p, clock(h.ports).now())),
    "dose_plan.plan": (READERS, lambda h, a, p: dose_plan.plan(h.ports, a, p)),
    "doses.day": (READERS, lambda h, a, p: doses.day(h.ports, a, p)),
    "doses.answer": ({P, S}, lambda h, a, p: doses.answer(h.ports, a, p, (_dose(h),), DoseState.TAKEN)),
    "doses.log_needed": ({P, S}, lambda h, a, p: doses.log_needed(h.ports, a, p, "own-2", anyway=True)),
    "doses.snooze": ({P, S}, lambda h, a, p: doses.snooze(h.ports, a, p, (_dose(h),), 30)),
    "medicine_cards.view": (READERS, lambda h, a, p: medicine_cards.view(h.ports, a, p)),
    "reconciliation.view": (READERS, lambda h, a, p: reconciliation.view(h.ports, a, p)),
    "sources.overview": (READERS, lambda h, a, p: sources.overview(h.ports, a, p)),
    "sources.ledgers": (READERS, lambda h, a, p: sources.ledgers(h.ports, a, p)),
    "sources.ledger_lines": (READERS, lambda h, a, p: sources.ledger_lines(h.ports, a, p, h.imported)),
    "sources.import_files": ({P, S}, lambda h, a, p: sources.import_files(h.ports, a, p, [upload()])),
    "sources.pull": ({P, S}, lambda h, a, p: sources.pull(h.ports, a, p, LOGIN)),
    "sources.remove": ({P, S}, lambda h, a, p: sources.remove(h.ports, a, p, h.source)),
    "parcels.import_parcels": ({P, S}, lambda h, a, p: parcels.import_parcels(h.ports, a, Whose(p), [parcel(bundle(patient()))])),
    "pulls.pull": ({P, S}, lambda h, a, p: pulls.pull(h.ports, a, Whose(p), LOGIN)),
    "pulls.pull_again": ({P, S}, lambda h, a, p: pulls.pull_again(h.ports, a, p, _server_source(h))),
    "export.csv": ({P, C, S}, lambda h, a, p: export.csv(h.ports, a, p, say)),
    "export.bundle": ({P, C, S}, lambda h, a, p: export.bundle(h.ports, a, p)),
    "emergency.help_now": (READERS, lambda h, a, p: emergency.help_now(h.ports, a, p, "en")),
    "emergency.card": (READERS, lambda h, a, p: emergency.card(h.ports, a, p, Plain(), "en")),
    "emergency.card_pdf": (READERS, lambda h, a, p: emergency.card_pdf(h.ports, a, p, Plain(), "en")),
    "export.summary_pdf": (READERS, lambda h, a, p: export.summary_pdf(h.ports, a, p, say, "en")),
    "log.who_looked": ({P, S}, lambda h, a, p: log.who_looked(h.ports, a, p)),
    "worklist.review": ({CO, S}, lambda h, a, p: worklist.review(h.ports, a, p, ("0" * 24,))),
    "tasks.make": ({CO, S}, lambda h, a, p: tasks.make(h.ports, a, p, NewTask("call", "", _now(h) + timedelta(days=1)))),
    "tasks.change": ({CO, S}, lambda h, a, p: tasks.change(h.ports, a, p, _task(h), tasks.Change("start"))),
    "tasks.of_person": ({CO, S}, lambda h, a, p: tasks.of_person(h.ports, a, p)),
    "worklist_sorting.assign": ({CO, S}, lambda h, a, p: worklist_sorting.assign(h.ports, a, p, "")),
    "worklist_sorting.tag": ({CO, S}, lambda h, a, p: worklist_sorting.tag(h.ports, a, p, ())),
    "worklist_sorting.choices": ({CO, S}, lambda h, a, p: worklist_sorting.choices(h.ports, a, p)),
    "worklist.undo": ({CO, S}, lambda h, a, p: worklist.undo(h.ports, a, p, _look(h))),
    "worklist.looks": ({CO, S}, lambda h, a, p: worklist.looks(h.ports, a, p)),
    "overview.view": ({CO, S}, lambda h, a, p: overview.view(h.ports, a, p)),
    "people.open_person": (READERS, lambda h, a, p: people.open_person(h.ports, a, p)),
    "offers.offers": (READERS, lambda h, a, p: offers.offers(h.ports, a, p, _shelf(h))),
    "pictures.picture": (READERS, lambda h, a, p: pictures.picture(h.ports, a, p, PictureQuery(("hr",)), _shelf(h))),
    "pictures.exportable": ({P, C, S}, lambda h, a, p: pictures.exportable(h.ports, a, p, PictureQuery(("hr",)), _shelf(h))),
    "pictures.taken": ({P, C, S}, lambda h, a, p: pictures.taken(h.ports, a, p, "nights")),
    "glucose_day.view": (READERS, lambda h, a, p: glucose_day.view(h.ports, a, p, _shelf(h))),
    "nights.view": (READERS, lambda h, a, p: nights.view(h.ports, a, p, _shelf(h), PictureQuery(("sleep_stage",)))),
    "hours.view": (READERS, lambda h, a, p: hours.view(h.ports, a, p, _shelf(h), PictureQuery(("hr",)))),
    "resting.view": (READERS, lambda h, a, p: resting.view(h.ports, a, p, _shelf(h))),
    "active.view": (READERS, lambda h, a, p: active.view(h.ports, a, p, _shelf(h), PictureQuery(("steps",)))),
    "home_readings.view": (READERS, lambda h, a, p: home_readings.view(h.ports, a, p, _shelf(h))),
    "findings.view": (READERS, lambda h, a, p: findings.view(h.ports, a, p, _shelf(h), PictureQuery(("ecg",)))),
    "notes.add": ({P, S}, lambda h, a, p: notes.add(h.ports, a, p, h.ports.clock.now(), Note("", 0, "Flu"))),
    "notes.remove": ({P, S}, lambda h, a, p: notes.remove(h.ports, a, p, _note(h))),
    "missing.calendar": (READERS, lambda h, a, p: missing.calendar(h.ports, a, p, "hr", date(2026, 11, 1), date(2026, 11, 7))),
    "series.table": (READERS, lambda h, a, p: series.table(h.ports, a, p, "hr", (None, None), "1d")),
    "series_choices.load": (READERS, lambda h, a, p: series_choices.load(h.ports, a, p)),
    "series_choices.set_zone": ({P, S}, lambda h, a, p: series_choices.set_zone(h.ports, a, p, "Asia/Kolkata")),
    "series_choices.set_order": ({P, S}, lambda h, a, p: series_choices.set_order(h.ports, a, p, "steps", ["Watch"])),
    "series_choices.switch": ({P, S}, lambda h, a, p: series_choices.switch(h.ports, a, p, "Watch", False)),
    "device_lines.overview": (READERS, lambda h, a, p: device_lines.overview(h.ports, a, p)),
    "lately.view": (READERS, lambda h, a, p: lately.view(h.ports, a, p)),
    "missing.calendars": (READERS, lambda h, a, p: missing.calendars(h.ports, a, p, ("steps",), (date(2026, 11, 1), date(2026, 11, 3)))),
    "reminders.view": (READERS, lambda h, a, p: reminders.view(h.ports, a, p)),
    "feeds.make": ({P, S}, lambda h, a, p: feeds.make(h.ports, a, p, "Phone")),
    "feeds.listed": (READERS, lambda h, a, p: feeds.listed(h.ports, a, p)),
    "feeds.revoke": ({P, S}, lambda h, a, p: feeds.revoke(h.ports, a, p, h.ports.store.feeds(h.own, event())[0].feed_id)),
    "reminder_book.set_detail": ({P, S}, lambda h, a, p: reminder_book.set_detail(h.ports, a, p, "count")),
    "reminder_book.set_language": ({P, S}, lambda h, a, p: reminder_book.set_language(h.ports, a, p, "en")),
    "reminder_book.set_quiet": ({P, S}, lambda h, a, p: reminder_book.set_quiet(h.ports, a, p, (time(22), time(7)))),
    "reminder_book.set_late": ({P, S}, lambda h, a, p: reminder_book.set_late(h.ports, a, p, 120)),
    "reminder_book.set_kind": ({P, S}, lambda h, a, p: reminder_book.set_kind(h.ports, a, p, "dose", Kind(repeat=20))),
    "reminder_book.set_measuring": ({P, S}, lambda h, a, p: reminder_book.set_measuring(h.ports, a, p, Measuring("measure", "weight", (time(8),)))),
    "reminder_book.start_over": ({P, S}, lambda h, a, p: reminder_book.start_over(h.ports, a, p)),
    "reminder_book.add_channel": ({P, S}, lambda h, a, p: reminder_book.add_channel(h.ports, a, p, "email", "me@example.org")),
    "reminder_book.switch_channel": ({P, S}, lambda h, a, p: reminder_book.switch_channel(h.ports, a, p, "k1", False)),
    "reminder_book.remove_channel": ({P, S}, lambda h, a, p: reminder_book.remove_channel(h.ports, a, p, "k1")),
    "reminder_book.add_helper": ({P, S}, lambda h, a, p: reminder_book.add_helper(h.ports, a, p, "Ann", ("email", "a@b.example"), "refills")),
    "reminder_book.remove_helper": ({P, S}, lambda h, a, p: reminder_book.remove_helper(h.ports, a, p, "h1")),
    "reminder_book.send_test": ({P, S}, lambda h, a, p: reminder_book.send_test(h.ports, a, p, "k1", say)),
    "devices.connect": ({P, S}, lambda h, a, p: devices.connect(h.ports, a, p, "Cuff")),
    "devices.connected": (READERS, lambda h, a, p: devices.connected(h.ports, a, p)),
    "devices.disconnect": ({P, S}, lambda h, a, p: devices.disconnect(h.ports, a, p, _token(h))),
    "devices.consent": ({P, S}, lambda h, a, p: devices.consent(h.ports, a, p, h.source, False)),
    "manual.questions": ({P, S}, lambda h, a, p: manual.questions(h.ports, a, p, _typed(h))),
    "manual.keep": ({P, S}, lambda h, a, p: manual.keep(h.ports, a, p, _typed(h))),
    "manual.take_back": ({P, S}, lambda h, a, p: manual.take_back(h.ports, a, p, "weight", _typed(h).at)),
    "questionnaires.offered": (READERS, lambda h, a, p: questionnaires.offered(h.ports, a, p)),
    "questionnaires.history": (READERS, lambda h, a, p: questionnaires.history(h.ports, a, p, "phq-9")),
    "questionnaires.crisis_help": (READERS, lambda h, a, p: questionnaires.crisis_help(h.ports, a, p, "en")),
    "questionnaires.open_form": ({P, S}, lambda h, a, p: questionnaires.open_form(h.ports, a, p, "phq-9")),
    "questionnaires.save_draft": ({P, S}, lambda h, a, p: questionnaires.save_draft(h.ports, a, p, _answered(h), str)),
    "questionnaires.submit": ({P, S}, lambda h, a, p: questionnaires.submit(h.ports, a, p, _answered(h), str)),
    "questionnaires.discard_draft": ({P, S}, lambda h, a, p: questionnaires.discard_draft(h.ports, a, p, "phq-9")),
    "risks.shelf": (READERS, lambda h, a, p: risks.shelf(h.ports, a, p)),
    "risks.view": (READERS, lambda h, a, p: risks.view(h.ports, a, p)),
    "risks_drawer.set_region": ({P, S}, lambda h, a, p: risks_drawer.set_region(h.ports, a, p, "us")),
    "risks_drawer.type_in": ({P, S}, lambda h, a, p: risks_drawer.type_in(h.ports, a, p, "waist", 90, "cm")),
    "risks_drawer.take_back": ({P, S}, lambda h, a, p: risks_drawer.take_back(h.ports, a, p, "waist")),
    "risks_drawer.start_over": ({P, S}, lambda h, a, p: risks_drawer.start_over(h.ports, a, p)),
    "advice.view": (READERS, lambda h, a, p: advice.view(h.ports, a, p)),
    "advice_order.note_shown": ({P, S}, lambda h, a, p: advice_order.note_shown(h.ports, a, p, advice.view(h.ports, COMMAND_LINE, h.own))),
    "cds.view": (READERS, lambda h, a, p: cds.view(h.ports, a, p)),
    "advice_urgent.urgent": (READERS, lambda h, a, p: advice_urgent.urgent(h.ports, a, p)),
    "connects.view": (READERS, lambda h, a, p: connects.view(h.ports, a, p)),
    "options.view": ({CO, S}, lambda h, a, p: options.view(replace(h.ports, tables=ShippedTables()), a, p)),
    "advice.answer": ({P, S}, lambda h, a, p: advice.answer(replace(h.ports, tables=ShippedTables()), a, p, "hcv", "done")),
    "advice.take_back": ({P, S}, lambda h, a, p: advice.take_back(h.ports, a, p, "hcv")),
    "trained.compared": (READERS, lambda h, a, p: _compared(h, a, p)),
    "monitoring.month": ({CO, S}, lambda h, a, p: monitoring.month(h.ports, a, p, 2026, 11)),
    "monitoring.write": ({CO, S}, lambda h, a, p: monitoring.write(h.ports, a, p, monitoring.Work(h.ports.clock.now().date(), 5))),
    "monitoring.strike": ({CO, S}, lambda h, a, p: monitoring.strike(h.ports, a, p, _minutes(h))),
    "photo_use.view": (READERS, lambda h, a, p: photo_use.view(h.ports, a, p)),
    "photo_use.say": ({P, S}, lambda h, a, p: photo_use.say(h.ports, a, p, True)),
    "photo_checks.view": (READERS, lambda h, a, p: photo_checks.view(h.ports, a, p)),
    "photo_checks.look": ({P, C, S}, lambda h, a, p: photo_checks.look(h.ports, a, p, CheckKind.SKIN, b"photo")),
    "photo_checks.submit": ({P, C, S}, lambda h, a, p: photo_checks.submit(h.ports, a, p, CheckKind.SKIN, b"another", sent=Sent())),
    "photo_checks.withdraw": ({P, C, S}, lambda h, a, p: photo_checks.withdraw(h.ports, a, p, _check(h))),
    "photo_checks.seen": ({P, C, S}, lambda h, a, p: photo_checks.seen(h.ports, a, p, _check(h))),
    "photo_checks.picture": (READERS, lambda h, a, p: photo_checks.picture(h.ports, a, p, _check(h))),
    "photo_checks.overlay": (READERS, lambda h, a, p: photo_checks.overlay(h.ports, a, p, _check(h))),
    "photo_checks.side_by_side": (READERS, lambda h, a, p: photo_checks.side_by_side(h.ports, a, p, _check(h), _check(h))),
    "photo_checks.marker_sheet": ({P, C, S}, lambda h, a, p: photo_checks.marker_sheet(h.ports, a, p)),
    "photo_checks.add_spot": ({P, C, S}, lambda h, a, p: photo_checks.add_spot(h.ports, a, p, SPOT)),
    "photo_checks.close_spot": ({P, C, S}, lambda h, a, p: photo_checks.close_spot(h.ports, a, p, h.ports.store.spots(h.own, event())[0].spot_id)),
    "signal_checks.submit": ({P, C, S}, lambda h, a, p: signal_checks.submit(h.ports, a, p, "pulse.npz", b"pulse")),
    "reviews.opened": ({CO, S}, lambda h, a, p: reviews.opened(h.ports, a, p, _check(h))),
    "reviews.confirm": ({CO, S}, lambda h, a, p: reviews.confirm(h.ports, a, p, _check(h))),
    "reviews.overrule": ({CO, S}, lambda h, a, p: reviews.overrule(h.ports, a, p, _check(h), Said(reason="model_wrong"))),
    "reviews.ask_retake": ({CO, S}, lambda h, a, p: reviews.ask_retake(h.ports, a, p, _check(h), reason="blurred")),
    "alerts.alerts_of": (READERS, lambda h, a, p: alerts.alerts_of(h.ports, a, p)),
    "alerts.alert_history": (READERS, lambda h, a, p: alerts.alert_history(h.ports, a, (p,), NOW)),
    "alerts.raise_flag": (READERS, lambda h, a, p: alerts.raise_flag(h.ports, a, p, ("stroke",), "message:t1")),
    "alerts.see": ({P, C, S}, lambda h, a, p: alerts.see(h.ports, a, p, flag(h.ports, h.own))),
    "alerts.acknowledge": ({CO, S}, lambda h, a, p: alerts.acknowledge(h.ports, a, p, flag(h.ports, h.own), "on it")),
    "alerts.begin": ({CO, S}, lambda h, a, p: alerts.begin(h.ports, a, p, flag(h.ports, h.own))),
    "alerts.resolve": ({CO, S}, lambda h, a, p: alerts.resolve(h.ports, a, p, flag(h.ports, h.own), "known")),
    "alerts.snooze": ({CO, S}, lambda h, a, p: alerts.snooze(h.ports, a, p, gain(h.ports, h.own), 5.0, "known")),
    "alert_limits.view": (READERS, lambda h, a, p: alert_limits.view(h.ports, a, p)),
    "alert_limits.set_limit": ({CO, S}, lambda h, a, p: alert_limits.set_limit(h.ports, a, p, "sbp", None, 150.0)),
    "alert_limits.set_expected": ({CO, S}, lambda h, a, p: alert_limits.set_expected(h.ports, a, p, "scale", 2.0)),
    "alert_limits.pause": ({CO, S}, lambda h, a, p: alert_limits.pause(h.ports, a, p, None)),
    "alert_limits.set_scale2": ({CO, S}, lambda h, a, p: alert_limits.set_scale2(h.ports, a, p, True)),
    "alert_limits.start_over": ({CO, S}, lambda h, a, p: alert_limits.start_over(h.ports, a, p)),
    "visits.of_person": (READERS, lambda h, a, p: visits.of_person(h.ports, a, p)),
    "visits.concerns": ({CO, S}, lambda h, a, p: visits.concerns(h.ports, a, p, later(h))),
    "visits.make": ({CO, S}, lambda h, a, p: visits.make(h.ports, a, p, later(h))),
    "visits.change": ({CO, S}, lambda h, a, p: visits.change(h.ports, a, p, booked(h), (later(h, days=9), 1))),
    "visits.act": (READERS, lambda h, a, p: visits.act(h.ports, a, p, booked(h), ("cancel", 1), "away")),
    "visit_calendar.file": (READERS, lambda h, a, p: visit_calendar.file(h.ports, a, p, booked(h), say, "en")),
    "visit_room.room": (READERS, lambda h, a, p: visit_room.room(h.ports, a, p, booked(h))),
    "visit_prepare.forms": ({CO, S}, lambda h, a, p: visit_prepare.forms(h.ports, a, p)),
    "kiosk_codes.make": (READERS, lambda h, a, p: kiosk_codes.make(h.ports, a, p)),
    "kiosk_codes.standing": (READERS, lambda h, a, p: kiosk_codes.standing(h.ports, a, p)),
    "kiosk_codes.revoke": (READERS, lambda h, a, p: kiosk_codes.revoke(h.ports, a, p)),
    "kiosk_unmatched.match": ({CO, S}, lambda h, a, p: kiosk_unmatched.match(h.ports, a, p, unmatched(h.ports))),
    "upkeep.erase_person": ({S}, lambda h, a, p: upkeep.erase_person(h.ports, a, p)),
}
ABOUT_NOBODY: dict[str, tuple[set[Role], Call]] = {
    "sessions.landing": ({P, C, CO, A, K}, lambda h, a, p: sessions.landing(h.ports, a)),
    "sessions.touch": ({P, C, CO, A, K}, lambda h, a, p: sessions.touch(h.ports, a)),
    "sessions.sign_out": ({P, C, CO, A, K}, lambda h, a, p: sessions.sign_out(h.ports, a)),
    "sessions.make_ticket": ({P, C, CO, A, K}, lambda h, a, p: sessions.make_ticket(h.ports, a)),
    "sessions.change_password": (
        {P, C, CO, A}, lambda h, a, p: sessions.change_password(h.ports, a, "a good password", "another good password"),
    ),
    "settings_of.load": ({P, C, CO, A, S}, lambda h, a, p: settings_of.load(h.ports, a)),
    "settings_of.save": ({P, C, CO, A, S}, lambda h, a, p: settings_of.save(h.ports, a, Preferences(weight="[lb_av]"))),
    "task_letters.run_late": ({S}, lambda h, a, p: task_letters.run_late(h.ports, a, "worker", timedelta(minutes=2))),
    "worklist_sorting.save_tags": ({CO, S}, lambda h, a, p: worklist_sorting.save_tags(h.ports, a, h.panel.panel_id, ("home visit",))),
    "worklist_sorting.own_lists": ({CO, S}, lambda h, a, p: worklist_sorting.own_lists(h.ports, a)),
    "worklist_ready.keep_ready": ({S}, lambda h, a, p: worklist_ready.keep_ready(h.ports, a, worklist_ready.Ready(), 5)),
    "visit_day.day": ({CO, S}, lambda h, a, p: visit_day.day(h.ports, a, None, "UTC")),
    "visit_letters.run_due": ({S}, lambda h, a, p: visit_letters.run_due(h.ports, a, "worker", timedelta(minutes=2))),
    "worklist.worklist": ({CO, S}, lambda h, a, p: worklist.worklist(h.ports, a, WorkQuery(), WorklistShelf())),
    "panel_report.report": ({CO, S}, lambda h, a, p: panel_report.report(h.ports, a, "", panel_report.Shelves(PanelShelf(), WorklistShelf()))),
    "panel_report.fresh": ({CO, S}, lambda h, a, p: panel_report.fresh(h.ports, a, h.panel.panel_id)),
    "panel_report.panels_of": ({CO, S}, lambda h, a, p: panel_report.panels_of(h.ports, a)),
    "panel_report.save_hours": ({CO, S}, lambda h, a, p: panel_report.save_hours(h.ports, a, h.panel.panel_id, Hours((8.0,) * 7))),
    "panel_outside.release": ({A, S}, lambda h, a, p: panel_outside.release(h.ports, a)),
    "panel_outside.spending_of": ({A, S}, lambda h, a, p: panel_outside.spending_of(h.ports, a)),
    "people.panel": (READERS, lambda h, a, p: people.panel(h.ports, a, PanelQuery())),
    "alerts.panel": ({CO, S}, lambda h, a, p: alerts.panel(h.ports, a)),
    "alerting.run_once": ({S}, lambda h, a, p: alerting.run_once(h.ports, a, "worker")),
    "posting.run_once": ({S}, lambda h, a, p: posting.run_once(h.ports, a, "worker", lambda language: Plain())),
    "contacts.view": ({C, CO, A}, lambda h, a, p: contacts.view(h.ports, a)),
    "contacts.add": ({C, CO, A}, lambda h, a, p: contacts.add(h.ports, a, "email", "me@example.org")),
    "contacts.switch": ({C, CO, A}, lambda h, a, p: contacts.switch(h.ports, a, _way(h, a), False)),
    "contacts.remove": ({C, CO, A}, lambda h, a, p: contacts.remove(h.ports, a, _way(h, a))),
    "contacts.start_over": ({C, CO, A}, lambda h, a, p: contacts.start_over(h.ports, a)),
    "contacts.send_test": ({C, CO, A}, lambda h, a, p: contacts.send_test(h.ports, a, _way(h, a), say)),
    "on_call.view": ({CO, A, S}, lambda h, a, p: on_call.view(h.ports, a)),
    "on_call.set_rota": ({CO, A, S}, lambda h, a, p: on_call.set_rota(h.ports, a, always(h.panel.panel_id, h.accounts[CO].account_id))),
    "on_call.remove_rota": ({CO, A, S}, lambda h, a, p: on_call.remove_rota(h.ports, a, _rota(h))),
    "on_call.start_over": ({A, S}, lambda h, a, p: on_call.start_over(h.ports, a)),
    "reminding.run_once": ({S}, lambda h, a, p: reminding.run_once(h.ports, a, "worker", lambda language: say)),
    "thread_desk.inbox": (READERS, lambda h, a, p: thread_desk.inbox(h.ports, a, InboxQuery())),
    "thread_desk.unread_now": (READERS, lambda h, a, p: thread_desk.unread_now(h.ports, a)),
    "thread_templates.listed": ({CO, S}, lambda h, a, p: thread_templates.listed(h.ports, a)),
    "thread_templates.save": ({CO, S}, lambda h, a, p: thread_templates.save(h.ports, a, _template(), h.ports.store.house_document(thread_templates.DOCUMENT))),
    "thread_templates.forget": ({CO, S}, lambda h, a, p: thread_templates.forget(h.ports, a, "call_back", h.ports.store.house_document(thread_templates.DOCUMENT))),
    "thread_hours.load": ({P, C, CO, A, S}, lambda h, a, p: thread_hours.load(h.ports, a)),
    "thread_hours.now_there": ({P, C, CO, A, S}, lambda h, a, p: thread_hours.now_there(h.ports, a)),
    "thread_hours.save": ({A, S}, lambda h, a, p: thread_hours.save(h.ports, a, LONDON, h.ports.store.house_document(thread_hours.DOCUMENT))),
    "requests.open_in_panel": (READERS, lambda h, a, p: requests.open_in_panel(h.ports, a)),
    "advice_order.report": ({CO, S}, lambda h, a, p: advice_order.report(h.ports, a)),
    "reviews.queue": ({CO, S}, lambda h, a, p: reviews.queue(h.ports, a)),
    "reviews.waiting": ({CO, S}, lambda h, a, p: reviews.waiting(h.ports, a)),
    "check_models.lines": ({CO, A, S}, lambda h, a, p: check_models.lines(h.ports, a)),
    "check_models.switch": ({A, S}, lambda h, a, p: check_models.switch(h.ports, a, CheckKind.WOUND, True)),
    "check_models.ask_again": ({S}, lambda h, a, p: check_models.ask_again(h.ports, a, 5)),
    "check_labels.export": ({S}, lambda h, a, p: check_labels.export(h.ports, a, CheckKind.SKIN, lambda found, content: None)),
    "admin.desk": ({A, S}, lambda h, a, p: admin.desk(h.ports, a)),
    "admin.accounts": ({A, S}, lambda h, a, p: admin.accounts(h.ports, a)),
    "admin.add_account": ({A, S}, lambda h, a, p: admin.add_account(h.ports, a, NewAccount("new", "a long password", "kiosk", "New"))),
    "admin.update_account": ({A, S}, lambda h, a, p: admin.update_account(h.ports, a, h.accounts[K])),
    "admin.reset_password": ({A, S}, lambda h, a, p: admin.reset_password(h.ports, a, h.accounts[K].account_id, "a long password")),
    "admin.panels": ({A, S}, lambda h, a, p: admin.panels(h.ports, a)),
    "admin.save_panel": ({A, S}, lambda h, a, p: admin.save_panel(h.ports, a, Panel("", "New", (h.own,)))),
    "admin.audit_lines": ({A, S}, lambda h, a, p: admin.audit_lines(h.ports, a)),
    "admin.verify_audit": ({A, S}, lambda h, a, p: admin.verify_audit(h.ports, a)),
    "kiosk_registry.of_account": ({K, S}, lambda h, a, p: kiosk_registry.of_account(h.ports, a)),
    "kiosk_registry.listed": ({A, S}, lambda h, a, p: kiosk_registry.listed(h.ports, a)),
    "kiosk_registry.add": ({A, S}, lambda h, a, p: kiosk_registry.add(h.ports, a, "Hall")),
    "kiosk_registry.revoke": ({A, S}, lambda h, a, p: kiosk_registry.revoke(h.ports, a, kiosk_of(h.ports))),
    "kiosk_clinic.settings": ({A, S}, lambda h, a, p: kiosk_clinic.settings(h.ports, a)),
    "kiosk_clinic.save": ({A, S}, lambda h, a, p: kiosk_clinic.save(h.ports, a, kiosk_clinic.Settings())),
    "kiosk_clinic.forget": ({A, S}, lambda h, a, p: kiosk_clinic.forget(h.ports, a)),
    "kiosk_desk.desk": ({CO, S}, lambda h, a, p: kiosk_desk.desk(h.ports, a)),
    "kiosk_desk.waiting": ({CO, S}, lambda h, a, p: kiosk_desk.waiting(h.ports, a)),
    "kiosk_again.run_due": ({S}, lambda h, a, p: kiosk_again.run_due(h.ports, a, lambda language: Plain())),
    "kiosk_desk.answer": ({CO, S}, lambda h, a, p: kiosk_desk.answer(h.ports, a, desk_call(h.ports))),
    "kiosk_desk.start_over": ({CO, S}, lambda h, a, p: kiosk_desk.start_over(damaged_desk(h.ports), a)),
    "kiosk_unmatched.listed": ({CO, S}, lambda h, a, p: kiosk_unmatched.listed(h.ports, a)),
    "kiosk_unmatched.look": ({CO, S}, lambda h, a, p: kiosk_unmatched.look(h.ports, a, unmatched(h.ports))),
    "kiosk_unmatched.discard": ({CO, S}, lambda h, a, p: kiosk_unmatched.discard(h.ports, a, unmatched(h.ports), "a test")),
    "kiosk.locked": ({K, S}, lambda h, a, p: kiosk.locked(h.ports, a)),
    "kiosk.look": ({K, S}, lambda h, a, p: kiosk.look(h.ports, a, "skin", b"")),
    "kiosk.demo_code": ({K, S}, lambda h, a, p: kiosk.demo_code(h.ports, a, "en")),
    "upkeep.add_person": ({S}, lambda h, a, p: upkeep.add_person(h.ports, a, PersonProfile())),
    "upkeep.backup": ({S}, lambda h, a, p: upkeep.backup(h.ports, a, Path("/dev/null"))),
    "upkeep.verify": ({S}, lambda h, a, p: upkeep.verify(h.ports, a)),
}  # fmt: skip
ALL = {**ABOUT_A_PERSON, **ABOUT_NOBODY}
OPEN = {
    "sessions.sign_in", "sessions.demo_sign_in", "sessions.demo_accounts", "sessions.actor_of", "sessions.redeem_ticket",
    "access.require", "access.reach", "kiosk_registry.by_key", "kiosk_home.opened", "trained.card", "spot_readings.with_spots", "door.receive", "advice_order.note_said", "door.let_in", "door.agreed", "door.grant_of", "cds.who_asks", "cds.is_theirs", "cds.keep_shown", "cds.keep_said", "feeds.sheet", "access.signed_in", "medicine_book.habits_of", "fills.filled", "dose_export.administrations", "thread_fhir.communications", "threads.change", "requests.of_person",
    "requests.has_team", "worklist_facts.gathered", "worklist_kept.fetch", "worklist_kept.anew", "worklist_open.waiting", "worklist_sorting.kept", "worklist_sorting.lists", "task_letters.told", "team.team", "visit_letters.about", "visit_records.matched", "visit_records.made_here", "visit_records.records", "visit_checks.checked", "visit_checks.concerns_of", "visit_prepare.of", "visit_task.follow_up", "visit_fhir.appointments", "visit_calendar.coming", "panel_facts.everybody", "panel_facts.known_of", "panel_facts.known_one", "panel_work.asked_of", "panel_papers.papers_of", "check_asking.models", "check_asking.card_of", "check_asking.is_on", "check_asking.of_photo", "check_asking.of_signal", "check_asking.laid_alike", "check_notices.notices", "medicine_orders.living", "medicine_checks.told", "stock_facts.supplies", "stock_facts.refills",
    "alert_readings.measured", "questionnaire_records.lay_down", "questionnaire_records.subject_of", "questionnaire_records.kept",
    "questionnaire_records.drafts", "questionnaire_records.put_draft", "questionnaire_records.self_harm_answers",
}  # fmt: skip
"""What takes ports but no actor, or is the check itself."""


def _compared(house: House, actor: Actor, person_id: str) -> object:
    """The shelf is somebody's own; whose it says it is decides."""
    own = risks.shelf(house.ports, COMMAND_LINE, house.own)
    ports = replace(house.ports, diabetes_model=MODEL)
    return trained.compared(ports, actor, replace(own, person_id=person_id))


def _server_source(house: House) -> str:
    return next(s.source_id for s in house.ports.store.sources(house.own, event()) if s.kind == "server")


def _shelf(house: House) -> trends.TrendShelf:
    """What the page holds of the person it is about."""
    return trends.shelf(house.ports, COMMAND_LINE, house.own)


def _note(house: House) -> str:
    """A note that is there to be taken back."""
    return house.ports.store.add_note(house.own, Note("", 0, "Flu"), event())


def _token(house: House) -> str:
    return house.ports.store.tokens(house.own, event())[0].token_id


def _dose(house: House) -> str:
    """The dose of this evening, by the plan."""
    around = NOW - timedelta(days=1), NOW + timedelta(days=1)
    return next(one.dose_id for one in house.ports.store.doses(house.own, *around, event()) if not one.planned.as_needed)


def _now(house: House) -> datetime:
    return house.ports.clock.now()


def _task(house: House) -> str:
    """An open task about the person everybody is about."""
    made = tasks.make(house.ports, COMMAND_LINE, house.own, NewTask("call", "", _now(house) + timedelta(days=1)))
    return made.task_id


def _look(house: House) -> str:
    look = Look("look-1", NOW, "somebody")
    house.ports.store.put_in_drawer(house.own, worklist_marks.DRAWER, worklist_marks.written((look,)), event())
    return look.look_id


def _request(house: House) -> str:
    """The oldest request: it was open when the house was built."""
    return house.ports.store.requests((house.own,), event())[-1].request_id


def _way(house: House, actor: Actor) -> str:
    """A way by which the account is reached."""
    kept = contacts.Contacts((Channel("way-1", "email", "me@example.org"),))
    house.ports.store.put_house_document(contacts.DOCUMENT + actor.account_id, msgspec.json.encode(kept), event())
    return "way-1"


def _rota(house: House) -> str:
    """A panel that has a list of who is on call."""
    rotas = (always(house.panel.panel_id, house.accounts[CO].account_id),)
    house.ports.store.put_house_document(on_call.DOCUMENT, msgspec.json.encode(on_call.OnCall(rotas)), event())
    return house.panel.panel_id


def _draft(actor: Actor) -> Draft:
    return Draft(f"token-{actor.role}", f"Hello from {actor.role}", "A question")


def _thread(house: House) -> str:
    """A thread that the person has begun; a caregiver's is another one."""
    return threads.begin(house.ports, COMMAND_LINE, house.own, Draft("the-thread", "Hello", "From the team")).thread_id


def _own_message(house: House, actor: Actor) -> tuple[str, str]:
    """A message that the actor wrote, where the actor may write at all; else one of the house's."""
    thread_id = _thread(house)
    for writer in (actor, COMMAND_LINE):
        try:
            return thread_id, threads.reply(house.ports, writer, house.own, thread_id, Draft("own", "Mine")).message_id
        except (NotPermitted, SessionExpired):
            continue
    raise AssertionError("the house writes always")


def _file(house: House) -> str:
    draft = Draft("with-file", "Hello", "With a file", (Given("a.txt", b"a text"),))
    sent = threads.begin(house.ports, COMMAND_LINE, house.own, draft)
    view = thread_desk.opened(house.ports, COMMAND_LINE, house.own, sent.thread_id)
    return view.messages[0].said.files[0].key


def _template() -> Template:
    return Template("call_back", {"en": "Call", "zh_Hans": "电话"}, {"en": "Call us, {name}", "zh_Hans": "请来电，{name}"})


def _minutes(house: House) -> str:
    """Work that a coordinator wrote down."""
    return monitoring.write(house.ports, COMMAND_LINE, house.own, monitoring.Work(house.ports.clock.now().date(), 5)).entry_id


def _check(house: House) -> str:
    """A photo that waits for the team."""
    return house.ports.store.checks((house.own,), event(), states=(CheckState.WAITING_REVIEW,))[-1].check_id


def _answered(house: House) -> Filling:
    """A questionnaire with all its answers."""
    return Filling(BY_KEY["phq-2"], house.ports.clock.now(), "r-1", {"phq1": "0", "phq2": "1"})


def _device_and_value(house: House) -> None:
    devices.connect(house.ports, COMMAND_LINE, house.own, "Scale")
    manual.keep(house.ports, COMMAND_LINE, house.own, _typed(house))
    channel = Channel("k1", "email", "own@example.org")
    book = ReminderBook(channels=(channel,), helpers=(Helper("h1", "Ann", channel),))
    house.ports.store.put_in_drawer(house.own, DRAWER, written(book), event())
    feeds.make(house.ports, COMMAND_LINE, house.own, "Phone")
    requests.ask(house.ports, COMMAND_LINE, house.own, "refill", requests.About("m1"))
    evening = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "timeOfDay": ["18:00:00"]}}}
    own = (OwnMedicine("own-1", "Vitamin D", dosages=(evening,)), OwnMedicine("own-2", "Ibuprofen", dosages=({"asNeededBoolean": True},)))
    medicines_kept = Book(own=own, trips=(Trip(date(2026, 1, 1), date(2026, 1, 2), "Asia/Tokyo"),))
    house.ports.store.put_in_drawer(house.own, book_json.DRAWER, book_json.written(medicines_kept), event())
    series_choices.set_zone(house.ports, COMMAND_LINE, house.own, "Europe/Berlin")
    dose_plan.plan(house.ports, COMMAND_LINE, house.own)
    photo_checks.add_spot(house.ports, COMMAND_LINE, house.own, SPOT)
    send(house.ports, COMMAND_LINE, house.own)


def _typed(house: House) -> manual.Entry:
    return manual.Entry("weight", {"weight": 71.0}, house.ports.clock.now(), {})


@pytest.fixture
def house() -> House:
    built = _with_checks(build())
    _device_and_value(built)
    fetched = SimpleNamespace(pull=lambda login, should_stop, progress: _Empty())
    house = replace(built, ports=replace(built.ports, server=fetched, channels=KeptMessages()))
    pulls.pull(house.ports, COMMAND_LINE, Whose(house.own), LOGIN)
    return house


def _with_checks(house: House) -> House:
    ports = with_models(house.ports, ToldModels(pieces=(PULSE,)))
    return replace(house, ports=replace(ports, words=words, calendar_file=lambda sheet: b""))


class _Empty:
    """A server that has nothing."""

    complete, problems, next_since = True, (), ""

    def people(self) -> tuple[()]:
        return ()

    def entries(self, progress: object = None) -> Any:
        return iter(())


def _use_cases() -> set[str]:
    """Every public function of core.care that takes ports first."""
    found = set()
    for info in pkgutil.iter_modules(core.care.__path__):
        module = importlib.import_module(f"core.care.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if function.__module__ == module.__name__ and not name.startswith("_") and parameters[:1] == ["ports"]:
                found.add(f"{info.name}.{name}")
    return found


def test_every_use_case_is_in_the_table() -> None:
    assert _use_cases() == set(ALL) | OPEN


@pytest.mark.parametrize("name", sorted(ALL))
def test_those_who_may_are_let_through(house: House, name: str) -> None:
    roles, call = ALL[name]
    for role in sorted(roles):
        fresh = house if name not in ONCE else _again(house)
        actor = COMMAND_LINE if role is S else fresh.actors[role]
        call(fresh, actor, fresh.own)


ONCE = {
    "sources.remove",
    "devices.disconnect",
    "reminder_book.remove_channel",
    "reminder_book.remove_helper",
    "feeds.revoke",
    "medicine_book.remove_trip",
    "requests.withdraw",
    "requests.answer",
    "photo_checks.withdraw",
    "reviews.confirm",
    "reviews.overrule",
    "reviews.ask_retake",
    "manual.take_back",
    "upkeep.erase_person",
    "sessions.change_password",
    "admin.add_account",
    "admin.reset_password",
    "sessions.sign_out",
}
"""What cannot be done twice in one house."""


def _again(house: House) -> House:
    built = _with_checks(build())
    _device_and_value(built)
    return replace(built, ports=replace(built.ports, server=house.ports.server, channels=house.ports.channels))


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_other_role_is_refused_with_a_line_in_the_trail(house: House, name: str) -> None:
    roles, call = ALL[name]
    for role in {P, C, CO, A, K} - roles:
        with pytest.raises(NotPermitted):
            call(house, house.actors[role], house.own)
        last = house.ports.store.audit_lines(event(), limit=2)[1].event
        assert (last.actor_id, last.action) == (house.actors[role].account_id, "refused")


@pytest.mark.parametrize("name", sorted(ABOUT_A_PERSON))
@pytest.mark.parametrize("whom", ["other", "", "nobody"])
def test_nobody_with_a_session_reaches_anybody_else(house: House, name: str, whom: str) -> None:
    _, call = ABOUT_A_PERSON[name]
    person_id = house.other if whom == "other" else whom
    for role in (P, C, CO, A, K):
        with pytest.raises(NotPermitted):
            call(house, house.actors[role], person_id)


def _stranger(house: House, role: Role) -> Actor:
    return Actor(house.accounts[role].account_id, role, "", "")


def _forged(house: House, role: Role) -> Actor:
    return replace(house.actors[role], session_id="session-that-never-was")


def _borrowed(house: House, role: Role) -> Actor:
    """The session of somebody with other rights."""
    other = A if role is not A else P
    return replace(house.actors[role], session_id=house.actors[other].session_id)


def _over(house: House, role: Role) -> Actor:
    clock(house.ports).wait(hours=13)
    return house.actors[role]


def _idle(house: House, role: Role) -> Actor:
    clock(house.ports).wait(minutes=31)
    return house.actors[role]


def _closed(house: House, role: Role) -> Actor:
    account = house.ports.store.account(house.accounts[role].account_id)
    house.ports.store.update_account(replace(account, disabled=True), event())
    return house.actors[role]


def _signed_out(house: House, role: Role) -> Actor:
    house.ports.store.close_session(house.actors[role].session_id, event())
    return house.actors[role]


def _another_role(house: House, role: Role) -> Actor:
    return replace(house.actors[role], role=A if role is not A else P)


ENDED = [_stranger, _forged, _borrowed, _over, _idle, _closed, _signed_out, _another_role]


@pytest.mark.parametrize("name", sorted(set(ALL) - {"sessions.sign_out"}))
@pytest.mark.parametrize("make", ENDED, ids=lambda make: make.__name__.strip("_"))
def test_without_a_living_session_of_ones_own_nothing_is_done(
    house: House, name: str, make: Callable[[House, Role], Actor]
) -> None:
    _, call = ALL[name]
    for role in (P, C, CO, A, K):
        actor = make(house, role)
        with pytest.raises(SessionExpired):
            call(house, actor, house.own)


@pytest.mark.parametrize("make", ENDED, ids=lambda make: make.__name__.strip("_"))
def test_signing_out_twice_is_no_error(house: House, make: Callable[[House, Role], Actor]) -> None:
    sessions.sign_out(house.ports, make(house, P))


@pytest.mark.parametrize("name", sorted(ALL))
def test_nobody_acts_as_the_command_line(house: House, name: str) -> None:
    _, call = ALL[name]
    for actor in (Actor("system", S, "stolen"), Actor(house.accounts[P].account_id, S, house.actors[P].session_id)):
        with pytest.raises((NotPermitted, SessionExpired)):
            call(house, actor, house.own)


def test_rights_that_were_taken_away_are_gone_at_once(house: House) -> None:
    today.view(house.ports, house.actors[C], house.own)
    house.ports.store.update_account(replace(house.accounts[C], persons=()), event())
    with pytest.raises(NotPermitted):
        today.view(house.ports, house.actors[C], house.own)
    house.ports.store.save_panel(replace(house.panel, persons=()), event())
    with pytest.raises(NotPermitted):
        today.view(house.ports, house.actors[CO], house.own)


def test_a_demo_account_is_worth_nothing_outside_the_demo(house: House) -> None:
    account = replace(house.accounts[P], demo=True)
    house.ports.store.update_account(account, event())
    with pytest.raises(SessionExpired):
        today.view(house.ports, house.actors[P], house.own)
    today.view(replace(house.ports, demo=True), signed_in(house.ports, account, "demo-session"), house.own)


def test_a_coordinator_without_a_panel_sees_nobody(house: House) -> None:
    house.ports.store.update_account(replace(house.accounts[CO], panels=()), event())
    view = people.panel(house.ports, house.actors[CO], PanelQuery())
    assert (view.total, view.lines) == (0, ())

"""This is the place where it is checked that every word is there, in every language, and none too many."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from core.advice.feedback import ORDER_REASONS
from core.advice.feedback import OUTCOMES as FEEDBACK_OUTCOMES
from core.advice.terms import ASIDE, LACKING, NOT_FOR, SURE
from core.advice.terms import REASONS as REASONS_AGAINST
from core.alerts.desk import DEAD_CHANNEL
from core.alerts.own import SOURCES as ALERT_SOURCES
from core.alerts.rules import KINDS as ALERT_KINDS
from core.alerts.rules import SILENT
from core.alerts.rules_table import RULES as ALERT_RULES
from core.alerts.states import Kind as AlertEvent
from core.alerts.states import State as AlertState
from core.care import notes, offers
from core.care.access import SCOPES, Action
from core.care.alert_flags import FLAGGED
from core.care.alert_lines import BROKEN as ALERT_BROKEN
from core.care.alert_lines import WHYS as ALERT_WHYS
from core.care.alerts import REASONS as ALERT_REASONS
from core.care.connect_views import GROUPS as THING_GROUPS
from core.care.device_views import STATES as DEVICE_STATES
from core.care.dose_lines import PARTS
from core.care.kiosk_clinic import FACTORS as KIOSK_FACTORS
from core.care.kiosk_clinic import LIMITS as KIOSK_LIMITS
from core.care.kiosk_desk import WHYS as DESK_WHYS
from core.care.kiosk_home import TAKEN as KIOSK_TAKEN_HOME
from core.care.kiosk_who import KNOWN as KIOSK_KNOWN
from core.care.kiosk_who import REFUSED as KIOSK_REFUSED
from core.care.lately_vendor import TELLING
from core.care.letters import AUDIENCES as LETTER_AUDIENCES
from core.care.letters import ENDED as LETTER_ENDED
from core.care.letters import PURPOSES
from core.care.option_views import STANDS
from core.care.requests import KINDS as REQUEST_KINDS
from core.care.requests import STATES as REQUEST_STATES
from core.care.risk_views import ORIGINS
from core.care.risks_drawer import REGIONS as RISK_REGIONS
from core.care.settings_of import CHOICES
from core.care.task_views import DAMAGED, DOING, DONE, DROPPED
from core.care.task_views import KINDS as TASK_KINDS
from core.care.task_views import MOVES as TASK_MOVES
from core.care.task_views import OPEN as TASK_OPEN
from core.care.thread_templates import LANGUAGES as TEMPLATE_LANGUAGES
from core.care.thread_templates import SHIPPED as TEMPLATES
from core.care.thread_views import FILTERS as THREAD_FILTERS
from core.care.views import Fact
from core.care.visit_views import CONCERNS as VISIT_CONCERNS
from core.domain.checks import (
    BODY_PLACES,
    DECISIONS,
    DECLINES,
    OVERRULE_REASONS,
    PHOTO_KINDS,
    QUALITY_REASONS,
    RETAKE_REASONS,
    RHYTHM_CLASSES,
    SKIN_CLASSES,
    SYMPTOMS,
    CheckKind,
    CheckState,
)
from core.domain.ledger import Outcome
from core.domain.people import Role
from core.domain.records import GROUPS, KINDS_SHOWN, Standing
from core.domain.signals import SIGNALS
from core.domain.targets import TARGETS
from core.domain.threads import STATES as THREAD_STATES
from core.domain.time import PartialTime
from core.domain.visits import AHEAD as VISITS_AHEAD
from core.domain.visits import KINDS as VISIT_KINDS
from core.domain.visits import MOVES as VISIT_MOVES
from core.domain.visits import REASONS as VISIT_REASONS
from core.domain.visits import STATES as VISIT_STATES
from core.emergency.flags import BY_KEY as RED_FLAGS
from core.exports.table import COLUMNS
from core.kiosk.devices import DOUBTS as DEVICE_DOUBTS
from core.kiosk.devices import DROPPED as DEVICE_DROPPED
from core.kiosk.devices import WHY as DEVICE_WHY
from core.kiosk.devices import Stage as DeviceStage
from core.kiosk.terms import Measure
from core.knowledge.options_table import OPTIONS
from core.knowledge.options_table import PROBLEMS as OPTION_PROBLEMS
from core.knowledge.personal import STATES as RULE_STATES
from core.knowledge.terms import RELATIONS
from core.medications.administrations import REASONS as SKIP_REASONS
from core.medications.allergies import ALLERGY
from core.medications.book import USUAL as USUAL_REMINDERS
from core.medications.book_json import HOURS, SORTS
from core.medications.cautions import CAUTIONS
from core.medications.entered import KINDS as DOSE_FORMS
from core.medications.entered import UNITS
from core.medications.findings import NOT_CHECKED
from core.medications.genes import GENES
from core.medications.interactions import EFFECTS
from core.medications.kidney_doses import KIDNEY
from core.medications.reminder_json import CHANNEL_KINDS, DETAILS, RULES
from core.medications.tables import load
from core.medications.terms import DAYS, NOTES, QUESTIONS
from core.monitoring.rules import REASONS as MONITORING_REASONS
from core.panel.capacity import KINDS as PANEL_KINDS
from core.panel.cohorts import FEATURES as PANEL_FEATURES
from core.panel.shares import OUTCOMES as PANEL_OUTCOMES
from core.panel.terms import LANGUAGES as PANEL_LANGUAGES
from core.panel.terms import REGIONS as PANEL_REGIONS
from core.panel.terms import TABLES as PANEL_TABLES
from core.questionnaires.crisis import LINES as CRISIS_LINES
from core.questionnaires.fhir_read import UNFOLLOWED
from core.questionnaires.instruments import word_keys
from core.questionnaires.terms import FAMILIES as QUESTIONNAIRE_FAMILIES
from core.risk.elsewhere import ELSEWHERE
from core.risk.model_card import ABSENT, ATTRIBUTES
from core.risk.model_card import GROUPS as MODEL_GROUPS
from core.risk.terms import AUDIENCES, STATUSES
from core.rules import ShippedTables
from core.sources.fhir.kinds import SHAPES
from core.trends.glucose_ranges import AIMS
from core.trends.missing import REASONS, STATES
from core.trends.missing_summary import SAID
from core.trends.overlap import REASONS as DISCARDS
from core.trends.published import STATUSES as ALERT_STATUSES
from core.trends.window import RANGES
from core.ui import (
    advice_card,
    advice_feedback,
    alert_acts,
    alert_rules,
    alert_words,
    check_about,
    check_body,
    check_decide,
    check_photo,
    check_queue,
    check_tabs,
    kiosk_ask,
    nav,
    sentences,
    special_parts,
    trend_special,
)
from core.ui.advice_rule import OPS as RULE_OPS
from core.ui.advice_rule import OWN_FACTS
from core.ui.advice_rule import SOURCES as ADVICE_SOURCES
from core.ui.bring_in import MAKERS
from core.ui.dose_day import DAYS as DOSE_DAYS
from core.ui.risk_family import LOOKS
from core.ui.values import unit
from core.ui.words import CATALOGUES, DOMAIN, Words, closest, languages, words
from core.worklist.rules import RULES as WORK_RULES
from core.worklist.terms import LANES as WORK_LANES
from models.cards import ARTIFACTS, read_card
from tests.advice.given import table
from tests.medications.safety import rules as safety_rules
from tests.ui import kiosk_words
from tests.ui.keys import ROOT, all_said, literals, sources

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
MODEL = read_card(ARTIFACTS / "diabetes")
SAFETY = safety_rules()
_SAID = tuple(decision for decisions in DECISIONS.values() for decision in decisions)
HOLE = re.compile(r"\{(\w+)\}")

OPTION_ROWS = load(ShippedTables().read, (OPTIONS,)).of(OPTIONS).rows
BEHIND_THE_SCENES = ("measured_as", "includes", "told_by", "left_out", "in_class", "part_of", "holds", "rests_on", "reads")
"""Relations that lead from one rule or class to another, and are never said of a person's own thing."""
ADVICE_RULES = tuple(row.id for row in table().rows)

TASK_STATES = (TASK_OPEN, DOING, DONE, DROPPED, DAMAGED)
ALERTS_MINE = (
    "sbp_unusual_high", "sbp_unusual_low", "hr_unusual_high", "rhr_unusual_high", "spo2_unusual_low", "glucose_unusual_high", "glucose_unusual_low",
    "news2_high", "news2_medium", "news2_three", "dose_not_logged_critical", *(f"{DEAD_CHANNEL}_{to}" for to in LETTER_AUDIENCES),
)  # fmt: skip
"""Rules of alerts that are said in other words to the person themselves: those that speak of "this person", or in a clinician's terms."""

FAMILIES: dict[str, tuple[str, ...]] = {
    "messages.only_": tuple(one or "all" for one in THREAD_FILTERS),
    "messages.none_": tuple(one or "all" for one in THREAD_FILTERS),
    "thread.state.": tuple(f"{state}{side}" for state in THREAD_STATES for side in ("", "_team")),
    "thread.do_": ("close", "reopen", "no_answer", "handled"),
    "thread.done_": ("close", "reopen", "no_answer", "handled"),
    "thread.who_": ("team", "caregiver", "patient"),
    "thread.foreign.": (*TEMPLATE_LANGUAGES, "unknown"),
    "receipt.": ("on_its_way", "on_its_way_team", "not_called", "not_called_team"),
    "office.day.": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "visit.kind.": VISIT_KINDS,
    "visit.reason.": VISIT_REASONS,
    "visit.state.": (*VISIT_STATES, "proposed_team"),
    "visit.step.": ("made", *VISIT_MOVES),
    "visit.do.": tuple(one for one in VISIT_MOVES if one != "change"),
    "visit.done.": tuple(one for one in VISIT_MOVES if one != "change"),
    "visits.about_": ("ask", "cancel", "correct"),
    "visits.words_": ("ask", "cancel", "correct"),
    "visits.send_": ("ask", "cancel", "correct"),
    "visits.as_": VISITS_AHEAD,
    "visits.concern.": VISIT_CONCERNS,
    "template.": tuple(f"{key}.{part}" for key in TEMPLATES for part in ("subject", "text")),
    "advice.title.": ADVICE_RULES,
    "advice.now.": ADVICE_RULES,
    "advice.sure.": SURE,
    "advice.reason.": REASONS_AGAINST,
    "advice.later.": tuple(str(days) for days in advice_card.LATER),
    "advice.lack.": LACKING,
    "advice.aside.": ASIDE,
    "advice.not.": (*NOT_FOR, "nothing_recent"),
    "advice.fact.": OWN_FACTS,
    "advice.source_name.": tuple(ADVICE_SOURCES.values()),
    "advice.rule.": (*RULE_OPS, "female", "male", "ages", "from", "or", "not_done", "not_done_years", "never_done"),
    "alert.rule.": (
        *(rule.key for rule in ALERT_RULES if rule.key != SILENT), *(f"{SILENT}_{one.source}" for one in ALERT_SOURCES), FLAGGED, "own_high", "own_low",
        *(f"{DEAD_CHANNEL}_{to}" for to in LETTER_AUDIENCES),
    ),
    "alert.evidence.": (*(kind for kind in ALERT_KINDS), FLAGGED),
    "alert.state.": tuple(AlertState),
    "alert.entry.": tuple(AlertEvent),
    "alert.next.": ("notified", "escalated", "expired", "lapsed", "released", "worsened"),
    "alert.to.": LETTER_AUDIENCES,
    "alert.why.": tuple(dict.fromkeys((*ALERT_WHYS, *ALERT_REASONS, *(code for codes in alert_acts.BY_ACT.values() for code in codes)))),
    "alert.do.": alert_words.TO_DO,
    "alert.mine.": ALERTS_MINE,
    "alert.mine_evidence.": ("baseline",),
    "alert.kind.": (*ALERT_KINDS, FLAGGED),
    "alert.status.": ALERT_STATUSES,
    "alert.act.": alert_acts.ACTS,
    "alert.act_do.": alert_acts.ACTS,
    "alert.explain.": alert_acts.ACTS,
    "alert.said.": (*alert_acts.ACTS, "see"),
    "alert.held.": ("high", "low"),
    "alerts.show_": ("open", "past", "limits", "on_call", "judged"),
    "limits_of.": ("lower", "upper"),
    "limits_of.between_": ("lower", "upper"),
    "limits_of.side.": ("high", "low"),
    "limits_of.source.": tuple(one.source for one in ALERT_SOURCES),
    "judged_how.": (*alert_rules.POINTS, *(f"{side}{strict}" for side in ("high", "low") for strict in ("", "_strict"))),
    "judged_how.event.": ("other", *dict.fromkeys(rule.signal for rule in ALERT_RULES if rule.signal not in SIGNALS)),
    "alert.broken.": ALERT_BROKEN,
    "letter.": (
        *(f"alert{haste}{who}.{part}" for haste in ("", ".urgent") for who in ("", ".team", ".caregiver", ".helper") for part in ("title", "body")),
        *(f"{purpose}.{part}" for purpose in PURPOSES if purpose != "alert" for part in ("title", "body")),
    ),
    "letter.state.": ("waiting", *LETTER_ENDED),
    "letter.sending.": ("sending", "sent", "failed", "given_up"),
    "cds.hook.": advice_feedback.HOOKS,
    "cds.outcome.": FEEDBACK_OUTCOMES,
    "cds.reason.": ORDER_REASONS,
    "flag.": (*RED_FLAGS, *(f"{one.key}.do_{at}" for one in RED_FLAGS.values() for at in range(1, one.steps + 1))),
    "task.from_kiosk.": ("allergy", "medicine", "contact", "left_out"),
    "task.left_out.": ("reading_time", "reading_value", "contact", "medicines", "allergies", "medicines_added", "allergies_added", "questionnaires", "photos", "danger", "other"),
    "desk.why.": DESK_WHYS,
    "desk.do.": ("danger", "other"),
    "desk.unmatched_why.": ("offline", "proof", "ticket"),
    "bluetooth.stage.": tuple(DeviceStage),
    "bluetooth.why.": DEVICE_WHY,
    "bluetooth.dropped.": DEVICE_DROPPED,
    "bluetooth.doubt.": DEVICE_DOUBTS,
    **kiosk_words.FAMILIES,
    "kiosk.": tuple(f"{step.value}_{answer}" for step, answers in kiosk_ask.ANSWERS.items() for answer in answers),
    "kiosks.factor.": KIOSK_FACTORS,
    "kiosks.measure.": tuple(Measure),
    "kiosks.part.": ("ok", "missing", "off", "unknown"),
    "kiosks.": tuple(KIOSK_LIMITS),
    "kiosk_home.by_": ("device", "hand"),
    "audit.": (*Action, KIOSK_KNOWN, KIOSK_REFUSED, KIOSK_TAKEN_HOME, "kiosk_looked_up", "kiosk_visit", "sign_in", "sign_in_failed", "sign_out", "refused", "other"),
    "role.": tuple(Role),
    "role_about.": tuple(role for role in Role if role is not Role.SYSTEM),
    "sign_in.demo_": tuple(role for role in Role if role is not Role.SYSTEM),
    "outcome.": (*Outcome, "all"),
    "standing.": tuple(Standing),
    "group.": (*GROUPS, "all"),
    "kind.": (*KINDS_SHOWN, "other"),
    "kind_about.": (*KINDS_SHOWN, "other"),
    "signal.": (*SIGNALS, "blood_pressure"),
    "range.": tuple(RANGES),
    "state_of.": (*dict.fromkeys(state for row in SIGNALS.values() for state in row.states), "cycle_light"),
    "trend_group.": offers.GROUPS,
    "missing_letter.": STATES,
    "discard.": tuple(reason for reason in DISCARDS if reason),
    "trends.look_": ("time", "missing", *(look for looks in trend_special.LOOKS.values() for look in looks)),
    "trends.event_": notes.KINDS,
    "trends.step_": ("earlier", "later", "closer", "wider"),
    "trends.median_by_": ("1d", "1w", "1mo"),
    "glucose.range_": special_parts.RANGE_ORDER,
    "glucose.measure_": tuple(dict.fromkeys(aim.measure for aim in AIMS)),
    "nav.": tuple(place.key for place in nav.PLACES),
    "detail.": ("dosage", "when", "ended", *(key for shape in SHAPES.values() for key, _ in shape.detail)),
    "basis.": ("own_goal", "lab", *(row.basis for row in TARGETS)),
    "purpose.": ("self", "care", "panel_review", "administration", "kiosk", "system", "demo", "other"),
    "state.": ("fine", "watch", "soon", "now", "unknown"),
    "text_size.": CHOICES["text_size"],
    "medicine_now.": ("current", "stopped", "planned", "on_hold", "superseded", "not_taking", "unclear", "unknown"),
    "allergies.": ("none_known", "none_recorded"),
    "source.": ("file", "server", "demo", "manual", "device"),
    "ask.": ("check_high", "check_low", "halves_swapped", "halves_close", "far_from_last", "long_ago", *QUESTIONS),
    "schedule_note.": NOTES,
    "hours.": HOURS,
    "push.": ("denied", "done", "signedout", "refused", "failed", "unable"),
    "how.for_": ("hours", "days", "weeks", "months", "years"),
    "gender.": ("male", "female", "other", "unknown"),
    "verification.": ("unconfirmed", "provisional", "differential", "refuted"),
    "sources.state_": ("failed", "cancelled", "stopped"),
    "sources.report_": ("fine", "watch", "soon", "stopped", "asks"),
    "lately.": ("usual", "above", "below", "far_above", "far_below", *(f"{code}_{way}" for code in ("shifted", "stands_out") for way in ("up", "down"))),
    "lately_state.": ("usual", "above", "below", "far_above", "far_below", "learning", "old", "unjudged"),
    "finding.rhythm_flag.": tuple(TELLING["rhythm_flag"]),
    "finding.ecg.": tuple(TELLING["ecg"]),
    "maker.": MAKERS,
    "maker_how.": MAKERS,
    "device_state.": DEVICE_STATES,
    "device.try_": ("import", "empty", "failed", "connected", "disconnected"),
    "device.covered_": ("day", "night"),
    "monitoring.why.": MONITORING_REASONS,
    "connects.group.": THING_GROUPS,
    "connects.state.": RULE_STATES,
    "connects.relation.": tuple(one for one in RELATIONS if one not in BEHIND_THE_SCENES),
    "connects.rule.": ("advice", "interactions", "duplicates", "allergy", "kidney", "cautions", "genes", "alleles", "alerts", "equation", "option"),
    "options.title.": tuple(row.id for row in OPTION_ROWS),
    "options.problem.": OPTION_PROBLEMS,
    "options.against.": tuple(dict.fromkeys(no.why for row in OPTION_ROWS for no in row.against)),
    "options.ask.": tuple(dict.fromkeys(key for row in OPTION_ROWS for key in row.ask)),
    "options.stands.": STANDS,
    "options.fact.": ("ckd", "lvef", "score_cha2ds2_va", "score_has_bled", "risk_kfre_5y", "risk_prevent_cvd", "bp_classes"),
    "worklist.lane_": (*WORK_LANES, "all"),
    "worklist.rule.": (
        *(key for key in WORK_RULES if not key.startswith(("notice", "alert"))),
        *(f"{key}{about}" for key in WORK_RULES if key.startswith("alert") for about in (".signal", ".flag", ".other")),
    ),
    "worklist.contact_": ("look", "message", "visit", "answer", "none"),
    "task.kind.": TASK_KINDS,
    "task.state.": TASK_STATES,
    "task.move.": tuple(TASK_MOVES),
    "task.step.": ("made", *TASK_MOVES, "hand_nobody", "why"),
    "panel.part_": ("people", "groups", "burden", "work"),
    "panel.table.": tuple(one for one in PANEL_TABLES if not one.startswith("condition.")),
    "panel.about.": ("pressure", "hba1c", "weight", "bmi", "logged", "covered"),
    "panel.bar.": ("in_target", "above", "below", "not_asked", "no_target", "yes", "no"),
    "panel.region.": PANEL_REGIONS,
    "panel.language.": (*PANEL_LANGUAGES, "other"),
    "panel.logged.": tuple(one for one in PANEL_TABLES["logged"]),
    "panel.covered.": ("all", "some", "none"),
    "panel.feature.": PANEL_FEATURES,
    "panel.outcome.": tuple(PANEL_OUTCOMES),
    "panel.cohorts_none.": ("too_few_people", "no_groups"),
    "panel.cohorts_next.": ("too_few_people", "no_groups"),
    "panel.stability.": ("stable", "doubtful", "not_stable"),
    "panel.trait.": ("higher", "lower", "more", "fewer"),
    "panel.gap.": ("higher", "lower", "no_difference", "too_few"),
    "panel.model.": ("name", "state", "checks", "declined", "overruled", "agreed"),
    "panel.kind.": PANEL_KINDS,
    "panel.minutes.": PANEL_KINDS,
    "panel.weekday_short.": DAYS,
    "panel_counts.": ("when", "by", "about_whom", "cost", "quarter"),
    "worklist.status_": ("verified", "memory", "house"),
    "people.sort_": ("name", "newest", "oldest", "age"),
    "people.only_": ("all", "quarantined", "stale", "never"),
    "missing.": (*STATES, *(f"{state}.about" for state in STATES)),
    "missing.why.": REASONS,
    "missing.part.": tuple(f"{state}.{unit}" for state in (*SAID, "not_used") for unit in ("day", "night")),
    "missing.sentence.whole.": ("day", "night"),
    "people.age_": ("any", "child", "adult", "old"),
    "records.sort_": ("newest", "oldest", "title"),
    "more.": tuple(place.key for place in nav.PLACES if any(place.wide(role) for role in place.roles)),
    "export.column.": COLUMNS,
    "risk.region.": RISK_REGIONS,
    "risk.people.": ("us", "europe", "asia_pacific", "china", "any"),
    "risk.status.": STATUSES,
    "risk.audience.": tuple(one for one in AUDIENCES if one != "patient"),
    "risk.input_state.": ("used", "missing", "stale", "contradictory", "unclear", "unneeded"),
    "risk.origin.": ORIGINS,
    "risk.elsewhere_name.": tuple(one.key for one in ELSEWHERE),
    "risk.elsewhere.": tuple(dict.fromkeys(one.why for one in ELSEWHERE)),
    "risks.look_": LOOKS,
    "q.": tuple(key.removeprefix("q.") for key in sorted(word_keys())),
    "check.family.": QUESTIONNAIRE_FAMILIES,
    "check.means.": (
        *(f"mind.{state}" for state in ("fine", "watch", "soon", "now")), *(f"diabetes.{state}" for state in ("fine", "watch", "soon")),
        "falls.fine", "falls.soon", "unknown", "crisis",
    ),
    "check.wrong.": (
        "missing", "cannot_answer_here", "not_offered", "not_yes_or_no", "not_a_number", "not_whole", "out_of_range", "between", "not_a_date",
        "empty", "too_long", "not_asked",
    ),
    "check.cannot.": (*sorted({*UNFOLLOWED.values()}), "no_options", "several_answers", "condition_not_followed"),
    "check.what.pair.": EFFECTS,
    "check.why.pair.": EFFECTS,
    "check.what.duplicate.": ("ingredient", "class"),
    "check.why.duplicate.": ("ingredient", "class"),
    "check.not.": NOT_CHECKED,
    "check.what.allergy.": ("same", "related", "intolerance", "ask"),
    "check.what.kidney.": ("ask", "soon", "potassium", "potassium_now"),
    "check.what.caution.": ("pregnancy", "age"),
    "check.what.gene.": ("result", "not_tested"),
    "check.why.allergy.": ("same", *(group.why for group in SAFETY.of(ALLERGY).groups)),
    "check.why.kidney.": ("two_of", "limit_unknown", *(tier.ask for row in SAFETY.of(KIDNEY).rows for tier in row.tiers)),
    "check.why.caution.": tuple(row.why for row in SAFETY.of(CAUTIONS).rows),
    "check.why.gene.": (*(row.advice for row in SAFETY.of(GENES).rows), *(one.advice for one in SAFETY.of(GENES).before_start)),
    "check.strength.": ("strong", "moderate", "optional"),
    "check_kind.": tuple(CheckKind),
    "check_says.": _SAID,
    "check_label.": _SAID,
    "check_declined.": DECLINES,
    "check_none.": DECLINES,
    "check_state.": tuple(CheckState),
    "check_tab.": tuple(place for place, _ in check_tabs.TABS),
    "quality.": QUALITY_REASONS,
    "quality_do.": QUALITY_REASONS,
    "skin_class.": tuple(code.lower() for code in SKIN_CLASSES),
    "skin_type.": tuple(str(one) for one in check_about.SKIN_TYPES),
    "rhythm_class.": RHYTHM_CLASSES,
    "body.": BODY_PLACES,
    "symptom.": SYMPTOMS,
    "overrule.": OVERRULE_REASONS,
    "retake.": RETAKE_REASONS,
    "photo.side_": ("left", "right"),
    "photo.view_": check_body.VIEWS,
    "photo.how_": (*check_photo.ADVICE, "marker"),
    "photo.way_": ("camera", "file"),
    "photo.answer_": check_about.ANSWERS,
    "coin.": check_about.BESIDE,
    "photo.take.": PHOTO_KINDS,
    "photo.title.": PHOTO_KINDS,
    "photo.about.": PHOTO_KINDS,
    "photo.start.": PHOTO_KINDS,
    "photo.which.": PHOTO_KINDS,
    "photo.where.": PHOTO_KINDS,
    "photo.note_example.": PHOTO_KINDS,
    "photo.label_example.": PHOTO_KINDS,
    "photo.limits.": tuple(CheckKind),
    "photo.size_limits.": ("cm2", "share"),
    "photo.axis.": ("cm2", "share"),
    "review.rank.": tuple(check_queue.RANKS),
    "review.do_": check_decide.DOING,
    "review.means_": check_decide.DOING,
    "review.show_": ("photo", "heat", "mask"),
    "review.state_": tuple(CheckState),
    "review.probability.": tuple(CheckKind),
    "review_say.": tuple(f"{kind}.{code}" for kind, codes in check_decide.SAYINGS.items() for code in codes),
    "models.use_": ("train", "test", "start"),
    "models.measure.": ("score", "distance", "brightness", "sharpness", "declined"),
    "crisis.line.": tuple(one.key for one in CRISIS_LINES),
    "model_attribute.": tuple(row.key for row in ATTRIBUTES),
    "model_group.": MODEL_GROUPS,
    "model_absent.": ABSENT,
    "model_figure.": tuple(dict.fromkeys(figure.key for figure in MODEL.figures)),
    "reminders.kind.": tuple(USUAL_REMINDERS),
    "reminders.detail.": DETAILS,
    "reminders.example.": DETAILS,
    "channel.": ("in_app", "other", *CHANNEL_KINDS),
    "helpers.rule.": RULES,
    "helpers.choose.": RULES,
    "help.why_": ("zone", "service", "address"),
    "weekday.": DAYS,
    "reminder_state.": ("sent", "snoozed", "escalated", "answered", "unanswered", "missed"),
    "missed_why.": ("server_was_off", "no_channel", "all_failed", "quiet_hours_too_long", "other"),
    "message.title.": ("discreet", *USUAL_REMINDERS),
    "message.count.": tuple(USUAL_REMINDERS),
    "message.names.": tuple(USUAL_REMINDERS),
    "message.next.": tuple(USUAL_REMINDERS),
    "dose_part.": tuple(code for code, _ in PARTS),
    "dose.state.": ("later", "due", "unlogged", "taken", "skipped"),
    "dose_ended.": ("stopped", "changed", "superseded", "removed", "answered_anew", "not_taking", "unclear"),
    "dose_unit.": UNITS,
    "skip.": SKIP_REASONS,
    "doses.": DOSE_DAYS,
    "form.kind.": DOSE_FORMS,
    "form.sort.": SORTS,
    "form.wanting.": ("times", "each", "days", "every", "cycle", "start", "end"),
    "medicine.sort.": SORTS,
    "adherence.day.": ("all", "some", "skipped", "nothing_logged", "none_due", "to_come"),
    "pdc.why.": ("no_fills", "one_fill", "too_short", "no_days_supply", "excluded", "other"),
    "refill.state.": tuple(code for code in REQUEST_STATES if code != "only_viewed"),
    "requests.kind.": REQUEST_KINDS,
    "safety.kind.": ("interaction", "duplicate", "allergy", "kidney", "pregnancy", "age", "gene"),
    "safety.status.": ("verified", "house", "digest", "memory"),
    "safety.fault.": ("missing", "corrupt"),
    "reconcile.kind.": ("same", "not_taking", "differently", "not_on_record", "unclear", "stopped_but_taken", "two_orders"),
    "reconcile.taking.": ("yes", "differently", "no"),
    "model_of.": tuple(dict.fromkeys(figure.of for figure in MODEL.figures)),
}
"""Keys that are put together at run time, and every code that can stand behind the dot."""

OPEN = ("absent.", "about.", "unit.", "unit_choice.", "status.", "kind.", "error.", "reason.", "settings.", "today.", "format.", "plain.", "pdf.",
        "risk.input.", "risk.ask.", "risk.choice.", "risk.category.", "risk.equation.", "risk.family.", "risk.outcome.", "risk.event.", "risk.band.",
        "risk.means.", "risk.do.", "risk.note.", "risk.guideline.", "risk.reference.", "risk.declined.", "risk.how.", "risk.why.", "risk.differs.",
        "check_figure.", "check_of.", "measure.")  # fmt: skip
"""Families whose codes come from foreign records or are looked up with a fallback."""


def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    with (CATALOGUES / language / f"{DOMAIN}.po").open("rb") as file:
        found = read_po(file, locale=language)
    return {m.id if isinstance(m.id, str) else m.id[0]: (m.string,) if isinstance(m.string, str) else tuple(m.string) for m in found if m.id}


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_key_filled(language: str) -> None:
    first = catalogue("en")
    mine = catalogue(language)
    assert set(mine) == set(first)
    assert [key for key, texts in mine.items() if not all(texts)] == []


@pytest.mark.parametrize("language", languages())
def test_every_language_fills_the_same_holes(language: str) -> None:
    first = catalogue("en")
    wrong = []
    for key, texts in catalogue(language).items():
        wanted = {hole for text in first[key] for hole in HOLE.findall(text)}
        if any(set(HOLE.findall(text)) - wanted for text in texts) or set(HOLE.findall(texts[-1])) != set(HOLE.findall(first[key][-1])):
            wrong.append(key)
    assert wrong == []


def test_every_key_that_is_said_has_words() -> None:
    known = catalogue("en")
    said, _ = all_said()
    assert {key: str(path.relative_to(ROOT)) for key, path in said.items() if key not in known} == {}


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_code_of_a_family_has_words(family: str) -> None:
    known = catalogue("en")
    assert [code for code in FAMILIES[family] if family + code not in known] == []


def test_every_family_that_is_said_is_listed_here() -> None:
    _, prefixes = all_said()
    assert [prefix for prefix in sorted(prefixes) if prefix not in FAMILIES and prefix not in OPEN] == []


def test_no_words_are_left_over() -> None:
    built = {family + code for family, codes in FAMILIES.items() for code in codes}
    used = literals() | built | {"language.own_name"}
    left = [key for key in catalogue("en") if key not in used and not key.startswith(OPEN)]
    assert left == []


def test_every_fact_of_trends_and_plain_lines_has_words() -> None:
    known = catalogue("en")
    families = ("judged.", "attention.", "action.", "change.", "bp_average.", "plain.", "gap.")
    assert [key for key in sorted(literals()) if key.startswith(families) and not key.endswith("_") and key not in known] == []


def test_plain_lines_made_of_a_code_have_words() -> None:
    known = catalogue("en")
    states = ("current", "stopped", "planned", "on_hold", "unknown")
    assert [code for code in (*(f"plain.medicine_{s}" for s in states), "plain.cancelled", "plain.not_done") if code not in known] == []


def test_every_error_code_has_words_and_a_next_step() -> None:
    known = catalogue("en")
    wanted = {code for code, _ in _errors()}
    missing = [code for code in sorted(wanted) if f"error.{code}" not in known or f"error.{code}.next" not in known]
    assert missing == []


BACKSTAGE = ("core/commands", "core/store", "core/cli.py", "core/worker.py", "core/settings.py", "core/demo.py", "core/samples")
"""Where only whoever runs the server meets an error; should a page meet it, it says the words of its class."""


def test_every_reason_of_an_import_has_words() -> None:
    known = catalogue("en")
    missing = sorted(code for code in _reasons() if f"reason.{code}" not in known and f"error.{code}" not in known)
    assert missing == []


@pytest.mark.parametrize("language", languages())
def test_an_unknown_reason_is_said_plainly_with_its_code(language: str) -> None:
    said = sentences.reason(words(language), "never_heard_of")
    assert "never_heard_of" in said
    assert len(said) > len("never_heard_of") + 5


def test_an_unknown_fact_is_said_plainly_with_its_code() -> None:
    assert "new.code" in sentences.sentence(words("en"), Fact("new.code", {"n": 1}))


@pytest.mark.parametrize("language", languages())
def test_every_unit_of_a_signal_is_written_without_brackets(language: str) -> None:
    t = words(language)
    shown = [unit(t, code) for signal in SIGNALS.values() for code in (signal.unit, *(row[0] for row in signal.convert)) if code]
    assert [text for text in shown if set(text) & set("[]{}*")] == []


def test_one_dose_and_two_doses_differ() -> None:
    t = words("en")
    assert (t("age.days", n=1), t("age.days", n=2)) == ("1 day ago", "2 days ago")
    assert words("zh_Hans")("age.days", n=1) == "1 天前"


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("2024", "2024", "2024年"),
        ("2024-03", "March 2024", "2024年3月"),
        ("2024-03-09", "9 Mar 2024", "2024年3月9日"),
        ("2024-03-09T23:30:00Z", "9 Mar 2024", "2024年3月10日"),
    ],
)
def test_a_partial_date_stays_partial(text: str, english: str, chinese: str) -> None:
    when = PartialTime.parse(text)
    assert when
    assert words("en").day(when) == english
    assert words("zh_Hans", ZoneInfo("Asia/Shanghai")).day(when) == chinese


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "4 weeks ago"),
        (timedelta(days=100), "3 months ago"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_an_age_is_said_in_the_largest_fitting_step(ago: timedelta, said: str) -> None:
    assert words("en").age(NOW - ago, NOW) == said


def test_a_time_to_come_is_said_as_its_day() -> None:
    assert words("en").age(NOW + timedelta(days=20), NOW) == "11 Dec 2026"


def test_yesterday_is_counted_where_the_person_lives() -> None:
    late = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # already the 20th in Shanghai
    assert words("en", ZoneInfo("Asia/Shanghai")).age(late, NOW) == "yesterday"
    assert words("en").age(late, NOW) == "2 days ago"


@pytest.mark.parametrize(("wanted", "found"), [("zh-CN", "zh_Hans"), ("zh", "zh_Hans"), ("en-US", "en"), ("de-DE", "en"), ("", "en"), ("*", "en"), ("x" * 300, "en")])
def test_a_browser_gets_the_nearest_language(wanted: str, found: str) -> None:
    assert closest([wanted]) == found


def test_chinese_sentences_stand_without_a_space_between_them() -> None:
    assert words("zh_Hans").joined(("甲。", "", "乙。")) == "甲。乙。"
    assert words("en").joined(("One.", "Two.")) == "One. Two."


def test_words_hold_nothing_of_a_person() -> None:
    assert set(Words.__dataclass_fields__) == {"language", "zone", "_catalogue"}


def test_every_action_is_in_the_table_of_who_may_do_what() -> None:
    assert set(SCOPES) == set(Action)


def _errors() -> Iterator[tuple[str, str]]:
    """Codes given to our own errors, and the codes of their classes."""
    tree = ast.parse((ROOT / "core/errors.py").read_text(encoding="utf-8"))
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value, "errors.py"
    for path in (one for one in sources() if not str(one.relative_to(ROOT)).startswith(BACKSTAGE)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in classes and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), path.name


GIVES_REASONS = frozenset({"add", "note", "Reject", "Element", "LedgerLine", "leave", "_leave", "refused", "_refused", "problem", "fault", "stop"})


def _reasons() -> set[str]:
    """Codes that the parser and the import give as reasons: arguments of the calls that note them, `why=` and `problem=`."""
    found: set[str] = set()
    for path in sorted((ROOT / "core/sources").rglob("*.py")) + sorted((ROOT / "core/care").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                named = [k.value for k in node.keywords if k.arg in ("why", "problem", "reason")]
                positional = node.args if _name(node.func) in GIVES_REASONS else []
                for argument in (*positional, *named):
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and re.fullmatch(r"[a-z]+(_[a-z]+)+", argument.value):
                        found.add(argument.value)
    return found - {"id_unusual"} - {str(outcome) for outcome in Outcome} - {"birth_date"}


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_a_small_number_is_never_shown_as_zero() -> None:
    t = words("en")
    assert [t.number(value) for value in (0.0004, 72.39999999999999, 12345678.9, 99999995.0, 0)] == [
        "0.0004",
        "72.4",
        "12,345,678.9",
        "99,999,995",
        "0",
    ]
    assert [t.number(value, 1) for value in (0.04, 72.14, 0.0)] == ["0.04", "72.1", "0.0"]

"""This is the place where a visit is taken into a person's record and to their team, step by step; whatever dies in between, the same visit sent again finishes it.

Danger goes first. What somebody said about contact, medicines and allergies becomes tasks for the team: the record itself is changed by no kiosk. A step that fails stops
none of the others; the visit is kept when all are done.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast
from uuid import NAMESPACE_URL, uuid5

import msgspec

from core.care import alerts, kiosk_codes, kiosk_desk, kiosk_journal, medicine_book, photo_checks, task_papers
from core.care.access import COMMAND_LINE, Grant
from core.care.check_entries import Sent as WithPhoto
from core.care.ingest import keep
from core.care.kiosk_journal import KioskVisit
from core.care.kiosk_registry import Hand
from core.care.kiosk_secrets import Secrets
from core.care.kiosk_told import allergies, contact, medicines_of, said_of
from core.care.placing import Whose
from core.care.questionnaire_records import asked_of_crisis, lay_down
from core.care.questionnaire_views import Filling
from core.care.running import Run
from core.care.task_views import Task, TaskStep
from core.domain.checks import CheckKind
from core.domain.papers import Paper
from core.errors import BadInput, FileRefused, HealthboardError, NotFound, SourceUnavailable
from core.kiosk.bundle import transaction
from core.kiosk.terms import Collected
from core.medications.book import Choices
from core.ports import ImportHead, Package, Upload
from core.questionnaires.answering import crisis_value
from core.questionnaires.instruments import BY_KEY
from core.questionnaires.terms import Answers, Text

LOG = logging.getLogger("healthboard.kiosk")
SAME = frozenset({"yes", "same", "still", "confirmed", "correct", ""})
"""Answers after which there is nothing for the team to do."""
LEFT_OUT = "kiosk_left_out"
DUE = {
    "kiosk_allergy": timedelta(days=1),
    "kiosk_medicine": timedelta(days=2),
    "kiosk_contact": timedelta(days=7),
    LEFT_OUT: timedelta(days=2),
}
"""How long the team has for what was said (house choices)."""
LONGEST_TASK = 200


@dataclass(frozen=True, slots=True)
class Work:
    """What is being taken in: at which kiosk, whose, what (looked at already), by which code, and the house's secrets."""

    hand: Hand
    person_id: str
    collected: Collected
    code: str
    word: Secrets

    @property
    def grant(self) -> Grant:
        return Grant(self.hand.event("kiosk_visit", self.collected.visit_id[:40], self.person_id), None)


def take_in(work: Work, begun: KioskVisit, left_out: tuple[str, ...]) -> KioskVisit:
    """Do all steps that aren't done. Raises SourceUnavailable (kiosk_visit_waiting) where one failed: to be sent again."""
    failed = []
    for name, step in STEPS.items():
        if name in begun.done:
            continue
        try:
            odd = step(work, left_out)
            begun = kiosk_journal.mark(work.hand.ports.store, work.person_id, begun.visit_id, work.grant.event(name), name, odd)
        except HealthboardError as error:
            LOG.warning("The step %s of a visit can't be done now: %s", name, error.code)
            failed.append(name)
    if failed:
        raise SourceUnavailable("kiosk_visit_waiting", steps=" ".join(failed))
    return kiosk_journal.finish(work.hand.ports.store, work.person_id, begun.visit_id, work.grant.event("kept"))


def summed_up(collected: Collected, left_out: tuple[str, ...]) -> kiosk_journal.Sent:
    """What is said to have been sent."""
    answers = [*collected.contact.values(), *collected.medicines.values(), *collected.allergies.values()]
    same = sum(_same(one) for one in answers)
    to_team = len(answers) - same + len(collected.medicines_added) + len(collected.allergies_added)
    return kiosk_journal.Sent(
        collected.readings, same, to_team, tuple(collected.questionnaires), len(collected.photos), collected.danger, left_out
    )


# ------------------------------------------------------------------------------------------------------------------ steps


def _call(work: Work, left_out: tuple[str, ...]) -> tuple[str, ...]:
    """Whoever needs a person gets one called, once for each visit."""
    found, visit = work.collected, work.collected.visit_id
    if found.danger or "danger" in left_out or _crisis(found):
        kiosk_desk.put(work.hand, "danger", work.person_id, f"{visit}:danger")
    elif found.needs_person:
        kiosk_desk.put(work.hand, "asked", work.person_id, f"{visit}:asked")
    return ()


def _danger(work: Work, left_out: tuple[str, ...]) -> tuple[str, ...]:
    if work.collected.danger:
        alerts.raise_flag(work.hand.ports, COMMAND_LINE, work.person_id, work.collected.danger, f"kiosk:{work.collected.visit_id}")
    return ()


def _observations(work: Work, left_out: tuple[str, ...]) -> tuple[str, ...]:
    """The transaction made here from what was looked at, through the ordinary import: each resource by its own id, so that the same again is unchanged."""
    content = resources(work.collected)
    if not content:
        return ()
    ports, store = work.hand.ports, work.hand.ports.store
    profile = store.person(work.person_id, work.grant.event("profile")).profile
    run = Run(ports, work.grant, Whose(work.person_id, profile=profile, trusted=True))
    package: Package = ports.reader.open((Upload("kiosk-visit.json", io.BytesIO(content)),))  # type: ignore[assignment]
    keep(run, ImportHead("device", work.hand.name, "", ports.clock.now()), package)
    return ()


def _tasks(work: Work, left_out: tuple[str, ...]) -> tuple[str, ...]:
    """What the team has to look at: written down together or not at all, under names that are the same each time."""
    found, now = work.collected, work.hand.ports.clock.now()
    meds = tuple(medicines_of(work.hand, work.person_id).items())
    known = tuple(allergies(work.hand, work.person_id)[1].items())
    profile = work.hand.ports.store.person(work.person_id, work.grant.event("contact")).profile
    masked = {one.key: f"{one.text} {one.detail}".strip() for one in contact(profile)}
    said = {
        "kiosk_allergy": [
            _marked(title, answer)
            for _, title, answer in said_of(work.word, found.visit_id, known, found.allergies)
            if not _same(answer)
        ],
        "kiosk_medicine": [
            _marked(title, answer)
            for _, title, answer in said_of(work.word, found.visit_id, meds, found.medicines)
            if not _same(answer)
        ],
        "kiosk_contact": [_marked(masked.get(key, ""), answer) for key, answer in found.contact.items() if not _same(answer)],
        LEFT_OUT: list(left_out),
    }
    said["kiosk_allergy"] += [f"+ {one}" for one in found.allergies_added]
    said["kiosk_medicine"] += [f"+ {one}" for one in found.medicines_added]
    papers = [paper for because, lines in said.items() for paper in _papers(work, because, lines, now)]
    if papers:
        work.hand.ports.store.put_papers(work.person_id, (), work.grant.event("tasks"), once=papers)
    return ()


def _marked(title: str, answer: str) -> str:
    """What was answered about one thing, without words of any language: "✗" no, "?" not sure, else what was typed."""
    mark = {"no": "✗", "unsure": "?"}.get(answer.strip().casefold(), "")
    return f"{mark} {title or '…'}" if mark else f"{title or '…'} → {answer}"


def _papers(work: Work, because: str, lines: list[str], now: datetime) -> list[Paper]:
    kind = {"kiosk_medicine": "medicine", LEFT_OUT: "check_values"}.get(because, "other")
    texts = _packed(lines)
    first = TaskStep("made", now, work.hand.kiosk_id, work.hand.name, "")
    tasks = [Task(kind, text, "", because, (first,), due=now + DUE[because]) for text in texts]
    return [
        task_papers.laid(work.person_id, f"{work.collected.visit_id[:40]}-{because.removeprefix('kiosk_')}-{at}", task)
        for at, task in enumerate(tasks)
    ]


def _packed(lines: list[str]) -> list[str]:
    """As few texts as hold them; a line that is longer than a task's text goes on in the next."""
    whole, found = "; ".join(lines), []
    while whole:
        cut = len(whole) if len(whole) <= LONGEST_TASK else max(whole.rfind("; ", 0, LONGEST_TASK) + 2, 0)
        cut = cut if cut > 2 else LONGEST_TASK
        found.append(whole[:cut].strip().removesuffix(";"))
        whole = whole[cut:]
    return found


def _medicines(work: Work, left_out: tuple[str, ...]) -> tuple[str, ...]:
    """ "No longer taken" is also the person's own answer in their list of medicines, as if they had said it in the app; a list that is damaged is left alone."""
    ports, store = work.hand.ports, work.hand.ports.store
    listed = tuple(medicines_of(work.hand, work.person_id).items())
    stopped = [
        what
        for what, _, answer in said_of(work.word, work.collected.visit_id, listed, work.collected.medicines)
        if what and answer == "no"
    ]
    for medicine_id in stopped:
        try:
            before = medicine_book.load(store, work.person_id, work.grant).choices.get(medicine_id, Choices())
            medicine_book.choose(ports, COMMAND_LINE, work.person_id, medicine_id, replace(before, taking="no"))
        except (BadInput, NotFound):
            return ("medicines",)
    return ()


def _forms(work: Work, left_out: tuple[str, ...]) -> tuple[str, ...]:
    """Each as a response of the record with its score. One that isn't finished, or with an answer that doesn't fit, is kept as not finished."""
    found = work.collected
    for key, answers in found.questionnaires.items():
        response_id = str(uuid5(NAMESPACE_URL, f"kiosk/{found.visit_id}/{key}"))
        filling = Filling(BY_KEY[key], found.finished_at or found.started_at, response_id, answers)  # type: ignore[arg-type]
        if filling.state.answers:
            lay_down(work.hand.ports, work.person_id, work.grant, filling, _wording(work), finished=not filling.state.wrong)
    return ()


def _photos(work: Work, left_out: tuple[str, ...]) -> tuple[str, ...]:
    """To the team, as a photo sent in the app; the same photo again is the check there is. One that can't be read is left out, and said to be."""
    odd = []
    for one in work.collected.photos:
        try:
            photo_checks.submit(
                work.hand.ports,
                COMMAND_LINE,
                work.person_id,
                CheckKind(one.kind),
                one.content,
                sent=WithPhoto(note=one.note, anyway=True),
            )
        except (FileRefused, BadInput) as error:
            odd.append(f"photo:{error.code}")
    if odd:
        (paper,) = _papers(work, LEFT_OUT, ["photos"], work.hand.ports.clock.now())
        work.hand.ports.store.put_papers(
            work.person_id, (), work.grant.event("tasks"), once=(replace(paper, key=f"{paper.key}-photos"),)
        )
    return tuple(odd)


def _code(work: Work, left_out: tuple[str, ...]) -> tuple[str, ...]:
    if work.code:
        kiosk_codes.ended(work.hand, work.code, work.collected.visit_id)
    return ()


STEPS: Mapping[str, Callable[[Work, tuple[str, ...]], tuple[str, ...]]] = {
    "call": _call, "danger": _danger, "observations": _observations, "tasks": _tasks, "medicines": _medicines, "forms": _forms, "photos": _photos, "code": _code,
}  # fmt: skip
"""In their order. Each may be done twice: calls, tasks and resources have names of their own, an alert that is open is joined, the same photo is the same check."""


# ------------------------------------------------------------------------------------------------------------------ parts


def resources(collected: Collected) -> bytes:
    """The visit's transaction as the importer takes it: with an id for each resource, about the person it is given for, without the questionnaires (they are laid down
    by themselves). b"" where there is none."""
    bundle = msgspec.json.decode(transaction(collected))
    entries, names = [], {}
    for entry in bundle.get("entry", ()):
        kind, name = entry["resource"]["resourceType"], entry["fullUrl"].removeprefix("urn:uuid:")
        names[entry["fullUrl"]] = f"{kind}/{name}"
        if kind != "QuestionnaireResponse":
            resource = {key: one for key, one in entry["resource"].items() if key not in ("subject", "patient")}
            entries.append({"resource": {**resource, "id": name}})
    text = msgspec.json.encode({"resourceType": "Bundle", "type": "collection", "entry": entries}).decode()
    for url, name in names.items():
        text = text.replace(f'"{url}"', f'"{name}"')
    return text.encode() if entries else b""


def _wording(work: Work) -> Callable[[Text], str]:
    """The words the questions were asked in."""
    ports, language = work.hand.ports, work.collected.language
    if ports.words is None:
        return lambda text: text.key
    say = ports.words(language, work.collected.started_at.tzinfo)  # type: ignore[arg-type]
    return lambda text: say(text.key) if text.key else text.in_language(language)


def _same(answer: str) -> bool:
    return answer.strip().casefold() in SAME


def _crisis(found: Collected) -> bool:
    """Whether an answer in a questionnaire opens the crisis path."""
    pairs = [
        (item, cast(Answers, answers)) for key, answers in found.questionnaires.items() for item in asked_of_crisis(BY_KEY[key])
    ]
    return any(crisis_value(item, answers) > 0 for item, answers in pairs)
